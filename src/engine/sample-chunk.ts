import type { Detections } from '../track/detections.ts';
import type { HistoryChunk } from '../track/history.ts';
import { joinDetections, splitDetections } from '../track/join-detections.ts';
import { ObservationLog } from '../track/observations.ts';
import type { Assignments, TrackerSnapshot } from '../track/tracker.ts';

/** Stored times: whole milliseconds as 64-bit numbers; earlier versions stored them in 32 bits, which end after 24 days. */
export type Milliseconds = Float64Array | Int32Array;

/**
 * Consecutive samples with everything that was learnt of them, as plain typed arrays: the unit that is stored, and
 * with `snapshot` the checkpoint a job goes on from.
 */
export interface SampleChunk extends HistoryChunk {
  /** Ordinal of each displayed frame in the video, from 0: of the samples, and of those passed over before each. */
  readonly frames: Int32Array;
  /** Rekognition's Timestamp of the same, milliseconds. */
  readonly timestampsMs: Milliseconds;
  /** The tracker after the last sample of the chunk. */
  readonly snapshot: TrackerSnapshot;
  /** With the motion gate: time of the sample that the last one was compared with, in seconds. */
  readonly keySeconds?: number;
}

/** Detection frames of a whole chunk: about four seconds of video at 15 samples a second. Only the last is shorter. */
export const CHUNK_SAMPLES = 64;

/** Which chunk of its job it is, from 0: chunks are cut at the same samples however a job was interrupted. */
export function chunkIndex({ firstSample }: Pick<SampleChunk, 'firstSample'>): number {
  return Math.floor(firstSample / CHUNK_SAMPLES);
}

/** Collects samples until they make a chunk. */
export class ChunkBuilder {
  readonly #firstSample: number;
  readonly #frames: number[] = [];
  readonly #timestampsMs: number[] = [];
  readonly #times: number[] = [];
  readonly #detections: Detections[] = [];
  readonly #observations = new ObservationLog();
  #keySeconds: number | undefined;

  /** @param firstSample ordinal of the chunk's first sample */
  constructor(firstSample: number) {
    this.#firstSample = firstSample;
  }

  /** A builder that goes on where a chunk that is not whole yet was stored. */
  static continuing(chunk: SampleChunk): ChunkBuilder {
    const builder = new ChunkBuilder(chunk.firstSample);
    builder.#frames.push(...chunk.frames);
    builder.#timestampsMs.push(...chunk.timestampsMs);
    builder.#times.push(...chunk.times);
    builder.#detections.push(...splitDetections(chunk));
    builder.#observations.append(chunk.observations);
    builder.#keySeconds = chunk.keySeconds;
    return builder;
  }

  /** Samples collected so far, without those passed over. */
  get length(): number {
    return this.#times.length;
  }

  /** Ordinal of the sample behind the last one. */
  get end(): number {
    return this.#firstSample + this.length;
  }

  /** Adds a sample passed over: a detection frame has to follow. */
  pass(sample: { frame: number; timestampMs: number }): void {
    this.#frames.push(sample.frame);
    this.#timestampsMs.push(sample.timestampMs);
  }

  /** Adds the next sample. The tracker's arrays are copied. */
  add(
    sample: { frame: number; timestampMs: number; timeSeconds: number; keySeconds?: number },
    detections: Detections,
    assignments: Assignments,
  ): void {
    this.#observations.add(this.end, assignments);
    this.#frames.push(sample.frame);
    this.#timestampsMs.push(sample.timestampMs);
    this.#times.push(sample.timeSeconds);
    this.#detections.push(detections);
    this.#keySeconds = sample.keySeconds;
  }

  /** The chunk so far. @param snapshot the tracker as it stands after the last sample added */
  build(snapshot: TrackerSnapshot): SampleChunk {
    return {
      firstSample: this.#firstSample,
      frames: Int32Array.from(this.#frames),
      timestampsMs: Float64Array.from(this.#timestampsMs),
      times: Float64Array.from(this.#times),
      ...joinDetections(this.#detections),
      observations: this.#observations.copy(),
      snapshot,
      ...(this.#keySeconds !== undefined && { keySeconds: this.#keySeconds }),
    };
  }
}
