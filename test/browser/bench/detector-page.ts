/** The page that the detector bench drives: detectors side by side on the frames of real videos. */
import '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgpu';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import wasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import * as tf from '@tensorflow/tfjs-core';
import { load } from '@tensorflow-models/coco-ssd';
import { suppress } from '../../../src/detect/suppression.ts';
import type { DetectorReport } from '../../../src/engine/ports.ts';
import type { DecodedImage } from '../../../src/media/decoded-image.ts';
import { openVideo } from '../../../src/media/open-video.ts';
import type { Detections } from '../../../src/track/detections.ts';
import {
  createDetectorPool,
  type OnnxModel,
  type PoolOptions,
  type PreparedModel,
} from '../../../workers/detector/pool/detector-pool.ts';
import { ownCopy } from './own-copy.ts';

/** What one row of the bench runs: coco-ssd's own `detect()`, or a pool of ours. */
export type BenchDetector =
  | { readonly kind: 'coco-ssd'; readonly backend: string }
  | {
      readonly kind: 'pool';
      /** Cuts the frame into so many overlapping columns, each at the pool's input size. */
      readonly tiles?: number;
      readonly model: PreparedModel | OnnxModel;
      readonly options: Omit<PoolOptions, 'video' | 'onProgress'>;
    };

interface Opened {
  /** Absent for `detect()`. */
  readonly report?: DetectorReport;
  /** Closes the image. */
  detect(image: DecodedImage): Promise<Detections>;
  close(): Promise<void>;
}

async function open(
  detector: BenchDetector,
  video: { width: number; height: number },
): Promise<Opened> {
  if (detector.kind === 'coco-ssd') return openCocoSsd(detector.backend);
  const { tiles = 1, model, options } = detector;
  const pool = await createDetectorPool({ ...model, ...options, video });
  if (tiles === 1) return pool;
  return {
    report: pool.report,
    close: () => pool.close(),
    detect: (image) => detectInTiles(image, tiles, (tile) => pool.detect(tile)),
  };
}

/** The obvious way: the frame on a canvas, and `detect()` as it comes. */
async function openCocoSsd(backend: string): Promise<Opened> {
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths({
    'tfjs-backend-wasm.wasm': wasmUrl,
    'tfjs-backend-wasm-simd.wasm': wasmUrl,
    'tfjs-backend-wasm-threaded-simd.wasm': wasmUrl,
  });
  setThreadsCount(1);
  await tf.setBackend(backend);
  await tf.ready();
  const model = await load({
    base: 'lite_mobilenet_v2',
    modelUrl: '/.cache/models/coco-ssd/model.json',
  });
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  return {
    async detect({ frame, width, height }) {
      [canvas.width, canvas.height] = [width, height];
      context.drawImage(frame, 0, 0, width, height);
      frame.close();
      const persons = (await model.detect(canvas)).filter((found) => found.class === 'person');
      return {
        count: persons.length,
        boxes: Float32Array.from(persons.flatMap(({ bbox: [x, y, w, h] }) => [x, y, x + w, y + h])),
        scores: Float32Array.from(persons, ({ score }) => score),
      };
    },
    async close() {
      model.dispose();
    },
  };
}

/** Columns that overlap by a quarter of their width, found apart and joined. */
async function detectInTiles(
  { frame, width, height }: DecodedImage,
  tiles: number,
  detect: (image: DecodedImage) => Promise<Detections>,
): Promise<Detections> {
  const tileWidth = 2 * Math.floor(width / (tiles - (tiles - 1) / 4) / 2);
  const found = await Promise.all(
    Array.from({ length: tiles }, async (_, i) => {
      const x = 2 * Math.round((i * (width - tileWidth)) / (tiles - 1) / 2);
      const tile = new VideoFrame(frame, {
        visibleRect: { x, y: 0, width: tileWidth, height },
        displayWidth: tileWidth,
        displayHeight: height,
      });
      const { boxes, scores } = await detect({
        frame: tile,
        rotation: 0,
        isMirrored: false,
        width: tileWidth,
        height,
      });
      for (let k = 0; k < boxes.length; k += 2) boxes[k]! += x;
      return { boxes, scores };
    }),
  );
  frame.close();
  const scores = Float32Array.from(found.flatMap((part) => [...part.scores]));
  const boxes = Float32Array.from(found.flatMap((part) => [...part.boxes]));
  return suppress({ count: scores.length, boxes, scores }, 0.6);
}

