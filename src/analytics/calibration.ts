import type { Point } from './geometry.ts';
import { type SceneCalibration, SceneError } from './scene.ts';

/** Brings a place of the picture, in ratios of the displayed frame, to the floor, in metres. */
export type ToFloor = (x: number, y: number) => Point;

/**
 * The floor as seen by a camera: the projective map that brings four places of the picture to four of the floor. Above
 * the horizon there is no floor: such places give NaN.
 * Source: Hartley and Zisserman, Multiple View Geometry, 2nd edition, equation 2.5, with h33 = 1.
 * @throws SceneError when the four places leave no map
 */
export function floorOf({ image, floor }: SceneCalibration): ToFloor {
  const rows: number[][] = [];
  image.forEach(([x, y], i) => {
    const [u, v] = floor[i]!;
    rows.push([x, y, 1, 0, 0, 0, -u * x, -u * y, u]);
    rows.push([0, 0, 0, x, y, 1, -v * x, -v * y, v]);
  });
  const h = solve(rows);
  if (!h) throw new SceneError('calibration', 'must have no three places in a row', image);
  const [a, b, c, d, e, f, g, i] = h as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  // The side of the horizon that the four places are on is the floor's.
  const side = Math.sign(image.reduce((sum, [x, y]) => sum + g * x + i * y + 1, 0));
  return (x, y) => {
    const scale = g * x + i * y + 1;
    if (!(scale * side > 1e-9)) return [Number.NaN, Number.NaN];
    return [(a * x + b * y + c) / scale, (d * x + e * y + f) / scale];
  };
}

/** Solves n equations given as rows of n + 1 numbers, by elimination with pivots; nothing when there is no one answer. */
function solve(rows: number[][]): number[] | undefined {
  const n = rows.length;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++) {
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row;
    }
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const head = rows[column]!;
    if (Math.abs(head[column]!) < 1e-12) return undefined;
    for (let row = 0; row < n; row++) {
      if (row === column) continue;
      const factor = rows[row]![column]! / head[column]!;
      for (let k = column; k <= n; k++) rows[row]![k] = rows[row]![k]! - factor * head[k]!;
    }
  }
  return rows.map((row, i) => row[n]! / row[i]!);
}
