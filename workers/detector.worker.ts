/**
 * A detector thread: finds people in frames, one after the other. Messages: detector/pool/protocol.ts.
 * Long because a frame’s way through the thread, as a whole or in part, shares what was loaded and what came before.
 */
import { Failure } from '../src/contract/failure.ts';
import { carryOver, type EmbeddedDetections } from '../src/detect/carry-over.ts';
import { type ChangedBlocks, changedBlocks, hasChanged } from '../src/detect/changed-blocks.ts';
import { embedPeople, type Pixels } from '../src/detect/colour-histogram.ts';
import { createDecoder } from '../src/detect/create-decoder.ts';
import type { OutputDecoder } from '../src/detect/decoder.ts';
import { chooseRegions, needSmallerInputs, withoutCut } from '../src/detect/detection-regions.ts';
import { edgesOf } from '../src/detect/edges.ts';
import { unexplainedChanges } from '../src/detect/explained-changes.ts';
import { type Placement, type Size, toInputPixels } from '../src/detect/input-size.ts';
import type { ModelInput } from '../src/detect/manifest.ts';
import { type MergeOptions, mergeScales, type ScaleOutput } from '../src/detect/merge-scales.ts';
import type { BackendName, DetectedShare, EmbeddedPeople } from '../src/engine/ports.ts';
import type { DecodedImage } from '../src/media/decoded-image.ts';
import { whyEngineFails } from '../src/protocol/engine-file.ts';
import { tellRequests } from '../src/protocol/request-record.ts';
import type { Detections, ReidEmbeddings } from '../src/track/detections.ts';
import { unusable } from './detector/pool/load-model.ts';
import type {
  DetectorRequest,
  DetectorResponse,
  DetectRequest,
  KeyImage,
  LoadedEmbedding,
  LoadedModel,
  LoadRequest,
  Ready,
  SeenPeople,
  StartRequest,
} from './detector/pool/protocol.ts';
import type { Embedder } from './detector/thread/embedder.ts';
import {
  createFrameReader,
  type FrameReader,
  isSamePlace,
  type ReadFrame,
  type TakenFrame,
} from './detector/thread/frame-reader.ts';
import type { Network } from './detector/thread/network.ts';
import { isOutOfMemory, outOfMemory } from './detector/thread/out-of-memory.ts';
import { DeviceLost } from './detector/thread/read-output.ts';
import type { CompiledKernels } from './detector/wasm/int8/module.ts';

/** How the network sees a frame at one input scale. */
interface InputScale {
  readonly size: Size;
  readonly reader: FrameReader;
  readonly decode: OutputDecoder;
}

interface Detector {
  /** The largest first. */
  readonly scales: readonly InputScale[];
  readonly network: Network;
  /** For a part of an input. */
  readonly decoderOf: (size: Size) => OutputDecoder;
  /** What sizes of parts are whole multiples of. */
  readonly multiple: number;
  readonly merge: MergeOptions;
  /** Score from which somebody is surely there. */
  readonly sure: number;
  /** Tells people apart, where such a network is loaded. */
  readonly embedder: Embedder | undefined;
}

let backend: BackendName | undefined;
let kernels: CompiledKernels | undefined;
let hasTfjs = false;
let detector: Detector | undefined;

async function start(request: StartRequest): Promise<void> {
  ({ backend, kernels } = request);
  if (backend === 'int8') return;
  if (request.runtime === 'onnx') {
    if (backend === 'wasm') return;
    throw new Failure('backend-unavailable', `ONNX models run on wasm here, not on ${backend}.`);
  }
  const [{ startBackend, watchDevice }] = await Promise.all([
    import('./detector/thread/backend.ts'),
    import('./detector/thread/tfjs-network.ts'),
  ]);
  await startBackend(backend);
  hasTfjs = true;
  watchDevice((reason) => answer({ type: 'lost', reason }));
}

async function load(request: LoadRequest): Promise<Ready> {
  const { model, embedding, inputSizes, minScore, maxIou, measure } = request;
  const { input, decode } = model.manifest;
  detector?.network.close();
  detector?.embedder?.close();
  const network = await openNetwork(model, inputSizes);
  const notes: string[] = [];
  const createReader: CreateReader =
    backend === 'webgpu' ? await gpuReader(input, notes) : createFrameReader;
  const scales = network.sizes.map((size) => ({
    size,
    reader: network.createReader?.(size) ?? createReader(input, size),
    decode: createDecoder(decode, size),
  }));
  const decoders = new Map<string, OutputDecoder>();
  const decoderOf = (size: Size) => {
    const name = `${size.width}x${size.height}`;
    const decoder = decoders.get(name) ?? createDecoder(decode, size);
    decoders.set(name, decoder);
    return decoder;
  };
  const merge = { minScore, maxIou, votes: decode.kind === 'gfl', fades: decode.kind === 'ssd' };
  const embedder = embedding && (await openEmbedder(embedding));
  const { multiple } = input;
  const sure = model.manifest.scoreThreshold;
  detector = { scales, network, decoderOf, multiple, merge, sure, embedder };
  forget();
  const isWarm = backend === 'int8' && !measure;
  return {
    ...(!isWarm && { frameMs: await warmUp(model, detector, measure) }),
    inputSizes: network.sizes,
    notes,
  };
}

