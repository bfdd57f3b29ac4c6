import { Failure } from '../../../../src/contract/failure.ts';
import { BLOCK, blocksOf } from '../../../../src/detect/changed-blocks.ts';
import type { Pixels } from '../../../../src/detect/colour-histogram.ts';
import type { Size } from '../../../../src/detect/input-size.ts';
import type { Int8Graph } from '../../../../src/detect/int8-graph.ts';
import { unloadable } from '../../pool/load-model.ts';
import type { LoadedModel } from '../../pool/protocol.ts';
import { type CompiledKernels, startKernels } from '../../wasm/int8/module.ts';
import type { Network } from '../network.ts';
import { Arena } from './arena.ts';
import { packWeights } from './pack-weights.ts';
import { createPictureReaders } from './picture-reader.ts';
import { SizedNetworks } from './sized-networks.ts';

/**
 * Builds a network in 8-bit integers, whose answer is the same to the bit on every device.
 * @param model its files of that form
 * @param kernels compiled, and found exact
 * @throws Failure `model-damaged` when the graph is none that the kernels compute
 */
export function loadInt8Network(
  { manifest, files }: LoadedModel,
  sizes: readonly Size[],
  compiled: CompiledKernels,
): Network {
  const arena = new Arena();
  const workshop = { kernels: startKernels(compiled, arena.memory), arena };
  const { graph, weights } = manifest.int8!;
  let networks: ReadonlyMap<Size, SizedNetworks>;
  try {
    const parsed = JSON.parse(new TextDecoder().decode(files.get(graph))) as Int8Graph;
    const packed = packWeights(parsed, files.get(weights)!, workshop, compiled.byWinograd);
    networks = new Map(
      sizes.map((size) => [size, new SizedNetworks(parsed, size, { ...workshop, packed })]),
    );
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw unloadable(manifest.id, error);
  }
  const createReader = createPictureReaders(manifest.input, workshop);
  const most = Math.max(...sizes.map(({ width, height }) => 4 * width * height));
  // Where pictures are copied to that do not lie in the arena already.
  const [elsewhere, before, sums] = [most, most, most / BLOCK ** 2].map((n) => arena.allocate(n));
  const placed = ({ data }: Pixels, address: number): number => {
    if (data.buffer === arena.memory.buffer) return data.byteOffset;
    arena.bytes(address, data.length).set(data);
    return address;
  };
  return {
    sizes,
    createReader,
    blank: ({ width, height }) => ({
      ...{ width, height, data: new Uint8ClampedArray(4 * width * height) },
    }),
    async run(picture, size, region = { left: 0, top: 0, ...size }) {
      if (!('data' in picture)) throw new Error('Networks in 8-bit integers read pictures.');
      const { image, run } = networks.get(size)!.of(region);
      const { width } = picture;
      const from = placed(picture, elsewhere!);
      for (let y = 0; y < region.height; y++) {
        const at = from + 4 * ((region.top + y) * width + region.left);
        const line = image.address + y * image.line;
        workshop.kernels.halveBytes(at, line, Math.ceil(region.width / 4));
      }
      return run();
    },
    takesRegions: true,
    differences(picture, earlier) {
      const { columns, rows } = blocksOf(picture);
      const [a, b] = [placed(picture, elsewhere!), placed(earlier, before!)];
      workshop.kernels.sumDifferences(a, b, 4 * picture.width, columns, rows, sums!);
      return arena.words(sums!, columns * rows);
    },
    close() {},
  };
}
