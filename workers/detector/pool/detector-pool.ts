import { Failure } from '../../../src/contract/failure.ts';
import { chooseInputSizes, type Size } from '../../../src/detect/input-size.ts';
import type { ModelManifest, Quality } from '../../../src/detect/manifest.ts';
import type { OnnxFamily } from '../../../src/detect/onnx-family.ts';
import type { BackendName, DetectorPool, DetectorReport } from '../../../src/engine/ports.ts';
import type { DecodedImage } from '../../../src/media/decoded-image.ts';
import { fitQuality, type PoolVideo } from './fit-quality.ts';
import type { KeptThreads, LoadedThreads } from './kept-threads.ts';
import {
  fingerprintOf,
  loadEmbedding,
  loadManifest,
  loadModel,
  loadOnnxModel,
  type ModelForm,
  sha256,
} from './load-model.ts';
import type { LoadedEmbedding } from './protocol.ts';
import { SpareThreads } from './spare-threads.ts';
import {
  isGpu,
  type StartedThreads,
  startFastest,
  startThreads,
  type ThreadLoad,
  type ThreadPlan,
} from './start-threads.ts';
import { ThreadPool } from './thread-pool.ts';

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
  /**
   * The displayed video: the network's input takes its shape. Threads start and the model is read while that is being found out; a
   * video that cannot be opened rejects the pool too.
   */
  readonly video: PoolVideo | Promise<PoolVideo>;
  /** Default `balanced`; `auto`: the best that the video's `frameBudgetMs` leaves time for. */
  readonly quality?: Quality | 'auto';
  /**
   * Where the engine asks for it, detect only what differs from the last frame that was detected as a whole. Only in 8-bit integers,
   * and not at quality `accurate`. Default false.
   */
  readonly motionGate?: boolean;
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
  /**
   * A network that knows people again, by its manifest; none runs on `cpu`, which is for comparison. Default none: colours
   * alone tell people apart.
   */
  readonly embedding?: PreparedModel;
  /** Where threads come from and go to that several pools use in turn. Default: each pool starts and ends its own. */
  readonly kept?: KeptThreads;
  /** Told the bytes of the model read so far and all of them; not where threads have it already. */
  readonly onProgress?: (bytes: number, totalBytes: number) => void;
}

/** Each thread holds its own copy of the network and its heap: beyond this the memory is not worth the speed. */
const MAX_THREADS = 8;

