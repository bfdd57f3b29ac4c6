import { css, html, type PropertyValues } from 'lit';
import type { Analysis } from '../../analytics/analyze.ts';
import type { UncertainReason } from '../../analytics/crossings.ts';
import { controls } from '../../element/controls.ts';
import { momentText, spanText } from '../../element/duration.ts';
import { KeepFocus } from '../../element/keep-focus.ts';
import { option } from '../../element/option.ts';
import { RovingFocus } from '../../element/roving-focus.ts';
import { theme } from '../../element/theme.ts';
import type { AppLanguage } from '../../language/app/app-languages.ts';
import { personColour, personInk } from '../../overlay/palette.ts';
import { personNumber } from '../../overlay/person-number.ts';
import { AppElement } from '../app-element.ts';

/** Fired by {@link MomentList} when one is picked. */
export type MomentOpenEvent = CustomEvent<{ readonly index: number; readonly timeMs: number }>;

type Kind = 'all' | 'crossings' | 'visits' | 'stands';

interface Moment {
  readonly kind: Exclude<Kind, 'all'>;
  readonly index: number;
  readonly timeMs: number;
  readonly text: string;
  readonly uncertain?: UncertainReason;
}

/** Rows shown at first, and with each press on “more”. */
const ROWS = 100;

/**
 * `<moment-list>`: who went in and out, who stayed, who stood still, one a row in order of time. One tab stop: the arrow
 * keys go through the list.
 *
 * @fires moment-open - {@link MomentOpenEvent}
 */
export class MomentList extends AppElement {
  static override properties = {
    analysis: { attribute: false },
    kind: { state: true },
    rows: { state: true },
  };

  declare analysis: Analysis;
  declare private kind: Kind;
  declare private rows: number;

