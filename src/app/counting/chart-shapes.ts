/** Where a series of a chart is drawn: a band for each value, from left to right, and a scale upwards. */
export interface PlotArea {
  readonly left: number;
  readonly width: number;
  readonly bottom: number;
  readonly height: number;
  /** Value at the top. */
  readonly greatest: number;
}

/** Share of a band that its bars take together. */
const FILLED = 0.72;
const WIDEST_BAR = 56;
const POINT_RADIUS = 3.5;

/** The middle of a band. */
export function middleOfBand({ left, width }: PlotArea, at: number, count: number): number {
  return left + ((at + 0.5) * width) / count;
}

/** How high a value lies. */
export function heightOf({ bottom, height, greatest }: PlotArea, value: number): number {
  return bottom - (height * value) / greatest;
}

/** Bars of one of several series, side by side in each band: an SVG path. */
export function barsOf(
  area: PlotArea,
  values: readonly number[],
  nth: number,
  all: number,
): string {
  const width = Math.min(WIDEST_BAR, (FILLED * area.width) / values.length / all);
  // A hair between bars that are wide enough for one.
  const drawn = width > 3 ? width - 1 : width;
  return values
    .map((value, i) => {
      if (value === 0) return '';
      const x = middleOfBand(area, i, values.length) + (nth - all / 2) * width;
      return `M${round(x)} ${area.bottom}V${round(heightOf(area, value))}h${round(drawn)}V${area.bottom}z`;
    })
    .join('');
}

/** A line through a series: an SVG path. */
export function lineOf(area: PlotArea, values: readonly number[]): string {
  return values
    .map((value, i) => `${i === 0 ? 'M' : 'L'}${pointOf(area, values, value, i)}`)
    .join('');
}

/** A disc at each value of a series: an SVG path. */
export function discsOf(area: PlotArea, values: readonly number[]): string {
  const r = POINT_RADIUS;
  return values
    .map(
      (value, i) =>
        `M${pointOf(area, values, value, i)}m${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`,
    )
    .join('');
}

function pointOf(area: PlotArea, values: readonly number[], value: number, at: number): string {
  return `${round(middleOfBand(area, at, values.length))} ${round(heightOf(area, value))}`;
}

const round = (value: number) => Math.round(value * 100) / 100;
