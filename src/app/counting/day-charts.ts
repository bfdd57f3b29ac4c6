import { css, html } from 'lit';
import type { Scene } from '../../analytics/scene.ts';
import { controls } from '../../element/controls.ts';
import { option } from '../../element/option.ts';
import { theme } from '../../element/theme.ts';
import { AppElement } from '../app-element.ts';
import { type CountedVideo, countDays, countOverlaps, type DayCount } from './camera-videos.ts';
import './count-chart.ts';

/** Colours of days side by side: those of "Color Universal Design" that differ in lightness, as in overlay/palette.ts. */
const DAY_COLOURS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#8a8a8a'];

/** `<day-charts>`: the days of a camera, one after the other, and the last of them side by side by the hour. */
export class DayCharts extends AppElement {
  static override properties = {
    scene: { attribute: false },
    videos: { attribute: false },
    line: { state: true },
  };

  declare scene: Scene;
  declare videos: readonly CountedVideo[];
  declare private line: string;

  constructor() {
    super();
    this.videos = [];
    this.line = '';
  }

  protected override render() {
    const { language } = this;
    const { lines } = this.scene;
    const line = lines.find(({ id }) => id === this.line) ?? lines[0];
    const days = countDays(this.videos, line?.id);
    const overlaps = countOverlaps(this.videos);
    const without = this.videos.filter(({ analysis }) => analysis.scene.startsAt === undefined);
    return html`
      ${
        lines.length < 2
          ? null
          : html`<label>
              <span>${language.say('camera.line')}</span>
              <select
                @change=${(event: Event) => {
                  this.line = (event.target as HTMLSelectElement).value;
                }}
              >
                ${lines.map(({ id, name }) => option(id, name, id === line?.id))}
              </select>
            </label>`
      }
      ${without.length > 0 ? html`<p class="missing">${language.say('camera.no-clock', { count: without.length })}</p>` : null}
      ${overlaps > 0 ? html`<p class="missing">${language.say('camera.overlap', { count: overlaps })}</p>` : null}
      ${days.length === 0 ? null : this.#charts(days, line !== undefined)}
    `;
  }

  #charts(days: readonly DayCount[], hasLine: boolean) {
    const { language } = this;
    const isOneYear = days[0]!.day.slice(0, 4) === days.at(-1)!.day.slice(0, 4);
    const names = days.map(({ day }) =>
      language.date(new Date(`${day}T00:00:00Z`), {
        weekday: 'short',
        day: 'numeric',
        month: 'short',
        ...(isOneYear ? {} : { year: 'numeric' }),
        timeZone: 'UTC',
      }),
    );
    const shown = days.slice(-DAY_COLOURS.length);
    const [from, to] = hoursOf(shown);
    const hours = language.say(hasLine ? 'camera.hours-in' : 'camera.hours-arrivals');
    return html`
      <h2>${language.say('camera.days')}</h2>
      <count-chart
        .name=${language.say('camera.days')}
        .labels=${names}
        .series=${
          hasLine
            ? [
                {
                  name: language.say('count.in'),
                  values: days.map((day) => day.in),
                  colour: 'var(--accent)',
                },
                {
                  name: language.say('count.out'),
                  values: days.map((day) => day.out),
                  colour: 'var(--warn)',
                },
              ]
            : [
                {
                  name: language.say('chart.arrivals'),
                  values: days.map((day) => day.arrivals),
                  colour: 'var(--accent)',
                },
              ]
        }
      ></count-chart>
      <h2>${hours}</h2>
      <count-chart
        lines
        .name=${hours}
        .labels=${Array.from({ length: to - from }, (_, i) =>
          language.date(new Date(Date.UTC(2000, 0, 1, from + i)), {
            timeStyle: 'short',
            timeZone: 'UTC',
          }),
        )}
        .series=${shown.map((day, i) => ({
          name: names[days.length - shown.length + i]!,
          values: day.byHour.slice(from, to),
          colour: DAY_COLOURS[i]!,
        }))}
      ></count-chart>
    `;
  }

  static override styles = [
    theme,
    controls,
    css`
      :host {
        display: block;
      }
      h2 {
        margin: 0.25rem 0;
        font-size: 1.125rem;
      }
      count-chart + h2 {
        margin-top: 1rem;
      }
      label {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 0.5rem;
        font-size: 0.875rem;
        color: var(--ink-soft);
      }
      select {
        min-width: 0;
      }
      .missing {
        margin: 0.25rem 0;
        color: var(--ink-soft);
      }
    `,
  ];
}

/** The hours of the day of which there is a video on any of the days, from, to without to: that nobody came is told too. */
function hoursOf(days: readonly DayCount[]): [from: number, to: number] {
  const seen = Array.from({ length: 24 }, (_, hour) => hour).filter((hour) =>
    days.some(({ byHour }) => byHour[hour] !== null),
  );
  return [seen[0]!, seen.at(-1)! + 1];
}

customElements.define('day-charts', DayCharts);

declare global {
  interface HTMLElementTagNameMap {
    'day-charts': DayCharts;
  }
}
