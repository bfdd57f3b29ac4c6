import type {
  ConvolutionNode,
  DepthwiseNode,
  Int8Graph,
} from '../../../../src/detect/int8-graph.ts';
import { TABLE_BYTES } from '../../wasm/int8/activations.ts';
import { DEPTHWISE_TAPS } from '../../wasm/int8/depthwise.ts';
import { GROUP_CHANNELS, PANEL_CHANNELS } from '../../wasm/int8/sums.ts';
import type { Arena, KernelMemory } from './arena.ts';
import { packWinograd, suitsWinograd, type WinogradWeights } from './winograd-weights.ts';

/** Where a convolution's numbers lie as its kernel reads them. */
export interface PackedWeights {
  /** Biases, multipliers and slopes. */
  readonly table: number;
  /** Where every sum is made of all its products, or of tiles' fewer. */
  readonly weights: number | WinogradWeights;
}

/** Channels as they lie in memory: whole panels. */
export function paddedChannels(channels: number): number {
  return PANEL_CHANNELS * Math.ceil(channels / PANEL_CHANNELS);
}

/** Channels of a pixel that a convolution reads: the picture's pixels have four, every other map's whole panels. */
export function depthOf({ inputChannels }: ConvolutionNode): number {
  return inputChannels <= GROUP_CHANNELS ? GROUP_CHANNELS : paddedChannels(inputChannels);
}

/**
 * Brings the weights of every convolution into the order of the kernel; independent of the picture's size.
 * @param file int8.bin
 * @param byWinograd whether convolutions that can be are computed tile by tile; their results are the same
 * @returns by the node's name
 */
export function packWeights(
  graph: Int8Graph,
  file: ArrayBuffer,
  memory: KernelMemory,
  byWinograd: boolean,
): ReadonlyMap<string, PackedWeights> {
  const { arena } = memory;
  const convolutions = graph.nodes.filter((node) => node.op === 'convolution');
  const inTiles = convolutions.filter((node) => byWinograd && suitsWinograd(node));
  const winograd = packWinograd(inTiles, file, memory);
  const depthwise = graph.nodes.filter((node) => node.op === 'depthwise');
  const packed = (
    node: ConvolutionNode | DepthwiseNode,
    weights: PackedWeights['weights'],
  ): [string, PackedWeights] => [node.name, { table: packTable(node, file, arena), weights }];
  return new Map([
    ...convolutions.map((node) => packed(node, winograd.get(node.name) ?? pack(node, file, arena))),
    ...depthwise.map((node) => packed(node, packDepthwise(node, file, arena))),
  ]);
}

/** In 16 bits, which products of them take. */
function packDepthwise({ channels, at }: DepthwiseNode, file: ArrayBuffer, arena: Arena): number {
  const panels = Math.ceil(channels / PANEL_CHANNELS);
  const count = panels * DEPTHWISE_TAPS * PANEL_CHANNELS;
  const weights = arena.allocate(2 * count);
  const target = arena.shorts(weights, count);
  const source = new Int8Array(file, at.weights, DEPTHWISE_TAPS * channels);
  for (let tap = 0; tap < DEPTHWISE_TAPS; tap++) {
    for (let channel = 0; channel < channels; channel++) {
      const panel = Math.floor(channel / PANEL_CHANNELS);
      const to = (panel * DEPTHWISE_TAPS + tap) * PANEL_CHANNELS + (channel % PANEL_CHANNELS);
      target[to] = source[tap * channels + channel]!;
    }
  }
  return weights;
}

function pack(node: ConvolutionNode, file: ArrayBuffer, arena: Arena): number {
  const { kernel, channels } = node;
  const rows = kernel[0] * kernel[1] * (depthOf(node) / GROUP_CHANNELS);
  const panels = Math.ceil(channels / PANEL_CHANNELS);
  const weights = arena.allocate(GROUP_CHANNELS * PANEL_CHANNELS * rows * panels);
  const source = groupsOf(node, file);
  const target = arena.words(weights, PANEL_CHANNELS * rows * panels);
  for (let channel = 0; channel < channels; channel++) {
    const lane = channel % PANEL_CHANNELS;
    let to = rows * (channel - lane) + lane;
    for (let from = rows * channel; from < rows * (channel + 1); from++) {
      target[to] = source[from]!;
      to += PANEL_CHANNELS;
    }
  }
  return weights;
}

/** Weights of four channels in a word, by channel and tap; of channels that are none they are 0. */
function groupsOf(node: ConvolutionNode, file: ArrayBuffer): Int32Array {
  const { kernel, inputChannels, channels, at } = node;
  const taps = channels * kernel[0] * kernel[1];
  const source = new Int8Array(file, at.weights, taps * inputChannels);
  const depth = depthOf(node);
  const padded = new Int8Array(taps * depth);
  if (depth === inputChannels) padded.set(source);
  else {
    for (let tap = 0; tap < taps; tap++) {
      const from = tap * inputChannels;
      padded.set(source.subarray(from, from + inputChannels), tap * depth);
    }
  }
  return new Int32Array(padded.buffer);
}

function packTable(
  { channels, at }: Pick<ConvolutionNode, 'channels' | 'at'>,
  file: ArrayBuffer,
  arena: Arena,
): number {
  const panels = Math.ceil(channels / PANEL_CHANNELS);
  const table = arena.allocate(TABLE_BYTES * panels);
  const lists = [
    [new Int32Array(file, at.biases, channels), arena.words(table, panels * 24)],
    [new Float32Array(file, at.multipliers, channels), arena.reals(table, panels * 24)],
    [new Float32Array(file, at.slopes, channels), arena.reals(table, panels * 24)],
  ] as const;
  lists.forEach(([numbers, words], list) => {
    numbers.forEach((number, channel) => {
      const panel = Math.floor(channel / PANEL_CHANNELS);
      words[24 * panel + PANEL_CHANNELS * list + (channel % PANEL_CHANNELS)] = number;
    });
  });
  return table;
}
