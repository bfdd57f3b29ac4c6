/** Long because networks that take seconds to load serve all of it. */
import '@tensorflow/tfjs-backend-wasm';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { type GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { load, type ObjectDetection } from '@tensorflow-models/coco-ssd';
import { afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { createDecoder } from '../../src/detect/create-decoder.ts';
import { fadeDoubles } from '../../src/detect/fade-doubles.ts';
import type { DetectorPool, DetectorReport } from '../../src/engine/ports.ts';
import type { DecodedImage, Rotation } from '../../src/media/decoded-image.ts';
import { openVideo } from '../../src/media/open-video.ts';
import { iou } from '../../src/track/box.ts';
import type { Detections } from '../../src/track/detections.ts';
import {
  createDetectorPool,
  type DetectorPoolOptions,
} from '../../workers/detector/pool/detector-pool.ts';
import { loadModel } from '../../workers/detector/pool/load-model.ts';

const MANIFEST = '/models/coco-ssd-person/manifest.json';
const ORIGINAL = '/.cache/models/coco-ssd/model.json';
const SIZE = { width: 300, height: 300 };
const shared = inject('shared');

/** Real frames at the network's size, so that nobody's scaling is compared. */
async function realFrames(name: string, count: number): Promise<HTMLCanvasElement[]> {
  const video = document.createElement('video');
  video.muted = true;
  video.src = `/@fs${shared}/data/videos/${name}`;
  await new Promise((resolve, reject) => {
    video.onloadeddata = resolve;
    video.onerror = () => reject(video.error);
  });
  const frames: HTMLCanvasElement[] = [];
  for (let i = 0; i < count; i++) {
    video.currentTime = ((i + 0.5) * video.duration) / count;
    await new Promise((resolve) => {
      video.onseeked = resolve;
    });
    const canvas = document.createElement('canvas');
    canvas.width = SIZE.width;
    canvas.height = SIZE.height;
    // In main memory, where it outlives a graphics card that goes away; and never without a picture.
    const context = canvas.getContext('2d', { willReadFrequently: true })!;
    const isBlank = () => context.getImageData(0, 0, 1, 1).data[3] !== 255;
    // Until the time of the hook that asks is up: `expect.poll` runs within tests alone.
    while (isBlank()) {
      await new Promise((later) => setTimeout(later));
      context.drawImage(video, 0, 0, SIZE.width, SIZE.height);
    }
    frames.push(canvas);
  }
  return frames;
}

function toImage(canvas: HTMLCanvasElement, rotation: Rotation = 0): DecodedImage {
  const frame = new VideoFrame(canvas, { timestamp: 0 });
  const sideways = rotation % 180 !== 0;
  const [width, height] = sideways ? [canvas.height, canvas.width] : [canvas.width, canvas.height];
  return { frame, rotation, isMirrored: false, width, height };
}

const pools: DetectorPool<DecodedImage>[] = [];
async function openPool(
  options: Partial<DetectorPoolOptions> = {},
): Promise<DetectorPool<DecodedImage>> {
  const pool = await createDetectorPool({
    manifestUrl: MANIFEST,
    backend: 'wasm',
    video: SIZE,
    // Comparisons with the original need its own size; other tests take what is quickest.
    ...(options.video ? {} : { inputSize: SIZE }),
    threads: 1,
    ...options,
  });
  pools.push(pool);
  return pool;
}
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});

beforeAll(async () => {
  setWasmPaths('/node_modules/@tensorflow/tfjs-backend-wasm/dist/');
  setThreadsCount(1);
  await tf.setBackend('wasm');
  await tf.ready();
});

