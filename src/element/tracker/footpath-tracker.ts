/**
 * Long because one element is its attributes, its template and what it does at each event; its parts are elements of
 * their own.
 */
import { html, type PropertyValues, type TemplateResult } from 'lit';
import type { Analysis } from '../../analytics/analyze.ts';
import type { Scene } from '../../analytics/scene.ts';
import type { JobSettings, JobSummary, PersonTracking } from '../../client/api.ts';
import { Failure, type FailureRecord } from '../../contract/failure.ts';
import type { JobProgress } from '../../engine/job.ts';
import type { QualityChoice } from '../../engine/settings.ts';
import type { ResultManifest } from '../../export/result-manifest.ts';
import type { PersonPath } from '../../track/path.ts';
import { controls } from '../controls.ts';
import { spanText } from '../duration.ts';
import { failureDetail, failureText } from '../failure-text.ts';
import { LocalizedElement } from '../localized.ts';
import { nameBeside, saveFile } from '../save-file.ts';
import { theme } from '../theme.ts';
import { trackerEvent } from './events.ts';
import { acquire, release, type SharedOptions } from './shared-tracking.ts';
import { trackerStyles } from './tracker-styles.ts';

/** Bucket of the videos that elements are given. */
const BUCKET = 'footpath-tracker';

/** Where the element stands. */
type State =
  | { readonly kind: 'empty' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'working'; readonly progress: JobProgress | undefined }
  | { readonly kind: 'failed'; readonly failure: FailureRecord }
  | {
      readonly kind: 'done';
      readonly job: JobSummary;
      readonly paths: readonly PersonPath[];
      readonly src: string | null;
      readonly analysis: Analysis | undefined;
    };

/**
 * `<footpath-tracker>`: takes a video, follows the people in it on the device, and shows the progress, then player,
 * people and timeline. Several on a page share one database and one queue. Removed and put in again, it goes on.
 *
 * @attr src - address of a video on the page's own origin
 * @attr assets - folder of this origin that holds `models/`; default `./` of the page
 * @attr database - name of the database that elements share; default `footpath`
 * @attr quality - `fast`, `balanced` (default), `accurate` or `auto`
 * @attr sample-rate - samples a second, default 15, or `all`
 * @attr scene - what is counted in the finished result: JSON of a scene, or its address on the page's own origin
 * @attr autostart - begins as soon as there is a video, without a click
 * @attr lang - language of its texts; default: the page's
 * @slot - shown where nothing was given yet, in place of the words above the button
 * @slot done - shown above a finished result
 * @csspart drop - the place to drop a video on
 * @csspart progress - the progress bar
 * @csspart button - every button
 * @csspart counts - what was counted by the scene
 * @csspart requests - what the page asked of the network
 * @csspart viewer - the finished result: a `<footpath-viewer>`
 * @cssprop --footpath-accent - colour of buttons, bars and marks
 * @cssprop --footpath-paper - behind everything
 * @cssprop --footpath-card - behind panels
 * @cssprop --footpath-ink - text
 * @cssprop --footpath-font - font family
 * @fires {CustomEvent<JobProgress>} footpath-progress - the job advanced
 * @fires {CustomEvent<{ job: JobSummary, paths: readonly PersonPath[] }>} footpath-complete - the job ended well
 * @fires {CustomEvent<FailureRecord>} footpath-error - the job failed, or could not begin
 * @fires {CustomEvent<{ index: number | null }>} footpath-select - the user picked a person
 */
export class FootpathTracker extends LocalizedElement {
  static override properties = {
    src: {},
    assets: {},
    database: {},
    quality: {},
    sampleRate: { attribute: 'sample-rate' },
    autostart: { type: Boolean },
    scene: {},
    file: { attribute: false },
    settings: { attribute: false },
    state: { state: true },
    over: { state: true },
    problem: { state: true },
  };

  declare src: string | null;
  declare assets: string;
  declare database: string;
  declare quality: QualityChoice | null;
  declare sampleRate: string | null;
  declare autostart: boolean;
  /** Lines and zones to count in the finished result: a scene, JSON of one, or an address of one on the page's own origin. */
  declare scene: Scene | string | null;
  /** A video that the page holds; goes before `src`. */
  declare file: File | Blob | FileSystemFileHandle | null;
  /** Settings of the job, over those of the attributes. */
  declare settings: Partial<JobSettings>;
  declare private state: State;
  declare private over: boolean;
  /** Why the manifest of a finished result could not be had, or empty. */
  declare private problem: FailureRecord | null;

