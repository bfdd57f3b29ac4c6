import { FULL_VIEW } from '../appearance/visible-share.ts';
import { TIME_EPSILON } from '../time.ts';
import type { Tracklet } from './tracklet.ts';

/** A beginning or an end that may be somebody else's counts from so many seconds on: for less, people merely pass each other. */
export const DRIFT_SECONDS = 0.5;

/**
 * Where half of such an end is in full view, and its mean score is not below two thirds of the adaptive threshold, nobody is hidden: the
 * detector only doubts. Of 62 such ends at 15 doors and in three other videos 58 were the same person's, of 248 others 189.
 */
const VIEW_SHARE = 0.5;
const DOUBTED_SHARE = 2 / 3;

/**
 * Notes where a tracklet begins or ends with detections below the adaptive threshold. Whoever is hidden is followed on through
 * such: what is left of them, a shadow, or somebody near. That tells nothing of who was there together, as it would keep
 * the next part of the same person, who came out elsewhere meanwhile, from being joined. Whoever is in full view there is still there. A beginning is unsure up to
 * its first sure detection: who was seen surely and is again was there all the while, for nobody drifts to where they come out only later. The tracklet keeps them; one of which too little would be sure is left as it is.
 * @param tracklets of one video; what is unsure of them is noted as what is doubled
 * @param times of all samples in seconds
 * @param adaptiveThreshold score from which a detection is to be trusted, 0 to 1
 * @param minimumSeconds that are sure at least, the least length of a track
 */
export function noteUnsureEnds(
  tracklets: readonly Tracklet[],
  times: ArrayLike<number>,
  adaptiveThreshold: number,
  minimumSeconds: number,
): void {
  for (const tracklet of tracklets) {
    const { length, samples, first, last, doubledStart, doubledEnd } = tracklet;
    const timeOf = (element: number) => times[samples[element]!]!;
    const scores = tracklet.scores.subarray(0, length);
    const unsureness = scores.map((score) => -score);
    const firstSure = scores.findIndex((score) => score >= adaptiveThreshold);
    let start = Math.min(leadingAbove(unsureness, -adaptiveThreshold), Math.max(0, firstSure));
    let end = leadingAbove(unsureness.reverse(), -adaptiveThreshold);
    if (start + end >= length) continue;
    if (timeOf(start) - times[first]! < DRIFT_SECONDS - TIME_EPSILON) start = 0;
    if (times[last]! - timeOf(length - 1 - end) < DRIFT_SECONDS - TIME_EPSILON) end = 0;
    if (isDoubtedOnly(tracklet, 0, start, adaptiveThreshold)) start = 0;
    if (isDoubtedOnly(tracklet, length - end, length, adaptiveThreshold)) end = 0;
    start = Math.max(start, doubledStart);
    end = Math.max(end, doubledEnd);
    if (start + end >= length) continue;
    if (timeOf(length - 1 - end) - timeOf(start) < minimumSeconds - TIME_EPSILON) continue;
    tracklet.doubledStart = start;
    tracklet.doubledEnd = end;
  }
}

/** Whether somebody in full view is there from one element to before another, though below the threshold. */
function isDoubtedOnly({ visible, scores }: Tracklet, from: number, to: number, threshold: number) {
  let inView = 0;
  let sum = 0;
  for (let i = from; i < to; i++) {
    if (visible[i]! >= FULL_VIEW) inView++;
    sum += scores[i]!;
  }
  const count = to - from;
  return inView >= VIEW_SHARE * count && sum >= DOUBTED_SHARE * threshold * count;
}

/** How many values from the beginning on exceed the least: up to where they do the most in sum. */
export function leadingAbove(values: Float32Array, least: number): number {
  let most = 0;
  let elements = 0;
  let sum = 0;
  for (const [i, value] of values.entries()) {
    sum += value - least;
    if (sum <= most) continue;
    most = sum;
    elements = i + 1;
  }
  return elements;
}
