import { assertLater } from '../../time.ts';

/** Intervals whose median is a frame: a second of most videos. */
const REMEMBERED = 16;

/**
 * Turns times into steps counted in frames, for filters whose published noise is stated per frame. One frame is
 * the median of the last intervals, so that a missing sample is simply a step of two, and uneven sample grids
 * (15 a second out of 25) are steps of their true length.
 */
export class SampleClock {
  #last = Number.NaN;
  #intervals: number[] = [];

  /** Time of the last sample in seconds; NaN before the first. */
  get last(): number {
    return this.#last;
  }

  /**
   * Takes the time of the next sample.
   * @param timeSeconds must grow from call to call
   * @returns frames since the sample before; 0 for the first
   * @throws RangeError when time does not grow
   */
  tick(timeSeconds: number): number {
    assertLater(timeSeconds, this.#last);
    const interval = timeSeconds - this.#last;
    this.#last = timeSeconds;
    if (Number.isNaN(interval)) return 0;
    if (this.#intervals.length === REMEMBERED) this.#intervals.shift();
    this.#intervals.push(interval);
    return interval / this.frameSeconds;
  }

  /** Length of one frame in seconds: the lower median of the last intervals; NaN before the second sample. */
  get frameSeconds(): number {
    if (this.#intervals.length === 0) return Number.NaN;
    const sorted = [...this.#intervals].sort((a, b) => a - b);
    return sorted[(sorted.length - 1) >> 1]!;
  }

  /** State as plain data. */
  snapshot(): ClockSnapshot {
    return {
      last: Number.isNaN(this.#last) ? null : this.#last,
      intervals: [...this.#intervals],
    };
  }

  /** Continues from a snapshot. */
  restore(snapshot: ClockSnapshot): void {
    this.#last = snapshot.last ?? Number.NaN;
    this.#intervals = [...snapshot.intervals];
  }
}

/** State of a {@link SampleClock}. */
export interface ClockSnapshot {
  readonly last: number | null;
  readonly intervals: readonly number[];
}
