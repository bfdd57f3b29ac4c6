/**
 * Long because one element is its template, its styles and what it does at each event; the parts are elements of their
 * own.
 */
import { css, html, type PropertyValues, type TemplateResult, unsafeCSS } from 'lit';
import type { JobSummary, PersonTracking } from '../client/api.ts';
import { controls } from '../element/controls.ts';
import { failureText } from '../element/failure-text.ts';
import { icon } from '../element/icons.ts';
import { theme } from '../element/theme.ts';
import type { AppLanguage } from '../language/app/app-languages.ts';
import { JobAnnouncer } from './announce.ts';
import { AppElement } from './app-element.ts';
import { AppBadge } from './host/app-badge.ts';
import { AppInstall, NARROW } from './host/app-install.ts';
import { AppUpdate } from './host/app-update.ts';
import { EndNotices } from './host/end-notices.ts';
import { Entrances, type Inside } from './host/entrances.ts';
import { focusHeading } from './host/focus-heading.ts';
import { JobsController } from './host/jobs-controller.ts';
import { OfflineCopy } from './host/offline-copy.ts';
import { ScrollPlaces } from './host/scroll-places.ts';
import { StayAwake } from './host/stay-awake.ts';
import { fromTransfer } from './parts/given-files.ts';
import { logo } from './parts/logo.ts';
import './parts/language-choice.ts';
import './screens/camera-screen.ts';
import './screens/progress-screen.ts';
import './screens/report-screen.ts';
import './screens/result-screen.ts';
import { jobHash, type Route, routeOf } from './route.ts';
import type { StartScreen } from './screens/start-screen.ts';
import './screens/start-screen.ts';
import { errorText, shareDone, shortName } from './words.ts';

/** What a file does over the page; the browser lets none fall where one of them goes unanswered. */
const DRAGS = ['dragenter', 'dragover'] as const;

/** `<footpath-app>`: the whole page. Shows the screen that the address names. */
export class FootpathApp extends AppElement {
  static override properties = {
    tracking: { attribute: false },
    route: { state: true },
    said: { state: true },
  };

  /** Set before the element is connected. */
  declare tracking: PersonTracking;
  declare private route: Route;
  /** What is being said to screen readers. */
  declare private said: string;

