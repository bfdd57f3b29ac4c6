/**
 * Long because one element is its template, its styles and what it does at each event; the parts are elements of their
 * own.
 */

import { css, html, type PropertyValues } from 'lit';
import type { JobSummary, PersonTracking } from '../../client/api.ts';
import { controls } from '../../element/controls.ts';
import { spanText } from '../../element/duration.ts';
import { icon } from '../../element/icons.ts';
import { theme } from '../../element/theme.ts';
import type { AppLanguage } from '../../language/app/app-languages.ts';
import type { PersonPath } from '../../track/path.ts';
import { AppElement } from '../app-element.ts';
import { Attempt } from '../host/attempt.ts';
import '../parts/confirm-dialog.ts';
import '../parts/job-report.ts';
import '../parts/result-notices.ts';
import '../counting/counted-result.ts';
import '../counting/save-dialog.ts';
import { type RouteMoment, reportHash } from '../route.ts';
import '../parts/missing-video.ts';
import '../parts/track-again.ts';
import { forgetJob, sourceOf, videoOf } from '../parts/video-input.ts';
import { deleteQuestion } from '../questions.ts';
import {
  isLongFile,
  type ResultFormat,
  resultBase,
  resultFile,
  resultFileName,
  saveResult,
} from '../result-file.ts';
import { arePeopleSmall } from '../small-people.ts';
import {
  damageText,
  errorText,
  expiryText,
  foundText,
  shortName,
  sizeText,
  smallText,
} from '../words.ts';

/** `<result-screen>`: an ended job: its video with the paths, its people, its files. */
export class ResultScreen extends AppElement {
  static override properties = {
    tracking: { attribute: false },
    job: { attribute: false },
    moment: { attribute: false },
    paths: { state: true },
    isCounted: { state: true },
    videoUrl: { state: true },
    videoProblem: { state: true },
  };

  declare tracking: PersonTracking;
  declare job: JobSummary;
  /** Which moment to begin at, or null. */
  declare moment: RouteMoment | null;
  /** Null while they are being read. */
  declare private paths: readonly PersonPath[] | null;
  /** Whether there are counts to make tables of. */
  declare private isCounted: boolean;
  declare private videoUrl: string | null;
  /** Why there is no picture, in whatever language; null where there is one. */
  declare private videoProblem: ((language: AppLanguage) => string) | null;

  readonly #attempt = new Attempt(this);
  readonly #reading = new Attempt(this);
  #loadedJob = '';
  /** Which of the job's results. */
  #loadedResult: number | undefined;

