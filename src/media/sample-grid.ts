/**
 * Which frames of a video become samples. Pure arithmetic, so that it can be held against published figures.
 *
 * Rekognition sampled 15 times a second: the i-th sample is frame floor(i * fps / 15), the frame on display at
 * i / 15 seconds, and its Timestamp is floor(frame * 1000 / fps). Stated by the times of frames instead of by their
 * numbers, the same rule covers variable frame rates: a frame is taken when a point of the grid falls into the time
 * that it is on display. A source slower than the grid gives every frame, once.
 */
import type { SampleRate } from '../engine/ports.ts';

/** Times closer than this are the same, in seconds: below the ticks of every container (1/90,000 s and coarser). */
export const SAME_TIME = 1e-6;

/** Whether `rate` is a sample rate: `all`, or a finite number above 0. */
export function isSampleRate(rate: unknown): rate is SampleRate {
  return rate === 'all' || (typeof rate === 'number' && Number.isFinite(rate) && rate > 0);
}

/**
 * Undoes a container's rounding of frame times: with a constant rate, the k-th frame is due at k / fps, and a time
 * that differs from it by no more than one tick of the container is taken for it. Other times pass as they are.
 */
export class FrameClock {
  readonly #frameRate: number | undefined;
  readonly #tick: number;
  readonly #tolerance: number;

  /**
   * @param frameRate frames a second where the rate is constant but for dropped frames, else undefined
   * @param ticksPerSecond the container's time scale, for example 1000 in Matroska
   */
  constructor(frameRate: number | undefined, ticksPerSecond: number) {
    this.#frameRate = frameRate;
    this.#tick = 1 / ticksPerSecond + SAME_TIME;
    this.#tolerance = frameRate === undefined ? 0.5 / ticksPerSecond + SAME_TIME : SAME_TIME;
  }

  /** How much later than a grid point a frame's time may be and still count as on display then, in seconds. */
  get tolerance(): number {
    return this.#tolerance;
  }

  /** @param seconds since the first frame, as the container has it @returns seconds since the first frame */
  timeOf(seconds: number): number {
    if (this.#frameRate === undefined) return seconds;
    const due = Math.round(seconds * this.#frameRate) / this.#frameRate;
    return Math.abs(seconds - due) <= this.#tick ? due : seconds;
  }
}

/**
 * Whether a frame on display from `from` until `until` (seconds since the first frame) is a sample: a multiple of
 * 1 / rate falls into [from, until).
 *
 * @param tolerance seconds by which rounding may have moved the times, see `FrameClock.tolerance`
 */
export function isSampled(
  from: number,
  until: number,
  rate: SampleRate,
  tolerance = SAME_TIME,
): boolean {
  if (rate === 'all') return true;
  return Math.ceil((from - tolerance) * rate) < (until - tolerance) * rate;
}

/** Rekognition's Timestamp of a time: whole milliseconds, rounded down. */
export function toTimestampMs(seconds: number): number {
  return Math.floor((seconds + SAME_TIME) * 1000);
}

/** How many samples a video of that many frames and seconds has: exact for constant rates, else an estimate. */
export function expectedSamples(frames: number, seconds: number, rate: SampleRate): number {
  if (rate === 'all') return frames;
  return Math.min(frames, Math.ceil(seconds * rate - SAME_TIME));
}
