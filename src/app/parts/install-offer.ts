import { css, html, unsafeCSS } from 'lit';
import { controls } from '../../element/controls.ts';
import { icon } from '../../element/icons.ts';
import { theme } from '../../element/theme.ts';
import { AppElement } from '../app-element.ts';
import { type InstallState, NARROW } from '../host/app-install.ts';

/**
 * `<install-offer>`: how to have the app among the others on a phone, where the header has no room for the button, and
 * where the browser has nothing to ask.
 * @fires app-install - somebody wants it installed
 */
export class InstallOffer extends AppElement {
  static override properties = { state: { attribute: false } };

  declare state: InstallState;

  constructor() {
    super();
    this.state = 'none';
  }

  protected override render() {
    const { language } = this;
    switch (this.state) {
      case 'none':
        return null;
      case 'offered':
        return html`<p class="narrow">
          <button @click=${this.#install}>${icon('download')} ${language.say('install.button')}</button>
          <span>${language.say('install.why')}</span>
        </p>`;
      case 'by-hand':
        return html`<p>
          ${icon('download')}
          <span>${language.say('install.by-hand')}</span>
        </p>`;
    }
  }

  readonly #install = (): void => {
    this.dispatchEvent(new CustomEvent('app-install', { bubbles: true, composed: true }));
  };

  static override styles = [
    theme,
    controls,
    css`
      p {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem;
        margin: 0;
        font-size: 0.875rem;
        color: var(--ink-soft);
      }
      .narrow {
        display: none;
      }
      span {
        flex: 1 1 12rem;
        min-width: 0;
      }
      @media ${unsafeCSS(NARROW)} {
        .narrow {
          display: flex;
        }
      }
    `,
  ];
}

customElements.define('install-offer', InstallOffer);
