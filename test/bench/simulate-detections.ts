/**
 * Detections simulated from ground truth, as of a detector that finds nearly everybody and whose score tells how much
 * of a person is hidden. One recording simulated with several seeds tells a tracker's merit from its luck.
 */
import type { MotRows } from '../../src/metrics/mot-text.ts';
import { boxArea, intersectionArea } from '../../src/track/box.ts';
import type { Detections } from '../../src/track/detections.ts';
import { seeded } from '../fixtures/track-scenes.ts';
import type { BenchSequence } from './tracking-suites.ts';

/** What depends on the share of a person that is visible: pairs of share and value, straight between them. */
type Curve = readonly (readonly [number, number])[];
// As measured on the simulated detections of sportsmot-sim.
const SCORE: Curve = [
  [0, 0.16],
  [0.3, 0.29],
  [0.5, 0.47],
  [0.7, 0.67],
  [0.9, 0.84],
  [1, 0.89],
];
const MISSED: Curve = [
  [0, 0.6],
  [0.1, 0.5],
  [0.3, 0.16],
  [0.5, 0.06],
  [0.7, 0.016],
  [1, 0.016],
];
const JITTER: Curve = [
  [0, 0.08],
  [0.3, 0.06],
  [0.5, 0.05],
  [0.7, 0.037],
  [0.9, 0.03],
  [1, 0.025],
];
/** How much of an error is still there in the next frame. */
const SCORE_MEMORY = 0.75;
const BOX_MEMORY = 0.6;
/** Errors of the centre down, the width and the height, in shares of that of the centre across. */
const SHARES = [1, 0.55, 0.9, 0.62];
/** Mean length of a stretch of misses in frames. */
const MISSED_FRAMES = 3.5;

interface Errors {
  frame: number;
  score: number;
  readonly box: number[];
  missing: number;
}

/**
 * Detections of a sequence's ground truth.
 * @param sequence whose own detections are not looked at
 * @param seed a number for each simulation
 */
export function simulateDetections(sequence: BenchSequence, seed: number): BenchSequence {
  const uniform = seeded(seed);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const people = peopleByFrame(sequence.truth, sequence.detections.length, isGraded);
  const errors = new Map<number, Errors>();
  const drift = (before: number, memory: number): number =>
    memory * before + Math.sqrt(1 - memory * memory) * normal();

  const detections = people.map(({ ids, boxes }, frame): Detections => {
    const found: number[] = [];
    const scores: number[] = [];
    for (let i = 0; i < ids.length; i++) {
      let error = errors.get(ids[i]!);
      if (error?.frame !== frame - 1) {
        error = { frame, score: normal(), box: SHARES.map(normal), missing: 0 };
        errors.set(ids[i]!, error);
      }
      error.frame = frame;
      error.score = drift(error.score, SCORE_MEMORY);
      for (let k = 0; k < 4; k++) error.box[k] = drift(error.box[k]!, BOX_MEMORY);
      const visible = visibleShare(boxes, i);
      if (error.missing > 0) error.missing--;
      else if (uniform() < at(MISSED, visible) / MISSED_FRAMES) {
        error.missing = Math.floor(2 * (MISSED_FRAMES - 0.5) * uniform());
      } else {
        found.push(...shaken(boxes, i, at(JITTER, visible), error.box));
        const score = at(SCORE, visible) + (visible > 0.75 ? 0.07 : 0.1) * error.score;
        scores.push(Math.min(0.98, Math.max(0.02, score)));
      }
    }
    // Something that looks like a person, in about six frames of ten.
    if (ids.length > 0 && uniform() < 0.6) {
      const like = Math.floor(ids.length * uniform());
      const [left, top, right, bottom] = boxes.subarray(4 * like, 4 * like + 4);
      const x = (uniform() - 0.5) * 10 * (right! - left!);
      const y = (uniform() - 0.5) * 2 * (bottom! - top!);
      found.push(left! + x, top! + y, right! + x, bottom! + y);
      scores.push(Math.min(0.8, 0.1 + 0.22 * Math.abs(normal())));
    }
    return {
      count: scores.length,
      boxes: Float32Array.from(found),
      scores: Float32Array.from(scores),
    };
  });
  return { ...sequence, name: `${sequence.name}, seed ${seed}`, detections };
}

/** Whether a row of truth is a person who is graded. */
function isGraded({ scores, classes }: MotRows, row: number): boolean {
  return scores[row] !== 0 && (classes?.[row] ?? 1) === 1;
}

/** Who is where in each frame. */
export function peopleByFrame(
  truth: MotRows,
  frames: number,
  isTaken: (truth: MotRows, row: number) => boolean = () => true,
) {
  const rows: number[][] = Array.from({ length: frames }, () => []);
  for (let row = 0; row < truth.count; row++) {
    if (isTaken(truth, row)) rows[truth.frames[row]! - 1]?.push(row);
  }
  return rows.map((present) => ({
    ids: present.map((row) => truth.ids[row]!),
    boxes: Float64Array.from(
      present.flatMap((row) => {
        const [left, top, width, height] = truth.boxes.subarray(4 * row, 4 * row + 4);
        return [left!, top!, left! + width!, top! + height!];
      }),
    ),
  }));
}

/** Share of a person that nobody nearer hides; nearer is whose box ends lower. */
function visibleShare(boxes: Float64Array, person: number): number {
  let hidden = 0;
  for (let other = 0; 4 * other < boxes.length; other++) {
    if (boxes[4 * other + 3]! <= boxes[4 * person + 3]!) continue;
    hidden = Math.max(hidden, intersectionArea(boxes, other, boxes, person));
  }
  return 1 - hidden / boxArea(boxes, person);
}

function shaken(boxes: Float64Array, person: number, by: number, error: readonly number[]) {
  const [left, top, right, bottom] = boxes.subarray(4 * person, 4 * person + 4);
  const shift = (k: number) => by * SHARES[k]! * error[k]!;
  const width = right! - left!;
  const height = bottom! - top!;
  const x = (left! + right!) / 2 + width * shift(0);
  const y = (top! + bottom!) / 2 + height * shift(1);
  const halfWidth = (width * (1 + shift(2))) / 2;
  const halfHeight = (height * (1 + shift(3))) / 2;
  return [x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight];
}

function at(curve: Curve, x: number): number {
  const upper = Math.max(
    1,
    curve.findIndex(([share]) => x <= share),
  );
  const [from, low] = curve[upper - 1]!;
  const [to, high] = curve[upper]!;
  return low + ((high - low) * (x - from)) / (to - from);
}
