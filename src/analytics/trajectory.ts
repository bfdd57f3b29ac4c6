import type { AnalysedPath } from './analysed-path.ts';
import { boxHeights, estimateHidden } from './hidden-feet.ts';
import type { AnchorKind } from './scene.ts';

/** Where a person was, sample by sample; arrays of equal length n. */
export interface Trajectory {
  /** Index of the person. */
  readonly index: number;
  /** n times in milliseconds from the video's start, ascending. */
  readonly timestampsMs: Float64Array;
  /** n places of the anchor, in frame heights from the left edge. */
  readonly x: Float64Array;
  /** n places of the anchor, in frame heights from the upper edge. */
  readonly y: Float64Array;
  /** n heights of the body in frame heights, above 0; estimated where the feet are hidden. */
  readonly bodyHeights: Float64Array;
  /** n Indexes of the path that each sample is of: one and the same, unless parts were joined. */
  readonly parts: Int32Array;
}

/**
 * Paths as places of the anchor; a foot that cannot be seen is put where it is estimated (hidden-feet.ts). Time grows with
 * the elements and, per moment, with the people who are next to each other.
 * @param aspect width of the displayed frame over its height
 */
export function trajectoriesOf(
  paths: readonly AnalysedPath[],
  aspect: number,
  anchor: AnchorKind = 'foot',
): Trajectory[] {
  const heights = paths.map(boxHeights);
  if (anchor === 'foot') estimateHidden(paths, heights);
  return paths.map((path, p) => {
    const n = path.timestampsMs.length;
    const bodyHeights = heights[p]!;
    const x = new Float64Array(n);
    const y = new Float64Array(n);
    for (let k = 0; k < n; k++) {
      const top = path.boxes[4 * k + 1]!;
      const height = path.boxes[4 * k + 3]!;
      x[k] = (path.boxes[4 * k]! + path.boxes[4 * k + 2]! / 2) * aspect;
      y[k] =
        anchor === 'head' ? top : anchor === 'centre' ? top + height / 2 : top + bodyHeights[k]!;
    }
    return {
      index: path.index,
      timestampsMs: Float64Array.from(path.timestampsMs),
      x,
      y,
      bodyHeights,
      parts: new Int32Array(n).fill(path.index),
    };
  });
}
