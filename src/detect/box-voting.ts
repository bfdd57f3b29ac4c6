import { iou } from '../track/box.ts';
import type { Detections } from '../track/detections.ts';

/** Least IoU with a kept box to have a say in it. Higher: fewer say, and fewer neighbours in a crowd. */
const LEAST_IOU = 0.7;
/** Least share of the kept box's score to have a say. */
const LEAST_SHARE = 0.5;

/**
 * Moves each kept box to the mean of those that were suppressed for it, weighed by score and overlap: a network that
 * regresses a whole box in every cell has seen the same person several times, and its errors even out. Gidaris and
 * Komodakis, "Object detection via a multi-region and semantic segmentation-aware CNN model" (2015), section 3.2.
 * What they are unsure of is the mean too: they see the same picture, and err alike.
 * @param kept as `suppress` answers
 * @param found all that it was given
 * @returns the kept ones with their scores, in their order
 */
export function voteBoxes(kept: Detections, found: Detections): Detections {
  const boxes = kept.boxes.slice();
  const spreads = found.spreads && kept.spreads?.slice();
  const sums = new Float64Array(4);
  const spreadSums = new Float64Array(4);
  for (let i = 0; i < kept.count; i++) {
    sums.fill(0);
    spreadSums.fill(0);
    let weights = 0;
    for (let j = 0; j < found.count; j++) {
      if (found.scores[j]! < LEAST_SHARE * kept.scores[i]!) continue;
      const overlap = iou(kept.boxes, i, found.boxes, j);
      if (overlap < LEAST_IOU) continue;
      const weight = found.scores[j]! * overlap * overlap;
      weights += weight;
      for (let k = 0; k < 4; k++) {
        sums[k]! += weight * found.boxes[4 * j + k]!;
        if (spreads) spreadSums[k]! += weight * found.spreads![4 * j + k]!;
      }
    }
    // The kept box is one of those found: it votes for itself, unless it has no area.
    if (!(weights > 0)) continue;
    for (let k = 0; k < 4; k++) {
      boxes[4 * i + k] = sums[k]! / weights;
      if (spreads) spreads[4 * i + k] = Math.round(spreadSums[k]! / weights);
    }
  }
  return { ...kept, boxes, ...(spreads && { spreads }) };
}