  constructor() {
    super();
    this.moment = null;
    this.paths = null;
    this.isCounted = false;
    this.videoUrl = null;
    this.videoProblem = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('keydown', this.#onKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('keydown', this.#onKey);
    this.#show(null);
    this.#loadedJob = '';
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('job')) return;
    const { jobId, revisions } = this.job;
    const result = revisions.at(-1)?.revision;
    const isOther = jobId !== this.#loadedJob;
    if (!isOther && result === this.#loadedResult) return;
    this.#loadedJob = jobId;
    this.#loadedResult = result;
    void this.#loadPaths();
    if (!isOther) return;
    this.#show(null);
    void this.#loadVideo();
  }

  protected override render() {
    const { job, language } = this;
    const failed = job.status === 'FAILED';
    return html`
      <header>
        <div class="title">
          <h1 class="clamped" title=${job.key}>${job.key}</h1>
          <p>${this.#summary()}</p>
        </div>
        <div class="downloads">
          ${
            failed && this.#people === 0
              ? null
              : html`<a class="button primary" href=${reportHash(job.jobId)}>
                  ${icon('print')} ${language.say('sheet.button')}
                </a>`
          }
          <button
            ?hidden=${this.#people === 0 && failed}
            ?disabled=${!this.isCounted}
            @click=${this.#openSaving}
          >
            ${icon('table')} ${language.say('save.button')}
          </button>
          <button
            class="quiet danger icon-only"
            title=${language.say('result.delete')}
            aria-label=${language.say('result.delete')}
            @click=${() => this.#attempt.run(this.#delete)}
          >
            ${icon('trash')}
          </button>
        </div>
      </header>
      ${this.#attempt.notice} ${this.#reading.notice}
      ${
        failed || damageText(language, job.report?.decode) !== ''
          ? html`<result-notices
              .tracking=${this.tracking}
              .job=${job}
              .people=${this.#people}
            ></result-notices>`
          : null
      }
      ${this.paths === null ? this.#waiting() : this.#result(this.paths)}
      <job-report .job=${job} .tracking=${this.tracking}></job-report>
      <save-dialog
        .name=${resultBase(job)}
        .video=${sourceOf(job.jobId)}
        @format-choose=${({ detail }: CustomEvent<ResultFormat>) => this.#attempt.run(() => this.#download(detail))}
      ></save-dialog>
      <track-again .tracking=${this.tracking} .job=${job}></track-again>
      <confirm-dialog></confirm-dialog>
    `;
  }

  #summary() {
    const { job, language } = this;
    const parts = [
      this.paths && foundText(language, { status: job.status, people: this.paths.length }),
      job.metadata
        ? language.say('result.long', { time: spanText(language, job.metadata.DurationMillis) })
        : null,
      language.say('when.looked-at', { date: language.date(job.finishedAt ?? job.createdAt) }),
      expiryText(language, job.expiresAt, new Date(), this.tracking.storage),
    ];
    return parts.filter((part) => part).join(' · ');
  }

  /** Where the paths cannot be read there is nothing to wait for, and nobody knows who was there. */
  #waiting() {
    if (this.#reading.problem !== '') return null;
    return html`<p role="status">${this.language.say('result.reading')}</p>`;
  }

  #result(paths: readonly PersonPath[]) {
    const { job, language } = this;
    if (paths.length === 0 && job.status === 'FAILED') return null;
    return html`
      ${paths.length === 0 ? this.#nobody() : null}
      ${arePeopleSmall(paths, job.report?.detector) ? this.#small() : null}
      ${
        this.videoProblem === null
          ? null
          : html`<missing-video
        .text=${this.videoProblem(language)}
        .name=${job.key}
        @video-retry=${this.#retryVideo}
        @video-file=${this.#onVideoFile}
      ></missing-video>`
      }
      <counted-result
        .tracking=${this.tracking}
        .job=${job}
        .paths=${paths}
        .src=${this.videoUrl}
        .moment=${this.moment}
        @counts-change=${() => {
          this.isCounted = true;
        }}
        @video-unplayable=${() => {
          this.videoProblem = (spoken) => spoken.say('result.unplayable');
        }}
      ></counted-result>
      <p class="keys">
        ${language.pieces('result.keys', {
          space: html`<kbd>${language.say('result.key-space')}</kbd>`,
          left: html`<kbd>←</kbd>`,
          right: html`<kbd>→</kbd>`,
          shift: html`<kbd>${language.say('result.key-shift')}</kbd>`,
          up: html`<kbd>↑</kbd>`,
          down: html`<kbd>↓</kbd>`,
        })}
        ${language.say(job.report?.detector?.identity ? 'result.told-network' : 'result.told-colours')}
      </p>
    `;
  }

  /** Zero is an answer too, and is counted and printed as any other: a quiet hour belongs to its day. */
  #nobody() {
    const { job, language } = this;
    return html`<div class="notice" role="status">
      ${icon('people')}
      <p>
        <strong>${language.say('result.nobody')}</strong>
        ${language.say(job.settings.quality === 'accurate' ? 'result.nobody-accurate' : 'result.nobody-why')}
      </p>
    </div>`;
  }

  #small() {
    return html`<div class="notice" role="status">
      ${icon('people')}
      <p>${smallText(this.language, this.job.settings)}</p>
    </div>`;
  }

