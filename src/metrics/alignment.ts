/**
 * What every tracking metric starts from: truth and results of one sequence frame by frame, with the
 * boxes that do not count taken out and all overlaps computed once.
 *
 * The rules are those of TrackEval's MotChallenge2DBox (https://github.com/JonathonLuiten/TrackEval):
 * where the truth has classes, results are first matched to all truth boxes of the frame (largest total
 * overlap, at least 0.5) and those that fell on a distractor are taken out; then all truth but pedestrians
 * that count (column 7 not 0) is. Where the truth has no classes (MOT15), only truth that
 * does not count is taken out, and no result.
 */
import { solveAssignment } from '../track/association/assignment.ts';
import { FrameGroups } from './frame-groups.ts';
import { isDistractor, PEDESTRIAN } from './mot-classes.ts';
import { MotDataError, type MotRows } from './mot-text.ts';
import { EPSILON, overlaps } from './overlap.ts';

/** Truth and results of a sequence, frame by frame; frame f (from 0) has entries start[f] to start[f + 1]. */
export interface Alignment {
  readonly frameCount: number;
  readonly truth: AlignedSide;
  readonly results: AlignedSide;
  /** Overlaps of frame f from similarityStart[f]: one row for each truth box, one column for each result. */
  readonly similarity: Float64Array;
  /** frameCount offsets into `similarity`. */
  readonly similarityStart: Int32Array;
}

/** The boxes of one side that count. */
export interface AlignedSide {
  /** How many people. */
  readonly idCount: number;
  /** frameCount + 1 offsets into `ids`. */
  readonly start: Int32Array;
  /** Ids renumbered from 0 to idCount - 1, one for each box. */
  readonly ids: Int32Array;
  /** Boxes of each person, idCount long. */
  readonly boxesOfId: Int32Array;
}

/** The overlap at which a result counts as lying on a truth box, in all of MOTChallenge's rules. */
export const MATCH_OVERLAP = 0.5;

/**
 * Aligns results with truth.
 * @param truth ground truth; with `classes`, the distractor rules apply
 * @param results the tracker's rows
 * @param frameCount frames of the sequence; all rows lie in 1 to frameCount
 * @param isMot20 whether non-motorised vehicles are distractors too, as in MOT20
 * @throws MotDataError when a frame is outside the sequence or an id occurs twice in a frame
 */
export function align(
  truth: MotRows,
  results: MotRows,
  frameCount: number,
  isMot20 = false,
): Alignment {
  const truthFrames = new FrameGroups(truth, frameCount, 'ground truth');
  const resultFrames = new FrameGroups(results, frameCount, 'results');
  refuseRepeatedIds(truth, truthFrames, 'ground truth');
  refuseRepeatedIds(results, resultFrames, 'results');
  const distracts = truth.classes?.map((motClass) => Number(isDistractor(motClass, isMot20)));

  const truthSide = new SideBuilder(truth.count, frameCount);
  const resultSide = new SideBuilder(results.count, frameCount);
  const similarityStart = new Int32Array(frameCount);
  let pairs = 0;
  let largest = 0;
  for (let frame = 0; frame < frameCount; frame++) {
    const product = truthFrames.sizeOf(frame) * resultFrames.sizeOf(frame);
    pairs += product;
    largest = Math.max(largest, product);
  }
  const similarity = new Float64Array(pairs);
  const scratch = new Float64Array(largest);
  let written = 0;
  for (let frame = 0; frame < frameCount; frame++) {
    const truthRows = truthFrames.rowsOf(frame);
    const resultRows = resultFrames.rowsOf(frame);
    overlaps(truth.boxes, truthRows, results.boxes, resultRows, scratch);
    const removed =
      distracts === undefined
        ? undefined
        : onDistractors(distracts, truthRows, resultRows.length, scratch);
    similarityStart[frame] = written;
    for (let row = 0; row < truthRows.length; row++) {
      const source = truthRows[row]!;
      if (Math.trunc(truth.scores[source]!) === 0) continue;
      if (truth.classes !== undefined && truth.classes[source] !== PEDESTRIAN) continue;
      truthSide.add(truth.ids[source]!);
      for (let column = 0; column < resultRows.length; column++) {
        if (removed?.[column]) continue;
        similarity[written++] = scratch[row * resultRows.length + column]!;
      }
    }
    for (let column = 0; column < resultRows.length; column++) {
      if (!removed?.[column]) resultSide.add(results.ids[resultRows[column]!]!);
    }
    truthSide.endFrame();
    resultSide.endFrame();
  }
  return {
    frameCount,
    truth: truthSide.finish(),
    results: resultSide.finish(),
    similarity: similarity.subarray(0, written),
    similarityStart,
  };
}

/** Marks the results that the best matching puts on a distractor. */
function onDistractors(
  distracts: Uint8Array,
  truthRows: Int32Array,
  columns: number,
  similarity: Float64Array,
): Uint8Array {
  const removed = new Uint8Array(columns);
  if (columns === 0 || !truthRows.some((row) => distracts[row] === 1)) return removed;
  const cost = new Float64Array(truthRows.length * columns);
  for (let pair = 0; pair < cost.length; pair++) {
    cost[pair] = similarity[pair]! < MATCH_OVERLAP - EPSILON ? 0 : -similarity[pair]!;
  }
  const match = new Int32Array(truthRows.length);
  solveAssignment(cost, truthRows.length, columns, match);
  for (let row = 0; row < truthRows.length; row++) {
    const column = match[row]!;
    if (column < 0 || cost[row * columns + column] === 0) continue;
    if (distracts[truthRows[row]!] === 1) removed[column] = 1;
  }
  return removed;
}

function refuseRepeatedIds(rows: MotRows, groups: FrameGroups, what: string): void {
  const lastFrame = new Map<number, number>();
  for (let frame = 0; frame < groups.frameCount; frame++) {
    for (const row of groups.rowsOf(frame)) {
      const id = rows.ids[row]!;
      if (lastFrame.get(id) === frame) {
        throw new MotDataError(`${what}: id ${id} occurs more than once in frame ${frame + 1}.`);
      }
      lastFrame.set(id, frame);
    }
  }
}

/** Collects the boxes of one side that count, renumbering ids by first appearance. */
class SideBuilder {
  readonly #ids: Int32Array;
  readonly #start: Int32Array;
  readonly #numbers = new Map<number, number>();
  readonly #boxesOfId: number[] = [];
  #count = 0;
  #frame = 0;

  constructor(capacity: number, frameCount: number) {
    this.#ids = new Int32Array(capacity);
    this.#start = new Int32Array(frameCount + 1);
  }

  add(id: number): void {
    let number = this.#numbers.get(id);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(id, number);
      this.#boxesOfId.push(0);
    }
    this.#boxesOfId[number]!++;
    this.#ids[this.#count++] = number;
  }

  endFrame(): void {
    this.#start[++this.#frame] = this.#count;
  }

  finish(): AlignedSide {
    return {
      idCount: this.#numbers.size,
      start: this.#start,
      ids: this.#ids.subarray(0, this.#count),
      boxesOfId: Int32Array.from(this.#boxesOfId),
    };
  }
}