describe.skipIf(shared === '')(
  'on real frames (skipped: no folder of real videos)',
  {
    timeout: 240_000,
  },
  () => {
    let frames: HTMLCanvasElement[];
    let oracle: ObjectDetection;
    let original: GraphModel;
    beforeAll(async () => {
      const sets: [string, number][] = [
        ['PETS09-S2L1.mp4', 10],
        ['TUD-Campus.mp4', 8],
        ['people-detection.mp4', 8],
      ];
      frames = (await Promise.all(sets.map(([name, count]) => realFrames(name, count)))).flat();
      oracle = await load({ base: 'lite_mobilenet_v2', modelUrl: ORIGINAL });
      original = await loadGraphModel(ORIGINAL);
    }, 120_000);

    test('every score and box of the original graph comes out within 1e-3', async () => {
      const prepared = await loadGraphModel('/models/coco-ssd-person/model.json');
      const { manifest } = await loadModel(MANIFEST, 'real');
      const decode = createDecoder(manifest.decode, SIZE);
      let worstScore = 0;
      let worstBox = 0;
      // Of each video: 1917 scores and boxes a frame.
      for (const canvas of frames.filter((_, i) => i % 2 === 0)) {
        const [scores, boxes, raw] = tf.tidy(() => {
          const shades = tf.cast(tf.browser.fromPixels(canvas), 'float32');
          const pixels = tf.expandDims(tf.sub(tf.div(shades, 127.5), 1));
          const outputs = original.execute({ 'Preprocessor/sub': pixels }, [
            'Postprocessor/Slice',
            'Postprocessor/ExpandDims_1',
          ]) as tf.Tensor[];
          return [...outputs, prepared.execute({ image: pixels }, 'raw') as tf.Tensor].map(
            (tensor) => tensor.dataSync() as Float32Array,
          );
        }) as unknown as [Float32Array, Float32Array, Float32Array];
        const found = decode(raw, 0);
        expect(found.count).toBe(1917);
        for (let i = 0; i < found.count; i++) {
          worstScore = Math.max(worstScore, Math.abs(found.scores[i]! - scores[90 * i]!));
          const [top, left, bottom, right] = boxes.subarray(4 * i, 4 * i + 4);
          [left!, top!, right!, bottom!].forEach((expected, k) => {
            worstBox = Math.max(worstBox, Math.abs(found.boxes[4 * i + k]! / 300 - expected));
          });
        }
      }
      expect(worstScore).toBeLessThan(1e-3);
      expect(worstBox).toBeLessThan(1e-3);
    });

    test('the persons that detect() finds are found, and no others, their doubles faded', async () => {
      const pool = await openPool({ minScore: 0.49, maxIou: 0.5 });
      let persons = 0;
      for (const canvas of frames) {
        const theirs = await oracle.detect(canvas, 100, 0.5);
        const ours = await pool.detect(toImage(canvas));
        const list = (found: { bbox: number[] }[]) =>
          Float32Array.from(found.flatMap(({ bbox: [x, y, w, h] }) => [x!, y!, x! + w!, y! + h!]));
        const theirBoxes = list(theirs);
        const people = theirs.filter((their) => their.class === 'person');
        const faded = fadeDoubles({
          count: people.length,
          boxes: list(people),
          scores: Float32Array.from(people, ({ score }) => score),
        });
        persons += faded.count;
        faded.scores.forEach((score, i) => {
          const best = bestMatch(faded.boxes.subarray(4 * i, 4 * i + 4), ours.boxes);
          expect(best.iou).toBeGreaterThan(0.99);
          expect(Math.abs(ours.scores[best.index]! - score)).toBeLessThan(0.005);
        });
        for (let i = 0; i < ours.count; i++) {
          if (ours.scores[i]! < 0.505) continue;
          const { iou, index } = bestMatch(ours.boxes.subarray(4 * i, 4 * i + 4), theirBoxes);
          // detect() suppresses across classes: there a bicycle may have removed its rider.
          const hidden = theirs[index]?.class !== 'person' && iou > 0.5;
          if (!hidden)
            expect(
              iou,
              `frame ${frames.indexOf(canvas)}: ${ours.scores[i]} at ${ours.boxes.subarray(4 * i, 4 * i + 4)}, where detect() has ${JSON.stringify(theirs)}`,
            ).toBeGreaterThan(0.99);
        }
      }
      expect(persons).toBeGreaterThan(50);
    });

    test('NanoDet, fed as it was trained, finds the people of the ground truth', async () => {
      const sequence = 'PETS09-S2L1';
      const video = { width: 768, height: 576 };
      const pool = await openPool({
        manifestUrl: '/models/nanodet-person/manifest.json',
        video,
        minScore: 0.5,
      });
      expect(pool.report).toMatchObject({
        inputs: [
          { width: 384, height: 288 },
          { width: 224, height: 160 },
        ],
      });
      const text = await (
        await fetch(`/@fs${shared}/data/videos/truth/${sequence}/gt/gt.txt`)
      ).text();
      const truth = new Map<number, number[][]>();
      for (const line of text.trim().split('\n')) {
        const [frame, , x, y, w, h] = line.split(',').map(Number) as [number, ...number[]];
        truth.set(frame, [...(truth.get(frame) ?? []), [x!, y!, x! + w!, y! + h!]]);
      }
      const source = await openVideo(
        { url: `/@fs${shared}/data/videos/${sequence}.mp4` },
        { sampleRate: 'all' },
      );
      const counts = { people: 0, found: 0, boxes: 0, frames: 0 };
      for await (const { frame, image } of source.samples(new AbortController().signal)) {
        if (frame % 40 !== 0) {
          image.frame.close();
          continue;
        }
        const { boxes, count } = await pool.detect(image);
        const people = truth.get(frame + 1)!;
        counts.frames++;
        counts.boxes += count;
        counts.people += people.length;
        for (const person of people) {
          if (bestMatch(Float32Array.from(person), boxes).iou >= 0.5) counts.found++;
        }
      }
      await source.close();
      expect(counts.frames).toBe(20);
      expect(counts.found / counts.people).toBeGreaterThan(0.85);
      expect((counts.boxes - counts.found) / counts.frames).toBeLessThan(0.6);
    });

    test.each([
      ['yolox_nano_416', 'yolox', 0.35, { width: 416, height: 416 }],
      ['rtmdet_nano_person', 'rtmdet', 0.35, { width: 320, height: 320 }],
    ] as const)(
      'an ONNX file of the user, %s, agrees with NanoDet',
      async (file, family, minScore, inputSize) => {
        const onnx = `/@fs${shared}/data/models/${file}.onnx`;
        const options = { backend: 'auto', video: SIZE, threads: 1, maxIou: 0.6 } as const;
        const theirs = await createDetectorPool({ onnx, family, inputSize, minScore, ...options });
        pools.push(theirs);
        const ours = await openPool({
          manifestUrl: '/models/nanodet-person/manifest.json',
          inputSize: { width: 320, height: 320 },
          minScore: 0.6,
        });
        let found = 0;
        let expected = 0;
        for (const canvas of frames.slice(0, 4)) {
          const sure = await ours.detect(toImage(canvas));
          const { boxes } = await theirs.detect(toImage(canvas));
          expected += sure.count;
          for (let i = 0; i < sure.count; i++) {
            if (bestMatch(sure.boxes.subarray(4 * i, 4 * i + 4), boxes).iou > 0.5) found++;
          }
        }
        expect(theirs.report).toMatchObject({ backend: 'wasm', inputs: [inputSize] });
        expect(expected).toBeGreaterThan(8);
        expect(found / expected).toBeGreaterThan(0.9);
      },
    );

    test('an ONNX file of another family is refused with the reason', async () => {
      const onnx = `/@fs${shared}/data/models/rtmdet_nano_person.onnx`;
      const options = { onnx, family: 'yolox', backend: 'wasm', video: SIZE, threads: 1 } as const;
      await expect(createDetectorPool(options)).rejects.toMatchObject({
        kind: 'model-damaged',
        message: expect.stringMatching(
          /rtmdet_nano_person\.onnx cannot be used: it has no input images/,
        ),
      });
    });

    test('boxes are those of the displayed frame, whatever the rotation', async () => {
      const pool = await openPool({ minScore: 0.5 });
      const upright = frames[11]!;
      const expected = await pool.detect(toImage(upright));
      expect(expected.count).toBeGreaterThan(0);
      for (const rotation of [90, 180, 270] as const) {
        const coded = document.createElement('canvas');
        [coded.width, coded.height] = [SIZE.width, SIZE.height];
        const context = coded.getContext('2d')!;
        context.translate(150, 150);
        context.rotate((-rotation * Math.PI) / 180);
        context.drawImage(upright, -150, -150);
        const found = await pool.detect(toImage(coded, rotation));
        expect(found.count).toBe(expected.count);
        const best = bestMatch(expected.boxes.subarray(0, 4), found.boxes);
        expect(best.iou).toBeGreaterThan(0.95);
      }
    });

    test('two threads give the answers of one, each to its own question', async () => {
      const one = await openPool();
      const two = await openPool({ threads: 2 });
      expect(two.report.concurrency).toBe(2);
      const few = frames.slice(0, 8);
      const expected: Detections[] = [];
      for (const canvas of few) expected.push(await one.detect(toImage(canvas)));
      expect(await Promise.all(few.map((canvas) => two.detect(toImage(canvas))))).toEqual(expected);
    });

    test('one frame on WebGPU gives what wasm gives', async (context) => {
      const adapter = await navigator.gpu?.requestAdapter();
      if (!adapter) return context.skip('this browser offers no WebGPU adapter');
      // Small, and of the narrower of both networks: a graphics card in software takes minutes for the other.
      const size = { width: 64, height: 64 };
      const frame = Object.assign(document.createElement('canvas'), size);
      frame.getContext('2d')!.drawImage(frames[11]!, 0, 0, size.width, size.height);
      const manifestUrl = '/models/nanodet-person/manifest.json';
      const options = { manifestUrl, video: size, inputSize: size, minScore: 0.1 };
      const expected = await (await openPool(options)).detect(toImage(frame));
      const pool = await openPool({ ...options, backend: 'webgpu' });
      const found = await pool.detect(toImage(frame));
      // Who is near the least score may be left out by either.
      let sure = 0;
      for (const [ones, others] of [
        [expected, found],
        [found, expected],
      ] as const) {
        for (let i = 0; i < ones.count; i++) {
          if (ones.scores[i]! < 0.15) continue;
          sure++;
          const { iou, index } = bestMatch(ones.boxes.subarray(4 * i, 4 * i + 4), others.boxes);
          expect(iou).toBeGreaterThan(0.99);
          expect(Math.abs(ones.scores[i]! - others.scores[index]!)).toBeLessThan(0.005);
        }
      }
      expect(sure).toBeGreaterThan(4);
    });
  },
);