/**
 * Loads the model, chooses the backend and starts the threads, all at the same time. Works in a window and in a worker.
 * @throws Failure `model-missing`, `model-damaged`, `backend-unavailable`, `worker-crashed`, what the video rejects with
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
    inputSize,
    motionGate = false,
    kept,
  } = options;
  const opening = Promise.resolve(options.video);
  const naming = kept && keyOf(options);
  for (const early of [opening, naming]) early?.catch(() => {});
  const taken = !kept || kept.isEmpty ? undefined : await kept.take((await naming)!);
  const fits = quality === 'auto' && !began && !inputSize;
  const count = Math.max(1, threads);
  const spare = new SpareThreads(taken ? 0 : isGpu(began?.backend ?? backend) ? 1 : count);
  const plan: ThreadPlan = { ...prepareLoads(options, taken), spare, count, measure: fits };
  const startAnew = async (): Promise<LoadedThreads> => {
    try {
      const started = await (began
        ? startAgain(began, plan)
        : backend === 'auto'
          ? startFastest(plan)
          : startThreads(backend, plan));
      const load = await plan.load(started.backend);
      return fits ? await fitQuality(started, load, await opening) : { started, load };
    } finally {
      spare.close();
    }
  };
  const loaded = taken ?? (await startAnew());
  const { started, load } = loaded;
  const { manifest } = load.model;
  const notes = [...started.notes, ...started.ready.notes];
  const identity = load.embedding?.manifest;
  const { inputSizes } = started.ready;
  const [video, key] = await Promise.all([opening, naming]);
  const most = chooseInputSizes(manifest.input, 'accurate', video);
  // An SSD's largest anchors see all of an input: of a part of it they see too little.
  const takesParts = started.backend === 'int8' && manifest.decode.kind === 'gfl';
  const isGated = motionGate && takesParts && !isSame(inputSizes, most);
  // A GPU computes one frame while the next is uploaded.
  const framesPerThread = isGpu(started.backend) ? 2 : 1;
  return new ThreadPool(
    started,
    framesPerThread,
    // The same input scales for every frame, whatever a thread is replaced by.
    {
      ...plan,
      load: async (name) => ({ ...(await plan.load(name)), inputSizes: load.inputSizes }),
    },
    {
      model: manifest.id,
      fingerprint: await fingerprintOf(manifest, identity),
      backend: started.backend,
      inputs: inputSizes,
      scoreThreshold: manifest.scoreThreshold,
      ...(identity && { identity: { model: identity.id, spreads: identity.spreads } }),
      concurrency: started.threads.length * framesPerThread,
      ...(isGated && { motionGate: true }),
      notes: [...new Set(notes)],
    },
    key === undefined ? undefined : () => kept?.keep(key, loaded),
  );
}

/** Everything that decides what threads are started and loaded with: where it is the same, they are the same. */
async function keyOf(options: DetectorPoolOptions): Promise<string> {
  const { kept, onProgress, motionGate, video, ...asked } = options;
  const { width, height, frameBudgetMs = 0 } = await video;
  const onnx = 'onnx' in options && options.onnx instanceof Blob ? options.onnx : undefined;
  return JSON.stringify({
    ...asked,
    video: { width, height },
    // A job's own file is read from the store anew: the same is known by what is in it.
    ...(onnx && { onnx: await sha256(await onnx.arrayBuffer()) }),
    ...(asked.quality === 'auto' && { frameBudgetMs: Math.round(frameBudgetMs) }),
  });
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

/** Reads the model, each form once for all threads. @param taken threads that have one already */
function prepareLoads(
  options: DetectorPoolOptions,
  taken: LoadedThreads | undefined,
): Pick<ThreadPlan, 'manifest' | 'load'> {
  const loads = new Map<ModelForm, Promise<ThreadLoad>>();
  if (taken) loads.set(formOf(taken.started.backend), Promise.resolve(taken.load));
  const embedding = taken ? Promise.resolve(taken.load.embedding) : prepareEmbedding(options);
  const load = (backend: BackendName) => {
    const form = formOf(backend);
    const known = loads.get(form) ?? prepareLoad(options, form, embedding, manifest);
    loads.set(form, known);
    // Awaited only later: until then its failure must not count as unhandled.
    known.catch(() => {});
    return known;
  };
  const manifest = taken ? Promise.resolve(taken.load.model.manifest) : readManifest(options);
  manifest.catch(() => {});
  return { manifest, load };
}

async function readManifest(options: DetectorPoolOptions): Promise<ModelManifest> {
  if (!('onnx' in options)) return loadManifest(options.manifestUrl);
  return (await loadOnnxModel(options.onnx, options.family)).manifest;
}

function formOf(backend: BackendName): ModelForm {
  return backend === 'int8' ? 'int8' : 'real';
}

/** Reads the network that knows people again, if there is to be one. A job goes on as it began. */
function prepareEmbedding({
  embedding,
  backend,
  began,
}: DetectorPoolOptions): Promise<LoadedEmbedding | undefined> {
  // That backend is for comparison: a second network on it takes a second a person.
  if (!embedding || backend === 'cpu' || (began && !began.identity)) {
    return Promise.resolve(undefined);
  }
  const loading = loadEmbedding(embedding.manifestUrl);
  // Awaited only later: until then its failure must not count as unhandled.
  loading.catch(() => {});
  return loading;
}

async function prepareLoad(
  options: DetectorPoolOptions,
  form: ModelForm,
  embedding: Promise<LoadedEmbedding | undefined>,
  manifest?: Promise<ModelManifest>,
): Promise<ThreadLoad> {
  const { quality = 'balanced', inputSize, began, minScore = 0.1, maxIou = 0.6 } = options;
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
  const video = await options.video;
  // What is to be measured is measured at the smallest.
  const inputSizes = known ?? chooseInputSizes(input, quality === 'auto' ? 'fast' : quality, video);
  const loaded = await embedding;
  return { model, ...(loaded && { embedding: loaded }), inputSizes, minScore, maxIou };
}

function requireMultiple({ width, height }: Size, multiple: number): void {
  for (const length of [width, height]) {
    if (!(length > 0) || length % multiple !== 0) {
      throw new RangeError(`inputSize ${width}x${height}: both must be multiples of ${multiple}.`);
    }
  }
}
