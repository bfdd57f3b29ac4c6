import { css, html } from 'lit';
import { type Hit, hitsOf } from '../../analytics/hits.ts';
import type { Scene } from '../../analytics/scene.ts';
import { controls } from '../../element/controls.ts';
import { dayMomentText, momentText, spanText } from '../../element/duration.ts';
import { KeepFocus } from '../../element/keep-focus.ts';
import { option } from '../../element/option.ts';
import { theme } from '../../element/theme.ts';
import type { AppLanguage } from '../../language/app/app-languages.ts';
import { personNumber } from '../../overlay/person-number.ts';
import { AppElement } from '../app-element.ts';
import { jobHash } from '../route.ts';
import { shortName } from '../words.ts';
import { type CountedVideo, LEAST_MS } from './camera-videos.ts';

type What = 'stood' | 'stayed' | 'in' | 'out';
type Since = 'all' | 'month' | 'week';

const WHATS: readonly What[] = ['stood', 'stayed', 'in', 'out'];
const SINCES: readonly Since[] = ['all', 'month', 'week'];

const DAY_MS = 86_400_000;
const SINCE_MS: Record<Since, number> = {
  all: Number.POSITIVE_INFINITY,
  month: 30 * DAY_MS,
  week: 7 * DAY_MS,
};
/** Hits shown at first, and with each press on “more”. */
const ROWS = 100;

/** `<hit-query>`: a question of every counted video of a camera, and who the answer is, each with the way to the moment. */
export class HitQuery extends AppElement {
  static override properties = {
    scene: { attribute: false },
    videos: { attribute: false },
    what: { state: true },
    shapeId: { state: true },
    leastMs: { state: true },
    since: { state: true },
    rows: { state: true },
  };

  declare scene: Scene;
  declare videos: readonly CountedVideo[];
  declare private what: What;
  declare private shapeId: string;
  declare private leastMs: number;
  declare private since: Since;
  declare private rows: number;

  constructor() {
    super();
    this.what = 'stood';
    this.shapeId = '';
    this.leastMs = 20_000;
    this.since = 'all';
    this.rows = ROWS;
    // Once there are no more, the button that shows more is gone.
    new KeepFocus(this, () =>
      this.renderRoot.querySelectorAll<HTMLElement>('li a')[this.rows - ROWS]?.focus(),
    );
  }

  protected override render() {
    const { what, language } = this;
    const shapes = this.#shapes;
    const hits = this.#hits();
    return html`
      <form @submit=${(event: Event) => event.preventDefault()}>
        ${this.#select(
          language.say('ask.who'),
          textsOf(WHATS, (name) => language.say(`ask.${name}`)),
          what,
          (value) => {
            this.what = value;
            this.shapeId = '';
          },
        )}
        ${this.#select(
          language.say('ask.where'),
          {
            ...(what === 'stood' ? { '': language.say('ask.anywhere') } : {}),
            ...Object.fromEntries(shapes.map(({ id, name }) => [id, name])),
          },
          this.#shapeId,
          (value) => {
            this.shapeId = value;
          },
        )}
        ${
          what === 'in' || what === 'out'
            ? null
            : this.#select(
                language.say('ask.least'),
                Object.fromEntries(LEAST_MS.map((ms) => [ms, wholeSpanText(language, ms)])),
                String(this.leastMs),
                (value) => {
                  this.leastMs = Number(value);
                },
              )
        }
        ${this.#select(
          language.say('ask.since'),
          textsOf(SINCES, (name) => language.say(`ask.since-${name}`)),
          this.since,
          (value) => {
            this.since = value;
          },
        )}
      </form>
      <p role="status">${hits.length === 0 ? language.say('ask.nobody') : language.say('ask.hits', { count: hits.length })}</p>
      <ul>
        ${hits.slice(0, this.rows).map((hit) => this.#row(hit))}
      </ul>
      ${
        hits.length > this.rows
          ? html`<button
              class="quiet"
              @click=${() => {
                this.rows += ROWS;
              }}
            >${language.say('moment.more', { count: Math.min(ROWS, hits.length - this.rows) })}</button>`
          : null
      }
    `;
  }

