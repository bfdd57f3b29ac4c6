import { Localized } from '../element/localized.ts';
import { type AppTexts, appLanguages } from '../language/app/app-languages.ts';

/** A part of the app: speaks the page's language from the app's tables. */
export abstract class AppElement extends Localized<AppTexts> {
  protected override get languages() {
    return appLanguages;
  }

  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    const root = super.createRenderRoot();
    // A file that comes from one part of this element over another is told of within it alone, and is lost where it is let go of
    // right then, unless somebody answers.
    root.addEventListener('dragenter', (event) => event.preventDefault());
    return root;
  }
}
