import { Failure } from '../../src/contract/failure.ts';
import { chooseInputSizes, type Size } from '../../src/detect/input-size.ts';
import type { Quality } from '../../src/detect/manifest.ts';
import type { OnnxFamily } from '../../src/detect/onnx-family.ts';
import type { BackendName, DetectorPool, DetectorReport } from '../../src/engine/ports.ts';
import type { DecodedImage } from '../../src/media/decoded-image.ts';
import type { Detections } from '../../src/track/detections.ts';
import { type BackendProbe, probeBackends } from './choose-backend.ts';
import { DetectorThread } from './detector-thread.ts';
import { loadModel, loadOnnxModel } from './load-model.ts';
import type { LoadRequest, Ready } from './protocol.ts';

/** A prepared model. */
export interface PreparedModel {
  /** URL of the model's manifest.json, of this origin. */
  readonly manifestUrl: string;
}

/** A person detector of the user's own; ONNX Runtime is loaded only for it. */
export interface OnnxModel {
  /** The file, or its URL on this origin. */
  readonly onnx: Blob | string;
  /** What kind of network it is. */
  readonly family: OnnxFamily;
}

/** What a pool is made of. */
export type DetectorPoolOptions = (PreparedModel | OnnxModel) & PoolOptions;

/** How a pool runs. */
export interface PoolOptions {
  /** `auto` probes, measures and takes the fastest. */
  readonly backend: BackendName | 'auto';
  /** Size of the displayed video: the network's input takes its shape. */
  readonly video: Size;
  /** Default `balanced`. */
  readonly quality?: Quality;
  /** The network's input in pixels, instead of what `quality` gives: multiples of the manifest's `input.multiple`. */
  readonly inputSize?: Size;
  /** Threads on wasm and cpu, 1 or more. Default: one a core, at most 8. A GPU has one. */
  readonly threads?: number;
  /** Boxes that score lower are not told. Default 0.1: a two-stage tracker uses the weak ones. */
  readonly minScore?: number;
  /** A box that overlaps a better one by more than this IoU goes. Default 0.6. */
  readonly maxIou?: number;
  /** Told the bytes of the model read so far and all of them. */
  readonly onProgress?: (bytes: number, totalBytes: number) => void;
}

/** Each thread holds its own copy of the network and its heap: beyond this the memory is not worth the speed. */
const MAX_THREADS = 8;

/**
 * Loads the model, chooses the backend and starts the threads. Works in a window and in a worker.
 * @throws Failure `model-missing`, `model-damaged`, `backend-unavailable`, `worker-crashed`
 * @throws RangeError when `inputSize` is none that the model takes
 */
export async function createDetectorPool(
  options: DetectorPoolOptions,
): Promise<DetectorPool<DecodedImage>> {
  const { quality = 'balanced', video, minScore = 0.1, maxIou = 0.6 } = options;
  const model =
    'onnx' in options
      ? await loadOnnxModel(options.onnx, options.family)
      : await loadModel(options.manifestUrl, options.onProgress);
  const { multiple } = model.manifest.input;
  if (options.inputSize) requireMultiple(options.inputSize, multiple);
  const inputSizes = options.inputSize
    ? [options.inputSize]
    : chooseInputSizes(model.manifest.input, quality, video);
  const common = { model, inputSizes, minScore, maxIou };
  const threads = Math.max(
    1,
    options.threads ?? Math.min(MAX_THREADS, navigator.hardwareConcurrency || 1),
  );
  const { backend, first, ready, notes } = await startFirst(options.backend, common, threads);
  const request = { ...common, backend };
  const all = [first];
  try {
    if (backend === 'wasm' || backend === 'cpu') {
      const others = Array.from({ length: threads - 1 }, () => new DetectorThread());
      all.push(...others);
      await Promise.all(others.map((thread) => thread.load(request)));
    }
  } catch (error) {
    for (const thread of all) thread.close();
    throw error;
  }
  const [size, ...others] = ready.inputSizes as [Size, ...Size[]];
  // A GPU computes one frame while the next is uploaded.
  const framesPerThread = backend === 'webgpu' || backend === 'webgl' ? 2 : 1;
  return new Pool(all, framesPerThread, request, {
    model: model.manifest.id,
    backend,
    inputWidth: size.width,
    inputHeight: size.height,
    scoreThreshold: model.manifest.scoreThreshold,
    concurrency: all.length * framesPerThread,
    notes: [
      ...notes,
      ...ready.notes,
      ...others.map(({ width, height }) => `also at ${width}x${height}`),
    ],
  });
}

function requireMultiple({ width, height }: Size, multiple: number): void {
  for (const length of [width, height]) {
    if (!(length > 0) || length % multiple !== 0) {
      throw new RangeError(`inputSize ${width}x${height}: both must be multiples of ${multiple}.`);
    }
  }
}

const ONNX_BACKENDS: BackendProbe = { candidates: ['wasm'], notes: ['onnx: runs on wasm only'] };

type LoadOptions = Omit<LoadRequest, 'type' | 'id'>;

