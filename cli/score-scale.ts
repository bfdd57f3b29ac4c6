/**
 * Detectors score on scales of their own: shares, per cent, margins, log-odds. Trackers here ask for shares, 0 to 1.
 * The rule looks at one sequence's scores as a whole and never changes their order.
 */

/** Scores from 0 to 1, and what was done for it. */
export interface UnitScores {
  readonly scores: Float64Array;
  /** A sentence without its end; undefined where the scores stay as they were. */
  readonly rule?: string;
}

/** Beyond this a share would be one part in half a billion: no detector means that, so it is another scale. */
const LARGEST_LOG_ODDS = 20;

/** @param value of either size, without the overflow of a difference of large numbers */
function linear(value: number, least: number, largest: number): number {
  const share = (value / 2 - least / 2) / (largest / 2 - least / 2);
  return Math.min(1, Math.max(0, share));
}

/**
 * Brings the scores of one sequence to 0..1. By what they span, in this order:
 *
 * | scores | become |
 * | --- | --- |
 * | all the same, 0 or less (MOTChallenge's -1) | 1: they tell nothing, so all are sure |
 * | 0 to 1 | what they are |
 * | 0 to more than 1 (per cent, 0..255) | divided by the largest |
 * | below and above 0, within -1 to 1 (margins) | (s + 1) / 2 |
 * | below and above 0, within -20 to 20 (log-odds) | 1 / (1 + e^-s) |
 * | anything else | from the least (0) to the largest (1) |
 *
 * @param scores finite
 */
export function unitScores(scores: Float64Array): UnitScores {
  let least = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  for (const score of scores) {
    least = Math.min(least, score);
    largest = Math.max(largest, score);
  }
  if (scores.length === 0) return { scores };
  const span = `from ${least} to ${largest}`;
  if (least === largest && largest <= 0) {
    return {
      scores: scores.map(() => 1),
      rule: `scores are ${largest} throughout: all taken as 1`,
    };
  }
  if (least >= 0 && largest <= 1) return { scores };
  if (least >= 0) {
    return {
      scores: scores.map((score) => score / largest),
      rule: `scores ${span}: divided by ${largest}`,
    };
  }
  if (least >= -1 && largest > 0 && largest <= 1) {
    return { scores: scores.map((score) => (score + 1) / 2), rule: `scores ${span}: (s + 1) / 2` };
  }
  if (largest > 0 && Math.max(-least, largest) <= LARGEST_LOG_ODDS) {
    return {
      scores: scores.map((score) => 1 / (1 + Math.exp(-score))),
      rule: `scores ${span}: taken as log-odds, 1 / (1 + e^-s)`,
    };
  }
  return {
    scores: scores.map((score) => linear(score, least, largest)),
    rule: `scores ${span}: brought to 0..1 linearly`,
  };
}
