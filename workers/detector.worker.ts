/** A detector thread: finds people in frames, one after the other. Messages: detector/protocol.ts. */
import { Failure } from '../src/contract/failure.ts';
import { createDecoder } from '../src/detect/create-decoder.ts';
import type { OutputDecoder } from '../src/detect/decoder.ts';
import { type Size, toFramePixels } from '../src/detect/input-size.ts';
import { suppress } from '../src/detect/suppression.ts';
import type { DecodedImage } from '../src/media/decoded-image.ts';
import type { Detections } from '../src/track/detections.ts';
import { startBackend } from './detector/backend.ts';
import { createFrameReader, type FrameReader } from './detector/frame-reader.ts';
import type {
  DetectorRequest,
  DetectorResponse,
  DetectRequest,
  LoadRequest,
} from './detector/protocol.ts';
import { loadTfjsNetwork, type Network } from './detector/tfjs-network.ts';

interface Detector {
  readonly reader: FrameReader;
  readonly network: Network;
  readonly decode: OutputDecoder;
  readonly minScore: number;
  readonly maxIou: number;
}

let detector: Detector | undefined;

async function load(request: LoadRequest): Promise<number> {
  const { model, backend, inputSize, minScore, maxIou } = request;
  await startBackend(backend);
  const { input, decode } = model.manifest;
  const network = await loadTfjsNetwork(model, inputSize);
  detector = {
    reader: createFrameReader(input, inputSize),
    network,
    decode: createDecoder(decode, inputSize),
    minScore,
    maxIou,
  };
  return warmUp(network, inputSize);
}

/**
 * The first run compiles shaders and touches fresh memory: not the time of a frame, unless it is all there is time for.
 * @returns milliseconds of a frame, the median of up to three
 */
async function warmUp(network: Network, { width, height }: Size): Promise<number> {
  const empty = new Float32Array(3 * width * height);
  const times: number[] = [];
  const begin = performance.now();
  do {
    const start = performance.now();
    await network.run(empty);
    times.push(performance.now() - start);
  } while (times.length < 4 && performance.now() - begin < 1000);
  const steady = times.length > 1 ? times.slice(1) : times;
  return steady.sort((a, b) => a - b)[steady.length >> 1]!;
}

async function detect({ image }: DetectRequest): Promise<Detections> {
  const { reader, network, decode, minScore, maxIou } = requireLoaded(image);
  const { values, placement } = readAndClose(reader, image);
  const found = suppress(decode(await network.run(values), minScore), maxIou);
  toFramePixels(found.boxes, placement);
  return found;
}

function requireLoaded(image: DecodedImage): Detector {
  if (detector) return detector;
  image.frame.close();
  throw new Failure('internal', 'The detector was asked before it was loaded.');
}

/** Closed before the network runs: the decoder waits for its frames. */
function readAndClose(reader: FrameReader, image: DecodedImage): ReturnType<FrameReader['read']> {
  try {
    return reader.read(image);
  } finally {
    image.frame.close();
  }
}

function answer(response: DetectorResponse, transfer: Transferable[] = []): void {
  self.postMessage(response, { transfer });
}

self.onmessage = async ({ data: request }: MessageEvent<DetectorRequest>) => {
  const { id } = request;
  try {
    if (request.type === 'load') {
      answer({ type: 'loaded', id, frameMs: await load(request) });
    } else {
      const detections = await detect(request);
      answer({ type: 'detected', id, detections }, [
        detections.boxes.buffer as ArrayBuffer,
        detections.scores.buffer as ArrayBuffer,
      ]);
    }
  } catch (error) {
    answer({ type: 'failed', id, failure: Failure.from(error, 'detector-failed').toRecord() });
  }
};
