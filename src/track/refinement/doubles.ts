import { boxCoordinate, CENTRE_X, displacement, HEIGHT, iou, WIDTH } from '../box.ts';
import { TIME_EPSILON } from '../time.ts';
import type { Tracklet } from './tracklet.ts';
import { DRIFT_SECONDS, leadingAbove } from './unsure-ends.ts';

/**
 * Mean overlap (IoU) of tracklets from which one is the other's double. Suppression leaves overlaps up to 0.6, and people
 * who pass each other reach them for a moment only.
 */
const DOUBLE_IOU = 0.5;
/** The same for a tracklet of low confidence: doubles are, most of them. */
const WEAK_DOUBLE_IOU = 0.4;
/**
 * How far beside each other's centre two lie who are two people all the same, in widths of the wider box. A double lies within the
 * other's box, or around it, or now on this side and now on that; at the least overlap, boxes of one size are a third of a width apart.
 */
const BESIDE = 0.22;
/** The same above or below each other, in heights of the higher box: both head and feet are so far off, as of two who stand in a queue. */
const BEHIND = 0.1;

/**
 * Drops doubles: a detector finds somebody's upper half beside the whole, or two who walk together as a third, in one sample
 * after the other, each time a little below the overlap at which suppression would see it. Such a tracklet lies, in the mean
 * over its samples, on whichever surer one it overlaps most. A confident one that keeps to one side of all that it lies on is somebody who walks
 * arm in arm with them, one whose head and feet are both above theirs stands behind them: they stay. Where only its beginning or its end does, as of one that was lost
 * and drifted on to a neighbour, that is noted, and tells nothing of who was there together: it must not keep parts of one
 * person from each other. Of the rest, whoever comes and goes while they lie on somebody else, however sure, is that one found
 * better for a while: upper half before and after, the whole meanwhile.
 * @param tracklets of one video; what is doubled of them is noted
 * @param times of all samples in seconds
 * @param adaptiveThreshold score below which one is of low confidence
 * @param minimumSeconds who is nobody's double for less is dropped as well, the least length of a track
 * @returns the others, in the same order
 */
export function dropDoubles(
  tracklets: readonly Tracklet[],
  times: ArrayLike<number>,
  adaptiveThreshold: number,
  minimumSeconds: number,
): Tracklet[] {
  const candidates = tracklets.map((tracklet) => ({
    tracklet,
    score: tracklet.meanScore,
    /** For each element the largest overlap with somebody surer. */
    overlaps: new Float32Array(tracklet.length),
    place: new MeanPlace(),
  }));
  let present: typeof candidates = [];
  for (const candidate of [...candidates].sort((a, b) => a.tracklet.first - b.tracklet.first)) {
    present = present.filter(({ tracklet }) => tracklet.last >= candidate.tracklet.first);
    for (const other of present) {
      const [sure, weak] = other.score > candidate.score ? [other, candidate] : [candidate, other];
      for (const common of overlapsOf(weak.tracklet, sure.tracklet)) {
        const { element, overlap } = common;
        weak.overlaps[element] = Math.max(weak.overlaps[element]!, overlap);
        weak.place.add(common);
      }
    }
    present.push(candidate);
  }
  const own = candidates
    .filter(({ tracklet, overlaps, score, place }) => {
      const isWeak = score < adaptiveThreshold;
      if (!isWeak && place.isOwn) return true;
      const least = isWeak ? WEAK_DOUBLE_IOU : DOUBLE_IOU;
      const sum = overlaps.reduce((total, overlap) => total + overlap, 0);
      if (sum >= least * overlaps.length) return false;
      tracklet.doubledStart = leadingAbove(overlaps, least);
      const end = leadingAbove(overlaps.reverse(), least);
      tracklet.doubledEnd = Math.min(end, tracklet.length - 1 - tracklet.doubledStart);
      const { first, last, ownFirst, ownLast } = tracklet;
      if (times[ownFirst]! - times[first]! < DRIFT_SECONDS - TIME_EPSILON)
        tracklet.doubledStart = 0;
      if (times[last]! - times[ownLast]! < DRIFT_SECONDS - TIME_EPSILON) tracklet.doubledEnd = 0;
      tracklet.coveredStart = tracklet.doubledStart;
      tracklet.coveredEnd = tracklet.doubledEnd;
      if (tracklet.doubledStart + tracklet.doubledEnd === 0) return true;
      return times[tracklet.ownLast]! - times[tracklet.ownFirst]! >= minimumSeconds - TIME_EPSILON;
    })
    .map(({ tracklet }) => tracklet);
  return withoutPassing(own);
}

