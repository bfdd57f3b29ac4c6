import { Failure } from '../../../src/contract/failure.ts';
import { chooseInputSizes, type Size } from '../../../src/detect/input-size.ts';
import type { ModelManifest, Quality } from '../../../src/detect/manifest.ts';
import type { OnnxFamily } from '../../../src/detect/onnx-family.ts';
import type { BackendName, DetectorPool, DetectorReport } from '../../../src/engine/ports.ts';
import type { DecodedImage } from '../../../src/media/decoded-image.ts';
import type { Detections } from '../../../src/track/detections.ts';
import type { DetectorThread } from './detector-thread.ts';
import { fitQuality } from './fit-quality.ts';
import { loadManifest, loadModel, loadOnnxModel, type ModelForm } from './load-model.ts';
import {
  isGpu,
  processorBackend,
  type StartedThreads,
  startFastest,
  startThreads,
  type ThreadLoad,
  type ThreadPlan,
} from './start-threads.ts';

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
  /** Default `balanced`; `auto`: the best that `frameBudgetMs` leaves time for. */
  readonly quality?: Quality | 'auto';
  /** Milliseconds that a frame may take with `auto`, all threads working. Default no limit. */
  readonly frameBudgetMs?: number;
  /** The network's input in pixels, instead of what `quality` gives: multiples of the manifest's `input.multiple`. */
  readonly inputSize?: Size;
  /**
   * What a job that goes on began with: its backend and its inputs are taken again, so that no choice made anew changes
   * its detections in the middle. Where they cannot be had, the others and a note.
   */
  readonly began?: DetectorReport;
  /** Threads on the processor, 1 or more. Default: one a core, at most 8. A GPU has one. */
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
 * Loads the model, chooses the backend and starts the threads, all at the same time. Works in a window and in a worker.
 * @throws Failure `model-missing`, `model-damaged`, `backend-unavailable`, `worker-crashed`
 * @throws RangeError when `inputSize` is none that the model takes
 */
export async function createDetectorPool(
  options: DetectorPoolOptions,
): Promise<DetectorPool<DecodedImage>> {
  const {
    backend,
    began,
    threads = Math.min(MAX_THREADS, navigator.hardwareConcurrency || 1),
    quality,
    video,
    inputSize,
    frameBudgetMs = Number.POSITIVE_INFINITY,
  } = options;
  const fits = quality === 'auto' && !began && !inputSize;
  const plan: ThreadPlan = {
    ...prepareLoads(options),
    count: Math.max(1, threads),
    measure: fits,
  };
  let started = await (began
    ? startAgain(began, plan)
    : backend === 'auto'
      ? startFastest(plan)
      : startThreads(backend, plan));
  let load = await plan.load(started.backend);
  if (fits) ({ started, load } = await fitQuality(started, load, video, frameBudgetMs));
  const { manifest } = load.model;
  const notes = [...started.notes, ...started.ready.notes];
  if (began && began.model !== manifest.id) notes.push(`${began.model}: found people so far`);
  // A GPU computes one frame while the next is uploaded.
  const framesPerThread = isGpu(started.backend) ? 2 : 1;
  return new Pool(
    started,
    framesPerThread,
    // The same input scales for every frame, whatever a thread is replaced by.
    {
      ...plan,
      load: async (name) => ({ ...(await plan.load(name)), inputSizes: load.inputSizes }),
    },
    {
      model: manifest.id,
      backend: started.backend,
      inputs: started.ready.inputSizes,
      scoreThreshold: manifest.scoreThreshold,
      concurrency: started.threads.length * framesPerThread,
      notes: [...new Set(notes)],
    },
  );
}

/** Starts what a job ran on before it was interrupted, or the fastest where that is gone. */
async function startAgain(began: DetectorReport, plan: ThreadPlan): Promise<StartedThreads> {
  try {
    return { ...(await startThreads(began.backend, plan)), notes: began.notes };
  } catch (error) {
    const failure = Failure.from(error);
    if (failure.kind !== 'backend-unavailable' && failure.kind !== 'worker-crashed') throw error;
    const started = await startFastest(plan);
    const note = `${began.backend}: computed the part before the interruption (${failure.message})`;
    return { ...started, notes: [note, ...started.notes] };
  }
}

