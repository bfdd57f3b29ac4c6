import type { Detections } from '../track/detections.ts';
import { voteBoxes } from './box-voting.ts';
import type { OutputDecoder } from './decoder.ts';
import { fadeDoubles } from './fade-doubles.ts';
import { type Placement, toFramePixels } from './input-size.ts';
import { suppress } from './suppression.ts';

/** What a network answered for one frame at one input scale. */
export interface ScaleOutput {
  /** The raw output, as {@link decode} takes it. */
  readonly output: Float32Array;
  readonly decode: OutputDecoder;
  /** Where the frame lay in that scale's input. */
  readonly placement: Placement;
}

/** How the boxes of all scales become one list of people. */
export interface MergeOptions {
  /** Least score of a detection, 0 to 1, before it fades. */
  readonly minScore: number;
  /** See {@link suppress}. */
  readonly maxIou: number;
  /** Whether suppressed boxes vote on the kept ones: where the network regresses whole boxes in every cell. */
  readonly votes: boolean;
  /** Whether who overlaps a surer one scores less: where anchors of several sizes find one person several times. */
  readonly fades: boolean;
}

/**
 * People of one frame from the network's outputs at several input scales: decoded, brought to the frame's pixels,
 * suppressed as one list and, where wanted, voted on and faded.
 * @param scales at least one
 * @param options how
 * @returns boxes XyxyPx of the frame, the highest score first
 */
export function mergeScales(
  scales: readonly ScaleOutput[],
  { minScore, maxIou, votes, fades }: MergeOptions,
): Detections {
  const parts = scales.map(({ output, decode, placement }) => {
    const part = decode(output, minScore);
    toFramePixels(part.boxes, placement);
    return part;
  });
  const hasSpreads = parts.every(({ spreads }) => spreads !== undefined);
  const found: Detections = {
    count: parts.reduce((sum, part) => sum + part.count, 0),
    boxes: Float32Array.from(parts.flatMap((part) => [...part.boxes])),
    scores: Float32Array.from(parts.flatMap((part) => [...part.scores])),
    ...(hasSpreads && { spreads: Int8Array.from(parts.flatMap(({ spreads }) => [...spreads!])) }),
  };
  const kept = suppress(found, maxIou);
  const people = votes ? voteBoxes(kept, found) : kept;
  return fades ? fadeDoubles(people) : people;
}
