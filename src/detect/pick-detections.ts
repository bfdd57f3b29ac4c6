import type { Detections } from '../track/detections.ts';

/**
 * Some of the detections of one image, without embeddings.
 * @param found boxes, scores and, where there are any, spreads
 * @param indices of those wanted, in the order wanted
 * @returns copies
 */
export function pickDetections(
  { boxes, scores, spreads }: Detections,
  indices: readonly number[],
): Detections {
  return {
    count: indices.length,
    boxes: Float32Array.from(indices.flatMap((i) => [...boxes.subarray(4 * i, 4 * i + 4)])),
    scores: Float32Array.from(indices, (i) => scores[i]!),
    ...(spreads && {
      spreads: Int8Array.from(indices.flatMap((i) => [...spreads.subarray(4 * i, 4 * i + 4)])),
    }),
  };
}