  constructor() {
    super();
    this.kind = 'all';
    this.rows = ROWS;
    new RovingFocus(this, { row: 'li', control: 'button' });
    // Once there are no more, the button that shows more is gone.
    new KeepFocus(this, () =>
      this.renderRoot.querySelectorAll<HTMLElement>('li button')[this.rows - ROWS]?.focus(),
    );
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('analysis')) this.rows = ROWS;
  }

  protected override render() {
    const { language } = this;
    const moments = momentsOf(language, this.analysis).filter(
      ({ kind }) => this.kind === 'all' || kind === this.kind,
    );
    const kinds = [
      ['all', language.say('moment.all')],
      ['crossings', language.say('moment.crossings')],
      ['visits', language.say('moment.visits')],
      ['stands', language.say('moment.stands')],
    ] as const;
    return html`
      <label>
        <span>${language.say('chart.show')}</span>
        <select
          @change=${(event: Event) => {
            this.kind = (event.target as HTMLSelectElement).value as Kind;
            this.rows = ROWS;
          }}
        >
          ${kinds.map(([kind, text]) => option(kind, text, kind === this.kind))}
        </select>
      </label>
      ${
        moments.length === 0
          ? html`<p class="none">${language.say('moment.none')}</p>`
          : html`<ul aria-label=${language.say('moment.title')}>${moments.slice(0, this.rows).map((it) => this.#row(it))}</ul>`
      }
      ${
        moments.length > this.rows
          ? html`<button
              class="quiet"
              @click=${() => {
                this.rows += ROWS;
              }}
            >${language.say('moment.more', { count: Math.min(ROWS, moments.length - this.rows) })}</button>`
          : null
      }
    `;
  }

  #row({ index, timeMs, text, uncertain }: Moment) {
    const { language } = this;
    return html`<li>
      <button
        class="printed"
        title=${uncertain ? language.say(`moment.${uncertain}`) : ''}
        @click=${() => this.dispatchEvent(new CustomEvent('moment-open', { detail: { index, timeMs } }))}
      >
        <span class="time">${momentText(language, timeMs, this.analysis.scene.startsAt ?? null)}</span>
        <span class="number" .style=${`--colour: ${personColour(index)}; --text: ${personInk(index)}`}>
          <span class="visually-hidden">${language.say('person', { number: personNumber(index) })}</span>
          <span aria-hidden="true">${personNumber(index)}</span>
        </span>
        <span class="what">${text}${uncertain ? html` <em>${language.say('moment.uncertain')}</em>` : null}</span>
      </button>
    </li>`;
  }

  static override styles = [
    theme,
    controls,
    css`
      :host {
        display: block;
      }
      label {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 0.5rem;
        min-width: 0;
        font-size: 0.875rem;
        color: var(--ink-soft);
      }
      label select {
        flex: 1 1 8rem;
        min-width: 0;
        max-width: 20rem;
      }
      ul {
        list-style: none;
        margin: 0.5rem 0 0;
        padding: 0;
        max-height: 22rem;
        overflow-y: auto;
      }
      .none {
        margin: 0.5rem 0 0;
        color: var(--ink-soft);
      }
      li button {
        position: relative;
        width: 100%;
        display: grid;
        grid-template-columns: minmax(4.5rem, auto) 2.5rem minmax(0, 1fr);
        gap: 0.75rem;
        padding: 0.25rem 0.5rem;
        border: 0;
        background: none;
        font-weight: 400;
        text-align: start;
      }
      li button:hover {
        background: color-mix(in srgb, var(--accent-soft) 60%, transparent);
      }
      .time {
        font-variant-numeric: var(--numbers);
        text-align: end;
      }
      .number {
        background: var(--colour);
        color: var(--text);
        border-radius: 5px;
        text-align: center;
        font-weight: 700;
        font-size: 0.875rem;
        line-height: 1.5rem;
        forced-color-adjust: none;
        print-color-adjust: exact;
      }
      .what {
        min-width: 0;
        overflow-wrap: anywhere;
      }
      em {
        font-style: normal;
        font-size: 0.8125rem;
        color: var(--warn);
        text-decoration: underline dotted;
        text-underline-offset: 0.2em;
      }
      @media (max-width: 30rem) {
        li button {
          display: flex;
          flex-wrap: wrap;
          justify-content: start;
          gap: 0 0.75rem;
        }
        .number {
          padding-inline: 0.5rem;
        }
        .what {
          flex-basis: 100%;
        }
      }
      @media print {
        label {
          display: none;
        }
        ul {
          max-height: none;
          overflow: visible;
        }
      }
    `,
  ];
}

/** Everything that was counted of single people, in order of time. */
function momentsOf(language: AppLanguage, { lines, zones, stands }: Analysis): Moment[] {
  const crossings = lines.flatMap(({ line, crossings }) =>
    crossings.map(
      ({ index, timestampMs, direction, uncertain }): Moment => ({
        kind: 'crossings',
        index,
        timeMs: timestampMs,
        text: language.say(`moment.${direction}`, { name: line.name }),
        ...(uncertain === undefined ? {} : { uncertain }),
      }),
    ),
  );
  const visits = zones.flatMap(({ zone, visits }) =>
    visits.map(
      ({ index, beginMs, dwellMs }): Moment => ({
        kind: 'visits',
        index,
        timeMs: beginMs,
        text: language.say('moment.stayed', {
          name: zone.name,
          span: spanText(language, dwellMs),
        }),
      }),
    ),
  );
  const stood = stands.map(
    ({ index, beginMs, endMs }): Moment => ({
      kind: 'stands',
      index,
      timeMs: beginMs,
      text: language.say('moment.stood', { span: spanText(language, endMs - beginMs) }),
    }),
  );
  return [...crossings, ...visits, ...stood].sort(
    (a, b) => a.timeMs - b.timeMs || a.index - b.index,
  );
}

customElements.define('moment-list', MomentList);

declare global {
  interface HTMLElementTagNameMap {
    'moment-list': MomentList;
  }
}
