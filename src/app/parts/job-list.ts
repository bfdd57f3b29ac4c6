import { css, html } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { JobSummary, PersonTracking } from '../../client/api.ts';
import { controls } from '../../element/controls.ts';
import { failureText } from '../../element/failure-text.ts';
import { icon } from '../../element/icons.ts';
import { RovingFocus } from '../../element/roving-focus.ts';
import { theme } from '../../element/theme.ts';
import { AppElement } from '../app-element.ts';
import { Attempt } from '../host/attempt.ts';
import './confirm-dialog.ts';
import { deleteQuestion, stopQuestion } from '../questions.ts';
import { isLongFile, resultFile, resultFileName, saveResult } from '../result-file.ts';
import { jobHash } from '../route.ts';
import { expiryText, foundText, shareDone, shortName, standingOf } from '../words.ts';
import { forgetJob, sourceOf } from './video-input.ts';

/** `<job-list>`: the videos of before and of now, each with what can be done with it. One tab stop: see RovingFocus. */
export class JobList extends AppElement {
  static override properties = {
    tracking: { attribute: false },
    jobs: { attribute: false },
  };

  declare tracking: PersonTracking;
  declare jobs: readonly JobSummary[];

  readonly #attempt = new Attempt(this);

  constructor() {
    super();
    this.jobs = [];
    new RovingFocus(this, { row: 'li', control: 'a, button' });
  }

  protected override render() {
    return html`
      <p class="problem" role="alert">${this.#attempt.problem}</p>
      <ul>
        ${repeat(
          this.jobs,
          ({ jobId }) => jobId,
          (job) => this.#item(job),
        )}
      </ul>
      <confirm-dialog></confirm-dialog>
    `;
  }

  #item(job: JobSummary) {
    const { language } = this;
    const standing = standingOf(job);
    const name = job.key;
    const running = job.status === 'IN_PROGRESS';
    const ended = job.finishedAt ?? job.createdAt;
    const found = foundText(language, job);
    return html`<li>
      <span class=${`status ${standing}`}>
        ${language.say(`status.${standing}`)}${standing === 'running' ? ` ${language.say('percent', { percent: Math.floor(100 * shareDone(job.progress)) })}` : ''}
      </span>
      <div class="what">
        <a href=${jobHash(job.jobId)} title=${job.key}>${job.key}</a>
        <span class="facts">
          ${found === '' ? null : html`<span>${found}</span>`}
          <time datetime=${ended.toISOString()}>
            ${language.say(running ? 'when.added' : 'when.looked-at', { date: language.date(ended) })}
          </time>
          ${running ? null : html`<span>${expiryText(language, job.expiresAt, new Date(), this.tracking.storage)}</span>`}
        </span>
        ${standing === 'failed' && job.failure ? html`<span class="why">${failureText(language, job.failure)}</span>` : null}
        ${standing === 'needs-you' ? this.#permission(job) : null}
      </div>
      <div class="actions">
        ${
          running
            ? html`<button
                class="quiet danger icon-only"
                title=${language.say('stop')}
                aria-label=${language.say('jobs.stop', { name })}
                @click=${() => this.#attempt.run(() => this.#stop(job))}
              >
                ${icon('stop')}
              </button>`
            : job.people
              ? html`<button
                class="quiet icon-only"
                title=${language.say('jobs.download-hint')}
                aria-label=${language.say('jobs.download', { name })}
                @click=${() => this.#attempt.run(() => this.#download(job))}
              >
                ${icon('download')}
              </button>`
              : null
        }
        <button
          class="quiet danger icon-only"
          title=${language.say('delete')}
          aria-label=${language.say('jobs.delete', { name })}
          @click=${() => this.#attempt.run(() => this.#delete(job))}
        >
          ${icon('trash')}
        </button>
      </div>
    </li>`;
  }

  #permission({ bucket, key, version }: JobSummary) {
    const name = shortName(key);
    const allow = async () => {
      await this.tracking.allowObject({ Bucket: bucket, Key: key, VersionId: version });
    };
    return html`<span class="why">${this.language.say('permission', { name })}</span>
      <button class="allow" @click=${() => this.#attempt.run(allow)}>
        ${icon('lock')} ${this.language.say('jobs.allow', { name })}
      </button>`;
  }

