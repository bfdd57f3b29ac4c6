import { css, html, LitElement, type PropertyValues } from 'lit';
import type { JobSummary, PersonTracking } from '../client/api.ts';
import { controls } from '../element/controls.ts';
import { icon } from '../element/icons.ts';
import { theme } from '../element/theme.ts';
import { AppInstall } from './host/app-install.ts';
import { AppUpdate } from './host/app-update.ts';
import { JobsController } from './host/jobs-controller.ts';
import { logo } from './parts/logo.ts';
import './screens/progress-screen.ts';
import './screens/result-screen.ts';
import { type Route, routeOf } from './route.ts';
import './screens/start-screen.ts';
import { shareDone } from './words.ts';

/** `<footpath-app>`: the whole page. Shows the screen that the address names. */
export class FootpathApp extends LitElement {
  static override properties = { tracking: { attribute: false }, route: { state: true } };

  /** Set before the element is connected. */
  declare tracking: PersonTracking;
  declare private route: Route;

  readonly #jobs = new JobsController(this, () => this.tracking);
  readonly #update = new AppUpdate(this);
  readonly #install = new AppInstall(this);

  constructor() {
    super();
    this.route = routeOf(location.hash);
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

  protected override updated(_changed: PropertyValues): void {
    document.title = this.#title();
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
      <footer>
        <p>
          Footpath is free software under the Apache licence 2.0. Paths are found by a computer and
          may be wrong: check before you rely on them, and respect the people in your videos.
        </p>
      </footer>
    `;
  }

  #notices() {
    const { error } = this.#jobs;
    return html`
      ${
        error === null
          ? null
          : html`<div class="notice bad" role="alert">${icon('alert')}<p>${error}</p></div>`
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
      return html`<start-screen .tracking=${this.tracking} .jobs=${jobs}></start-screen>`;
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
    if (job.status !== 'IN_PROGRESS') return `${job.key} – Footpath`;
    return `${Math.floor(100 * shareDone(job.progress))} % · ${job.key} – Footpath`;
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
        padding-inline: clamp(1rem, 3vw, 2.5rem);
      }
      header {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 1rem;
        padding-block: 0.75rem;
        min-height: 4.25rem;
      }
      .brand {
        display: inline-flex;
        align-items: center;
        gap: 0.625rem;
        color: var(--ink);
        font-size: 1.25rem;
        font-weight: 750;
        letter-spacing: -0.02em;
        text-decoration: none;
        min-height: 2.75rem;
        border-radius: var(--radius-small);
      }
      .brand svg {
        width: 2.25rem;
        height: 2.25rem;
      }
      .aside {
        display: flex;
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
        white-space: nowrap;
      }
      main {
        flex: 1;
      }
      .plain {
        padding-block: 4rem;
        text-align: center;
      }
      .update {
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
      @media (max-width: 480px) {
        .private {
          font-size: 0.75rem;
          padding-inline: 0.625rem;
        }
        .aside button {
          display: none;
        }
      }
    `,
  ];
}

function ignore(event: Event): void {
  event.preventDefault();
}

customElements.define('footpath-app', FootpathApp);
