/** Calls of kernels that move windows over maps, with all their addresses. */
import {
  BLOCK_NUMBERS,
  packColumns,
  TILE_COLUMNS,
  TILE_PIXELS,
} from '../../wasm/convolution-module.ts';
import type { RealKernels } from '../../wasm/real/module.ts';
import { DEPTHWISE_NUMBERS } from '../../wasm/real/windows.ts';
import { constantsAt, type RealWorkshop, type Step } from './map-steps.ts';
import type { Border, Place, Shape } from './place-values.ts';

/** A window that moves over a map. */
export interface MovedWindow {
  readonly kernel: readonly [rows: number, columns: number];
  readonly strides: readonly [rows: number, columns: number];
  /** Pixels around the map that it begins and ends in. */
  readonly pads: Border;
}

/** Rows and columns of what the kernels of single channels take. */
export const WINDOW = 3;

/** What negative sums are multiplied with, and the largest result, of an activation. @throws RangeError at another */
export function activationOf(name: string | undefined): readonly [slope: number, high: number] {
  if (name === undefined) return [1, Number.POSITIVE_INFINITY];
  if (name === 'Relu') return [0, Number.POSITIVE_INFINITY];
  if (name === 'Relu6') return [0, 6];
  throw new RangeError(`The activation ${name} is not computed here.`);
}

/** The size of a window's results. */
export function windowShape(
  { height, width }: Shape,
  window: MovedWindow,
  channels: number,
): Shape {
  const { kernel, strides, pads } = window;
  return {
    height: Math.floor((height + pads.top + pads.bottom - kernel[0]) / strides[0]) + 1,
    width: Math.floor((width + pads.left + pads.right - kernel[1]) / strides[1]) + 1,
    channels,
  };
}

function firstTap(from: Place, { pads }: MovedWindow): number {
  return from.address - pads.top * from.line - pads.left * from.pixel;
}

/**
 * A convolution, its biases and its activation.
 * @param weights [rows][columns][input's channels][channels]
 */
export function convolutionSteps(
  from: Place,
  to: Place,
  window: MovedWindow,
  weights: ArrayLike<number>,
  biases: ArrayLike<number>,
  activation: string | undefined,
  workshop: RealWorkshop,
): Step[] {
  const { kernel, strides } = window;
  const rows = kernel[0] * kernel[1] * from.channels;
  const [slope, high] = activationOf(activation);
  const packed = constantsAt(packColumns(weights, biases, rows, to.channels), workshop);
  const scratch = workshop.arena.allocate(4 * TILE_PIXELS * TILE_COLUMNS);
  const isPlain = [...kernel, ...strides].every((one) => one === 1) && from.isFlat && to.isFlat;
  const together = isPlain
    ? Math.min(to.height, Math.max(1, Math.floor(BLOCK_NUMBERS / from.channels / to.width)))
    : 1;
  const lines = to.height % together === 0 ? together : 1;
  const given: Parameters<RealKernels['convolve']> = [
    ...([firstTap(from, window), lines * strides[0] * from.line, strides[1] * from.pixel] as const),
    ...([from.line, kernel[0], kernel[1] * from.channels, packed, to.address] as const),
    ...([lines * to.line, to.pixel, to.height / lines, lines * to.width, to.channels] as const),
    ...([slope, high, scratch] as const),
  ];
  return [() => workshop.kernels.convolve(...given)];
}

/**
 * A depthwise convolution, its biases and its activation.
 * @param weights [rows][columns][channels]
 * @throws RangeError where it is larger than 3 x 3, or channels do not come in fours
 */
export function depthwiseSteps(
  from: Place,
  to: Place,
  window: MovedWindow,
  weights: ArrayLike<number>,
  biases: ArrayLike<number>,
  activation: string | undefined,
  workshop: RealWorkshop,
): Step[] {
  const { kernel } = window;
  const { channels } = from;
  const [slope, high] = activationOf(activation);
  if (Math.max(...kernel) > WINDOW || channels % 4 !== 0 || high !== Number.POSITIVE_INFINITY)
    throw new RangeError(`A depthwise convolution of ${kernel.join(' x ')} is not computed here.`);
  const packed = new Float32Array((DEPTHWISE_NUMBERS * channels) / 4);
  for (let channel = 0; channel < channels; channel++) {
    const at = DEPTHWISE_NUMBERS * (channel >> 2) + (channel & 3);
    for (let row = 0; row < kernel[0]; row++) {
      for (let column = 0; column < kernel[1]; column++)
        packed[at + 4 * (WINDOW * row + column)] =
          weights[(kernel[1] * row + column) * channels + channel]!;
    }
    packed[at + DEPTHWISE_NUMBERS - 4] = biases[channel]!;
  }
  const address = constantsAt(packed, workshop);
  const { kernels } = workshop;
  if (window.strides.every((stride) => stride === 1)) {
    const given: Parameters<RealKernels['slidingDepthwise']> = [
      ...([firstTap(from, window), from.line, from.pixel, from.line, address] as const),
      ...([to.address, to.line, to.pixel, to.height, to.width, channels / 4] as const),
      slope === 0 ? 0 : Number.NEGATIVE_INFINITY,
    ];
    return [() => kernels.slidingDepthwise(...given)];
  }
  const given = windowCall(from, to, window, address, slope);
  return [() => kernels.depthwise(...given)];
}

/** The greatest of windows of 3 x 3. @throws RangeError where they are others, or channels do not come in fours */
export function maxPoolSteps(
  from: Place,
  to: Place,
  window: MovedWindow,
  { kernels }: RealWorkshop,
): Step[] {
  if (window.kernel.some((length) => length !== WINDOW) || from.channels % 4 !== 0)
    throw new RangeError('The greatest of other windows than 3 x 3 is not computed here.');
  const given = windowCall(from, to, window, 0, 1);
  return [() => kernels.maxPool(...given)];
}

function windowCall(
  from: Place,
  to: Place,
  window: MovedWindow,
  weights: number,
  slope: number,
): Parameters<RealKernels['depthwise']> {
  const { strides } = window;
  return [
    ...([firstTap(from, window), strides[0] * from.line, strides[1] * from.pixel] as const),
    ...([from.pixel, from.line, weights, to.address, to.line, to.pixel] as const),
    ...([to.height, to.width, from.channels / 4, slope] as const),
  ];
}
