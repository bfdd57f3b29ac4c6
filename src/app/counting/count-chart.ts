import { css, html, svg } from 'lit';
import { controls } from '../../element/controls.ts';
import { theme } from '../../element/theme.ts';
import { AppElement } from '../app-element.ts';
import { labelsWithRoom, marksOf } from './chart-scale.ts';
import { barsOf, discsOf, heightOf, lineOf, middleOfBand } from './chart-shapes.ts';

/** One of the things that a chart counts. */
export interface ChartSeries {
  readonly name: string;
  /** A number a stretch of time. */
  readonly values: readonly number[];
  /** CSS colour; custom properties of the theme may be in it. */
  readonly colour: string;
}

/** Of the plot, in CSS pixels, as all that follow. */
const HEIGHT = 170;
/** Room for the labels below, and for half of the topmost mark. */
const LABEL_HEIGHT = 24;
const TOP = 8;
/** Between two texts. */
const GAP = 12;
const FONT_SIZE = 12;
/** Marks on the scale that are read well, besides 0. */
const MARKS = 4;

/**
 * `<count-chart>`: counts over time as bars side by side or as lines, and the same as a table below. The plot is a picture to screen
 * readers, summed up by its name.
 */
export class CountChart extends AppElement {
  static override properties = {
    name: {},
    labels: { attribute: false },
    series: { attribute: false },
    lines: { type: Boolean },
    width: { state: true },
  };

  /** What is shown, for its summary. */
  declare name: string;
  /** Names of the stretches of time. */
  declare labels: readonly string[];
  declare series: readonly ChartSeries[];
  /** Lines with points in place of bars: for more than two series. */
  declare lines: boolean;

  /** In CSS pixels; 0 until it is known. */
  declare private width: number;
  readonly #resized = new ResizeObserver(() => this.#fit());

  constructor() {
    super();
    this.name = '';
    this.labels = [];
    this.series = [];
    this.lines = false;
    this.width = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
  }

  protected override render() {
    const { labels, series, name } = this;
    const { language } = this;
    const total = series
      .map((it) => `${language.number(sum(it.values))} ${it.name}`)
      .join(language.say('comma'));
    return html`
      <p class="legend" aria-hidden="true">
        ${series.map(
          (it) => html`<span><i .style=${`background: ${it.colour}`}></i>${it.name}</span>`,
        )}
      </p>
      <div class="plot" role="img" aria-label=${language.say('chart.summary', { name, total })}>
        ${this.width > 0 && labels.length > 0 ? this.#plot(this.width) : null}
      </div>
      <details>
        <summary>${language.say('chart.table')}</summary>
        <div class="rows" tabindex="0" role="region" aria-label=${language.say('chart.table')}>
          <table>
            <thead>
              <tr>
                <th scope="col">${language.say('chart.time')}</th>
                ${series.map((it) => html`<th scope="col">${it.name}</th>`)}
              </tr>
            </thead>
            <tbody>
              ${labels.map(
                (label, i) => html`<tr>
                  <th scope="row">${label}</th>
                  ${series.map((it) => html`<td>${language.number(it.values[i]!)}</td>`)}
                </tr>`,
              )}
            </tbody>
          </table>
        </div>
      </details>
    `;
  }

  #plot(width: number) {
    const { labels, series, language } = this;
    const greatest = Math.max(1, ...series.flatMap(({ values }) => values));
    const marks = marksOf(greatest, MARKS).map((value) => ({
      value,
      text: language.number(value),
    }));
    const measure = textMeasure(this);
    const left = Math.max(...marks.map(({ text }) => measure(text))) + GAP;
    const area = {
      left,
      width: Math.max(1, width - left),
      bottom: HEIGHT - LABEL_HEIGHT,
      height: HEIGHT - LABEL_HEIGHT - TOP,
      greatest,
    };
    const widths = labels.map(measure);
    return html`<svg viewBox=${`0 0 ${width} ${HEIGHT}`} aria-hidden="true">
      ${marks.map(({ value, text }) => {
        const y = heightOf(area, value);
        return svg`<path class="rule" d=${`M${left} ${y}H${width}`}></path>
          <text class="mark" x=${left - GAP / 2} y=${y}>${text}</text>`;
      })}
      ${labelsWithRoom(widths, area.width, GAP).map((at) => {
        const half = widths[at]! / 2;
        const middle = middleOfBand(area, at, labels.length);
        const x = Math.max(half, Math.min(width - half, middle));
        return svg`<text class="label" x=${x} y=${HEIGHT - 4}>${labels[at]}</text>`;
      })}
      ${series.map(({ values, colour }, i) =>
        this.lines
          ? svg`<path class="line" d=${lineOf(area, values)} .style=${`stroke: ${colour}`}></path>
              <path class="bars" d=${discsOf(area, values)} .style=${`fill: ${colour}`}></path>`
          : svg`<path class="bars" d=${barsOf(area, values, i, series.length)} .style=${`fill: ${colour}`}></path>`,
      )}
    </svg>`;
  }

  #fit(): void {
    this.width = Math.floor(this.clientWidth);
  }

  static override styles = [
    theme,
    controls,
    css`
      :host {
        display: block;
      }
      .plot {
        min-height: ${HEIGHT}px;
        margin-block: 0.25rem;
      }
      svg {
        display: block;
        width: 100%;
      }
      text {
        font-size: ${FONT_SIZE}px;
        fill: var(--ink-soft);
        text-anchor: middle;
      }
      .mark {
        direction: ltr;
        text-anchor: end;
        dominant-baseline: central;
      }
      .rule {
        stroke: var(--line);
      }
      .line {
        fill: none;
        stroke-width: 2;
      }
      .line,
      .bars {
        forced-color-adjust: none;
        print-color-adjust: exact;
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 0 1.25rem;
        margin: 0;
        font-size: 0.875rem;
      }
      .legend i {
        display: inline-block;
        width: 0.75rem;
        height: 0.75rem;
        margin-inline-end: 0.375rem;
        border-radius: 2px;
        forced-color-adjust: none;
        print-color-adjust: exact;
      }
      summary {
        padding-block: 0.5rem;
        font-size: 0.875rem;
        cursor: pointer;
      }
      .rows {
        max-height: 20rem;
        overflow: auto;
      }
      table {
        border-collapse: collapse;
        font-size: 0.875rem;
        font-variant-numeric: var(--numbers);
      }
      th,
      td {
        padding: 0.125rem 1rem 0.125rem 0;
        text-align: start;
        border-bottom: 1px solid var(--line);
      }
      td {
        text-align: end;
      }
    `,
  ];
}

/** What measures texts as the chart writes them. */
function textMeasure(element: Element): (text: string) => number {
  drawing ??= new OffscreenCanvas(1, 1).getContext('2d')!;
  const measured = drawing;
  measured.font = `${FONT_SIZE}px ${getComputedStyle(element).fontFamily}`;
  return (text) => measured.measureText(text).width;
}

let drawing: OffscreenCanvasRenderingContext2D | undefined;

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

customElements.define('count-chart', CountChart);

declare global {
  interface HTMLElementTagNameMap {
    'count-chart': CountChart;
  }
}