/** On the processor it needs no tfjs, if its operations are known. */
async function openEmbedder(embedding: LoadedEmbedding): Promise<Embedder> {
  const { loadEmbedder } = await import('./detector/thread/embedder.ts');
  return loadEmbedder(embedding, {
    isProcessor: backend === 'int8' || backend === 'wasm',
    kernels,
    async startTfjs() {
      if (hasTfjs) return;
      const { startBackend } = await import('./detector/thread/backend.ts');
      await startBackend('wasm');
      hasTfjs = true;
    },
  });
}

type CreateReader = (input: ModelInput, size: Size) => FrameReader;

/** The reader that keeps frames on the GPU, as far as the device goes along. */
async function gpuReader(input: ModelInput, notes: string[]): Promise<CreateReader> {
  const { createGpuFrameReader, whyNotGpu } = await import('./detector/thread/gpu-frame-reader.ts');
  for (const source of ['external', 'copied'] as const) {
    const reason = await whyNotGpu(input, source);
    if (reason === undefined) return (...args) => createGpuFrameReader(...args, source);
    notes.push(`webgpu: frames cannot be ${source} textures (${reason})`);
  }
  return createFrameReader;
}

async function openNetwork(model: LoadedModel, sizes: readonly Size[]): Promise<Network> {
  if (model.manifest.runtime === 'onnx') {
    const { loadOnnxNetwork } = await import('./detector/thread/onnx-network.ts');
    return loadOnnxNetwork(model, sizes);
  }
  if (backend === 'int8') {
    const { loadInt8Network } = await import('./detector/thread/int8/int8-network.ts');
    return loadInt8Network(model, sizes, kernels!);
  }
  const { loadTfjsNetwork } = await import('./detector/thread/tfjs-network.ts');
  return loadTfjsNetwork(model, sizes);
}

/**
 * The first run compiles shaders and touches fresh memory: not the time of a frame, unless it is all there is time for.
 * @param measure run it up to four times, within a second
 * @returns milliseconds of a frame, the median of what was run
 */
async function warmUp(
  { manifest }: LoadedModel,
  { network, scales }: Detector,
  measure: boolean,
): Promise<number> {
  const empty = scales.map(({ size }) => network.blank(size));
  const times: number[] = [];
  const begin = performance.now();
  try {
    do {
      const start = performance.now();
      for (const [i, { size, decode }] of scales.entries()) {
        decode(await network.run(empty[i]!, size), 1);
      }
      times.push(performance.now() - start);
    } while (measure && times.length < 4 && performance.now() - begin < 1000);
  } catch (error) {
    // What comes prepared was tested; a file of the user's own may be anything.
    if (manifest.runtime !== 'onnx') throw error;
    throw unusable(manifest.id, `it does not run (${error})`, error);
  }
  const steady = times.length > 1 ? times.slice(1) : times;
  return steady.sort((a, b) => a - b)[steady.length >> 1]!;
}

async function detect(request: DetectRequest): Promise<SeenPeople> {
  const { image, since, embeds } = request;
  const ready = requireLoaded(image, since);
  const seen = await see(ready, request);
  const { count, boxes, scores, spreads, features } = seen.people;
  const { embedder } = ready;
  if (embeds && embedder) {
    const { width, height } = image;
    if (seen.reid?.whom !== embeds) {
      const { people, placement } = seen;
      const embed = (picture: Pixels) =>
        embedder.embed(picture, people, placement, { width, height }, embeds);
      seen.reid = { whom: embeds, embeddings: seen.picture().then(embed) };
    }
  }
  const reid = embeds && (await seen.reid?.embeddings);
  return {
    share: seen.share,
    count,
    boxes: boxes.slice(),
    scores: scores.slice(),
    ...(spreads && { spreads: spreads.slice() }),
    features: features.slice(),
    ...(reid && { reid: { rows: reid.rows.slice(), values: reid.values.slice() } }),
  };
}

