import type { AnchorKind } from './scene.ts';

/** One person's path as analysis reads it; a `PersonPath` is one. */
export interface AnalysedPath {
  /** Index of the person. */
  readonly index: number;
  /** n times in milliseconds from the video's start, ascending. */
  readonly timestampsMs: ArrayLike<number>;
  /** 4n numbers: Left, Top, Width, Height as ratios of the displayed frame. */
  readonly boxes: ArrayLike<number>;
}

/** Where a person was, sample by sample; arrays of equal length n. */
export interface Trajectory {
  /** Index of the person. */
  readonly index: number;
  /** n times in milliseconds from the video's start, ascending. */
  readonly timestampsMs: Float64Array;
  /** n places of the anchor, in frame heights from the left edge. */
  readonly x: Float64Array;
  /** n places of the anchor, in frame heights from the upper edge. */
  readonly y: Float64Array;
  /** n heights of the body in frame heights, above 0; estimated where the feet are hidden. */
  readonly bodyHeights: Float64Array;
  /** n Indexes of the path that each sample is of: one and the same, unless parts were joined. */
  readonly parts: Int32Array;
}

/** A foot this close to the lower edge of the picture, in ratios of its height, may be cut off by it. */
const EDGE = 0.01;
/** A nearer person who covers this share of somebody's width, at the feet, hides them. */
const HIDING_WIDTH = 0.6;
/**
 * A box is cut short when it is lower than this share of the height expected: many detectors guess the hidden part of a
 * person, and their boxes are better than any guess of ours.
 */
const CUT_SHORT = 0.85;
/** Least height of a body, in frame heights: a box without height still divides. */
const LEAST_HEIGHT = 1e-3;

/**
 * Paths as places of the anchor. Where somebody's feet are out of the picture or behind a person in front of them, the
 * lower edge of the box is not where they stand: the height of the body is then that of the nearest samples in which the
 * feet were free, put in between in time, unless the box reaches as far; the foot lies so far below the head. Time grows with the elements and, per
 * moment, with the people who are next to each other.
 * @param aspect width of the displayed frame over its height
 */
export function trajectoriesOf(
  paths: readonly AnalysedPath[],
  aspect: number,
  anchor: AnchorKind = 'foot',
): Trajectory[] {
  const hidden = anchor === 'foot' ? hiddenFeet(paths) : undefined;
  return paths.map((path, p) => {
    const n = path.timestampsMs.length;
    const bodyHeights = hidden ? freeHeights(path, hidden[p]!) : ownHeights(path);
    const x = new Float64Array(n);
    const y = new Float64Array(n);
    for (let k = 0; k < n; k++) {
      const top = path.boxes[4 * k + 1]!;
      const height = path.boxes[4 * k + 3]!;
      x[k] = (path.boxes[4 * k]! + path.boxes[4 * k + 2]! / 2) * aspect;
      y[k] =
        anchor === 'head' ? top : anchor === 'centre' ? top + height / 2 : top + bodyHeights[k]!;
    }
    return {
      index: path.index,
      timestampsMs: Float64Array.from(path.timestampsMs),
      x,
      y,
      bodyHeights,
      parts: new Int32Array(n).fill(path.index),
    };
  });
}

function ownHeights(path: AnalysedPath): Float64Array {
  return Float64Array.from({ length: path.timestampsMs.length }, (_, k) =>
    Math.max(LEAST_HEIGHT, path.boxes[4 * k + 3]!),
  );
}

/** Heights of the body, those of samples with hidden feet put in between where the box is cut short. */
function freeHeights(path: AnalysedPath, hidden: Uint8Array): Float64Array {
  const heights = ownHeights(path);
  const times = path.timestampsMs;
  let last = -1;
  for (let k = 0; k <= heights.length; k++) {
    if (k < heights.length && hidden[k]) continue;
    for (let i = last + 1; i < k; i++) {
      const before = last >= 0 ? heights[last]! : undefined;
      const after = k < heights.length ? heights[k]! : undefined;
      let height = before ?? after;
      if (before !== undefined && after !== undefined) {
        const t = (times[i]! - times[last]!) / Math.max(1e-9, times[k]! - times[last]!);
        height = before + t * (after - before);
      }
      if (height !== undefined && heights[i]! < CUT_SHORT * height) heights[i] = height;
    }
    last = k;
  }
  return heights;
}

/** Per path and sample 1 where the feet are out of the picture or behind somebody. */
function hiddenFeet(paths: readonly AnalysedPath[]): Uint8Array[] {
  const hidden = paths.map((path) => new Uint8Array(path.timestampsMs.length));
  const cursors = new Int32Array(paths.length);
  const starts = paths
    .map((_, p) => p)
    .filter((p) => paths[p]!.timestampsMs.length > 0)
    .sort((a, b) => paths[a]!.timestampsMs[0]! - paths[b]!.timestampsMs[0]!);
  let open: number[] = [];
  let next = 0;
  const here: number[] = [];
  // Left, top, right, bottom of whoever is here.
  let boxes = new Float64Array(64);
  // A sweep over the moments, with those people at hand whose path has begun and not ended.
  for (;;) {
    let now = next < starts.length ? paths[starts[next]!]!.timestampsMs[0]! : Infinity;
    for (const p of open) now = Math.min(now, paths[p]!.timestampsMs[cursors[p]!]!);
    if (now === Number.POSITIVE_INFINITY) return hidden;
    while (next < starts.length && paths[starts[next]!]!.timestampsMs[0]! === now)
      open.push(starts[next++]!);
    here.length = 0;
    for (const p of open) if (paths[p]!.timestampsMs[cursors[p]!] === now) here.push(p);
    if (boxes.length < 4 * here.length) boxes = new Float64Array(8 * here.length);
    for (let i = 0; i < here.length; i++) {
      const own = paths[here[i]!]!.boxes;
      const at = 4 * cursors[here[i]!]!;
      boxes[4 * i] = own[at]!;
      boxes[4 * i + 1] = own[at + 1]!;
      boxes[4 * i + 2] = own[at]! + own[at + 2]!;
      boxes[4 * i + 3] = own[at + 1]! + own[at + 3]!;
    }
    let hasEnded = false;
    for (let i = 0; i < here.length; i++) {
      const p = here[i]!;
      if (Math.abs(boxes[4 * i + 3]! - 1) < EDGE || isFootHidden(boxes, here.length, i))
        hidden[p]![cursors[p]!] = 1;
      cursors[p] = cursors[p]! + 1;
      hasEnded ||= cursors[p]! >= paths[p]!.timestampsMs.length;
    }
    if (hasEnded) open = open.filter((p) => cursors[p]! < paths[p]!.timestampsMs.length);
  }
}

/** Whether one of `count` people, standing nearer to the camera, covers the feet of person `i`; boxes by their edges. */
function isFootHidden(boxes: Float64Array, count: number, i: number): boolean {
  const left = boxes[4 * i]!;
  const right = boxes[4 * i + 2]!;
  const foot = boxes[4 * i + 3]!;
  const covering = HIDING_WIDTH * (right - left);
  for (let k = 0; k < 4 * count; k += 4) {
    // Nobody's own foot is below itself.
    if (boxes[k + 3]! <= foot || boxes[k + 1]! >= foot) continue;
    if (Math.min(right, boxes[k + 2]!) - Math.max(left, boxes[k]!) > covering) return true;
  }
  return false;
}
