/**
 * Long because one element is its template, its styles and what it does at each event; the parts are elements of their
 * own.
 */
import { css, html, type PropertyValues } from 'lit';
import { live } from 'lit/directives/live.js';
import type { JobSummary, ObjectSummary, PersonTracking } from '../../client/api.ts';
import { controls } from '../../element/controls.ts';
import { clockText } from '../../element/duration.ts';
import { icon } from '../../element/icons.ts';
import { theme } from '../../element/theme.ts';
import { AppElement } from '../app-element.ts';
import { Attempt } from '../host/attempt.ts';
import type { NoticeState } from '../host/end-notices.ts';
import '../counting/counts-so-far.ts';
import '../parts/confirm-dialog.ts';
import '../parts/job-picture.ts';
import { videoOf } from '../parts/video-input.ts';
import { stopQuestion } from '../questions.ts';
import { shareDone, shortName, sizeText, stageText, timeLeftText } from '../words.ts';

/** A job that takes this much longer is a long one. */
const LONG_SECONDS = 60;

/**
 * `<progress-screen>`: a running job.
 * @fires notices-change - whether somebody wants the system to tell of the end
 */
export class ProgressScreen extends AppElement {
  static override properties = {
    tracking: { attribute: false },
    job: { attribute: false },
    notices: { attribute: false },
    kept: { state: true },
  };

  declare tracking: PersonTracking;
  declare job: JobSummary;
  /** Whether the system tells of the end. */
  declare notices: NoticeState;
  /** How the job's video is kept; null until known. */
  declare private kept: ObjectSummary['Kept'] | null;

  readonly #attempt = new Attempt(this);
  /** The job that was found to be a long one. */
  #longJob = '';

