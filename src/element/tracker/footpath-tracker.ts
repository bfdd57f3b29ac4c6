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
import { giveDefaults } from '../give-defaults.ts';
import { KeepFocus } from '../keep-focus.ts';
import { LocalizedElement } from '../localized.ts';
import { nameBeside, saveFile } from '../save-file.ts';
import { ownText, theme } from '../theme.ts';
import { ACCEPTED_VIDEOS, isKnownVideo } from '../video-files.ts';
import { type TrackerEventMap, trackerEvent } from './events.ts';
import { readScene } from './given-scene.ts';
import { jobOfVideo, releaseAddress, videoAddress, videoName } from './given-video.ts';
import { countsList, failureReason, progressPanel } from './panels.ts';
import { ReadableSize } from './readable-size.ts';
import { acquire, type Hold, type SharedOptions } from './shared-tracking.ts';
import { trackerStyles } from './tracker-styles.ts';

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

/** What a page may set of it; frameworks are told by their types. */
export type TrackerProperty =
  | 'src'
  | 'file'
  | 'assets'
  | 'database'
  | 'quality'
  | 'sampleRate'
  | 'scene'
  | 'autostart'
  | 'settings';

/** What holds where nothing is given, and where a page takes away what it gave; made anew, for a page may write into `settings`. */
const notGiven = () =>
  ({
    src: null,
    file: null,
    assets: './',
    database: 'footpath',
    quality: null,
    sampleRate: null,
    scene: null,
    autostart: false,
    settings: {},
  }) satisfies Pick<FootpathTracker, TrackerProperty>;

/** Whether a video is another one: nothing in place of nothing, however it is written, is none. */
const isOther = (now: unknown, before: unknown) => (now || null) !== (before || null);

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
 * @cssprop --footpath-paper - behind everything; default: nothing
 * @cssprop --footpath-card - behind panels
 * @cssprop --footpath-ink - text
 * @cssprop --footpath-font - font family
 * @fires {CustomEvent<JobProgress>} footpath-progress - the job advanced
 * @fires {CustomEvent<{ job: JobSummary, paths: readonly PersonPath[] }>} footpath-complete - the job ended well
 * @fires {CustomEvent<FailureRecord>} footpath-error - the job failed, or could not begin
 * @fires {CustomEvent<{ index: number | null }>} footpath-select - the user picked a person
 */
export class FootpathTracker extends LocalizedElement {
  static override properties: Record<TrackerProperty | 'state' | 'over' | 'problem', object> = {
    src: { hasChanged: isOther },
    assets: {},
    database: {},
    quality: {},
    sampleRate: { attribute: 'sample-rate' },
    autostart: { type: Boolean },
    scene: {},
    file: { attribute: false, hasChanged: isOther },
    settings: { attribute: false },
    state: { state: true },
    over: { state: true },
    problem: { state: true },
  };

  declare src: string | null;
  declare assets: string | null;
  declare database: string | null;
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
  /** Why the manifest or the counts of a finished result could not be had, or empty. */
  declare private problem: FailureRecord | null;

  #jobId: string | undefined;
  readonly #size = new ReadableSize(this);
  /** The start under way: the job that it found or began. */
  #starting: Promise<string | undefined> | undefined;
  /** Whether the end of the job at hand was told of. */
  #told = false;
  /** Where the job at hand is; the attributes say it anew at each start. */
  #place: SharedOptions | undefined;
  #held: Hold | undefined;
  #listening: PersonTracking | undefined;
  /** Counts starts and stops as they are called: the last one counts. */
  #calls = 0;
  /** Counts starts, stops and videos, so that what an earlier one waited for changes nothing. */
  #turn = 0;
  /** The video that was taken of several files that the user gave at once. */
  #ofSeveral: { readonly file: File; readonly count: number } | undefined;
  /** Counting by a scene that was given to a finished result. */
  #counting: Promise<void> | undefined;

