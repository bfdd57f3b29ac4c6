import { Failure } from '../contract/failure.ts';
import type { Detections } from '../track/detections.ts';
import type { Assignments } from '../track/tracker.ts';
import { type FrameSize, toCommonFrame } from './common-frame.ts';
import { mapOrdered } from './map-ordered.ts';
import type { DetectorPool, FrameSource, ReadSoFar, SampledFrame } from './ports.ts';

/** Milliseconds without a single new sample after which a job is given up: a thread hangs. */
export const STALL_MS = 180_000;

/** What the detection of a video runs on. */
export interface DetectionParts<Image> {
  readonly source: FrameSource<Image>;
  readonly detector: DetectorPool<Image>;
  /** Every so many samples of the grid are detection frames: 1 is all of them. */
  readonly detectEvery: number;
  /** Asked for each detection frame's image; absent where nobody ever wants to see one. @param image stays the pipeline's */
  readonly glimpse?: (image: Image) => Glimpse | undefined;
  /** Closes the image of a sample passed over. */
  readonly release: (image: Image) => void;
  readonly signal: AbortSignal;
  /** Rejects after the time given, unless called off: the host's timer. */
  readonly timeout: (milliseconds: number) => { expired: Promise<never>; cancel: () => void };
}

/**
 * Shows the image of a detection frame, with the people found in it.
 * @param assignments may be reused: copy what you keep
 * @param frame whose pixels the boxes count
 */
export type Glimpse = (timestampMs: number, assignments: Assignments, frame: FrameSize) => void;

/** A sample whose image is gone. */
export type SeenSample = Omit<SampledFrame<unknown>, 'image'>;

/** A sample passed over: no detection frame. */
export type PassedSample = Pick<SampledFrame<unknown>, 'frame' | 'timestampMs'>;

/** A detection frame: a sample in which people were detected. */
export interface DetectedSample extends SeenSample {
  /** Those passed over since the one before. */
  readonly passed: readonly PassedSample[];
  readonly glimpse: Glimpse | undefined;
  readonly detections: Detections;
}

/**
 * The first of a job's two stages, which the second, the tracker's, knows nothing of: takes frames and finds people in
 * them, several at a time, in the order of the video.
 * @param before goes on after that
 * @throws Failure of the source and the detector; the signal's reason when aborted
 */
export async function* detectSamples<Image>(
  parts: DetectionParts<Image>,
  before?: ReadSoFar,
): AsyncGenerator<DetectedSample, void, void> {
  const { source, detector, signal } = parts;
  // One more than the detector takes at once, so that a free thread finds its next image ready.
  const detected = mapOrdered(
    detectionFrames(source.samples(signal, before), parts),
    detector.report.concurrency + 1,
    async ({
      sample: { image, ...seen },
      passed,
    }: DetectionFrame<Image>): Promise<DetectedSample> => ({
      ...seen,
      passed,
      glimpse: parts.glimpse?.(image),
      detections: toCommonFrame(await detector.detect(image), seen.size, source.info),
    }),
  );
  try {
    for (;;) {
      const next = await beforeStall(detected.next(), parts);
      if (next.done) return;
      signal.throwIfAborted();
      yield next.value;
    }
  } finally {
    // A stalled stage never answers; its threads are ended by whoever owns them.
    void detected.return().catch(() => {});
  }
}

/** A sample to detect people in, and those passed over since the one before. */
interface DetectionFrame<Image> {
  readonly sample: SampledFrame<Image>;
  readonly passed: readonly PassedSample[];
}

async function* detectionFrames<Image>(
  samples: AsyncIterable<SampledFrame<Image>>,
  { detectEvery, release }: DetectionParts<Image>,
): AsyncGenerator<DetectionFrame<Image>, void, void> {
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

async function beforeStall<T, Image>(next: Promise<T>, parts: DetectionParts<Image>): Promise<T> {
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
