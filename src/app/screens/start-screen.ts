/**
 * Long because one element is its template, its styles and what it does at each event; the parts are elements of their
 * own.
 */
import { css, html, type PropertyValues } from 'lit';
import type { JobSummary, PersonTracking } from '../../client/api.ts';
import { controls } from '../../element/controls.ts';
import { icon } from '../../element/icons.ts';
import { theme } from '../../element/theme.ts';
import { AppElement } from '../app-element.ts';
import { AskBeforeLeaving } from '../host/ask-before-leaving.ts';
import { Attempt } from '../host/attempt.ts';
import { type ChosenSettings, keepOptions, keptOptions } from '../host/kept-options.ts';
import { ReturnFocus } from '../host/return-focus.ts';
import '../counting/camera-links.ts';
import '../parts/job-list.ts';
import '../parts/job-options.ts';
import '../parts/offline-status.ts';
import type { OfflineState } from '../host/offline-copy.ts';
import type { VideoDrop } from '../parts/video-drop.ts';
import { realSample } from '../real-sample.ts';
import { jobHash } from '../route.ts';
import '../parts/video-drop.ts';
import '../parts/install-offer.ts';
import type { InstallState } from '../host/app-install.ts';
import type { GivenFiles, VideoInput } from '../parts/given-files.ts';
import { fetchSample, startJob } from '../parts/video-input.ts';
import { errorText, shortName, sizeText } from '../words.ts';

/** Address of the sample that comes with the app. */
const SAMPLE = 'samples/footpath-sample.mp4';

/** The screen that is shown, and what went wrong with videos whose screen is gone, until one is. */
const told: { screen: StartScreen | null; left: string[] } = { screen: null, left: [] };

/** `<start-screen>`: what this is, where the video goes in, and what was done before. */
export class StartScreen extends AppElement {
  static override properties = {
    tracking: { attribute: false },
    jobs: { attribute: false },
    offline: { attribute: false },
    install: { attribute: false },
    settings: { state: true },
    busy: { state: true },
  };

  declare tracking: PersonTracking;
  /** Null while the list is being read. */
  declare jobs: readonly JobSummary[] | null;
  declare offline: OfflineState;
  declare install: InstallState;
  declare private settings: ChosenSettings;
  /** What is being prepared, or empty. */
  declare private busy: string;

  readonly #attempt = new Attempt(this);
  readonly #focus = new ReturnFocus();
  readonly #leaving = new AskBeforeLeaving();
  /** What was given is started one after the other: how often since nothing was left, and how many are. */
  #queue: Promise<void> = Promise.resolve();
  #turns = 0;
  #left = 0;

