import { Failure } from '../../../src/contract/failure.ts';
import type { EmbeddedDetections } from '../../../src/detect/carry-over.ts';
import { chooseInputSizes, type Size } from '../../../src/detect/input-size.ts';
import type { ModelManifest, Quality } from '../../../src/detect/manifest.ts';
import type { OnnxFamily } from '../../../src/detect/onnx-family.ts';
import type {
  BackendName,
  DetectionExtent,
  DetectorPool,
  DetectorReport,
} from '../../../src/engine/ports.ts';
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
  /**
   * Where the engine asks for it, detect only what differs from the last frame that was detected as a whole. Only in 8-bit integers,
   * and not at quality `accurate`. Default false.
   */
  readonly motionGate?: boolean;
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
    motionGate = false,
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
  const { inputSizes } = started.ready;
  const most = chooseInputSizes(manifest.input, 'accurate', video);
  const isGated = motionGate && started.backend === 'int8' && !isSame(inputSizes, most);
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
      inputs: inputSizes,
      scoreThreshold: manifest.scoreThreshold,
      concurrency: started.threads.length * framesPerThread,
      ...(isGated && { motionGate: true }),
      notes: [...new Set(notes)],
    },
  );
}

function isSame(sizes: readonly Size[], others: readonly Size[]): boolean {
  const text = (all: readonly Size[]) =>
    all.map(({ width, height }) => `${width}x${height}`).join();
  return text(sizes) === text(others);
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

interface Job {
  readonly image: DecodedImage;
  /** With the motion gate: the frame's own number, where it is to be compared with. */
  readonly keyId?: number;
  /** With the motion gate: what the frame is compared with, open. */
  readonly since?: KeyFrame & { readonly detections: EmbeddedDetections };
}

/** A frame that later ones are compared with. */
interface KeyFrame {
  readonly id: number;
  readonly image: DecodedImage;
}

/** The last frame that was detected as a whole, and what is being found in it. */
interface LastKey extends KeyFrame {
  readonly detections: Promise<EmbeddedDetections>;
}

interface QueuedJob extends Job {
  /** Threads that died on it. */
  deaths: number;
  readonly resolve: (detections: EmbeddedDetections) => void;
  readonly reject: (error: unknown) => void;
}

function closeFrames({ image, since }: Job): void {
  image.frame.close();
  since?.image.frame.close();
}

/** The same frame, with a handle of its own that is to be closed. */
function cloneOf(image: DecodedImage): DecodedImage {
  return { ...image, frame: image.frame.clone() };
}

class Pool implements DetectorPool<DecodedImage> {
  #report: DetectorReport;
  readonly #replacement: ThreadPlan;
  readonly #framesPerThread: number;
  readonly #busy: Map<DetectorThread, number>;
  readonly #waiting: QueuedJob[] = [];
  #key: LastKey | undefined;
  #keyCount = 0;
  /** Which key frame each thread holds. */
  readonly #held = new Map<DetectorThread, number>();
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

  detect(image: DecodedImage, extent: DetectionExtent = 'whole'): Promise<Detections> {
    if (!this.#report.motionGate) return this.#queue({ image });
    if (extent === 'changes' && this.#key) return this.#detectChanges(image, this.#key);
    const key = { id: this.#keyCount++, image: cloneOf(image) };
    const detections = this.#queue({ image, keyId: key.id });
    this.#key?.image.frame.close();
    this.#key = { ...key, detections };
    if (this.#closed) key.image.frame.close();
    return detections;
  }

  async #detectChanges(
    image: DecodedImage,
    { id, image: keyImage, detections }: LastKey,
  ): Promise<Detections> {
    let before: DecodedImage | undefined;
    try {
      // The next key frame may come before this one is detected.
      before = cloneOf(keyImage);
      return await this.#queue({
        image,
        since: { id, image: before, detections: await detections },
      });
    } catch (error) {
      image.frame.close();
      before?.frame.close();
      throw this.#closed ?? error;
    }
  }

  /** Frames that others wait for go first: answers are put in order elsewhere. */
  #queue(job: Job): Promise<EmbeddedDetections> {
    return new Promise((resolve, reject) => {
      const queued = { ...job, deaths: 0, resolve, reject };
      const at = job.since ? -1 : this.#waiting.findIndex(({ since }) => since !== undefined);
      this.#waiting.splice(at < 0 ? this.#waiting.length : at, 0, queued);
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

  async #run(thread: DetectorThread, job: QueuedJob): Promise<void> {
    try {
      job.resolve(await thread.detect(this.#requestFor(thread, job)));
      closeFrames(job);
    } catch (error) {
      if (thread.dead && !this.#closed && job.deaths === 0) {
        job.deaths++;
        this.#waiting.unshift(job);
      } else {
        closeFrames(job);
        job.reject(this.#closed ?? Failure.from(error, 'detector-failed'));
      }
    }
    if (thread.dead) await this.#replace(thread);
    else this.#busy.set(thread, this.#busy.get(thread)! - 1);
    this.#next();
  }

  /** Clones share the pixels, and the frames stay here, so that a dead thread does not take them with it. */
  #requestFor(
    thread: DetectorThread,
    { image, keyId, since }: Job,
  ): Parameters<DetectorThread['detect']>[0] {
    const isHeld = since && this.#held.get(thread) === since.id;
    const id = keyId ?? since?.id;
    if (id !== undefined) this.#held.set(thread, id);
    return {
      image: cloneOf(image),
      ...(keyId !== undefined && { keyId }),
      ...(since && {
        since: {
          id: since.id,
          detections: since.detections,
          ...(isHeld ? {} : { image: cloneOf(since.image) }),
        },
      }),
    };
  }

  /** Puts a fresh thread in a dead one's place; where the GPU does not come back, one on the processor. */
  async #replace(dead: DetectorThread): Promise<void> {
    this.#held.delete(dead);
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
    this.#key?.image.frame.close();
    for (const job of this.#waiting.splice(0)) {
      closeFrames(job);
      job.reject(this.#closed);
    }
  }
}