function bestMatch(box: Float32Array, boxes: Float32Array): { iou: number; index: number } {
  let best = { iou: 0, index: -1 };
  for (let i = 0; i < boxes.length / 4; i++) {
    const overlap = iou(box, 0, boxes, i);
    if (overlap > best.iou) best = { iou: overlap, index: i };
  }
  return best;
}

/** A picture without anybody. */
function emptyImage(): DecodedImage {
  return toImage(Object.assign(document.createElement('canvas'), SIZE));
}

/** Every thread that was made, and those of them that were ended. */
const threads: Worker[] = [];
const ended = new Set<Worker>();

beforeAll(() => {
  const RealWorker = Worker;
  vi.stubGlobal(
    'Worker',
    class extends RealWorker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        threads.push(this);
      }
      override terminate() {
        super.terminate();
        ended.add(this);
      }
    },
  );
  return () => vi.unstubAllGlobals();
});

type Request = { type: string; id: number; backend?: string };

/** Sees what threads are told. @param take answers whether it dealt with the message itself */
function intercept(take: (thread: Worker, request: Request, transfer: unknown) => boolean) {
  const send = Worker.prototype.postMessage;
  return vi.spyOn(Worker.prototype, 'postMessage').mockImplementation(function (
    this: Worker,
    ...[request, transfer]: unknown[]
  ) {
    if (!take(this, request as Request, transfer)) Reflect.apply(send, this, [request, transfer]);
  });
}

