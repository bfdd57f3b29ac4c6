import { type Appearance, type Look, lookDistance } from '../appearance/appearance.ts';
import { type Glance, meanLook } from './glances.ts';
import { Neighbours } from './neighbours.ts';
import type { Tracklet } from './tracklet.ts';

/** Glances that are compared before and after a moment: two seconds. */
const REACH = 4;
/** Glances that each part keeps. */
const FEWEST = 2;
/** A tracklet and how its person looks. */
export interface SeenTracklet {
  readonly tracklet: Tracklet;
  /** In order of time; none without descriptors. */
  readonly glances: readonly Glance[];
}

/**
 * Cuts tracklets where the person looks like somebody else from then on: two people crossed and were mixed up. People
 * look different from one second to the next for other reasons too (they turn, step into the light, come into the
 * picture piece by piece), so somebody else must have been near and must explain what is seen better.
 * @param seen its tracklets are shortened
 * @param times of all samples in seconds
 * @param appearance what looks tell in this video
 * @param leastEvidence against one person, and for an exchange rather than none, in nats
 * @returns all parts
 */
export function cutTracklets(
  seen: readonly SeenTracklet[],
  times: ArrayLike<number>,
  appearance: Appearance,
  leastEvidence: number,
): SeenTracklet[] {
  const neighbours = new Neighbours(
    seen.map(({ tracklet }) => tracklet),
    times,
  );
  const cuts = seen.map(({ tracklet, glances }, index) =>
    changes(glances, appearance, leastEvidence).filter((at) => {
      const seconds = times[tracklet.samples[glances[at]!.element]!]!;
      const before = meanLook(glances, Math.max(0, at - REACH), at);
      const after = meanLook(glances, at, Math.min(glances.length, at + REACH));
      return neighbours
        .near(index, seconds)
        .some(
          (other) =>
            exchange(seen[other]!, seconds, times, appearance, before, after) > leastEvidence,
        );
    }),
  );
  return seen.flatMap(({ tracklet, glances }, index) => {
    const parts: SeenTracklet[] = [];
    let end = glances.length;
    for (const at of cuts[index]!.reverse()) {
      const rest = tracklet.cut(glances[at]!.element);
      parts.push({ tracklet: rest, glances: glances.slice(at, end) });
      end = at;
    }
    parts.push({ tracklet, glances: glances.slice(0, end) });
    return parts;
  });
}

/**
 * How much better somebody near explains a change of looks, in nats: whoever was there before and after by how the two
 * fit having been exchanged rather than having stayed, whoever came or left then by how they fit the other part.
 */
function exchange(
  { tracklet, glances }: SeenTracklet,
  seconds: number,
  times: ArrayLike<number>,
  appearance: Appearance,
  before: Look | undefined,
  after: Look | undefined,
): number {
  let at = 0;
  let end = glances.length;
  while (at < end) {
    const middle = (at + end) >> 1;
    if (times[tracklet.samples[glances[middle]!.element]!]! < seconds) at = middle + 1;
    else end = middle;
  }
  const earlier = meanLook(glances, Math.max(0, at - REACH), at);
  const later = meanLook(glances, at, Math.min(glances.length, at + REACH));
  if (!earlier && !later) return Number.NEGATIVE_INFINITY;
  const exchanged = evidenceOf(earlier, after, appearance) + evidenceOf(before, later, appearance);
  const stayed = evidenceOf(before, after, appearance) + evidenceOf(earlier, later, appearance);
  return exchanged - stayed;
}

/** What looks say of two being one person; nothing where one of them was not there. */
function evidenceOf(a: Look | undefined, b: Look | undefined, appearance: Appearance): number {
  return a && b ? appearance.evidence(lookDistance(a, b)) : 0;
}

/** Glances that begin another person: where the evidence is the strongest around. */
function changes(
  glances: readonly Glance[],
  appearance: Appearance,
  leastEvidence: number,
): number[] {
  const evidence = glances.map((_, at) => {
    if (at < FEWEST || at > glances.length - FEWEST) return 0;
    const before = meanLook(glances, Math.max(0, at - REACH), at);
    const after = meanLook(glances, at, Math.min(glances.length, at + REACH));
    return before && after ? appearance.evidence(lookDistance(before, after)) : 0;
  });
  const found: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const [at, value] of evidence.entries()) {
    if (value > -leastEvidence || at - last < FEWEST) continue;
    const around = evidence.slice(Math.max(0, at - REACH), at + REACH + 1);
    if (value > Math.min(...around)) continue;
    found.push(at);
    last = at;
  }
  return found;
}
