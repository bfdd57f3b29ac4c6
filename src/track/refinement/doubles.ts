import { boxCoordinate, CENTRE_X, displacement, iou, WIDTH } from '../box.ts';
import type { Tracklet } from './tracklet.ts';

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
/** A beginning or an end on somebody else counts from so many seconds on: for less, people merely pass each other. */
const DRIFT_SECONDS = 0.5;

/**
 * Drops doubles: a detector finds somebody's upper half beside the whole, or two who walk together as a third, in one sample
 * after the other, each time a little below the overlap at which suppression would see it. Such a tracklet lies, in the mean
 * over its samples, on whichever surer one it overlaps most. A confident one that keeps to one side of all that it lies on is somebody who walks
 * arm in arm with them, and stays. Where only its beginning or its end does, as of one that was lost
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
    /** Overlap with everybody surer, and how far to the right of them it lies, weighed by it. */
    overlap: 0,
    offset: 0,
  }));
  let present: typeof candidates = [];
  for (const candidate of [...candidates].sort((a, b) => a.tracklet.first - b.tracklet.first)) {
    present = present.filter(({ tracklet }) => tracklet.last >= candidate.tracklet.first);
    for (const other of present) {
      const [sure, weak] = other.score > candidate.score ? [other, candidate] : [candidate, other];
      for (const { element, overlap, offset } of overlapsOf(weak.tracklet, sure.tracklet)) {
        weak.overlaps[element] = Math.max(weak.overlaps[element]!, overlap);
        weak.overlap += overlap;
        weak.offset += overlap * offset;
      }
    }
    present.push(candidate);
  }
  const own = candidates
    .filter(({ tracklet, overlaps, score, overlap: weight, offset }) => {
      const isWeak = score < adaptiveThreshold;
      if (!isWeak && keepsBeside(offset, weight)) return true;
      const least = isWeak ? WEAK_DOUBLE_IOU : DOUBLE_IOU;
      const sum = overlaps.reduce((total, overlap) => total + overlap, 0);
      if (sum >= least * overlaps.length) return false;
      tracklet.doubledStart = doubledElements(overlaps, least);
      const end = doubledElements(overlaps.reverse(), least);
      tracklet.doubledEnd = Math.min(end, tracklet.length - 1 - tracklet.doubledStart);
      const { first, last, ownFirst, ownLast } = tracklet;
      if (times[ownFirst]! - times[first]! < DRIFT_SECONDS) tracklet.doubledStart = 0;
      if (times[last]! - times[ownLast]! < DRIFT_SECONDS) tracklet.doubledEnd = 0;
      if (tracklet.doubledStart + tracklet.doubledEnd === 0) return true;
      return times[tracklet.ownLast]! - times[tracklet.ownFirst]! >= minimumSeconds;
    })
    .map(({ tracklet }) => tracklet);
  const passing = new Set<Tracklet>();
  let around: Tracklet[] = [];
  for (const tracklet of [...own].sort((a, b) => a.first - b.first)) {
    around = around.filter(({ last }) => last >= tracklet.first);
    if (around.some((other) => comesAndGoesOn(tracklet, other))) passing.add(tracklet);
    else around.push(tracklet);
  }
  return own.filter((tracklet) => !passing.has(tracklet));
}

/** Whether a tracklet lies on another from its beginning, later than the other's, to its end, before the other's. */
function comesAndGoesOn(tracklet: Tracklet, other: Tracklet): boolean {
  if (tracklet.first <= other.first || tracklet.last >= other.last) return false;
  let sum = 0;
  let weighed = 0;
  for (const { overlap, offset } of overlapsOf(tracklet, other)) {
    sum += overlap;
    weighed += overlap * offset;
  }
  return sum >= DOUBLE_IOU * tracklet.length && !keepsBeside(weighed, sum);
}

/** Whether somebody keeps to one side of whom they lie on. @param weighed sum of offsets, each times its overlap @param sum of overlaps */
function keepsBeside(weighed: number, sum: number): boolean {
  return Math.abs(weighed) > BESIDE * sum;
}

/** How many elements from the beginning on lie on somebody surer: up to where the most exceeds the least in sum. */
function doubledElements(overlaps: Float32Array, least: number): number {
  let most = 0;
  let elements = 0;
  let sum = 0;
  for (const [i, overlap] of overlaps.entries()) {
    sum += overlap - least;
    if (sum <= most) continue;
    most = sum;
    elements = i + 1;
  }
  return elements;
}

/**
 * Whether two tracklets lie on each other all the time that both are there: then they need not be two people. Who pass each other
 * change sides.
 */
export function areDoubles(a: Tracklet, b: Tracklet): boolean {
  let sum = 0;
  let beside = 0;
  let count = 0;
  for (const { overlap, offset } of overlapsOf(a, b)) {
    sum += overlap;
    beside += Math.abs(offset);
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
  readonly offset: number;
}

/** How two tracklets lie on each other in each sample that both have. */
function* overlapsOf(a: Tracklet, b: Tracklet): Generator<Overlap> {
  let i = firstFrom(a, b.first);
  let j = firstFrom(b, a.first);
  while (i < a.length && j < b.length) {
    const later = a.samples[i]! - b.samples[j]!;
    if (later === 0) {
      const width = Math.max(boxCoordinate(a.boxes, i, WIDTH), boxCoordinate(b.boxes, j, WIDTH));
      const offset = displacement(b.boxes, j, a.boxes, i, CENTRE_X) / width;
      yield { element: i, overlap: iou(a.boxes, i, b.boxes, j), offset };
    }
    if (later <= 0) i++;
    if (later >= 0) j++;
  }
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
