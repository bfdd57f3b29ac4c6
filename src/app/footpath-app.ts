import { css, html, LitElement, type PropertyValues, type TemplateResult, unsafeCSS } from 'lit';
import type { JobSummary, PersonTracking } from '../client/api.ts';
import { controls } from '../element/controls.ts';
import { icon } from '../element/icons.ts';
import { theme } from '../element/theme.ts';
import { JobAnnouncer } from './announce.ts';
import { AppInstall } from './host/app-install.ts';
import { AppUpdate } from './host/app-update.ts';
import { JobsController } from './host/jobs-controller.ts';
import { OfflineCopy } from './host/offline-copy.ts';
import { logo } from './parts/logo.ts';
import './screens/progress-screen.ts';
import './screens/result-screen.ts';
import { type Route, routeOf } from './route.ts';
import './screens/start-screen.ts';
import { failureText, shareDone, shortName } from './words.ts';

/** Where the header has no room for the button that installs the app. */
const NARROW = '(max-width: 30rem)';

/** `<footpath-app>`: the whole page. Shows the screen that the address names. */
export class FootpathApp extends LitElement {
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
  readonly #install = new AppInstall(
    this,
    () => this.route.screen === 'start' && !matchMedia(NARROW).matches,
  );
  readonly #announcer = new JobAnnouncer();
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
    window.addEventListener('dragover', ignore);
    window.addEventListener('drop', ignore);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('hashchange', this.#onHash);
    window.removeEventListener('dragover', ignore);
    window.removeEventListener('drop', ignore);
  }

  protected override willUpdate(_changed: PropertyValues): void {
    // What was said stays until there is something else to say.
    if (this.#jobs.jobs) this.said = this.#announcer.hear(this.#jobs.jobs) || this.said;
  }

  protected override updated(_changed: PropertyValues): void {
    document.title = this.#title();
    const screen = this.renderRoot.querySelector('main > *')!;
    const { route } = this;
    const name = route.screen === 'job' ? `${screen.localName} ${route.jobId}` : screen.localName;
    // A screen of its own comes after the one that says to wait.
    if (screen.matches('[role=status]') || name === this.#shown) return;
    if (this.#shown !== '') void focusHeading(screen);
    this.#shown = name;
  }

  protected override render() {
    return html`
      <header>
        <a class="brand" href="#/">${logo()}<span>Footpath</span></a>
        ${
          this.route.screen === 'start'
            ? html`<span class="aside">
                <button class="quiet" ?hidden=${!this.#install.offered} @click=${() => this.#install.ask()}>
                  ${icon('download')} Install
                </button>
                <span class="private">${icon('lock')} Nothing leaves this device</span>
              </span>`
            : html`<a class="button quiet" href="#/">${icon('back')} All videos</a>`
        }
      </header>
      ${this.#notices()}
      <main>${this.#screen()}</main>
      <p class="visually-hidden" role="status">${this.said}</p>
      <footer>
        <p>
          Footpath is free software under the Apache licence 2.0 (<a
            href="THIRD-PARTY-LICENSES.txt"
            >what it is built of</a
          >). Paths are found by a computer and
          may be wrong: check before you rely on them, and respect the people in your videos.
        </p>
      </footer>
    `;
  }

  #notices() {
    const error = this.tracking.trouble ? failureText(this.tracking.trouble) : this.#jobs.error;
    return html`
      ${this.tracking.storage === 'memory' ? nothingKept() : null}
      ${
        error === null
          ? null
          : html`<div class="notice bad" role="alert">
              ${icon('alert')}
              <p>${error}</p>
              <button @click=${() => location.reload()}>Load the page again</button>
            </div>`
      }
      ${
        this.#update.ready && !this.#jobs.anyRunning
          ? html`<div class="notice update" role="status">
              ${icon('sparkle')}
              <p>A new version of Footpath is ready.</p>
              <button @click=${() => this.#update.apply()}>Use it now</button>
            </div>`
          : null
      }
    `;
  }

  #screen() {
    const { jobs } = this.#jobs;
    if (this.route.screen === 'start') {
      return html`<start-screen
        .tracking=${this.tracking}
        .jobs=${jobs}
        .offline=${this.#offline.state}
        @offline-load=${() => this.#offline.load()}
      ></start-screen>`;
    }
    const job = this.#job();
    if (job) {
      return job.status === 'IN_PROGRESS'
        ? html`<progress-screen .tracking=${this.tracking} .job=${job}></progress-screen>`
        : html`<result-screen .tracking=${this.tracking} .job=${job}></result-screen>`;
    }
    if (jobs === null) return html`<p class="plain" role="status">One moment…</p>`;
    return html`<div class="plain">
      <h1>This result is gone</h1>
      <p>It was deleted, or its time was up, or it was made in another browser.</p>
      <p><a class="button primary" href="#/">Choose a video</a></p>
    </div>`;
  }

  #job(): JobSummary | undefined {
    const { route } = this;
    if (route.screen !== 'job') return undefined;
    return this.#jobs.jobs?.find(({ jobId }) => jobId === route.jobId);
  }

  #title(): string {
    const job = this.#job();
    if (!job) return 'Footpath: see where everyone walked';
    const name = shortName(job.key);
    if (job.status !== 'IN_PROGRESS') return `${name} – Footpath`;
    return `${Math.floor(100 * shareDone(job.progress))} % · ${name} – Footpath`;
  }

  readonly #onHash = (): void => {
    const go = async () => {
      this.route = routeOf(location.hash);
      await this.updateComplete;
      window.scrollTo(0, 0);
    };
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (calm || !('startViewTransition' in document)) void go();
    else document.startViewTransition(go);
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
        .notice {
          display: none;
        }
      }
    `,
  ];
}

/** Said all the time, since it holds all the time: nobody is to find out by losing something. */
function nothingKept(): TemplateResult {
  return html`<div class="notice" role="note">
    ${icon('alert')}
    <p>
      <strong>Nothing will be kept.</strong> This browser does not let this page store anything, so
      videos and results are gone once it is closed or loaded anew. Download what you want to have.
      ${
        window.top === window
          ? null
          : html`<a href="./" target="_blank" rel="noopener">Open Footpath in a tab of its own</a>,
              where they may be kept.`
      }
    </p>
  </div>`;
}

/** A change of screen takes whoever does not see it along: the focus goes to its heading. */
async function focusHeading(screen: Element): Promise<void> {
  if (screen instanceof LitElement) await screen.updateComplete;
  const heading = (screen.shadowRoot ?? screen).querySelector<HTMLElement>('h1');
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus();
}

function ignore(event: Event): void {
  event.preventDefault();
}

customElements.define('footpath-app', FootpathApp);
