import { css, html } from 'lit';
import type { JobSummary } from '../../client/api.ts';
import { clockText, spanText } from '../../element/duration.ts';
import { theme } from '../../element/theme.ts';
import { AppElement } from '../app-element.ts';
import { computedText, knownAgainText, looksText, settingsText } from '../words.ts';

/** `<job-report>`: how a job came to its result, folded away. */
export class JobReportView extends AppElement {
  static override properties = { job: { attribute: false } };

  declare job: JobSummary;

  protected override render() {
    return html`<details>
      <summary>${this.language.say('report.title')}</summary>
      <dl>
        ${this.#facts().map(([name, value]) => html`<div><dt>${name}</dt><dd dir="auto">${value}</dd></div>`)}
      </dl>
    </details>`;
  }

  #facts(): [string, string][] {
    const { job, language } = this;
    const { metadata, report } = job;
    const facts: [string, string][] = [
      [language.say('report.file'), job.key],
      [language.say('report.settings'), settingsText(language, job.settings)],
    ];
    if (job.failure) facts.push([language.say('report.wrong'), job.failure.message]);
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
        facts.push([language.say('report.looked'), language.say('report.changes')]);
      facts.push([language.say('report.computed'), computedText(language, detector.backend)]);
      facts.push([language.say('report.marks'), knownAgainText(language, job.settings, detector)]);
      if (detector.notes.length > 0)
        facts.push([language.say('report.remarks'), detector.notes.join('; ')]);
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
        color: var(--ink-soft);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
        font-variant-numeric: var(--numbers);
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
