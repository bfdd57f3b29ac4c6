import { css, html } from 'lit';
import { controls } from '../../element/controls.ts';
import { theme } from '../../element/theme.ts';
import { LANGUAGE_NAMES, type LanguageTag } from '../../language/languages.ts';
import { AppElement } from '../app-element.ts';
import { chooseLanguage } from '../host/page-language.ts';

/** `<language-choice>`: the language of the page, each by its own name. */
export class LanguageChoice extends AppElement {
  protected override render() {
    const { language } = this;
    return html`<label>
      <span>${language.say('app.language')}</span>
      <select
        @change=${(event: Event) =>
          chooseLanguage((event.target as HTMLSelectElement).value as LanguageTag)}
      >
        ${Object.entries(LANGUAGE_NAMES).map(
          ([tag, name]) =>
            html`<option value=${tag} lang=${tag} .selected=${tag === language.tag}>${name}</option>`,
        )}
      </select>
    </label>`;
  }

  static override styles = [
    theme,
    controls,
    css`
      label {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.25rem 0.75rem;
        font-size: 0.875rem;
      }
      select {
        min-height: 2.75rem;
      }
    `,
  ];
}

customElements.define('language-choice', LanguageChoice);
