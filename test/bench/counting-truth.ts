/** Rows of truth and results as paths, and what would be counted if every identity were right. */
import type { MotSequence } from '../../cli/mot-folder.ts';
import type { AnalysedPath } from '../../src/analytics/analysed-path.ts';
import type { Trajectory } from '../../src/analytics/trajectory.ts';
import { MATCH_OVERLAP } from '../../src/metrics/alignment.ts';
import { FrameGroups } from '../../src/metrics/frame-groups.ts';
import { PEDESTRIAN } from '../../src/metrics/mot-classes.ts';
import type { MotRows } from '../../src/metrics/mot-text.ts';
import { overlaps } from '../../src/metrics/overlap.ts';
import { solveAssignment } from '../../src/track/association/assignment.ts';

/** Who a row is of; -1 leaves it out. */
export type PersonOf = (row: number) => number;

/** Rows as paths in ratios of the frame. */
export function pathsOf(
  rows: MotRows,
  { frameRate, width, height }: Pick<MotSequence, 'frameRate' | 'width' | 'height'>,
  personOf: PersonOf = (row) => rows.ids[row]!,
): AnalysedPath[] {
  const people = new Map<number, number[]>();
  for (let row = 0; row < rows.count; row++) {
    const person = personOf(row);
    if (person < 0) continue;
    const own = people.get(person);
    if (own) own.push(row);
    else people.set(person, [row]);
  }
  return [...people].map(([index, own]) => {
    own.sort((a, b) => rows.frames[a]! - rows.frames[b]!);
    return {
      index,
      timestampsMs: own.map((row) => ((rows.frames[row]! - 1) * 1000) / frameRate),
      boxes: own.flatMap((row) => {
        const [left, top, w, h] = rows.boxes.subarray(4 * row, 4 * row + 4);
        return [left! / width, top! / height, w! / width, h! / height];
      }),
    };
  });
}

/** The truth's people: pedestrians that count. */
export function truthPerson(truth: MotRows): PersonOf {
  return (row) =>
    truth.scores[row]! > 0 && (truth.classes?.[row] ?? PEDESTRIAN) === PEDESTRIAN
      ? truth.ids[row]!
      : -1;
}

/** Who each row of results really is: the person of the truth's box that it lies on, frame by frame. */
export function rightPerson(truth: MotRows, results: MotRows, frameCount: number): PersonOf {
  const isPerson = truthPerson(truth);
  const truthFrames = new FrameGroups(truth, frameCount, 'truth');
  const resultFrames = new FrameGroups(results, frameCount, 'results');
  const people = new Int32Array(results.count).fill(-1);
  for (let frame = 0; frame < frameCount; frame++) {
    const trueRows = truthFrames.rowsOf(frame).filter((row) => isPerson(row) >= 0);
    const rows = resultFrames.rowsOf(frame);
    const cost = new Float64Array(trueRows.length * rows.length);
    overlaps(truth.boxes, trueRows, results.boxes, rows, cost);
    for (let i = 0; i < cost.length; i++) cost[i] = cost[i]! < MATCH_OVERLAP ? 0 : -cost[i]!;
    const columns = new Int32Array(trueRows.length);
    solveAssignment(cost, trueRows.length, rows.length, columns);
    columns.forEach((column, i) => {
      if (column < 0 || cost[i * rows.length + column] === 0) return;
      people[rows[column]!] = isPerson(trueRows[i]!);
    });
  }
  return (row) => people[row]!;
}

/** Paths as they are, the lower edge of each box being the foot: truth's boxes reach to hidden feet. */
export function plainTrajectories(paths: readonly AnalysedPath[], aspect: number): Trajectory[] {
  return paths.map(({ index, timestampsMs, boxes }) => {
    const n = timestampsMs.length;
    const each = (value: (o: number) => number) =>
      Float64Array.from({ length: n }, (_, k) => value(4 * k));
    return {
      index,
      timestampsMs: Float64Array.from(timestampsMs),
      x: each((o) => (boxes[o]! + boxes[o + 2]! / 2) * aspect),
      y: each((o) => boxes[o + 1]! + boxes[o + 3]!),
      bodyHeights: each((o) => boxes[o + 3]!),
      parts: new Int32Array(n).fill(index),
    };
  });
}
