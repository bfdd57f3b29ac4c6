/** Detections of one sequence or several graded against ground truth: average precision and recall. */
import { HEIGHT_BANDS, matchDetections, prepareDetections } from './detection-matching.ts';
import type { MotRows } from './mot-text.ts';
import { averagePrecision, joinRankings, operatingPoint, type Ranking } from './ranking.ts';

/** Outcomes of all detections; those of several sequences join. */
export interface DetectionScore {
  readonly frameCount: number;
  /** How many people count, by band of height. */
  readonly truthCounts: Float64Array;
  /** Outcomes at each overlap of 0.5, 0.55, ... 0.95, people of all heights. */
  readonly rankings: readonly Ranking[];
  /** Outcomes at an overlap of 0.5, by band of height. */
  readonly bandRankings: readonly Ranking[];
}

/**
 * Figures of a detector. Ratios are per cent and null where there is nobody to find. Bands of height are
 * Caltech's: far below 30 pixels of the frame, medium below 80, near from there on.
 */
export interface DetectionFigures {
  /** Average precision at an overlap of 0.5 (101 recall points, as COCO does). */
  readonly AP50: number | null;
  /** Mean of the average precisions at overlaps of 0.5, 0.55, ... 0.95: COCO's main figure. */
  readonly 'AP50:95': number | null;
  /** Share of people found at half a false box a frame, at an overlap of 0.5. */
  readonly Recall: number | null;
  /** The threshold of the score that leaves half a false box a frame; null where none does. */
  readonly Score: number | null;
  readonly AP50far: number | null;
  readonly AP50medium: number | null;
  readonly AP50near: number | null;
  /** Share of people of this height found at the same threshold. */
  readonly RecallFar: number | null;
  readonly RecallMedium: number | null;
  readonly RecallNear: number | null;
  /** How many boxes of people count. */
  readonly GT: number;
  readonly GTfar: number;
  readonly GTmedium: number;
  readonly GTnear: number;
}

const OVERLAPS = Array.from({ length: 10 }, (_, index) => 0.5 + 0.05 * index);
const FALSE_BOXES_A_FRAME = 0.5;

/**
 * Grades the detections of one sequence by COCO's rules, with no limit of boxes a frame.
 * @param truth ground truth, as `parseMotTruth` reads it
 * @param detections rows with a score; ids are not looked at
 * @param frameCount frames of the sequence
 * @param isMot20 whether MOT20's rule on non-motorised vehicles applies
 * @throws MotDataError when a frame is outside the sequence
 */
export function scoreDetections(
  truth: MotRows,
  detections: MotRows,
  frameCount: number,
  isMot20 = false,
): DetectionScore {
  const prepared = prepareDetections(truth, detections, frameCount, isMot20);
  return {
    frameCount,
    truthCounts: prepared.truthCounts,
    rankings: OVERLAPS.map((overlap) => matchDetections(prepared, overlap)),
    bandRankings: HEIGHT_BANDS.map((_, band) => matchDetections(prepared, OVERLAPS[0]!, band)),
  };
}

/** Combines sequences as if they were one: all detections are ranked together. */
export function combineDetections(scores: readonly DetectionScore[]): DetectionScore {
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  return {
    frameCount: sum(scores.map((score) => score.frameCount)),
    truthCounts: Float64Array.from(HEIGHT_BANDS, (_, band) =>
      sum(scores.map((score) => score.truthCounts[band]!)),
    ),
    rankings: OVERLAPS.map((_, index) =>
      joinRankings(scores.map((score) => score.rankings[index]!)),
    ),
    bandRankings: HEIGHT_BANDS.map((_, band) =>
      joinRankings(scores.map((score) => score.bandRankings[band]!)),
    ),
  };
}

/** The figures of a score. */
export function detectionFigures(score: DetectionScore): DetectionFigures {
  // One number for each band of height.
  const [far, medium, near] = score.truthCounts as unknown as readonly [number, number, number];
  const all = far + medium + near;
  const percent = (part: number, whole: number) => (whole === 0 ? null : (100 * part) / whole);
  const precision = (ranking: Ranking, count: number) =>
    count === 0 ? null : 100 * averagePrecision(ranking, count);
  const precisionSum = score.rankings.reduce(
    (sum, ranking) => sum + (precision(ranking, all) ?? 0),
    0,
  );
  const { leastScore, found } = operatingPoint(
    score.rankings[0]!,
    FALSE_BOXES_A_FRAME * score.frameCount,
    HEIGHT_BANDS.length,
  );
  return {
    AP50: precision(score.rankings[0]!, all),
    'AP50:95': all === 0 ? null : precisionSum / score.rankings.length,
    Recall: percent(found[1]! + found[2]! + found[3]!, all),
    Score: Number.isFinite(leastScore) ? leastScore : null,
    AP50far: precision(score.bandRankings[0]!, far),
    AP50medium: precision(score.bandRankings[1]!, medium),
    AP50near: precision(score.bandRankings[2]!, near),
    RecallFar: percent(found[1]!, far),
    RecallMedium: percent(found[2]!, medium),
    RecallNear: percent(found[3]!, near),
    GT: all,
    GTfar: far,
    GTmedium: medium,
    GTnear: near,
  };
}
