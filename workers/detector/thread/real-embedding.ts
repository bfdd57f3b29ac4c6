import { joinNumbers } from '../../../src/contract/join-numbers.ts';
import type { LoadedEmbedding } from '../pool/protocol.ts';
import { type CompiledKernels, startKernels } from '../wasm/int8/module.ts';
import type { RealKernels } from '../wasm/real/module.ts';
import { writtenModule } from '../wasm/real/written-module.ts';
import type { EmbeddingRunner } from './embedding-runner.ts';
import { Arena } from './int8/arena.ts';
import { compileRealNetwork, type RealNetwork } from './real/compile.ts';
import { readGraph } from './real/graph.ts';

/**
 * Builds an embedding network on kernels of ours in single precision, its widest convolutions in 8-bit integers where the kernels for
 * that are at hand.
 * @param compiled those, found exact
 * @returns undefined where it has an operation that they do not compute, or the browser lacks relaxed SIMD
 */
export async function openRealEmbedding(
  { manifest, files }: LoadedEmbedding,
  compiled: CompiledKernels | undefined,
): Promise<EmbeddingRunner | undefined> {
  if (typeof WebAssembly === 'undefined') return undefined;
  const bytes = writtenModule();
  if (!WebAssembly.validate(bytes)) return undefined;
  const arena = new Arena();
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory: arena.memory } });
  const kernels = instance.exports as unknown as RealKernels;
  const int8 = compiled && startKernels(compiled, arena.memory);
  let network: RealNetwork;
  try {
    const { input, output } = manifest;
    network = compileRealNetwork(readGraph(files), input, output, { kernels, arena, int8 });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  return {
    async run(crops, count) {
      const length = crops.length / count;
      const rows = Array.from({ length: count }, (_, i) =>
        network.run(crops.subarray(length * i, length * (i + 1))),
      );
      return joinNumbers(rows, Float32Array);
    },
    close() {},
  };
}
