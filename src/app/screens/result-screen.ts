import { css, html, LitElement, type PropertyValues } from 'lit';
import type { JobSummary, PersonTracking } from '../../client/api.ts';
import { controls } from '../../element/controls.ts';
import { clockText } from '../../element/duration.ts';
import { icon } from '../../element/icons.ts';
import type { PathViewer } from '../../element/path-viewer.ts';
import { theme } from '../../element/theme.ts';
import type { PersonPath } from '../../track/path.ts';
import { Attempt } from '../host/attempt.ts';
import '../parts/confirm-dialog.ts';
import '../parts/job-report.ts';
import '../parts/missing-video.ts';
import { forgetJob, videoOf } from '../parts/video-input.ts';
import { type ResultFormat, resultFile, resultFileName, saveFile } from '../result-file.ts';
import {
  dateText,
  deleteQuestion,
  expiryText,
  failureText,
  foundText,
  remedyText,
  shortName,
  sizeText,
} from '../words.ts';

/** `<result-screen>`: an ended job: its video with the paths, its people, its files. */
export class ResultScreen extends LitElement {
  static override properties = {
    tracking: { attribute: false },
    job: { attribute: false },
    paths: { state: true },
    videoUrl: { state: true },
    videoProblem: { state: true },
  };

  declare tracking: PersonTracking;
  declare job: JobSummary;
  /** Null while they are being read. */
  declare private paths: readonly PersonPath[] | null;
  declare private videoUrl: string | null;
  /** Why there is no picture, or empty. */
  declare private videoProblem: string;

  readonly #attempt = new Attempt(this);
  #loadedJob = '';

  constructor() {
    super();
    this.paths = null;
    this.videoUrl = null;
    this.videoProblem = '';
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
    if (!changed.has('job') || this.job.jobId === this.#loadedJob) return;
    this.#loadedJob = this.job.jobId;
    void this.#loadPaths();
    void this.#loadVideo();
  }

  protected override render() {
    const { job } = this;
    const failed = job.status === 'FAILED';
    return html`
      <header>
        <div class="title">
          <h1 class="clamped" title=${job.key}>${job.key}</h1>
          <p>${this.#summary()}</p>
        </div>
        <div class="downloads">
          <button
            class="primary"
            ?hidden=${this.#people === 0}
            title="For spreadsheets"
            @click=${() => this.#attempt.run(() => this.#download('csv'))}
          >
            ${icon('download')} Download table (CSV)
          </button>
          <button
            ?hidden=${this.#people === 0 && failed}
            title="For programs: the answer of Amazon Rekognition's GetPersonTracking"
            @click=${() => this.#attempt.run(() => this.#download('json'))}
          >
            Download JSON
          </button>
          <button
            class="quiet danger icon-only"
            title="Delete this result"
            aria-label="Delete this result"
            @click=${() => this.#attempt.run(this.#delete)}
          >
            ${icon('trash')}
          </button>
        </div>
      </header>
      ${this.#attempt.notice}
      ${failed ? this.#failure() : null} ${this.#damage()}
      ${this.paths === null ? html`<p role="status">Reading the paths…</p>` : this.#result(this.paths)}
      <job-report .job=${job}></job-report>
      <confirm-dialog></confirm-dialog>
    `;
  }

  #summary() {
    const { job } = this;
    const parts = [
      this.paths && foundText({ status: job.status, people: this.paths.length }),
      job.metadata ? `${clockText(job.metadata.DurationMillis)} long` : null,
      dateText(job.finishedAt ?? job.createdAt),
      expiryText(job.expiresAt, new Date(), this.tracking.storage),
    ];
    return parts.filter((part) => part).join(' · ');
  }

  #failure() {
    const { failure } = this.job;
    const stopped = failure?.kind === 'stopped';
    const remedy = remedyText(this.job);
    return html`<div class=${stopped ? 'notice' : 'notice bad'} role="status">
      ${icon('alert')}
      <div>
        <p><strong>${this.#failureTitle()}</strong></p>
        ${failure ? html`<p>${failureText(failure)}</p>` : null}
        ${remedy === '' ? null : html`<p>${remedy}</p>`}
        ${
          this.job.canGoOn
            ? html`<p>
                <button @click=${() => this.#attempt.run(() => this.tracking.resumeJob(this.job.jobId))}>
                  Go on where it stopped
                </button>
              </p>`
            : null
        }
        ${stopped ? null : html`<p><a href="#/">Choose another video</a></p>`}
      </div>
    </div>`;
  }