  get #shapes() {
    return this.what === 'in' || this.what === 'out' ? this.scene.lines : this.scene.zones;
  }

  /** The shape that is chosen, or the first where there must be one. */
  get #shapeId(): string {
    const shapes = this.#shapes;
    if (shapes.some(({ id }) => id === this.shapeId)) return this.shapeId;
    return this.what === 'stood' ? '' : (shapes[0]?.id ?? '');
  }

  #hits(): { video: CountedVideo; hit: Hit }[] {
    const { what, since } = this;
    const from = Date.now() - SINCE_MS[since];
    const shapeId = this.#shapeId;
    if (what !== 'stood' && shapeId === '') return [];
    const question =
      what === 'in' || what === 'out'
        ? ({ what: 'crossed', direction: what, shapeId } as const)
        : { what, leastMs: this.leastMs, ...(shapeId === '' ? {} : { shapeId }) };
    return this.videos.flatMap((video) =>
      hitsOf({ ...video.analysis, stands: video.stands.get(this.leastMs)! }, question)
        .filter((hit) => timeOf(video, hit.beginMs) >= from)
        .map((hit) => ({ video, hit })),
    );
  }

  #row({ video: { job, analysis }, hit }: { video: CountedVideo; hit: Hit }) {
    const { language } = this;
    const startsAt = analysis.scene.startsAt ?? null;
    const when =
      startsAt === null
        ? momentText(language, hit.beginMs, null)
        : dayMomentText(language, hit.beginMs, startsAt);
    const length = hit.endMs - hit.beginMs;
    return html`<li>
      <a href=${jobHash(job.jobId, { timeMs: hit.beginMs, index: hit.index })}>
        ${language.say('ask.hit', { number: personNumber(hit.index), name: shortName(job.key) })}</a
      >
      <span>${when}${length > 0 ? `${language.say('comma')}${spanText(language, length)}` : ''}</span>
    </li>`;
  }

  #select<T extends string>(
    label: string,
    options: Readonly<Record<T, string>>,
    value: T,
    onChange: (value: T) => void,
  ) {
    return html`<label>
      <span>${label}</span>
      <select
        @change=${(event: Event) => {
          this.rows = ROWS;
          onChange((event.target as HTMLSelectElement).value as T);
        }}
      >
        ${(Object.entries(options) as [T, string][]).map(([key, text]) =>
          option(key, text, key === value),
        )}
      </select>
    </label>`;
  }

  static override styles = [
    theme,
    controls,
    css`
      :host {
        display: block;
      }
      form {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 11rem), 1fr));
        gap: 0.5rem 1rem;
      }
      label {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 0.125rem;
        align-content: start;
        min-width: 0;
        font-size: 0.875rem;
        color: var(--ink-soft);
      }
      select {
        min-width: 0;
      }
      p {
        margin: 0.75rem 0 0.25rem;
        font-weight: 600;
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        gap: 0 1rem;
        justify-content: space-between;
        padding-block: 0.375rem;
        border-bottom: 1px solid var(--line);
      }
      li span {
        color: var(--ink-soft);
        font-variant-numeric: var(--numbers);
      }
      a {
        overflow-wrap: anywhere;
      }
    `,
  ];
}

/** Names with their texts. */
function textsOf<T extends string>(names: readonly T[], text: (name: T) => string) {
  return Object.fromEntries(names.map((name) => [name, text(name)])) as Record<T, string>;
}

/** A length in whole seconds, as it is asked for: `5 s`, not `5.0 s`. */
function wholeSpanText(language: AppLanguage, ms: number): string {
  return ms < 60_000
    ? language.say('span.seconds', { seconds: ms / 1000 })
    : spanText(language, ms);
}

/** When it was, in Unix milliseconds: by the recording's clock, else by when the result was made. */
function timeOf({ job, analysis }: CountedVideo, ms: number): number {
  const { startsAt } = analysis.scene;
  return startsAt === undefined ? job.createdAt.getTime() : Date.parse(startsAt) + ms;
}

customElements.define('hit-query', HitQuery);

declare global {
  interface HTMLElementTagNameMap {
    'hit-query': HitQuery;
  }
}
