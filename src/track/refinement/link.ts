import { type Appearance, lookDistance } from '../appearance/appearance.ts';
import { AXIS } from '../filter/kalman.ts';
import type { SeenTracklet } from './cut.ts';
import { meanLook } from './glances.ts';
import type { MeasuredNoise } from './measure-noise.ts';
import { type AxisStates, boxCoordinate, smoothTracklet } from './smooth.ts';
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

/** Evidence, in nats, that where one tracklet ends and another begins fits one person's motion. */
const MOTION_EVIDENCE = 2;
/** Evidence from which two tracklets are joined, after the doubt that others might fit. */
const LEAST_EVIDENCE = 1;
/** Longest gap that motion tells anything about, in seconds. */
const MOTION_SECONDS = 4;
/**
 * Longest time, in seconds, that one tracklet may go on beside the next of the same person: as one is lost it drifts
 * on, for some samples, to doubles and neighbours. Each sample counts as long as there is none after it.
 */
const OVERLAP_SECONDS = 0.5;
/** How far people get unseen: heights at once and heights a second; and how much larger or smaller they may be. */
const ROOM = 1;
const TOP_SPEED = 2;
const SIZE_RATIO = 2;

/** Two tracklets that may be one person's, by their places in the order. */
interface Link {
  readonly a: number;
  readonly b: number;
  /** Seconds between them. */
  readonly gap: number;
  readonly evidence: number;
}

/**
 * Joins tracklets that are the same person across a gap: where the end of one and the start of another fit in place,
 * velocity and size, or look alike; the evidence must outweigh the doubt that grows with the number of others who
 * might fit. Where looks tell nothing, that joins the only pair that fits, and none where there are several: a wrong
 * join costs more than a missing one. The strongest evidence is taken first. Where two overlap a little, the first goes
 * as far as the second begins.
 * @param people in any order, each tracklet with an element; those that are joined are changed
 * @param times of all samples in seconds
 * @param noise of this video
 * @param appearance what looks tell in this video
 * @param longestSeconds longest gap
 * @returns the remaining tracklets in order of their first sample
 */
export function linkTracklets(
  people: readonly SeenTracklet[],
  times: ArrayLike<number>,
  noise: MeasuredNoise,
  appearance: Appearance,
  longestSeconds: number,
): Tracklet[] {
  // Two people may start in the same sample; the answer must not depend on the order they came in.
  const ordered = [...people].sort(
    ({ tracklet: a }, { tracklet: b }) => a.first - b.first || a.boxes[0]! - b.boxes[0]!,
  );
  const tracklets = ordered.map(({ tracklet }) => tracklet);
  const starts = tracklets.map(({ first }) => times[first]!);
  const looks = ordered.map(({ glances }) => meanLook(glances, 0, glances.length));
  const ends = tracklets.map((tracklet) => endStates(tracklet, times, noise));
  const links: Link[] = [];
  /** Gaps to all who might be the same person, of each tracklet's end and of each one's beginning. */
  const after: number[][] = tracklets.map(() => []);
  const before: number[][] = tracklets.map(() => []);
  for (const [a, end] of tracklets.entries()) {
    const latest = times[end.last]! + longestSeconds + 1e-9;
    const earliest = times[end.last]! - OVERLAP_SECONDS + noise.stepSeconds - 1e-9;
    for (let b = countUpTo(starts, earliest); b < tracklets.length; b++) {
      const start = tracklets[b]!;
      if (times[start.first]! > latest) break;
      const element = lastBefore(end, start.first);
      if (element < 0 || start.last <= end.last) continue;
      const gap = times[start.first]! - times[end.samples[element]!]!;
      const state = element === end.length - 1 ? ends[a]!.end : stateAt(end, element, times, noise);
      const isNear = gap <= MOTION_SECONDS && fits(state, ends[b]!.start, gap, noise);
      const x = looks[a];
      const y = looks[b];
      if (!isNear && !(x && y && isReachable(end, element, start, gap))) continue;
      const alike = x && y ? appearance.evidence(lookDistance(x, y)) : 0;
      links.push({ a, b, gap, evidence: alike + (isNear ? MOTION_EVIDENCE : 0) });
      after[a]!.push(gap);
      before[b]!.push(gap);
    }
  }
  for (const gaps of [...after, ...before]) gaps.sort((p, q) => p - q);
  // Who comes later than this one, or has left earlier, casts no doubt on it, unless motion cannot tell them apart.
  const doubt = ({ a, b, gap }: Link): number => {
    const horizon = Math.max(gap, MOTION_SECONDS) + 1e-9;
    return doubtOf(Math.max(countUpTo(after[a]!, horizon), countUpTo(before[b]!, horizon)));
  };
  const sure = links
    .map((link) => ({ ...link, evidence: link.evidence - doubt(link) }))
    .filter(({ evidence }) => evidence >= LEAST_EVIDENCE)
    .sort((p, q) => q.evidence - p.evidence || p.a - q.a || p.b - q.b);
  return join(tracklets, sure);
}

