import { boxCoordinate, HEIGHT, WIDTH } from '../box.ts';
import { TIME_EPSILON } from '../time.ts';
import type { Tracklet } from './tracklet.ts';

/** How far from a moment, in seconds, somebody may have been near. */
const WINDOW_SECONDS = 1;
/** Two are near where their boxes meet once they are grown on every side by this share of their width. */
const MARGIN = 0.2;
/** How far people get in a second in which only one of two is seen, in heights. */
const SPEED = 1;

/** Tells who was near somebody at a moment: near enough that a tracker may have mixed the two up. */
export class Neighbours {
  readonly #tracklets: readonly Tracklet[];
  readonly #times: ArrayLike<number>;
  /** Tracklets that are there in each stretch of {@link WINDOW_SECONDS}, by its number. */
  readonly #present = new Map<number, number[]>();

  /**
   * @param tracklets of one video
   * @param times of all samples in seconds
   */
  constructor(tracklets: readonly Tracklet[], times: ArrayLike<number>) {
    this.#tracklets = tracklets;
    this.#times = times;
    for (const [index, { first, last }] of tracklets.entries()) {
      const end = stretchOf(times[last]!);
      for (let stretch = stretchOf(times[first]!); stretch <= end; stretch++) {
        const present = this.#present.get(stretch);
        if (present) present.push(index);
        else this.#present.set(stretch, [index]);
      }
    }
  }

  /**
   * Who was near a tracklet's person about a moment, within a second of it.
   * @param index of the tracklet
   * @param seconds the moment
   * @returns indices of other tracklets, ascending
   */
  near(index: number, seconds: number): number[] {
    const stretch = stretchOf(seconds);
    const candidates = new Set<number>();
    for (let s = stretch - 1; s <= stretch + 1; s++) {
      for (const other of this.#present.get(s) ?? []) if (other !== index) candidates.add(other);
    }
    const person = this.#tracklets[index]!;
    return [...candidates]
      .filter((other) => this.#meet(person, this.#tracklets[other]!, seconds))
      .sort((a, b) => a - b);
  }

  /** Whether two came near each other; where one of them was not seen, where they may have been counts. */
  #meet(a: Tracklet, b: Tracklet, seconds: number): boolean {
    const times = this.#times;
    const from = seconds - WINDOW_SECONDS - TIME_EPSILON;
    const to = seconds + WINDOW_SECONDS + TIME_EPSILON;
    const at = firstFrom(a, times, seconds);
    let i = firstFrom(a, times, from);
    for (let j = firstFrom(b, times, from); j < b.length; j++) {
      const time = times[b.samples[j]!]!;
      if (time > to) break;
      while (i + 1 < a.length && times[a.samples[i + 1]!]! <= time) i++;
      for (let k = i; k <= Math.min(i + 1, a.length - 1); k++) {
        const apart = Math.abs(times[a.samples[k]!]! - time);
        if (apart <= WINDOW_SECONDS + TIME_EPSILON && touches(a.boxes, k, b.boxes, j, apart))
          return true;
      }
    }
    // Who was out of sight at the moment itself may have been about where they were seen last, or next.
    const next = firstFrom(b, times, seconds);
    return [next - 1, next].some((j) => {
      if (j < 0) return false;
      const apart = Math.abs(times[b.samples[j]!]! - seconds);
      return apart <= WINDOW_SECONDS + TIME_EPSILON && touches(a.boxes, at, b.boxes, j, apart);
    });
  }
}

function stretchOf(seconds: number): number {
  return Math.floor(seconds / WINDOW_SECONDS);
}

/** The first element at or after a time; the last one where none is. */
function firstFrom({ samples, length }: Tracklet, times: ArrayLike<number>, time: number): number {
  let low = 0;
  let high = length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[samples[middle]!]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function touches(
  a: Float32Array,
  i: number,
  b: Float32Array,
  j: number,
  secondsApart: number,
): boolean {
  const p = 4 * i;
  const q = 4 * j;
  const width = Math.max(boxCoordinate(a, i, WIDTH), boxCoordinate(b, j, WIDTH));
  const height = Math.max(boxCoordinate(a, i, HEIGHT), boxCoordinate(b, j, HEIGHT));
  const pad = 2 * MARGIN * width + SPEED * secondsApart * height;
  return (
    Math.min(a[p + 2]!, b[q + 2]!) - Math.max(a[p]!, b[q]!) > -pad &&
    Math.min(a[p + 3]!, b[q + 3]!) - Math.max(a[p + 1]!, b[q + 1]!) > -pad
  );
}