  constructor() {
    super();
    this.jobs = null;
    this.offline = { kind: 'unknown' };
    this.install = 'none';
    this.settings = keptOptions();
    this.busy = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    told.screen = this;
    this.#tellLeft();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (told.screen === this) told.screen = null;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.get('busy') === '') this.#focus.leave();
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('busy') && this.busy === '') this.#focus.comeBack();
  }

  protected override render() {
    const { language } = this;
    const keeps = this.tracking.storage === 'browser';
    return html`
      <section class="hero">
        <div class="words">
          <h1>${language.say('start.title')}</h1>
          <p class="lead">${language.say('start.lead')}</p>
          <ul class="facts">
            <li>
              ${icon('lock')}
              <span><strong>${language.say('start.private')}</strong> ${language.say('start.private-why')}</span>
            </li>
            <li>
              ${icon('people')}
              <span><strong>${language.say('start.paths')}</strong> ${language.say('start.paths-why')}</span>
            </li>
            <li>
              ${icon('check')}
              <span><strong>${language.say('start.free')}</strong> ${keeps ? language.say('start.offline') : ''}</span>
            </li>
          </ul>
        </div>
        <div class="input" ?inert=${this.busy !== ''}>
          <video-drop
            @videos-given=${(event: CustomEvent<GivenFiles>) => this.#startAll(event.detail)}
            @none-given=${() => {
              if (this.#left === 0) this.#attempt.tell('');
            }}
          ></video-drop>
          <div class="samples">
            <button class="sample" @click=${() => this.trySample()}>
              ${icon('film')}
              <span>${language.say('start.sample')}<small>${language.say('start.sample-hint')}</small></span>
            </button>
            ${
              realSample &&
              html`<button class="sample" @click=${() => this.#sample(`samples/real/${realSample!.file}`)}>
                ${icon('film')}
                <span>${language.say('start.real')}<small>${realSample.title}</small></span>
              </button>`
            }
          </div>
          ${
            realSample &&
            html`<p class="credit">
              ${language.pieces('start.real-credit', {
                credit: html`<a href=${realSample.href} rel="noreferrer">${realSample.credit}</a>`,
                licence: html`${realSample.licence}`,
              })}
            </p>`
          }
          <job-options
            .settings=${this.settings}
            @settings-change=${(event: CustomEvent<ChosenSettings>) => {
              this.settings = event.detail;
              keepOptions(event.detail);
            }}
          ></job-options>
          <offline-status .state=${this.offline}></offline-status>
          <install-offer .state=${this.install}></install-offer>
        </div>
        <div class="state" role="status">
          ${this.busy === '' ? null : html`<p class="busy">${icon('clock')} ${this.busy}</p>`}
        </div>
        ${this.#attempt.notice}
      </section>
      ${
        this.jobs && this.jobs.length > 0
          ? html`<section>
              <h2>${language.say('start.your-videos')}</h2>
              <camera-links .tracking=${this.tracking} .jobs=${this.jobs}></camera-links>
              <job-list .tracking=${this.tracking} .jobs=${this.jobs}></job-list>
              <p class="credit">
                ${language.say(keeps ? 'start.kept-browser' : 'start.kept-page')}
              </p>
            </section>`
          : null
      }
    `;
  }

  /** Starts with files that came from outside of the page. */
  async take(given: () => Promise<GivenFiles>): Promise<void> {
    await this.updateComplete;
    await this.renderRoot
      .querySelector<VideoDrop>('video-drop')!
      .take(given, this.language.say('drop.nothing'));
  }

  /** Starts the sample's job. */
  trySample(): Promise<void> {
    return this.#sample(SAMPLE);
  }

  #sample(path: string): Promise<void> {
    return this.#start(() => fetchSample(this.language, path));
  }

  /** One video goes to its own screen; of several, and where something was left out, the list tells. */
  async #startAll({ videos, others, unread }: GivenFiles): Promise<void> {
    const [first] = videos;
    const isAlone = videos.length + others.length + unread.length === 1;
    if (isAlone) return this.#start(async () => first!);
    await this.#inTurn(async () => {
      const problems: string[] = [];
      for (const [i, video] of videos.entries()) {
        this.busy = this.language.say('start.adding', {
          number: i + 1,
          count: videos.length,
          name: shortName(video.name),
          size: sizeText(this.language, video.sizeBytes),
        });
        try {
          await startJob(this.tracking, video, this.settings);
        } catch (error) {
          problems.push(`${shortName(video.name)}: ${errorText(this.language, error)}`);
        }
      }
      if (problems.length > 0)
        throw new Error(this.language.say('start.not-added', { problems: problems.join(' ') }));
    });
    await this.updateComplete;
    this.renderRoot.querySelector('job-list')?.scrollIntoView({ block: 'nearest' });
  }

  #start(getInput: () => Promise<VideoInput>): Promise<void> {
    return this.#inTurn(async () => {
      this.busy = this.language.say('start.opening');
      const input = await getInput();
      this.busy = this.language.say('start.opening-name', {
        name: shortName(input.name),
        size: sizeText(this.language, input.sizeBytes),
      });
      const jobId = await startJob(this.tracking, input, this.settings);
      // Whoever has gone on to another screen meanwhile, or given more, stays there; the list shows the job.
      if (this.isConnected && this.#turns === 1) location.hash = jobHash(jobId);
    });
  }

  /** What is given while something else is still being copied waits for that, and what went wrong with either is told. */
  async #inTurn(action: () => Promise<void>): Promise<void> {
    if (this.#left === 0) {
      this.#turns = 0;
      this.#attempt.tell('');
    }
    this.#turns++;
    this.#left++;
    this.#leaving.set(true);
    const before = this.#queue;
    this.#queue = (async () => {
      await before;
      await action().catch((error) => {
        const told = [this.#attempt.problem, errorText(this.language, error)];
        this.#attempt.tell(told.filter((text) => text !== '').join(' '));
      });
      this.#passOn();
      if (--this.#left > 0) return;
      this.busy = '';
      this.#leaving.set(false);
    })();
    await this.#queue;
  }

  /** Whoever has gone on meanwhile is told where they look for the video. */
  #passOn(): void {
    if (this.isConnected || this.#attempt.problem === '') return;
    told.left.push(this.#attempt.problem);
    this.#attempt.tell('');
    const { screen } = told;
    if (screen) screen.#tellLeft();
  }

  #tellLeft(): void {
    if (told.left.length > 0) this.#attempt.tell(told.left.splice(0).join(' '));
  }

  static override styles = [
    theme,
    controls,
    css`
      :host {
        display: block;
      }
      .hero {
        display: grid;
        grid-template-columns: minmax(0, 5fr) minmax(0, 6fr);
        gap: 1rem clamp(2rem, 6vw, 5rem);
        padding-block: clamp(1.5rem, 5vw, 4rem);
        align-items: start;
      }
      .words {
        padding-top: clamp(0rem, 4vw, 3.5rem);
      }
      .words,
      .input {
        min-width: 0;
      }
      h1 {
        margin: 0 0 1rem;
        font-size: clamp(min(2.125rem, 10.5vw), 1.4rem + 3vw, 3.5rem);
        line-height: 1.05;
        overflow-wrap: break-word;
        letter-spacing: -0.025em;
        font-weight: 750;
        text-wrap: balance;
      }
      .lead {
        margin: 0 0 1.75rem;
        font-size: 1.1875rem;
        color: var(--ink-soft);
        max-width: 34rem;
        text-wrap: pretty;
      }
      .facts {
        list-style: none;
        margin: 0;
        padding: 0;
        display: grid;
        gap: 0.875rem;
        max-width: 32rem;
      }
      .facts li {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 0.875rem;
        color: var(--ink-soft);
      }
      .facts strong {
        color: var(--ink);
      }
      .facts .icon {
        color: var(--accent);
        margin-top: 0.125rem;
      }
      .input {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 0.75rem;
        transition: opacity 0.2s;
      }
      .input[inert] {
        opacity: 0.55;
      }
      .samples {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 13rem), 1fr));
        gap: 0.75rem;
      }
      .sample {
        justify-content: flex-start;
        text-align: start;
        padding: 0.625rem 1rem;
        border-color: var(--line);
        border-radius: var(--radius);
        gap: 0.875rem;
      }
      .sample .icon {
        color: var(--accent);
        width: 1.5rem;
        height: 1.5rem;
      }
      .sample > span {
        min-width: 0;
      }
      .sample small {
        display: block;
        font-weight: 400;
        font-size: 0.875rem;
        color: var(--ink-soft);
      }
      .credit {
        margin: 0;
        font-size: 0.8125rem;
        color: var(--ink-soft);
      }
      job-list + .credit {
        margin-top: 0.625rem;
      }
      .state,
      .hero > .notice {
        grid-column: 1 / -1;
      }
      .busy {
        display: flex;
        align-items: center;
        gap: 0.5rem;
        justify-content: center;
        margin: 0;
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      h2 {
        margin: 0 0 0.75rem;
        font-size: 1.375rem;
        letter-spacing: -0.01em;
      }
      @media (max-width: 54rem) {
        .hero {
          grid-template-columns: minmax(0, 1fr);
          gap: 1.75rem;
        }
        .lead {
          margin-bottom: 1.25rem;
        }
        .facts li:not(:first-child) {
          display: none;
        }
      }
    `,
  ];
}

customElements.define('start-screen', StartScreen);