/** Drops whoever comes and goes while they lie on somebody else. @returns the others, in the same order */
function withoutPassing(tracklets: readonly Tracklet[]): Tracklet[] {
  const passing = new Set<Tracklet>();
  let around: Tracklet[] = [];
  for (const tracklet of [...tracklets].sort((a, b) => a.first - b.first)) {
    around = around.filter(({ last }) => last >= tracklet.first);
    if (around.some((other) => comesAndGoesOn(tracklet, other))) passing.add(tracklet);
    else around.push(tracklet);
  }
  return tracklets.filter((tracklet) => !passing.has(tracklet));
}

/** Whether a tracklet lies on another from its beginning, later than the other's, to its end, before the other's. */
function comesAndGoesOn(tracklet: Tracklet, other: Tracklet): boolean {
  if (tracklet.first <= other.first || tracklet.last >= other.last) return false;
  let sum = 0;
  const place = new MeanPlace();
  for (const common of overlapsOf(tracklet, other)) {
    sum += common.overlap;
    place.add(common);
  }
  return sum >= DOUBLE_IOU * tracklet.length && !place.isOwn;
}

/** Where somebody is in the mean, beside or behind those whom they lie on, the more weighed the more they do. */
class MeanPlace {
  #weight = 0;
  #aside = 0;
  #behind = 0;

  add({ overlap, aside, behind }: Overlap): void {
    this.#weight += overlap;
    this.#aside += overlap * aside;
    this.#behind += overlap * behind;
  }

  /** Whether they keep to one side, or stand behind or before the others: a place of their own. */
  get isOwn(): boolean {
    return (
      Math.abs(this.#aside) > BESIDE * this.#weight ||
      Math.abs(this.#behind) > BEHIND * this.#weight
    );
  }
}

/**
 * Whether two tracklets lie on each other all the time that both are there: then they need not be two people. Who pass each other
 * change sides.
 */
export function areDoubles(a: Tracklet, b: Tracklet): boolean {
  let sum = 0;
  let beside = 0;
  let count = 0;
  for (const { overlap, aside } of overlapsOf(a, b)) {
    sum += overlap;
    beside += Math.abs(aside);
    count++;
  }
  return count > 0 && sum >= DOUBLE_IOU * count && beside <= BESIDE * count;
}

/** How two tracklets lie on each other in one sample. */
interface Overlap {
  /** Of the first one. */
  readonly element: number;
  /** IoU. */
  readonly overlap: number;
  /** How far the first one's centre is to the right of the other's, in widths of the wider box. */
  readonly aside: number;
  /** How far both its head and its feet are below the other's, in heights of the higher box; 0 where only one is, or they differ. */
  readonly behind: number;
}

/** How two tracklets lie on each other in each sample that both have. */
function* overlapsOf(a: Tracklet, b: Tracklet): Generator<Overlap> {
  let i = firstFrom(a, b.first);
  let j = firstFrom(b, a.first);
  while (i < a.length && j < b.length) {
    const later = a.samples[i]! - b.samples[j]!;
    if (later === 0) {
      const width = Math.max(boxCoordinate(a.boxes, i, WIDTH), boxCoordinate(b.boxes, j, WIDTH));
      const aside = displacement(b.boxes, j, a.boxes, i, CENTRE_X) / width;
      const overlap = iou(a.boxes, i, b.boxes, j);
      yield { element: i, overlap, aside, behind: below(a.boxes, i, b.boxes, j) };
    }
    if (later <= 0) i++;
    if (later >= 0) j++;
  }
}

/** See {@link Overlap.behind}. */
function below(a: Float32Array, i: number, b: Float32Array, j: number): number {
  const height = Math.max(boxCoordinate(a, i, HEIGHT), boxCoordinate(b, j, HEIGHT));
  const head = (a[4 * i + 1]! - b[4 * j + 1]!) / height;
  const feet = (a[4 * i + 3]! - b[4 * j + 3]!) / height;
  if (head * feet <= 0) return 0;
  return Math.abs(head) < Math.abs(feet) ? head : feet;
}

/** The first element at or after a sample; one behind the last where there is none. */
function firstFrom({ samples, length }: Tracklet, sample: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (samples[middle]! < sample) low = middle + 1;
    else high = middle;
  }
  return low;
}
