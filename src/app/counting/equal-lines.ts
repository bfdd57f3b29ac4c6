import type UPlot from 'uplot';

/** Heights of a line, one a label; null where it is broken. */
type Values = readonly (number | null)[];

/** Radius of a point in CSS pixels, and what the rings around it may have in all, of which each has no more than RING. */
const RADIUS = 3.5;
const RINGS = 6;
const RING = 2.5;
/** How far a point reaches, in CSS pixels: of a line at zero it does so below the axis. */
export const POINT_REACH = RADIUS + RINGS;
/** Length of a dash in CSS pixels. */
const DASH = 8;

/**
 * How one of several lines is drawn so that none is hidden under one that is equal: its points are rings around those of
 * the later ones, and where it runs on earlier ones for a stretch it has gaps in which they are seen.
 * @param at which of the lines; they are drawn in their order
 */
export function equalLine(lines: readonly Values[], at: number): Partial<UPlot.Series> {
  const values = lines[at]!;
  const isOn = (other: Values, i: number) => values[i] != null && other[i] === values[i];
  const below = values.map(
    (_, i) => lines.slice(0, at).filter((it) => isOn(it, i) && isOn(it, i + 1)).length,
  );
  const above = values.map((_, i) => lines.slice(at + 1).filter((it) => isOn(it, i)).length);
  const most = Math.max(0, ...below);
  return {
    ...(most === 0 ? {} : { dash: [DASH, DASH * most].map((length) => length * devicePixelRatio) }),
    points: {
      show: true,
      paths: (plot, series, first, last) => {
        const fill = new Path2D();
        for (let i = first; i <= last; i++) {
          const value = plot.data[series]![i];
          if (value == null) continue;
          const rings = Math.min(RINGS, RING * above[i]!);
          const x = plot.valToPos(plot.data[0][i]!, 'x', true);
          const y = plot.valToPos(value, 'y', true);
          const radius = (RADIUS + rings) * devicePixelRatio;
          fill.moveTo(x + radius, y);
          fill.arc(x, y, radius, 0, 2 * Math.PI);
        }
        return { stroke: null, fill };
      },
    },
  };
}
