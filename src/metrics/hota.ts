/**
 * HOTA, higher order tracking accuracy: detection and association in equal parts, over 19 thresholds of
 * overlap.
 * Source: Luiten, Osep, Dendorfer, Torr, Geiger, Leal-Taixe and Leibe, "HOTA: A Higher Order Metric for
 * Evaluating Multi-Object Tracking", arXiv 2009.07736; equations are named below.
 */
import { solveAssignment } from '../track/association/assignment.ts';
import type { Alignment } from './alignment.ts';
import { EPSILON } from './overlap.ts';

/** The overlaps that HOTA is averaged over: 0.05 to 0.95 (paper, eq. 17). */
export const HOTA_THRESHOLDS: Readonly<Float64Array> = Float64Array.from(
  { length: 19 },
  (_, index) => 0.05 + index * 0.05,
);

/** Sums of HOTA at each of {@link HOTA_THRESHOLDS}; those of several sequences add up. */
export interface HotaSums {
  /** Pairs of a truth and a result box at the threshold. */
  readonly truePositives: Float64Array;
  /** Result boxes without a pair. */
  readonly falsePositives: Float64Array;
  /** Truth boxes without a pair. */
  readonly falseNegatives: Float64Array;
  /** Over all pairs: the association accuracy of the pair's person and id (eq. 14). */
  readonly association: Float64Array;
  /** Over all pairs: the association recall. */
  readonly associationRecall: Float64Array;
  /** Over all pairs: the association precision. */
  readonly associationPrecision: Float64Array;
  /** Over all pairs: the overlap. */
  readonly overlap: Float64Array;
}

/** Sums up one sequence. */
export function sumHota(alignment: Alignment): HotaSums {
  const { truth, results } = alignment;
  const sums = emptySums();
  const pairs = matchGlobally(alignment);
  const together = new Int32Array(truth.idCount * results.idCount);
  for (let threshold = 0; threshold < HOTA_THRESHOLDS.length; threshold++) {
    const least = HOTA_THRESHOLDS[threshold]! - EPSILON;
    let count = 0;
    let overlap = 0;
    for (let pair = 0; pair < pairs.count; pair++) {
      if (pairs.overlaps[pair]! < least) continue;
      together[pairs.people[pair]! * results.idCount + pairs.ids[pair]!]!++;
      overlap += pairs.overlaps[pair]!;
      count++;
    }
    let association = 0;
    let recall = 0;
    let precision = 0;
    for (let pair = 0; pair < pairs.count; pair++) {
      if (pairs.overlaps[pair]! < least) continue;
      const agreeing = together[pairs.people[pair]! * results.idCount + pairs.ids[pair]!]!;
      const ofPerson = truth.boxesOfId[pairs.people[pair]!]!;
      const ofId = results.boxesOfId[pairs.ids[pair]!]!;
      association += agreeing / (ofPerson + ofId - agreeing);
      recall += agreeing / ofPerson;
      precision += agreeing / ofId;
    }
    together.fill(0);
    sums.truePositives[threshold] = count;
    sums.falsePositives[threshold] = results.ids.length - count;
    sums.falseNegatives[threshold] = truth.ids.length - count;
    sums.association[threshold] = association;
    sums.associationRecall[threshold] = recall;
    sums.associationPrecision[threshold] = precision;
    sums.overlap[threshold] = overlap;
  }
  return sums;
}

interface Pairs {
  readonly count: number;
  readonly people: Int32Array;
  readonly ids: Int32Array;
  readonly overlaps: Float64Array;
}

/**
 * Pairs truth and results in each frame by overlap times how well person and id agree over the whole
 * sequence, so that the pairing favours the best association (paper, section 5.3 and TrackEval).
 */
