import { iou } from '../track/box.ts';
import type { Detections } from '../track/detections.ts';
import { exactExp } from './exact-exp.ts';
import { pickDetections } from './pick-detections.ts';

/** The overlap squared, over this, is the exponent with which a score falls: as published. */
const SIGMA = 0.5;

/**
 * The more a box overlaps better ones, the less it scores: half of somebody found once already costs a score 40 %, a tenth 2 %. So who
 * stands behind another stays, and doubles come after everybody who was found once. Nobody is dropped, however faint (Bodla et al. 2017, "Soft-NMS", arXiv 1704.04503, Gaussian).
 * @param found suppressed boxes of one class, few enough to compare each with each
 * @returns copies, best first; equal scores keep the order given
 */
export function fadeDoubles(found: Detections): Detections {
  const scores = Float32Array.from(found.scores.subarray(0, found.count));
  const left = new Set(scores.keys());
  const order: number[] = [];
  while (left.size > 0) {
    let best = -1;
    for (const i of left) if (best < 0 || scores[i]! > scores[best]!) best = i;
    left.delete(best);
    order.push(best);
    for (const i of left) {
      const overlap = iou(found.boxes, best, found.boxes, i);
      scores[i] = scores[i]! * exactExp(-(overlap ** 2) / SIGMA);
    }
  }
  return pickDetections({ ...found, scores }, order);
}
