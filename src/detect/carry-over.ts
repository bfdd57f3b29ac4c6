import { iou } from '../track/box.ts';
import type { Detections } from '../track/detections.ts';

/** Detections with an embedding each. */
export type EmbeddedDetections = Detections & Required<Pick<Detections, 'features'>>;

/**
 * Puts together who was there before, where nothing has changed since, and who was found anew, where something has.
 * @param before of an earlier picture
 * @param isCarried whether the place of one of them is as it was, by ordinal
 * @param found of this picture
 * @param isNew whether the place of one of these is not, by ordinal
 * @param maxIou somebody found who overlaps somebody carried over by more is the same person, 0 to 1
 * @returns copies; those carried over first
 */
export function carryOver(
  before: EmbeddedDetections,
  isCarried: (ordinal: number) => boolean,
  found: EmbeddedDetections,
  isNew: (ordinal: number) => boolean,
  maxIou: number,
): EmbeddedDetections {
  const carried = ordinals(before).filter(isCarried);
  const added = ordinals(found).filter(
    (i) => isNew(i) && !carried.some((j) => iou(before.boxes, j, found.boxes, i) > maxIou),
  );
  const sources = [
    ...carried.map((i) => [before, i] as const),
    ...added.map((i) => [found, i] as const),
  ];
  const { length } = sources;
  const featureLength = featureLengthOf(before) || featureLengthOf(found);
  const hasSpreads = length > 0 && sources.every(([{ spreads }]) => spreads !== undefined);
  const spreads = hasSpreads ? new Int8Array(4 * length) : undefined;
  const all = {
    count: length,
    boxes: new Float32Array(4 * length),
    scores: new Float32Array(length),
    features: new Int8Array(featureLength * length),
    ...(spreads && { spreads }),
  };
  for (const [to, [source, i]] of sources.entries()) {
    const { boxes, scores, features } = source;
    if (spreads) spreads.set(source.spreads!.subarray(4 * i, 4 * i + 4), 4 * to);
    all.boxes.set(boxes.subarray(4 * i, 4 * i + 4), 4 * to);
    all.scores[to] = scores[i]!;
    all.features.set(
      features.subarray(featureLength * i, featureLength * (i + 1)),
      featureLength * to,
    );
  }
  return all;
}

function ordinals({ count }: Detections): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

function featureLengthOf({ count, features }: EmbeddedDetections): number {
  return count > 0 ? features.length / count : 0;
}