function matchGlobally(alignment: Alignment): Pairs {
  const { truth, results, similarity, similarityStart } = alignment;
  const agreement = globalAgreement(alignment);
  const capacity = Math.min(truth.ids.length, results.ids.length);
  const people = new Int32Array(capacity);
  const ids = new Int32Array(capacity);
  const found = new Float64Array(capacity);
  let count = 0;
  let cost = new Float64Array(0);
  let match = new Int32Array(0);
  for (let frame = 0; frame < alignment.frameCount; frame++) {
    const truthIds = truth.ids.subarray(truth.start[frame], truth.start[frame + 1]);
    const resultIds = results.ids.subarray(results.start[frame], results.start[frame + 1]);
    const columns = resultIds.length;
    if (truthIds.length === 0 || columns === 0) continue;
    if (cost.length < truthIds.length * columns) cost = new Float64Array(truthIds.length * columns);
    if (match.length < truthIds.length) match = new Int32Array(truthIds.length);
    const offset = similarityStart[frame]!;
    for (let row = 0; row < truthIds.length; row++) {
      const base = truthIds[row]! * results.idCount;
      for (let column = 0; column < columns; column++) {
        const pair = row * columns + column;
        cost[pair] = -agreement[base + resultIds[column]!]! * similarity[offset + pair]!;
      }
    }
    solveAssignment(cost, truthIds.length, columns, match);
    for (let row = 0; row < truthIds.length; row++) {
      if (match[row]! < 0) continue;
      const overlap = similarity[offset + row * columns + match[row]!]!;
      if (overlap === 0) continue;
      people[count] = truthIds[row]!;
      ids[count] = resultIds[match[row]!]!;
      found[count++] = overlap;
    }
  }
  return { count, people, ids, overlaps: found };
}

/**
 * How well each person and each id agree before anything is paired: the Jaccard index of their boxes,
 * each frame counted by the share of their overlap in all overlaps that the two boxes have there.
 */
function globalAgreement(alignment: Alignment): Float64Array {
  const { truth, results, similarity, similarityStart } = alignment;
  const agreement = new Float64Array(truth.idCount * results.idCount);
  let rowSums = new Float64Array(0);
  let columnSums = new Float64Array(0);
  for (let frame = 0; frame < alignment.frameCount; frame++) {
    const firstRow = truth.start[frame]!;
    const firstColumn = results.start[frame]!;
    const rows = truth.start[frame + 1]! - firstRow;
    const columns = results.start[frame + 1]! - firstColumn;
    if (rowSums.length < rows) rowSums = new Float64Array(rows);
    if (columnSums.length < columns) columnSums = new Float64Array(columns);
    rowSums.fill(0, 0, rows);
    columnSums.fill(0, 0, columns);
    const offset = similarityStart[frame]!;
    for (let row = 0, pair = offset; row < rows; row++) {
      for (let column = 0; column < columns; column++, pair++) {
        rowSums[row]! += similarity[pair]!;
        columnSums[column]! += similarity[pair]!;
      }
    }
    for (let row = 0, pair = offset; row < rows; row++) {
      const base = truth.ids[firstRow + row]! * results.idCount;
      for (let column = 0; column < columns; column++, pair++) {
        if (similarity[pair] === 0) continue;
        const all = columnSums[column]! + rowSums[row]! - similarity[pair]!;
        if (all > EPSILON) {
          agreement[base + results.ids[firstColumn + column]!]! += similarity[pair]! / all;
        }
      }
    }
  }
  for (let person = 0; person < truth.idCount; person++) {
    for (let id = 0; id < results.idCount; id++) {
      const together = agreement[person * results.idCount + id]!;
      agreement[person * results.idCount + id] =
        together / (truth.boxesOfId[person]! + results.boxesOfId[id]! - together);
    }
  }
  return agreement;
}

function emptySums(): HotaSums {
  const zeros = () => new Float64Array(HOTA_THRESHOLDS.length);
  return {
    truePositives: zeros(),
    falsePositives: zeros(),
    falseNegatives: zeros(),
    association: zeros(),
    associationRecall: zeros(),
    associationPrecision: zeros(),
    overlap: zeros(),
  };
}

/** Adds up the sums of several sequences. */
export function addHota(all: readonly HotaSums[]): HotaSums {
  const total = emptySums();
  for (const sums of all) {
    for (const field of Object.keys(total) as (keyof HotaSums)[]) {
      for (let index = 0; index < HOTA_THRESHOLDS.length; index++) {
        total[field]![index]! += sums[field]![index]!;
      }
    }
  }
  return total;
}
