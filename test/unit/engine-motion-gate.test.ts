/** Which samples are detected as a whole: the same ones however a video is cut and wherever a job goes on. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { detectSamples } from '../../src/engine/detect-samples.ts';
import { CHECKPOINT_MS, type Checkpoint, trackSamples } from '../../src/engine/pipeline.ts';
import type {
  DecodeReport,
  DetectedPeople,
  DetectedShare,
  DetectionExtent,
  DetectorPool,
  DetectorReport,
  EmbeddedPeople,
  FrameSource,
  ReadSoFar,
  SampledFrame,
} from '../../src/engine/ports.ts';
import { runJob } from '../../src/engine/run-job.ts';
import type { SampleChunk } from '../../src/engine/sample-chunk.ts';
import { MemoryJobStore } from '../../src/store/memory-jobs.ts';
import { NO_DETECTIONS } from '../../src/track/detections.ts';
import { createTracker } from '../../src/track/trackers/create-tracker.ts';
import { engineHost, SAMPLES } from '../fixtures/engine-host.ts';
import { jobRecord } from '../fixtures/job-record.ts';

const NOTHING_DECODED: DecodeReport = {
  framesExpected: 0,
  framesDecoded: 0,
  framesDamaged: 0,
  damagedAtMs: [],
  decoderRestarts: 0,
  framesOpen: 0,
};

/** Times that sources take for one, in seconds. */
const SAME_TIME = 1e-6;

/** A video whose images are their numbers, as a source gives it from a time on. */
function sourceOf(times: readonly number[], from = 0): FrameSource<number> {
  return {
    info: { durationMs: 1000 * (times.at(-1) ?? 0), expectedSamples: times.length },
    secondsBefore: times.filter((time) => time < from - SAME_TIME),
    async *samples(_: AbortSignal, before?: ReadSoFar, againFrom?: number) {
      const begin = before ? before.samples : times.findIndex((time) => time >= from - SAME_TIME);
      const again =
        againFrom === undefined ? begin : times.findIndex((time) => time >= againFrom - SAME_TIME);
      const sampleAt = (image: number): SampledFrame<number> => ({
        ...{ sample: image, frame: image, framesLost: 0, image },
        ...{ timestampMs: Math.floor(1000 * times[image]!), timeSeconds: times[image]! },
      });
      if (again < begin) yield { ...sampleAt(again), isAgain: true };
      for (let image = begin; image < times.length; image++) yield sampleAt(image);
    },
  } as unknown as FrameSource<number>;
}

/** A detector that finds a box which says what was compared with what. */
class Comparing implements DetectorPool<number> {
  readonly report: DetectorReport;
  readonly seen: string[] = [];
  /** Of each image, whom a network that knows people again looks at. */
  readonly embedded = new Map<number, EmbeddedPeople>();
  #key = -1;

  constructor(concurrency: number) {
    this.report = {
      ...{
        model: 'none',
        fingerprint: 'none',
        backend: 'int8',
        inputs: [],
        scoreThreshold: 0.5,
        notes: [],
      },
      ...{ concurrency, motionGate: true },
    };
  }

  async detect(image: number, extent: DetectionExtent = 'whole', embeds?: EmbeddedPeople) {
    if (embeds) this.embedded.set(image, embeds);
    if (extent === 'whole') this.#key = image;
    this.seen.push(`${extent} ${image}`);
    const boxes = Float32Array.of(image, this.#key, image + 40, this.#key + 90);
    return { count: 1, boxes, scores: Float32Array.of(0.9) };
  }

  async close() {}
}

const parts = (source: FrameSource<number>, detector: Comparing, detectEvery = 1) => ({
  ...{ source, detector, detectEvery, release: () => {} },
  signal: new AbortController().signal,
  timeout: () => ({ expired: new Promise<never>(() => {}), cancel: () => {} }),
});

/** What is found in each sample, as image and key. */
async function detect(times: readonly number[], from = 0, concurrency = 2): Promise<number[][]> {
  const found: number[][] = [];
  const detector = new Comparing(concurrency);
  for await (const { detections } of detectSamples({
    ...parts(sourceOf(times, from), detector),
    from,
  })) {
    found.push([...detections.boxes.subarray(0, 2)]);
  }
  return found;
}

const videoTimes = fc
  .array(fc.double({ min: 0.01, max: 1.4, noNaN: true }), { minLength: 2, maxLength: 60 })
  .map((gaps) => {
    let time = 0;
    return [
      0,
      ...gaps.map((gap) => {
        time += gap;
        return time;
      }),
    ];
  });

test('the first of each second is detected as a whole, and the others are compared with it', async () => {
  const times = Array.from({ length: 40 }, (_, i) => i / 15);
  expect(await detect(times)).toEqual(times.map((time, i) => [i, 15 * Math.floor(time)]));
});

test('a part of a video is detected as it is within the whole', async () => {
  await fc.assert(
    fc.asyncProperty(
      videoTimes,
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (times, share) => {
        const from = share * times.at(-1)!;
        const whole = await detect(times);
        const begin = times.findIndex((time) => time >= from - SAME_TIME);
        expect(await detect(times, from, 3)).toEqual(whole.slice(begin));
      },
    ),
  );
});

test('by a network that knows people again, too, whichever samples are looked at', async () => {
  const embedded = async (times: readonly number[], detectEvery: number, from = 0) => {
    const detector = new Comparing(2);
    const part = { ...parts(sourceOf(times, from), detector, detectEvery), from };
    for await (const _ of detectSamples(part));
    return [...detector.embedded];
  };
  await fc.assert(
    fc.asyncProperty(
      videoTimes,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 1, max: 4 }),
      async (times, share, detectEvery) => {
        const from = share * times.at(-1)!;
        const whole = await embedded(times, detectEvery);
        expect(await embedded(times, detectEvery, from)).toEqual(
          whole.filter(([image]) => times[image]! >= from - SAME_TIME),
        );
      },
    ),
  );
});

