import { css, html, type PropertyValues } from 'lit';
import type { Analysis } from '../../analytics/analyze.ts';
import type { JobSummary, PersonTracking } from '../../client/api.ts';
import type { Recording } from '../counting/recording.ts';
import '../counting/report-sheet.ts';
import { controls } from '../../element/controls.ts';
import { icon } from '../../element/icons.ts';
import { KeepFocus } from '../../element/keep-focus.ts';
import { theme } from '../../element/theme.ts';
import { AppElement } from '../app-element.ts';
import { analyzeJob, sceneOfJob } from '../counting/scene-of-job.ts';
import { videoStill } from '../counting/video-still.ts';
import { Attempt } from '../host/attempt.ts';
import { focusHeading } from '../host/focus-heading.ts';
import { jobHash } from '../route.ts';
import { arePeopleSmall } from '../small-people.ts';

/** Pixels that a picture on half a page of paper needs at 200 a inch. */
const STILL_WIDTH = 800;

/** `<report-screen>`: a result on one page, to print or to save. */
export class ReportScreen extends AppElement {
  static override properties = {
    tracking: { attribute: false },
    job: { attribute: false },
    counted: { state: true },
    still: { state: true },
  };

  declare tracking: PersonTracking;
  declare job: JobSummary;
  /** Null while it is being counted. */
  declare private counted: {
    readonly analysis: Analysis;
    readonly recording: Recording;
    readonly isSmall: boolean;
  } | null;
  /** Address of a picture of the video, or empty. */
  declare private still: string;

  readonly #attempt = new Attempt(this);
  #loadedJob = '';

  constructor() {
    super();
    this.counted = null;
    this.still = '';
    // Its heading comes with the counts, in place of the one that stood for it.
    new KeepFocus(this, () => {
      const sheet = this.renderRoot.querySelector('report-sheet');
      if (sheet) void focusHeading(sheet);
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#show(undefined);
    this.#loadedJob = '';
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('job') || this.job.jobId === this.#loadedJob) return;
    this.#loadedJob = this.job.jobId;
    this.counted = null;
    this.#show(undefined);
    void this.#attempt.run(this.#load);
  }

  protected override render() {
    const { counted, job, language } = this;
    return html`
      <div class="bar">
        <a class="button quiet" href=${jobHash(job.jobId)}>${icon('back')} ${language.say('sheet.back')}</a>
        <button class="primary" ?disabled=${!counted} @click=${() => window.print()}>
          ${icon('print')} ${language.say('sheet.print')}
        </button>
      </div>
      ${this.#attempt.notice}
      ${
        counted && counted.analysis.scene.lines.length + counted.analysis.scene.zones.length === 0
          ? html`<div class="notice">${icon('line')}<p>${language.say('sheet.empty')}</p></div>`
          : null
      }
      ${
        counted
          ? html`<report-sheet
              .job=${job}
              .analysis=${counted.analysis}
              .recording=${counted.recording}
              .still=${this.still}
              .isSmall=${counted.isSmall}
            ></report-sheet>`
          : html`<h1>${language.say('sheet.button')}</h1>`
      }
    `;
  }

  readonly #load = async (): Promise<void> => {
    const { job, tracking } = this;
    const [paths, { scene, recording }] = await Promise.all([
      tracking.getPaths(job.jobId),
      sceneOfJob(tracking, job),
    ]);
    // Another report may be shown by now.
    if (job.jobId !== this.#loadedJob) return;
    this.counted = {
      recording,
      analysis: analyzeJob(job, paths, scene, recording),
      isSmall: arePeopleSmall(paths, job.report?.detector),
    };
    const picture = await this.#picture().catch(() => undefined);
    if (job.jobId === this.#loadedJob) this.#show(picture);
  };

  #show(picture: Blob | undefined): void {
    URL.revokeObjectURL(this.still);
    this.still = picture ? URL.createObjectURL(picture) : '';
  }

  async #picture(): Promise<Blob | undefined> {
    const { bucket, key, version } = this.job;
    const video = await this.tracking.getObject({ Bucket: bucket, Key: key, VersionId: version });
    if (video instanceof URL) return videoStill(video.href, STILL_WIDTH);
    const address = URL.createObjectURL(video);
    try {
      return await videoStill(address, STILL_WIDTH);
    } finally {
      URL.revokeObjectURL(address);
    }
  }

  static override styles = [
    theme,
    controls,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 1rem;
        max-width: 60rem;
        margin-inline: auto;
        padding-block: 1rem 2rem;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
        justify-content: space-between;
      }
      @media print {
        :host {
          display: block;
          max-width: none;
          padding: 0;
        }
        .bar {
          display: none;
        }
      }
    `,
  ];
}

customElements.define('report-screen', ReportScreen);
