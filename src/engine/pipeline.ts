import type { Assignments, Tracker } from '../track/tracker.ts';
import { type DetectionParts, detectSamples, type SeenSample } from './detect-samples.ts';
import type { ReadSoFar } from './ports.ts';
import { CHUNK_SAMPLES, ChunkBuilder, type SampleChunk } from './sample-chunk.ts';

/** Milliseconds of work after which the next sample makes a checkpoint, so that a reload costs little on slow devices too. */
export const CHECKPOINT_MS = 2000;

/** What the pipeline runs on. */
export interface PipelineParts<Image> extends DetectionParts<Image> {
  readonly tracker: Tracker;
  /**
   * Stores a chunk as far as it goes, up to its last sample; resolves once it is safe. The same chunk comes again when it
   * has grown. The pipeline waits for it before it goes on.
   */
  readonly store: (chunk: SampleChunk, last: SeenSample) => Promise<void>;
  /** Hears of every detection frame. @param assignments may be reused: copy what you keep */
  readonly onSample: (samplesDone: number, assignments: Assignments) => void;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** Where to go on from. */
export interface Checkpoint {
  /** Its samples are those of the grid, those passed over included. */
  readonly read: ReadSoFar;
  /** The last chunk, whole or not. */
  readonly chunk: SampleChunk;
}

/**
 * Video to stored samples: takes frames, detects several at a time, tracks in order, stores chunk by chunk, an unfinished
 * one every {@link CHECKPOINT_MS}. Where chunks are cut depends on neither time nor interruptions. What was tracked before
 * an error is stored before the error is thrown on. Samples passed over count from the next detection frame on: behind
 * the last one nobody is known to be.
 *
 * @returns samples done in all, those of the checkpoint included
 * @throws Failure of the source, the detector, the store; the signal's reason when aborted
 */
export async function trackSamples<Image>(
  parts: PipelineParts<Image>,
  checkpoint?: Checkpoint,
): Promise<number> {
  const { tracker } = parts;
  let samplesDone = checkpoint?.read.samples ?? 0;
  let chunk = new ChunkBuilder(0);
  if (checkpoint) {
    tracker.restore(checkpoint.chunk.snapshot);
    chunk = ChunkBuilder.continuing(checkpoint.chunk);
  }
  /** The last sample that is not stored yet. */
  let last: SeenSample | undefined;
  let storedMs = parts.now();
  const store = async () => {
    if (last === undefined) return;
    const stored = last;
    last = undefined;
    await parts.store(chunk.build(tracker.snapshot()), stored);
    storedMs = parts.now();
  };

  try {
    for await (const sample of detectSamples(parts, checkpoint?.read)) {
      const assignments = tracker.update(sample.detections, sample.timeSeconds);
      if (chunk.length === CHUNK_SAMPLES) chunk = new ChunkBuilder(chunk.end);
      for (const passed of sample.passed) chunk.pass(passed);
      chunk.add(sample, sample.detections, assignments);
      samplesDone += sample.passed.length + 1;
      last = sample;
      parts.onSample(samplesDone, assignments);
      sample.glimpse?.(sample.timestampMs, assignments, parts.source.info);
      const isDue = parts.now() - storedMs >= CHECKPOINT_MS;
      if (chunk.length === CHUNK_SAMPLES || isDue) await store();
    }
  } catch (error) {
    await store();
    throw error;
  }
  await store();
  return samplesDone;
}