/** Joins along links, the first that is possible first. */
function join(ordered: readonly Tracklet[], links: readonly Link[]): Tracklet[] {
  const successor = new Int32Array(ordered.length).fill(NOBODY);
  const predecessor = new Int32Array(ordered.length).fill(NOBODY);
  for (const { a, b } of links) {
    if (successor[a] !== NOBODY || predecessor[b] !== NOBODY) continue;
    successor[a] = b;
    predecessor[b] = a;
  }
  const result: Tracklet[] = [];
  for (const [a, head] of ordered.entries()) {
    if (predecessor[a] !== NOBODY) continue;
    for (let b = successor[a]!; b !== NOBODY; b = successor[b]!) {
      const next = ordered[b]!;
      if (next.first <= head.last) head.filter((element) => head.samples[element]! < next.first);
      head.append(next);
    }
    result.push(head);
  }
  return result;
}

const NOBODY = -1;

/** Whether somebody could have got from an element of one tracklet to the start of another. */
function isReachable(before: Tracklet, end: number, after: Tracklet, gap: number): boolean {
  const a = boxCoordinate(before.boxes, end, 3);
  const b = boxCoordinate(after.boxes, 0, 3);
  if (a > SIZE_RATIO * b || b > SIZE_RATIO * a) return false;
  const x = boxCoordinate(before.boxes, end, 0) - boxCoordinate(after.boxes, 0, 0);
  const y = boxCoordinate(before.boxes, end, 1) - boxCoordinate(after.boxes, 0, 1);
  const reach = Math.max(a, b) * (ROOM + TOP_SPEED * gap);
  return x * x + y * y <= reach * reach;
}

/**
 * How much one of several who might fit is doubted: the logarithm of one more than there are, by the midpoint rule,
 * whose sums are the same to the last digit in every browser.
 */
function doubtOf(candidates: number): number {
  let sum = 0;
  for (let i = 1; i <= candidates; i++) sum += 2 / (2 * i + 1);
  return sum;
}

/** How many of ascending numbers are at most `limit`. */
function countUpTo(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The last element before a sample; -1 where there is none. */
function lastBefore(tracklet: Tracklet, sample: number): number {
  let element = tracklet.length - 1;
  while (element >= 0 && tracklet.samples[element]! >= sample) element--;
  return element;
}

/** Smoothed states at both ends, four axes each. */
function endStates(tracklet: Tracklet, times: ArrayLike<number>, noise: MeasuredNoise) {
  const axes = smoothTracklet(tracklet, times, noise);
  return { start: statesOf(axes, 0), end: statesOf(axes, tracklet.length - 1) };
}

/** Smoothed states at one element. */
function stateAt(
  tracklet: Tracklet,
  element: number,
  times: ArrayLike<number>,
  noise: MeasuredNoise,
): AxisStates[] {
  return statesOf(smoothTracklet(tracklet, times, noise), element);
}

function statesOf(axes: readonly AxisStates[], element: number): AxisStates[] {
  return axes.map((states) => states.slice(AXIS * element, AXIS * (element + 1)));
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
