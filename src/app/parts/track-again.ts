import { css, html } from 'lit';
import type { JobSummary, PersonTracking, RevisionSummary } from '../../client/api.ts';
import { controls } from '../../element/controls.ts';
import { option } from '../../element/option.ts';
import { theme } from '../../element/theme.ts';
import type { FollowingSetting, TrackingSettings } from '../../engine/settings.ts';
import { AppElement } from '../app-element.ts';
import { Attempt } from '../host/attempt.ts';
import { peopleText } from '../words.ts';
import { ABSENCES } from './advanced-options.ts';
import { moreStyle } from './more-style.ts';

/** The score from which a person is sure, by its name, the usual first. */
const SURENESS = {
  usual: 'model',
  surer: 0.6,
  surest: 0.75,
  less: 0.3,
} as const;

/** Settings that were changed here. */
type Chosen = Partial<Pick<TrackingSettings, FollowingSetting>>;

/**
 * `<track-again>`: works out anew who is who among the people found, by other settings, in seconds and without the video;
 * and goes back to the result before. Folded away; nothing where what was found is not kept.
 */
export class TrackAgain extends AppElement {
  static override properties = {
    tracking: { attribute: false },
    job: { attribute: false },
    chosen: { state: true },
    isAsked: { state: true },
  };

  declare tracking: PersonTracking;
  declare job: JobSummary;
  /** What was changed here. */
  declare private chosen: Chosen;
  declare private isAsked: boolean;

  readonly #attempt = new Attempt(this);

  constructor() {
    super();
    this.chosen = {};
    this.isAsked = false;
  }

  protected override render() {
    const { job, language } = this;
    if (!job.detections && !job.retracking) return null;
    const { fillGaps } = { ...job.settings, ...this.chosen };
    const isBusy = this.isAsked || job.retracking !== undefined;
    return html`<details>
      <summary>${language.say('again.title')}</summary>
      <p>${language.say('again.why')}</p>
      <div class="fields">
        <label class="field">
          <span>${language.say('advanced.gone')}</span>
          <select
            ?disabled=${isBusy}
            @change=${(event: Event) => this.#choose({ rejoinSeconds: Number(chosenIn(event)) })}
          >
            ${this.#absences()}
          </select>
        </label>
        <label class="field">
          <span>${language.say('again.sure')}</span>
          <select
            ?disabled=${isBusy}
            @change=${(event: Event) => {
              const value = chosenIn(event);
              this.#choose({ scoreThreshold: value === 'model' ? value : Number(value) });
            }}
          >
            ${this.#sureness()}
          </select>
        </label>
        <label class="check">
          <input
            type="checkbox"
            .checked=${fillGaps}
            ?disabled=${isBusy || job.settings.detectEvery > 1}
            @change=${(event: Event) =>
              this.#choose({ fillGaps: (event.target as HTMLInputElement).checked })}
          />
          <span>${language.say('again.fill')}</span>
        </label>
      </div>
      <div class="actions">
        <button
          aria-disabled=${isBusy}
          @click=${() => !isBusy && this.#attempt.run(this.#track)}
        >
          ${language.say(isBusy ? 'again.busy' : 'again.do')}
        </button>
        ${job.retracking ? this.#stop() : null}
        ${job.revisions.length > 1 && !isBusy ? this.#before(job.revisions.at(-2)!) : null}
      </div>
      <p role="status" class="hint">${isBusy ? language.say('again.stays') : this.#change()}</p>
      ${this.#attempt.notice}
    </details>`;
  }

  #absences() {
    const { language } = this;
    const { rejoinSeconds } = { ...this.job.settings, ...this.chosen };
    const isKnown = ABSENCES.some((seconds) => seconds === rejoinSeconds);
    return [
      ...ABSENCES.map((seconds) =>
        option(seconds, language.say(`advanced.gone-${seconds}`), seconds === rejoinSeconds),
      ),
      ...(isKnown
        ? []
        : [
            option(
              rejoinSeconds,
              language.say('again.gone-other', { seconds: rejoinSeconds }),
              true,
            ),
          ]),
    ];
  }

  #sureness() {
    const { language } = this;
    // Jobs of earlier versions do not know it.
    const { scoreThreshold = 'model' } = { ...this.job.settings, ...this.chosen };
    const names = Object.keys(SURENESS) as (keyof typeof SURENESS)[];
    const isKnown = names.some((name) => SURENESS[name] === scoreThreshold);
    return [
      ...names.map((name) =>
        option(
          SURENESS[name],
          language.say(`again.sure-${name}`),
          SURENESS[name] === scoreThreshold,
        ),
      ),
      ...(isKnown
        ? []
        : [
            option(
              scoreThreshold,
              language.say('again.sure-other', { score: scoreThreshold }),
              true,
            ),
          ]),
    ];
  }

  #stop() {
    const { jobId } = this.job;
    return html`<button
      class="quiet"
      @click=${() => this.#attempt.run(() => this.tracking.stopJob(jobId))}
    >
      ${this.language.say('again.stop')}
    </button>`;
  }

  /** Goes back to how the result before this one was made. */
  #before({ settings, people }: RevisionSummary) {
    const { tracker, refine, fillGaps, rejoinSeconds, scoreThreshold = 'model' } = settings;
    const before = { tracker, refine, fillGaps, rejoinSeconds, scoreThreshold };
    return html`<button
      class="quiet"
      @click=${() => this.#attempt.run(() => this.#trackBy(before))}
    >
      ${this.language.say('again.before', { people: peopleText(this.language, people) })}
    </button>`;
  }

  /** What the last time changed. */
  #change(): string {
    const { language } = this;
    const [before, now] = this.job.revisions.slice(-2);
    if (!before || !now) return '';
    return language.say('again.change', {
      now: peopleText(language, now.people),
      before: peopleText(language, before.people),
    });
  }

  #choose(part: Chosen): void {
    this.chosen = { ...this.chosen, ...part };
  }

  readonly #track = () => this.#trackBy(this.chosen);

  async #trackBy(settings: Chosen): Promise<void> {
    this.isAsked = true;
    try {
      await this.tracking.retrack(this.job.jobId, settings);
      this.chosen = {};
    } finally {
      this.isAsked = false;
    }
  }

  static override styles = [
    theme,
    controls,
    moreStyle,
    css`
      p {
        margin: 0.25rem 0 0.75rem;
        max-width: 44rem;
        font-size: 0.875rem;
        color: var(--ink-soft);
      }
      .fields {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 14rem), 1fr));
        gap: 1rem;
        align-items: end;
      }
      .field {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
      }
      .field > span {
        margin-bottom: 0.375rem;
        font-size: 0.875rem;
        font-weight: 600;
      }
      .check {
        display: flex;
        gap: 0.5rem;
        align-items: center;
        min-height: 2.75rem;
        font-size: 0.875rem;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
        margin-top: 1rem;
      }
      .hint {
        margin: 0.5rem 0 0;
      }
    `,
  ];
}

function chosenIn(event: Event): string {
  return (event.target as HTMLSelectElement).value;
}

customElements.define('track-again', TrackAgain);
