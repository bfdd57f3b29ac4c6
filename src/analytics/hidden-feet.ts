/** Where people stand whose feet are not seen. */
import type { AnalysedPath } from './analysed-path.ts';
import { estimateBehindFurniture } from './behind-furniture.ts';
import { BEHIND, BELOW_PICTURE, SOMEBODY_ELSES } from './why-hidden.ts';

/** A foot this close to the lower edge of the picture, in ratios of its height, may be cut off by it. */
const EDGE = 0.01;
/** A nearer person who covers this share of somebody's width, at the feet, hides them. */
const HIDING_WIDTH = 0.6;
/**
 * A box is cut short when it is lower than this share of the height expected: many detectors guess the hidden part of a
 * person, and their boxes are better than any guess of ours.
 */
const CUT_SHORT = 0.85;
/** A box that ends this close to the feet of somebody before it, in their heights, and holds so much of their width, may have their feet. */
const SAME_FEET = 0.15;
const HELD_WIDTH = 0.7;
/** A box over two is higher than either of them: neither has more than this share of its height. */
const TOO_HIGH = 0.9;
/** Least height of a body, in frame heights: a box without height still divides. */
const LEAST_HEIGHT = 1e-3;

/** Heights of a path's boxes in frame heights, above 0. */
export function boxHeights(path: AnalysedPath): Float64Array {
  return Float64Array.from({ length: path.timestampsMs.length }, (_, k) =>
    Math.max(LEAST_HEIGHT, path.boxes[4 * k + 3]!),
  );
}

/**
 * Estimates the heights of bodies whose feet are below the picture or behind somebody in front of them, where the box is
 * cut short, and of those whose box reaches down to the feet of somebody before them, where it is too high: one detection of two, with
 * the head of the one behind and the feet of the other. Theirs are the heights of the nearest samples in which the feet were free, put in
 * between in time. Who is seen free at one
 * end of that time alone is cut off by the picture's edge, or taken for somebody else of another height: behind somebody
 * boxes are then off by a twentieth of a height as they are, and by a third with such a guess. A box over two is off by more.
 * Before that, those behind furniture (behind-furniture.ts), who are then as good as seen.
 * @param heights of the boxes, by path; those estimated are changed
 */
export function estimateHidden(
  paths: readonly AnalysedPath[],
  heights: readonly Float64Array[],
): void {
  const hidden = hiddenFeet(paths);
  estimateBehindFurniture(paths, heights, hidden);
  for (const [p, path] of paths.entries()) fillHidden(path.timestampsMs, heights[p]!, hidden[p]!);
}

function fillHidden(timestampsMs: ArrayLike<number>, heights: Float64Array, hidden: Uint8Array) {
  let last = -1;
  for (let k = 0; k <= heights.length; k++) {
    if (k < heights.length && hidden[k]) continue;
    const before = last >= 0 ? heights[last] : undefined;
    const after = heights[k];
    for (let i = last + 1; i < k; i++) {
      let height = hidden[i] === BEHIND ? undefined : (before ?? after);
      if (before !== undefined && after !== undefined) {
        const t = timestampsMs[i]! - timestampsMs[last]!;
        height = before + (t / (timestampsMs[k]! - timestampsMs[last]!)) * (after - before);
      }
      if (height === undefined) continue;
      const isWrong =
        hidden[i] === SOMEBODY_ELSES
          ? height < TOO_HIGH * heights[i]!
          : heights[i]! < CUT_SHORT * height;
      if (isWrong) heights[i] = height;
    }
    last = k;
  }
}

/** Per path and sample why the feet are not seen; 0 where they are. */
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
      if (Math.abs(boxes[4 * i + 3]! - 1) < EDGE) hidden[p]![cursors[p]!] = BELOW_PICTURE;
      else if (isOverTwo(boxes, here.length, i)) hidden[p]![cursors[p]!] = SOMEBODY_ELSES;
      else if (isFootHidden(boxes, here.length, i)) hidden[p]![cursors[p]!] = BEHIND;
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

/** Whether the box of person `i` reaches from their head to the feet of one of `count` people, who stands before them. */
function isOverTwo(boxes: Float64Array, count: number, i: number): boolean {
  const left = boxes[4 * i]!;
  const top = boxes[4 * i + 1]!;
  const right = boxes[4 * i + 2]!;
  const foot = boxes[4 * i + 3]!;
  const highest = TOO_HIGH * (foot - top);
  for (let k = 0; k < 4 * count; k += 4) {
    const theirTop = boxes[k + 1]!;
    const theirFoot = boxes[k + 3]!;
    const height = theirFoot - theirTop;
    if (Math.abs(theirFoot - foot) > SAME_FEET * height) continue;
    if (theirTop <= top || height > highest) continue;
    const held = Math.min(right, boxes[k + 2]!) - Math.max(left, boxes[k]!);
    if (held > HELD_WIDTH * (boxes[k + 2]! - boxes[k]!)) return true;
  }
  return false;
}