  #failureTitle(): string {
    if (this.job.failure?.kind === 'stopped') return 'Stopped before the end';
    return this.#people > 0
      ? 'This video could not be followed to its end. What was found is shown below.'
      : 'This video could not be followed';
  }

  #damage() {
    const damaged = this.job.report?.decode?.framesDamaged ?? 0;
    if (damaged === 0) return null;
    return html`<div class="notice">
      ${icon('alert')}
      <p>
        ${damaged === 1 ? 'One picture' : `${damaged} pictures`} of the video ${damaged === 1 ? 'was' : 'were'}
        damaged and had to be left out. People may be missing there; the details say where.
      </p>
    </div>`;
  }

  #result(paths: readonly PersonPath[]) {
    const { job } = this;
    if (paths.length === 0) {
      if (job.status === 'FAILED') return null;
      return html`<div class="notice" role="status">
        ${icon('people')}
        <p>
          <strong>Nobody was found.</strong> If there are people in this video, they may be very
          small or dark in it: try again with “Accurate” in the options.
        </p>
      </div>`;
    }
    return html`
      ${
        this.videoProblem === ''
          ? null
          : html`<missing-video
        .text=${this.videoProblem}
        .name=${job.key}
        @video-retry=${this.#retryVideo}
        @video-file=${this.#onVideoFile}
      ></missing-video>`
      }
      <footpath-viewer
        .src=${this.videoUrl}
        .paths=${paths}
        .durationMs=${job.metadata?.DurationMillis ?? 0}
        .frameWidth=${job.metadata?.FrameWidth ?? 16}
        .frameHeight=${job.metadata?.FrameHeight ?? 9}
        @video-unplayable=${() => {
          this.videoProblem =
            'This browser can read this video but not play it, so the paths are shown on a blank picture.';
        }}
      ></footpath-viewer>
      <p class="keys">
        <kbd>Space</kbd> plays and pauses, <kbd>←</kbd> <kbd>→</kbd> step, with <kbd>Shift</kbd> by
        five seconds, <kbd>↑</kbd> <kbd>↓</kbd> go through the people. A dashed box is an estimate: the person was hidden for a moment.
        People are told apart by how they move and by the colours of their clothes. Whoever comes back gets their old number
        where those colours differ enough in this video, and a new one where they do not.
      </p>
    `;
  }

  async #loadPaths(): Promise<void> {
    this.paths = null;
    await this.#attempt.run(async () => {
      this.paths = await this.tracking.getPaths(this.job.jobId);
    });
    this.paths ??= [];
  }

  readonly #loadVideo = async (): Promise<void> => {
    const { bucket, key, version } = this.job;
    try {
      this.#show(await this.tracking.getObject({ Bucket: bucket, Key: key, VersionId: version }));
    } catch (error) {
      this.#show(null);
      this.videoProblem = `The video cannot be shown: ${error instanceof Error ? error.message : error}`;
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
    const stored = await videoOf(this.tracking, this.job).catch(() => undefined);
    if (stored && stored.Size > 0 && stored.Size !== file.size) {
      this.videoProblem = `${shortName(file.name)} is another video: it has ${sizeText(file.size)}, and the one of these paths had ${sizeText(stored.Size)}.`;
    } else {
      this.#show(file);
    }
  };

  #show(video: Blob | URL | null): void {
    if (this.videoUrl?.startsWith('blob:')) URL.revokeObjectURL(this.videoUrl);
    this.videoProblem = '';
    this.videoUrl =
      video === null ? null : video instanceof URL ? video.href : URL.createObjectURL(video);
  }

  /** The player is what this page is about: its keys work wherever the focus is. */
  readonly #onKey = (event: KeyboardEvent): void => {
    this.renderRoot.querySelector<PathViewer>('footpath-viewer')?.handleKey(event);
  };

  get #people(): number {
    return this.paths?.length ?? 0;
  }

  async #download(format: ResultFormat): Promise<void> {
    const { jobId, key } = this.job;
    const file = await resultFile(this.tracking, jobId, format);
    saveFile(file, resultFileName(key, format));
  }

  readonly #delete = async (): Promise<void> => {
    const dialog = this.renderRoot.querySelector('confirm-dialog')!;
    if (!(await dialog.ask(deleteQuestion(this.job.key)))) return;
    await forgetJob(this.tracking, this.job.jobId);
    location.hash = '#/';
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
        .downloads,
        .downloads button:not(.icon-only) {
          flex: 1 1 auto;
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
