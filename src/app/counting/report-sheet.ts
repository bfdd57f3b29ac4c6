/** Long because one page is one template: its parts are its rows. */
import { html } from 'lit';
import type { Analysis } from '../../analytics/analyze.ts';
import type { JobSummary } from '../../client/api.ts';
import { daySpanText, spanText } from '../../element/duration.ts';
import { failureText } from '../../element/failure-text.ts';
import { theme } from '../../element/theme.ts';
import { AppElement } from '../app-element.ts';
import { damageText, failedText, shortName, smallText } from '../words.ts';
import { bucketLabels } from './bucket-labels.ts';
import './heat-picture.ts';
import type { Recording } from './recording.ts';
import {
  isCrowded,
  MOST_LINES,
  MOST_ZONES,
  type ReportTable,
  reportTable,
  reportZones,
} from './report-figures.ts';
import { reportSheetStyles } from './report-sheet-styles.ts';
import './scene-editor.ts';

/** Characters of a name above a figure: with longer ones all of them fill the page. */
const NAME = 32;

/** `<report-sheet>`: one page about one video, for paper: how many came and went and when, how long they stayed, where. */
export class ReportSheet extends AppElement {
  static override properties = {
    job: { attribute: false },
    analysis: { attribute: false },
    recording: { attribute: false },
    still: {},
    isSmall: { type: Boolean },
  };

  declare job: JobSummary;
  declare analysis: Analysis;
  declare recording: Recording;
  /** Address of a picture of the video, or empty. */
  declare still: string;
  /** Whether people are so small that others may be missing for it. */
  declare isSmall: boolean;

  constructor() {
    super();
    this.isSmall = false;
    this.still = '';
  }

  protected override render() {
    const { analysis, recording, language } = this;
    const table = reportTable(analysis);
    return html`<article>
      <header>
        <h1>${language.say('sheet.title', { name: recording.camera })}</h1>
        <p>${this.#about()}</p>
        ${this.#failure()}
        ${analysis.people.length === 0 ? html`<p><strong>${language.say('result.nobody')}</strong></p>` : null}
      </header>
      ${this.#figures(table)}
      <div class="columns">
        <section>
          <h2>${language.say('sheet.over-time')}</h2>
          ${this.#overTime(table)}
        </section>
        <div>
          <section>
            <h2>${language.say('sheet.map')}</h2>
            ${this.#map(table)}
          </section>
          ${analysis.zones.length > 0 ? this.#zones() : null}
          <section class="how">
            <h2>${language.say('sheet.how')}</h2>
            <p>${language.say('sheet.how-text')}</p>
            <p>${this.#sure()}</p>
            ${this.#missing().map((text) => html`<p><strong>${text}</strong></p>`)}
          </section>
        </div>
      </div>
      <footer>${language.say('sheet.made', { date: language.date(new Date()) })}</footer>
    </article>`;
  }

