/** The network alone and the detector alone, on the frames that a job takes: what no pipeline can be faster than. */
import { allowOwnScripts } from '../../../src/client/own-scripts.ts';
import type { Pixels } from '../../../src/detect/colour-histogram.ts';
import { chooseInputSizes } from '../../../src/detect/input-size.ts';
import type { Quality } from '../../../src/detect/manifest.ts';
import { openVideo } from '../../../src/media/open-video.ts';
import { createDetectorPool } from '../../../workers/detector/pool/detector-pool.ts';
import { int8Kernels } from '../../../workers/detector/pool/int8-kernels.ts';
import { loadModel } from '../../../workers/detector/pool/load-model.ts';
import { createFrameReader } from '../../../workers/detector/thread/frame-reader.ts';
import type { BareModelRequest } from './bare-model.worker.ts';
import { ownCopy } from './own-copy.ts';

/** Frames kept in memory; the network takes as long for any picture. */
const MOST_FRAMES = 64;

/**
 * @param manifestUrl the model
 * @param threads threads to measure with
 * @returns the times of the video's samples in seconds, the network's inputs for people, and for each number of
 *   threads milliseconds a frame of the network, and of the detector (scaling, network, boxes, colours) with the last
 */
async function runBareModel(manifestUrl: string, quality: Quality, threads: readonly number[]) {
  const model = await loadModel(manifestUrl, 'int8');
  const offer = await int8Kernels();
  if (!('module' in offer)) throw new Error(offer.reason);
  const source = await openVideo(
    { url: new URL('/video', location.href).href },
    { sampleRate: 15 },
  );
  const { input } = model.manifest;
  const sizes = chooseInputSizes(input, quality, source.info);
  const readers = sizes.map((size) => createFrameReader(input, size));
  const every = Math.ceil(source.info.expectedSamples / MOST_FRAMES);
  const frames: Pixels[][] = [];
  const copies: Awaited<ReturnType<typeof ownCopy>>[] = [];
  const timesSeconds: number[] = [];
  for await (const { sample, timeSeconds, image } of source.samples(new AbortController().signal)) {
    timesSeconds.push(timeSeconds);
    if (sample % every === 0) {
      const looks = await Promise.all(readers.map((reader) => reader.take(image)));
      frames.push(await Promise.all(looks.map((look) => look.read().pixels())));
      copies.push(await ownCopy(image));
    } else image.frame.close();
  }
  await source.close();
  const msPerFrame: number[] = [];
  for (const count of threads) {
    const workers = Array.from({ length: count }, () => new BareModelThread());
    await Promise.all(
      workers.map((worker, i) =>
        worker.ask({
          type: 'load',
          model,
          kernels: offer,
          sizes,
          frames: frames.filter((_, k) => k % count === i),
        }),
      ),
    );
    const start = performance.now();
    await Promise.all(workers.map((worker) => worker.ask({ type: 'run' })));
    msPerFrame.push((performance.now() - start) / frames.length);
    for (const worker of workers) worker.close();
  }
  const pool = await createDetectorPool({
    manifestUrl,
    backend: 'int8',
    quality,
    threads: threads.at(-1)!,
    video: source.info,
  });
  let taken = 0;
  const lane = async () => {
    while (taken < copies.length) await pool.detect(copies[taken++]!());
  };
  const begin = performance.now();
  await Promise.all(Array.from({ length: pool.report.concurrency }, lane));
  const detectorMs = (performance.now() - begin) / copies.length;
  await pool.close();
  const inputs = sizes.map(({ width, height }) => `${width}x${height}`).join(' and ');
  return { timesSeconds, inputs, msPerFrame, detectorMs };
}

class BareModelThread {
  readonly #worker = new Worker(new URL('./bare-model.worker.ts', import.meta.url), {
    type: 'module',
  });

  ask(request: BareModelRequest): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#worker.onmessage = () => resolve();
      this.#worker.onerror = (event) => reject(new Error(event.message));
      this.#worker.postMessage(request);
    });
  }

  close(): void {
    this.#worker.terminate();
  }
}

allowOwnScripts();
Object.assign(globalThis, { runBareModel });
