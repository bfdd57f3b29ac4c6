import { iou } from '../track/box.ts';
import type { Detections } from '../track/detections.ts';
import { pickDetections } from './pick-detections.ts';

/**
 * Keeps the best of boxes that lie on each other: greedy suppression, however many remain. Equal scores keep the
 * order given, so the same input gives the same output.
 * @param found boxes of one class
 * @param maxIou 0 to 1: a box that overlaps a better one by more goes. Higher keeps more of a crowd and more doubles.
 * @returns copies of the kept ones, best first
 */
export function suppress(found: Detections, maxIou: number): Detections {
  const { boxes, scores } = found;
  const order = Array.from({ length: found.count }, (_, i) => i);
  order.sort((a, b) => scores[b]! - scores[a]! || a - b);
  const kept: number[] = [];
  for (const candidate of order) {
    if (!kept.some((better) => iou(boxes, better, boxes, candidate) > maxIou)) kept.push(candidate);
  }
  return pickDetections(found, kept);
}
