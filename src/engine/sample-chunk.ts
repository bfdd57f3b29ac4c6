import type { Detections } from '../track/detections.ts';
import type { HistoryChunk } from '../track/history.ts';
import { joinDetections, splitDetections } from '../track/join-detections.ts';
import { ObservationLog, type Observations } from '../track/observations.ts';
import type { Assignments, TrackerSnapshot } from '../track/tracker.ts';
import type { DetectedPeople } from './ports.ts';
import { countShare, type ShareCounts } from './share-counts.ts';

/** Stored times: whole milliseconds as 64-bit numbers; earlier versions stored them in 32 bits, which end after 24 days. */
export type Milliseconds = Float64Array | Int32Array;

/**
 * What was found in consecutive samples, as plain typed arrays: all that people can be followed by, with any tracker and
 * without the video. About 64 bytes a box with an embedding of 40 numbers, 24 without.
 */
export interface DetectionChunk extends Omit<HistoryChunk, 'observations'> {
  /** Ordinal of each displayed frame in the video, from 0: of the samples, and of those passed over before each. */
  readonly frames: Int32Array;
  /** Rekognition's Timestamp of the same, milliseconds. */
  readonly timestampsMs: Milliseconds;
}

/** What a tracker made of a chunk: with the detections, the checkpoint that a job goes on from. */
export interface TrackedChunk {
  readonly observations: Observations;
  /** The tracker after the last sample of the chunk. */
  readonly snapshot: TrackerSnapshot;
  /** With the motion gate: time of the sample that the last one was compared with, in seconds. */
  readonly keySeconds?: number;
  /** In how many of its detection frames people were detected in how much of the image; absent where the detector did not tell. */
  readonly shares?: ShareCounts;
}

/** Consecutive samples with everything that was learnt of them: the unit that a running job stores. */
export interface SampleChunk extends DetectionChunk, TrackedChunk {}

/** The two halves of a chunk, which are stored apart: the first outlives the job's end. */
export function splitChunk(
  chunk: SampleChunk,
): [detections: DetectionChunk, tracked: TrackedChunk] {
  const { observations, snapshot, keySeconds, shares, ...detections } = chunk;
  const tracked = {
    observations,
    snapshot,
    ...(keySeconds !== undefined && { keySeconds }),
    ...(shares && { shares }),
  };
  return [detections, tracked];
}

/** Bytes of a chunk's arrays. */
export function detectionBytes(chunk: DetectionChunk): number {
  const { frames, timestampsMs, times, offsets, boxes, scores, spreads, features, reid } = chunk;
  const columns = [frames, timestampsMs, times, offsets, boxes, scores, spreads, features];
  const arrays = [...columns, reid?.rows, reid?.values];
  return arrays.reduce((sum, array) => sum + (array?.byteLength ?? 0), 0);
}

/** Detection frames of a whole chunk: about four seconds of video at 15 samples a second. Only the last is shorter. */
export const CHUNK_SAMPLES = 64;

/** Which chunk of its job it is, from 0: chunks are cut at the same samples however a job was interrupted. */
export function chunkIndex({ firstSample }: Pick<SampleChunk, 'firstSample'>): number {
  return Math.floor(firstSample / CHUNK_SAMPLES);
}

/** Collects what was found in samples until it makes a chunk. */
export class DetectionChunkBuilder {
  readonly #firstSample: number;
  readonly #frames: number[] = [];
  readonly #timestampsMs: number[] = [];
  readonly #times: number[] = [];
  readonly #detections: Detections[] = [];

  /** @param firstSample ordinal of the chunk's first sample */
  constructor(firstSample: number) {
    this.#firstSample = firstSample;
  }

  /** A builder that goes on where a chunk that is not whole yet was stored. */
  static continuing(chunk: DetectionChunk): DetectionChunkBuilder {
    const builder = new DetectionChunkBuilder(chunk.firstSample);
    builder.#frames.push(...chunk.frames);
    builder.#timestampsMs.push(...chunk.timestampsMs);
    builder.#times.push(...chunk.times);
    builder.#detections.push(...splitDetections(chunk));
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

  /** Adds the next sample. */
  add(
    sample: { frame: number; timestampMs: number; timeSeconds: number },
    detections: Detections,
  ): void {
    this.#frames.push(sample.frame);
    this.#timestampsMs.push(sample.timestampMs);
    this.#times.push(sample.timeSeconds);
    this.#detections.push(detections);
  }

  /** The chunk so far. */
  build(): DetectionChunk {
    return {
      firstSample: this.#firstSample,
      frames: Int32Array.from(this.#frames),
      timestampsMs: Float64Array.from(this.#timestampsMs),
      times: Float64Array.from(this.#times),
      ...joinDetections(this.#detections),
    };
  }
}

/** Collects samples until they make a chunk, with what a tracker says of them. */
export class ChunkBuilder {
  readonly #found: DetectionChunkBuilder;
  readonly #observations = new ObservationLog();
  #keySeconds: number | undefined;
  #shares: ShareCounts | undefined;

  /** @param firstSample ordinal of the chunk's first sample */
  constructor(firstSample: number, found = new DetectionChunkBuilder(firstSample)) {
    this.#found = found;
  }

  /** A builder that goes on where a chunk that is not whole yet was stored. */
  static continuing(chunk: SampleChunk): ChunkBuilder {
    const found = DetectionChunkBuilder.continuing(chunk);
    const builder = new ChunkBuilder(chunk.firstSample, found);
    builder.#observations.append(chunk.observations);
    builder.#keySeconds = chunk.keySeconds;
    builder.#shares = chunk.shares;
    return builder;
  }

  /** Samples collected so far, without those passed over. */
  get length(): number {
    return this.#found.length;
  }

  /** Ordinal of the sample behind the last one. */
  get end(): number {
    return this.#found.end;
  }

  /** Adds a sample that nobody looked at: another one has to follow. */
  pass(sample: { frame: number; timestampMs: number }): void {
    this.#found.pass(sample);
  }

  /** Adds the next sample. The tracker's arrays are copied. */
  add(
    sample: { frame: number; timestampMs: number; timeSeconds: number; keySeconds?: number },
    detections: DetectedPeople,
    assignments: Assignments,
  ): void {
    const { share } = detections;
    // Counts of a part of them would say something wrong.
    if (share && (this.#shares || this.length === 0))
      this.#shares = countShare(share, this.#shares);
    this.#observations.add(this.end, assignments);
    this.#found.add(sample, detections);
    this.#keySeconds = sample.keySeconds;
  }

  /** The chunk so far. @param snapshot the tracker as it stands after the last sample added */
  build(snapshot: TrackerSnapshot): SampleChunk {
    return {
      ...this.#found.build(),
      observations: this.#observations.copy(),
      snapshot,
      ...(this.#keySeconds !== undefined && { keySeconds: this.#keySeconds }),
      ...(this.#shares && { shares: this.#shares }),
    };
  }
}