  constructor() {
    super();
    Object.assign(this, notGiven());
    this.state = { kind: 'empty' };
    this.over = false;
    this.problem = null;
    new KeepFocus(this, () => {
      const next = this.renderRoot.querySelector<HTMLElement>('.panel button, .count');
      next?.focus({ preventScroll: true });
    });
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
    const { assets, database } = notGiven();
    this.#place ??= { assets: this.assets || assets, database: this.database || database };
    this.#held ??= acquire(this.#place);
    return this.#held.tracking;
  }

  /**
   * Begins with the video at hand, once the element is in the page. A video that this database has a result of is not looked through again.
   * @returns the job's id, or undefined where it could not begin: then `footpath-error` was fired, unless a stop, another start
   * or another video came before
   */
  async start(): Promise<string | undefined> {
    const call = ++this.#calls;
    // A video that was given just now is looked at first.
    await this.updateComplete;
    if (call !== this.#calls) return undefined;
    this.#forget();
    this.#letGo();
    this.#place = undefined;
    const turn = this.#turn;
    this.state = { kind: 'working', progress: undefined };
    try {
      this.#starting = this.#begin(() => turn === this.#turn);
      const jobId = await this.#starting;
      if (turn !== this.#turn) return jobId;
      this.#jobId = jobId;
      await this.#follow();
      return jobId;
    } catch (error) {
      if (turn === this.#turn) this.#fail(Failure.from(error).toRecord());
      return undefined;
    }
  }

  /** @param isWanted whether no stop, start or other video came meanwhile */
  async #begin(isWanted: () => boolean): Promise<string | undefined> {
    const tracking = await this.tracking;
    // A scene that breaks a rule is told before hours of computing.
    await readScene(this.scene);
    return jobOfVideo(tracking, this, this.#jobSettings, isWanted);
  }

  /** Stops the job; what it found so far is kept with it. */
  async stop(): Promise<void> {
    this.#calls++;
    this.#turn++;
    if (this.state.kind !== 'working') return;
    const { tracking } = this;
    if (this.#jobId === undefined) this.state = { kind: 'ready' };
    // One that is being begun is stopped as soon as it is there.
    const jobId = this.#jobId ?? (await this.#starting?.catch(() => undefined));
    if (jobId !== undefined) await (await tracking).stopJob(jobId);
    if (!this.isConnected) this.#letGo();
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
    const { assets } = this.#place!;
    return resultManifest(await this.tracking, this.#jobId, { assets });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.#jobId === undefined) return;
    this.#follow().catch((error) => this.#fail(Failure.from(error).toRecord()));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.state.kind === 'done' && this.state.src?.startsWith('blob:')) {
      releaseAddress(this.state.src);
      this.state = { kind: 'working', progress: undefined };
    }
    this.#letGo();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    giveDefaults<Pick<FootpathTracker, TrackerProperty>>(this, notGiven());
    if (changed.has('scene')) this.problem = null;
    if (!changed.has('src') && !changed.has('file')) return;
    this.#forget();
    this.state = this.src || this.file ? { kind: 'ready' } : { kind: 'empty' };
  }

  protected override updated(changed: PropertyValues<this>): void {
    const hasVideo = changed.has('src') || changed.has('file');
    if (hasVideo && this.autostart && this.state.kind === 'ready') void this.start();
    if (changed.has('scene') && this.state.kind === 'done') this.#counting = this.#countAnew();
  }

  /** Counted by a scene that was given to a finished result, too. */
  protected override async getUpdateComplete(): Promise<boolean> {
    const complete = await super.getUpdateComplete();
    const counting = this.#counting;
    if (!counting) return complete;
    await counting;
    // Another scene may have been given meanwhile.
    if (this.#counting === counting) this.#counting = undefined;
    return this.getUpdateComplete();
  }

  protected override render() {
    const { tag, direction } = this.language;
    return html`<div
      class="tracker"
      .style=${`zoom: ${this.#size.zoom}`}
      lang=${tag}
      dir=${direction}
      @dragenter=${this.#onDrag}
      @dragover=${this.#onDrag}
      @dragleave=${() => {
        this.over = false;
      }}
      @drop=${this.#onDrop}
      @paste=${this.#onPaste}
    >
      <p class="visually-hidden" role="status">${this.#said}</p>
      ${this.#several === '' ? null : html`<p class="hint several">${this.#several}</p>`}
      ${this.#content()}
      ${this.state.kind === 'empty' ? null : html`<footpath-requests part="requests"></footpath-requests>`}
    </div>`;
  }

  /** What screen readers are told, in a place that was there before: of one that comes with its words many say nothing. */
  get #said(): string {
    const { state, language } = this;
    if (state.kind === 'done') return language.say('people', { count: state.paths.length });
    if (state.kind !== 'working') return '';
    const stage = language.say(`stage.${state.progress?.stage ?? 'opening'}`);
    return [this.#several, stage].filter((text) => text !== '').join(' ');
  }

  /** Which of several files is looked through; empty where one was given. */
  get #several(): string {
    const { file, count } = this.#ofSeveral ?? {};
    if (!file || !count || file !== this.file) return '';
    return this.language.say('tracker.one-of', { name: file.name, count });
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
        return progressPanel(language, state.progress, this.stop);
      case 'failed':
        return html`<div class="panel" role="alert">
          <p class="title">${language.say(state.failure.kind === 'stopped' ? 'tracker.stopped' : 'tracker.failed')}</p>
          ${videoName(this) === '' ? null : html`<p class="hint">${videoName(this)}</p>`}
          ${state.failure.kind === 'stopped' ? null : failureReason(language, state.failure)}
          <div class="buttons">
            <button part="button" @click=${this.start}>${language.say('tracker.again')}</button>
            ${this.#anotherButton()}
          </div>
        </div>`;
      case 'done':
        return html`
          <slot name="done"></slot>
          <p class="count" tabindex="-1">${language.say('people', { count: state.paths.length })}</p>
          ${state.analysis === undefined ? null : countsList(language, state.analysis)}
          ${state.src === null ? html`<p class="hint">${language.say('tracker.not-shown')}</p>` : null}
          <footpath-viewer
            part="viewer"
            .src=${state.src}
            .paths=${state.paths}
            .durationMs=${state.job.metadata?.DurationMillis ?? 0}
            .frameWidth=${state.job.metadata?.FrameWidth ?? 16}
            .frameHeight=${state.job.metadata?.FrameHeight ?? 9}
            .videoStartMs=${state.job.videoStartMs ?? 0}
            @person-choose=${(event: CustomEvent<number | null>) =>
              this.dispatchEvent(trackerEvent('footpath-select', { index: event.detail }))}
          ></footpath-viewer>
          <div class="buttons">
            <button part="button" @click=${this.#saveManifest}>${language.say('tracker.manifest')}</button>
            ${this.#anotherButton()}
          </div>
          ${this.problem === null ? null : html`<div role="alert">${failureReason(language, this.problem)}</div>`}
        `;
    }
  }

  readonly #saveManifest = async (): Promise<void> => {
    this.problem = null;
    try {
      const manifest = await this.manifest();
      const { manifestText } = await import('../../export/result-manifest.ts');
      const file = new Blob([manifestText(manifest)], { type: 'application/json' });
      saveFile(file, nameBeside(videoName(this), 'manifest.json'));
    } catch (error) {
      this.#report(error);
    }
  };

  /** Tells what went wrong with a result that stays. */
  #report(error: unknown): void {
    const failure = Failure.from(error).toRecord();
    this.problem = failure;
    this.dispatchEvent(trackerEvent('footpath-error', failure));
  }

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

  /** Whether a file that falls here is the next video: not beside a job at work, nor in place of what the page gave. */
  get #takesFiles(): boolean {
    return this.state.kind !== 'working' && !this.src;
  }

  /**
   * Files are taken from their first moment over any part: without a word to both events, the browser lets none fall. Those that are not
   * wanted are heard of too, since the browser would open them in place of the page.
   */
  readonly #onDrag = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.over = this.#takesFiles;
    if (!this.over) event.dataTransfer.dropEffect = 'none';
  };

  readonly #onDrop = (event: DragEvent): void => {
    this.over = false;
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    if (this.#takesFiles) this.#take(event.dataTransfer.files);
  };

  readonly #onPaste = (event: ClipboardEvent): void => {
    if (this.#takesFiles) this.#take(event.clipboardData?.files ?? []);
  };

  #dropZone(): TemplateResult {
    const { language } = this;
    return html`<div
      part="drop"
      class=${this.over ? 'panel zone over' : 'panel zone'}
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
        accept=${ACCEPTED_VIDEOS}
        hidden
        @change=${(event: Event) => this.#take((event.target as HTMLInputElement).files ?? [])}
      />
    </div>`;
  }

  /** One video at a time: of several files the first that is one. */
  #take(given: Iterable<File>): void {
    const files = [...given];
    const file = files.find(isKnownVideo) ?? files[0];
    if (!file) return;
    this.#ofSeveral = files.length > 1 ? { file, count: files.length } : undefined;
    this.file = file;
    // Somebody who chose a video wants it looked through.
    if (!this.autostart) void this.updateComplete.then(() => this.start());
  }

  /** Gives the shared tracking back. */
  #letGo(): void {
    this.#leave();
    this.#held?.release();
    this.#held = undefined;
  }

  get #jobSettings(): Partial<JobSettings> {
    const { quality, sampleRate } = this;
    const rate = Number(sampleRate);
    return {
      ...(quality === null ? {} : { quality }),
      // What is no number stays as it was written: `all`, or what the message that refuses it shall show.
      ...(sampleRate === null
        ? {}
        : { sampleRate: Number.isNaN(rate) ? (sampleRate as 'all') : rate }),
      ...this.settings,
    };
  }

  /** Listens to the job at hand, and looks how it stands. */
  async #follow(): Promise<void> {
    if (!this.isConnected) return;
    const tracking = await this.tracking;
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
    this.#listening?.removeEventListener('progress', this.#onProgress);
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
      const given = this.scene;
      const scene = await readScene(given);
      const [paths, src, analysis] = await Promise.all([
        tracking.getPaths(jobId),
        videoAddress(tracking, job),
        scene && tracking.analyze(jobId, scene),
      ]);
      if (jobId !== this.#jobId || this.state.kind === 'done' || !this.isConnected) {
        releaseAddress(src);
        return;
      }
      this.state = { kind: 'done', job, paths, src, analysis };
      if (this.scene !== given) this.#counting = this.#countAnew();
      await this.updateComplete;
      if (this.#told) return;
      this.#told = true;
      const counted = this.analysis && { analysis: this.analysis };
      this.dispatchEvent(trackerEvent('footpath-complete', { job, paths, ...counted }));
    } catch (error) {
      if (jobId === this.#jobId) this.#fail(Failure.from(error).toRecord());
    }
  }

  /** Counts a finished result by the scene that the element has now. */
  async #countAnew(): Promise<void> {
    const { scene, state } = this;
    const jobId = this.#jobId;
    if (state.kind !== 'done' || jobId === undefined) return;
    let analysis: Analysis | undefined;
    try {
      const read = await readScene(scene);
      analysis = read && (await (await this.tracking).analyze(jobId, read));
    } catch (error) {
      if (this.scene === scene && this.#jobId === jobId) this.#report(error);
    }
    if (this.scene === scene && this.#jobId === jobId && this.state.kind === 'done')
      this.state = { ...this.state, analysis };
  }

  #fail(failure: FailureRecord): void {
    this.state = { kind: 'failed', failure };
    this.dispatchEvent(trackerEvent('footpath-error', failure));
  }

  /** Another video: the job of the one before goes on by itself. */
  #forget(): void {
    this.#turn++;
    this.#jobId = undefined;
    this.#starting = undefined;
    this.#told = false;
    this.problem = null;
    if (this.state.kind === 'done') releaseAddress(this.state.src);
  }

  static override styles = [theme, ownText, controls, trackerStyles];
}

declare global {
  /** They bubble: whatever they pass may listen. */
  interface GlobalEventHandlersEventMap extends TrackerEventMap {}
  interface HTMLElementTagNameMap {
    'footpath-tracker': FootpathTracker;
  }
}
