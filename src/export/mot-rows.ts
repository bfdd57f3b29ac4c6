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
  const elements = paths.flatMap((path, ordinal) =>
    Array.from(path.frames, (at, k) => ({ at, ordinal, k })),
  );
  elements.sort((a, b) => a.at - b.at || a.ordinal - b.ordinal);
  for (let from = 0; from < elements.length; from += PIECE_ROWS) {
    const rows = elements.slice(from, from + PIECE_ROWS).map(({ at, ordinal, k }) => {
      const { index, boxes, scores } = paths[ordinal]!;
      const box = [
        boxes[4 * k]! * frame.width,
        boxes[4 * k + 1]! * frame.height,
        boxes[4 * k + 2]! * frame.width,
        boxes[4 * k + 3]! * frame.height,
      ].map((value) => value.toFixed(2));
      return `${at + 1},${index + 1},${box.join(',')},${scores[k]!.toFixed(4)},-1,-1,-1\n`;
    });
    yield rows.join('');
  }
}
