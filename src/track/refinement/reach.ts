import { boxCoordinate, CENTRE_X, CENTRE_Y, displacement, HEIGHT, WIDTH } from '../box.ts';
import { AXIS } from '../filter/kalman.ts';
import { TIME_EPSILON } from '../time.ts';
import { areDoubles } from './doubles.ts';
import { calmness, type MeasuredNoise } from './measure-noise.ts';
import { type AxisStates, smoothTracklet } from './smooth.ts';
import type { Tracklet } from './tracklet.ts';

/**
 * Chi-square gates, which a squared Mahalanobis distance must not exceed. Of true continuations 99.75 % pass with two
 * degrees of freedom (place and velocity of one axis) at 12, and 98.6 % with one (a size) at 6: a little wider than the
 * usual 99 and 95 %, for boxes err more than normal variables where people are half hidden.
 */
const MOTION_GATE_CHI_SQUARE_2 = 12;
const SIZE_GATE_CHI_SQUARE_1 = 6;
/**
 * Acceleration over the measured one while nobody sees them: whoever is out of sight turns and stops, as the median over
 * people in sight does not tell. Standard deviations grow by 2.4.
 */
const UNSEEN_ROOM = 6;
/** Errors the filters do not know of (occluded parts, camera), standard deviations in heights and heights/s. */
const PLACE_DEVIATION = 0.1;
const SPEED_DEVIATION = 0.2;
const SIZE_DEVIATION = 0.1;
/**
 * Longest gap that motion tells anything about, in seconds: within as long a walker turns anywhere. The brisker people are, the
 * sooner they do.
 */
const MOTION_SECONDS = 4;
/**
 * Longest time, in seconds, that one tracklet may go on beside the next of the same person: as one is lost it drifts
 * on, for some samples, to doubles and neighbours. Each sample counts as long as there is none after it.
 */
export const OVERLAP_SECONDS = 0.5;
/**
 * How far people get unseen: heights at once, for a box may show half of somebody, and heights a second, a run (people
 * walk at about one); and how much larger or smaller they may be, as somebody coming nearer is within a minute.
 */
const ROOM = 1;
const TOP_SPEED = 2;
const SIZE_RATIO = 2;
/**
 * How far, in heights, somebody out of sight may come off the mean of their motion before and after: at once, for a box may show the
 * upper or the lower half of them; and with the acceleration of a walker, in heights/s² (1.75 m high: 2.6 m/s²), who turns aside and back.
 * Of 80 joins over up to four seconds that fitted no motion, at ten doors and in three other videos, this left out 23 of 41 wrong ones and
 * none of 39 right ones.
 */
const OFF_MOTION = 0.75;
/**
 * The same of whoever fits in motion: the gate of that widens with time until nearly anything does. Of 26 wrong joins over up to four seconds at ten doors, 12
 * were further off, most of them of one who leaves by the doorway and another who comes in by it; of 25 right ones over 0.6 s and more none.
 */
const IN_MOTION = 1;
const TURNING = 1.5;
/** Within as many seconds whoever comes in, or out from behind something, is seen whole. */
const WHOLE_SECONDS = 1;

/** How somebody may have got from one tracklet to another. */
export interface Passage {
  /** Seconds between the two; below 0 where they overlap a little. */
  readonly gap: number;
  /** Whether place, velocity and size of the end and the beginning fit one person's motion. */
  readonly isInMotion: boolean;
}

/** Tells whether somebody could have gone from where one tracklet ends to where another begins. */
export class Reach {
  readonly #times: ArrayLike<number>;
  readonly #noise: MeasuredNoise;
  readonly #ends = new Map<Tracklet, { start: AxisStates[]; end: AxisStates[] }>();

  /**
   * @param times of all samples in seconds
   * @param noise of this video
   */
  constructor(times: ArrayLike<number>, noise: MeasuredNoise) {
    this.#times = times;
    this.#noise = noise;
  }

  /**
   * Seconds for which two tracklets are there together as two; a sample counts as long as there is none after it. Where one
   * lies on the other all that time, as the end of a path beside the next beginning of the same, none.
   */
  together(a: Tracklet, b: Tracklet): number {
    const times = this.#times;
    const shared =
      Math.min(times[a.ownLast]!, times[b.ownLast]!) -
      Math.max(times[a.ownFirst]!, times[b.ownFirst]!);
    const seconds = shared + this.#noise.stepSeconds;
    return seconds > 0 && !areDoubles(a, b) ? seconds : 0;
  }

