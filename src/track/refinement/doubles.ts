import { TIME_EPSILON } from '../time.ts';
import { type Overlap, overlapsOf } from './overlaps.ts';
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
 * Share of a surer one that lies within a tracklet of low confidence from which this is their double too, with something of the
 * background: too large a box to overlap by as much, and found only while they are there.
 */
const HOLDS = 0.8;
/** Share of the smaller box up to which two lie on each other by the way only. */
const APART = 0.3;
/**
 * How long, in seconds, somebody is seen apart at least, beside whom a path was a double: a few samples, by which they are joined to the
 * rest of their own path.
 */
const REMAINDER_SECONDS = 0.2;
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
 * over its samples, on whichever surer one it overlaps most; what it is apart from everybody for a while stays. A confident one that keeps to one side of all that it lies on is somebody who walks
 * arm in arm with them, one whose head and feet are both above theirs stands behind them: they stay. Where only its beginning or its end does, as of one that was lost
 * and drifted on to a neighbour, that is noted, and tells nothing of who was there together: it must not keep parts of one
 * person from each other. Of the rest, whoever comes and goes while they lie on somebody else, however sure, is that one found
 * better for a while: upper half before and after, the whole meanwhile.
 * @param tracklets of one video; what is doubled of them is noted
 * @param times of all samples in seconds
 * @param adaptiveThreshold score below which one is of low confidence
 * @param minimumSeconds who is nobody's double at one end for less is dropped as well, the least length of a track
 * @returns the others, in the same order, and what is left of doubles
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
    /** The same of {@link Overlap.holds}. */
    holds: new Float32Array(tracklet.length),
    /** The same of the share that the smaller box has in common with the other. */
    shares: new Float32Array(tracklet.length),
    place: new MeanPlace(),
  }));
  let present: typeof candidates = [];
  for (const candidate of [...candidates].sort((a, b) => a.tracklet.first - b.tracklet.first)) {
    present = present.filter(({ tracklet }) => tracklet.last >= candidate.tracklet.first);
    for (const other of present) {
      const [sure, weak] = other.score > candidate.score ? [other, candidate] : [candidate, other];
      for (const common of overlapsOf(weak.tracklet, sure.tracklet)) {
        const { element, overlap, within, holds } = common;
        const { overlaps, shares } = weak;
        overlaps[element] = Math.max(overlaps[element]!, overlap);
        weak.holds[element] = Math.max(weak.holds[element]!, holds);
        shares[element] = Math.max(shares[element]!, within, holds);
        weak.place.add(common);
      }
    }
    present.push(candidate);
  }
  const own = candidates
    .filter(({ tracklet, overlaps, holds, shares, score, place }) => {
      const isWeak = score < adaptiveThreshold;
      if (!isWeak && place.isOwn) return true;
      const least = isWeak ? WEAK_DOUBLE_IOU : DOUBLE_IOU;
      /** By how much more than it takes each element is a double's. */
      const excess = overlaps.map((overlap, i) =>
        isWeak ? Math.max(overlap - least, holds[i]! - HOLDS) : overlap - least,
      );
      if (excess.reduce((sum, value) => sum + value, 0) >= 0)
        return keepRemainder(tracklet, shares, times);
      tracklet.doubledStart = leadingAbove(excess, 0);
      const end = leadingAbove(excess.reverse(), 0);
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

/**
 * Of a tracklet that is a double, keeps the stretch in which it lies on nobody: there it has gone on with somebody whose own path
 * had ended. Of 11 such stretches at six doors and in other videos all were.
 * @param shares of each element in common with somebody surer
 * @returns whether there is one
 */
function keepRemainder(
  tracklet: Tracklet,
  shares: Float32Array,
  times: ArrayLike<number>,
): boolean {
  const [from, to] = stretchBelow(shares, APART);
  if (to === from) return false;
  const seconds = times[tracklet.samples[to - 1]!]! - times[tracklet.samples[from]!]!;
  if (seconds < REMAINDER_SECONDS - TIME_EPSILON) return false;
  tracklet.filter((element) => element >= from && element < to);
  tracklet.isRemainder = true;
  return true;
}

/** Values from one to before another: the stretch that is below the most by the most in sum. */
function stretchBelow(values: Float32Array, most: number): [from: number, to: number] {
  let stretch: [number, number] = [0, 0];
  let largest = 0;
  let from = 0;
  let sum = 0;
  for (const [i, value] of values.entries()) {
    sum += most - value;
    if (sum <= 0) {
      sum = 0;
      from = i + 1;
    } else if (sum > largest) {
      largest = sum;
      stretch = [from, i + 1];
    }
  }
  return stretch;
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
