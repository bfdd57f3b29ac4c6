/** By how much counts at lines and in zones are off, and the tables of it. */
import { withoutShake } from '../../src/analytics/camera-shake.ts';
import { CROSSING_MARGIN, type Crossing, crossingsOf } from '../../src/analytics/crossings.ts';
import { handOf } from '../../src/analytics/geometry.ts';
import { joinBroken } from '../../src/analytics/join-broken.ts';
import type { SceneLine, SceneZone } from '../../src/analytics/scene.ts';
import type { Trajectory } from '../../src/analytics/trajectory.ts';
import { type Visit, visitsOf } from '../../src/analytics/visits.ts';
import { markdownTable } from './statistics.ts';

/** What is summed up over lines or zones of a suite. */
export interface CountErrors {
  /** Crossings in the truth, and by how many each direction of each line is off. */
  crossings: number;
  crossingError: number;
  /** Visits in the truth, and by how many each zone is off. */
  visits: number;
  visitError: number;
  /** Seconds of dwell in the truth, and by how many each zone is off. */
  dwell: number;
  dwellError: number;
}

/** A way of counting: crossings of a line, visits to a zone. */
export interface Counter {
  crossings(line: SceneLine): readonly Crossing[];
  visits(zone: SceneZone): readonly Visit[];
}

/** Where it was neither joined nor taken for one beyond the edge of the picture. */
const isWhole = ({ uncertain }: Crossing) =>
  uncertain === undefined || uncertain === 'unseen-at-line' || uncertain === 'close-to-line';

/** Counts paths one by one: no joins, and none that begin or end at the line. */
export function plainCounter(
  trajectories: readonly Trajectory[],
  aspect: number,
  margin?: number,
): Counter {
  return {
    crossings: (line) =>
      trajectories.flatMap((it) => crossingsOf(it, line, aspect, margin)).filter(isWhole),
    visits: (zone) => trajectories.flatMap((it) => visitsOf(it, zone, aspect, margin)),
  };
}

/**
 * Counts crossings of endless lines by the side alone on which a path was last clear of the line: each change of it is a
 * crossing, whatever happened in between.
 */
export function sideCounter(trajectories: readonly Trajectory[], aspect: number): Counter {
  return {
    crossings: ({ id, points }) => {
      const [[ax, ay], [bx, by]] = [points[0]!, points[1]!];
      const length = Math.hypot((bx - ax) * aspect, by - ay);
      return trajectories.flatMap(({ index, timestampsMs, x, y, bodyHeights }) => {
        const found: Crossing[] = [];
        let last = 0;
        for (let k = 0; k < x.length; k++) {
          const hand = handOf(ax * aspect, ay, bx * aspect, by, x[k]!, y[k]!) / length;
          if (Math.abs(hand) <= CROSSING_MARGIN * bodyHeights[k]!) continue;
          const side = Math.sign(hand);
          const timestampMs = Math.round(timestampsMs[k]!);
          const direction = side > 0 ? 'in' : 'out';
          if (last !== 0 && side !== last)
            found.push({ lineId: id, direction, index, timestampMs, at: [x[k]! / aspect, y[k]!] });
          last = side;
        }
        return found;
      });
    },
    visits: () => [],
  };
}

/** Counts as the product does. */
export function hindsightCounter(seen: readonly Trajectory[], aspect: number): Counter {
  const trajectories = withoutShake(seen);
  const joined = joinBroken(trajectories, aspect);
  return {
    crossings: (line) => joined.flatMap((it) => crossingsOf(it, line, aspect)),
    visits: (zone) => trajectories.flatMap((it) => visitsOf(it, zone, aspect)),
  };
}

const directions = (crossings: readonly Crossing[]) => {
  const inward = crossings.filter(({ direction }) => direction === 'in').length;
  return [inward, crossings.length - inward] as const;
};
const seconds = (visits: readonly Visit[]) =>
  visits.reduce((sum, { dwellMs }) => sum + dwellMs / 1000, 0);

/** How far a way of counting is from the truth at these lines and zones. */
export function countErrors(
  truth: Counter,
  counter: Counter,
  { lines, zones }: { readonly lines: readonly SceneLine[]; readonly zones: readonly SceneZone[] },
): CountErrors {
  const sums = {
    crossings: 0,
    crossingError: 0,
    visits: 0,
    visitError: 0,
    dwell: 0,
    dwellError: 0,
  };
  for (const line of lines) {
    const right = directions(truth.crossings(line));
    const found = directions(counter.crossings(line));
    sums.crossings += right[0] + right[1];
    sums.crossingError += Math.abs(right[0] - found[0]) + Math.abs(right[1] - found[1]);
  }
  for (const zone of zones) {
    const right = truth.visits(zone);
    const found = counter.visits(zone);
    sums.visits += right.length;
    sums.visitError += Math.abs(right.length - found.length);
    sums.dwell += seconds(right);
    sums.dwellError += Math.abs(seconds(right) - seconds(found));
  }
  return sums;
}

/** Figures by the way of counting. */
export type ErrorsByWay = Record<string, CountErrors>;

/** Figures of recordings added up. */
export function addErrors(recordings: readonly ErrorsByWay[]): ErrorsByWay {
  const total: ErrorsByWay = {};
  for (const rows of recordings) {
    for (const [name, sums] of Object.entries(rows)) {
      const own = total[name];
      if (!own) total[name] = { ...sums };
      else for (const key of Object.keys(sums) as (keyof CountErrors)[]) own[key] += sums[key];
    }
  }
  return total;
}

/** A table of how far off counts are. @param of figures by suite or kind */
export function errorTable(
  of: ReadonlyMap<string, ErrorsByWay>,
  count: keyof CountErrors,
  error: keyof CountErrors,
  unit: string,
): string {
  const names = Object.keys([...of.values()][0]!);
  return markdownTable(
    [
      '',
      ...[...of].map(([name, rows]) => `${name} (${Math.round(rows[names[0]!]![count])} ${unit})`),
    ],
    names.map((name) => [
      name,
      ...[...of.values()].map(
        (rows) => `${((100 * rows[name]![error]) / rows[name]![count]).toFixed(1)} %`,
      ),
    ]),
  );
}
