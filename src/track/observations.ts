import { resized } from './columns.ts';
import type { Assignments } from './tracker.ts';

/** What a tracker said over many samples: its assignments, one after the other, `count` rows long. */
export interface Observations {
  readonly count: number;
  /** Ordinal of each row's sample, never falling; see `HistoryChunk`. */
  readonly samples: Int32Array;
  /** Track ids, from 1. */
  readonly ids: Int32Array;
  /** 4 x count, XyxyPx. */
  readonly boxes: Float32Array;
  readonly scores: Float32Array;
  /** TENTATIVE or CONFIRMED. */
  readonly states: Uint8Array;
  /** Index into the detections of the row's sample. */
  readonly detections: Int32Array;
}

/** Collects observations as they come. */
export class ObservationLog {
  #count = 0;
  #samples = new Int32Array(256);
  #ids = new Int32Array(256);
  #boxes = new Float32Array(1024);
  #scores = new Float32Array(256);
  #states = new Uint8Array(256);
  #detections = new Int32Array(256);

  /** Rows so far. */
  get count(): number {
    return this.#count;
  }

  /**
   * Copies the assignments of one sample.
   * @param sample its ordinal, not below the last one
   * @param assignments what the tracker said
   */
  add(sample: number, assignments: Assignments): void {
    const from = this.#count;
    const { count } = assignments;
    this.#reserve(from + count);
    this.#samples.fill(sample, from, from + count);
    this.#ids.set(assignments.ids.subarray(0, count), from);
    this.#boxes.set(assignments.boxes.subarray(0, 4 * count), 4 * from);
    this.#scores.set(assignments.scores.subarray(0, count), from);
    this.#states.set(assignments.states.subarray(0, count), from);
    this.#detections.set(assignments.detections.subarray(0, count), from);
    this.#count += count;
  }

  /** Takes up rows of before, as if each sample had been added. @param rows of samples not below the last one */
  append(rows: Observations): void {
    const from = this.#count;
    const { count } = rows;
    this.#reserve(from + count);
    this.#samples.set(rows.samples.subarray(0, count), from);
    this.#ids.set(rows.ids.subarray(0, count), from);
    this.#boxes.set(rows.boxes.subarray(0, 4 * count), 4 * from);
    this.#scores.set(rows.scores.subarray(0, count), from);
    this.#states.set(rows.states.subarray(0, count), from);
    this.#detections.set(rows.detections.subarray(0, count), from);
    this.#count += count;
  }

  /** Hands over what was collected, in arrays of exact length, and starts anew. */
  take(): Observations {
    const taken = this.copy();
    this.#count = 0;
    return taken;
  }

  /** A copy of what was collected so far, in arrays of exact length. */
  copy(): Observations {
    const count = this.#count;
    return {
      count,
      samples: this.#samples.slice(0, count),
      ids: this.#ids.slice(0, count),
      boxes: this.#boxes.slice(0, 4 * count),
      scores: this.#scores.slice(0, count),
      states: this.#states.slice(0, count),
      detections: this.#detections.slice(0, count),
    };
  }

  #reserve(rows: number): void {
    if (rows <= this.#ids.length) return;
    const capacity = 2 * rows;
    this.#samples = resized(this.#samples, capacity);
    this.#ids = resized(this.#ids, capacity);
    this.#boxes = resized(this.#boxes, 4 * capacity);
    this.#scores = resized(this.#scores, capacity);
    this.#states = resized(this.#states, capacity);
    this.#detections = resized(this.#detections, capacity);
  }
}

/**
 * Puts consecutive stretches of observations together.
 * @param parts in order of time
 */
export function concatObservations(parts: readonly Observations[]): Observations {
  const log = new ObservationLog();
  for (const part of parts) log.append(part);
  return log.take();
}
