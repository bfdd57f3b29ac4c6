import { css, html } from 'lit';
import {
  type CountedRequest,
  type RequestRecord,
  requestRecord,
} from '../protocol/request-record.ts';
import { LocalizedElement } from './localized.ts';
import { theme } from './theme.ts';

/** Records this page's requests from now on, also where what shows them is drawn later. */
export function recordRequests(): void {
  requestRecord();
}

/**
 * `<footpath-requests>`: what this page asked of the network since it was opened, by where it went, folded away. What left
 * the site comes first and is marked.
 */
export class RequestList extends LocalizedElement {
  #record: RequestRecord | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#record = requestRecord();
    this.#record.addEventListener('change', this.#onChange);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#record?.removeEventListener('change', this.#onChange);
  }

  readonly #onChange = (): void => this.requestUpdate();

  protected override render() {
    const { language } = this;
    const requests = this.#record?.requests ?? [];
    const foreign = this.#record?.foreign ?? [];
    const own = requests.filter((request) => !foreign.includes(request));
    return html`<details part="requests">
      <summary>
        ${
          foreign.length === 0
            ? language.say('requests.none-left', { count: countOf(own) })
            : language.say('requests.left', { count: countOf(foreign) })
        }
      </summary>
      ${foreign.length === 0 ? null : this.#list(foreign, true)} ${this.#list(own, false)}
      <p>${language.say('requests.limits')}</p>
    </details>`;
  }

  #list(requests: readonly CountedRequest[], isForeign: boolean) {
    return html`<ul class=${isForeign ? 'foreign' : 'own'}>
      ${requests.map(
        (request) => html`<li>
          <bdi dir="ltr">${isForeign ? request.url : shortOf(request.url)}</bdi>
          <span>${this.#placeText(request)}</span>
        </li>`,
      )}
    </ul>`;
  }

  #placeText({ place, blocked, count }: CountedRequest): string {
    const { language } = this;
    const by = language.say(`requests.${place}`);
    return [
      blocked ? language.say('requests.blocked', { by }) : by,
      ...(count > 1 ? [language.say('requests.times', { count })] : []),
    ].join(' · ');
  }

  static override styles = [
    theme,
    css`
      :host {
        display: block;
        font-size: 0.8125rem;
        color: var(--ink-soft);
      }
      summary {
        cursor: pointer;
        padding-block: 0.5rem;
        border-radius: var(--radius-small);
      }
      ul {
        list-style: none;
        margin: 0 0 0.5rem;
        padding: 0;
        max-height: 16rem;
        overflow-y: auto;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        gap: 0 1rem;
        justify-content: space-between;
      }
      bdi {
        min-width: 0;
        overflow-wrap: anywhere;
        font-family: ui-monospace, monospace;
      }
      .foreign {
        color: var(--danger);
      }
      p {
        margin: 0 0 0.5rem;
        max-width: 46rem;
      }
      @media print {
        :host {
          display: none;
        }
      }
    `,
  ];
}

function countOf(requests: readonly CountedRequest[]): number {
  return requests.reduce((sum, { count }) => sum + count, 0);
}

/** Path and query of an address of this site. */
function shortOf(address: string): string {
  const { pathname, search } = new URL(address);
  return pathname + search;
}

declare global {
  interface HTMLElementTagNameMap {
    'footpath-requests': RequestList;
  }
}
