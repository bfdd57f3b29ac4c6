import type { Detections } from './detections.ts';
import type { HistoryChunk } from './history.ts';

/**
 * Detections of consecutive samples as the columns of a {@link HistoryChunk}.
 * @param samples of each; embeddings are kept when every detection has one
 */
export function joinDetections(
  samples: readonly Detections[],
): Pick<HistoryChunk, 'offsets' | 'boxes' | 'scores' | 'features'> {
  const offsets = new Int32Array(samples.length + 1);
  for (const [i, { count }] of samples.entries()) offsets[i + 1] = offsets[i]! + count;
  const total = offsets[samples.length]!;
  const boxes = new Float32Array(4 * total);
  const scores = new Float32Array(total);
  for (const [i, found] of samples.entries()) {
    boxes.set(found.boxes.subarray(0, 4 * found.count), 4 * offsets[i]!);
    scores.set(found.scores.subarray(0, found.count), offsets[i]!);
  }
  const features = joinFeatures(samples, offsets);
  return { offsets, boxes, scores, ...(features && { features }) };
}

/** The detections of each sample of a chunk, which share its memory: what {@link joinDetections} joined. */
export function splitDetections({
  offsets,
  boxes,
  scores,
  features,
}: Pick<HistoryChunk, 'offsets' | 'boxes' | 'scores' | 'features'>): Detections[] {
  const length = scores.length === 0 ? 0 : (features?.length ?? 0) / scores.length;
  return Array.from({ length: offsets.length - 1 }, (_, i) => {
    const from = offsets[i]!;
    const to = offsets[i + 1]!;
    return {
      count: to - from,
      boxes: boxes.subarray(4 * from, 4 * to),
      scores: scores.subarray(from, to),
      ...(features && { features: features.subarray(length * from, length * to) }),
    };
  });
}

function joinFeatures(samples: readonly Detections[], offsets: Int32Array): Int8Array | undefined {
  const first = samples.find(({ count }) => count > 0);
  if (!first?.features) return undefined;
  const length = first.features.length / first.count;
  const features = new Int8Array(length * offsets[samples.length]!);
  for (const [i, found] of samples.entries()) {
    if (found.count === 0) continue;
    if (found.features?.length !== length * found.count) return undefined;
    features.set(found.features, length * offsets[i]!);
  }
  return features;
}