  #about(): string {
    const { startsAt } = this.recording;
    const { durationMs } = this.analysis.video;
    const { language } = this;
    const when =
      startsAt === null
        ? language.say('sheet.long', { length: spanText(language, durationMs) })
        : daySpanText(language, startsAt, durationMs);
    return `${when} · ${this.job.key}`;
  }

  /** Half a result is not printed as a whole one. */
  #failure() {
    const { failure, status } = this.job;
    if (status !== 'FAILED') return null;
    const { language } = this;
    const why = failure && failure.kind !== 'stopped' ? failureText(language, failure) : '';
    return html`<p class="failed">
      <strong>${failedText(language, failure, this.analysis.people.length)}</strong> ${why}
    </p>`;
  }

  /** Why people may be missing, and what of the counts has no room. */
  #missing(): string[] {
    const { job, language, isSmall } = this;
    const button = language.say('save.button');
    return [
      isCrowded(this.analysis)
        ? language.say('sheet.crowded', { lines: MOST_LINES, zones: MOST_ZONES, button })
        : '',
      damageText(language, job.report?.decode),
      isSmall ? smallText(language, job.settings) : '',
    ].filter((text) => text !== '');
  }

  #figures(table: ReportTable) {
    const { analysis, language } = this;
    const labels = this.#labels(table);
    const busiest = table.busiest < 0 ? null : table.counts[table.busiest]!;
    const figures: [string, string | number][] = [
      ...table.lines.flatMap((i): [string, number][] => {
        const { line, in: came, out: went } = analysis.lines[i]!;
        const outside = line.inside === 'left' ? 'right' : 'left';
        const figures: [string, number][] = [
          [language.say('sheet.in', { name: shortName(line[line.inside], NAME) }), came],
          [language.say('sheet.out', { name: shortName(line[outside], NAME) }), went],
        ];
        if (analysis.lines.length === 1) return figures;
        return figures.map(([figure, count]): [string, number] => [
          language.say('sheet.at-line', { figure, line: shortName(line.name, NAME) }),
          count,
        ]);
      }),
      [language.say('sheet.people'), analysis.people.length],
      [language.say('sheet.most'), analysis.mostAtOnce],
      ...(busiest
        ? [
            [
              language.say('sheet.busiest'),
              language.say('sheet.busiest-time', {
                time: labels[table.busiest]!,
                count: table.came[table.busiest]!,
              }),
            ] as [string, string],
          ]
        : []),
    ];
    return html`<dl>
      ${figures.map(([name, value]) => html`<div><dt>${name}</dt><dd>${typeof value === 'number' ? language.number(value) : value}</dd></div>`)}
    </dl>`;
  }

  #labels({ counts, by }: ReportTable): string[] {
    return bucketLabels(
      this.language,
      counts.map(({ bucket }) => bucket),
      by,
    );
  }

  #overTime(table: ReportTable) {
    const { analysis, language } = this;
    const labels = this.#labels(table);
    const most = Math.max(1, ...table.came);
    const lines = table.lines.map((i) => analysis.lines[i]!);
    const named = lines.length > 1;
    return html`<table
      class=${`times${named ? ' several' : ''}${lines.length > 2 ? ' upright' : ''}`}
      .style=${`--columns: ${2 * lines.length}`}
    >
      <thead>
        ${
          named
            ? html`<tr>
                <td></td>
                ${lines.map(({ line }) => html`<th scope="colgroup" colspan="2">${shortName(line.name)}</th>`)}
                <td class="chart"></td>
              </tr>`
            : null
        }
        <tr>
          <th scope="col">${language.say('chart.time')}</th>
          ${
            lines.length === 0
              ? this.#heading('sheet.came')
              : lines.map(() => [this.#heading('count.in'), this.#heading('count.out')])
          }
          <td class="chart"></td>
        </tr>
      </thead>
      <tbody>
        ${table.counts.map(
          (count, i) => html`<tr class=${i === table.busiest ? 'busiest' : ''}>
            <th scope="row">${labels[i]}</th>
            ${
              lines.length === 0
                ? html`<td>${language.number(count.arrivals)}</td>`
                : table.lines.map(
                    (line) =>
                      html`<td>${language.number(count.lines[line]!.in)}</td><td>${language.number(count.lines[line]!.out)}</td>`,
                  )
            }
            <td class="chart"><div .style=${`width: ${(100 * table.came[i]!) / most}%`}></div></td>
          </tr>`,
        )}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">${language.say('sheet.total')}</th>
          ${
            lines.length === 0
              ? html`<td>${language.number(analysis.people.length)}</td>`
              : lines.map(
                  (line) =>
                    html`<td>${language.number(line.in)}</td><td>${language.number(line.out)}</td>`,
                )
          }
          <td class="chart"></td>
        </tr>
      </tfoot>
    </table>`;
  }

  /** The head of a column of numbers. */
  #heading(
    name:
      | 'sheet.came'
      | 'count.in'
      | 'count.out'
      | 'sheet.people'
      | 'sheet.dwell'
      | 'sheet.longest'
      | 'sheet.most',
  ) {
    return html`<th scope="col"><span>${this.language.say(name)}</span></th>`;
  }

  #zones() {
    const { language } = this;
    const zones = reportZones(this.analysis);
    return html`<section>
      <table class="zones">
        <thead>
          <tr>
            <th scope="col">${language.say('sheet.zone')}</th>
            ${this.#heading('sheet.people')} ${this.#heading('sheet.dwell')}
            ${this.#heading('sheet.longest')} ${this.#heading('sheet.most')}
          </tr>
        </thead>
        <tbody>
          ${zones.map(
            ({ zone, people, visits, medianDwellMs, mostAtOnce }) => html`<tr>
              <th scope="row">${shortName(zone.name)}</th>
              <td>${language.number(people)}</td>
              <td>${medianDwellMs === undefined ? '–' : spanText(language, medianDwellMs)}</td>
              <td>${visits.length === 0 ? '–' : spanText(language, Math.max(...visits.map(({ dwellMs }) => dwellMs)))}</td>
              <td>${language.number(mostAtOnce)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </section>`;
  }

  /** The lines and zones that are on the page: all others would lie over where people were. */
  #map({ lines }: ReportTable) {
    const { frameWidth, frameHeight } = this.analysis.video;
    const scene = {
      ...this.analysis.scene,
      lines: lines.map((i) => this.analysis.lines[i]!.line),
      zones: reportZones(this.analysis).map(({ zone }) => zone),
    };
    return html`<div class="map" .style=${`--ratio: ${frameWidth / frameHeight}`}>
        ${this.still === '' ? null : html`<img src=${this.still} alt="" />`}
        <heat-picture .map=${this.analysis.heatMap}></heat-picture>
        <scene-editor .scene=${scene} .aspect=${frameWidth / frameHeight} .selected=${null}></scene-editor>
      </div>
      ${this.analysis.people.length === 0 ? null : html`<heat-scale .map=${this.analysis.heatMap}></heat-scale>`}`;
  }

  #sure(): string {
    const { lines } = this.analysis;
    const all = lines.reduce((sum, { crossings }) => sum + crossings.length, 0);
    const uncertain = lines.reduce((sum, line) => sum + line.uncertain, 0);
    const { language } = this;
    const sure = language.say('sheet.sure');
    if (all === 0) return sure;
    const first =
      uncertain === 0
        ? language.say('sheet.certain')
        : language.say('sheet.uncertain', { count: uncertain, all });
    return `${first} ${sure}`;
  }

  static override styles = [theme, reportSheetStyles];
}

customElements.define('report-sheet', ReportSheet);

declare global {
  interface HTMLElementTagNameMap {
    'report-sheet': ReportSheet;
  }
}
