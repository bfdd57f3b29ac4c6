import type { ConvolutionNode } from '../../../../src/detect/int8-graph.ts';
import { PANEL_CHANNELS } from '../../wasm/int8/sums.ts';
import { TILE_PARTS } from '../../wasm/int8/winograd.ts';
import type { KernelMemory } from './arena.ts';

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
  isWide,
}: ConvolutionNode): boolean {
  return (
    zero !== null &&
    !isWide &&
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
  { arena, kernels }: KernelMemory,
): ReadonlyMap<string, WinogradWeights> {
  const most = (bytes: (node: ConvolutionNode) => number) =>
    arena.allocate(TILE_PARTS * (MOST_TILES * Math.max(0, ...nodes.map(bytes)) + APART));
  const spread = most(({ inputChannels }) => 2 * inputChannels);
  const sums = most(({ channels }) => 4 * channels);
  const transform = ({ name, channels, inputChannels, at }: ConvolutionNode) => {
    const count = channels * inputChannels;
    const weights = arena.allocate(2 * TILE_PARTS * count);
    const panel = 9 * PANEL_CHANNELS * inputChannels;
    for (let first = 0; first < 9 * count; first += panel) {
      // There is more room for tiles than a panel takes.
      arena.bytes(spread, panel).set(new Uint8Array(file, at.weights + first, panel));
      const to = weights + (2 * first) / 9;
      kernels.transformWeights(spread, inputChannels, inputChannels / 8, to, 2 * count);
    }
    return [name, { weights, spread, sums }] as const;
  };
  return new Map(nodes.map(transform));
}