  readonly #jobs = new JobsController(this, () => this.tracking);
  readonly #update = new AppUpdate(this);
  readonly #offline = new OfflineCopy(this);
  readonly #install = new AppInstall(this, () => this.route.screen === 'start');
  readonly #ends = new EndNotices(
    this,
    () => this.tracking,
    () => this.language,
  );
  readonly #entrances = new Entrances(this, this.#inside());
  readonly #scroll = new ScrollPlaces();
  readonly #awake = new StayAwake();
  readonly #badge = new AppBadge();
  readonly #announcer = new JobAnnouncer();
  #saidIn: AppLanguage | undefined;
  /** Name of the screen shown last, or empty before there was one. */
  #shown = '';

  constructor() {
    super();
    this.route = routeOf(location.hash);
    this.said = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('hashchange', this.#onHash);
    // A file that misses its mark must not replace the page.
    for (const type of DRAGS) window.addEventListener(type, ignore);
    window.addEventListener('drop', this.#onDrop);
    window.addEventListener('paste', this.#onPaste);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('hashchange', this.#onHash);
    for (const type of DRAGS) window.removeEventListener(type, ignore);
    window.removeEventListener('drop', this.#onDrop);
    window.removeEventListener('paste', this.#onPaste);
  }

  protected override willUpdate(_changed: PropertyValues): void {
    // What was said stays until there is something else to say, or another language.
    if (this.#saidIn !== this.language) this.said = '';
    this.#saidIn = this.language;
    if (this.#jobs.jobs)
      this.said = this.#announcer.hear(this.language, this.#jobs.jobs) || this.said;
  }

  protected override updated(_changed: PropertyValues): void {
    document.title = this.#title();
    const atWork = this.#jobs.jobs?.filter(isAtWork).length ?? 0;
    this.#awake.set(atWork > 0);
    this.#badge.show(atWork);
    const screen = this.renderRoot.querySelector('main > *')!;
    const { route } = this;
    const name = 'jobId' in route ? `${screen.localName} ${route.jobId}` : screen.localName;
    // A screen of its own comes after the one that says to wait.
    if (screen.matches('[role=status]') || name === this.#shown) return;
    if (this.#shown !== '') void focusHeading(screen);
    this.#shown = name;
  }

  protected override render() {
    const { language } = this;
    const paper = this.route.screen === 'report' ? 'paper' : '';
    return html`
      <header class=${paper}>
        <a class="brand" href="#/">${logo()}<span>Footpath</span></a>
        ${
          this.route.screen === 'start'
            ? html`<span class="aside">
                <button class="quiet" ?hidden=${this.#install.state !== 'offered'} @click=${() => this.#install.ask()}>
                  ${icon('download')} ${language.say('app.install')}
                </button>
                <span class="private">${icon('lock')} ${language.say('app.private')}</span>
              </span>`
            : html`<a class="button quiet" href="#/">${icon('back')} ${language.say('app.all-videos')}</a>`
        }
      </header>
      ${this.#notices()}
      <main>${this.#screen()}</main>
      <p class="visually-hidden" role="status">${this.said}</p>
      <footer class=${paper}>
        <p>
          ${language.pieces('app.free', {
            link: html`<a href="THIRD-PARTY-LICENSES.txt">${language.say('app.built-of')}</a>`,
          })}
        </p>
        <footpath-requests></footpath-requests>
        <language-choice></language-choice>
      </footer>
    `;
  }

  #notices() {
    const { language } = this;
    const { trouble } = this.tracking;
    const problem = trouble
      ? failureText(language, trouble)
      : this.#jobs.error === null
        ? ''
        : errorText(language, this.#jobs.error);
    return html`
      ${this.tracking.storage === 'memory' ? nothingKept(language) : null}
      ${
        problem === ''
          ? null
          : html`<div class="notice bad" role="alert">
              ${icon('alert')}
              <p>${problem}</p>
              <button @click=${() => location.reload()}>${language.say('app.reload')}</button>
            </div>`
      }
      ${
        this.#update.ready && !this.#jobs.anyRunning
          ? html`<div class="notice update" role="status">
              ${icon('sparkle')}
              <p>${language.say('app.update')}</p>
              <button @click=${() => this.#update.apply()}>${language.say('app.update-now')}</button>
            </div>`
          : null
      }
    `;
  }

  #screen() {
    const { language } = this;
    const { jobs } = this.#jobs;
    if (this.route.screen === 'start') {
      return html`<start-screen
        .tracking=${this.tracking}
        .jobs=${jobs}
        .offline=${this.#offline.state}
        .install=${this.#install.state}
        @app-install=${() => this.#install.ask()}
        @offline-load=${() => this.#offline.load()}
      ></start-screen>`;
    }
    if (this.route.screen === 'camera' && jobs) {
      return html`<camera-screen
        .tracking=${this.tracking}
        .jobs=${jobs}
        .camera=${this.route.camera}
      ></camera-screen>`;
    }
    const job = this.#job();
    if (job && this.route.screen === 'report' && isCounted(job)) {
      return html`<report-screen .tracking=${this.tracking} .job=${job}></report-screen>`;
    }
    if (job) {
      return job.status === 'IN_PROGRESS'
        ? html`<progress-screen
            .tracking=${this.tracking}
            .job=${job}
            .notices=${this.#ends.state}
            @notices-change=${(event: CustomEvent<boolean>) => this.#ends.set(event.detail)}
          ></progress-screen>`
        : html`<result-screen
            .tracking=${this.tracking}
            .job=${job}
            .moment=${this.route.screen === 'job' ? (this.route.moment ?? null) : null}
          ></result-screen>`;
    }
    if (jobs === null)
      return html`<p class="plain" role="status">${language.say('app.one-moment')}</p>`;
    return html`<div class="plain">
      <h1>${language.say('app.gone')}</h1>
      <p>${language.say('app.gone-why')}</p>
      <p><a class="button primary" href="#/">${language.say('app.choose-video')}</a></p>
    </div>`;
  }

  #job(): JobSummary | undefined {
    const { route } = this;
    if (route.screen !== 'job' && route.screen !== 'report') return undefined;
    return this.#jobs.jobs?.find(({ jobId }) => jobId === route.jobId);
  }

  #title(): string {
    const { route } = this;
    if (route.screen === 'camera')
      return this.language.say('app.title-job', { name: shortName(route.camera) });
    const job = this.#job();
    if (!job) return this.language.say('app.title');
    const name = shortName(job.key);
    if (job.status !== 'IN_PROGRESS') return this.language.say('app.title-job', { name });
    const percent = Math.floor(100 * shareDone(job.progress));
    return this.language.say('app.title-running', { percent, name });
  }

  #inside(): Inside {
    return {
      language: () => this.language,
      take: async (given) => (await this.#startScreen()).take(given),
      trySample: async () => (await this.#startScreen()).trySample(),
      showLatest: async () => {
        const [latest] = await this.tracking.listJobs();
        if (latest) location.hash = jobHash(latest.jobId);
      },
    };
  }

  /** Goes to the start, wherever one is. */
  async #startScreen(): Promise<StartScreen> {
    if (this.route.screen !== 'start') {
      this.#scroll.leave();
      history.pushState(null, '', '#/');
      this.#scroll.arrive();
      this.route = { screen: 'start' };
    }
    await this.updateComplete;
    return this.renderRoot.querySelector<StartScreen>('start-screen')!;
  }

  readonly #onDrop = async (event: DragEvent): Promise<void> => {
    event.preventDefault();
    const { dataTransfer } = event;
    // On the start screen its own field takes files, wherever they fall.
    if (this.route.screen === 'start' || !dataTransfer?.types.includes('Files')) return;
    await this.#takeFrom(dataTransfer);
  };

  /** A copied file, wherever in the app one is, but for a field that is being written in. */
  readonly #onPaste = async (event: ClipboardEvent): Promise<void> => {
    const { clipboardData } = event;
    const [target] = event.composedPath();
    const isField = target instanceof HTMLElement && target.isContentEditable;
    if (isField || !clipboardData?.types.includes('Files')) return;
    event.preventDefault();
    await this.#takeFrom(clipboardData);
  };

  async #takeFrom(transfer: DataTransfer): Promise<void> {
    const given = fromTransfer(transfer);
    // Told by the screen that takes them.
    given.catch(() => undefined);
    await (await this.#startScreen()).take(() => given);
  }

  readonly #onHash = (): void => {
    if (this.#entrances.enter()) return;
    this.#scroll.leave();
    const top = this.#scroll.arrive();
    const go = async () => {
      this.route = routeOf(location.hash);
      await this.updateComplete;
      // The parts of the screen come one after the other, and the focus goes to its heading.
      await new Promise((shown) => setTimeout(shown));
      this.#scroll.scrollTo(top);
    };
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (calm || !('startViewTransition' in document)) void go();
    // Whoever goes on meanwhile cuts it short, and a page that is not seen has none.
    else document.startViewTransition(go).ready.catch(() => undefined);
  };

  static override styles = [
    theme,
    controls,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 100dvh;
        max-width: 84rem;
        margin-inline: auto;
        padding-inline: clamp(min(1rem, 5vw), 3vw, 2.5rem);
      }
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 0.25rem 1rem;
        padding-block: 0.75rem;
        min-height: 4.25rem;
      }
      .brand {
        display: inline-flex;
        align-items: center;
        gap: 0.625rem;
        color: var(--ink);
        font-size: min(1.25rem, 8vw);
        font-weight: 750;
        letter-spacing: -0.02em;
        text-decoration: none;
        min-height: 2.75rem;
        border-radius: var(--radius-small);
      }
      .brand svg {
        flex: none;
        width: min(2.25rem, 12vw);
        height: min(2.25rem, 12vw);
      }
      .aside {
        display: flex;
        flex-wrap: wrap;
        min-width: 0;
        align-items: center;
        gap: 0.5rem;
      }
      .private {
        display: inline-flex;
        gap: 0.5rem;
        align-items: center;
        font-size: 0.875rem;
        font-weight: 600;
        padding: 0.375rem 0.875rem;
        border-radius: 2rem;
        background: var(--accent-soft);
        color: var(--accent-strong);
        border: 1px solid transparent;
      }
      main {
        flex: 1;
      }
      .plain {
        padding-block: 4rem;
        text-align: center;
      }
      .update {
        flex-wrap: wrap;
        align-items: center;
        background: var(--accent-soft);
        justify-content: space-between;
      }
      .update .icon {
        color: var(--accent);
        margin: 0;
      }
      .update p {
        flex: 1;
      }
      footer {
        margin-top: 2rem;
        padding-block: 1.25rem;
        border-top: 1px solid var(--line);
        font-size: 0.8125rem;
        color: var(--ink-soft);
      }
      footer p {
        margin: 0;
        max-width: 46rem;
      }
      @media ${unsafeCSS(NARROW)} {
        .private {
          font-size: 0.75rem;
          padding-inline: 0.625rem;
        }
        .aside button {
          display: none;
        }
      }
      @media print {
        :host {
          min-height: 0;
          max-width: none;
          padding: 0;
        }
        .private,
        .notice,
        /* A page of its own. */
        .paper {
          display: none;
        }
      }
    `,
  ];
}

/** Whether a job is on its way by itself: one that waits for the user is not. */
function isAtWork({ status, progress }: JobSummary): boolean {
  return status === 'IN_PROGRESS' && progress.stage !== 'needs-permission';
}

/** Whether there is anything to report: that nobody was there is, where the whole video was looked at. */
function isCounted({ status, people = 0 }: JobSummary): boolean {
  return status === 'SUCCEEDED' || people > 0;
}

/** Said all the time, since it holds all the time: nobody is to find out by losing something. */
function nothingKept(language: AppLanguage): TemplateResult {
  return html`<div class="notice" role="note">
    ${icon('alert')}
    <p>
      <strong>${language.say('app.nothing-kept')}</strong> ${language.say('app.nothing-kept-why')}
      ${
        window.top === window
          ? null
          : language.pieces('app.own-tab', {
              link: html`<a href="./" target="_blank" rel="noopener">${language.say('app.own-tab-link')}</a>`,
            })
      }
    </p>
  </div>`;
}

function ignore(event: Event): void {
  event.preventDefault();
}

customElements.define('footpath-app', FootpathApp);