  async #download(job: JobSummary): Promise<void> {
    const make = () => resultFile(this.tracking, job.jobId, 'csv');
    await saveResult(resultFileName(job, 'csv'), make, sourceOf(job.jobId), isLongFile(job));
  }

  async #stop(job: JobSummary): Promise<void> {
    const sure = await this.renderRoot
      .querySelector('confirm-dialog')!
      .ask(stopQuestion(this.language, job.key));
    if (sure) await this.tracking.stopJob(job.jobId);
  }

  async #delete(job: JobSummary): Promise<void> {
    const sure = await this.renderRoot
      .querySelector('confirm-dialog')!
      .ask(deleteQuestion(this.language, job.key));
    if (sure) await forgetJob(this.tracking, job.jobId);
  }

  static override styles = [
    theme,
    controls,
    css`
      :host {
        display: block;
        container-type: inline-size;
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--card);
        overflow: clip;
      }
      li {
        position: relative;
        display: grid;
        grid-template-columns: 6.5rem minmax(0, 1fr) auto;
        align-items: center;
        gap: 0.25rem 1rem;
        padding: 0.625rem 0.75rem 0.625rem 1rem;
      }
      li + li {
        border-top: 1px solid var(--line);
      }
      li:hover {
        background: color-mix(in srgb, var(--accent-soft) 45%, transparent);
      }
      .what {
        min-width: 0;
      }
      a {
        display: block;
        color: var(--ink);
        font-weight: 600;
        text-decoration: none;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      a:hover {
        text-decoration: underline;
      }
      /* The whole row opens the job; the buttons lie above. */
      a::after {
        content: '';
        position: absolute;
        inset: 0;
      }
      a:focus-visible {
        outline: none;
      }
      a:focus-visible::after {
        outline: 3px solid var(--accent);
        outline-offset: -3px;
        border-radius: var(--radius);
      }
      .actions {
        position: relative;
        display: flex;
      }
      .facts {
        display: flex;
        flex-wrap: wrap;
        min-width: 0;
        column-gap: 1rem;
        color: var(--ink-soft);
        font-size: 0.875rem;
      }
      .why {
        display: block;
        margin-top: 0.25rem;
        color: var(--ink-soft);
        font-size: 0.875rem;
        overflow-wrap: anywhere;
      }
      /* Above the link that fills the row. */
      .allow {
        position: relative;
        max-width: 100%;
        margin-block: 0.5rem;
        overflow-wrap: anywhere;
      }
      .status {
        justify-self: start;
        padding: 0.125rem 0.625rem;
        border-radius: 1rem;
        border: 1px solid transparent;
        font-size: 0.8125rem;
        font-weight: 650;
        white-space: nowrap;
        font-variant-numeric: var(--numbers);
        background: var(--sunken);
        color: var(--ink-soft);
      }
      .status.done,
      .status.running {
        background: var(--accent-soft);
        color: var(--accent-strong);
      }
      .status.needs-you {
        background: var(--accent);
        color: var(--on-accent);
      }
      .status.failed {
        background: var(--danger-soft);
        color: var(--danger);
      }
      .problem {
        color: var(--danger);
        font-weight: 600;
      }
      .problem:empty {
        display: none;
      }
      @container (max-width: 35rem) {
        li {
          grid-template-columns: minmax(0, 1fr) auto;
        }
        .status {
          grid-column: 1;
        }
        .what {
          grid-column: 1;
        }
        .actions {
          grid-column: 2;
          grid-row: 1 / span 2;
        }
      }
      @container (max-width: 15rem) {
        .actions {
          grid-area: 3 / 1;
        }
      }
    `,
  ];
}

customElements.define('job-list', JobList);
