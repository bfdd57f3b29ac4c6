import type { Point } from '../../analytics/geometry.ts';

/** Length of the arrow that shows a line's inside, in thousandths of the picture's height; and of its head. */
const ARROW = 70;
const HEAD = 22;

/**
 * A shape as the data of an SVG path, in thousandths of the picture's height.
 * @param points ratios of the displayed frame
 */
export function pathOf(points: readonly Point[], aspect: number, closed: boolean): string {
  const places = points.map(([x, y]) => `${fixed(1000 * x * aspect)} ${fixed(1000 * y)}`);
  return `M${places.join('L')}${closed ? 'Z' : ''}`;
}

/** An arrow over the middle of a line to its inside, as {@link pathOf}. */
export function arrowAcross(
  points: readonly Point[],
  inside: 'left' | 'right',
  aspect: number,
): string {
  const square = points.map(([x, y]): Point => [1000 * x * aspect, 1000 * y]);
  const { at, along } = halfWay(square);
  // The right hand of a way is a quarter turn clockwise of it where y runs downwards.
  const [nx, ny] = inside === 'right' ? [-along[1], along[0]] : [along[1], -along[0]];
  const tip: Point = [at[0] + nx * ARROW, at[1] + ny * ARROW];
  const wing = (side: 1 | -1): string => {
    const x = tip[0] - nx * HEAD + side * along[0] * HEAD;
    const y = tip[1] - ny * HEAD + side * along[1] * HEAD;
    return `${fixed(x)} ${fixed(y)}`;
  };
  const end = `${fixed(tip[0])} ${fixed(tip[1])}`;
  return `M${fixed(at[0])} ${fixed(at[1])}L${end}M${wing(1)}L${end}L${wing(-1)}`;
}

/** The middle of a shape's points. */
export function middleOf(points: readonly Point[]): Point {
  const sum = points.reduce(([sx, sy], [x, y]): Point => [sx + x, sy + y], [0, 0] as Point);
  return [sum[0] / points.length, sum[1] / points.length];
}

/** Half way along a line, and which way it runs there. */
function halfWay(points: readonly Point[]): { at: Point; along: Point } {
  const lengths = points
    .slice(1)
    .map(([x, y], i) => Math.hypot(x - points[i]![0], y - points[i]![1]));
  let rest = lengths.reduce((sum, length) => sum + length, 0) / 2;
  let part = 0;
  while (part < lengths.length - 1 && rest > lengths[part]!) rest -= lengths[part++]!;
  const [ax, ay] = points[part]!;
  const [bx, by] = points[part + 1]!;
  const along: Point = [(bx - ax) / lengths[part]!, (by - ay) / lengths[part]!];
  return { at: [ax + along[0] * rest, ay + along[1] * rest], along };
}

const fixed = (value: number) => value.toFixed(1);
