/** Whether crossings that are marked as uncertain are wrong, and those that are not are right. */
import type { Crossing } from '../../src/analytics/crossings.ts';
import type { SceneLine } from '../../src/analytics/scene.ts';
import { solveAssignment } from '../../src/track/association/assignment.ts';
import type { Counter } from './count-errors.ts';
import { markdownTable } from './statistics.ts';

/** How far a crossing may be from the truth's that it is, in seconds and in heights of the picture. */
const SECONDS = 2;
const HEIGHTS = 0.3;

/** Crossings that were counted, and how many of them are none in the truth. */
export interface Certainty {
  readonly marked: number;
  readonly markedWrong: number;
  readonly unmarked: number;
  readonly unmarkedWrong: number;
}

/** Looks for each crossing that was counted in the truth: the same way, and each of the truth's once. @param aspect width of the frame over its height */
export function certaintyOf(
  truth: Counter,
  counter: Counter,
  lines: readonly SceneLine[],
  aspect: number,
): Certainty {
  const counted = lines.flatMap((line) => {
    const found = counter.crossings(line);
    const right = truth.crossings(line);
    const cost = Float64Array.from(
      found.flatMap((crossing) => right.map((other) => -likeness(crossing, other, aspect))),
    );
    const columns = new Int32Array(found.length).fill(-1);
    if (cost.length > 0) solveAssignment(cost, found.length, right.length, columns);
    return found.map(({ uncertain }, i) => ({
      isMarked: uncertain !== undefined,
      isWrong: columns[i]! < 0 || cost[i * right.length + columns[i]!]! === 0,
    }));
  });
  const marked = counted.filter(({ isMarked }) => isMarked);
  const wrong = (of: typeof counted) => of.filter(({ isWrong }) => isWrong).length;
  return {
    marked: marked.length,
    markedWrong: wrong(marked),
    unmarked: counted.length - marked.length,
    unmarkedWrong: wrong(counted) - wrong(marked),
  };
}

/** 0 where two are not the same crossing. */
function likeness(a: Crossing, b: Crossing, aspect: number): number {
  if (a.direction !== b.direction) return 0;
  const late = Math.abs(a.timestampMs - b.timestampMs) / 1000;
  const apart = Math.hypot((a.at[0] - b.at[0]) * aspect, a.at[1] - b.at[1]);
  return late < SECONDS && apart < HEIGHTS ? 1 - late / SECONDS + HEIGHTS - apart : 0;
}

/** Those of several recordings added up. */
export function addCertainties(of: readonly Certainty[]): Certainty {
  const sum = (name: keyof Certainty) => of.reduce((total, it) => total + it[name], 0);
  return {
    marked: sum('marked'),
    markedWrong: sum('markedWrong'),
    unmarked: sum('unmarked'),
    unmarkedWrong: sum('unmarkedWrong'),
  };
}

/** A table of them. @param of figures by suite */
export function certaintyTable(of: ReadonlyMap<string, Certainty>): string {
  const row = (name: string, all: keyof Certainty, wrong: keyof Certainty) => [
    name,
    ...[...of.values()].map((it) => `${it[wrong]} of ${it[all]}`),
  ];
  return markdownTable(
    ['wrong', ...of.keys()],
    [
      row('marked as uncertain', 'marked', 'markedWrong'),
      row('not marked', 'unmarked', 'unmarkedWrong'),
    ],
  );
}
