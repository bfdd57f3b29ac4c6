import { css, html, type PropertyValues } from 'lit';
import type { Analysis } from '../../analytics/analyze.ts';
import { BUCKET_MS, bucketAt, type TimeBucket, timeBuckets } from '../../analytics/by-time.ts';
import { controls } from '../../element/controls.ts';
import { momentText } from '../../element/duration.ts';
import { KeepFocus } from '../../element/keep-focus.ts';
import { option } from '../../element/option.ts';
import { RovingFocus } from '../../element/roving-focus.ts';
import { theme } from '../../element/theme.ts';
import { personColour, personInk } from '../../overlay/palette.ts';
import { personNumber } from '../../overlay/person-number.ts';
import { AppElement } from '../app-element.ts';
import { bucketLabels } from './bucket-labels.ts';
import { type Moment, type MomentKind, momentsOf } from './moments.ts';

/** Fired by {@link MomentList} when one is picked. */
export type MomentOpenEvent = CustomEvent<{ readonly index: number; readonly timeMs: number }>;

/** Rows shown at first, and with each press on “more”. */
const ROWS = 100;
/** Where there are more the list may begin later: at one of so many stretches of time at most. */
const MOST_BEGINS = 100;
const BEGIN_BY = ['minute', 'quarter-hour', 'hour', 'day'] as const;

/**
 * `<moment-list>`: who went in and out, who stayed, who stood still, one a row in order of time; where there are many, from a
 * time on. One tab stop: the arrow keys go through the list.
 *
 * @fires moment-open - {@link MomentOpenEvent}
 */
export class MomentList extends AppElement {
  static override properties = {
    analysis: { attribute: false },
    kind: { state: true },
    rows: { state: true },
    fromMs: { state: true },
  };

  declare analysis: Analysis;
  declare private kind: MomentKind;
  declare private rows: number;
  /** Where the list begins. */
  declare private fromMs: number;

  constructor() {
    super();
    this.fromMs = Number.NEGATIVE_INFINITY;
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
    const ofKind = momentsOf(language, this.analysis).filter(
      ({ kind }) => this.kind === 'all' || kind === this.kind,
    );
    const begins = ofKind.length > ROWS ? this.#begins(ofKind) : null;
    const begin = begins?.stretches.findLastIndex(({ beginMs }) => beginMs <= this.fromMs) ?? -1;
    const moments =
      begin < 0
        ? ofKind
        : ofKind.filter(({ timeMs }) => timeMs >= begins!.stretches[begin]!.beginMs);
    const kinds = [
      ['all', language.say('moment.all')],
      ['crossings', language.say('moment.crossings')],
      ['visits', language.say('moment.visits')],
      ['stands', language.say('moment.stands')],
    ] as const;
    return html`
      <div class="choices"><label>
        <span>${language.say('chart.show')}</span>
        <select
          @change=${(event: Event) => {
            this.kind = (event.target as HTMLSelectElement).value as MomentKind;
            this.rows = ROWS;
          }}
        >
          ${kinds.map(([kind, text]) => option(kind, text, kind === this.kind))}
        </select>
      </label>
      ${
        begins === null
          ? null
          : html`<label>
              <span>${language.say('moment.from')}</span>
              <select
                @change=${({ target }: Event) => {
                  this.fromMs =
                    begins.stretches[Number((target as HTMLSelectElement).value)]!.beginMs;
                  this.rows = ROWS;
                }}
              >
                ${begins.labels.map((label, i) => option(String(i), label, i === Math.max(0, begin)))}
              </select>
            </label>`
      }</div>
      ${
        moments.length === 0
          ? html`<p class="none">${language.say('moment.none')}</p>`
          : html`<ul aria-label=${language.say('moment.title')}>${moments.slice(0, this.rows).map((it) => this.#row(it))}</ul>`
      }
      ${
        moments.length > this.rows
          ? html`<p class="more">${language.say('moment.first', { shown: this.rows, count: moments.length })}</p>
            <button
              class="quiet"
              @click=${() => {
                this.rows += ROWS;
              }}
            >${language.say('moment.more', { count: Math.min(ROWS, moments.length - this.rows) })}</button>`
          : null
      }
    `;
  }

  /** Stretches of time in which something happened, and their names. */
  #begins(moments: readonly Moment[]): { stretches: TimeBucket[]; labels: string[] } {
    const { video, scene } = this.analysis;
    const by =
      BEGIN_BY.find((name) => video.durationMs <= MOST_BEGINS * BUCKET_MS[name]) ??
      BEGIN_BY.at(-1)!;
    const all = timeBuckets(video.durationMs, by, scene.startsAt);
    const used = new Set(moments.map(({ timeMs }) => bucketAt(all, timeMs)));
    const stretches = all.filter((_, i) => used.has(i));
    return { stretches, labels: bucketLabels(this.language, stretches, by) };
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
        <span class="what">${text()}${uncertain ? html` <em>${language.say('moment.uncertain')}</em>` : null}</span>
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
      .choices {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 1.25rem;
      }
      label {
        flex: 1 1 10rem;
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
      .none,
      .more {
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
        ul {
          max-height: none;
          overflow: visible;
        }
      }
    `,
  ];
}

customElements.define('moment-list', MomentList);

declare global {
  interface HTMLElementTagNameMap {
    'moment-list': MomentList;
  }
}
