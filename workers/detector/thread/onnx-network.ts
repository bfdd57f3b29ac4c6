import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import type { InferenceSession } from 'onnxruntime-web/wasm';
import type { Failure } from '../../../src/contract/failure.ts';
import type { Size } from '../../../src/detect/input-size.ts';
import { unusable } from '../pool/load-model.ts';
import type { LoadedModel } from '../pool/protocol.ts';
import { blank, type Network } from './network.ts';

/** Pixels a side that an input may have: a larger one would fill the memory. */
const [LEAST_SIDE, MOST_SIDE] = [32, 4096];

/**
 * Builds an ONNX network on ONNX Runtime's wasm, one thread. A file with a fixed input keeps its own size.
 * @throws Failure `model-damaged` when the file is no ONNX network, lacks the input or output of its family, or wants a picture of
 *   no reasonable size
 */
export async function loadOnnxNetwork(
  model: LoadedModel,
  wanted: readonly Size[],
): Promise<Network> {
  const { input, output, decode, files, id } = model.manifest;
  const labels = decode.kind === 'rows' ? decode.labels : undefined;
  const refuse = (why: string, cause?: unknown) => unusable(id, why, cause);
  const { session, Tensor, shape } = await openSession(
    refuse,
    model.files.get(files[0]!.path)!,
    input.node,
    labels ? [output, labels] : [output],
  );
  const [, channels, rows, columns] = shape;
  if (channels !== 3) throw refuse(`its input is ${shape.join(' x ')}, not 1 x 3 x height x width`);
  const fixed =
    typeof columns === 'number' && typeof rows === 'number'
      ? { width: columns, height: rows }
      : undefined;
  for (const side of fixed ? [fixed.width, fixed.height] : []) {
    if (side >= LEAST_SIDE && side <= MOST_SIDE) continue;
    throw refuse(
      `its input is ${shape.join(' x ')}; height and width must be ${LEAST_SIDE} to ${MOST_SIDE}`,
    );
  }
  return {
    sizes: fixed ? [fixed] : wanted,
    blank,
    async run(image, size) {
      if (!(image instanceof Float32Array)) throw new Error('ONNX networks read from memory.');
      const tensor = new Tensor('float32', toPlanes(image), [1, 3, size.height, size.width]);
      const outputs = await session.run({ [input.node]: tensor });
      const found = floatsOf(outputs, output);
      if (labels === undefined) return found;
      const classes = outputs[labels]!.data as BigInt64Array;
      return found.filter((_, i) => Number(classes[Math.floor(i / 5)]) === 0);
    },
    close() {
      void session.release();
    },
  };
}

/** The numbers of an output. @throws Error where they are of another type, which would be taken for something else */
export function floatsOf(outputs: InferenceSession.ReturnType, name: string): Float32Array {
  const { data, type } = outputs[name]!;
  if (data instanceof Float32Array) return data;
  throw new Error(`${name} is ${type}, not float32`);
}

/** The three channels of pixels one after the other, as ONNX networks take them. */
export function toPlanes(pixels: Float32Array): Float32Array {
  const area = pixels.length / 3;
  const planes = new Float32Array(pixels.length);
  for (let i = 0, pixel = 0; pixel < area; pixel++) {
    planes[pixel] = pixels[i++]!;
    planes[area + pixel] = pixels[i++]!;
    planes[2 * area + pixel] = pixels[i++]!;
  }
  return planes;
}

/**
 * Reads an ONNX file on ONNX Runtime's wasm, one thread.
 * @param refuse makes the Failure, whose message says why
 * @param input its name
 * @param outputs their names
 * @returns with the input's shape: numbers, or names of what is free
 * @throws Failure when the file is no ONNX network, or lacks one of them
 */
export async function openSession(
  refuse: (why: string, cause?: unknown) => Failure,
  file: ArrayBuffer,
  input: string,
  outputs: readonly string[],
) {
  const { env, InferenceSession, Tensor } = await import('onnxruntime-web/wasm');
  env.wasm.numThreads = 1;
  env.wasm.wasmPaths = { wasm: wasmUrl };
  let session: Awaited<ReturnType<typeof InferenceSession.create>>;
  try {
    session = await InferenceSession.create(new Uint8Array(file), { executionProviders: ['wasm'] });
  } catch (error) {
    throw refuse(`ONNX Runtime does not read it (${error})`, error);
  }
  const described = session.inputMetadata.find(({ name }) => name === input);
  if (!described?.isTensor) throw refuse(`it has no input ${input}`);
  for (const name of outputs) {
    if (!session.outputNames.includes(name)) throw refuse(`it has no output ${name}`);
  }
  return { session, Tensor, shape: described.shape };
}
