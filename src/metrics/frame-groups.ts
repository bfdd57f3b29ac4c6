import { MotDataError, type MotRows } from './mot-text.ts';

/** Rows of a table by frame, in the table's order within each. Frames here count from 0. */
export class FrameGroups {
  readonly frameCount: number;
  readonly #start: Int32Array;
  readonly #rows: Int32Array;

  /**
   * @param rows any table
   * @param frameCount frames of the sequence
   * @param what the table's name, for messages
   * @throws MotDataError when a row's frame is not in 1 to frameCount
   */
  constructor(rows: MotRows, frameCount: number, what: string) {
    const start = new Int32Array(frameCount + 1);
    for (let row = 0; row < rows.count; row++) {
      const frame = rows.frames[row]!;
      if (frame < 1 || frame > frameCount) {
        throw new MotDataError(
          `${what}: frame ${frame} is not in the sequence (1 to ${frameCount}).`,
        );
      }
      start[frame]!++;
    }
    for (let frame = 1; frame <= frameCount; frame++) start[frame]! += start[frame - 1]!;
    const next = start.slice();
    const order = new Int32Array(rows.count);
    for (let row = 0; row < rows.count; row++) order[next[rows.frames[row]! - 1]!++] = row;
    this.frameCount = frameCount;
    this.#start = start;
    this.#rows = order;
  }

  /** How many rows a frame has. */
  sizeOf(frame: number): number {
    return this.#start[frame + 1]! - this.#start[frame]!;
  }

  /** Indices of a frame's rows in the table; a view, not a copy. */
  rowsOf(frame: number): Int32Array {
    return this.#rows.subarray(this.#start[frame], this.#start[frame + 1]);
  }
}
