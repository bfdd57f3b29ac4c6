import { css, html, type PropertyValues } from 'lit';
import { EMPTY_SCENE, type Scene } from '../../analytics/scene.ts';
import type { JobSummary, PersonTracking } from '../../client/api.ts';
import { type CountedVideo, countVideos, jobsOfCamera } from '../counting/camera-videos.ts';
import { recordingsOf } from '../counting/recording.ts';
import '../counting/day-charts.ts';
import '../counting/hit-query.ts';
import '../counting/save-dialog.ts';
import { controls } from '../../element/controls.ts';
import { icon } from '../../element/icons.ts';
import { theme } from '../../element/theme.ts';
import { AppElement } from '../app-element.ts';
import { Attempt } from '../host/attempt.ts';
import { jobHash } from '../route.ts';
import { goingText } from '../words.ts';

/** What is counted so far is shown this often, in milliseconds: charts and answers are of all videos each time. */
const SHOW_EVERY_MS = 1000;

/** `<camera-screen>`: all videos of one camera: its days side by side, and a question to all of them. */
export class CameraScreen extends AppElement {
  static override properties = {
    tracking: { attribute: false },
    jobs: { attribute: false },
    camera: {},
    scene: { state: true },
    videos: { state: true },
  };

  declare tracking: PersonTracking;
  /** Every job, newest first. */
  declare jobs: readonly JobSummary[];
  /** Name of the camera. */
  declare camera: string;
  declare private scene: Scene;
  /** Those that are counted. */
  declare private videos: readonly CountedVideo[];

  readonly #attempt = new Attempt(this);
  /** Names what is counted: with another name it is counted anew. */
  #counted = '';
  /** What was counted, by all that it depends on. */
  #known: ReadonlyMap<string, CountedVideo> = new Map();

  constructor() {
    super();
    this.scene = EMPTY_SCENE;
    this.videos = [];
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('jobs') || changed.has('camera')) void this.#look();
  }

  protected override render() {
    const { scene, videos, language } = this;
    const jobs = this.#jobs;
    const isEmpty = scene.lines.length + scene.zones.length === 0;
    return html`
      <h1>${this.camera}</h1>
      <p class="about" role="status">
        ${language.say('camera.videos', { count: jobs.length })}${videos.length < jobs.length ? ` · ${language.say('camera.counting', { done: videos.length, count: jobs.length })}` : ''}
      </p>
      ${this.#going(jobs)} ${this.#attempt.notice}
      ${
        jobs.length === 0
          ? null
          : html`<div>
                <button ?disabled=${videos.length < jobs.length} @click=${this.#openSaving}>${icon('table')} ${language.say('save.button')}</button>
              </div>
              <save-dialog .name=${this.camera} .isCamera=${true}></save-dialog>`
      }
      ${jobs.length === 0 ? html`<div class="notice">${icon('film')}<p>${language.say('camera.none')}</p></div>` : null}
      ${jobs.length > 0 && isEmpty ? html`<div class="notice">${icon('line')}<p>${language.say('camera.no-scene')}</p></div>` : null}
      ${
        jobs.length === 0
          ? null
          : html`
              <section><day-charts .scene=${scene} .videos=${videos}></day-charts></section>
              <section>
                <h2>${language.say('ask.title')}</h2>
                <hit-query .scene=${scene} .videos=${videos}></hit-query>
              </section>
              <section>
                <h2>${language.say('camera.its-videos')}</h2>
                <ul>
                  ${jobs.map(({ jobId, key }) => html`<li><a href=${jobHash(jobId)}>${key}</a></li>`)}
                </ul>
              </section>
            `
      }
    `;
  }

  /** Told in time, since what is gone is missing in the week. */
  #going(jobs: readonly JobSummary[]) {
    const ends = jobs.flatMap(({ expiresAt }) => expiresAt ?? []);
    const text = goingText(this.language, ends, new Date());
    return text === '' ? null : html`<p class="about">${text}</p>`;
  }

  readonly #openSaving = (): void => {
    const results = this.videos.map(({ job, analysis }) => ({ name: job.key, analysis }));
    void this.renderRoot.querySelector('save-dialog')!.open(results);
  };

  get #jobs(): JobSummary[] {
    return jobsOfCamera(this.jobs, this.camera);
  }

  /** Counts anew where something has changed; else what is shown stays, and so does what went wrong. */
  async #look(): Promise<void> {
    const { tracking, camera, jobs: all } = this;
    const jobs = jobsOfCamera(all, camera);
    // Without storage the page says so itself.
    const scenes = await tracking.listScenes().catch(() => []);
    const scene = scenes.find((it) => it.camera === camera) ?? EMPTY_SCENE;
    const recordings = recordingsOf(all);
    const lines = JSON.stringify(scene);
    const named = jobs.map((job): [string, JobSummary] => {
      const facts = [job.jobId, job.revisions.at(-1)?.revision, recordings.get(job)!.startsAt];
      return [JSON.stringify([lines, ...facts]), job];
    });
    const name = JSON.stringify([lines, named.map(([fact]) => fact)]);
    if (name === this.#counted) return;
    this.#counted = name;
    this.scene = scene;
    await this.#attempt.run(() =>
      this.#count(new Map(named), all, name).catch((error) => {
        // Of what is not asked for any more.
        if (this.#counted === name) throw error;
      }),
    );
  }

  /** Counts those that are not yet; all others are shown meanwhile. @param jobs by what their counts depend on */
  async #count(
    jobs: ReadonlyMap<string, JobSummary>,
    all: readonly JobSummary[],
    name: string,
  ): Promise<void> {
    const known = new Map([...this.#known].filter(([facts]) => jobs.has(facts)));
    this.#known = known;
    const inOrder = () => [...jobs.keys()].flatMap((facts) => known.get(facts) ?? []);
    const missing = [...jobs].filter(([facts]) => !known.has(facts));
    const counting = countVideos(
      this.tracking,
      missing.map(([, job]) => job),
      all,
      this.scene,
    );
    this.videos = inOrder();
    let shownMs = Number.NEGATIVE_INFINITY;
    for await (const video of counting) {
      if (this.#counted !== name || !this.isConnected) return;
      known.set(missing.find(([, { jobId }]) => jobId === video.job.jobId)![0], video);
      if (performance.now() - shownMs < SHOW_EVERY_MS) continue;
      this.videos = inOrder();
      shownMs = performance.now();
    }
    this.videos = inOrder();
  }

  static override styles = [
    theme,
    controls,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 1rem;
        padding-block: 1rem 2rem;
      }
      h1 {
        margin: 0;
        font-size: clamp(min(1.375rem, 8vw), 1.1rem + 1.2vw, 1.875rem);
        line-height: 1.2;
        overflow-wrap: anywhere;
      }
      h2 {
        margin: 0 0 0.5rem;
        font-size: 1.125rem;
      }
      .about {
        margin: 0;
        color: var(--ink-soft);
      }
      section {
        min-width: 0;
        padding: 0.75rem min(1rem, 3vw) 1rem;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--card);
        box-shadow: var(--shadow);
      }
      ul {
        margin: 0;
        padding-inline-start: 1.25rem;
      }
      li {
        overflow-wrap: anywhere;
      }
    `,
  ];
}

customElements.define('camera-screen', CameraScreen);
