/** Detector threads that several jobs use in turn, in a real browser: how many are started, and that no job sees another's. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test, vi } from 'vitest';
import { createPersonTracking } from '../../src/client/person-tracking.ts';
import type { DetectionExtent, DetectorPool } from '../../src/engine/ports.ts';
import type { DecodedImage } from '../../src/media/decoded-image.ts';
import { openVideo } from '../../src/media/open-video.ts';
import type { Detections } from '../../src/track/detections.ts';
import {
  createDetectorPool,
  type DetectorPoolOptions,
} from '../../workers/detector/pool/detector-pool.ts';
import { KeptThreads } from '../../workers/detector/pool/kept-threads.ts';
import { JobRunner } from '../../workers/job-runner.ts';
import { makeVideo } from '../fixtures/make-video.ts';

const shared = inject('shared');
const VIDEO = { width: 640, height: 360 };

/** Detector threads in the order in which they were made, and those of them that were ended. */
const threads: Worker[] = [];
const ended = new Set<Worker>();
const alive = () => threads.filter((thread) => !ended.has(thread));

beforeAll(() => {
  const RealWorker = Worker;
  vi.stubGlobal(
    'Worker',
    class extends RealWorker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        if (options?.name === 'footpath-detector') threads.push(this);
      }
      override terminate() {
        super.terminate();
        ended.add(this);
      }
    },
  );
});
afterAll(() => {
  vi.unstubAllGlobals();
});

let kept: KeptThreads;
beforeEach(() => {
  threads.length = 0;
  kept = new KeptThreads();
});
afterEach(() => {
  kept.close();
  vi.restoreAllMocks();
  expect(alive()).toEqual([]);
});

const open = (options: Partial<DetectorPoolOptions> = {}) =>
  createDetectorPool({
    manifestUrl: '/models/nanodet-person/manifest.json',
    backend: 'int8',
    quality: 'fast',
    motionGate: true,
    video: VIDEO,
    threads: 2,
    kept,
    ...options,
  });

/** A picture of the sample with a block before it. */
async function pictures(...blocks: (readonly [x: number, y: number])[]): Promise<DecodedImage[]> {
  const source = await openVideo({ url: '/samples/footpath-sample.mp4' }, { sampleRate: 5 });
  const { value } = await source.samples(new AbortController().signal).next();
  const { frame, ...image } = value!.image;
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext('2d')!;
  const made = blocks.map(([x, y]): DecodedImage => {
    context.drawImage(frame, 0, 0);
    context.fillStyle = '#804020';
    context.fillRect(x, y, 90, 90);
    return { ...image, frame: new VideoFrame(canvas, { timestamp: 0 }) };
  });
  frame.close();
  await source.close();
  return made;
}

/** What is found in pictures of which the first is compared with by the others. */
async function detect(
  pool: DetectorPool<DecodedImage>,
  ...blocks: (readonly [x: number, y: number])[]
): Promise<Detections[]> {
  const found: Promise<Detections>[] = [];
  for (const [i, image] of (await pictures(...blocks)).entries()) {
    const extent: DetectionExtent = i === 0 ? 'whole' : 'changes';
    found.push(pool.detect(image, extent));
  }
  return Promise.all(found);
}

test('of jobs that ask for the same, the first starts threads and reads the model, and none sees what another saw', async () => {
  const spy = vi.spyOn(window, 'fetch');
  const found: Detections[][] = [];
  for (const x of [0, 200, 400]) {
    const pool = await open();
    found.push(await detect(pool, [x, 40], [x + 20, 40], [x, 40]));
    await pool.close();
    await expect(pool.detect((await pictures([0, 0]))[0]!)).rejects.toMatchObject({
      kind: 'stopped',
    });
  }
  expect(threads).toHaveLength(2);
  const read = spy.mock.calls.map(([address]) => String(address)).filter((a) => /models/.test(a));
  expect(new Set(read).size).toBe(read.length);
  // As threads of their own find them.
  for (const [i, x] of [0, 200, 400].entries()) {
    const own = new KeptThreads();
    const pool = await open({ kept: own });
    expect(await detect(pool, [x, 40], [x + 20, 40], [x, 40])).toEqual(found[i]);
    await pool.close();
    own.close();
  }
  expect(alive()).toHaveLength(2);
});

test.each([
  ['another quality', { quality: 'balanced' }],
  ['another backend', { backend: 'wasm' }],
  ['another model', { manifestUrl: '/models/coco-ssd-person/manifest.json', backend: 'wasm' }],
  ['another video’s size', { video: { width: 360, height: 640 } }],
  ['fewer threads', { threads: 1 }],
] as const)('who asks for %s gets threads of its own, and the others end', async (_, changes) => {
  await (await open()).close();
  expect(alive()).toHaveLength(2);
  const pool = await open(changes);
  expect(threads.slice(0, 2).map((thread) => ended.has(thread))).toEqual([true, true]);
  expect((await detect(pool, [0, 0]))[0]!.count).toBeGreaterThan(0);
  await pool.close();
});

test.skipIf(shared === '')(
  'a network of the user’s own is known again by what is in its file (skipped: no folder of models)',
  async () => {
    const read = async (name: string) =>
      (await fetch(`/@fs${shared}/data/models/${name}.onnx`)).arrayBuffer();
    const file = async (name: string) => new File([await read(name)], 'mine.onnx');
    const own = { family: 'yolox', backend: 'auto', video: VIDEO, threads: 1, kept } as const;
    const found: Detections[] = [];
    for (let job = 0; job < 2; job++) {
      const pool = await createDetectorPool({ ...own, onnx: await file('yolox_nano_416') });
      found.push(...(await detect(pool, [0, 0])));
      await pool.close();
    }
    expect(threads).toHaveLength(1);
    expect(found[1]).toEqual(found[0]);
    const other = await createDetectorPool({ ...own, onnx: await file('yolox_nano_480x640') });
    expect(other.report.inputs).toEqual([{ width: 640, height: 480 }]);
    await other.close();
    expect(threads).toHaveLength(2);
  },
);

