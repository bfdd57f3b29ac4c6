import { resized } from './columns.ts';
import type { Assignments } from './tracker.ts';

/** Assignments that a tracker fills anew for each sample; the arrays grow as needed and are reused. */
export class AssignmentsBuffer implements Assignments {
  count = 0;
  ids = new Int32Array(16);
  boxes = new Float32Array(64);
  scores = new Float32Array(16);
  detections = new Int32Array(16);
  states = new Uint8Array(16);

  /** Forgets the rows of the last sample. */
  clear(): void {
    this.count = 0;
  }

  /**
   * Adds a row.
   * @param id track id
   * @param boxes where its box lies
   * @param box which box of `boxes`
   * @param score of the detection
   * @param detection index into the given detections
   * @param state TENTATIVE or CONFIRMED
   */
  add(
    id: number,
    boxes: Float32Array | Float64Array,
    box: number,
    score: number,
    detection: number,
    state: number,
  ): void {
    const row = this.count++;
    if (row === this.ids.length) this.#grow();
    this.ids[row] = id;
    for (let k = 0; k < 4; k++) this.boxes[4 * row + k] = boxes[4 * box + k]!;
    this.scores[row] = score;
    this.detections[row] = detection;
    this.states[row] = state;
  }

  #grow(): void {
    const capacity = 2 * this.ids.length;
    this.ids = resized(this.ids, capacity);
    this.boxes = resized(this.boxes, 4 * capacity);
    this.scores = resized(this.scores, capacity);
    this.detections = resized(this.detections, capacity);
    this.states = resized(this.states, capacity);
  }
}
