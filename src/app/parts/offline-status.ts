import { css, html, LitElement } from 'lit';
import { controls } from '../../element/controls.ts';
import { icon } from '../../element/icons.ts';
import { theme } from '../../element/theme.ts';
import type { OfflineState } from '../host/offline-copy.ts';
import { sizeText } from '../words.ts';

/**
 * `<offline-status>`: whether the app works without a network yet, and what is missing.
 * @fires offline-load - somebody wants it loaded now
 */
export class OfflineStatus extends LitElement {
  static override properties = { state: { attribute: false } };

  declare state: OfflineState;

  constructor() {
    super();
    this.state = { kind: 'unknown' };
  }

  protected override render() {
    const { state } = this;
    switch (state.kind) {
      case 'unknown':
        return null;
      case 'offered':
        return html`<p>
          <button @click=${this.#load}>
            ${icon('download')} Make ready for offline (${sizeText(state.bytes)})
          </button>
          <span>This device saves data, so what finds people is not loaded yet.</span>
        </p>`;
      case 'loading':
        return html`<p>
          ${icon('download')}
          <span>
            Getting ready to work offline: ${sizeText(state.loaded)} of ${sizeText(state.bytes)}
            <progress max=${state.bytes} .value=${state.loaded} aria-label="Loaded for offline"></progress>
          </span>
        </p>`;
      case 'ready':
        return html`<p class="ready">${icon('check')} <span>Ready to work offline</span></p>`;
      case 'failed':
        return html`<p>
          ${icon('alert')}
          <span>Not ready to work offline yet. ${state.problem}</span>
          <button @click=${this.#load}>Try again</button>
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

customElements.define('offline-status', OfflineStatus);
