import { css, html, LitElement } from 'lit';
import type { JobSummary } from '../../client/api.ts';
import { clockText, spanText } from '../../element/duration.ts';
import { theme } from '../../element/theme.ts';
import { computedText, dateText, looksText, settingsText } from '../words.ts';

/** `<job-report>`: how a job came to its result, folded away. */
export class JobReportView extends LitElement {
  static override properties = { job: { attribute: false } };

  declare job: JobSummary;

  protected override render() {
    return html`<details>
      <summary>Details</summary>
      <dl>
        ${this.#facts().map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
      </dl>
    </details>`;
  }

  #facts(): [string, string][] {
    const { job } = this;
    const { metadata, report } = job;
    const facts: [string, string][] = [
      ['File', job.key],
      ['Asked for', settingsText(job.settings)],
    ];
    if (job.failure) facts.push(['What went wrong', job.failure.message]);
    if (metadata) {
      const { FrameWidth, FrameHeight, FrameRate, DurationMillis, Format, Codec } = metadata;
      const rate =
        FrameRate === undefined ? '' : `${Number(FrameRate.toFixed(2))} pictures a second, `;
      facts.push([
        'Video',
        `${FrameWidth} × ${FrameHeight}, ${rate}${clockText(DurationMillis)}, ${Format}, ${Codec}`,
      ]);
    }
    const detector = report?.detector;
    if (detector) {
      facts.push([
        'People finder',
        `${detector.model}, ${looksText(detector.inputs)}, ${detector.concurrency} at a time`,
      ]);
      facts.push(['Computed on', computedText(detector.backend)]);
      if (detector.notes.length > 0) facts.push(['Remarks', detector.notes.join('; ')]);
    }
    const decode = report?.decode;
    if (decode) {
      facts.push(['Pictures read', `${decode.framesDecoded} of ${decode.framesExpected}`]);
      if (decode.framesDamaged > 0) {
        const places = decode.damagedAtMs.map((ms) => clockText(ms)).join(', ');
        facts.push(['Damaged, left out', `${decode.framesDamaged} (first at ${places})`]);
      }
    }
    if (job.elements !== undefined) facts.push(['Boxes found', String(job.elements)]);
    if (report) {
      facts.push(['Time taken', spanText(report.elapsedMs)]);
      if (report.resumed > 0) facts.push(['Taken up again', `${report.resumed} times`]);
    }
    if (job.people)
      facts.push(['Numbers in files', 'from 0, as Amazon Rekognition counts: Person 1 is Index 0']);
    facts.push(['Started', dateText(job.createdAt)]);
    facts.push(['Job id', job.jobId]);
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
