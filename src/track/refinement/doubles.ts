import { iou } from '../box.ts';
import type { Tracklet } from './tracklet.ts';

/**
 * Mean overlap (IoU) of tracklets from which one is the other's double. Suppression leaves overlaps up to 0.6, and people
 * who pass each other reach them for a moment only.
 */
const DOUBLE_IOU = 0.5;
/** The same for a tracklet of low confidence: doubles are, most of them. */
const WEAK_DOUBLE_IOU = 0.4;

/**
 * Drops doubles: a detector finds somebody's upper half beside the whole, or two who walk together as a third, in one sample
 * after the other, each time a little below the overlap at which suppression would see it. Such a tracklet lies, in the mean
 * over its samples, on whichever surer one it overlaps most.
 * @param tracklets of one video
 * @param adaptiveThreshold score below which one is of low confidence
 * @returns the others, in the same order
 */
export function dropDoubles(tracklets: readonly Tracklet[], adaptiveThreshold: number): Tracklet[] {
  const candidates = tracklets.map((tracklet) => ({
    tracklet,
    score: tracklet.meanScore,
    /** For each element the largest overlap with somebody surer. */
    overlaps: new Float32Array(tracklet.length),
  }));
  let present: typeof candidates = [];
  for (const candidate of [...candidates].sort((a, b) => a.tracklet.first - b.tracklet.first)) {
    present = present.filter(({ tracklet }) => tracklet.last >= candidate.tracklet.first);
    for (const other of present) {
      const [sure, weak] = other.score > candidate.score ? [other, candidate] : [candidate, other];
      for (const { element, overlap } of overlapsOf(weak.tracklet, sure.tracklet)) {
        weak.overlaps[element] = Math.max(weak.overlaps[element]!, overlap);
      }
    }
    present.push(candidate);
  }
  return candidates
    .filter(({ overlaps, score }) => {
      const sum = overlaps.reduce((total, overlap) => total + overlap, 0);
      return sum < (score < adaptiveThreshold ? WEAK_DOUBLE_IOU : DOUBLE_IOU) * overlaps.length;
    })
    .map(({ tracklet }) => tracklet);
}

/** Whether two tracklets lie on each other all the time that both are there: then they need not be two people. */
export function areDoubles(a: Tracklet, b: Tracklet): boolean {
  let sum = 0;
  let count = 0;
  for (const { overlap } of overlapsOf(a, b)) {
    sum += overlap;
    count++;
  }
  return count > 0 && sum >= DOUBLE_IOU * count;
}

/** How far two tracklets overlap in each sample that both have; `element` is the first one's. */
function* overlapsOf(a: Tracklet, b: Tracklet): Generator<{ element: number; overlap: number }> {
  let i = firstFrom(a, b.first);
  let j = firstFrom(b, a.first);
  while (i < a.length && j < b.length) {
    const later = a.samples[i]! - b.samples[j]!;
    if (later === 0) yield { element: i, overlap: iou(a.boxes, i, b.boxes, j) };
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
