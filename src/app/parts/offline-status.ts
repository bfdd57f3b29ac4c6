import { css, html } from 'lit';
import { controls } from '../../element/controls.ts';
import { icon } from '../../element/icons.ts';
import { theme } from '../../element/theme.ts';
import type { AppLanguage } from '../../language/app/app-languages.ts';
import { AppElement } from '../app-element.ts';
import type { OfflineProblem, OfflineState } from '../host/offline-copy.ts';
import { sizeText } from '../words.ts';

/**
 * `<offline-status>`: whether the app works without a network yet, and what is missing.
 * @fires offline-load - somebody wants it loaded now
 */
export class OfflineStatus extends AppElement {
  static override properties = { state: { attribute: false } };

  declare state: OfflineState;

  constructor() {
    super();
    this.state = { kind: 'unknown' };
  }

  protected override render() {
    const { state, language } = this;
    switch (state.kind) {
      case 'unknown':
        return null;
      case 'offered':
        return html`<p>
          <button @click=${this.#load}>
            ${icon('download')} ${language.say('offline.make', { size: sizeText(language, state.bytes) })}
          </button>
          <span>${language.say('offline.why-not')}</span>
        </p>`;
      case 'loading':
        return html`<p>
          ${icon('download')}
          <span>
            ${language.say('offline.loading', {
              loaded: sizeText(language, state.loaded),
              size: sizeText(language, state.bytes),
            })}
            <progress max=${state.bytes} .value=${state.loaded} aria-label=${language.say('offline.loaded')}></progress>
          </span>
        </p>`;
      case 'ready':
        return html`<p class="ready">${icon('check')} <span>${language.say('offline.ready')}</span></p>`;
      case 'failed':
        return html`<p>
          ${icon('alert')}
          <span>${language.say('offline.failed', { problem: problemText(language, state.problem) })}</span>
          <button @click=${this.#load}>${language.say('again')}</button>
        </p>`;
    }
  }

  readonly #load = (): void => {
    this.dispatchEvent(new CustomEvent('offline-load', { bubbles: true, composed: true }));
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
        font-variant-numeric: var(--numbers);
      }
      span {
        flex: 1 1 12rem;
        min-width: 0;
      }
      progress {
        display: block;
        width: 100%;
        margin-top: 0.25rem;
        accent-color: var(--accent);
      }
      .ready .icon {
        color: var(--accent);
      }
    `,
  ];
}

function problemText(language: AppLanguage, problem: OfflineProblem): string {
  switch (problem.kind) {
    case 'damaged':
      return language.say('offline.damaged', { file: problem.file });
    case 'missing':
      return language.say('offline.missing', {
        file: problem.file,
        status: String(problem.status),
      });
    case 'other':
      return problem.message;
    default:
      return language.say(`offline.${problem.kind}`);
  }
}

customElements.define('offline-status', OfflineStatus);
