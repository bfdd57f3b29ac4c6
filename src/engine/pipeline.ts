import { Failure } from '../contract/failure.ts';
import type { Detections } from '../track/detections.ts';
import type { Assignments, Tracker } from '../track/tracker.ts';
import { mapOrdered } from './map-ordered.ts';
import type { DetectorPool, FrameSource, ReadSoFar, SampledFrame } from './ports.ts';
import { CHUNK_SAMPLES, ChunkBuilder, type SampleChunk } from './sample-chunk.ts';

/** Milliseconds of work after which the next sample makes a checkpoint, so that a reload costs little on slow devices too. */
export const CHECKPOINT_MS = 2000;

/** Milliseconds without a single new sample after which a job is given up: a thread hangs. */
export const STALL_MS = 180_000;

/** What the pipeline runs on. */
export interface PipelineParts<Image> {
  readonly source: FrameSource<Image>;
  readonly detector: DetectorPool<Image>;
  readonly tracker: Tracker;
  /** Looks at every so many samples of the grid: 1 is all of them. */
  readonly detectEvery: number;
  /** Asked for each image that is looked at; absent where nobody ever wants to see one. @param image stays the pipeline's */
  readonly glimpse?: (image: Image) => Glimpse | undefined;
  /** Closes an image that is not looked at. */
  readonly release: (image: Image) => void;
  /**
   * Stores a chunk as far as it goes, up to its last sample; resolves once it is safe. The same chunk comes again when it
   * has grown. The pipeline waits for it before it goes on.
   */
  readonly store: (chunk: SampleChunk, last: SeenSample) => Promise<void>;
  /** Hears of every sample that was looked at. @param assignments may be reused: copy what you keep */
  readonly onSample: (samplesDone: number, assignments: Assignments) => void;
  readonly signal: AbortSignal;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Rejects after the time given, unless called off: the host's timer. */
  readonly timeout: (milliseconds: number) => { expired: Promise<never>; cancel: () => void };
}

/**
 * Shows an image that was looked at, with the people found in it.
 * @param assignments may be reused: copy what you keep
 */
export type Glimpse = (timestampMs: number, assignments: Assignments) => void;

/** A sample whose image is gone. */
export type SeenSample = Omit<SampledFrame<unknown>, 'image'>;

/** Where to go on from. */
export interface Checkpoint {
  /** Its samples are those of the grid, those passed over included. */
  readonly read: ReadSoFar;
  /** The last chunk, whole or not. */
  readonly chunk: SampleChunk;
}

/**
 * Video to stored samples: takes frames, detects several at a time, tracks in order, stores chunk by chunk, an unfinished
 * one every {@link CHECKPOINT_MS}. Where chunks are cut depends on neither time nor interruptions. What was tracked before an error is stored before the error is thrown on. Samples passed over count from the next look on:
 * behind the last one nobody is known to be.
 *
 * @returns samples done in all, those of the checkpoint included
 * @throws Failure of the source, the detector, the store; the signal's reason when aborted
 */
export async function trackSamples<Image>(
  parts: PipelineParts<Image>,
  checkpoint?: Checkpoint,
): Promise<number> {
  const { source, detector, tracker, signal } = parts;
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

  // One more than the detector takes at once, so that a free thread finds its next image ready.
  const detected = mapOrdered(
    looks(source.samples(signal, checkpoint?.read), parts),
    detector.report.concurrency + 1,
    async ({ sample: { image, ...seen }, passed }: Look<Image>): Promise<DetectedSample> => ({
      ...seen,
      passed,
      glimpse: parts.glimpse?.(image),
      detections: await detector.detect(image),
    }),
  );
  try {
    for (;;) {
      const next = await beforeStall(detected.next(), parts);
      if (next.done) break;
      signal.throwIfAborted();
      const sample = next.value;
      const assignments = tracker.update(sample.detections, sample.timeSeconds);
      if (chunk.length === CHUNK_SAMPLES) chunk = new ChunkBuilder(chunk.end);
      for (const passed of sample.passed) chunk.pass(passed);
      chunk.add(sample, sample.detections, assignments);
      samplesDone += sample.passed.length + 1;
      last = sample;
      parts.onSample(samplesDone, assignments);
      sample.glimpse?.(sample.timestampMs, assignments);
      const isDue = parts.now() - storedMs >= CHECKPOINT_MS;
      if (chunk.length === CHUNK_SAMPLES || isDue) await store();
    }
  } catch (error) {
    await store();
    throw error;
  } finally {
    // A stalled stage never answers; its threads are ended by whoever owns them.
    void detected.return().catch(() => {});
  }
  await store();
  return samplesDone;
}

type PassedSample = Pick<SampledFrame<unknown>, 'frame' | 'timestampMs'>;

/** A sample to look at, and those passed over since the one before. */
interface Look<Image> {
  readonly sample: SampledFrame<Image>;
  readonly passed: readonly PassedSample[];
}

async function* looks<Image>(
  samples: AsyncIterable<SampledFrame<Image>>,
  { detectEvery, release }: PipelineParts<Image>,
): AsyncGenerator<Look<Image>, void, void> {
  let passed: PassedSample[] = [];
  for await (const sample of samples) {
    if (sample.sample % detectEvery === 0) {
      yield { sample, passed };
      passed = [];
    } else {
      release(sample.image);
      passed.push({ frame: sample.frame, timestampMs: sample.timestampMs });
    }
  }
}

interface DetectedSample extends SeenSample {
  readonly passed: readonly PassedSample[];
  readonly glimpse: Glimpse | undefined;
  readonly detections: Detections;
}

async function beforeStall<T, Image>(next: Promise<T>, parts: PipelineParts<Image>): Promise<T> {
  const timer = parts.timeout(STALL_MS);
  try {
    return await Promise.race([next, timer.expired]);
  } catch (error) {
    if (error !== STALLED) throw error;
    throw new Failure(
      'worker-crashed',
      `Nothing moved for ${STALL_MS / 1000} seconds, so the job was given up. Start it again; if it stops at the same place, choose another backend.`,
    );
  } finally {
    timer.cancel();
  }
}

/** What the host's timer rejects with. */
export const STALLED = Symbol('stalled');