/**
 * Detects in every `step`th frame of a video.
 * @returns MOTChallenge rows: frame from 1, -1, left, top, width, height, score
 */
async function grade(detector: BenchDetector, url: string, step: number) {
  const source = await openVideo({ url }, { sampleRate: 'all' });
  const opened = await open(detector, source.info);
  const rows: string[] = [];
  const running: Promise<void>[] = [];
  for await (const { frame, image } of source.samples(new AbortController().signal)) {
    if (frame % step !== 0) {
      image.frame.close();
      continue;
    }
    const task = opened.detect(image).then(({ count, boxes, scores }) => {
      for (let i = 0; i < count; i++) {
        const [x0, y0, x1, y1] = boxes.subarray(4 * i, 4 * i + 4) as unknown as number[];
        rows.push([frame + 1, -1, x0, y0, x1! - x0!, y1! - y0!, scores[i]].join());
      }
    });
    running.push(task);
    if (running.length >= (opened.report?.concurrency ?? 1)) await running.shift();
  }
  await Promise.all(running);
  await opened.close();
  await source.close();
  const inputs = opened.report?.inputs ?? [{ width: 300, height: 300 }];
  return {
    text: rows.join('\n'),
    inputs: inputs.map(({ width, height }) => `${width}x${height}`).join(' and '),
  };
}

/**
 * Sets each detector against the first on the same frames, in short turns A B A B A: a machine that gets slower or
 * faster meanwhile does so for both.
 * @param turnFrames frames a turn
 * @returns for each detector its turns' milliseconds a frame, and of the first one's turns before and after each the mean
 */
async function time(
  detectors: readonly BenchDetector[],
  url: string,
  turns: number,
  turnFrames: number,
) {
  const source = await openVideo({ url }, { sampleRate: 'all' });
  const copies: (() => DecodedImage)[] = [];
  for await (const { image } of source.samples(new AbortController().signal)) {
    copies.push(await ownCopy(image));
    if (copies.length === turnFrames * Math.min(turns, 8)) break;
  }
  await source.close();

  const takeTurn = async (opened: Opened, turn: number): Promise<number> => {
    let done = 0;
    const lane = async () => {
      while (done < turnFrames) {
        const copy = copies[(turn * turnFrames + done++) % copies.length]!;
        await opened.detect(copy());
      }
    };
    const start = performance.now();
    await Promise.all(Array.from({ length: opened.report?.concurrency ?? 1 }, lane));
    return (performance.now() - start) / turnFrames;
  };

  const [first, ...others] = detectors;
  const base = await open(first!, source.info);
  await takeTurn(base, 0);
  const results: { backend?: string; own: number[]; base: number[] }[] = [];
  for (const detector of others) {
    const opened = await open(detector, source.info);
    await takeTurn(opened, 0);
    const own: number[] = [];
    const around: number[] = [];
    let before = await takeTurn(base, 0);
    for (let turn = 0; turn < turns; turn++) {
      own.push(await takeTurn(opened, turn));
      const after = await takeTurn(base, turn + 1);
      around.push((before + after) / 2);
      before = after;
    }
    await opened.close();
    const backend = opened.report?.backend;
    results.push({ own, base: around, ...(backend ? { backend } : {}) });
  }
  await base.close();
  const own = results.flatMap((result) => result.base);
  return [{ own, base: own }, ...results];
}

/** What the bench calls. */
export interface BenchPage {
  grade: typeof grade;
  time: typeof time;
}
Object.assign(window, { bench: { grade, time } satisfies BenchPage });
document.title = 'ready';