/** Answers for a thread. */
function refuse(thread: Worker, id: number, kind: string, message: string): void {
  const data = { type: 'failed', id, failure: { kind, message } };
  queueMicrotask(() => thread.dispatchEvent(new MessageEvent('message', { data })));
}

describe('starting', () => {
  test.each([
    ['wasm', 'wasm', 'weights.bin'],
    ['auto', 'int8', 'int8.bin'],
  ] as const)(
    'on %s all threads start together while the model is read, once',
    async (backend, taken, weights) => {
      const before = threads.length;
      let whenRead = 0;
      let reads = 0;
      const { fetch } = window;
      const spy = vi.spyOn(window, 'fetch').mockImplementation(async (input, init) => {
        if (!String(input).endsWith(weights)) return fetch(input, init);
        reads++;
        await expect.poll(() => threads.length).toBeGreaterThan(before);
        whenRead = threads.length - before;
        return fetch(input, init);
      });
      const pool = await openPool({ backend, threads: 3 });
      spy.mockRestore();
      expect(pool.report).toMatchObject({ backend: taken, concurrency: 3 });
      expect({ whenRead, reads, made: threads.length - before }).toEqual({
        whenRead: 3,
        reads: 1,
        made: 3,
      });
    },
  );

  test('a thread that does not load ends the others', async () => {
    const before = threads.length;
    const spy = intercept((thread, { type, id }) => {
      if (type !== 'load' || thread !== threads[before + 1]) return false;
      refuse(thread, id, 'model-damaged', 'no room');
      return true;
    });
    await expect(openPool({ threads: 3 })).rejects.toMatchObject({ kind: 'model-damaged' });
    spy.mockRestore();
    expect(threads.slice(before).map((thread) => ended.has(thread))).toEqual([true, true, true]);
  });

  test('a thread that does not load is told of at once, though another says nothing', async () => {
    const before = threads.length;
    const spy = intercept((thread, { type, id }) => {
      if (type !== 'load') return false;
      if (thread === threads[before + 1]) refuse(thread, id, 'model-damaged', 'no room');
      return true;
    });
    await expect(openPool({ threads: 2 })).rejects.toMatchObject({ kind: 'model-damaged' });
    spy.mockRestore();
    expect(threads.slice(before).map((thread) => ended.has(thread))).toEqual([true, true]);
  });

  test('a thread whose files do not load where those of others do is started once more', async () => {
    const before = threads.length;
    const spy = intercept((thread, { type, id }) => {
      if (type !== 'load' || thread !== threads[before + 1]) return false;
      refuse(thread, id, 'engine-missing', 'not there');
      return true;
    });
    const pool = await openPool({ threads: 2 });
    spy.mockRestore();
    expect(pool.report.concurrency).toBe(2);
    expect(threads.slice(before).map((thread) => ended.has(thread))).toEqual([false, true, false]);
    await pool.close();
  });

  test('a graphics card on which the network does not run leaves it to the processor', async () => {
    const before = threads.length;
    const info = {
      vendor: 'some',
      architecture: 'card',
      description: '',
      isFallbackAdapter: false,
    };
    const gpu = { requestAdapter: async () => ({ info }) };
    Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true });
    const spy = intercept((thread, { type, id }) => {
      if (thread !== threads[before] || type === 'forget') return false;
      if (type === 'load') refuse(thread, id, 'detector-failed', 'a shader is refused');
      else thread.dispatchEvent(new MessageEvent('message', { data: { type: 'started', id } }));
      return true;
    });
    const pool = await openPool({ backend: 'auto', threads: 1 });
    spy.mockRestore();
    Reflect.deleteProperty(navigator, 'gpu');
    expect(pool.report).toMatchObject({ backend: 'int8', concurrency: 1 });
    expect(pool.report.notes).toContain('webgpu: a shader is refused');
    await pool.close();
  });

  test('a model that is not there leaves no thread behind', async () => {
    const before = threads.length;
    const missing = { manifestUrl: '/models/none/manifest.json', threads: 2 };
    await expect(openPool(missing)).rejects.toMatchObject({ kind: 'model-missing' });
    expect(threads.slice(before).map((thread) => ended.has(thread))).toEqual([true, true]);
  });
});

