/**
 * Long because one element is its template and what it does at each event; the parts are elements of their own.
 */
import { css, html, LitElement, type PropertyValues } from 'lit';
import { type Analysis, type Analyzer, analyzerOf } from '../../analytics/analyze.ts';
import { EMPTY_SCENE, type Scene } from '../../analytics/scene.ts';
import type { JobSummary, PersonTracking } from '../../client/api.ts';
import { usesKey } from '../../element/key-use.ts';
import type { PathViewer } from '../../element/path-viewer.ts';
import { theme } from '../../element/theme.ts';
import type { PersonPath } from '../../track/path.ts';
import { Attempt } from '../host/attempt.ts';
import './count-panel.ts';
import type { MomentOpenEvent } from './moment-list.ts';
import './heat-picture.ts';
import type { RouteMoment } from '../route.ts';
import { type Recording, recordingOf } from './recording.ts';
import { countedWith, sceneOfJob } from './scene-of-job.ts';
import './scene-editor.ts';
import type { DrawTool } from './scene-editor.ts';
import { isSameScene, nameShape, removeShape, shapesOf, swapSides } from './scene-edits.ts';
import { SceneSync } from './scene-sync.ts';
import type { ShapeNameEvent } from './shape-cards.ts';
import { UndoHistory } from './undo-history.ts';

/** A scene is counted while it is being dragged where that takes no longer than this, in milliseconds. */
const LIVE_MS = 40;

/** Properties on which the counts depend. */
const COUNTED_BY = ['paths', 'shown', 'recording'] as const;

/**
 * `<counted-result>`: a finished job to look at and to count: the viewer, the lines and zones over its picture, and what
 * was counted. The scene is kept under the camera's name with every change.
 *
 * @fires counts-change - {@link CountedResult.analysis} is another
 * @fires video-unplayable - the browser cannot play the video
 */
export class CountedResult extends LitElement {
  static override properties = {
    tracking: { attribute: false },
    job: { attribute: false },
    paths: { attribute: false },
    src: {},
    moment: { attribute: false },
    shown: { state: true },
    scenes: { state: true },
    recording: { state: true },
    selected: { state: true },
    tool: { state: true },
    heat: { state: true },
  };

  declare tracking: PersonTracking;
  declare job: JobSummary;
  declare paths: readonly PersonPath[];
  /** Address of the video, or null for a blank frame. */
  declare src: string | null;
  /** A moment to show once, with its person, or null. */
  declare moment: RouteMoment | null;
  /** The scene on screen, without a clock: the last of the history, or what is being dragged. */
  declare private shown: Scene;
  /** The scenes that are kept. */
  declare private scenes: readonly Scene[];
  declare private recording: Recording;
  declare private selected: string | null;
  declare private tool: DrawTool;
  declare private heat: boolean;

