import { css, html, type PropertyValues } from 'lit';
import { type Analysis, countByTime } from '../../analytics/analyze.ts';
import { BUCKET_MS, type BucketName, bucketFor } from '../../analytics/by-time.ts';
import { controls } from '../../element/controls.ts';
import { option } from '../../element/option.ts';
import { theme } from '../../element/theme.ts';
import { AppElement } from '../app-element.ts';
import { bucketLabels } from './bucket-labels.ts';
import './count-chart.ts';
import type { ChartSeries } from './count-chart.ts';
import { withoutRunOn } from './run-on.ts';

/** `<time-chart>`: an analysis by minute, quarter of an hour, hour or day, of one line or zone, or of everybody. */
export class TimeChart extends AppElement {
  static override properties = {
    analysis: { attribute: false },
    shape: { attribute: false },
    by: { state: true },
  };

  declare analysis: Analysis;
  /** Id of the line or zone shown, or empty for everybody. */
  declare shape: string;
  declare private by: BucketName | null;

  constructor() {
    super();
    this.shape = '';
    this.by = null;
  }

  protected override willUpdate(_changed: PropertyValues): void {
    const { lines, zones } = this.analysis.scene;
    const shapes = [...lines, ...zones];
    if (!shapes.some(({ id }) => id === this.shape)) this.shape = shapes[0]?.id ?? '';
  }

  protected override render() {
    const { analysis, language } = this;
    const by = this.by ?? bucketFor(analysis.video.durationMs);
    const { lines, zones } = analysis.scene;
    const shapes = [...lines, ...zones];
    const shown =
      shapes.find(({ id }) => id === this.shape)?.name ?? language.say('chart.everybody');
    const counts = withoutRunOn(countByTime(analysis, by), analysis.video.durationMs);
    const series = this.#series(counts);
    const nobody = series.every(({ values }) => values.every((value) => value === 0));
    return html`
      <div class="choices">
        ${
          shapes.length === 0
            ? null
            : html`<label>
                <span>${language.say('chart.show')}</span>
                <select
                  @change=${(event: Event) => {
                    this.shape = (event.target as HTMLSelectElement).value;
                  }}
                >
                  ${shapes.map(({ id, name }) => option(id, name, id === this.shape))}
                </select>
              </label>`
        }
        <label>
          <span>${language.say('chart.by')}</span>
          <select
            @change=${(event: Event) => {
              this.by = (event.target as HTMLSelectElement).value as BucketName;
            }}
          >
            ${(Object.keys(BUCKET_MS) as BucketName[]).map((unit) =>
              option(unit, language.say(`chart.by-${unit}`), unit === by),
            )}
          </select>
        </label>
      </div>
      ${
        nobody
          ? html`<p class="none">
              ${language.say(lines.some(({ id }) => id === this.shape) ? 'chart.nobody-crossed' : 'chart.nobody-there', { name: shown })}
            </p>`
          : html`<count-chart
              .name=${shown}
              .labels=${bucketLabels(
                language,
                counts.map(({ bucket }) => bucket),
                by,
              )}
              .series=${series}
            ></count-chart>`
      }
    `;
  }

  #series(counts: ReturnType<typeof countByTime>): ChartSeries[] {
    const { language } = this;
    const { lines, zones } = this.analysis.scene;
    const line = lines.findIndex(({ id }) => id === this.shape);
    const zone = zones.findIndex(({ id }) => id === this.shape);
    if (line >= 0)
      return [
        {
          name: language.say('count.in'),
          values: counts.map((it) => it.lines[line]!.in),
          colour: 'var(--accent)',
        },
        {
          name: language.say('count.out'),
          values: counts.map((it) => it.lines[line]!.out),
          colour: 'var(--warn)',
        },
      ];
    if (zone >= 0)
      return [
        {
          name: language.say('chart.visits'),
          values: counts.map((it) => it.zones[zone]!.visits),
          colour: 'var(--accent)',
        },
      ];
    return [
      {
        name: language.say('chart.arrivals'),
        values: counts.map(({ arrivals }) => arrivals),
        colour: 'var(--accent)',
      },
    ];
  }

  static override styles = [
    theme,
    controls,
    css`
      :host {
        display: block;
      }
      .none {
        margin: 0;
        overflow-wrap: anywhere;
        color: var(--ink-soft);
      }
      .choices {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 1.25rem;
        margin-bottom: 0.5rem;
      }
      label {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 0.5rem;
        min-width: 0;
        font-size: 0.875rem;
        color: var(--ink-soft);
      }
      select {
        min-width: 0;
      }
    `,
  ];
}

customElements.define('time-chart', TimeChart);

declare global {
  interface HTMLElementTagNameMap {
    'time-chart': TimeChart;
  }
}
