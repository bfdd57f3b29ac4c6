/**
 * What published methods do to an online tracker's finished tracks, in MOTChallenge's form: linear interpolation of short
 * gaps, then smoothing of each track's places over time.
 *
 * - Gaussian-smoothed interpolation: Du et al., "StrongSORT: Make DeepSORT great again", arXiv 2202.13514, section 3.4, with
 *   the authors' constants (gaps under 20 frames; an RBF kernel whose length follows the track's).
 * - Gradient boosting interpolation, as BoostTrack uses it (Stanojević and Todorović, "BoostTrack++", arXiv 2408.13003): the
 *   same gaps, then 115 regression trees of depth 3 with a shrinkage of 0.065 (J. Friedman, "Greedy function approximation: a
 *   gradient boosting machine", 2001).
 */
import type { MotRows } from '../../src/metrics/mot-text.ts';

/** Gaps shorter than this many frames are interpolated. */
const INTERVAL = 20;
const TAU = 10;
const JITTER = 1e-10;
const TREES = 115;
const SHRINKAGE = 0.065;
const DEPTH = 3;
const FEWEST_TO_SPLIT = 6;

interface Track {
  readonly id: number;
  readonly frames: number[];
  /** For each of left, top, width, height: a number a frame. */
  readonly values: number[][];
  readonly scores: number[];
}

/** StrongSORT's post-processing. */
export function gaussianSmoothed(rows: MotRows): MotRows {
  return smoothTracks(rows, gaussianProcess);
}

/** BoostTrack's post-processing. */
export function gradientBoosted(rows: MotRows): MotRows {
  return smoothTracks(rows, gradientBoosting);
}

type Smooth = (frames: readonly number[], values: readonly (readonly number[])[]) => number[][];

function smoothTracks(rows: MotRows, smooth: Smooth): MotRows {
  const elements = tracksOf(rows)
    .map(interpolated)
    .flatMap(({ id, frames, values, scores }) => {
      const smoothed = smooth(frames, values);
      return frames.map((frame, i) => ({
        ...{ id, frame, score: scores[i]! },
        box: smoothed.map((column) => column[i]!),
      }));
    })
    .sort((a, b) => a.frame - b.frame || a.id - b.id);
  return {
    count: elements.length,
    frames: Int32Array.from(elements, ({ frame }) => frame),
    ids: Int32Array.from(elements, ({ id }) => id),
    boxes: Float64Array.from(elements.flatMap(({ box }) => box)),
    scores: Float64Array.from(elements, ({ score }) => score),
  };
}

function tracksOf(rows: MotRows): Track[] {
  const tracks = new Map<number, Track>();
  for (let row = 0; row < rows.count; row++) {
    const id = rows.ids[row]!;
    const track = tracks.get(id) ?? { id, frames: [], values: [[], [], [], []], scores: [] };
    tracks.set(id, track);
    track.frames.push(rows.frames[row]!);
    for (const [k, column] of track.values.entries()) column.push(rows.boxes[4 * row + k]!);
    track.scores.push(rows.scores[row]!);
  }
  return [...tracks.values()];
}

function interpolated({ id, frames, values, scores }: Track): Track {
  const out: Track = { id, frames: [], values: [[], [], [], []], scores: [] };
  for (const [i, frame] of frames.entries()) {
    const before = frames[i - 1];
    const gap = before === undefined ? 1 : frame - before;
    const first = gap > 1 && gap < INTERVAL ? 1 : gap;
    for (let step = first; step <= gap; step++) {
      const share = step / gap;
      out.frames.push(frame - gap + step);
      out.scores.push(scores[i]!);
      for (const [k, column] of values.entries()) {
        const from = step === gap ? column[i]! : column[i - 1]!;
        out.values[k]!.push(from + share * (column[i]! - from));
      }
    }
  }
  return out;
}

/** The mean of a Gaussian process at the very frames that it is told of. */
function gaussianProcess(
  frames: readonly number[],
  values: readonly (readonly number[])[],
): number[][] {
  const count = frames.length;
  const length = Math.min(TAU ** 2, Math.max(1 / TAU, TAU * Math.log(TAU ** 3 / count)));
  const kernel = (i: number, j: number) =>
    Math.exp(-((frames[i]! - frames[j]!) ** 2) / (2 * length * length));
  // What rounding leaves of a kernel this smooth needs more room than the authors' solver was given.
  for (let jitter = JITTER; ; jitter *= 10) {
    const factor = cholesky(count, (i, j) => kernel(i, j) + (i === j ? jitter : 0));
    if (!factor) continue;
    return values.map((column) => {
      const weights = solve(factor, column);
      return frames.map((_, i) =>
        weights.reduce((sum, weight, j) => sum + weight * kernel(i, j), 0),
      );
    });
  }
}

/** The lower triangle whose product with its mirror image is the matrix; undefined where rounding makes it none. */
function cholesky(count: number, at: (i: number, j: number) => number): Float64Array[] | undefined {
  const rows: Float64Array[] = [];
  for (let i = 0; i < count; i++) {
    const row = new Float64Array(i + 1);
    for (let j = 0; j <= i; j++) {
      const other = j === i ? row : rows[j]!;
      let sum = at(i, j);
      for (let k = 0; k < j; k++) sum -= row[k]! * other[k]!;
      if (j === i && !(sum > 0)) return undefined;
      row[j] = j === i ? Math.sqrt(sum) : sum / other[j]!;
    }
    rows.push(row);
  }
  return rows;
}

function solve(rows: readonly Float64Array[], values: readonly number[]): Float64Array {
  const x = Float64Array.from(values);
  for (const [i, row] of rows.entries()) {
    for (let k = 0; k < i; k++) x[i]! -= row[k]! * x[k]!;
    x[i]! /= row[i]!;
  }
  for (let i = rows.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < rows.length; k++) x[i]! -= rows[k]![i]! * x[k]!;
    x[i]! /= rows[i]![i]!;
  }
  return x;
}

/** Trees on the frame alone: each leaf is a stretch of frames, and what it says is the mean of what is left there. */
function gradientBoosting(
  frames: readonly number[],
  values: readonly (readonly number[])[],
): number[][] {
  return values.map((column) => {
    const mean = column.reduce((sum, value) => sum + value, 0) / frames.length;
    const fitted = new Float64Array(frames.length).fill(mean);
    for (let tree = 0; tree < TREES; tree++) {
      const rest = column.map((value, i) => value - fitted[i]!);
      grow(rest, 0, rest.length, DEPTH, (from, to, leaf) => {
        for (let i = from; i < to; i++) fitted[i]! += SHRINKAGE * leaf;
      });
    }
    return [...fitted];
  });
}

function grow(
  rest: readonly number[],
  from: number,
  to: number,
  depth: number,
  tell: (from: number, to: number, mean: number) => void,
): void {
  let sum = 0;
  for (let i = from; i < to; i++) sum += rest[i]!;
  const count = to - from;
  let best = -1;
  let gain = (sum * sum) / count;
  if (depth > 0 && count >= FEWEST_TO_SPLIT) {
    let left = 0;
    for (let cut = from + 1; cut < to; cut++) {
      left += rest[cut - 1]!;
      const right = sum - left;
      const split = (left * left) / (cut - from) + (right * right) / (to - cut);
      if (split > gain + 1e-9) [best, gain] = [cut, split];
    }
  }
  if (best < 0) {
    tell(from, to, sum / count);
    return;
  }
  grow(rest, from, best, depth - 1, tell);
  grow(rest, best, to, depth - 1, tell);
}
