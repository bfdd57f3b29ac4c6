/**
 * Detections in order of their score, each right, wrong or (left out already) neither: what average
 * precision and recall at a rate of false boxes are read from.
 */

/** Outcome of a detection on nobody; any other outcome is the index of what it found, from 1. */
export const FALSE_BOX = 0;

/** Scored outcomes, in no order. */
export interface Ranking {
  readonly scores: Float64Array;
  /** FALSE_BOX, or the kind of thing found. */
  readonly outcomes: Uint8Array;
}

/** Puts rankings together; entries keep their order. */
export function joinRankings(rankings: readonly Ranking[]): Ranking {
  const length = rankings.reduce((total, ranking) => total + ranking.scores.length, 0);
  const scores = new Float64Array(length);
  const outcomes = new Uint8Array(length);
  let at = 0;
  for (const ranking of rankings) {
    scores.set(ranking.scores, at);
    outcomes.set(ranking.outcomes, at);
    at += ranking.scores.length;
  }
  return { scores, outcomes };
}

/** Precision is averaged over recalls of 0, 0.01, ... 1, each rounded as COCO's own multiples are. */
const RECALL_POINTS = 101;
const RECALL_STEP = 0.01;

/**
 * Average precision as COCO computes it: the mean, over 101 recalls from 0 to 1, of the best precision
 * at that recall or a higher one (0 where it is never reached). Of equal scores the earlier entry is
 * ranked first. Source: pycocotools, cocoeval.py.
 * @param truthCount how many there are to find, above 0
 * @returns 0 to 1
 */
export function averagePrecision(ranking: Ranking, truthCount: number): number {
  const order = byFallingScore(ranking.scores);
  const recalls = new Float64Array(order.length);
  const precisions = new Float64Array(order.length);
  let found = 0;
  for (let rank = 0; rank < order.length; rank++) {
    if (ranking.outcomes[order[rank]!] !== FALSE_BOX) found++;
    recalls[rank] = found / truthCount;
    precisions[rank] = found / (rank + 1);
  }
  for (let rank = order.length - 2; rank >= 0; rank--) {
    precisions[rank] = Math.max(precisions[rank]!, precisions[rank + 1]!);
  }
  let sum = 0;
  let rank = 0;
  for (let point = 0; point < RECALL_POINTS; point++) {
    while (rank < order.length && recalls[rank]! < point * RECALL_STEP) rank++;
    if (rank < order.length) sum += precisions[rank]!;
  }
  return sum / RECALL_POINTS;
}

/** A choice of the lowest score that is kept, and what is found with it. */
export interface OperatingPoint {
  /** The lowest score that is kept; Infinity where any choice gives too many false boxes. */
  readonly leastScore: number;
  /** How many of each kind are found; outcome k at index k, false boxes at 0. */
  readonly found: Float64Array;
}

/**
 * The lowest threshold of the score that leaves no more false boxes than allowed. Equal scores are kept
 * or dropped together, as a threshold does.
 * @param falseBoxes how many are allowed
 * @param kinds how many kinds of outcomes there are besides false boxes
 */
export function operatingPoint(
  ranking: Ranking,
  falseBoxes: number,
  kinds: number,
): OperatingPoint {
  const order = byFallingScore(ranking.scores);
  const counts = new Float64Array(kinds + 1);
  let best: OperatingPoint = { leastScore: Infinity, found: counts.slice() };
  for (let rank = 0; rank < order.length; rank++) {
    const score = ranking.scores[order[rank]!]!;
    counts[ranking.outcomes[order[rank]!]!]!++;
    if (rank + 1 < order.length && ranking.scores[order[rank + 1]!] === score) continue;
    if (counts[FALSE_BOX]! > falseBoxes) break;
    best = { leastScore: score, found: counts.slice() };
  }
  return best;
}

function byFallingScore(scores: Float64Array): Uint32Array {
  // Array sorts are stable, so equal scores keep their order.
  return Uint32Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]! || a - b);
}
