import { css, html, type PropertyValues } from 'lit';
import type { Analysis } from '../../analytics/analyze.ts';
import { EMPTY_SCENE, type Scene } from '../../analytics/scene.ts';
import type { JobSummary, PersonTracking } from '../../client/api.ts';
import { theme } from '../../element/theme.ts';
import { AppElement } from '../app-element.ts';
import { sceneOfJob } from './scene-of-job.ts';

/** Least milliseconds between two looks. */
const EVERY_MS = 3000;
/** A look counts all that was found so far: of an hour in a moment, of a day in seconds. The job has so much more of the time. */
const REST = 20;

/** `<counts-so-far>`: what a running job has counted at its camera's lines and zones; nothing where none are kept. */
export class CountsSoFar extends AppElement {
  static override properties = {
    tracking: { attribute: false },
    job: { attribute: false },
    analysis: { state: true },
  };

  declare tracking: PersonTracking;
  declare job: JobSummary;
  declare private analysis: Analysis | null;

  #loadedJob = '';
  #scene: Scene | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isLooking = false;

  constructor() {
    super();
    this.analysis = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.tracking.addEventListener('change', this.#onChange);
    if (this.#scene) void this.#look();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.tracking.removeEventListener('change', this.#onChange);
    clearTimeout(this.#timer);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('job') || this.job.jobId === this.#loadedJob) return;
    this.#loadedJob = this.job.jobId;
    this.#scene = undefined;
    this.analysis = null;
    void this.#load();
  }

  protected override render() {
    if (!this.analysis) return null;
    const { lines, zones } = this.analysis;
    const { language } = this;
    return html`<dl>
      ${lines.map(
        ({ line, in: came, out: went }) =>
          html`<div><dt>${language.say('so-far.name', { name: line.name })}</dt>
            <dd>${language.say('so-far.line', { came, went })}</dd></div>`,
      )}
      ${zones.map(
        ({ zone, visits }) =>
          html`<div><dt>${language.say('so-far.name', { name: zone.name })}</dt>
            <dd>${language.say('count.visits', { count: visits.length })}</dd></div>`,
      )}
    </dl>`;
  }

  /** The lines may be drawn, moved or taken away meanwhile, on another of the camera's results. */
  readonly #onChange = (): void => void this.#load();

  async #load(): Promise<void> {
    const { jobId } = this.job;
    const { scene } = await sceneOfJob(this.tracking, this.job).catch(() => ({ scene: undefined }));
    if (!scene || jobId !== this.job.jobId || !this.isConnected) return;
    if (JSON.stringify(scene) === JSON.stringify(this.#scene ?? EMPTY_SCENE)) return;
    const isEmpty = scene.lines.length + scene.zones.length === 0;
    this.#scene = isEmpty ? undefined : scene;
    if (isEmpty) this.analysis = null;
    else await this.#look();
  }

  async #look(): Promise<void> {
    const { jobId } = this.job;
    const scene = this.#scene;
    // Something else is asked for while the last look is on its way: its end looks again.
    if (!scene || this.#isLooking) return;
    clearTimeout(this.#timer);
    this.#isLooking = true;
    const beginMs = performance.now();
    // The job may have ended or be deleted meanwhile; the screen goes then.
    const analysis = await this.tracking.analyzeSoFar(jobId, scene).catch(() => undefined);
    this.#isLooking = false;
    if (!this.isConnected) return;
    const isOther = jobId !== this.job.jobId || scene !== this.#scene;
    if (analysis && !isOther) this.analysis = analysis;
    const restMs = isOther ? 0 : Math.max(EVERY_MS, REST * (performance.now() - beginMs));
    this.#timer = setTimeout(() => void this.#look(), restMs);
  }

  static override styles = [
    theme,
    css`
      :host {
        display: block;
      }
      dl {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 9rem), 1fr));
        gap: 0.75rem 1.5rem;
        margin: 0.75rem 0;
      }
      dt {
        color: var(--ink-soft);
        font-size: 0.875rem;
        overflow-wrap: anywhere;
      }
      dd {
        margin: 0;
        font-weight: 600;
        font-size: 1.125rem;
        font-variant-numeric: var(--numbers);
      }
    `,
  ];
}

customElements.define('counts-so-far', CountsSoFar);

declare global {
  interface HTMLElementTagNameMap {
    'counts-so-far': CountsSoFar;
  }
}