  /**
   * The way from one tracklet to one that begins later or in the same sample, and ends later.
   * @returns undefined where there is none
   */
  passage(before: Tracklet, after: Tracklet): Passage | undefined {
    const times = this.#times;
    if (after.ownLast <= before.ownLast) return undefined;
    if (this.together(before, after) > OVERLAP_SECONDS + TIME_EPSILON) return undefined;
    const element = lastBefore(before, after.ownFirst);
    if (element < before.doubledStart) return undefined;
    const gap = times[after.ownFirst]! - times[before.samples[element]!]!;
    if (gap <= MOTION_SECONDS * calmness(this.#noise)) {
      const end = this.#stateAt(before, element);
      const { start } = this.#statesOf(after);
      const off =
        offMotion(end, start, Math.max(0, gap)) / this.#meanHeight(before, element, after);
      if (off <= IN_MOTION && fitsMotion(end, start, gap, this.#noise))
        return { gap, isInMotion: true };
      if (off > OFF_MOTION + (TURNING / calmness(this.#noise) / 4) * gap * gap) return undefined;
    }
    if (!this.#isWalkable(before, element, after, gap)) return undefined;
    return { gap, isInMotion: false };
  }

  /** Whether somebody could have walked from an element of one tracklet to the start of another. */
  #isWalkable(before: Tracklet, end: number, after: Tracklet, gap: number): boolean {
    const start = after.doubledStart;
    const a = this.#heightNear(before, end);
    const b = this.#heightNear(after, start);
    if (a > SIZE_RATIO * b || b > SIZE_RATIO * a) return false;
    const x = displacement(before.boxes, end, after.boxes, start, CENTRE_X);
    const y = displacement(before.boxes, end, after.boxes, start, CENTRE_Y);
    const reach = this.#meanHeight(before, end, after) * (ROOM + TOP_SPEED * gap);
    return x * x + y * y <= reach * reach;
  }

  /** On the way from near to far a step is as long as it looks in the middle of it, not as it does in front. */
  #meanHeight(before: Tracklet, end: number, after: Tracklet): number {
    return (this.#heightNear(before, end) + this.#heightNear(after, after.doubledStart)) / 2;
  }

  /** Height of the tallest box within {@link WHOLE_SECONDS} of an element: less of somebody may be seen as they come and go. */
  #heightNear({ boxes, samples, length }: Tracklet, element: number): number {
    const times = this.#times;
    const isNear = (other: number) =>
      Math.abs(times[samples[other]!]! - times[samples[element]!]!) <= WHOLE_SECONDS + TIME_EPSILON;
    let height = 0;
    for (let i = element; i >= 0 && isNear(i); i--) {
      height = Math.max(height, boxCoordinate(boxes, i, HEIGHT));
    }
    for (let i = element + 1; i < length && isNear(i); i++) {
      height = Math.max(height, boxCoordinate(boxes, i, HEIGHT));
    }
    return height;
  }

  /** Smoothed states at one element, four axes. */
  #stateAt(tracklet: Tracklet, element: number): AxisStates[] {
    if (element === tracklet.length - 1 - tracklet.doubledEnd) return this.#statesOf(tracklet).end;
    return statesOf(smoothTracklet(tracklet, this.#times, this.#noise), element);
  }

  /** Smoothed states at both ends. */
  #statesOf(tracklet: Tracklet): { start: AxisStates[]; end: AxisStates[] } {
    let ends = this.#ends.get(tracklet);
    if (!ends) {
      const axes = smoothTracklet(tracklet, this.#times, this.#noise);
      const { length, doubledStart, doubledEnd } = tracklet;
      ends = { start: statesOf(axes, doubledStart), end: statesOf(axes, length - 1 - doubledEnd) };
      this.#ends.set(tracklet, ends);
    }
    return ends;
  }
}

/** The last element before a sample; -1 where there is none. */
function lastBefore(tracklet: Tracklet, sample: number): number {
  let element = tracklet.length - 1 - tracklet.doubledEnd;
  while (element >= 0 && tracklet.samples[element]! >= sample) element--;
  return element;
}

function statesOf(axes: readonly AxisStates[], element: number): AxisStates[] {
  return axes.map((states) => states.slice(AXIS * element, AXIS * (element + 1)));
}

/**
 * How far, in pixels, a beginning is from where the mean of both velocities leads. Whoever is to get there and to end as they go on,
 * accelerates by four times that over the squared gap, first one way and then the other.
 */
function offMotion(
  end: readonly Float64Array[],
  start: readonly Float64Array[],
  gap: number,
): number {
  const off = (axis: number) =>
    start[axis]![0]! - end[axis]![0]! - (gap * (end[axis]![1]! + start[axis]![1]!)) / 2;
  return Math.hypot(off(0), off(1));
}

function fitsMotion(
  end: readonly Float64Array[],
  start: readonly Float64Array[],
  gap: number,
  noise: MeasuredNoise,
): boolean {
  const height = (end[3]![0]! + start[3]![0]!) / 2;
  const area = height * height;
  for (let axis = 0; axis < 4; axis++) {
    const a = end[axis]!;
    const b = start[axis]!;
    if (axis >= WIDTH) {
      const variance = SIZE_DEVIATION * SIZE_DEVIATION * area * (1 + gap) + a[2]! + b[2]!;
      if ((a[0]! - b[0]!) * (a[0]! - b[0]!) > SIZE_GATE_CHI_SQUARE_1 * variance) return false;
      continue;
    }
    const strength = UNSEEN_ROOM * noise.acceleration[axis]! * area * gap;
    const place = a[0]! + gap * a[1]! - b[0]!;
    const speed = a[1]! - b[1]!;
    const p11 =
      a[2]! +
      gap * (2 * a[3]! + gap * a[4]!) +
      (strength * gap * gap) / 3 +
      b[2]! +
      PLACE_DEVIATION * PLACE_DEVIATION * area;
    const p12 = a[3]! + gap * a[4]! + (strength * gap) / 2 + b[3]!;
    const p22 = a[4]! + strength + b[4]! + SPEED_DEVIATION * SPEED_DEVIATION * area;
    const distance =
      (place * place * p22 - 2 * place * speed * p12 + speed * speed * p11) /
      (p11 * p22 - p12 * p12);
    if (!(distance <= MOTION_GATE_CHI_SQUARE_2)) return false;
  }
  return true;
}
