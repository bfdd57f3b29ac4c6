/**
 * Which detections of a sequence are right, by COCO's rules: best score first, each takes the truth box
 * it overlaps most, if enough and still free; truth that does not count is taken only where no truth
 * that counts is left for it, and a detection on it is neither right nor wrong.
 * Source: Lin et al., "Microsoft COCO: Common Objects in Context", arXiv 1405.0312, and pycocotools'
 * cocoeval.py, but for its limit of 100 detections an image, which is not applied.
 *
 * Truth counts where it is a pedestrian with column 7 not 0. A pedestrian with 0 and a distractor do not
 * count; a crowd (class 13) neither, and it takes any number of detections that lie in it by half or
 * more of their own area. All other classes (vehicles, occluders) are not looked at: a person found on a
 * car is a false box.
 */
import { FrameGroups } from './frame-groups.ts';
import { CROWD, isDistractor, PEDESTRIAN } from './mot-classes.ts';
import type { MotRows } from './mot-text.ts';
import { overlaps, sharesWithin } from './overlap.ts';
import { FALSE_BOX, type Ranking } from './ranking.ts';

/**
 * Bands of a person's height in pixels of the frame, smallest first; a band ends where the next begins.
 * Source: Dollar, Wojek, Schiele and Perona, "Pedestrian Detection: An Evaluation of the State of the
 * Art", 2012: far, medium, near.
 */
export const HEIGHT_BANDS = [
  { name: 'far', from: 0 },
  { name: 'medium', from: 30 },
  { name: 'near', from: 80 },
] as const;

/** Index in {@link HEIGHT_BANDS} of a height in pixels. */
function heightBand(height: number): number {
  return Math.max(
    0,
    HEIGHT_BANDS.findLastIndex((band) => height >= band.from),
  );
}

/** Truth and detections of a sequence, ready to be matched at any overlap. */
export interface DetectionFrames {
  /** How many people count, by band of height. */
  readonly truthCounts: Float64Array;
  readonly frames: readonly DetectionFrame[];
}

/** One frame: detections best first; truth that counts before truth that does not. */
interface DetectionFrame {
  readonly scores: Float64Array;
  readonly detectionBands: Uint8Array;
  readonly truthBands: Uint8Array;
  /** COUNTS, IGNORED or IGNORED_CROWD, one for each truth box. */
  readonly standings: Uint8Array;
  /** One row for each truth box, one column for each detection. */
  readonly similarity: Float64Array;
}

const COUNTS = 0;
const IGNORED = 1;
const IGNORED_CROWD = 2;
const NOT_LOOKED_AT = 3;

/**
 * Prepares a sequence.
 * @throws MotDataError when a frame is outside the sequence
 */
export function prepareDetections(
  truth: MotRows,
  detections: MotRows,
  frameCount: number,
  isMot20: boolean,
): DetectionFrames {
  const truthFrames = new FrameGroups(truth, frameCount, 'ground truth');
  const detectionFrames = new FrameGroups(detections, frameCount, 'detections');
  const truthCounts = new Float64Array(HEIGHT_BANDS.length);
  const bandOf = (rows: MotRows, row: number) => heightBand(rows.boxes[4 * row + 3]!);
  const frames: DetectionFrame[] = [];
  for (let frame = 0; frame < frameCount; frame++) {
    const truthRows = truthFrames
      .rowsOf(frame)
      .filter((row) => standing(truth, row, isMot20) !== NOT_LOOKED_AT)
      .sort((a, b) => standing(truth, a, isMot20) - standing(truth, b, isMot20) || a - b);
    const detectionRows = detectionFrames
      .rowsOf(frame)
      .slice()
      .sort((a, b) => detections.scores[b]! - detections.scores[a]! || a - b);
    const standings = Uint8Array.from(truthRows, (row) => standing(truth, row, isMot20));
    const truthBands = Uint8Array.from(truthRows, (row) => bandOf(truth, row));
    for (let row = 0; row < truthRows.length; row++) {
      if (standings[row] === COUNTS) truthCounts[truthBands[row]!]!++;
    }
    const columns = detectionRows.length;
    const similarity = new Float64Array(truthRows.length * columns);
    overlaps(truth.boxes, truthRows, detections.boxes, detectionRows, similarity);
    const crowds = standings.indexOf(IGNORED_CROWD);
    if (crowds >= 0) {
      const shares = similarity.subarray(crowds * columns);
      sharesWithin(
        truth.boxes,
        truthRows.subarray(crowds),
        detections.boxes,
        detectionRows,
        shares,
      );
    }
    frames.push({
      scores: Float64Array.from(detectionRows, (row) => detections.scores[row]!),
      detectionBands: Uint8Array.from(detectionRows, (row) => bandOf(detections, row)),
      truthBands,
      standings,
      similarity,
    });
  }
  return { truthCounts, frames };
}

function standing(truth: MotRows, row: number, isMot20: boolean): number {
  const counts = Math.trunc(truth.scores[row]!) !== 0;
  const motClass = truth.classes?.[row] ?? PEDESTRIAN;
  if (motClass === PEDESTRIAN) return counts ? COUNTS : IGNORED;
  if (motClass === CROWD) return IGNORED_CROWD;
  return isDistractor(motClass, isMot20) ? IGNORED : NOT_LOOKED_AT;
}

/**
 * Matches a sequence.
 * @param leastOverlap intersection over union from which a detection lies on a truth box
 * @param band index in HEIGHT_BANDS: people of other heights do not count, and detections of other
 * heights on nobody are no mistake; absent: all heights
 * @returns detections that are right (outcome: the band of the person found, plus 1) or wrong
 */
export function matchDetections(
  prepared: DetectionFrames,
  leastOverlap: number,
  band?: number,
): Ranking {
  const scores: number[] = [];
  const outcomes: number[] = [];
  for (const frame of prepared.frames) {
    const taken = new Uint8Array(frame.standings.length);
    for (let column = 0; column < frame.scores.length; column++) {
      const match = bestTruth(frame, column, leastOverlap, taken, band);
      if (match >= 0) {
        taken[match] = 1;
        if (!countsIn(frame, match, band)) continue;
      } else if (band !== undefined && frame.detectionBands[column] !== band) continue;
      scores.push(frame.scores[column]!);
      outcomes.push(match >= 0 ? frame.truthBands[match]! + 1 : FALSE_BOX);
    }
  }
  return { scores: Float64Array.from(scores), outcomes: Uint8Array.from(outcomes) };
}

function countsIn(frame: DetectionFrame, row: number, band: number | undefined): boolean {
  return frame.standings[row] === COUNTS && (band === undefined || frame.truthBands[row] === band);
}

/** The truth box that a detection takes, or -1. */
function bestTruth(
  frame: DetectionFrame,
  column: number,
  leastOverlap: number,
  taken: Uint8Array,
  band: number | undefined,
): number {
  const columns = frame.scores.length;
  let match = -1;
  let matchCounts = false;
  for (let row = 0; row < taken.length; row++) {
    if (taken[row] === 1 && frame.standings[row] !== IGNORED_CROWD) continue;
    const overlap = frame.similarity[row * columns + column]!;
    if (overlap < leastOverlap) continue;
    const counts = countsIn(frame, row, band);
    const isBetter =
      match < 0 ||
      (counts && !matchCounts) ||
      (counts === matchCounts && overlap >= frame.similarity[match * columns + column]!);
    if (!isBetter) continue;
    match = row;
    matchCounts = counts;
  }
  return match;
}
