import type { Detections } from '../track/detections.ts';

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
    if (!kept.some((better) => boxIou(boxes, better, candidate) > maxIou)) kept.push(candidate);
  }
  return {
    count: kept.length,
    boxes: Float32Array.from(kept.flatMap((i) => [...boxes.subarray(4 * i, 4 * i + 4)])),
    scores: Float32Array.from(kept, (i) => scores[i]!),
  };
}

/**
 * Intersection over union of two boxes of one array.
 * @param boxes XyxyPx
 * @returns 0 to 1; 0 for boxes without area
 */
export function boxIou(boxes: Float32Array, a: number, b: number): number {
  const i = 4 * a;
  const j = 4 * b;
  const width = Math.min(boxes[i + 2]!, boxes[j + 2]!) - Math.max(boxes[i]!, boxes[j]!);
  const height = Math.min(boxes[i + 3]!, boxes[j + 3]!) - Math.max(boxes[i + 1]!, boxes[j + 1]!);
  if (width <= 0 || height <= 0) return 0;
  const both = width * height;
  const areaA = (boxes[i + 2]! - boxes[i]!) * (boxes[i + 3]! - boxes[i + 1]!);
  const areaB = (boxes[j + 2]! - boxes[j]!) * (boxes[j + 3]! - boxes[j + 1]!);
  return both / (areaA + areaB - both);
}
