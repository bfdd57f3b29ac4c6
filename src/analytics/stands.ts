import type { Point } from './geometry.ts';
import type { Trajectory } from './trajectory.ts';
import { LONGEST_UNSEEN_MS } from './visits.ts';

/** Somebody stood still. */
export interface Stand {
  /** Index of the person. */
  readonly index: number;
  /** Milliseconds from the video's start, whole. */
  readonly beginMs: number;
  readonly endMs: number;
  /** The middle of where they stood, in ratios of the displayed frame. */
  readonly at: Point;
}

/** Who moves less than this from the middle, in body heights, stands still: a third of a step to each side. */
const STILL_RADIUS = 0.25;

/**
 * Stretches in which somebody stood still: all places lie within a square of half a body height, for `leastMs` or
 * longer. Stretches do not overlap; each is as long as it can be from its begin on. Time is linear in the samples.
 * @param aspect width of the displayed frame over its height
 * @param leastMs shortest stretch in milliseconds, above 0
 */
export function standsOf(
  { x, y, bodyHeights, timestampsMs, parts }: Trajectory,
  aspect: number,
  leastMs: number,
): Stand[] {
  const stands: Stand[] = [];
  // Most people are not in sight for so long.
  if (!(timestampsMs[timestampsMs.length - 1]! - timestampsMs[0]! >= leastMs)) return stands;
  const window = {
    minX: new Monotone(x, -1),
    maxX: new Monotone(x, 1),
    minY: new Monotone(y, -1),
    maxY: new Monotone(y, 1),
  };
  const all = Object.values(window);
  let begin = 0;
  const clear = (from: number) => {
    begin = from;
    for (const it of all) it.clear();
  };
  const report = (end: number) => {
    if (timestampsMs[end]! - timestampsMs[begin]! < leastMs) return false;
    stands.push({
      index: parts[begin]!,
      beginMs: Math.round(timestampsMs[begin]!),
      endMs: Math.round(timestampsMs[end]!),
      at: [
        (x[window.minX.best]! + x[window.maxX.best]!) / 2 / aspect,
        (y[window.minY.best]! + y[window.maxY.best]!) / 2,
      ],
    });
    return true;
  };
  for (let k = 0; k < x.length; k++) {
    if (k > begin && timestampsMs[k]! - timestampsMs[k - 1]! > LONGEST_UNSEEN_MS) {
      report(k - 1);
      clear(k);
    }
    // Whether the window would still be still with this sample; a stretch that is long enough is closed before it.
    for (;;) {
      const width =
        k > begin
          ? Math.max(x[window.maxX.best]!, x[k]!) - Math.min(x[window.minX.best]!, x[k]!)
          : 0;
      const height =
        k > begin
          ? Math.max(y[window.maxY.best]!, y[k]!) - Math.min(y[window.minY.best]!, y[k]!)
          : 0;
      if (Math.max(width, height) <= 2 * STILL_RADIUS * bodyHeights[k]!) break;
      if (report(k - 1)) clear(k);
      else {
        begin++;
        for (const it of all) it.dropBefore(begin);
      }
    }
    for (const it of all) it.push(k);
  }
  report(x.length - 1);
  return stands;
}

/** Position of the least (-1) or greatest (1) value in a sliding window, in constant time a step on the mean. */
class Monotone {
  readonly #values: Float64Array;
  readonly #sign: 1 | -1;
  #queue: number[] = [];
  #head = 0;

  constructor(values: Float64Array, sign: 1 | -1) {
    this.#values = values;
    this.#sign = sign;
  }

  get best(): number {
    return this.#queue[this.#head]!;
  }

  push(k: number): void {
    const value = this.#sign * this.#values[k]!;
    while (
      this.#queue.length > this.#head &&
      this.#sign * this.#values[this.#queue.at(-1)!]! <= value
    )
      this.#queue.pop();
    this.#queue.push(k);
  }

  dropBefore(begin: number): void {
    while (this.#queue.length > this.#head && this.#queue[this.#head]! < begin) this.#head++;
  }

  clear(): void {
    this.#queue = [];
    this.#head = 0;
  }
}
