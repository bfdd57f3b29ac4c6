import { css, html, type PropertyValues, unsafeCSS } from 'lit';
import type UPlot from 'uplot';
import uPlotCss from 'uplot/dist/uPlot.min.css?inline';
import { controls } from '../../element/controls.ts';
import { theme } from '../../element/theme.ts';
import { AppElement } from '../app-element.ts';
import { colourOf } from './canvas-colour.ts';
import { FONT, spread, textWidths } from './chart-labels.ts';
import { equalLine, POINT_REACH } from './equal-lines.ts';

/** One of the things that a chart counts. */
export interface ChartSeries {
  readonly name: string;
  /** A number a stretch of time; null where there is no video of it. */
  readonly values: readonly (number | null)[];
  /** CSS colour; custom properties of the theme may be in it. */
  readonly colour: string;
}

/** Height of the plot in CSS pixels. */
const HEIGHT = 200;
/** Between two labels, and around the numbers of the scale, in CSS pixels. */
const GAP = 12;

/** What draws, once it was loaded. */
let loaded: { default: typeof UPlot } | undefined;

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
    isMissing: { state: true },
  };

  /** What is shown, for its summary. */
  declare name: string;
  /** Names of the stretches of time. */
  declare labels: readonly string[];
  declare series: readonly ChartSeries[];
  /** Lines with points in place of bars: for more than two series. */
  declare lines: boolean;

  /** Whether the browser cannot draw it: uPlot ends where its language has no usable name. */
  declare private isMissing: boolean;
  #plot: UPlot | null = null;
  readonly #resized = new ResizeObserver(() => this.#fit());
  /** What colours go by. */
  readonly #media = ['(prefers-color-scheme: dark)', 'print', '(forced-colors: active)'].map(
    (query) => matchMedia(query),
  );

  constructor() {
    super();
    this.name = '';
    this.labels = [];
    this.series = [];
    this.lines = false;
    this.isMissing = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    for (const media of this.#media) media.addEventListener('change', this.#redraw);
    if (this.hasUpdated) this.#redraw();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const media of this.#media) media.removeEventListener('change', this.#redraw);
    this.#resized.disconnect();
    this.#plot?.destroy();
    this.#plot = null;
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
      ${
        this.isMissing
          ? html`<p>${language.say('chart.missing')}</p>`
          : html`<div class="plot" role="img" aria-label=${language.say('chart.summary', { name, total })}></div>`
      }
      <details ?open=${this.isMissing}>
        <summary>${language.say('chart.table')}</summary>
        <div class="rows" tabindex="0" role="region" aria-label=${name}>
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
                  ${series.map((it) => html`<td>${it.values[i] === null ? '–' : language.number(it.values[i]!)}</td>`)}
                </tr>`,
              )}
            </tbody>
            ${
              labels.length < 2
                ? null
                : html`<tfoot>
                    <tr>
                      <th scope="row">${language.say('sheet.total')}</th>
                      ${series.map((it) => html`<td>${language.number(sum(it.values))}</td>`)}
                    </tr>
                  </tfoot>`
            }
          </table>
        </div>
      </details>
    `;
  }

  protected override updated(_changed: PropertyValues): void {
    this.#redraw();
  }

  get #holder(): HTMLElement | null {
    return this.renderRoot.querySelector('.plot');
  }

  readonly #redraw = async (): Promise<void> => {
    // Once it is there nothing is waited for: a page that is being printed is on paper before that.
    loaded ??= await import('uplot').catch(() => undefined);
    const Plot = loaded?.default;
    this.isMissing = Plot === undefined;
    const holder = this.#holder;
    if (!Plot || !holder || !this.isConnected) return;
    this.#plot?.destroy();
    const { labels, series, language } = this;
    const widest = Math.max(0, ...textWidths(labels));
    const most = Math.max(1, ...series.flatMap(({ values }) => values.map(Number)));
    const ink = colourOf(holder, 'var(--ink-soft)');
    const line = colourOf(holder, 'var(--line)');
    const many = series.length > 1;
    this.#plot = new Plot(
      {
        width: Math.max(1, holder.clientWidth),
        height: HEIGHT,
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { time: false, range: [-0.5, labels.length - 0.5] },
          y: { range: [0, most * 1.08] },
        },
        axes: [
          {
            stroke: ink,
            font: FONT,
            grid: { show: false },
            ticks: { show: false },
            gap: POINT_REACH,
            splits: (plot) => spread(labels.length, Math.floor(plot.width / (widest + GAP))),
            values: (_plot, splits) => splits.map((at) => labels[at] ?? ''),
          },
          {
            stroke: ink,
            font: FONT,
            size: (_plot, values) => Math.max(0, ...textWidths(values ?? [])) + 2 * GAP,
            values: (_plot, splits) => splits.map((value) => language.number(value)),
            grid: { stroke: line, width: 1 },
            ticks: { show: false },
            // People are whole.
            incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 100_000],
          },
        ],
        series: [
          {},
          ...series.map((it, i) => {
            const colour = colourOf(holder, it.colour, 'none');
            const common = { label: it.name, stroke: colour };
            if (this.lines) {
              const { points, ...line } = equalLine(
                series.map(({ values }) => values),
                i,
              );
              return { ...common, ...line, width: 2, points: { ...points, fill: colour } };
            }
            return {
              ...common,
              fill: colour,
              width: 0,
              points: { show: false },
              paths: Plot.paths.bars!({
                size: [many ? 0.38 : 0.7, 56],
                align: many ? (i === 0 ? -1 : 1) : 0,
                gap: 1,
              }),
            };
          }),
        ],
      },
      [labels.map((_, i) => i), ...series.map(({ values }) => [...values])],
      holder,
    );
    this.#resized.disconnect();
    this.#resized.observe(holder);
  };

  #fit(): void {
    const width = this.#holder?.clientWidth ?? 0;
    if (!this.#plot || width === 0 || width === this.#plot.width) return;
    this.#plot.setSize({ width, height: HEIGHT });
  }

  static override styles = [
    unsafeCSS(uPlotCss),
    theme,
    controls,
    css`
      :host {
        display: block;
      }
      .plot {
        height: ${HEIGHT}px;
        overflow: hidden;
      }
      .plot .uplot,
      .plot .u-wrap,
      .plot canvas {
        /* In step with its room at once, drawn anew a moment later. */
        width: 100% !important;
      }
      /* For a cursor, which there is none of. */
      .plot .u-wrap > :not(canvas) {
        display: none;
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
      tfoot {
        font-weight: 600;
      }
    `,
  ];
}

const sum = (values: ChartSeries['values']) => values.reduce<number>((a, b) => a + (b ?? 0), 0);

customElements.define('count-chart', CountChart);

declare global {
  interface HTMLElementTagNameMap {
    'count-chart': CountChart;
  }
}
