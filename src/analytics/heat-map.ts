import type { Trajectory } from './trajectory.ts';
import { LONGEST_UNSEEN_MS } from './visits.ts';

/** So near to the frame's edge, in ratios of it, is on it. */
const EDGE = 1e-6;
/** Rows a column at most: no camera's frame is so high, and its cells would fill the memory. */
const MOST_ROWS = 64;

/** Where people were, on a grid of the displayed frame. */
export interface HeatMap {
  readonly columns: number;
  readonly rows: number;
  /** columns x rows seconds that people spent in each cell, row by row from the upper left. */
  readonly personSeconds: Float64Array;
  /** columns x rows people who came through each cell, each Index once. */
  readonly people: Int32Array;
}

/**
 * Time spent in each place. A step between two samples gives its time to the cells along it, so that the map is of time
 * and not of frames: another sample rate gives the same map. Steps longer than five seconds, out of sight, count not.
 * Places out of the frame count not. Time is linear in the samples plus the cells that steps run through.
 * @param aspect width of the displayed frame over its height
 * @param columns cells from left to right, at least 1; rows follow so that cells are about square, up to 64 a column
 */
export function heatMapOf(
  trajectories: readonly Trajectory[],
  aspect: number,
  columns = 64,
): HeatMap {
  const rows = Math.min(MOST_ROWS * columns, Math.max(1, Math.round(columns / aspect)));
  const personSeconds = new Float64Array(columns * rows);
  const people = new Int32Array(columns * rows);
  // Who was in a cell last; an Index that comes back later must not count again.
  const last = new Int32Array(columns * rows).fill(-1);
  const cellOf = (x: number, y: number) => {
    const column = cellAlong(x / aspect, columns);
    const row = cellAlong(y, rows);
    return column >= 0 && column < columns && row >= 0 && row < rows ? row * columns + column : -1;
  };
  trajectories.forEach(({ x, y, timestampsMs }, person) => {
    const add = (cell: number, seconds: number) => {
      if (cell < 0) return;
      personSeconds[cell] = personSeconds[cell]! + seconds;
      if (last[cell] === person) return;
      last[cell] = person;
      people[cell] = people[cell]! + 1;
    };
    if (x.length > 0) add(cellOf(x[0]!, y[0]!), 0);
    for (let k = 1; k < x.length; k++) {
      const ms = timestampsMs[k]! - timestampsMs[k - 1]!;
      if (ms > LONGEST_UNSEEN_MS) {
        add(cellOf(x[k]!, y[k]!), 0);
        continue;
      }
      const dx = x[k]! - x[k - 1]!;
      const dy = y[k]! - y[k - 1]!;
      // Two pieces a cell are enough for its share of the time to be right within a half.
      const cells = Math.max((Math.abs(dx) / aspect) * columns, Math.abs(dy) * rows);
      const pieces = Math.max(1, Math.ceil(2 * cells));
      for (let piece = 0; piece < pieces; piece++) {
        const t = (piece + 0.5) / pieces;
        add(cellOf(x[k - 1]! + t * dx, y[k - 1]! + t * dy), ms / 1000 / pieces);
      }
    }
  });
  return { columns, rows, personSeconds, people };
}

/** The cell of a ratio of the frame. What lies on the frame's edge is in it: there end the boxes that it cuts off. */
function cellAlong(ratio: number, cells: number): number {
  const isWithin = ratio > -EDGE && ratio < 1 + EDGE;
  return Math.floor((isWithin ? Math.min(Math.max(ratio, 0), 1 - EDGE) : ratio) * cells);
}
