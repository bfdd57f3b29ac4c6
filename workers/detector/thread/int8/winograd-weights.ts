import type { ConvolutionNode } from '../../../../src/detect/int8-graph.ts';
import { PANEL_CHANNELS } from '../../wasm/int8/convolution.ts';
import { TILE_PARTS } from '../../wasm/int8/winograd.ts';
import type { Arena } from './arena.ts';

/** Where a convolution's numbers lie that is computed tile by tile. */
export interface WinogradWeights {
  /** For each part of a tile: panels of 8 channels of the result, for each pair of channels: 8 times 2 weights of 16 bits. */
  readonly weights: number;
  /** Room for the parts of {@link MOST_TILES} tiles, which all convolutions use one after the other. */
  readonly spread: number;
  /** Room for their sums. */
  readonly sums: number;
}

/** Fewer channels leave more to do around the products than is saved. */
const LEAST_CHANNELS = 32;
/** Tiles at a time, whole groups: enough that weights are fetched seldom, so few that all of it stays near the processor. */
export const MOST_TILES = 48;
/** Bytes between parts, so that those of a tile do not all fall into the same few lines of the cache. */
export const APART = 64;

/** Whether a convolution is one of 3 x 3 in steps of one, between maps of whole panels of channels, of enough of them. */
export function suitsWinograd({
  kernel,
  strides,
  inputChannels,
  channels,
  zero,
}: ConvolutionNode): boolean {
  return (
    zero !== null &&
    [...kernel, ...strides].join() === '3,3,1,1' &&
    [inputChannels, channels].every(
      (count) => count >= LEAST_CHANNELS && count % PANEL_CHANNELS === 0,
    )
  );
}

/**
 * Transforms the weights of convolutions, and makes room to compute them.
 * @param file int8.bin
 * @returns by the nodes' names
 */
export function packWinograd(
  nodes: readonly ConvolutionNode[],
  file: ArrayBuffer,
  arena: Arena,
): ReadonlyMap<string, WinogradWeights> {
  const most = (bytes: (node: ConvolutionNode) => number) =>
    arena.allocate(TILE_PARTS * (MOST_TILES * Math.max(0, ...nodes.map(bytes)) + APART));
  const spread = most(({ inputChannels }) => 2 * inputChannels);
  const sums = most(({ channels }) => 4 * channels);
  return new Map(
    nodes.map((node) => [node.name, { weights: transform(node, file, arena), spread, sums }]),
  );
}

/** G g G^T of every channel's 3 x 3 weights, times four. */
function transform(
  { channels, inputChannels, at }: ConvolutionNode,
  file: ArrayBuffer,
  arena: Arena,
): number {
  const part = channels * inputChannels;
  const address = arena.allocate(2 * TILE_PARTS * part);
  const target = arena.shorts(address, TILE_PARTS * part);
  const source = new Int8Array(file, at.weights, 9 * part);
  const half = new Int16Array(12);
  const below = 3 * inputChannels;
  for (let channel = 0; channel < channels; channel++) {
    const lane = channel % PANEL_CHANNELS;
    for (let depth = 0; depth < inputChannels; depth++) {
      const first = 9 * channel * inputChannels + depth;
      for (let x = 0; x < 3; x++) {
        const at = first + x * inputChannels;
        spread(source[at]!, source[at + below]!, source[at + 2 * below]!, half, x, 3);
      }
      const panel = (channel - lane) * inputChannels;
      const to = panel + 2 * PANEL_CHANNELS * (depth >> 1) + 2 * lane + (depth & 1);
      for (let i = 0; i < 12; i += 3) {
        const at = ((4 * i) / 3) * part + to;
        spread(half[i]!, half[i + 1]!, half[i + 2]!, target, at, part);
      }
    }
  }
  return address;
}

/** 2 G of three weights, G of F(2x2, 3x3): four whole numbers, `step` apart. */
function spread(a: number, b: number, c: number, to: Int16Array, at: number, step: number): void {
  to[at] = 2 * a;
  to[at + step] = a + b + c;
  to[at + 2 * step] = a - b + c;
  to[at + 3 * step] = 2 * c;
}
