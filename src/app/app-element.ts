import { Localized } from '../element/localized.ts';
import { type AppTexts, appLanguages } from '../language/app/app-languages.ts';

/** A part of the app: speaks the page's language from the app's tables. */
export abstract class AppElement extends Localized<AppTexts> {
  protected override get languages() {
    return appLanguages;
  }
}
