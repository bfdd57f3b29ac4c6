/** One person's path, as far as a MOTChallenge row tells of it; arrays of equal length, ascending in time. */
export interface MotPath {
  readonly index: number;
  /** Ordinals of the displayed frames in the video, from 0. */
  readonly frames: Int32Array;
  /** Left, Top, Width, Height as ratios of the displayed frame. */
  readonly boxes: Float32Array;
  /** 0 to 1. */
  readonly scores: Float32Array;
}

/** Rows a piece of text holds. */
const PIECE_ROWS = 1000;

/**
 * Paths as MOTChallenge rows, `frame,id,left,top,width,height,conf,-1,-1,-1`: frames and ids from 1, pixels of the
 * displayed frame, ordered by frame, then id. Source: MOTChallenge, arXiv 1603.00831, section 4.1.
 *
 * @param frame displayed size in pixels
 */
export function* motRows(
  paths: readonly MotPath[],
  frame: { readonly width: number; readonly height: number },
): Generator<string, void, void> {
  const { owners, places } = byFrame(paths);
  for (let from = 0; from < owners.length; from += PIECE_ROWS) {
    const rows = Array.from(owners.subarray(from, from + PIECE_ROWS), (owner, i) => {
      const { index, frames, boxes, scores } = paths[owner]!;
      const k = places[from + i]!;
      const box = [
        boxes[4 * k]! * frame.width,
        boxes[4 * k + 1]! * frame.height,
        boxes[4 * k + 2]! * frame.width,
        boxes[4 * k + 3]! * frame.height,
      ].map((value) => value.toFixed(2));
      return `${frames[k]! + 1},${index + 1},${box.join(',')},${scores[k]!.toFixed(4)},-1,-1,-1\n`;
    });
    yield rows.join('');
  }
}

/**
 * Every element by its path and its place in that, in order of frame, then path: a counting sort, since of a day there are
 * millions.
 */
function byFrame(paths: readonly MotPath[]): { owners: Int32Array; places: Int32Array } {
  const last = paths.reduce((most, { frames }) => Math.max(most, frames.at(-1) ?? -1), -1);
  // Where the rows of each frame begin, and, as they are put in place, where its next one goes.
  const begins = new Int32Array(last + 2);
  for (const { frames } of paths) for (const frame of frames) begins[frame + 1]!++;
  for (let frame = 0; frame <= last; frame++) begins[frame + 1]! += begins[frame]!;
  const owners = new Int32Array(begins[last + 1]!);
  const places = new Int32Array(owners.length);
  for (const [owner, { frames }] of paths.entries()) {
    for (let k = 0; k < frames.length; k++) {
      const at = begins[frames[k]!]!++;
      owners[at] = owner;
      places[at] = k;
    }
  }
  return { owners, places };
}
