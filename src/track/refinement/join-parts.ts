import type { Tracklet } from './tracklet.ts';

/**
 * One tracklet of all parts of a person; each goes as far as the next begins. A next part that begins as somebody's double
 * does so once the one before it ends.
 * @param parts in order of their first samples, changed
 */
export function joinParts(parts: readonly Tracklet[]): Tracklet {
  const head = parts[0]!;
  for (const next of parts.slice(1)) {
    const { ownLast } = head;
    if (next.first <= ownLast && ownLast < next.ownFirst) dropUpTo(next, ownLast);
    if (next.first <= head.last) head.filter((element) => head.samples[element]! < next.first);
    head.append(next);
  }
  return head;
}

/** Drops the elements up to a sample, which are doubled. */
function dropUpTo(tracklet: Tracklet, sample: number): void {
  const { doubledEnd, coveredEnd } = tracklet;
  tracklet.filter((element) => tracklet.samples[element]! > sample);
  tracklet.doubledEnd = doubledEnd;
  tracklet.coveredEnd = coveredEnd;
}
