/** Convolutions of single-precision maps by products of 8-bit integers. */
import { TABLE_BYTES } from '../../wasm/int8/activations.ts';
import type { Int8Kernels } from '../../wasm/int8/module.ts';
import { GROUP_CHANNELS, MOST_WEIGHT, PANEL_CHANNELS } from '../../wasm/int8/sums.ts';
import type { Arena } from '../int8/arena.ts';
import type { Step } from './map-steps.ts';
import type { Place } from './place-values.ts';
import type { QuantisedMap } from './quantised-maps.ts';
import type { MovedWindow } from './window-steps.ts';

/** Products of a sum from which 8 bits save more than the bytes cost; of fewer, errors also cancel out less. */
const LEAST_PRODUCTS = 64;
/** Numbers of the result that stay in the processor's near caches while all their channels are computed. */
const BLOCK_NUMBERS = 4096;
/** Greatest whole number that a bias becomes: sums of products have as much room again. */
const MOST_BIAS = 2 ** 30;

/** Whether a convolution is computed in 8-bit integers where their kernels are there. */
export function suitsIntegers(from: Place, to: Place, { kernel }: MovedWindow): boolean {
  const products = kernel[0] * kernel[1] * from.channels;
  const isWhole = (from.width * from.channels) % 4 === 0 && to.channels % PANEL_CHANNELS === 0;
  return isWhole && products >= LEAST_PRODUCTS && to.height * to.width > 1;
}

/**
 * A convolution, its biases and its activation. Sums are exact; the picture's range gives them their scale.
 * @param from with the window's pads as its border
 * @param inputs channels of the input
 * @param weights [rows][columns][input's channels][channels]
 * @param slope what negative sums are multiplied with
 */
export function quantisedConvolutionSteps(
  from: QuantisedMap,
  inputs: number,
  to: Place,
  { kernel, strides }: MovedWindow,
  weights: Float32Array,
  biases: Float32Array,
  slope: number,
  { arena, int8 }: { readonly arena: Arena; readonly int8: Int8Kernels },
): Step[] {
  const { channels } = to;
  // A row's taps lie side by side: they are as one.
  const depth = kernel[1] * inputs;
  const { bytes, scales, sums } = quantiseWeights(weights, kernel[0], depth, channels);
  const packed = arena.allocate(bytes.length);
  arena.bytes(packed, bytes.length).set(bytes);
  const panels = channels / PANEL_CHANNELS;
  const table = arena.allocate(TABLE_BYTES * panels);
  /** Of the table in fours of bytes: the channel's bias; behind it by a panel its multiplier, and by two its slope. */
  const entryOf = (channel: number) => {
    const lane = channel % PANEL_CHANNELS;
    return (TABLE_BYTES / 4) * ((channel - lane) / PANEL_CHANNELS) + lane;
  };
  const entries = arena.reals(table, (TABLE_BYTES / 4) * panels);
  for (let channel = 0; channel < channels; channel++)
    entries[entryOf(channel) + 2 * PANEL_CHANNELS] = slope;
  // Where a bias is so much greater than the products, they come close to nothing.
  const leasts = biases.map((bias) => Math.abs(bias) / MOST_BIAS);

  const writeTable: Step = ({ buffer }) => {
    const words = new Int32Array(buffer, table, (TABLE_BYTES / 4) * panels);
    const reals = new Float32Array(buffer, table, words.length);
    const { scale, zero } = from.range;
    for (let channel = 0; channel < channels; channel++) {
      const entry = entryOf(channel);
      const multiplier = Math.fround(Math.max(scale * scales[channel]!, leasts[channel]!));
      reals[entry + PANEL_CHANNELS] = multiplier;
      const bias = multiplier > 0 ? Math.round(biases[channel]! / multiplier) : 0;
      words[entry] = bias - zero * sums[channel]!;
    }
  };
  const groups = Math.ceil(depth / GROUP_CHANNELS);
  const [across, down] = [strides[1] * inputs, strides[0] * from.line];
  const isPlain = to.isFlat && [...kernel, ...strides].every((one) => one === 1);
  const together = Math.max(1, Math.floor(BLOCK_NUMBERS / (to.width * channels)));
  const calls: Parameters<Int8Kernels['convolve']>[] = [];
  for (let y = 0; y < to.height; y += together) {
    const count = Math.min(together, to.height - y);
    const [lines, pixels] = isPlain ? [1, count * to.width] : [count, to.width];
    calls.push([
      ...([from.address + y * down, down, across, kernel[0], 1, groups, 0] as const),
      ...([from.line - GROUP_CHANNELS * groups, packed, table, to.address + y * to.line] as const),
      ...([to.line, to.pixel, lines, pixels, panels, 2, 0] as const),
    ]);
  }
  const convolve: Step = () => {
    for (const call of calls) int8.convolve(...call);
  };
  return [writeTable, convolve];
}

interface QuantisedWeights {
  /** For each panel, row and group of four numbers of a row: eight channels' four weights. */
  readonly bytes: Uint8Array;
  /** What a channel's weights are multiples of. */
  readonly scales: Float64Array;
  /** Sums of a channel's multiples. */
  readonly sums: Int32Array;
}

/** @param depth numbers of a row of the window */
function quantiseWeights(
  weights: Float32Array,
  rows: number,
  depth: number,
  channels: number,
): QuantisedWeights {
  const rowBytes = GROUP_CHANNELS * Math.ceil(depth / GROUP_CHANNELS);
  const bytes = new Int8Array(channels * rows * rowBytes);
  const scales = new Float64Array(channels);
  const sums = new Int32Array(channels);
  for (let channel = 0; channel < channels; channel++) {
    let greatest = 0;
    for (let i = channel; i < weights.length; i += channels)
      greatest = Math.max(greatest, Math.abs(weights[i]!));
    if (greatest === 0) continue;
    const scale = greatest / MOST_WEIGHT;
    scales[channel] = scale;
    const lane = channel % PANEL_CHANNELS;
    for (let i = 0; i < rows * depth; i++) {
      const weight = Math.round(weights[i * channels + channel]! / scale);
      const at = rowBytes * Math.floor(i / depth) + (i % depth);
      const step = at % GROUP_CHANNELS;
      const group = (channel - lane) * rows * rowBytes + PANEL_CHANNELS * (at - step);
      bytes[group + GROUP_CHANNELS * lane + step] = weight;
      sums[channel]! += weight;
    }
  }
  return { bytes: new Uint8Array(bytes.buffer), scales, sums };
}