  readonly #attempt = new Attempt(this);
  readonly #sync = new SceneSync(this, {
    tracking: () => this.tracking,
    shown: () => (this.#isReady && this.shown === this.#history.present ? this.shown : null),
    take: (kept) => this.#take(kept),
  });
  #history = new UndoHistory<Scene>(EMPTY_SCENE);
  #jobs: readonly JobSummary[] = [];
  #loadedJob = '';
  /** Whether the camera's scene is there: what is drawn before would be kept in its place. */
  #isReady = false;
  /** Whether it was looked for, and counting begins: paths of a day take their time, and once is enough. */
  #isLookedFor = false;
  #analyzer: Analyzer | null = null;
  #analysis: Analysis | null = null;
  #analysisMs = 0;

  constructor() {
    super();
    this.src = null;
    this.moment = null;
    this.shown = EMPTY_SCENE;
    this.scenes = [];
    this.selected = null;
    this.tool = null;
    this.heat = false;
  }

  /** What was counted last; null before there was anything. */
  get analysis(): Analysis | null {
    return this.#analysis;
  }

  /** Passes a key of another place on the page on. */
  handleKey(event: KeyboardEvent): void {
    // In a field undo is the field's, and under a dialog nothing changes.
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !usesKey(event)) {
      const key = event.key.toLowerCase();
      const step =
        key === 'z' && !event.shiftKey ? 'undo' : key === 'y' || key === 'z' ? 'redo' : null;
      if (step) {
        event.preventDefault();
        this.#step(step);
        return;
      }
    }
    if (event.key === 'Escape' && this.tool) {
      this.tool = null;
      return;
    }
    this.#viewer?.handleKey(event);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('job')) {
      const recording = recordingOf(this.job, this.#jobs);
      const isOther = JSON.stringify(recording) !== JSON.stringify(this.recording);
      if (isOther) this.recording = recording;
      if (this.job.jobId !== this.#loadedJob) {
        this.#loadedJob = this.job.jobId;
        void this.#attempt.run(this.#load);
      } else if (isOther) void this.#attempt.run(() => this.#sync.look());
    }
    if (changed.has('paths')) this.#analyzer = null;
    if (!this.#isLookedFor) return;
    const isCounted = COUNTED_BY.every((name) => !(changed as Map<PropertyKey, unknown>).has(name));
    if (isCounted && this.#analysis) return;
    const isDragged = this.shown !== this.#history.present;
    if (isDragged && this.#analysis && this.#analysisMs > LIVE_MS) return;
    const start = performance.now();
    const [scene, video] = countedWith(this.job, this.shown, this.recording);
    this.#analyzer ??= analyzerOf(this.paths, video);
    this.#analysis = this.#analyzer.count(scene);
    this.#analysisMs = performance.now() - start;
    this.dispatchEvent(new Event('counts-change'));
  }

  protected override async updated(changed: PropertyValues<this>): Promise<void> {
    const viewer = this.#viewer;
    if (!changed.has('moment') || !this.moment || !viewer) return;
    await viewer.showMoment(this.moment.timeMs, this.moment.index);
  }

  protected override render() {
    const { job, paths, shown, recording, selected } = this;
    const { FrameWidth = 16, FrameHeight = 9, DurationMillis = 0 } = job.metadata ?? {};
    const analysis = this.#analysis;
    return html`<footpath-viewer
      .src=${this.src}
      .paths=${paths}
      .durationMs=${DurationMillis}
      .frameWidth=${FrameWidth}
      .frameHeight=${FrameHeight}
      .startsAt=${recording.startsAt}
      .videoStartMs=${job.videoStartMs ?? 0}
      @video-unplayable=${() => this.dispatchEvent(new CustomEvent('video-unplayable'))}
    >
      ${this.heat && analysis ? html`<heat-picture slot="overlay" .map=${analysis.heatMap}></heat-picture>` : null}
      <scene-editor
        slot="overlay"
        .scene=${shown}
        .aspect=${FrameWidth / FrameHeight}
        .tool=${this.tool}
        .selected=${selected}
        @scene-preview=${(event: CustomEvent<Scene>) => {
          this.shown = event.detail;
        }}
        @scene-change=${(event: CustomEvent<Scene>) => this.#change(event.detail)}
        @shape-select=${this.#onSelect}
        @tool-done=${() => {
          this.tool = null;
        }}
        @focus-leave=${({ detail }: CustomEvent<string>) =>
          this.renderRoot.querySelector('count-panel')!.focusShape(detail)}
      ></scene-editor>
      ${analysis === null ? null : this.#panel(analysis)}
    </footpath-viewer>`;
  }

  #panel(analysis: Analysis) {
    const { shown, recording, selected } = this;
    return html`<count-panel
        slot="below"
        .analysis=${analysis}
        .recording=${recording}
        .cameras=${this.scenes.filter(({ lines, zones }) => lines.length + zones.length > 0).map(({ camera }) => camera!)}
        .selected=${selected}
        .tool=${this.tool}
        .heat=${this.heat}
        .canUndo=${this.#history.canUndo}
        .canRedo=${this.#history.canRedo}
        .notice=${this.#attempt.notice}
        @tool-choose=${(event: CustomEvent<DrawTool>) => {
          this.tool = event.detail;
          if (this.tool) this.#viewer?.bringPlayer();
        }}
        @tool-place=${(event: CustomEvent<'line' | 'zone'>) => this.#editor.putInMiddle(event.detail)}
        @undo=${() => this.#step('undo')}
        @redo=${() => this.#step('redo')}
        @heat-toggle=${() => {
          this.heat = !this.heat;
        }}
        @shape-select=${this.#onSelect}
        @shape-name=${({ detail }: ShapeNameEvent) => this.#change(nameShape(shown, detail.id, detail.names))}
        @shape-swap=${({ detail }: CustomEvent<string>) => this.#change(swapSides(shown, detail))}
        @shape-remove=${({ detail }: CustomEvent<string>) => this.#change(removeShape(shown, detail))}
        @moment-open=${({ detail }: MomentOpenEvent) => this.#viewer?.showMoment(detail.timeMs, detail.index)}
        @camera-change=${({ detail }: CustomEvent<string>) => this.#attempt.run(() => this.#rename(detail))}
        @clock-change=${({ detail }: CustomEvent<string | null>) =>
          this.#attempt.run(() =>
            this.#describe({ ...this.recording, startsAt: detail, clockFrom: 'given' }),
          )}
        @scene-take=${({ detail }: CustomEvent<string>) => {
          const scene = this.scenes.find(({ camera }) => camera === detail);
          if (scene) this.#change(scene);
        }}
      ></count-panel>`;
  }

  get #viewer(): PathViewer | null {
    return this.renderRoot.querySelector('footpath-viewer');
  }

  get #editor() {
    return this.renderRoot.querySelector('scene-editor')!;
  }

  /** The scene of this video's camera, and of all others. */
  readonly #load = async (): Promise<void> => {
    const { jobId } = this.job;
    this.#isReady = false;
    this.#isLookedFor = false;
    this.#analysis = null;
    this.#begin(EMPTY_SCENE);
    try {
      const { scenes, recording, scene, jobs } = await sceneOfJob(this.tracking, this.job);
      // Counting may take seconds: first the video is on the screen.
      await isPainted();
      if (jobId !== this.job.jobId) return;
      this.scenes = scenes;
      this.#jobs = jobs;
      this.recording = recording;
      this.#begin(scene);
      this.#isReady = true;
    } finally {
      this.#isLookedFor ||= jobId === this.job.jobId;
      this.requestUpdate();
    }
  };

  #begin(scene: Scene): void {
    this.#history = new UndoHistory(scene);
    this.shown = scene;
    this.selected = null;
    this.tool = null;
  }

  #kept(name: string): Scene | undefined {
    return this.scenes.find(({ camera }) => camera === name);
  }

  #change(scene: Scene): void {
    if (!this.#isReady) return;
    this.#history.push(scene);
    this.#show();
  }

  #step(way: 'undo' | 'redo'): void {
    if (this.#history[way]()) this.#show();
  }

  /** Shows the history's scene and keeps it. */
  #show(): void {
    this.shown = this.#history.present;
    this.requestUpdate();
    void this.#attempt.run(this.#save);
  }

  readonly #save = (): Promise<void> =>
    this.#sync.save({ ...this.#history.present, camera: this.recording.camera });

  /** What another tab has changed is one more step. */
  #take(scenes: readonly Scene[]): void {
    this.scenes = scenes;
    const kept = this.#kept(this.recording.camera);
    if (!kept || isSameScene(kept, this.shown)) return;
    this.#history.push(kept);
    this.shown = kept;
    if (shapesOf(kept).every(({ id }) => id !== this.selected)) this.selected = null;
  }

  /** The video is another camera's: the scene kept for that one counts; where there is none, it gets this one's. */
  async #rename(camera: string): Promise<void> {
    await this.#describe({ ...this.recording, camera });
    const kept = this.#kept(camera);
    if (kept) this.#begin(kept);
    else if (this.#isReady) await this.#save();
  }

  async #describe(recording: Recording): Promise<void> {
    this.recording = recording;
    const { camera, startsAt, clockFrom } = recording;
    await this.tracking.describeRecording(this.job.jobId, {
      camera,
      ...(clockFrom === 'given' ? { startsAt } : {}),
    });
  }

  readonly #onSelect = (event: CustomEvent<string | null>): void => {
    this.selected = event.detail;
  };

  static override styles = [
    theme,
    css`
      :host {
        display: block;
      }
    `,
  ];
}

/** Once what was rendered is on the screen, or soon in a page that is not to be seen. */
function isPainted(): Promise<unknown> {
  return new Promise((painted) => {
    requestAnimationFrame(() => setTimeout(painted));
    setTimeout(painted, 200);
  });
}

customElements.define('counted-result', CountedResult);

declare global {
  interface HTMLElementTagNameMap {
    'counted-result': CountedResult;
  }
}
