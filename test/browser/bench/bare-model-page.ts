/** The network alone, on the frames that a job takes: what no pipeline can be faster than. */
import type { Size } from '../../../src/detect/input-size.ts';
import { openVideo } from '../../../src/media/open-video.ts';
import { createFrameReader } from '../../../workers/detector/frame-reader.ts';
import { loadModel } from '../../../workers/detector/load-model.ts';
import type { BareModelRequest } from './bare-model.worker.ts';

/** Inputs kept in memory; the network takes as long for any picture. */
const MOST_INPUTS = 96;

/**
 * @param manifestUrl the model
 * @param size the network's input
 * @param threads threads to measure with
 * @returns the times of the video's samples in seconds, and for each number of threads milliseconds a frame
 */
async function runBareModel(manifestUrl: string, size: Size, threads: readonly number[]) {
  const model = await loadModel(manifestUrl);
  const source = await openVideo(
    { url: new URL('/video', location.href).href },
    { sampleRate: 15 },
  );
  const reader = createFrameReader(model.manifest.input, size);
  const every = Math.ceil(source.info.expectedSamples / MOST_INPUTS);
  const inputs: Float32Array[] = [];
  const timesSeconds: number[] = [];
  for await (const { sample, timeSeconds, image } of source.samples(
    0,
    new AbortController().signal,
  )) {
    timesSeconds.push(timeSeconds);
    if (sample % every === 0) inputs.push((await reader.take(image)).read().values.slice());
    image.frame.close();
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
          size,
          inputs: inputs.filter((_, k) => k % count === i),
        }),
      ),
    );
    const start = performance.now();
    await Promise.all(workers.map((worker) => worker.ask({ type: 'run' })));
    msPerFrame.push((performance.now() - start) / inputs.length);
    for (const worker of workers) worker.close();
  }
  return { timesSeconds, msPerFrame };
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

Object.assign(globalThis, { runBareModel });