  async #loadPaths(): Promise<void> {
    this.paths = null;
    this.isCounted = false;
    const { jobId } = this.job;
    const result = this.#loadedResult;
    await this.#reading.run(async () => {
      const paths = await this.tracking.getPaths(jobId);
      // Another result may be shown by now.
      if (jobId === this.#loadedJob && result === this.#loadedResult) this.paths = paths;
    });
  }

  readonly #loadVideo = async (): Promise<void> => {
    const { jobId, bucket, key, version } = this.job;
    try {
      const video = await this.tracking.getObject({
        Bucket: bucket,
        Key: key,
        VersionId: version,
      });
      if (jobId === this.#loadedJob) this.#show(video);
    } catch (error) {
      if (jobId !== this.#loadedJob) return;
      this.#show(null);
      this.videoProblem = (language) =>
        language.say('result.not-shown', { reason: errorText(language, error) });
    }
  };

  readonly #retryVideo = async (): Promise<void> => {
    const { bucket, key, version } = this.job;
    // Fails as loading does, which says why.
    await this.tracking
      .allowObject({ Bucket: bucket, Key: key, VersionId: version })
      .catch(() => false);
    await this.#loadVideo();
  };

  readonly #onVideoFile = async (event: CustomEvent<File>): Promise<void> => {
    const file = event.detail;
    const { job } = this;
    const stored = await videoOf(this.tracking, job).catch(() => undefined);
    if (job.jobId !== this.#loadedJob) return;
    if (stored && stored.Size > 0 && stored.Size !== file.size) {
      this.videoProblem = (language) =>
        language.say('result.another-video', {
          name: shortName(file.name),
          size: sizeText(language, file.size),
          expected: sizeText(language, stored.Size),
        });
    } else {
      this.#show(file);
    }
  };

  #show(video: Blob | URL | null): void {
    if (this.videoUrl?.startsWith('blob:')) URL.revokeObjectURL(this.videoUrl);
    this.videoProblem = null;
    this.videoUrl =
      video === null ? null : video instanceof URL ? video.href : URL.createObjectURL(video);
  }

  /** The player is what this page is about: its keys work wherever the focus is. */
  readonly #onKey = (event: KeyboardEvent): void => {
    this.renderRoot.querySelector('counted-result')?.handleKey(event);
  };

  get #people(): number {
    return this.paths?.length ?? 0;
  }

  readonly #openSaving = (): void => {
    const { analysis } = this.renderRoot.querySelector('counted-result')!;
    const results = [{ name: this.job.key, analysis: analysis! }];
    void this.renderRoot.querySelector('save-dialog')!.open(results);
  };

  async #download(format: ResultFormat): Promise<void> {
    const { jobId } = this.job;
    const make = () => resultFile(this.tracking, jobId, format);
    await saveResult(resultFileName(this.job, format), make, sourceOf(jobId), isLongFile(this.job));
  }

  readonly #delete = async (): Promise<void> => {
    const dialog = this.renderRoot.querySelector('confirm-dialog')!;
    // Another may be on the screen by the time of the answer.
    const { jobId, key } = this.job;
    if (!(await dialog.ask(deleteQuestion(this.language, key)))) return;
    await forgetJob(this.tracking, jobId);
    if (jobId === this.job.jobId) location.hash = '#/';
  };

  static override styles = [
    theme,
    controls,
    css`
      :host {
        display: grid;
        gap: 1rem;
        padding-block: 1rem 2rem;
      }
      :host > * {
        min-width: 0;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        gap: 0.75rem 1.5rem;
        align-items: center;
        justify-content: space-between;
      }
      .title {
        min-width: 0;
      }
      h1 {
        margin: 0;
        font-size: clamp(min(1.375rem, 8vw), 1.1rem + 1.2vw, 1.875rem);
        letter-spacing: -0.015em;
        line-height: 1.2;
        overflow-wrap: anywhere;
      }
      .title p {
        margin: 0.125rem 0 0;
        color: var(--ink-soft);
        font-variant-numeric: var(--numbers);
      }
      .downloads {
        display: flex;
        flex-wrap: wrap;
        margin-inline-start: auto;
        gap: 0.5rem;
      }
      .notice p + p {
        margin-top: 0.375rem;
      }
      .keys {
        margin: 0;
        font-size: 0.875rem;
        color: var(--ink-soft);
      }
      kbd {
        font: inherit;
        font-size: 0.8125rem;
        padding: 0 0.375rem;
        border: 1px solid var(--line-strong);
        border-radius: 4px;
        background: var(--card);
      }
      @media (max-width: 35rem) {
        .downloads {
          flex: 1 1 auto;
        }
        .downloads > :not(.icon-only) {
          flex: 1 1 8rem;
          padding-inline: 0.5rem;
        }
      }
      /* Keys are of no use to whoever has none: a finger points coarsely and hovers over nothing. */
      @media (hover: none) and (pointer: coarse) {
        .keys {
          display: none;
        }
      }
      @media print {
        .keys {
          display: none;
        }
      }
    `,
  ];
}

customElements.define('result-screen', ResultScreen);
