import { firstAbove } from '../analytics/first-above.ts';
import { longestStepMs } from '../analytics/presence.ts';
import type { PersonPath } from '../track/path.ts';
import { FILLED } from '../track/track.ts';

/** A person's box at some moment, as ratios of the frame. */
export interface MomentBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Filled in by the tracker, not seen by the detector. */
  readonly estimated: boolean;
}

/** Position of the last sample at or before a time, or -1. */
export function sampleBefore(path: PersonPath, timeMs: number): number {
  return firstAbove(path.timestampsMs, timeMs) - 1;
}

/**
 * The box at a time: between two samples of one appearance on the straight line between theirs, so that it keeps up
 * with a video that shows more frames than were sampled; after the last one it stays for one interval. Null where
 * the person is not to be seen.
 */
export function boxAt(path: PersonPath, timeMs: number, intervalMs: number): MomentBox | null {
  const i = sampleBefore(path, timeMs);
  if (i < 0) return null;
  const { timestampsMs: times, boxes, flags } = path;
  const next = i + 1 < times.length && times[i + 1]! - times[i]! <= longestStepMs(intervalMs);
  if (!next && timeMs - times[i]! > intervalMs) return null;
  const share = next ? (timeMs - times[i]!) / (times[i + 1]! - times[i]!) : 0;
  const value = (k: number) => {
    const from = boxes[4 * i + k]!;
    return next ? from + (boxes[4 * i + 4 + k]! - from) * share : from;
  };
  return {
    left: value(0),
    top: value(1),
    width: value(2),
    height: value(3),
    estimated: flags[i] === FILLED,
  };
}
