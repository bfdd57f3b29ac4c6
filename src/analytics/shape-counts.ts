/** What is counted at one line or in one zone. */
import { type Crossing, crossingsOf } from './crossings.ts';
import { median } from './median.ts';
import type { SceneLine, SceneZone } from './scene.ts';
import type { Trajectory } from './trajectory.ts';
import { type Occupancy, occupancyFigures, occupancyOf, type Visit, visitsOf } from './visits.ts';

/** What was counted at a line. */
export interface LineCount {
  readonly line: SceneLine;
  readonly in: number;
  readonly out: number;
  /** In less out. */
  readonly net: number;
  /** How many of them are not sure. */
  readonly uncertain: number;
  /** In order of time. */
  readonly crossings: readonly Crossing[];
}

/** What was counted in a zone. */
export interface ZoneCount {
  readonly zone: SceneZone;
  /** People who were there, each Index once. */
  readonly people: number;
  /** In order of time. */
  readonly visits: readonly Visit[];
  /** Milliseconds a visit lasted on the mean and in the middle; absent without visits. */
  readonly meanDwellMs?: number;
  readonly medianDwellMs?: number;
  /** People at once, over the whole video. */
  readonly meanAtOnce: number;
  readonly mostAtOnce: number;
  readonly occupancy: readonly Occupancy[];
}

/** Counts at a line. @param trajectories joined where they break off @param aspect width of the displayed frame over its height */
export function countLine(
  line: SceneLine,
  trajectories: readonly Trajectory[],
  aspect: number,
): LineCount {
  const crossings = trajectories
    .flatMap((it) => crossingsOf(it, line, aspect))
    .sort((a, b) => a.timestampMs - b.timestampMs || a.index - b.index);
  const inward = crossings.filter(({ direction }) => direction === 'in').length;
  return {
    line,
    in: inward,
    out: crossings.length - inward,
    net: 2 * inward - crossings.length,
    uncertain: crossings.filter(({ uncertain }) => uncertain !== undefined).length,
    crossings,
  };
}

/** Counts in a zone. @param aspect width of the displayed frame over its height */
export function countZone(
  zone: SceneZone,
  trajectories: readonly Trajectory[],
  aspect: number,
  durationMs: number,
): ZoneCount {
  const visits = trajectories.flatMap((it) => visitsOf(it, zone, aspect)).sort(byBegin);
  const occupancy = occupancyOf(visits);
  const { mean, most } = occupancyFigures(occupancy, 0, durationMs);
  const medianDwellMs = median(visits.map(({ dwellMs }) => dwellMs));
  return {
    zone,
    people: new Set(visits.map(({ index }) => index)).size,
    visits,
    ...(medianDwellMs === undefined
      ? {}
      : {
          medianDwellMs,
          meanDwellMs: visits.reduce((sum, { dwellMs }) => sum + dwellMs, 0) / visits.length,
        }),
    meanAtOnce: mean,
    mostAtOnce: most,
    occupancy,
  };
}

/** The order of what lasts for a while. */
export function byBegin(
  a: { beginMs: number; index: number },
  b: { beginMs: number; index: number },
) {
  return a.beginMs - b.beginMs || a.index - b.index;
}
