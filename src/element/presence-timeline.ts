import { css, html, type PropertyValues, svg } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { PersonPresence } from '../analytics/presence.ts';
import type { ElementLanguage } from '../language/element/element-languages.ts';
import { personColour, personInk } from '../overlay/palette.ts';
import { personNumber } from '../overlay/person-number.ts';
import { controls } from './controls.ts';
import { momentText, spanText } from './duration.ts';
import { LocalizedElement } from './localized.ts';
import { RovingFocus } from './roving-focus.ts';
import { showRow } from './show-row.ts';
import { theme } from './theme.ts';
import { thinLabels, timeScale } from './time-scale.ts';

/**
 * `<footpath-timeline>`: one row a person with a bar wherever they are to be seen, over one scale of time. A number
 * goes to that person's first appearance; a point in the rows goes to that moment. The numbers are one tab stop: the
 * arrow keys go through them. Time runs from left to right in every language, as in the player above; where a language
 * runs the other way, the numbers stand on the right.
 *
 * @fires time-seek - a moment is picked: milliseconds from the video's start
 * @fires person-select - the Index whose row was used
 */
export class PresenceTimeline extends LocalizedElement {
  static override properties = {
    people: { attribute: false },
    durationMs: { type: Number },
    selected: { attribute: false },
    startsAt: {},
  };

  declare people: readonly PersonPresence[];
  declare durationMs: number;
  /** Index of the person to bring forward, or null. */
  declare selected: number | null;

  /** When the video begins, ISO 8601 with its offset: then times are those of the clock. Null: of the video. */
  declare startsAt: string | null;
  readonly #sizes = new ResizeObserver(() => thinLabels(this.renderRoot.querySelector('.scale')!));

  constructor() {
    super();
    this.startsAt = null;
    this.people = [];
    this.durationMs = 0;
    this.selected = null;
    new RovingFocus(this, { row: '.line', control: 'button' });
  }

  /**
   * Moves the line that marks the moment on screen. Cheap: nothing is rendered again, and the line stands before the rows and
   * apart from them, so that the browser looks through none of thousands.
   */
  showTime(timeMs: number): void {
    const head = this.renderRoot.querySelector<HTMLElement>('.head');
    head?.style.setProperty('left', `${this.#percent(timeMs)}%`);
  }

  protected override firstUpdated(): void {
    // Its content is narrower than the element, by as much as the font makes of the gutter.
    this.#sizes.observe(this.renderRoot.querySelector('.scale')!);
  }

  protected override updated(changed: PropertyValues<this>): void {
    const scale = this.renderRoot.querySelector('.scale')!;
    thinLabels(scale);
    if (changed.has('selected') && this.selected !== null)
      showRow(this, this.renderRoot.querySelector('.chosen'), scale);
  }

  protected override render() {
    const { language, startsAt, durationMs, selected } = this;
    return html`
      <div class="scale" aria-hidden="true">${timeScale(this.language, this.durationMs, this.startsAt)}</div>
      <div class="body">
        <div class="tracks"><div class="head"></div></div>
        <div class="rows" @pointerdown=${this.#onPointerDown}>
          ${this.people.map((person) => {
            const state =
              person.index === selected ? 'chosen' : selected === null ? 'plain' : 'faint';
            return guard([person, state, language, startsAt, durationMs], () =>
              this.#row(person, state),
            );
          })}
        </div>
      </div>
    `;
  }