describe('quality by the time there is', () => {
  const video = { width: 160, height: 120 };
  const nanodet = { manifestUrl: '/models/nanodet-person/manifest.json', video };

  test.each([
    [Number.POSITIVE_INFINITY, 'accurate'],
    [0, 'fast'],
  ] as const)('%s milliseconds a frame allow %s', async (frameBudgetMs, quality) => {
    const pool = await openPool({
      ...nanodet,
      quality: 'auto',
      video: { ...nanodet.video, frameBudgetMs },
      threads: 2,
    });
    const chosen = await openPool({ ...nanodet, quality });
    expect(pool.report.inputs).toEqual(chosen.report.inputs);
    expect(pool.report.notes.join()).toContain(`quality: ${quality}, at about`);
    const found = await Promise.all([pool.detect(emptyImage()), pool.detect(emptyImage())]);
    const expected = await chosen.detect(emptyImage());
    for (const one of found) expect(one).toEqual(expected);
  });

  test('a job that goes on keeps what was chosen', async () => {
    const { report } = await openPool({
      ...nanodet,
      quality: 'auto',
      video: { ...nanodet.video, frameBudgetMs: 0 },
    });
    const again = await openPool({ ...nanodet, quality: 'auto', began: report });
    expect(again.report).toEqual(report);
  });
});

