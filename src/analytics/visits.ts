import type { SceneZone } from './scene.ts';
import type { Trajectory } from './trajectory.ts';
import { ZoneArea } from './zone-area.ts';

/** A stay in a zone. */
export interface Visit {
  readonly zoneId: string;
  /** Index of the person. */
  readonly index: number;
  /** Milliseconds from the video's start, whole. */
  readonly beginMs: number;
  readonly endMs: number;
  /** Milliseconds inside, those out of sight between two sightings inside included: `endMs - beginMs`. */
  readonly dwellMs: number;
  /** `entered` over the zone's border, or `appeared` inside it: then the true begin may be earlier. */
  readonly begin: 'entered' | 'appeared';
  /** `left` over the border, or `disappeared` inside: then the true end may be later. */
  readonly end: 'left' | 'disappeared';
}

/** How far beyond the border somebody must get, in body heights, to have entered or left at once. */
export const ZONE_MARGIN = 0.1;
/** Who is over the border by less than the margin has entered or left after this long, in milliseconds. */
const SETTLED_MS = 1000;
/** Who is out of sight for longer than this, in milliseconds, is not assumed to have stayed. */
export const LONGEST_UNSEEN_MS = 5000;

/**
 * Visits of one trajectory to a zone, in order of time. A step over the border counts once the person is beyond it by a
 * margin in body heights or has stayed over it for a second, so that somebody who stands on the border does not
 * come and go all the time. Time is linear in the samples times the zone's points.
 * @param aspect width of the displayed frame over its height
 * @param margin in body heights, 0 or more
 */
export function visitsOf(
  { x, y, bodyHeights, timestampsMs, parts }: Trajectory,
  zone: SceneZone,
  aspect: number,
  margin = ZONE_MARGIN,
): Visit[] {
  const area = new ZoneArea(zone, aspect);
  const visits: Visit[] = [];
  let open: { beginMs: number; begin: Visit['begin']; index: number } | undefined;
  /** Since when the person is over the border without having settled there. */
  let overSinceMs: number | undefined;
  let lastInsideMs = 0;
  const close = (endMs: number, end: Visit['end']) => {
    const { beginMs, begin, index } = open!;
    visits.push({
      zoneId: zone.id,
      index,
      beginMs: Math.round(beginMs),
      endMs: Math.round(endMs),
      dwellMs: Math.round(endMs) - Math.round(beginMs),
      begin,
      end,
    });
    open = undefined;
    overSinceMs = undefined;
  };
  for (let k = 0; k < x.length; k++) {
    const nowMs = timestampsMs[k]!;
    const isNew = k === 0 || nowMs - timestampsMs[k - 1]! > LONGEST_UNSEEN_MS;
    if (isNew && open) close(lastInsideMs, 'disappeared');
    if (isNew) overSinceMs = undefined;
    const inside = area.holds(x[k]!, y[k]!);
    if (inside) lastInsideMs = nowMs;
    if (inside === (open !== undefined)) {
      overSinceMs = undefined;
      continue;
    }
    overSinceMs ??= nowMs;
    const isSettled =
      (isNew && inside) ||
      nowMs - overSinceMs >= SETTLED_MS ||
      area.distanceToBorder(x[k]!, y[k]!) >= margin * bodyHeights[k]!;
    if (!isSettled) continue;
    if (inside) {
      open = { beginMs: overSinceMs, begin: isNew ? 'appeared' : 'entered', index: parts[k]! };
      overSinceMs = undefined;
    } else close(overSinceMs, 'left');
  }
  if (open) close(lastInsideMs, 'disappeared');
  return visits;
}

/** People at once from one moment to the next; a step function. */
export interface Occupancy {
  /** Milliseconds from the video's start, from which the number holds until the next entry. */
  readonly fromMs: number;
  readonly people: number;
}

/**
 * How many are there over time: a step function of stretches of time, such as visits to one zone. Somebody whose
 * stretch ends in the moment when another's begins is not counted together with them. Who is there for a moment alone, as all are in
 * a video of one picture, makes two steps in that moment.
 */
export function occupancyOf(
  stretches: readonly { readonly beginMs: number; readonly endMs: number }[],
): Occupancy[] {
  const changes = stretches
    .flatMap(({ beginMs, endMs }) => [
      { atMs: beginMs, by: 1, order: 1 },
      { atMs: endMs, by: -1, order: endMs > beginMs ? 0 : 2 },
    ])
    .sort((a, b) => a.atMs - b.atMs || a.order - b.order);
  const steps: Occupancy[] = [];
  let people = 0;
  for (let i = 0; i < changes.length; i++) {
    people += changes[i]!.by;
    const next = changes[i + 1];
    // Of one moment there are two: with those who are there for it alone, and without them.
    if (next?.atMs === changes[i]!.atMs && (next.order < 2 || changes[i]!.order === 2)) continue;
    if (people !== (steps.at(-1)?.people ?? 0)) steps.push({ fromMs: changes[i]!.atMs, people });
  }
  return steps;
}

/** People at once: mean over a stretch of time, and the most. */
export function occupancyFigures(
  steps: readonly Occupancy[],
  beginMs: number,
  endMs: number,
): { mean: number; most: number } {
  return occupancyByStretch(steps, [{ beginMs, endMs }])[0]!;
}

/**
 * People at once in each of several stretches of time, ascending and without overlap: mean and most. Time is linear in
 * the steps and the stretches together.
 */
export function occupancyByStretch(
  steps: readonly Occupancy[],
  stretches: readonly { readonly beginMs: number; readonly endMs: number }[],
): { mean: number; most: number }[] {
  let first = 0;
  return stretches.map(({ beginMs, endMs }) => {
    let personMs = 0;
    let most = 0;
    // The last step before the stretch, or the first in its first moment.
    const isPast = (i: number) =>
      steps[i + 1]!.fromMs < beginMs ||
      (steps[i + 1]!.fromMs === beginMs && steps[i]!.fromMs < beginMs);
    while (first + 1 < steps.length && isPast(first)) first++;
    // A stretch without a length, as a video of one picture may be, is its one moment.
    const isWithin = ({ fromMs }: Occupancy) => fromMs < endMs || fromMs === beginMs;
    for (let i = first; i < steps.length && isWithin(steps[i]!); i++) {
      const from = Math.max(steps[i]!.fromMs, beginMs);
      const to = Math.min(steps[i + 1]?.fromMs ?? endMs, endMs);
      personMs += (to - from) * steps[i]!.people;
      most = Math.max(most, steps[i]!.people);
    }
    return { mean: endMs > beginMs ? personMs / (endMs - beginMs) : 0, most };
  });
}

/** People who went from one zone to another. */
export interface Transition {
  readonly fromZoneId: string;
  readonly toZoneId: string;
  /** How often. */
  readonly count: number;
}

/** From which zone to which people went next, most frequent first; a return to the same zone counts as well. */
export function transitionsOf(visits: readonly Visit[]): Transition[] {
  const counts = new Map<string, { fromZoneId: string; toZoneId: string; count: number }>();
  const last = new Map<number, Visit>();
  for (const visit of [...visits].sort((a, b) => a.beginMs - b.beginMs || a.endMs - b.endMs)) {
    const before = last.get(visit.index);
    last.set(visit.index, visit);
    if (!before) continue;
    const key = JSON.stringify([before.zoneId, visit.zoneId]);
    const entry = counts.get(key) ?? {
      fromZoneId: before.zoneId,
      toZoneId: visit.zoneId,
      count: 0,
    };
    entry.count++;
    counts.set(key, entry);
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}
