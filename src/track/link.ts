import { AXIS } from './kalman.ts';
import type { MeasuredNoise } from './measure-noise.ts';
import { type AxisStates, smoothTracklet } from './smooth.ts';
import type { Tracklet } from './tracklet.ts';

/** What a motion must not exceed to fit, as a squared Mahalanobis distance: for place and velocity, for size. */
const MOTION_GATE = 12;
const SIZE_GATE = 6;
/** While nobody looks, people change their mind: acceleration over the measured one. */
const UNSEEN_ROOM = 6;
/** Errors the filters do not know of (occluded parts, camera), standard deviations in heights and heights/s. */
const PLACE_DEVIATION = 0.1;
const SPEED_DEVIATION = 0.2;
const SIZE_DEVIATION = 0.1;

/**
 * Joins tracklets that are the same person across a gap: where the end of one and the start of another fit in
 * place, velocity and size, and neither fits anybody else. With more than one candidate nothing tells them apart
 * without looking at the people, and a wrong join costs more than a missing one.
 * @param tracklets in any order, each with an element; those that are joined are changed
 * @param times of all samples in seconds
 * @param noise of this video
 * @param longestSeconds longest gap
 * @returns the remaining tracklets in order of their first sample
 */
export function linkTracklets(
  tracklets: readonly Tracklet[],
  times: ArrayLike<number>,
  noise: MeasuredNoise,
  longestSeconds: number,
): Tracklet[] {
  // Two people may start in the same sample; the answer must not depend on the order they came in.
  const ordered = [...tracklets].sort((a, b) => a.first - b.first || a.boxes[0]! - b.boxes[0]!);
  const ends = ordered.map((tracklet) => endStates(tracklet, times, noise));
  const successor = new Int32Array(ordered.length).fill(NOBODY);
  const predecessor = new Int32Array(ordered.length).fill(NOBODY);
  for (let a = 0; a < ordered.length; a++) {
    const last = ordered[a]!.last;
    const latest = times[last]! + longestSeconds + 1e-9;
    for (let b = firstAfter(ordered, last); b < ordered.length; b++) {
      const gap = times[ordered[b]!.first]! - times[last]!;
      if (times[ordered[b]!.first]! > latest) break;
      if (!fits(ends[a]!.end, ends[b]!.start, gap, noise)) continue;
      successor[a] = successor[a] === NOBODY ? b : SEVERAL;
      predecessor[b] = predecessor[b] === NOBODY ? a : SEVERAL;
    }
  }
  const joined = new Uint8Array(ordered.length);
  const result: Tracklet[] = [];
  for (let a = 0; a < ordered.length; a++) {
    if (joined[a] === 1) continue;
    const head = ordered[a]!;
    let b = successor[a]!;
    let tail = a;
    while (b >= 0 && predecessor[b] === tail) {
      joined[b] = 1;
      head.append(ordered[b]!);
      tail = b;
      b = successor[b]!;
    }
    result.push(head);
  }
  return result;
}

const NOBODY = -1;
const SEVERAL = -2;

/** Index of the first tracklet that starts after a sample. */
function firstAfter(ordered: readonly Tracklet[], sample: number): number {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ordered[middle]!.first > sample) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Smoothed states at both ends, four axes each. */
function endStates(tracklet: Tracklet, times: ArrayLike<number>, noise: MeasuredNoise) {
  const axes = smoothTracklet(tracklet, times, noise);
  const at = (element: number) =>
    axes.map((states: AxisStates) => states.slice(AXIS * element, AXIS * (element + 1)));
  return { start: at(0), end: at(tracklet.length - 1) };
}

function fits(
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
    if (axis >= 2) {
      const variance = SIZE_DEVIATION * SIZE_DEVIATION * area * (1 + gap) + a[2]! + b[2]!;
      if ((a[0]! - b[0]!) * (a[0]! - b[0]!) > SIZE_GATE * variance) return false;
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
    if (!(distance <= MOTION_GATE)) return false;
  }
  return true;
}
