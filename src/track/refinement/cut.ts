import { type Appearance, lookDistance } from '../appearance/appearance.ts';
import { type Glance, meanLook } from './glances.ts';
import type { Tracklet } from './tracklet.ts';

/** Glances that are compared before and after a moment: two seconds. */
const REACH = 4;
/** Glances that each part keeps. */
const FEWEST = 2;
/** Evidence against one person from which a tracklet is cut. Higher: fewer cuts, more mix-ups stay. */
const CUT_EVIDENCE = 2;

/** A tracklet and how its person looks. */
export interface SeenTracklet {
  readonly tracklet: Tracklet;
  /** In order of time; none without descriptors. */
  readonly glances: readonly Glance[];
}

/**
 * Cuts tracklets where the person looks like somebody else from then on: two people crossed and were mixed up.
 * @param seen its tracklets are shortened
 * @param appearance what looks tell in this video
 * @returns all parts
 */
export function cutTracklets(
  seen: readonly SeenTracklet[],
  appearance: Appearance,
): SeenTracklet[] {
  return seen.flatMap(({ tracklet, glances }) => {
    const parts: SeenTracklet[] = [];
    let end = glances.length;
    for (const at of changes(glances, appearance).reverse()) {
      const rest = tracklet.cut(glances[at]!.element);
      parts.push({ tracklet: rest, glances: glances.slice(at, end) });
      end = at;
    }
    parts.push({ tracklet, glances: glances.slice(0, end) });
    return parts;
  });
}

/** Glances that begin another person: where the evidence is the strongest around. */
function changes(glances: readonly Glance[], appearance: Appearance): number[] {
  const evidence = glances.map((_, at) => {
    if (at < FEWEST || at > glances.length - FEWEST) return 0;
    const before = meanLook(glances, Math.max(0, at - REACH), at);
    const after = meanLook(glances, at, Math.min(glances.length, at + REACH));
    return before && after ? appearance.evidence(lookDistance(before, after)) : 0;
  });
  const found: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const [at, value] of evidence.entries()) {
    if (value > -CUT_EVIDENCE || at - last < FEWEST) continue;
    const around = evidence.slice(Math.max(0, at - REACH), at + REACH + 1);
    if (value > Math.min(...around)) continue;
    found.push(at);
    last = at;
  }
  return found;
}