/** The named backend or, for `auto`, the fastest of those that start. */
async function startFirst(
  wanted: BackendName | 'auto',
  common: Omit<LoadOptions, 'backend'>,
  threads: number,
): Promise<{
  backend: BackendName;
  first: DetectorThread;
  ready: Ready;
  notes: readonly string[];
}> {
  const start = async (backend: BackendName) => {
    const thread = new DetectorThread();
    try {
      return { backend, thread, ready: await thread.load({ ...common, backend }) };
    } catch (error) {
      thread.close();
      throw error;
    }
  };
  if (wanted !== 'auto') {
    const { thread, ready } = await start(wanted);
    return { backend: wanted, first: thread, ready, notes: [] };
  }
  const { candidates, notes: reasons } =
    common.model.manifest.runtime === 'onnx' ? ONNX_BACKENDS : await probeBackends();
  const notes = [...reasons];
  let best: (Awaited<ReturnType<typeof start>> & { frameMs: number }) | undefined;
  for (const backend of candidates) {
    try {
      const started = await start(backend);
      // The processor's cores work on a frame each, a GPU on one after the other.
      const { frameMs: alone } = started.ready;
      const frameMs = backend === 'wasm' ? alone / threads : alone;
      if (candidates.length > 1)
        notes.push(`${backend}: ${frameMs.toFixed(1)} ms a frame measured`);
      if (best && best.frameMs <= frameMs) started.thread.close();
      else {
        best?.thread.close();
        best = { ...started, frameMs };
      }
    } catch (error) {
      const failure = Failure.from(error);
      if (failure.kind !== 'backend-unavailable' && failure.kind !== 'worker-crashed') throw error;
      notes.push(`${backend}: ${failure.message}`);
    }
  }
  if (!best) throw new Failure('backend-unavailable', `No backend starts. ${notes.join(' ')}`);
  return { backend: best.backend, first: best.thread, ready: best.ready, notes };
}

interface Job {
  readonly image: DecodedImage;
  /** Threads that died on it. */
  deaths: number;
  readonly resolve: (detections: Detections) => void;
  readonly reject: (error: unknown) => void;
}

class Pool implements DetectorPool<DecodedImage> {
  #report: DetectorReport;
  #request: LoadOptions;
  readonly #framesPerThread: number;
  readonly #busy: Map<DetectorThread, number>;
  readonly #waiting: Job[] = [];
  #starting = 0;
  #closed: Failure | undefined;

  constructor(
    threads: DetectorThread[],
    framesPerThread: number,
    request: LoadOptions,
    report: DetectorReport,
  ) {
    this.#busy = new Map(threads.map((thread) => [thread, 0]));
    this.#framesPerThread = framesPerThread;
    this.#request = request;
    this.#report = report;
  }

  get report(): DetectorReport {
    return this.#report;
  }

  detect(image: DecodedImage): Promise<Detections> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ image, deaths: 0, resolve, reject });
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#fail(new Failure('stopped', 'The detector was closed.'));
  }

  #next(): void {
    if (this.#closed) {
      this.#fail(this.#closed);
      return;
    }
    for (const [thread, count] of this.#busy) {
      if (count >= this.#framesPerThread) continue;
      const job = this.#waiting.shift();
      if (!job) return;
      this.#busy.set(thread, count + 1);
      void this.#run(thread, job);
    }
  }

  async #run(thread: DetectorThread, job: Job): Promise<void> {
    try {
      // The clone shares the pixels and stays here, so that a dead thread does not take the frame with it.
      const frame = job.image.frame.clone();
      job.resolve(await thread.detect({ ...job.image, frame }));
      job.image.frame.close();
    } catch (error) {
      if (thread.dead && !this.#closed && job.deaths === 0) {
        job.deaths++;
        this.#waiting.unshift(job);
      } else {
        job.image.frame.close();
        job.reject(this.#closed ?? Failure.from(error, 'detector-failed'));
      }
    }
    if (thread.dead) await this.#replace(thread);
    else this.#busy.set(thread, this.#busy.get(thread)! - 1);
    this.#next();
  }

  /** Puts a fresh thread in a dead one's place; where the GPU does not come back, one on wasm. */
  async #replace(dead: DetectorThread): Promise<void> {
    if (!this.#busy.delete(dead) || this.#closed) return;
    this.#starting++;
    try {
      await this.#start();
    } catch (error) {
      const { backend } = this.#request;
      if (backend === 'webgpu' || backend === 'webgl') {
        this.#request = { ...this.#request, backend: 'wasm' };
        const note = `${backend}: lost during the job (${Failure.from(error).message})`;
        this.#report = { ...this.#report, backend: 'wasm', notes: [...this.#report.notes, note] };
        await this.#start().catch((last) => this.#failIfLast(last));
      } else this.#failIfLast(error);
    } finally {
      this.#starting--;
    }
  }

  async #start(): Promise<void> {
    const thread = new DetectorThread();
    try {
      await thread.load(this.#request);
    } catch (error) {
      thread.close();
      throw error;
    }
    if (this.#closed) thread.close();
    else this.#busy.set(thread, 0);
  }

  #failIfLast(error: unknown): void {
    if (this.#busy.size === 0 && this.#starting === 1) this.#fail(Failure.from(error));
  }

  #fail(failure: Failure): void {
    this.#closed ??= failure;
    for (const thread of this.#busy.keys()) thread.close();
    for (const { image, reject } of this.#waiting.splice(0)) {
      image.frame.close();
      reject(this.#closed);
    }
  }
}
