/** One sequence or several graded by CLEAR, Identity and HOTA, and the figures that people compare. */
import { align } from './alignment.ts';
import { addClear, type ClearCounts, countClear } from './clear.ts';
import { addHota, HOTA_THRESHOLDS, type HotaSums, sumHota } from './hota.ts';
import { addIdentity, countIdentity, type IdentityCounts } from './identity.ts';
import type { MotRows } from './mot-text.ts';

/** What was counted; the scores of several sequences combine by adding up. */
export interface TrackingScore {
  readonly clear: ClearCounts;
  readonly identity: IdentityCounts;
  readonly hota: HotaSums;
}

/**
 * Figures under the names the field uses. HOTA, DetA, AssA, LocA, DetRe, DetPr, AssRe, AssPr (means over
 * the 19 thresholds), MOTA, MOTP, IDF1, IDP, IDR, Rcll and Prcn are per cent, the others counts.
 */
export interface TrackingFigures {
  readonly HOTA: number;
  readonly DetA: number;
  readonly AssA: number;
  readonly LocA: number;
  readonly DetRe: number;
  readonly DetPr: number;
  readonly AssRe: number;
  readonly AssPr: number;
  readonly MOTA: number;
  readonly MOTP: number;
  readonly IDF1: number;
  readonly IDP: number;
  readonly IDR: number;
  readonly IDSW: number;
  readonly Frag: number;
  readonly MT: number;
  readonly PT: number;
  readonly ML: number;
  /** How many people the truth holds. */
  readonly GTids: number;
  readonly FP: number;
  readonly FN: number;
  readonly Rcll: number;
  readonly Prcn: number;
}

/**
 * Grades one sequence, equal to TrackEval's MotChallenge2DBox.
 * @param truth ground truth, as `parseMotTruth` reads it
 * @param results the tracker's rows, each id at most once a frame
 * @param frameCount frames of the sequence
 * @param isMot20 whether MOT20's rule on non-motorised vehicles applies
 * @throws MotDataError when a frame is outside the sequence or an id occurs twice in a frame
 */
export function scoreTracking(
  truth: MotRows,
  results: MotRows,
  frameCount: number,
  isMot20 = false,
): TrackingScore {
  const alignment = align(truth, results, frameCount, isMot20);
  return {
    clear: countClear(alignment),
    identity: countIdentity(alignment),
    hota: sumHota(alignment),
  };
}

/** Combines sequences: counts add up, so that long and crowded sequences weigh more. */
export function combineTracking(scores: readonly TrackingScore[]): TrackingScore {
  return {
    clear: addClear(scores.map((score) => score.clear)),
    identity: addIdentity(scores.map((score) => score.identity)),
    hota: addHota(scores.map((score) => score.hota)),
  };
}

/** The figures of a score. Where there is nothing to divide by, a ratio is 0 (LocA: 100), as in TrackEval. */
export function trackingFigures({ clear, identity, hota }: TrackingScore): TrackingFigures {
  const truthBoxes = clear.truePositives + clear.falseNegatives;
  const resultBoxes = clear.truePositives + clear.falsePositives;
  const correct = clear.truePositives - clear.falsePositives - clear.idSwitches;
  return {
    ...hotaFigures(hota),
    MOTA: truthBoxes === 0 ? 0 : (100 * correct) / truthBoxes,
    MOTP: percent(clear.overlapSum, clear.truePositives),
    IDF1: percent(
      identity.truePositives,
      identity.truePositives + 0.5 * identity.falsePositives + 0.5 * identity.falseNegatives,
    ),
    IDP: percent(identity.truePositives, identity.truePositives + identity.falsePositives),
    IDR: percent(identity.truePositives, identity.truePositives + identity.falseNegatives),
    IDSW: clear.idSwitches,
    Frag: clear.fragmentations,
    MT: clear.mostlyTracked,
    PT: clear.partlyTracked,
    ML: clear.mostlyLost,
    GTids: clear.mostlyTracked + clear.partlyTracked + clear.mostlyLost,
    FP: clear.falsePositives,
    FN: clear.falseNegatives,
    Rcll: percent(clear.truePositives, truthBoxes),
    Prcn: percent(clear.truePositives, resultBoxes),
  };
}

function percent(part: number, whole: number): number {
  return (100 * part) / Math.max(1, whole);
}

/** Means over the thresholds (paper, eqs. 15 to 17). */
function hotaFigures(sums: HotaSums) {
  const mean = (valueAt: (threshold: number) => number) => {
    let total = 0;
    for (let index = 0; index < HOTA_THRESHOLDS.length; index++) total += valueAt(index);
    return total / HOTA_THRESHOLDS.length;
  };
  const { truePositives: tp, falsePositives: fp, falseNegatives: fn } = sums;
  const detection = (index: number) => percent(tp[index]!, tp[index]! + fp[index]! + fn[index]!);
  const association = (index: number) => percent(sums.association[index]!, tp[index]!);
  return {
    HOTA: mean((index) => Math.sqrt(detection(index) * association(index))),
    DetA: mean(detection),
    AssA: mean(association),
    LocA: mean((index) => (tp[index] === 0 ? 100 : percent(sums.overlap[index]!, tp[index]!))),
    DetRe: mean((index) => percent(tp[index]!, tp[index]! + fn[index]!)),
    DetPr: mean((index) => percent(tp[index]!, tp[index]! + fp[index]!)),
    AssRe: mean((index) => percent(sums.associationRecall[index]!, tp[index]!)),
    AssPr: mean((index) => percent(sums.associationPrecision[index]!, tp[index]!)),
  };
}