/** Finds the people of a frame. */
async function see(ready: Detector, { image, keyId, since }: DetectRequest): Promise<Seen> {
  if (since) await readKey(ready, since);
  const taken = await takeAndClose(ready.scales, image);
  // From here to the networks' start there is no wait, so the next frame may overwrite the values.
  const largest = taken[0]!.read();
  if (keyId !== undefined) key = keepPicture(keyId, taken[0]!, largest);
  if (since) {
    last = undefined;
    const changes = changesSince(ready, taken[0]!, largest, since);
    if (changes) return detectChanges(ready, taken, largest, changes);
  }
  const smaller = taken.slice(1).map((frame) => frame.read());
  // The very same pixels have the very same people in them.
  if (!last || ![largest, ...smaller].every(({ unchanged }) => unchanged)) {
    last = seeWhole(ready, taken, largest, runSmaller(ready, taken, smaller));
    last.catch(() => {
      last = undefined;
    });
  }
  return last;
}

/** What was seen in a frame. */
interface Seen {
  readonly share: DetectedShare;
  readonly people: EmbeddedDetections;
  /** To be called before the next frame is read. */
  readonly picture: () => Promise<Pixels>;
  /** Where the frame lies in the picture. */
  readonly placement: Placement;
  /** Once it was asked for. */
  reid?: { readonly whom: EmbeddedPeople; readonly embeddings: Promise<ReidEmbeddings> };
}

/** The frame before. */
let last: Promise<Seen> | undefined;

/** The picture, at the largest scale, that later ones are compared with. */
let key:
  | { readonly id: number; readonly placement: Placement; readonly picture: Pixels }
  | undefined;

/** What comes next has nothing to do with the frames so far. */
function forget(): void {
  key = undefined;
  last = undefined;
}

async function readKey({ scales }: Detector, { id, image }: KeyImage): Promise<void> {
  if (!image) return;
  const [taken] = await takeAndClose(scales.slice(0, 1), image);
  key = keepPicture(id, taken!, taken!.read());
}

function keepPicture(id: number, { placement }: TakenFrame, { values }: ReadFrame): typeof key {
  if (!('data' in values)) return undefined;
  const { width, height, data } = values;
  return { id, placement, picture: { width, height, data: data.slice() } };
}

/** What a frame has to be detected in, and whom it takes over. */
interface Changes {
  /** At the largest scale. */
  readonly picture: Pixels;
  readonly blocks: ChangedBlocks;
  readonly before: EmbeddedDetections;
}

/**
 * What has changed since the key frame.
 * @param taken the largest scale
 * @returns undefined where there is no key frame to compare it with
 */
function changesSince(
  { network }: Detector,
  { placement }: TakenFrame,
  { values }: ReadFrame,
  { id, detections }: KeyImage,
): Changes | undefined {
  if (key?.id !== id || !isSamePlace(placement, key.placement)) return undefined;
  if (!network.takesRegions || !('data' in values)) return undefined;
  const blocks = changedBlocks(values, key.picture, network.differences);
  return { picture: values, blocks, before: detections };
}

/**
 * Detects where a frame has changed, and takes over where it has not. It waits for what the smaller scales show, so a thread has one
 * such frame at a time.
 * @param taken its scales, of which the first, the largest, is read
 */
async function detectChanges(
  ready: Detector,
  taken: readonly TakenFrame[],
  largest: ReadFrame,
  { picture, blocks, before }: Changes,
): Promise<Seen> {
  const { scales, network, decoderOf, multiple, merge, sure } = ready;
  const { placement } = taken[0]!;
  const { size } = scales[0]!;
  const inPixels = (people: Detections): Detections => ({
    ...people,
    boxes: toInputPixels(people.boxes, placement),
  });
  const regionsOf = (changed: ChangedBlocks) =>
    chooseRegions(changed, inPixels(before), size, multiple);
  let regions = regionsOf(blocks);
  if (regions.length === 0) {
    for (const frame of taken.slice(1)) frame.drop();
    return { share: 'nothing', people: before, picture: largest.pixels, placement };
  }
  const needsSmaller = regions === 'all' || needSmallerInputs(regions);
  let smaller: readonly Run[] = [];
  if (needsSmaller && scales.length > 1) {
    // Those who are large enough for a smaller scale need more around them than a part has.
    const frames = taken.slice(1).map((frame) => frame.read());
    smaller = runSmaller(ready, taken, frames);
    // Whom it sees well, the largest need not look at.
    const found = inPixels(mergeScales(await outputsOf(smaller), merge));
    regions = regionsOf(unexplainedChanges(blocks, inPixels(before), found, sure));
  } else for (const frame of taken.slice(1)) frame.drop();
  if (regions === 'all') return seeWhole(ready, taken, largest, smaller);
  const inParts = regions.map((region): Run => {
    const decode = decoderOf(region);
    const { left, top } = placement;
    return {
      decode: (output, minScore) => withoutCut(decode(output, minScore), region, size),
      placement: { ...placement, left: left - region.left, top: top - region.top },
      output: network.run(picture, size, region),
    };
  });
  const isChanged = (boxes: Float32Array, i: number): boolean => {
    const box = toInputPixels(boxes.subarray(4 * i, 4 * i + 4), placement);
    return hasChanged(blocks, edgesOf(box));
  };
  const seen = await decodeAll(ready, [...inParts, ...smaller], largest.pixels(), placement);
  const people = carryOver(
    before,
    (i) => !isChanged(before.boxes, i),
    seen.people,
    (i) => isChanged(seen.people.boxes, i),
    merge.maxIou,
  );
  return { ...seen, share: 'parts', people };
}

