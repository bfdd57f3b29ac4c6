import { boxCoordinate, HEIGHT, WIDTH } from './box.ts';
import type { Detections } from './detections.ts';

/**
 * Picks the detections a tracker can use: a finite score of at least `minimumScore` and a finite box with an
 * area. Detectors do give zero-width boxes, and a broken one gives NaN; both are left out, never an error.
 * @param detections what the detector found
 * @param minimumScore least score, 0 to 1
 * @param out indices into `detections`, ascending; replaced by a longer array where it is too short
 * @returns the array with the indices and how many there are
 * @throws RangeError when `count` is no count or an array is shorter than `count` asks
 */
export function usableDetections(
  detections: Detections,
  minimumScore: number,
  out: Int32Array<ArrayBuffer>,
): { indices: Int32Array<ArrayBuffer>; count: number } {
  const { count, boxes, scores } = detections;
  if (!Number.isInteger(count) || count < 0) {
    throw new RangeError(`detections.count is ${count}; it must be a whole number from 0 up`);
  }
  if (boxes.length < 4 * count || scores.length < count) {
    throw new RangeError(
      `${count} detections need ${4 * count} box numbers and ${count} scores, but there are ` +
        `${boxes.length} and ${scores.length}`,
    );
  }
  const indices = out.length >= count ? out : new Int32Array(Math.max(16, 2 * count));
  let used = 0;
  for (let i = 0; i < count; i++) {
    if (!(scores[i]! >= minimumScore && scores[i]! < Infinity)) continue;
    const width = boxCoordinate(boxes, i, WIDTH);
    const height = boxCoordinate(boxes, i, HEIGHT);
    // Comparisons with NaN are false, and an infinite side has an infinite or undefined length.
    if (width > 0 && height > 0 && width < Infinity && height < Infinity) indices[used++] = i;
  }
  return { indices, count: used };
}
