import type { Point } from './geometry.ts';
import { SceneError } from './scene-error.ts';

/** Four places of the floor whose position is known, for distances in metres. */
export interface SceneCalibration {
  /** Four places in ratios of the displayed frame, no three of them in a row. */
  readonly image: readonly [Point, Point, Point, Point];
  /** The same four on the floor, in metres, in any right-angled axes. */
  readonly floor: readonly [Point, Point, Point, Point];
}

/** Brings a place of the picture, in ratios of the displayed frame, to the floor, in metres. */
export type ToFloor = (x: number, y: number) => Point;

/** Three numbers: a place of the plane as one of projective geometry, or a row or column of a map. */
type Triple = readonly [number, number, number];

/**
 * The floor as seen by a camera: the projective map that brings four places of the picture to four of the floor, no three of
 * them in a row. Above the horizon there is no floor: such places give NaN.
 * Source: Hartley and Zisserman, Multiple View Geometry, 2nd edition, section 2.3: both by way of the projective basis, which
 * has an answer wherever the horizon lies.
 * @throws SceneError where no camera sees the four places so
 */
export function floorOf({ image, floor }: SceneCalibration): ToFloor {
  const from = basisOf(image);
  const to = basisOf(floor);
  // The inverse of a matrix of columns, up to a factor.
  const toBasis = [cross(from[1], from[2]), cross(from[2], from[0]), cross(from[0], from[1])];
  const toFloor = ([0, 1, 2] as const).map(
    (row): Triple =>
      ([0, 1, 2] as const).map((column) =>
        to.reduce((sum, place, k) => sum + place[row] * toBasis[k]![column], 0),
      ) as unknown as Triple,
  );
  const depths = image.map(([x, y]) => dot(toFloor[2]!, [x, y, 1]));
  const mean = depths.reduce((sum, depth) => sum + depth, 0) / depths.length;
  // All four lie on one side of the horizon.
  if (!depths.every((depth) => depth / mean > 0))
    throw new SceneError('calibration', 'must have its places in one order in both lists', image);
  return (x, y) => {
    const [u, v, depth] = toFloor.map((row) => dot(row, [x, y, 1]) / mean) as unknown as Triple;
    return depth > 1e-9 ? [u / depth, v / depth] : [Number.NaN, Number.NaN];
  };
}

/** The first three places, each by the share of it that the fourth is made of. */
function basisOf([a, b, c, d]: SceneCalibration['image']): readonly [Triple, Triple, Triple] {
  const [p, q, r, s] = [a, b, c, d].map(([x, y]): Triple => [x, y, 1]) as [
    Triple,
    Triple,
    Triple,
    Triple,
  ];
  const scaled = (place: Triple, share: number): Triple => [
    share * place[0],
    share * place[1],
    share,
  ];
  return [
    scaled(p, dot(s, cross(q, r))),
    scaled(q, dot(s, cross(r, p))),
    scaled(r, dot(s, cross(p, q))),
  ];
}

function cross([a, b, c]: Triple, [d, e, f]: Triple): Triple {
  return [b * f - c * e, c * d - a * f, a * e - b * d];
}

function dot([a, b, c]: Triple, [d, e, f]: Triple): number {
  return a * d + b * e + c * f;
}
