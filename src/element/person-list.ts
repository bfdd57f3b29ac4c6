import { css, html, type PropertyValues, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { PersonPresence } from '../analytics/presence.ts';
import { personColour, personInk } from '../overlay/palette.ts';
import { personNumber } from '../overlay/person-number.ts';
import { controls } from './controls.ts';
import { momentText, spanText } from './duration.ts';
import { LocalizedElement } from './localized.ts';
import { RovingFocus } from './roving-focus.ts';
import { showRow } from './show-row.ts';
import { theme } from './theme.ts';

/**
 * `<footpath-people>`: everybody found, with first and last appearance and time on screen. Picking one goes to their
 * first appearance; picking the picked one lets go. One tab stop: the arrow keys go through the list.
 *
 * @fires time-seek - milliseconds from the video's start
 * @fires person-select - the Index, or null for nobody
 */
export class PersonList extends LocalizedElement {
  static override properties = {
    people: { attribute: false },
    selected: { attribute: false },
    startsAt: {},
    present: { attribute: false },
  };

  declare people: readonly PersonPresence[];
  /** Index of the picked person, or null. */
  declare selected: number | null;
  /** Indexes of those on screen at the moment. */
  declare present: ReadonlySet<number>;

  /** When the video begins, ISO 8601 with its offset: then times are those of the clock. Null: of the video. */
  declare startsAt: string | null;

  constructor() {
    super();
    this.startsAt = null;
    this.people = [];
    this.selected = null;
    this.present = new Set();
    new RovingFocus(this, { row: 'li', control: 'button' });
  }

  protected override render() {
    const { language, startsAt } = this;
    return html`<ul>
      ${this.people.map((person) => {
        const chosen = person.index === this.selected;
        const here = this.present.has(person.index);
        // While a video plays, somebody comes or goes many times a second: of thousands, one or two rows change.
        return guard([person, chosen, here, language, startsAt], () =>
          this.#item(person, chosen, here),
        );
      })}
    </ul>`;
  }

  /** Who was picked elsewhere, in the picture say, is found among thousands. */
  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('selected') && this.selected !== null)
      showRow(this, this.renderRoot.querySelector('[aria-pressed=true]'));
  }

  #item(person: PersonPresence, chosen: boolean, here: boolean) {
    const { language } = this;
    const { index, firstMs, lastMs, onScreenMs, spans } = person;
    return html`<li>
      <button
        class=${here ? 'printed present' : 'printed'}
        aria-pressed=${chosen}
        @click=${() => this.#pick(index, chosen ? null : firstMs)}
      >
        <span class="number" .style=${`--colour: ${personColour(index)}; --text: ${personInk(index)}`}>
          ${saidAround(language.pieces('person', { number: html`${personNumber(index)}` }))}
        </span>
        <span class="times">
          ${saidAround(
            language.pieces('person.times', {
              from: html`<span class="moment">${momentText(language, firstMs, this.startsAt)}<span aria-hidden="true"> –</span></span>`,
              to: html` <span class="moment">${momentText(language, lastMs, this.startsAt)}</span>`,
            }),
          )}
        </span>
        <span class="length">
          ${spanText(language, onScreenMs)}${
            spans.length > 1
              ? html` <small>${language.say('person.parts', { count: spans.length })}</small>`
              : null
          }
        </span>
        <span class="dot" title=${here ? language.say('person.here') : ''}></span>
      </button>
    </li>`;
  }

  #pick(index: number, seekMs: number | null): void {
    this.dispatchEvent(
      new CustomEvent<number | null>('person-select', { detail: seekMs === null ? null : index }),
    );
    if (seekMs !== null) {
      this.dispatchEvent(new CustomEvent<number>('time-seek', { detail: seekMs }));
    }
  }

  static override styles = [
    theme,
    controls,
    css`
      :host {
        display: block;
        container-type: inline-size;
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      button {
        /* Holds the hidden words, which would else make the page longer. */
        position: relative;
        width: 100%;
        display: grid;
        grid-template-columns: 2.5rem minmax(0, 1fr) auto 0.75rem;
        gap: 0.75rem;
        padding-block: 0.375rem;
        padding-inline: 0.5rem 0.75rem;
        border: 0;
        border-radius: var(--radius-small);
        background: none;
        font-weight: 400;
        text-align: start;
        font-variant-numeric: var(--numbers);
      }
      button:hover {
        background: color-mix(in srgb, var(--accent-soft) 60%, transparent);
      }
      button[aria-pressed='true'] {
        background: var(--accent-soft);
        box-shadow: inset 0 0 0 2px var(--accent);
      }
      .number {
        background: var(--colour);
        color: var(--text);
        border-radius: 5px;
        text-align: center;
        font-weight: 700;
        font-size: 0.875rem;
        line-height: 1.5rem;
      }
      .length {
        color: var(--ink-soft);
        font-size: 0.875rem;
        text-align: end;
      }
      small {
        display: block;
        font-size: 0.75rem;
      }
      .dot {
        width: 0.5rem;
        height: 0.5rem;
        border-radius: 50%;
      }
      .present .dot {
        background: var(--accent);
      }
      /* A line too long breaks between the two times, and within "9:00:07 AM" only where that alone is too long. */
      .moment {
        display: inline-block;
      }
      @container (max-width: 18rem) {
        button {
          grid-template-columns: minmax(min(2.5rem, 12vw), auto) minmax(0, 1fr) 0.5rem;
          gap: 0 min(0.75rem, 2vw);
          padding-inline: min(0.5rem, 2vw);
        }
        .number {
          grid-row: span 2;
        }
        .length {
          grid-area: 2 / 2;
          text-align: start;
        }
        .dot {
          grid-area: 1 / 3 / span 2;
        }
        small {
          display: inline;
        }
      }
      @media (forced-colors: active) {
        .number,
        .present .dot {
          forced-color-adjust: none;
        }
        .present .dot {
          background: CanvasText;
        }
        button[aria-pressed='true'] {
          outline: 2px solid Highlight;
          outline-offset: -2px;
        }
      }
      @media print {
        .number,
        .present .dot {
          print-color-adjust: exact;
        }
      }
    `,
  ];
}

/** The words of a text for those who hear it: who sees it sees its values alone, in their columns. */
function saidAround(pieces: readonly (string | TemplateResult)[]) {
  return pieces.map((piece) =>
    typeof piece === 'string' ? html`<span class="visually-hidden">${piece}</span>` : piece,
  );
}

declare global {
  interface HTMLElementTagNameMap {
    'footpath-people': PersonList;
  }
}
