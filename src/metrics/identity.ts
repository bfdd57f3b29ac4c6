/**
 * Identity metrics: how much of each person's path one single result id covers.
 * Source: Ristani, Solera, Zou, Cucchiara and Tomasi, "Performance Measures and a Data Set for
 * Multi-Target, Multi-Camera Tracking", 2016, equations 5 to 9.
 */
import { solveAssignment } from '../track/association/assignment.ts';
import { type Alignment, MATCH_OVERLAP } from './alignment.ts';

/** Counts of Identity; those of several sequences add up. */
export interface IdentityCounts {
  /** Boxes that agree once each person has at most one result id for the whole sequence, and the reverse. */
  readonly truePositives: number;
  /** Result boxes left over. */
  readonly falsePositives: number;
  /** Truth boxes left over. */
  readonly falseNegatives: number;
}

/**
 * Counts one sequence. The paper pairs people and ids at the least number of left-over boxes; as each
 * pair spares exactly twice the frames in which its boxes agree (an overlap of 0.5 or more), that is the
 * pairing with most agreeing frames, and no padding by dummy people is needed.
 */
export function countIdentity(alignment: Alignment): IdentityCounts {
  const { truth, results, similarity, similarityStart } = alignment;
  const columns = results.idCount;
  const cost = new Float64Array(truth.idCount * columns);
  for (let frame = 0; frame < alignment.frameCount; frame++) {
    let pair = similarityStart[frame]!;
    for (let row = truth.start[frame]!; row < truth.start[frame + 1]!; row++) {
      const base = truth.ids[row]! * columns;
      for (let column = results.start[frame]!; column < results.start[frame + 1]!; column++) {
        if (similarity[pair++]! >= MATCH_OVERLAP) cost[base + results.ids[column]!]!--;
      }
    }
  }
  let truePositives = 0;
  if (cost.length > 0) {
    const match = new Int32Array(truth.idCount);
    solveAssignment(cost, truth.idCount, columns, match);
    for (let person = 0; person < truth.idCount; person++) {
      if (match[person]! >= 0) truePositives -= cost[person * columns + match[person]!]!;
    }
  }
  return {
    truePositives,
    falsePositives: results.ids.length - truePositives,
    falseNegatives: truth.ids.length - truePositives,
  };
}

/** Adds up the counts of several sequences. */
export function addIdentity(all: readonly IdentityCounts[]): IdentityCounts {
  const sum = (field: keyof IdentityCounts) =>
    all.reduce((total, counts) => total + counts[field], 0);
  return {
    truePositives: sum('truePositives'),
    falsePositives: sum('falsePositives'),
    falseNegatives: sum('falseNegatives'),
  };
}