  constructor() {
    super();
    this.notices = 'unavailable';
    this.kept = null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('job')) return;
    if ((this.job.progress.secondsLeft ?? 0) >= LONG_SECONDS) this.#longJob = this.job.jobId;
    if (changed.get('job')?.jobId !== this.job.jobId) void this.#lookAtVideo();
  }

  protected override render() {
    const { language } = this;
    const { progress, key, metadata } = this.job;
    const percent = Math.floor(100 * shareDone(progress));
    const isIdle = progress.stage === 'waiting' || progress.stage === 'needs-permission';
    const atMs = metadata ? metadata.DurationMillis * Math.min(1, shareDone(progress)) : null;
    return html`
      <section>
        <h1 class="clamped" title=${key}>${key}</h1>
        <p class="stage">${stageText(language, progress.stage)}…</p>
        <job-picture .tracking=${this.tracking} .jobId=${this.job.jobId}></job-picture>
        <p class="percent">${language.pieces('percent', { percent: html`<span>${percent}</span>` })}</p>
        <div
          class="track"
          role="progressbar"
          aria-label=${language.say('progress.name')}
          aria-valuenow=${percent}
          aria-valuemin="0"
          aria-valuemax="100"
        >
          <div class=${progress.stage === 'tracking' ? 'fill' : 'fill pending'} .style=${`width: ${percent}%`}></div>
        </div>
        <dl>
          <div>
            <dt>${language.say('progress.left')}</dt>
            <dd>${timeLeftText(language, progress.secondsLeft) || (isIdle ? '…' : language.say('progress.working-out'))}</dd>
          </div>
          <div>
            <dt>${language.say('progress.paths')}</dt>
            <dd class="paths">${progress.peopleSoFar ?? '…'}</dd>
            <dd class="why">${language.say('progress.paths-joined')}</dd>
          </div>
          ${
            atMs === null
              ? null
              : html`<div>
                  <dt>${language.say('progress.place')}</dt>
                  <dd>${language.say('player.time-of', { time: clockText(language, atMs, 0), length: clockText(language, metadata!.DurationMillis, 0) })}</dd>
                </div>`
          }
        </dl>
        <counts-so-far .tracking=${this.tracking} .job=${this.job}></counts-so-far>
        ${this.#permission()} ${this.#model()} ${this.#tellMe()}
        <details>
          <summary>${language.say('report.title')}</summary>
          <dl>
            <div>
              <dt>${language.say('progress.pictures')}</dt>
              <dd>${language.say('progress.of', { done: progress.samplesDone, total: progress.samplesTotal > 0 ? progress.samplesTotal : '…' })}</dd>
            </div>
            <div>
              <dt>${language.say('progress.speed')}</dt>
              <dd>${progress.samplesPerSecond > 0 ? language.say('progress.per-second', { rate: language.number(progress.samplesPerSecond, { minimumFractionDigits: 1, maximumFractionDigits: 1 }) }) : '…'}</dd>
            </div>
          </dl>
        </details>
        <div class="actions">
          <button class="danger" @click=${() => this.#attempt.run(this.#stop)}>${icon('stop')} ${language.say('stop')}</button>
          <p>${this.#advice()}</p>
        </div>
        ${this.#attempt.notice}
      </section>
      <confirm-dialog></confirm-dialog>
    `;
  }

  async #lookAtVideo(): Promise<void> {
    this.kept = null;
    const { job } = this;
    const video = await videoOf(this.tracking, job).catch(() => undefined);
    if (this.job.jobId === job.jobId) this.kept = video?.Kept ?? null;
  }

  #advice(): string {
    const { language } = this;
    if (this.tracking.storage === 'memory') return language.say('progress.stay-memory');
    switch (this.kept) {
      case null:
        return '';
      case 'page':
        return language.say('progress.stay-large');
      case 'handle':
        return language.say('progress.free-allow');
      default:
        return language.say('progress.free');
    }
  }

  #model() {
    const { stage, modelBytes } = this.job.progress;
    if (stage !== 'loading-model' || !modelBytes) return null;
    const { loaded, total } = modelBytes;
    return html`<p class="model">
      ${this.language.say('progress.loading', {
        loaded: sizeText(this.language, loaded),
        size: sizeText(this.language, total),
      })}
      <progress max=${total} .value=${loaded} aria-label=${this.language.say('progress.loaded')}></progress>
    </p>`;
  }

  /** Offered from the first long job on: whoever waits for minutes does something else meanwhile. */
  #tellMe() {
    const { notices } = this;
    if (notices === 'unavailable' || (notices === 'off' && this.#longJob !== this.job.jobId)) {
      return null;
    }
    return html`<div class="tell">
      <label>
        <input
          type="checkbox"
          .checked=${live(notices === 'on')}
          ?disabled=${notices === 'blocked'}
          @change=${this.#onTellMe}
        />
        ${this.language.say('progress.tell-me')}
      </label>
      ${notices === 'blocked' ? html`<p>${this.language.say('progress.tell-blocked')}</p>` : null}
    </div>`;
  }

  readonly #onTellMe = (event: Event): void => {
    const { checked } = event.target as HTMLInputElement;
    this.dispatchEvent(new CustomEvent('notices-change', { detail: checked }));
  };

  #permission() {
    if (this.job.progress.stage !== 'needs-permission') return null;
    return html`<div class="notice">
      ${icon('lock')}
      <div>
        <p>${this.language.say('permission', { name: shortName(this.job.key) })}</p>
        <button class="primary" @click=${() => this.#attempt.run(this.#allow)}>${this.language.say('progress.allow')}</button>
      </div>
    </div>`;
  }

  readonly #allow = async (): Promise<void> => {
    const { bucket, key, version } = this.job;
    await this.tracking.allowObject({ Bucket: bucket, Key: key, VersionId: version });
  };

  readonly #stop = async (): Promise<void> => {
    // Another may be on the screen by the time of the answer.
    const { job } = this;
    const dialog = this.renderRoot.querySelector('confirm-dialog')!;
    const sure = await dialog.ask(stopQuestion(this.language, job.key));
    if (sure) await this.tracking.stopJob(job.jobId);
  };

  static override styles = [
    theme,
    controls,
    css`
      section {
        max-width: 44rem;
        margin: clamp(1rem, 6vw, 4rem) auto;
        padding: clamp(min(1.25rem, 5vw), 4vw, 2.5rem);
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--card);
        box-shadow: var(--shadow);
      }
      h1 {
        margin: 0;
        font-size: 1.125rem;
        font-weight: 600;
        color: var(--ink-soft);
        overflow-wrap: anywhere;
      }
      .stage {
        margin: 0.25rem 0 0;
        font-size: clamp(min(1.5rem, 8vw), 1.2rem + 1.5vw, 2rem);
        overflow-wrap: anywhere;
        font-weight: 700;
        letter-spacing: -0.015em;
        line-height: 1.2;
      }
      .percent {
        margin: 1.75rem 0 0.25rem;
        color: var(--ink-soft);
        font-variant-numeric: var(--numbers);
      }
      .percent span {
        font-size: 3rem;
        line-height: 1;
        font-weight: 700;
        color: var(--accent);
        letter-spacing: -0.03em;
      }
      .track {
        height: 14px;
        border-radius: 7px;
        background: var(--sunken);
        overflow: clip;
      }
      /* The dashes of a footpath on a map, walked along in steps: a job takes hours, and each picture of this some of its time. */
      .fill {
        height: 100%;
        min-width: 14px;
        border-radius: 7px;
        background-color: var(--accent);
        transition: width 0.4s ease-out;
        background-image: repeating-linear-gradient(
          90deg,
          #fff0 0 14px,
          color-mix(in srgb, var(--card) 35%, transparent) 14px 22px
        );
        background-size: 22px 100%;
        animation: walk 1.2s steps(6) infinite;
      }
      .fill.pending {
        opacity: 0.6;
      }
      @keyframes walk {
        to {
          background-position-x: 22px;
        }
      }
      dl {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 8.5rem), 1fr));
        gap: 0.75rem 1.5rem;
        margin: 1.5rem 0;
      }
      dt {
        overflow-wrap: anywhere;
        font-size: 0.8125rem;
        color: var(--ink-soft);
      }
      dd {
        margin: 0;
        font-weight: 600;
        font-variant-numeric: var(--numbers);
      }
      .why {
        font-size: 0.8125rem;
        font-weight: 400;
        color: var(--ink-soft);
      }
      details dl {
        margin-block: 0.5rem 0;
      }
      details {
        margin-bottom: 1.25rem;
        font-size: 0.875rem;
      }
      summary {
        cursor: pointer;
        color: var(--ink-soft);
      }
      .model {
        font-size: 0.9375rem;
        color: var(--ink-soft);
        font-variant-numeric: var(--numbers);
      }
      progress {
        display: block;
        width: 100%;
        margin-top: 0.375rem;
        accent-color: var(--accent);
      }
      .tell {
        margin-bottom: 1.25rem;
      }
      .tell label {
        display: flex;
        gap: 0.625rem;
        align-items: center;
        min-height: 2.75rem;
        font-weight: 600;
      }
      .tell input {
        flex: none;
        width: 1.25rem;
        height: 1.25rem;
        margin: 0;
        accent-color: var(--accent);
      }
      .tell p {
        margin: 0;
        font-size: 0.875rem;
        color: var(--ink-soft);
      }
      .notice {
        margin-bottom: 1.25rem;
      }
      .notice button {
        margin-top: 0.75rem;
      }
      .actions {
        display: flex;
        gap: 0.75rem 1.25rem;
        align-items: center;
        padding-top: 1.25rem;
        border-top: 1px solid var(--line);
      }
      .actions button {
        flex: none;
      }
      .actions p {
        margin: 0;
        font-size: 0.875rem;
        color: var(--ink-soft);
      }
      @media (forced-colors: active) {
        .track {
          outline: 1px solid CanvasText;
        }
        .fill {
          forced-color-adjust: none;
          background-color: Highlight;
        }
      }
      @media (max-width: 30rem) {
        .actions {
          flex-direction: column-reverse;
          align-items: stretch;
        }
      }
    `,
  ];
}

customElements.define('progress-screen', ProgressScreen);