  #row(person: PersonPresence, state: 'plain' | 'chosen' | 'faint') {
    const { index, firstMs, spans } = person;
    const chosen = state === 'chosen';
    return html`
      <div class=${`line ${state}`} data-index=${index}>
        <button
          class="number printed"
          .style=${`--colour: ${personColour(index)}; --text: ${personInk(index)}`}
          aria-pressed=${chosen}
          aria-label=${presenceText(this.language, person, this.startsAt)}
          @click=${() => this.#pick(index, chosen ? null : firstMs)}
        >
          ${personNumber(index)}
        </button>
        <svg height="14" aria-hidden="true">
          ${spans.map(
            (span) => svg`<rect
              x="${this.#percent(span.startMs)}%"
              width="${Math.max(0.35, this.#percent(span.endMs) - this.#percent(span.startMs))}%"
              y="1" height="12" rx="3"
              fill=${personColour(index)}
            ></rect>`,
          )}
        </svg>
      </div>
    `;
  }

  #percent(ms: number): number {
    return Math.min(100, (100 * Math.max(0, ms)) / Math.max(1, this.durationMs));
  }

  #pick(index: number, seekMs: number | null): void {
    this.dispatchEvent(
      new CustomEvent<number | null>('person-select', { detail: seekMs === null ? null : index }),
    );
    if (seekMs !== null) this.#seek(seekMs);
  }

  #seek(timeMs: number): void {
    this.dispatchEvent(new CustomEvent<number>('time-seek', { detail: timeMs }));
  }

  readonly #onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0 || (event.target as Element).closest('button')) return;
    const rows = event.currentTarget as HTMLElement;
    const tracks = this.renderRoot.querySelector('.tracks')!.getBoundingClientRect();
    const seek = (at: PointerEvent) => {
      const share = Math.min(1, Math.max(0, (at.clientX - tracks.left) / tracks.width));
      this.#seek(share * this.durationMs);
    };
    const line = (event.target as Element).closest<HTMLElement>('.line');
    if (line && (event.target as Element).closest('rect')) {
      this.dispatchEvent(
        new CustomEvent<number | null>('person-select', { detail: Number(line.dataset.index) }),
      );
    }
    seek(event);
    // A finger scrolls the list; a mouse may go on and scrub.
    if (event.pointerType !== 'mouse') return;
    rows.setPointerCapture(event.pointerId);
    const ended = new AbortController();
    rows.addEventListener('pointermove', seek, { signal: ended.signal });
    rows.addEventListener('lostpointercapture', () => ended.abort(), { once: true });
  };

  static override styles = [
    theme,
    controls,
    css`
      :host {
        display: block;
        --gutter: 3.25rem;
      }
      .body {
        position: relative;
        isolation: isolate;
      }
      .rows {
        cursor: pointer;
      }
      .line {
        display: grid;
        grid-template-columns: var(--gutter) 1fr;
        align-items: center;
        min-height: 2rem;
        border-radius: 6px;
      }
      .line:hover {
        background: color-mix(in srgb, var(--accent-soft) 60%, transparent);
      }
      .line.chosen {
        background: var(--accent-soft);
      }
      .line.faint svg {
        opacity: 0.4;
      }
      svg {
        /* Time runs from left to right in every language; its anchors would else change sides. */
        direction: ltr;
        width: 100%;
        display: block;
        overflow: visible;
      }
      .line svg {
        background: var(--sunken);
        border-radius: 4px;
      }
      rect {
        stroke: color-mix(in srgb, var(--ink) 30%, transparent);
        stroke-width: 1;
      }
      .number {
        justify-self: start;
        margin-inline-start: 0.375rem;
        min-width: 2.125rem;
        min-height: 1.5rem;
        padding: 0 0.375rem;
        border: 0;
        border-radius: 5px;
        background: var(--colour);
        color: var(--text);
        font-size: 0.8125rem;
        font-weight: 700;
        font-variant-numeric: var(--numbers);
      }
      .number:hover {
        background: var(--colour);
        box-shadow: 0 0 0 2px var(--card), 0 0 0 4px var(--ink-soft);
      }
      .tracks {
        position: absolute;
        z-index: 1;
        inset-block: 0;
        inset-inline: var(--gutter) 0;
        pointer-events: none;
      }
      .head {
        position: absolute;
        inset: 0 auto 0 0;
        width: 2px;
        margin-left: -1px;
        background: var(--ink);
      }
      .scale {
        position: sticky;
        top: 0;
        z-index: 1;
        background: var(--card);
        padding-inline-start: var(--gutter);
        font-size: 0.75rem;
        font-variant-numeric: var(--numbers);
      }
      .scale text {
        fill: var(--ink-soft);
      }
      @media (forced-colors: active) {
        .number,
        .line svg {
          forced-color-adjust: none;
        }
        .line svg {
          background: Canvas;
          outline: 1px solid GrayText;
        }
        .line.chosen {
          outline: 2px solid Highlight;
        }
        .head {
          forced-color-adjust: none;
          background: CanvasText;
        }
        .scale text {
          fill: CanvasText;
        }
      }
      @media print {
        .number,
        .line svg {
          print-color-adjust: exact;
        }
        .line {
          break-inside: avoid;
        }
      }
    `,
  ];
}

/** Who somebody is, from when to when and for how long they are to be seen: for those who do not see it. */
function presenceText(
  language: ElementLanguage,
  { index, firstMs, lastMs, onScreenMs, spans }: PersonPresence,
  startsAt: string | null,
): string {
  const said = {
    number: String(personNumber(index)),
    from: momentText(language, firstMs, startsAt),
    to: momentText(language, lastMs, startsAt),
    span: spanText(language, onScreenMs),
  };
  return spans.length > 1
    ? language.say('person.row-parts', { ...said, count: spans.length })
    : language.say('person.row', said);
}

declare global {
  interface HTMLElementTagNameMap {
    'footpath-timeline': PresenceTimeline;
  }
}
