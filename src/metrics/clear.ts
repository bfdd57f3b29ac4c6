/**
 * CLEAR MOT: how many boxes were found and how often an id changed.
 * Sources: Bernardin and Stiefelhagen, "Evaluating Multiple Object Tracking Performance: The CLEAR MOT
 * Metrics", 2008; mostly tracked and mostly lost from Li, Huang and Nevatia, CVPR 2009; the counting
 * follows TrackEval.
 */
import { solveAssignment } from '../track/association/assignment.ts';
import { type Alignment, MATCH_OVERLAP } from './alignment.ts';
import { EPSILON } from './overlap.ts';

/** Counts of CLEAR; those of several sequences add up. */
export interface ClearCounts {
  /** Truth boxes that were found. */
  readonly truePositives: number;
  /** Result boxes on nobody. */
  readonly falsePositives: number;
  /** Truth boxes that were missed. */
  readonly falseNegatives: number;
  /** Times a person's id differed from the one last given to them. */
  readonly idSwitches: number;
  /** Times a person was found again after having been lost. */
  readonly fragmentations: number;
  /** People found in more than 80 % of their frames. */
  readonly mostlyTracked: number;
  /** People found in 20 to 80 % of their frames. */
  readonly partlyTracked: number;
  /** People found in less than 20 % of their frames. */
  readonly mostlyLost: number;
  /** Sum of the overlaps of all found boxes. */
  readonly overlapSum: number;
}

/** Larger than any sum of overlaps in a frame needs to be: going on with last frame's pairs comes first. */
const CONTINUATION = 1000;
const MOSTLY_TRACKED = 0.8;
const PARTLY_TRACKED = 0.2;
const NOBODY = -1;

/**
 * Counts one sequence. In each frame truth and results are paired so that as many pairs of the frame
 * before as possible go on, then with the largest total overlap, never below an overlap of 0.5.
 */
export function countClear(alignment: Alignment): ClearCounts {
  const { truth, results, similarity, similarityStart } = alignment;
  const lastResult = new Int32Array(truth.idCount).fill(NOBODY);
  const current = new Int32Array(truth.idCount).fill(NOBODY);
  const found = new Int32Array(truth.idCount);
  const stretches = new Int32Array(truth.idCount);
  let truePositives = 0;
  let idSwitches = 0;
  let overlapSum = 0;
  let cost = new Float64Array(0);
  let match = new Int32Array(0);
  let previous = current.slice();
  let next = current;

  for (let frame = 0; frame < alignment.frameCount; frame++) {
    const truthIds = truth.ids.subarray(truth.start[frame], truth.start[frame + 1]);
    const resultIds = results.ids.subarray(results.start[frame], results.start[frame + 1]);
    // As in TrackEval, a frame where one side is empty neither ends nor continues a stretch.
    if (truthIds.length === 0 || resultIds.length === 0) continue;
    const columns = resultIds.length;
    const offset = similarityStart[frame]!;
    if (cost.length < truthIds.length * columns) cost = new Float64Array(truthIds.length * columns);
    if (match.length < truthIds.length) match = new Int32Array(truthIds.length);
    for (let row = 0; row < truthIds.length; row++) {
      const going = previous[truthIds[row]!];
      for (let column = 0; column < columns; column++) {
        const pair = row * columns + column;
        const overlap = similarity[offset + pair]!;
        if (overlap < MATCH_OVERLAP - EPSILON) cost[pair] = 0;
        else cost[pair] = -((resultIds[column] === going ? CONTINUATION : 0) + overlap);
      }
    }
    solveAssignment(cost, truthIds.length, columns, match);

    next.fill(NOBODY);
    for (let row = 0; row < truthIds.length; row++) {
      const column = match[row]!;
      if (column < 0 || cost[row * columns + column] === 0) continue;
      const person = truthIds[row]!;
      const result = resultIds[column]!;
      if (lastResult[person] !== NOBODY && lastResult[person] !== result) idSwitches++;
      if (previous[person] === NOBODY) stretches[person]!++;
      lastResult[person] = result;
      next[person] = result;
      found[person]!++;
      truePositives++;
      overlapSum += similarity[offset + row * columns + column]!;
    }
    [previous, next] = [next, previous];
  }

  let mostlyTracked = 0;
  let partlyTracked = 0;
  let fragmentations = 0;
  for (let person = 0; person < truth.idCount; person++) {
    const share = found[person]! / truth.boxesOfId[person]!;
    if (share > MOSTLY_TRACKED) mostlyTracked++;
    else if (share >= PARTLY_TRACKED) partlyTracked++;
    fragmentations += Math.max(0, stretches[person]! - 1);
  }
  return {
    truePositives,
    falsePositives: results.ids.length - truePositives,
    falseNegatives: truth.ids.length - truePositives,
    idSwitches,
    fragmentations,
    mostlyTracked,
    partlyTracked,
    mostlyLost: truth.idCount - mostlyTracked - partlyTracked,
    overlapSum,
  };
}

/** Adds up the counts of several sequences. */
export function addClear(all: readonly ClearCounts[]): ClearCounts {
  const sum = (field: keyof ClearCounts) => all.reduce((total, counts) => total + counts[field], 0);
  return {
    truePositives: sum('truePositives'),
    falsePositives: sum('falsePositives'),
    falseNegatives: sum('falseNegatives'),
    idSwitches: sum('idSwitches'),
    fragmentations: sum('fragmentations'),
    mostlyTracked: sum('mostlyTracked'),
    partlyTracked: sum('partlyTracked'),
    mostlyLost: sum('mostlyLost'),
    overlapSum: sum('overlapSum'),
  };
}