/** Reads the model, each form once for all threads. */
function prepareLoads(options: DetectorPoolOptions): Pick<ThreadPlan, 'manifest' | 'load'> {
  const loads = new Map<ModelForm, Promise<ThreadLoad>>();
  const load = (backend: BackendName) => {
    const form = backend === 'int8' ? 'int8' : 'real';
    const known = loads.get(form) ?? prepareLoad(options, form, manifest);
    loads.set(form, known);
    // Awaited only later: until then its failure must not count as unhandled.
    known.catch(() => {});
    return known;
  };
  const manifest: Promise<ModelManifest> =
    'onnx' in options
      ? loadOnnxModel(options.onnx, options.family).then((model) => model.manifest)
      : loadManifest(options.manifestUrl);
  manifest.catch(() => {});
  return { manifest, load };
}

async function prepareLoad(
  options: DetectorPoolOptions,
  form: ModelForm,
  manifest?: Promise<ModelManifest>,
): Promise<ThreadLoad> {
  const { quality = 'balanced', video, inputSize, began, minScore = 0.1, maxIou = 0.6 } = options;
  const model =
    'onnx' in options
      ? await loadOnnxModel(options.onnx, options.family)
      : await loadModel(options.manifestUrl, form, options.onProgress, manifest);
  const { id, input, int8 } = model.manifest;
  if (form === 'int8' && !int8) {
    throw new Failure(
      'backend-unavailable',
      `The people finder ${id} has no form in 8-bit integers. Choose another backend than int8.`,
    );
  }
  if (inputSize) requireMultiple(inputSize, input.multiple);
  const known = inputSize ? [inputSize] : began?.model === id ? began.inputs : undefined;
  // What is to be measured is measured at the smallest.
  const inputSizes = known ?? chooseInputSizes(input, quality === 'auto' ? 'fast' : quality, video);
  return { model, inputSizes, minScore, maxIou };
}

function requireMultiple({ width, height }: Size, multiple: number): void {
  for (const length of [width, height]) {
    if (!(length > 0) || length % multiple !== 0) {
      throw new RangeError(`inputSize ${width}x${height}: both must be multiples of ${multiple}.`);
    }
  }
}

interface QueuedFrame {
  readonly image: DecodedImage;
  /** Threads that died on it. */
  deaths: number;
  readonly resolve: (detections: Detections) => void;
  readonly reject: (error: unknown) => void;
}

class Pool implements DetectorPool<DecodedImage> {
  #report: DetectorReport;
  readonly #replacement: ThreadPlan;
  readonly #framesPerThread: number;
  readonly #busy: Map<DetectorThread, number>;
  readonly #waiting: QueuedFrame[] = [];
  #starting = 0;
  #closed: Failure | undefined;

  constructor(
    started: StartedThreads,
    framesPerThread: number,
    plan: ThreadPlan,
    report: DetectorReport,
  ) {
    this.#busy = new Map(started.threads.map((thread) => [thread, 0]));
    this.#framesPerThread = framesPerThread;
    this.#replacement = { ...plan, count: 1, measure: false };
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
      const queued = this.#waiting.shift();
      if (!queued) return;
      this.#busy.set(thread, count + 1);
      void this.#run(thread, queued);
    }
  }

  async #run(thread: DetectorThread, queued: QueuedFrame): Promise<void> {
    try {
      // The clone shares the pixels and stays here, so that a dead thread does not take the frame with it.
      const frame = queued.image.frame.clone();
      queued.resolve(await thread.detect({ ...queued.image, frame }));
      queued.image.frame.close();
    } catch (error) {
      if (thread.dead && !this.#closed && queued.deaths === 0) {
        queued.deaths++;
        this.#waiting.unshift(queued);
      } else {
        queued.image.frame.close();
        queued.reject(this.#closed ?? Failure.from(error, 'detector-failed'));
      }
    }
    if (thread.dead) await this.#replace(thread);
    else this.#busy.set(thread, this.#busy.get(thread)! - 1);
    this.#next();
  }

  /** Puts a fresh thread in a dead one's place; where the GPU does not come back, one on the processor. */
  async #replace(dead: DetectorThread): Promise<void> {
    if (!this.#busy.delete(dead) || this.#closed) return;
    this.#starting++;
    try {
      await this.#start();
    } catch (error) {
      const { backend } = this.#report;
      if (isGpu(backend)) {
        const note = `${backend}: lost during the job (${Failure.from(error).message})`;
        const processor = await processorBackend(this.#replacement.manifest);
        const notes = [...this.#report.notes, note, ...processor.notes];
        this.#report = { ...this.#report, backend: processor.backend, notes };
        await this.#start().catch((last) => this.#failIfLast(last));
      } else this.#failIfLast(error);
    } finally {
      this.#starting--;
    }
  }

  async #start(): Promise<void> {
    const { threads } = await startThreads(this.#report.backend, this.#replacement);
    for (const thread of threads) {
      if (this.#closed) thread.close();
      else this.#busy.set(thread, 0);
    }
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
