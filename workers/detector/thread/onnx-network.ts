import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import type { Size } from '../../../src/detect/input-size.ts';
import { unusable } from '../pool/load-model.ts';
import type { LoadedModel } from '../pool/protocol.ts';
import { blank, type Network } from './network.ts';

/**
 * Builds an ONNX network on ONNX Runtime's wasm, one thread. A file with a fixed input keeps its own size.
 * @throws Failure `model-damaged` when the file is no ONNX network, or lacks the input or output of its family
 */
export async function loadOnnxNetwork(
  model: LoadedModel,
  wanted: readonly Size[],
): Promise<Network> {
  const { input, output, decode, files, id } = model.manifest;
  const labels = decode.kind === 'rows' ? decode.labels : undefined;
  const { session, Tensor, shape } = await openSession(
    id,
    model.files.get(files[0]!.path)!,
    input.node,
    labels ? [output, labels] : [output],
  );
  const [, channels, rows, columns] = shape;
  if (channels !== 3)
    throw unusable(id, `its input is ${shape.join(' x ')}, not 1 x 3 x height x width`);
  const fixed =
    typeof columns === 'number' && typeof rows === 'number'
      ? { width: columns, height: rows }
      : undefined;
  return {
    sizes: fixed ? [fixed] : wanted,
    blank,
    async run(image, size) {
      if (!(image instanceof Float32Array)) throw new Error('ONNX networks read from memory.');
      const area = size.width * size.height;
      const planes = new Float32Array(3 * area);
      for (let i = 0, pixel = 0; pixel < area; pixel++) {
        planes[pixel] = image[i++]!;
        planes[area + pixel] = image[i++]!;
        planes[2 * area + pixel] = image[i++]!;
      }
      const tensor = new Tensor('float32', planes, [1, 3, size.height, size.width]);
      const outputs = await session.run({ [input.node]: tensor });
      const found = outputs[output]!.data as Float32Array;
      if (labels === undefined) return found;
      const classes = outputs[labels]!.data as BigInt64Array;
      return found.filter((_, i) => Number(classes[Math.floor(i / 5)]) === 0);
    },
    close() {
      void session.release();
    },
  };
}

/**
 * Reads an ONNX file on ONNX Runtime's wasm, one thread.
 * @param id of the model, for messages
 * @param input its name
 * @param outputs their names
 * @returns with the input's shape: numbers, or names of what is free
 * @throws Failure `model-damaged` when the file is no ONNX network, or lacks one of them
 */
export async function openSession(
  id: string,
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
    throw unusable(id, `ONNX Runtime does not read it (${error})`, error);
  }
  const described = session.inputMetadata.find(({ name }) => name === input);
  if (!described?.isTensor) throw unusable(id, `it has no input ${input}`);
  for (const name of outputs) {
    if (!session.outputNames.includes(name)) throw unusable(id, `it has no output ${name}`);
  }
  return { session, Tensor, shape: described.shape };
}
