import { css, html, nothing } from 'lit';
import type { JobSummary, PersonTracking } from '../../client/api.ts';
import { controls } from '../../element/controls.ts';
import { clockText, spanText } from '../../element/duration.ts';
import { icon } from '../../element/icons.ts';
import { nameBeside, saveFile } from '../../element/save-file.ts';
import { theme } from '../../element/theme.ts';
import { AppElement } from '../app-element.ts';
import { Attempt } from '../host/attempt.ts';
import { changesText, computedText, knownAgainText, looksText } from '../report-words.ts';
import { settingsText } from '../words.ts';

/** What it is, what is said of it, and whether that is the engine's own English. */
type Fact = [name: string, value: string, isEnglish?: true];

/** `<job-report>`: how a job came to its result, folded away. */
export class JobReportView extends AppElement {
  static override properties = {
    job: { attribute: false },
    tracking: { attribute: false },
    read: { state: true },
  };

  declare job: JobSummary;
  declare tracking: PersonTracking;
  /** Share of the video that was read for its manifest, while that is made. */
  declare private read: number | null;

  readonly #attempt = new Attempt(this);

  constructor() {
    super();
    this.read = null;
  }

  protected override render() {
    return html`<details>
      <summary>${this.language.say('report.title')}</summary>
      <dl>
        ${this.#facts().map(
          ([name, value, isEnglish]) => html`<div>
            <dt>${name}</dt>
            <dd><span dir="auto" lang=${isEnglish ? 'en' : nothing}>${value}</span></dd>
          </div>`,
        )}
      </dl>
      ${this.#manifest()}
    </details>`;
  }

  /** Nothing where nobody was looked for: there would be nothing to compute again. */
  #manifest() {
    const { language } = this;
    if (!this.job.report?.detector) return null;
    return html`<div class="manifest">
      <button
        aria-disabled=${this.read !== null}
        @click=${() => this.read === null && this.#attempt.run(() => this.#download())}
      >
        ${icon('check')} ${language.say('report.manifest')}
      </button>
      <p role="status">
        ${
          this.read === null
            ? language.say('report.manifest-hint')
            : language.say('report.manifest-reading', { percent: Math.floor(100 * this.read) })
        }
      </p>
      ${this.#attempt.notice}
    </div>`;
  }

  async #download(): Promise<void> {
    const { jobId, key } = this.job;
    this.read = 0;
    try {
      const { resultManifest } = await import('../../client/result-manifest.ts');
      const { manifestText } = await import('../../export/result-manifest.ts');
      const manifest = await resultManifest(this.tracking, jobId, {
        onProgress: (read, bytes) => {
          this.read = read / Math.max(1, bytes);
        },
      });
      const file = new Blob([manifestText(manifest)], { type: 'application/json' });
      saveFile(file, nameBeside(key, 'manifest.json'));
    } finally {
      this.read = null;
    }
  }

  #facts(): Fact[] {
    const { job, language } = this;
    const { metadata, report } = job;
    const facts: Fact[] = [
      [language.say('report.file'), job.key],
      [language.say('report.settings'), settingsText(language, job.settings)],
    ];
    if (job.failure) facts.push([language.say('report.wrong'), job.failure.message, true]);
    if (metadata) {
      const { FrameWidth, FrameHeight, FrameRate, DurationMillis, Format, Codec } = metadata;
      const rate =
        FrameRate === undefined
          ? []
          : [language.say('report.rate', { count: Number(FrameRate.toFixed(2)) })];
      const length = clockText(language, DurationMillis);
      facts.push([
        language.say('report.video'),
        [`${FrameWidth} × ${FrameHeight}`, ...rate, length, Format, Codec].join(
          language.say('comma'),
        ),
      ]);
    }
    const detector = report?.detector;
    if (detector) {
      facts.push([
        language.say('report.finder'),
        [
          detector.model,
          looksText(language, detector.inputs),
          language.say('report.at-a-time', { threads: detector.concurrency }),
        ].join(language.say('comma')),
      ]);
      if (detector.motionGate)
        facts.push([language.say('report.looked'), changesText(language, report.shares)]);
      facts.push([language.say('report.computed'), computedText(language, detector)]);
      facts.push([language.say('report.marks'), knownAgainText(language, job.settings, detector)]);
      if (detector.notes.length > 0)
        facts.push([language.say('report.remarks'), detector.notes.join('; '), true]);
    }
    const decode = report?.decode;
    if (decode) {
      facts.push([
        language.say('report.read'),
        language.say('progress.of', {
          done: String(decode.framesDecoded),
          total: String(decode.framesExpected),
        }),
      ]);
      if (decode.framesDamaged > 0) {
        const places = decode.damagedAtMs
          .map((ms) => clockText(language, ms))
          .join(language.say('comma'));
        facts.push([
          language.say('report.left-out'),
          language.say('report.left-out-at', { number: decode.framesDamaged, places }),
        ]);
      }
      if (decode.partsUnread)
        facts.push([language.say('report.unread'), language.number(decode.partsUnread)]);
    }
    if (job.elements !== undefined)
      facts.push([language.say('report.boxes'), language.number(job.elements)]);
    if (report) {
      facts.push([language.say('report.time'), spanText(language, report.elapsedMs)]);
      if (report.resumed > 0)
        facts.push([
          language.say('report.resumed'),
          language.say('report.times', { count: report.resumed }),
        ]);
    }
    if (job.people)
      facts.push([language.say('report.numbers'), language.say('report.numbers-why')]);
    facts.push([language.say('report.started'), language.date(job.createdAt)]);
    facts.push([language.say('report.job'), job.jobId]);
    return facts;
  }

  static override styles = [
    theme,
    controls,
    css`
      details {
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--card);
      }
      summary {
        padding: 0.75rem 1rem;
        font-weight: 600;
        cursor: pointer;
        border-radius: var(--radius);
      }
      dl {
        margin: 0;
        padding: 0 1rem 1rem;
        display: grid;
        gap: 0.5rem;
        font-size: 0.9375rem;
      }
      dl div {
        display: grid;
        grid-template-columns: 10rem minmax(0, 1fr);
        gap: 0 1rem;
      }
      dt {
        overflow-wrap: anywhere;
        color: var(--ink-soft);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
        font-variant-numeric: var(--numbers);
      }
      .manifest {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        justify-items: start;
        gap: 0.5rem;
        padding: 0 1rem 1rem;
      }
      .manifest p {
        margin: 0;
        font-size: 0.875rem;
        color: var(--ink-soft);
        max-width: 46rem;
      }
      @media (max-width: 35rem) {
        dl div {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      @media print {
        details::details-content {
          content-visibility: visible;
          block-size: auto;
        }
      }
    `,
  ];
}

customElements.define('job-report', JobReportView);