  #jobId: string | undefined;
  #held: { options: SharedOptions; tracking: Promise<PersonTracking> } | undefined;
  #listening: PersonTracking | undefined;
  /** Counts starts and stops, so that what an earlier one waited for changes nothing. */
  #turn = 0;

  constructor() {
    super();
    this.src = null;
    this.assets = './';
    this.database = 'footpath';
    this.quality = null;
    this.sampleRate = null;
    this.autostart = false;
    this.scene = null;
    this.file = null;
    this.settings = {};
    this.state = { kind: 'empty' };
    this.over = false;
    this.problem = null;
  }

  /** Job of the video at hand, for `GetPersonTracking` and the like; undefined before a start. */
  get jobId(): string | undefined {
    return this.#jobId;
  }

  /** Every path of the finished job; empty before. */
  get paths(): readonly PersonPath[] {
    return this.state.kind === 'done' ? this.state.paths : [];
  }

  /** What was counted in the finished result; undefined before, and without a scene. */
  get analysis(): Analysis | undefined {
    return this.state.kind === 'done' ? this.state.analysis : undefined;
  }

  /** The tracking that elements of this database share. */
  get tracking(): Promise<PersonTracking> {
    this.#held ??= this.#hold();
    return this.#held.tracking;
  }

  /**
   * Begins with the video at hand, once the element is in the page. A video that this database has a result of is not looked through again.
   * @returns the job's id, or undefined where it could not begin: then `footpath-error` was fired
   */
  async start(): Promise<string | undefined> {
    // A video that was given just now is looked at first.
    await this.updateComplete;
    const turn = ++this.#turn;
    this.state = { kind: 'working', progress: undefined };
    try {
      const tracking = await this.tracking;
      // A scene that breaks a rule is told before hours of computing.
      await readScene(this.scene);
      const jobId = await this.#startJob(tracking);
      if (turn !== this.#turn) return jobId;
      this.#jobId = jobId;
      await this.#follow(tracking);
      return jobId;
    } catch (error) {
      if (turn === this.#turn) this.#fail(Failure.from(error).toRecord());
      return undefined;
    }
  }

  /** Stops the job; what it found so far is kept with it. */
  async stop(): Promise<void> {
    this.#turn++;
    const jobId = this.#jobId;
    if (this.state.kind !== 'working') return;
    if (jobId === undefined) this.state = { kind: 'ready' };
    else await (await this.tracking).stopJob(jobId);
  }

  /** The picture of the finished result that is on screen, with its boxes, as a JPEG; null before there is one. */
  async picture(): Promise<Blob | null> {
    return (await this.renderRoot.querySelector('footpath-viewer')?.picture()) ?? null;
  }

  /**
   * What the finished result was computed from and with; the video is read once more for its hash.
   * @throws Failure `no-frame` before there is a result; `object-missing` or `object-unreadable` where the video is gone
   */
  async manifest(): Promise<ResultManifest> {
    if (this.#jobId === undefined || this.state.kind !== 'done')
      throw new Failure('no-frame', 'There is no result yet, and so no manifest of one.');
    const { resultManifest } = await import('../../client/result-manifest.ts');
    const { assets } = this;
    return resultManifest(await this.tracking, this.#jobId, { assets });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.#jobId === undefined) return;
    this.tracking
      .then((tracking) => this.#follow(tracking))
      .catch((error) => this.#fail(Failure.from(error).toRecord()));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave();
    if (this.state.kind === 'done' && this.state.src?.startsWith('blob:')) {
      URL.revokeObjectURL(this.state.src);
      this.state = { kind: 'working', progress: undefined };
    }
    if (this.#held) release(this.#held.options);
    this.#held = undefined;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('src') && !changed.has('file')) return;
    // At the first look nothing was given means that nothing changed.
    if (!this.src && !this.file && !this.hasUpdated) return;
    this.#forget();
    this.state = this.src || this.file ? { kind: 'ready' } : { kind: 'empty' };
  }

  protected override updated(changed: PropertyValues<this>): void {
    const hasVideo = changed.has('src') || changed.has('file');
    if (hasVideo && this.autostart && this.state.kind === 'ready') void this.start();
  }

  /** What the video at hand is called; empty without one. */
  get #name(): string {
    return this.file ? nameOf(this.file) : (this.src ?? '');
  }

  protected override render() {
    const { tag, direction } = this.language;
    return html`<div class="tracker" lang=${tag} dir=${direction}>
      ${this.#content()}
      ${this.state.kind === 'empty' ? null : html`<footpath-requests part="requests"></footpath-requests>`}
    </div>`;
  }

  #content(): TemplateResult {
    const { state, language } = this;
    switch (state.kind) {
      case 'empty':
        return this.#dropZone();
      case 'ready':
        return html`<div class="panel">
          <button part="button" class="primary" @click=${this.start}>${language.say('tracker.start')}</button>
          <p class="hint">${language.say('tracker.privacy')}</p>
        </div>`;
      case 'working':
        return this.#progress(state.progress);
      case 'failed':
        return html`<div class="panel" role="alert">
          <p class="title">${language.say(state.failure.kind === 'stopped' ? 'tracker.stopped' : 'tracker.failed')}</p>
          ${this.#name === '' ? null : html`<p class="hint">${this.#name}</p>`}
          ${state.failure.kind === 'stopped' ? null : this.#reason(state.failure)}
          <div class="buttons">
            <button part="button" @click=${this.start}>${language.say('tracker.again')}</button>
            ${this.#anotherButton()}
          </div>
        </div>`;
      case 'done':
        return html`
          <slot name="done"></slot>
          <p class="count" role="status">${language.say('people', { count: state.paths.length })}</p>
          ${this.#counts(state.analysis)}
          ${state.src === null ? html`<p class="hint">${language.say('tracker.not-shown')}</p>` : null}
          <footpath-viewer
            part="viewer"
            .src=${state.src}
            .paths=${state.paths}
            .durationMs=${state.job.metadata?.DurationMillis ?? 0}
            .frameWidth=${state.job.metadata?.FrameWidth ?? 16}
            .frameHeight=${state.job.metadata?.FrameHeight ?? 9}
            @person-choose=${(event: CustomEvent<number | null>) =>
              this.dispatchEvent(trackerEvent('footpath-select', { index: event.detail }))}
          ></footpath-viewer>
          <div class="buttons">
            <button part="button" @click=${this.#saveManifest}>${language.say('tracker.manifest')}</button>
            ${this.#anotherButton()}
          </div>
          ${this.problem === null ? null : html`<div role="alert">${this.#reason(this.problem)}</div>`}
        `;
    }
  }

  #counts(analysis: Analysis | undefined) {
    if (!analysis) return null;
    const { language } = this;
    return html`<ul class="counts" part="counts">
      ${analysis.lines.map(
        ({ line, in: inwards, out }) =>
          html`<li>${language.say('counts.line', { name: line.name, in: inwards, out })}</li>`,
      )}
      ${analysis.zones.map(({ zone, people, meanDwellMs }) => {
        const visited = language.say('counts.zone', { name: zone.name, count: people });
        return html`<li>
          ${
            meanDwellMs === undefined
              ? visited
              : language.say('counts.dwell', {
                  zone: visited,
                  time: spanText(language, meanDwellMs),
                })
          }
        </li>`;
      })}
    </ul>`;
  }

  #reason(failure: FailureRecord) {
    const { language } = this;
    const detail = failureDetail(language, failure);
    return html`<p class="reason" dir="auto">${failureText(language, failure)}</p>
      ${detail === undefined ? null : html`<p class="hint" lang="en" dir="ltr">${detail}</p>`}`;
  }

  readonly #saveManifest = async (): Promise<void> => {
    this.problem = null;
    try {
      const text = `${JSON.stringify(await this.manifest(), undefined, 2)}\n`;
      const file = new Blob([text], { type: 'application/json' });
      saveFile(file, nameBeside(this.#name, 'manifest.json'));
    } catch (error) {
      const failure = Failure.from(error).toRecord();
      this.problem = failure;
      this.dispatchEvent(trackerEvent('footpath-error', failure));
    }
  };

  /** Only where the user chose the video: what the page gave, the page changes. */
  #anotherButton() {
    if (this.src) return null;
    return html`<button
      part="button"
      @click=${() => {
        this.file = null;
      }}
    >
      ${this.language.say('tracker.another')}
    </button>`;
  }

  /** Files are taken from their first moment over any part: without a word to both events, the browser lets none fall. */
  readonly #onDrag = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.over = true;
  };

  #dropZone(): TemplateResult {
    const { language } = this;
    return html`<div
      part="drop"
      class=${this.over ? 'panel zone over' : 'panel zone'}
      @dragenter=${this.#onDrag}
      @dragover=${this.#onDrag}
      @dragleave=${() => {
        this.over = false;
      }}
      @drop=${(event: DragEvent) => {
        event.preventDefault();
        this.over = false;
        this.#take(event.dataTransfer?.files[0]);
      }}
    >
      <slot><p class="title">${language.say(this.over ? 'tracker.release' : 'tracker.drop')}</p></slot>
      <button
        part="button"
        class="primary"
        @click=${() => this.renderRoot.querySelector('input')!.click()}
      >
        ${language.say('tracker.choose')}
      </button>
      <p class="hint">${language.say('tracker.privacy')}</p>
      <input
        type="file"
        accept="video/*,.mkv,.ts,.m2ts"
        hidden
        @change=${(event: Event) => this.#take((event.target as HTMLInputElement).files?.[0])}
      />
    </div>`;
  }

  #progress(progress: JobProgress | undefined): TemplateResult {
    const { language } = this;
    const share =
      progress?.stage === 'tracking' && progress.samplesTotal > 0
        ? Math.min(0.99, progress.samplesDone / progress.samplesTotal)
        : undefined;
    const minutes = Math.max(1, Math.round((progress?.secondsLeft ?? 0) / 60));
    return html`<div class="panel">
      <p class="title" role="status">${language.say(`stage.${progress?.stage ?? 'opening'}`)}</p>
      <progress
        part="progress"
        aria-label=${language.say('tracker.progress')}
        max="1"
        .value=${share ?? 0}
        ?data-unknown=${share === undefined}
      ></progress>
      <p class="hint">
        ${progress?.peopleSoFar === undefined ? null : language.say('paths.so-far', { count: progress.peopleSoFar })}
        ${
          progress?.stage === 'tracking' && progress.secondsLeft !== null
            ? html`<span>${language.say('minutes-left', { count: minutes })}</span>`
            : null
        }
      </p>
      <button part="button" @click=${this.stop}>${language.say('tracker.stop')}</button>
    </div>`;
  }

  #take(file: File | undefined): void {
    if (!file) return;
    this.file = file;
    // Somebody who chose a video wants it looked through.
    if (!this.autostart) void this.updateComplete.then(() => this.start());
  }

  #hold() {
    const options = { assets: this.assets, database: this.database };
    return { options, tracking: acquire(options) };
  }

  async #startJob(tracking: PersonTracking): Promise<string> {
    const { file, src } = this;
    if (!file && !src)
      throw new Failure('object-missing', 'There is no video: set src, or file, before start.');
    const stored = await tracking.putObject(
      file
        ? { Bucket: BUCKET, Key: nameOf(file), Body: file as File }
        : { Bucket: BUCKET, Key: src!.slice(0, 1024), Body: ownAddress('src', src!) },
    );
    const settings: Partial<JobSettings> = {
      ...(this.quality === null ? {} : { quality: this.quality }),
      ...(this.sampleRate === null
        ? {}
        : { sampleRate: this.sampleRate === 'all' ? 'all' : Number(this.sampleRate) }),
      ...this.settings,
    };
    const { Key, VersionId } = stored;
    const jobs = await tracking.listJobs();
    const done = jobs.find(
      (job) =>
        job.bucket === BUCKET &&
        job.key === Key &&
        job.version === VersionId &&
        job.status !== 'FAILED' &&
        Object.entries(settings).every(
          ([name, value]) => job.settings[name as keyof typeof job.settings] === value,
        ),
    );
    if (done) return done.jobId;
    const { JobId } = await tracking.startPersonTracking(
      { Video: { S3Object: { Bucket: BUCKET, Name: Key, Version: VersionId } } },
      settings,
    );
    return JobId;
  }

  /** Listens to the job at hand, and looks how it stands. */
  async #follow(tracking: PersonTracking): Promise<void> {
    if (!this.isConnected) return;
    if (this.#listening !== tracking) {
      this.#leave();
      tracking.addEventListener('progress', this.#onProgress);
      tracking.addEventListener('completion', this.#onChange);
      tracking.addEventListener('change', this.#onChange);
      this.#listening = tracking;
    }
    await this.#look(tracking);
  }

  #leave(): void {
    this.#listening?.removeEventListener('progress', this.#onProgress as EventListener);
    this.#listening?.removeEventListener('completion', this.#onChange);
    this.#listening?.removeEventListener('change', this.#onChange);
    this.#listening = undefined;
  }

  readonly #onProgress = (event: CustomEvent<JobProgress>): void => {
    if (event.detail.jobId !== this.#jobId || this.state.kind !== 'working') return;
    this.state = { kind: 'working', progress: event.detail };
    this.dispatchEvent(trackerEvent('footpath-progress', event.detail));
  };

  readonly #onChange = (): void => {
    if (this.state.kind === 'working' && this.#listening) void this.#look(this.#listening);
  };

  async #look(tracking: PersonTracking): Promise<void> {
    const jobId = this.#jobId;
    if (jobId === undefined) return;
    try {
      const job = await tracking.getJob(jobId);
      if (jobId !== this.#jobId) return;
      if (job.status === 'IN_PROGRESS') {
        this.state = { kind: 'working', progress: job.progress };
        return;
      }
      if (job.status === 'FAILED') {
        if (this.state.kind !== 'failed') this.#fail(job.failure!);
        return;
      }
      const scene = await readScene(this.scene);
      const [paths, src, analysis] = await Promise.all([
        tracking.getPaths(jobId),
        addressOf(tracking, job),
        scene && tracking.analyze(jobId, scene),
      ]);
      if (jobId !== this.#jobId || this.state.kind === 'done' || !this.isConnected) {
        if (src?.startsWith('blob:')) URL.revokeObjectURL(src);
        return;
      }
      this.state = { kind: 'done', job, paths, src, analysis };
      await this.updateComplete;
      this.dispatchEvent(
        trackerEvent('footpath-complete', { job, paths, ...(analysis && { analysis }) }),
      );
    } catch (error) {
      if (jobId === this.#jobId) this.#fail(Failure.from(error).toRecord());
    }
  }

  #fail(failure: FailureRecord): void {
    this.state = { kind: 'failed', failure };
    this.dispatchEvent(trackerEvent('footpath-error', failure));
  }

  /** Another video: the job of the one before goes on by itself. */
  #forget(): void {
    this.#turn++;
    this.#jobId = undefined;
    if (this.state.kind === 'done' && this.state.src?.startsWith('blob:'))
      URL.revokeObjectURL(this.state.src);
  }

  static override styles = [theme, controls, trackerStyles];
}

/**
 * A scene as an element is given one.
 * @throws Failure `scene-invalid` that names the place, the rule and the value, or the address that cannot be had
 */
async function readScene(given: Scene | string | null): Promise<Scene | undefined> {
  if (given === null || given === '') return undefined;
  const { parseScene } = await import('../../client/person-tracking.ts');
  try {
    if (typeof given !== 'string' || given.trim().startsWith('{')) return parseScene(given);
    const answer = await fetch(ownAddress('scene', given));
    if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}.`);
    return parseScene(await answer.text());
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure('scene-invalid', error instanceof Error ? error.message : String(error));
  }
}

function nameOf(file: File | Blob | FileSystemFileHandle): string {
  return ('name' in file ? file.name : 'video').slice(0, 1024);
}

/** @throws Failure where the address is none of this origin that can be asked for */
function ownAddress(name: 'src' | 'scene', given: string): URL {
  const url = URL.canParse(given, document.baseURI) ? new URL(given, document.baseURI) : undefined;
  if (url?.origin === location.origin) return url;
  throw new Failure(
    'object-unreadable',
    `${name} must be an address of this page's own origin (${location.origin}); it is ${given}.`,
  );
}

/** An address that plays the job's video, or null where it cannot be read any more. */
async function addressOf(tracking: PersonTracking, job: JobSummary): Promise<string | null> {
  const { bucket, key, version } = job;
  try {
    const body = await tracking.getObject({ Bucket: bucket, Key: key, VersionId: version });
    return body instanceof Blob ? URL.createObjectURL(body) : body.href;
  } catch {
    return null;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'footpath-tracker': FootpathTracker;
  }
}