/** The network at work on one input, or on a part of it. */
interface Run extends Omit<ScaleOutput, 'output'> {
  readonly output: Promise<Float32Array>;
}

/** @param frames of the smaller scales */
function runSmaller(
  { network, scales }: Detector,
  taken: readonly TakenFrame[],
  frames: readonly ReadFrame[],
): readonly Run[] {
  return frames.map(({ values }, i) => {
    const { size, decode } = scales[i + 1]!;
    return { decode, placement: taken[i + 1]!.placement, output: network.run(values, size) };
  });
}

/** @param smaller what the smaller scales are seen by */
function seeWhole(
  ready: Detector,
  taken: readonly TakenFrame[],
  { values, pixels }: ReadFrame,
  smaller: readonly Run[],
): Promise<Seen> {
  const { network, scales } = ready;
  const { size, decode } = scales[0]!;
  const { placement } = taken[0]!;
  const largest: Run = { decode, placement, output: network.run(values, size) };
  // The largest scale shows people's colours best.
  return decodeAll(ready, [largest, ...smaller], pixels(), placement);
}

async function outputsOf(runs: readonly Run[]): Promise<ScaleOutput[]> {
  return Promise.all(runs.map(async (run) => ({ ...run, output: await run.output })));
}

/** @param pixels the picture that shows people's colours, in which the frame lies at `placement` */
async function decodeAll(
  { merge }: Detector,
  runs: readonly Run[],
  pixels: Promise<Pixels>,
  placement: Placement,
): Promise<Seen> {
  const [picture, raw] = await Promise.all([pixels, outputsOf(runs)]);
  const people = mergeScales(raw, merge);
  const features = embedPeople(picture, people.boxes, people.count, placement);
  return {
    share: 'whole',
    people: { ...people, features },
    picture: async () => picture,
    placement,
  };
}

function requireLoaded(image: DecodedImage, since: KeyImage | undefined): Detector {
  if (detector) return detector;
  image.frame.close();
  since?.image?.frame.close();
  throw new Failure('internal', 'The detector was asked before it was loaded.');
}

/** Closed before the network runs: the decoder waits for its frames. */
async function takeAndClose(
  scales: readonly InputScale[],
  image: DecodedImage,
): Promise<readonly TakenFrame[]> {
  try {
    return await Promise.all(scales.map(({ reader }) => reader.take(image)));
  } finally {
    image.frame.close();
  }
}

function answer(response: DetectorResponse, transfer: Transferable[] = []): void {
  self.postMessage(response, { transfer });
}

async function receive(request: DetectorRequest): Promise<void> {
  const { id } = request;
  try {
    if (request.type === 'start') {
      await start(request);
      answer({ type: 'started', id });
    } else if (request.type === 'load') {
      answer({ type: 'loaded', id, ready: await load(request) });
    } else if (request.type === 'forget') {
      forget();
      answer({ type: 'forgotten', id });
    } else {
      const detections = await detect(request);
      answer({ type: 'detected', id, detections }, [
        detections.boxes.buffer as ArrayBuffer,
        detections.scores.buffer as ArrayBuffer,
        detections.features.buffer as ArrayBuffer,
        ...(detections.spreads ? [detections.spreads.buffer as ArrayBuffer] : []),
        ...(detections.reid
          ? [
              detections.reid.rows.buffer as ArrayBuffer,
              detections.reid.values.buffer as ArrayBuffer,
            ]
          : []),
      ]);
    }
  } catch (error) {
    if (error instanceof DeviceLost) {
      answer({ type: 'lost', reason: error.message });
      return;
    }
    // Before it has run once a file may be missing; what loads it says little, and each something else.
    const missing = request.type === 'detect' ? undefined : await whyEngineFails(location.href);
    const short = isOutOfMemory(error) ? outOfMemory(error) : undefined;
    const failure = missing ?? short ?? Failure.from(error, 'detector-failed');
    answer({ type: 'failed', id, failure: failure.toRecord() });
  }
}

// WebKit runs a thread's first file once more when another imports it, as bundlers let those do that share something with it:
// the second run must not take the messages of the first, which knows what was started and loaded.
if (self.onmessage === null) {
  tellRequests('thread');
  self.onmessage = ({ data }: MessageEvent<DetectorRequest>) => void receive(data);
}
