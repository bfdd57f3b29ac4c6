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

/** 2 G of F(2x2, 3x3): in whole numbers, twice in either direction. */
const SPREAD_WEIGHTS = [
  [2, 0, 0],
  [1, 1, 1],
  [1, -1, 1],
  [0, 0, 2],
] as const;

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
  for (let channel = 0; channel < channels; channel++) {
    for (let depth = 0; depth < inputChannels; depth++) {
      const weight = (tap: number) => source[(9 * channel + tap) * inputChannels + depth]!;
      for (const [i, [a, b, c]] of SPREAD_WEIGHTS.entries()) {
        for (let x = 0; x < 3; x++) {
          half[3 * i + x] = a * weight(x) + b * weight(3 + x) + c * weight(6 + x);
        }
      }
      const to =
        (channel - (channel % PANEL_CHANNELS)) * inputChannels +
        2 * PANEL_CHANNELS * (depth >> 1) +
        2 * (channel % PANEL_CHANNELS) +
        (depth & 1);
      for (let i = 0; i < 4; i++) {
        for (const [j, [a, b, c]] of SPREAD_WEIGHTS.entries()) {
          target[(4 * i + j) * part + to] =
            a * half[3 * i]! + b * half[3 * i + 1]! + c * half[3 * i + 2]!;
        }
      }
    }
  }
  return address;
}