test('threads load the model while the video is being opened, and end with one that cannot be', async () => {
  const spy = vi.spyOn(window, 'fetch');
  const read = () => spy.mock.calls.some(([address]) => /int8\.bin/.test(String(address)));
  let know!: (video: typeof VIDEO) => void;
  const opening = open({
    video: new Promise((resolve) => {
      know = resolve;
    }),
  });
  await expect.poll(read).toBe(true);
  expect(threads).toHaveLength(2);
  know(VIDEO);
  const pool = await opening;
  expect(threads).toHaveLength(2);
  expect((await detect(pool, [0, 0]))[0]!.count).toBeGreaterThan(0);
  await pool.close();
  kept.close();
  kept = new KeptThreads();
  await expect(open({ video: Promise.reject(new Error('no video')) })).rejects.toThrow('no video');
  expect(threads).toHaveLength(4);
});

test.each([1, 0])('a device that tells of %d cores has one thread', async (cores) => {
  vi.spyOn(navigator, 'hardwareConcurrency', 'get').mockReturnValue(cores);
  const pool = await createDetectorPool({
    manifestUrl: '/models/nanodet-person/manifest.json',
    backend: 'auto',
    quality: 'fast',
    video: VIDEO,
  });
  await pool.close();
  expect(pool.report).toMatchObject({ backend: 'int8', concurrency: 1 });
  expect(threads).toHaveLength(1);
});

test('what a stopped job has in flight ends with its threads', async () => {
  const pool = await open();
  const [first, second, third] = await pictures([0, 0], [200, 0], [400, 0]);
  const calls = [first, second, third].map((image) => pool.detect(image!));
  const settled = Promise.allSettled(calls);
  await pool.close();
  for (const { status } of await settled) expect(status).toBe('rejected');
  expect(alive()).toEqual([]);
  const next = await open();
  expect((await detect(next, [0, 0]))[0]!.count).toBeGreaterThan(0);
  await next.close();
  expect(threads).toHaveLength(4);
});

test('a thread that dies between two jobs is noticed by neither', async () => {
  await (await open()).close();
  const [first] = threads;
  first!.terminate();
  first!.dispatchEvent(new ErrorEvent('error', { message: 'out of memory' }));
  const pool = await open();
  expect(pool.report.notes).toEqual([]);
  expect((await detect(pool, [0, 0]))[0]!.count).toBeGreaterThan(0);
  await pool.close();
  expect(threads).toHaveLength(4);
  expect(alive()).toHaveLength(2);
});

test('a job in which a thread died leaves none', async () => {
  const pool = await open({ threads: 1 });
  const [image] = await pictures([0, 0]);
  const call = pool.detect(image!);
  threads[0]!.terminate();
  threads[0]!.dispatchEvent(new ErrorEvent('error', { message: 'out of memory' }));
  expect((await call).count).toBeGreaterThan(0);
  await pool.close();
  expect(threads).toHaveLength(2);
  expect(alive()).toEqual([]);
});

test('threads that nobody asks for end after a while', async () => {
  kept = new KeptThreads(200);
  await (await open()).close();
  expect(alive()).toHaveLength(2);
  await expect.poll(alive).toEqual([]);
});

test('a queue of files is worked through by the threads of the first', {
  timeout: 240_000,
}, async () => {
  const database = `test-${crypto.randomUUID()}`;
  const options = { assets: '/', database, backend: 'int8', quality: 'fast' } as const;
  let release = () => {};
  // Nobody works on the queue until it is complete.
  const isHeld = new Promise<void>((held) => {
    void navigator.locks.request(`footpath:${database}:slot:0`, () => {
      held();
      return new Promise<void>((free) => {
        release = free;
      });
    });
  });
  await isHeld;
  const page = createPersonTracking(options);
  const jobs: string[] = [];
  const [clip, long] = [await makeVideo({ seconds: 0.5 }), await makeVideo({ seconds: 60 })];
  for (const [Name, Body] of Object.entries({ first: clip, second: clip, long, last: clip })) {
    await page.putObject({ Bucket: 'videos', Key: Name, Body });
    jobs.push(
      (await page.startPersonTracking({ Video: { S3Object: { Bucket: 'videos', Name } } })).JobId,
    );
  }
  await page.close();
  // What its worker does is done here, where threads can be counted.
  const assets = new URL('/', location.href).href;
  const config = { runner: crypto.randomUUID(), database, assets, workers: 2, concurrency: 1 };
  const runner = new JobRunner(config, async () => false);
  runner.wake();
  release();
  const watch = createPersonTracking(options);
  try {
    expect((await watch.waitForJob(jobs[1]!)).status).toBe('SUCCEEDED');
    expect(threads).toHaveLength(2);
    await expect.poll(async () => (await watch.getJob(jobs[2]!)).progress.stage).toBe('tracking');
    expect(threads).toHaveLength(2);
    await watch.stopJob(jobs[2]!);
    expect((await watch.waitForJob(jobs[3]!)).status).toBe('SUCCEEDED');
    // Where it was stopped in the middle of a frame there are others.
    expect(alive()).toHaveLength(2);
    const [first, last] = await Promise.all(
      [jobs[0]!, jobs[3]!].map((JobId) => watch.getPersonTracking({ JobId })),
    );
    expect(last!.Persons).toEqual(first!.Persons);
  } finally {
    await runner.close();
    await watch.close();
  }
  expect(alive()).toEqual([]);
});