describe('going on with what a job began with', () => {
  const began: DetectorReport = {
    model: 'coco-ssd-person',
    fingerprint: '',
    backend: 'cpu',
    inputs: [{ width: 64, height: 64 }],
    scoreThreshold: 0.5,
    concurrency: 1,
    notes: ['webgpu: no adapter'],
  };
  const video = { width: 640, height: 360 };

  test('takes its backend and its inputs again, whatever would be chosen now', async () => {
    const { report } = await openPool({ backend: 'auto', video, began });
    expect(report).toMatchObject({ backend: 'cpu', inputs: began.inputs, notes: began.notes });
  });

  test('takes another backend where that one is gone, and says so', async () => {
    const spy = intercept((thread, request) => {
      if (request.type !== 'start' || request.backend !== 'webgl') return false;
      refuse(thread, request.id, 'backend-unavailable', 'no adapter');
      return true;
    });
    const { report } = await openPool({
      backend: 'auto',
      video,
      began: { ...began, backend: 'webgl' },
    });
    spy.mockRestore();
    expect(report).toMatchObject({ backend: 'int8', inputs: began.inputs });
    expect(report.notes[0]).toBe('webgl: computed the part before the interruption (no adapter)');
  });

  test('tells networks apart by what is in them', async () => {
    const [one, same, other] = await Promise.all(
      ['coco-ssd-person', 'coco-ssd-person', 'nanodet-person'].map(async (model) => {
        const { report } = await openPool({ manifestUrl: `/models/${model}/manifest.json`, video });
        return report.fingerprint;
      }),
    );
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(same).toBe(one);
    expect(other).not.toBe(one);
  });

  test('chooses inputs anew for another model', async () => {
    const { report } = await openPool({
      backend: 'auto',
      video,
      began: { ...began, model: 'older', backend: 'wasm' },
    });
    expect(report.inputs).not.toEqual(began.inputs);
  });
});

