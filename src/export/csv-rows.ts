import { FILLED } from '../track/track.ts';

/** One person's path, as far as a table tells of it; arrays of equal length, ascending in time. */
export interface CsvPath {
  readonly index: number;
  /** Integer milliseconds from the video's start. */
  readonly timestampsMs: Float64Array;
  /** Left, Top, Width, Height as ratios of the displayed frame. */
  readonly boxes: Float32Array;
  /** 0 to 1. */
  readonly scores: Float32Array;
  /** OBSERVED, FILLED or RECOVERED of `track/track.ts`. */
  readonly flags: Uint8Array;
}

/** Rows a piece of text holds. */
const PIECE_ROWS = 1000;

/**
 * Paths as a table for spreadsheets (RFC 4180): a line a person and sample, by person, then time. Columns: `Index`,
 * `TimestampMillis`, `Left`, `Top`, `Width`, `Height` (ratios of the frame), `Score` (0 to 1), `Seen` (`yes` where the
 * detector saw the person, if only in hindsight, `estimated` where the box is filled in).
 */
export function* csvRows(paths: readonly CsvPath[]): Generator<string, void, void> {
  let rows = ['Index,TimestampMillis,Left,Top,Width,Height,Score,Seen\r\n'];
  for (const { index, timestampsMs, boxes, scores, flags } of paths) {
    for (let k = 0; k < timestampsMs.length; k++) {
      const box = Array.from(boxes.subarray(4 * k, 4 * k + 4), (value) => value.toFixed(5));
      const seen = flags[k] === FILLED ? 'estimated' : 'yes';
      rows.push(
        `${index},${timestampsMs[k]},${box.join(',')},${scores[k]!.toFixed(3)},${seen}\r\n`,
      );
      if (rows.length < PIECE_ROWS) continue;
      yield rows.join('');
      rows = [];
    }
  }
  if (rows.length > 0) yield rows.join('');
}
