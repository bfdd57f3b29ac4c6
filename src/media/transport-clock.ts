/**
 * The clock of an MPEG transport stream, made to go on where it wraps or is set anew. ISO/IEC 13818-1, 2.4.3.7: times
 * count 90,000 a second in 33 bits, so they start over after 26.5 hours; and a camera that sets its clock goes on with
 * other ones. Frames come in order of decoding, so decoding times that fall, or leap, belong to a new clock.
 */

import { MOST_REORDERED } from './packet-timeline.ts';

/** Ticks of the clock a second. */
const TICKS_PER_SECOND = 90_000;
/** One more than the largest time. */
export const TICKS = 2 ** 33;

/**
 * A leap beyond which the clock was set forth, in ticks: 10 seconds, what FFmpeg and players go by. The standard asks
 * for times every 0.7 seconds; a shorter gap may be one in the recording.
 */
const LEAP = 10 * TICKS_PER_SECOND;
/** So many usual steps are no leap: a camera may take a picture a minute. */
const STEPS_A_LEAP = 3;
/** So many steps tell which is usual, however long it is. */
const TELLING_STEPS = 8;
/** In a stream that never tells decoding times, so many frames for one that comes back in time make reordering. */
const FRAMES_A_FALL = 16;
/** Backward steps of a stream out of order that are a clock set back, in ticks. */
const LONGEST_REORDERING = TICKS_PER_SECOND;

/** Times of one frame as the stream has them, in ticks. */
export interface StreamTimes {
  /** When the frame is shown. */
  readonly shown: number;
  /** When it is decoded, where the stream tells it: absent when it is the same. */
  readonly decoded?: number;
}

/**
 * The times that the frames would have by one clock that neither wraps nor jumps: from a break on, they go on one
 * frame after the last.
 * @param frames in order of the stream, which is that of decoding
 * @returns when each is shown, in ticks; from that of the first frame on, without an end
 */
export function unbrokenTimes(frames: readonly StreamTimes[]): Float64Array {
  const decoded = frames.map((frame) => frame.decoded ?? frame.shown);
  const tolerance = isOutOfOrder(frames) ? LONGEST_REORDERING : 0;
  const times = new Float64Array(frames.length);
  let shift = 0;
  let latest = decoded[0] ?? 0;
  const usual = usualStep(decoded);
  const leap = Math.max(LEAP, STEPS_A_LEAP * usual);
  let step = usual;
  for (let i = 0; i < frames.length; i++) {
    const wrapped = decoded[i]! + shift;
    let time = wrapped + TICKS * Math.round((latest - wrapped) / TICKS);
    const ahead = time - latest;
    if (i > 0 && (ahead > leap || (ahead < 0 && ahead <= -tolerance))) time = latest + step;
    else if (ahead > 0) step = ahead;
    // The second of two fields may have the time of the first.
    const between = i > 0 && ahead === 0 ? Math.round(step / 2) : 0;
    shift += time - wrapped;
    latest = Math.max(latest, time);
    const later = signed(frames[i]!.shown - decoded[i]!);
    // A frame is shown when it is decoded or soon after it (some muxers: before). Anything else is damage.
    times[i] =
      time + between + (Math.abs(later) <= Math.max(LEAP, MOST_REORDERED * usual) ? later : 0);
  }
  return times;
}

/** Whether frames come in another order than they are shown, and the stream does not say when they are decoded. */
function isOutOfOrder(frames: readonly StreamTimes[]): boolean {
  let falls = 0;
  for (let i = 0; i < frames.length; i++) {
    if (frames[i]!.decoded !== undefined) return false;
    if (i > 0 && signed(frames[i]!.shown - frames[i - 1]!.shown) < 0) falls++;
  }
  return falls > 1 && falls * FRAMES_A_FALL > frames.length;
}

/** The median step forward, in ticks: a frame's duration. Where it is longer than a leap, there are many such steps. */
function usualStep(times: readonly number[]): number {
  const steps = times
    .slice(1)
    .map((time, i) => signed(time - times[i]!))
    .filter((step) => step > 0)
    .sort((a, b) => a - b);
  const usual = steps[steps.length >> 1];
  if (steps.length >= TELLING_STEPS && usual !== undefined) return usual;
  const short = steps.filter((step) => step <= LEAP);
  return short[short.length >> 1] ?? TICKS_PER_SECOND / 25;
}

/** A difference of times modulo 2^33 as the nearest one: from -2^32 to below 2^32. */
function signed(ticks: number): number {
  return ticks - TICKS * Math.floor(ticks / TICKS + 0.5);
}