describe('the pool', () => {
  test('a software adapter is never chosen over the processor, and the report says so', async () => {
    const { report } = await openPool({ backend: 'auto', threads: 1 });
    expect(report.backend).toBe('int8');
    expect(report.notes.join()).toMatch(/webgpu: .*webgl: /);
  });

  test('closes the frames it is given', async () => {
    const pool = await openPool();
    const image = emptyImage();
    expect((await pool.detect(image)).count).toBe(0);
    expect(image.frame.format).toBeNull();
  });

  test('closing settles every call and closes every frame', async () => {
    const pool = await openPool();
    const images = [emptyImage(), emptyImage(), emptyImage()];
    const calls = images.map((image) => pool.detect(image));
    const settled = Promise.allSettled(calls);
    await pool.close();
    await pool.close();
    for (const result of await settled) {
      expect(result).toMatchObject({ status: 'rejected', reason: { kind: 'stopped' } });
    }
    const late = emptyImage();
    await expect(pool.detect(late)).rejects.toMatchObject({ kind: 'stopped' });
    for (const image of [...images, late]) expect(image.frame.format).toBeNull();
  });

  test('a frame that was closed before is a failure, not a hang', async () => {
    const pool = await openPool();
    const image = emptyImage();
    image.frame.close();
    await expect(pool.detect(image)).rejects.toMatchObject({ kind: 'detector-failed' });
    expect((await pool.detect(emptyImage())).count).toBe(0);
  });

  describe('when a thread dies', () => {
    /** Ends a thread as the browser does: it stops, and the event tells. */
    const kill = (thread: Worker) => {
      thread.terminate();
      thread.dispatchEvent(new ErrorEvent('error', { message: 'out of memory' }));
    };

    test('another takes over its frame', async () => {
      const pool = await openPool();
      const call = pool.detect(emptyImage());
      kill(threads.at(-1)!);
      expect((await call).count).toBe(0);
      expect((await pool.detect(emptyImage())).count).toBe(0);
    });

    test('when its GPU does not come back, the processor goes on and the report says so', async () => {
      // The first thread stands for a GPU; the next answers as on a machine whose driver is gone.
      const send = Worker.prototype.postMessage;
      let started = 0;
      const spy = intercept((thread, request, transfer) => {
        if (request.type !== 'start' || request.backend !== 'webgl') return false;
        if (started++ > 0) refuse(thread, request.id, 'backend-unavailable', 'no adapter');
        else Reflect.apply(send, thread, [{ ...request, backend: 'wasm' }, transfer]);
        return true;
      });
      const pool = await openPool({ backend: 'webgl' });
      expect(pool.report.backend).toBe('webgl');
      const call = pool.detect(emptyImage());
      threads
        .at(-1)!
        .dispatchEvent(
          new MessageEvent('message', { data: { type: 'lost', reason: 'driver reset' } }),
        );
      expect((await call).count).toBe(0);
      expect(pool.report.backend).toBe('int8');
      expect(pool.report.notes.join()).toMatch(/webgl: lost during the job \(no adapter\)/);
      spy.mockRestore();
    });

    test('a frame that kills twice fails, and the pool goes on', async () => {
      const pool = await openPool();
      const image = emptyImage();
      const call = pool.detect(image);
      const before = threads.length;
      kill(threads.at(-1)!);
      await expect.poll(() => threads.length).toBeGreaterThan(before);
      kill(threads.at(-1)!);
      await expect(call).rejects.toMatchObject({ kind: 'worker-crashed' });
      expect(image.frame.format).toBeNull();
    });
  });
});

describe('a model that is not there', () => {
  test('is missing when the server answers 404 or a page, and the message names address and remedy', async () => {
    await expect(openPool({ manifestUrl: '/models/none/manifest.json' })).rejects.toMatchObject({
      kind: 'model-missing',
      message: expect.stringMatching(/\/models\/none\/manifest\.json.*npm run setup/s),
    });
    const page = URL.createObjectURL(new Blob(['<!doctype html><title>App</title>']));
    await expect(openPool({ manifestUrl: page })).rejects.toMatchObject({ kind: 'model-missing' });
  });

  test('is never taken from another site', async () => {
    const call = openPool({ manifestUrl: 'https://models.example/manifest.json' });
    await expect(call).rejects.toMatchObject({ kind: 'model-missing' });
  });

  test('is damaged when a file is not the one of the manifest', async () => {
    const manifest = await (await fetch(MANIFEST)).json();
    manifest.files.find((file: { path: string }) => file.path === 'weights.bin').sha256 =
      '0'.repeat(64);
    const realFetch = window.fetch;
    const spy = vi
      .spyOn(window, 'fetch')
      .mockImplementation((input, init) =>
        String(input).endsWith(MANIFEST)
          ? Promise.resolve(new Response(JSON.stringify(manifest)))
          : realFetch(input, init),
      );
    await expect(openPool()).rejects.toMatchObject({
      kind: 'model-damaged',
      message: expect.stringMatching(/weights\.bin.*checksum/s),
    });
    spy.mockRestore();
  });
});
