import { Failure } from '../../../src/contract/failure.ts';
import { joinNumbers } from '../../../src/contract/join-numbers.ts';
import type { LoadedEmbedding } from '../pool/protocol.ts';
import { floatsOf, openSession, toPlanes } from './onnx-network.ts';

/**
 * Opens a user's own embedding network on ONNX Runtime's wasm: one crop at a time, as such files usually take.
 * @throws Failure `model-damaged` when the file is no ONNX network, or lacks what its manifest names
 */
export async function openOnnxEmbedding({ manifest, files }: LoadedEmbedding) {
  const { id, input, output } = manifest;
  const file = manifest.files.find(({ path }) => path.endsWith('.onnx'))!;
  const refuse = (why: string, cause?: unknown) =>
    new Failure(
      'model-damaged',
      `The network ${id}, which is to know people again, cannot be used: ${why}. See that its file is the ONNX network that its manifest describes.`,
      cause,
    );
  const bytes = files.get(file.path)!;
  const { session, Tensor } = await openSession(refuse, bytes, input.node, [output]);
  const { width, height } = input;
  const embed = async (crop: Float32Array): Promise<Float32Array> => {
    const tensor = new Tensor('float32', toPlanes(crop), [1, 3, height, width]);
    try {
      return floatsOf(await session.run({ [input.node]: tensor }), output);
    } catch (error) {
      throw refuse(`it does not run (${error})`, error);
    }
  };
  return {
    async run(crops: Float32Array, count: number): Promise<Float32Array> {
      const length = crops.length / count;
      const rows: Float32Array[] = [];
      for (let i = 0; i < count; i++) {
        rows.push(await embed(crops.subarray(length * i, length * (i + 1))));
      }
      return joinNumbers(rows, Float32Array);
    },
    close() {
      void session.release();
    },
  };
}
