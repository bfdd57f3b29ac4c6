import { Failure } from '../contract/failure.ts';
import type { Assignments } from '../track/tracker.ts';
import { type FrameSize, toCommonFrame } from './common-frame.ts';
import { mapOrdered } from './map-ordered.ts';
import type {
  DetectedPeople,
  DetectionExtent,
  DetectorPool,
  EmbeddedPeople,
  FrameSource,
  ReadSoFar,
  SampledFrame,
} from './ports.ts';
import { embeddedPeople } from './reid-samples.ts';

/** Milliseconds without a single new sample after which a job is given up: a thread hangs. */
const STALL_MS = 180_000;

/**
 * With the motion gate: the first sample of each such span of the video, in seconds, is detected as a whole, and the others of it
 * where they differ from it. By the video's own time, so that a part of a video is detected as it is within the whole.
 */
const KEY_SECONDS = 1;

/** Sources take a time for another that differs by less: a sample just before the second in which a part begins may be its first. */
const NEARLY_SAME_SECONDS = 1e-3;

/** What the detection of a video runs on. */
export interface DetectionParts<Image> {
  readonly source: FrameSource<Image>;
  readonly detector: DetectorPool<Image>;
  /** Every so many samples of the grid are detection frames: 1 is all of them. */
  readonly detectEvery: number;
  /** Where the part of the video begins that is asked for, in seconds; absent: at its start. */
  readonly from?: number;
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
export type PassedSample = Pick<
  SampledFrame<unknown>,
  'sample' | 'frame' | 'timestampMs' | 'timeSeconds'
>;

/** A detection frame: a sample in which people were detected. */
export interface DetectedSample extends SeenSample {
  /** Those passed over since the one before. */
  readonly passed: readonly PassedSample[];
  readonly glimpse: Glimpse | undefined;
  readonly detections: DetectedPeople;
  /** With the motion gate: time of the sample that it was compared with, or its own. */
  readonly keySeconds?: number;
}

/**
 * The first of a job's two stages, which the second, the tracker's, knows nothing of: takes frames and finds people in
 * them, several at a time, in the order of the video.
 * @param before goes on after that
 * @returns at its end, the samples passed over behind the last one that is a detection frame
 * @throws Failure of the source and the detector; the signal's reason when aborted
 */
export async function* detectSamples<Image>(
  parts: DetectionParts<Image>,
  before?: ReadSoFar,
): AsyncGenerator<DetectedSample, readonly PassedSample[], void> {
  const { source, detector, signal, from = 0 } = parts;
  const { concurrency, motionGate = false } = detector.report;
  const beginsAt = Math.floor((from - NEARLY_SAME_SECONDS) / KEY_SECONDS) * KEY_SECONDS;
  const againFrom = !motionGate ? undefined : before ? before.keySeconds : beginsAt;
  const behind: PassedSample[] = [];
  const taken = source.samples(signal, before, againFrom);
  const samples = detectionFrames(taken, parts, before, behind);
  const detected = mapOrdered(
    motionGate ? extents(samples) : samples,
    concurrency + (motionGate ? GATED_AHEAD : AHEAD),
    async ({
      sample,
      passed,
      embeds,
      extent,
      keySeconds,
    }: DetectionFrame<Image>): Promise<DetectedSample> => {
      const { image, ...seen } = sample;
      // Nobody wants to see one again.
      const glimpse = sample.isAgain ? undefined : parts.glimpse?.(image);
      const found = await detector.detect(image, extent, embeds);
      return {
        ...seen,
        passed,
        glimpse,
        detections: toCommonFrame(found, seen.size, source.info),
        ...(keySeconds !== undefined && { keySeconds }),
      };
    },
  );
  try {
    for (;;) {
      const next = await beforeStall(detected.next(), parts);
      if (next.done) return behind;
      signal.throwIfAborted();
      if (!next.value.isAgain) yield next.value;
    }
  } finally {
    // A stalled stage never answers; its threads are ended by whoever owns them.
    void detected.return().catch(() => {});
  }
}

/** Images held beyond those that the detector takes at once, so that a free thread finds its next one ready. */
const AHEAD = 1;
/** The same where several wait for one that is detected as a whole. */
const GATED_AHEAD = 4;

/** A sample to detect people in, and those passed over since the one before. */
interface DetectionFrame<Image> {
  readonly sample: SampledFrame<Image>;
  readonly passed: readonly PassedSample[];
  readonly embeds?: EmbeddedPeople | undefined;
  readonly extent?: DetectionExtent;
  readonly keySeconds?: number;
}

/**
 * @param before after which reading goes on: the one that comes again is known then to have been a detection frame
 * @param behind takes those passed over behind the last detection frame
 */
async function* detectionFrames<Image>(
  samples: AsyncIterable<SampledFrame<Image>>,
  { source, detectEvery, release }: DetectionParts<Image>,
  before: ReadSoFar | undefined,
  behind: PassedSample[],
): AsyncGenerator<DetectionFrame<Image>, void, void> {
  let passed: PassedSample[] = [];
  let isKeyKnown = false;
  let previousSeconds = before?.timeSeconds;
  for await (const sample of samples) {
    const isLooked = sample.sample % detectEvery === 0;
    if (sample.isAgain) {
      // The first detection frame of its second is what later ones are compared with.
      if (!isKeyKnown && (before || isLooked)) {
        isKeyKnown = true;
        yield { sample, passed };
      } else release(sample.image);
    } else if (isLooked) {
      previousSeconds ??= source.secondsBefore?.filter((_, i) => i % detectEvery === 0).at(-1);
      yield { sample, passed, embeds: embeddedPeople(sample.timeSeconds, previousSeconds) };
      previousSeconds = sample.timeSeconds;
      passed = [];
    } else {
      release(sample.image);
      const { sample: ordinal, frame, timestampMs, timeSeconds } = sample;
      passed.push({ sample: ordinal, frame, timestampMs, timeSeconds });
    }
  }
  behind.push(...passed);
}

/** Decides which samples are detected as a whole, by their times alone. */
async function* extents<Image>(
  samples: AsyncIterable<DetectionFrame<Image>>,
): AsyncGenerator<DetectionFrame<Image>, void, void> {
  let keySeconds = Number.NEGATIVE_INFINITY;
  const spanOf = (seconds: number) => Math.floor(seconds / KEY_SECONDS);
  for await (const frame of samples) {
    const { timeSeconds } = frame.sample;
    const extent = spanOf(timeSeconds) === spanOf(keySeconds) ? 'changes' : 'whole';
    if (extent === 'whole') keySeconds = timeSeconds;
    yield { ...frame, extent, keySeconds };
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
