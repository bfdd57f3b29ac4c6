import { css, html } from 'lit';
import type { JobSummary, PersonTracking } from '../../client/api.ts';
import { controls } from '../../element/controls.ts';
import { failureDetail, failureText } from '../../element/failure-text.ts';
import { icon } from '../../element/icons.ts';
import { theme } from '../../element/theme.ts';
import { AppElement } from '../app-element.ts';
import { Attempt } from '../host/attempt.ts';
import { damageText, failedText, remedyText } from '../words.ts';

/** `<result-notices>`: why a job did not come to its end, and what of its video was damaged. Nothing where all is well. */
export class ResultNotices extends AppElement {
  static override properties = {
    tracking: { attribute: false },
    job: { attribute: false },
    people: { type: Number },
  };

  declare tracking: PersonTracking;
  declare job: JobSummary;
  /** People found all the same. */
  declare people: number;

  readonly #attempt = new Attempt(this);

  constructor() {
    super();
    this.people = 0;
  }

  protected override render() {
    return html`
      ${this.#attempt.notice} ${this.job.status === 'FAILED' ? this.#failure() : null}
      ${this.#damage()}
    `;
  }

  #failure() {
    const { language } = this;
    const { failure } = this.job;
    const stopped = failure?.kind === 'stopped';
    const detail = failure && !stopped ? failureDetail(language, failure) : undefined;
    const remedy = remedyText(language, this.job);
    return html`<div class=${stopped ? 'notice' : 'notice bad'} role="status">
      ${icon('alert')}
      <div>
        <p><strong>${failedText(language, failure, this.people)}</strong></p>
        ${failure ? html`<p dir="auto">${failureText(language, failure)}</p>` : null}
        ${detail === undefined ? null : html`<p class="detail" lang="en" dir="ltr">${detail}</p>`}
        ${remedy === '' ? null : html`<p>${remedy}</p>`}
        ${
          this.job.canGoOn
            ? html`<p>
                <button @click=${() => this.#attempt.run(() => this.tracking.resumeJob(this.job.jobId))}>
                  ${language.say('result.go-on')}
                </button>
              </p>`
            : null
        }
        ${stopped ? null : html`<p><a href="#/">${language.say('result.another')}</a></p>`}
      </div>
    </div>`;
  }

  #damage() {
    const text = damageText(this.language, this.job.report?.decode);
    return text === '' ? null : html`<div class="notice">${icon('alert')}<p>${text}</p></div>`;
  }

  static override styles = [
    theme,
    controls,
    css`
      :host {
        display: grid;
        gap: 1rem;
      }
      .notice p + p {
        margin-top: 0.375rem;
      }
      .detail {
        font-size: 0.875em;
        text-align: start;
      }
    `,
  ];
}

customElements.define('result-notices', ResultNotices);