test('so is one whose first sample lies a rounding before its second', async () => {
  const times = [0, 0.5, 1, 1.5, 2 - SAME_TIME / 2, 2.5, 3];
  const whole = await detect(times);
  expect(whole[4]).toEqual([4, 2]);
  expect(await detect(times, 2)).toEqual(whole.slice(4));
});

/** Tracks and stores after every sample. */
async function track(times: readonly number[], detectEvery: number, checkpoint?: Checkpoint) {
  const stored: { chunk: SampleChunk; samples: number }[] = [];
  let nowMs = 0;
  const detector = new Comparing(2);
  await trackSamples<number>(
    {
      ...parts(sourceOf(times), detector, detectEvery),
      tracker: createTracker('footpath', { scoreThreshold: 0.5 }),
      store: async (chunk, { sample }) => {
        stored.push({ chunk, samples: sample + 1 });
      },
      onSample: () => {
        nowMs += CHECKPOINT_MS;
      },
      now: () => nowMs,
    },
    checkpoint,
  );
  return { stored, detector };
}

test.each([1, 3])(
  'a job goes on as if it had never stopped, looking at 1 sample of %d',
  async (every) => {
    const times = Array.from({ length: 61 }, (_, i) => i / 7);
    const { stored, detector } = await track(times, every);
    const boxesOf = ({ chunk }: { chunk: SampleChunk }) => [...chunk.boxes];
    const whole = boxesOf(stored.at(-1)!);
    for (const { chunk, samples } of stored.slice(0, -1)) {
      const read = {
        ...{ samples, timeSeconds: chunk.times.at(-1)!, decode: NOTHING_DECODED },
        keySeconds: chunk.keySeconds!,
      };
      const went = await track(times, every, { read, chunk });
      expect(boxesOf(went.stored.at(-1)!)).toEqual(whole);
      const later = [...detector.embedded].filter(([image]) => image >= samples);
      expect([...went.detector.embedded]).toEqual(later);
    }
  },
);

test('a report counts in how much of each image people were detected, however often its job was interrupted', async () => {
  const shares: DetectedShare[] = Array.from({ length: SAMPLES }, (_, i) =>
    i % 15 === 0 ? 'whole' : i % 4 === 0 ? 'nothing' : 'parts',
  );
  /** @param until the detector stops the thread at such a sample */
  const openDetector = (until: number, closing: AbortController) => async () => ({
    ...(await engineHost({} as never).openDetector({} as never, {} as never, () => {})),
    report: new Comparing(1).report,
    async detect(image: number): Promise<DetectedPeople> {
      if (image === until) closing.abort('closing');
      return { ...NO_DETECTIONS, share: shares[image]! };
    },
  });
  const { jobId } = jobRecord();
  const jobs = new MemoryJobStore();
  await jobs.create(jobRecord({ jobId }), undefined, 20);
  for (const until of [40, 90, 140]) {
    const closing = new AbortController();
    const members = { signal: closing.signal, openDetector: openDetector(until, closing) };
    await expect(runJob(jobId, engineHost(jobs, members))).rejects.toBe('closing');
    const { report, samplesDone } = (await jobs.get(jobId))!;
    const { whole, parts: inParts, nothing } = report.shares!;
    expect(whole + inParts + nothing).toBe(samplesDone);
  }
  const whole = openDetector(SAMPLES, new AbortController());
  await runJob(jobId, engineHost(jobs, { openDetector: whole }));
  const { report } = (await jobs.get(jobId))!;
  const count = (wanted: DetectedShare) => shares.filter((share) => share === wanted).length;
  expect(report.shares).toEqual({
    whole: count('whole'),
    parts: count('parts'),
    nothing: count('nothing'),
  });
});
