import { type BoxArray, boxArea, intersectionArea } from '../box.ts';

/** Score from which a box may stand in front of another: half hidden people have less than the threshold, doubles less still. */
const LEAST_SCORE = 0.3;

/** Share of a person in view from which nobody hides them. */
export const FULL_VIEW = 0.9;

/**
 * Share of a person that nobody in front hides, at least: covers may overlap. Of two boxes that overlap, the one
 * further down is taken to be in front, as it is on level ground.
 * @param boxes XyxyPx of one sample's detections, rows `from` to `to - 1`
 * @param scores of the same rows
 * @param from first row of the sample
 * @param to one behind its last
 * @param row the person's
 * @returns 0 (hidden) to 1
 */
export function visibleShare(
  boxes: BoxArray,
  scores: ArrayLike<number>,
  from: number,
  to: number,
  row: number,
): number {
  const foot = boxes[4 * row + 3]!;
  let hidden = 0;
  for (let other = from; other < to; other++) {
    if (other === row || boxes[4 * other + 3]! < foot || scores[other]! < LEAST_SCORE) continue;
    hidden += intersectionArea(boxes, row, boxes, other);
  }
  return hidden > 0 ? Math.max(0, 1 - hidden / boxArea(boxes, row)) : 1;
}
