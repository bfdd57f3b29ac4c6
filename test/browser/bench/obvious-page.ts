/**
 * What a page would do without this project: a `<video>` sought from sample to sample, `detect()` of coco-ssd on it,
 * the model as published, on tfjs's wasm backend.
 */

import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import wasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import wasmSimdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import wasmThreadsUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import { load } from '@tensorflow-models/coco-ssd';

/**
 * @param timesSeconds where to look
 * @returns milliseconds of loading and of all samples, and the boxes of persons found
 */
async function runObviousPage(timesSeconds: readonly number[]) {
  const startMs = performance.now();
  setWasmPaths({
    'tfjs-backend-wasm.wasm': wasmUrl,
    'tfjs-backend-wasm-simd.wasm': wasmSimdUrl,
    'tfjs-backend-wasm-threaded-simd.wasm': wasmThreadsUrl,
  });
  await tf.setBackend('wasm');
  const model = await load({
    base: 'lite_mobilenet_v2',
    modelUrl: new URL('/original/model.json', location.href).href,
  });
  const video = await openVideoElement(new URL('/video', location.href).href);
  const loadedMs = performance.now();
  let boxes = 0;
  for (const timeSeconds of timesSeconds) {
    await seek(video, timeSeconds);
    const found = await model.detect(video);
    boxes += found.filter((object) => object.class === 'person').length;
  }
  return { startUpMs: loadedMs - startMs, samplesMs: performance.now() - loadedMs, boxes };
}

async function openVideoElement(url: string): Promise<HTMLVideoElement> {
  const video = document.createElement('video');
  video.muted = true;
  video.src = url;
  await new Promise((resolve, reject) => {
    video.onloadeddata = resolve;
    video.onerror = () => reject(new Error(video.error?.message));
  });
  // detect() reads the element's own size.
  [video.width, video.height] = [video.videoWidth, video.videoHeight];
  return video;
}

function seek(video: HTMLVideoElement, timeSeconds: number): Promise<unknown> {
  return new Promise((resolve) => {
    video.onseeked = resolve;
    // A little into the frame, so that rounding does not show the one before.
    video.currentTime = timeSeconds + 1e-3;
  });
}

Object.assign(globalThis, { runObviousPage });
