import { unusable } from '../pool/load-model.ts';
import type { LoadedEmbedding } from '../pool/protocol.ts';
import { openSession } from './onnx-network.ts';

/**
 * Opens a user's own embedding network on ONNX Runtime's wasm: one crop at a time, as such files usually take.
 * @throws Failure `model-damaged` when the file is no ONNX network, or lacks what its manifest names
 */
export async function openOnnxEmbedding({ manifest, files }: LoadedEmbedding) {
  const { id, input, output } = manifest;
  const file = manifest.files.find(({ path }) => path.endsWith('.onnx'))!;
  const { session, Tensor } = await openSession(id, files.get(file.path)!, input.node, [output]);
  const { width, height } = input;
  const area = width * height;
  const embed = async (crop: Float32Array): Promise<Float32Array> => {
    const planes = new Float32Array(3 * area);
    for (let i = 0, pixel = 0; pixel < area; pixel++) {
      for (let channel = 0; channel < 3; channel++) planes[channel * area + pixel] = crop[i++]!;
    }
    const tensor = new Tensor('float32', planes, [1, 3, height, width]);
    try {
      return (await session.run({ [input.node]: tensor }))[output]!.data as Float32Array;
    } catch (error) {
      throw unusable(id, `it does not run (${error})`, error);
    }
  };
  return {
    async run(crops: Float32Array, count: number): Promise<Float32Array> {
      const rows: Float32Array[] = [];
      for (let i = 0; i < count; i++) {
        rows.push(await embed(crops.subarray(3 * area * i, 3 * area * (i + 1))));
      }
      const all = new Float32Array(rows.reduce((sum, row) => sum + row.length, 0));
      for (const [i, row] of rows.entries()) all.set(row, i * row.length);
      return all;
    },
    close() {
      void session.release();
    },
  };
}
