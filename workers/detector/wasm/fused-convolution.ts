/**
 * Convolutions for tfjs's wasm backend in relaxed SIMD: tfjs 4.22 is built without, and multiplies and adds in two
 * instructions. Where the browser has none of it, tfjs's own kernel stays.
 */
import {
  backend,
  backend_util,
  type FusedConv2DAttrs,
  type FusedConv2DInputs,
  getKernel,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import {
  BLOCK_NUMBERS,
  type Convolve,
  convolutionModule,
  packColumns,
  TILE_COLUMNS,
  TILE_PIXELS,
} from './convolution-module.ts';

/** What is used of tfjs's wasm backend. */
interface WasmBackend {
  readonly wasm: {
    readonly asm: { readonly memory: WebAssembly.Memory };
    _malloc(bytes: number): number;
    _free(address: number): void;
  };
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } };
  makeOutput(shape: readonly number[], dtype: 'float32'): TensorInfo;
}

type ConvolutionInfo = ReturnType<typeof backend_util.computeConv2DInfo>;

const KERNEL = 'FusedConv2D';
const NUMBER = 4;
/** What a negative sum is multiplied with, and the largest result, of each activation. */
const ACTIVATIONS: Partial<Record<string, (leak: number) => readonly [number, number]>> = {
  linear: () => [1, Number.POSITIVE_INFINITY],
  relu: () => [0, Number.POSITIVE_INFINITY],
  relu6: () => [0, 6],
  leakyrelu: (leak) => [leak, Number.POSITIVE_INFINITY],
};

let convolutions: FusedConvolutions | undefined;

/**
 * Puts our convolutions in the place of tfjs's where the browser has what they need, in this thread's wasm backend,
 * which must be ready.
 */
export async function useFusedConvolutions(): Promise<void> {
  const bytes = convolutionModule();
  if (!WebAssembly.validate(bytes)) return;
  const wasm = backend() as unknown as WasmBackend;
  const { memory } = wasm.wasm.asm;
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
  const ours = new FusedConvolutions(instance.exports.convolve as Convolve, wasm);
  const theirs = getKernel(KERNEL, 'wasm');
  unregisterKernel(KERNEL, 'wasm');
  registerKernel({
    ...theirs,
    kernelFunc: (call) =>
      ours.run(call.inputs as FusedConv2DInputs, call.attrs as unknown as FusedConv2DAttrs) ??
      theirs.kernelFunc(call),
  });
  convolutions = ours;
}

/** Gives back the weights that were packed so far; to be called when their network is closed. */
export function freeFusedConvolutions(): void {
  convolutions?.free();
}

/** A part of a convolution: so many lines of pixels from a pixel on, so many channels of the result from one on. */
interface Part {
  readonly pixel: number;
  readonly lines: number;
  readonly pixels: number;
  readonly column: number;
  readonly columns: number;
}

/** Whether every pixel of the result comes of the same pixel of the input alone, so that lines mean nothing. */
function isFlat(info: ConvolutionInfo): boolean {
  const { filterHeight, filterWidth, inHeight, inWidth, outHeight, outWidth } = info;
  return filterHeight * filterWidth === 1 && inHeight === outHeight && inWidth === outWidth;
}

/** Several pictures whose pixels do not look at their neighbours are one of as many lines. */
function asOnePicture(info: ConvolutionInfo): ConvolutionInfo {
  const { batchSize, inHeight, outHeight } = info;
  if (batchSize === 1 || !isFlat(info)) return info;
  return {
    ...info,
    batchSize: 1,
    inHeight: batchSize * inHeight,
    outHeight: batchSize * outHeight,
  };
}

/** The order that reads least from memory: all weights for every line, or all lines for every few weights. */
function schedule(info: ConvolutionInfo): Part[] {
  const { inChannels, outChannels, outHeight, outWidth } = info;
  const all = outHeight * outWidth;
  const block = TILE_PIXELS * Math.max(1, Math.floor(BLOCK_NUMBERS / inChannels / TILE_PIXELS));
  const pixels = isFlat(info) ? Math.min(all, block) : outWidth;
  const lines = Math.floor(all / pixels);
  const weights = info.filterHeight * info.filterWidth * inChannels * outChannels;
  const input = info.inHeight * info.inWidth * inChannels;
  if (lines * weights > (outChannels / TILE_COLUMNS) * input) {
    const cut = isFlat(info) ? { lines: 1, pixels: all } : { lines, pixels };
    return Array.from({ length: Math.ceil(outChannels / TILE_COLUMNS) }, (_, panel) => {
      const column = TILE_COLUMNS * panel;
      return { pixel: 0, ...cut, column, columns: Math.min(TILE_COLUMNS, outChannels - column) };
    });
  }
  const whole = { column: 0, columns: outChannels };
  const rest = all - lines * pixels;
  return [
    { pixel: 0, lines, pixels, ...whole },
    ...(rest > 0 ? [{ pixel: lines * pixels, lines: 1, pixels: rest, ...whole }] : []),
  ];
}

class FusedConvolutions {
  readonly #convolve: Convolve;
  readonly #backend: WasmBackend;
  /** Addresses of packed weights, by their filter. */
  readonly #packed = new Map<object, { readonly address: number; readonly bias?: object }>();
  /** Room for a tile. */
  readonly #scratch: number;
  /** Room for an input with its margin. */
  #framed = { address: 0, bytes: 0 };

  constructor(convolve: Convolve, backend: WasmBackend) {
    this.#convolve = convolve;
    this.#backend = backend;
    this.#scratch = backend.wasm._malloc(NUMBER * TILE_PIXELS * TILE_COLUMNS);
  }

  /** The result; undefined for what is left to tfjs. */
  run(
    { x, filter, bias, preluActivationWeights }: FusedConv2DInputs,
    attrs: FusedConv2DAttrs,
  ): TensorInfo | undefined {
    const { strides, dilations, pad, dimRoundingMode, dataFormat, leakyreluAlpha = 0 } = attrs;
    const activation = ACTIVATIONS[attrs.activation ?? 'linear'];
    const computed = backend_util.computeConv2DInfo(
      x.shape as [number, number, number, number],
      filter.shape as [number, number, number, number],
      strides,
      dilations,
      pad,
      dimRoundingMode,
    );
    const info = asOnePicture(computed);
    const isPlain =
      activation !== undefined &&
      preluActivationWeights === undefined &&
      dataFormat === 'NHWC' &&
      info.batchSize === 1 &&
      info.dilationHeight === 1 &&
      info.dilationWidth === 1;
    const weights = isPlain ? this.#weights(info, filter.dataId, bias?.dataId) : undefined;
    if (!activation || weights === undefined) return undefined;

    const output = this.#backend.makeOutput(computed.outShape, 'float32');
    const result = this.#address(output.dataId);
    const input = this.#framedInput(info, this.#address(x.dataId));
    const [slope, high] = activation(leakyreluAlpha);
    const inPixel = NUMBER * info.inChannels;
    const inLine = inPixel * (info.padInfo.left + info.inWidth + info.padInfo.right);
    const outPixel = NUMBER * info.outChannels;
    const panelRows = info.filterHeight * info.filterWidth * info.inChannels + 1;
    for (const { pixel, lines, pixels, column, columns } of schedule(info)) {
      this.#convolve(
        input + pixel * inPixel,
        isFlat(info) ? pixels * inPixel : info.strideHeight * inLine,
        info.strideWidth * inPixel,
        inLine,
        info.filterHeight,
        info.filterWidth * info.inChannels,
        weights + NUMBER * column * panelRows,
        result + pixel * outPixel + NUMBER * column,
        pixels * outPixel,
        outPixel,
        lines,
        pixels,
        columns,
        slope,
        high,
        this.#scratch,
      );
    }
    return output;
  }

  free(): void {
    const { wasm } = this.#backend;
    for (const { address } of this.#packed.values()) wasm._free(address);
    this.#packed.clear();
    if (this.#framed.bytes > 0) wasm._free(this.#framed.address);
    this.#framed = { address: 0, bytes: 0 };
  }

  #address(dataId: object): number {
    return this.#backend.dataIdMap.get(dataId).memoryOffset;
  }

  #numbersOf(dataId: object, count: number): Float32Array {
    const from = this.#address(dataId) / NUMBER;
    return this.#numbers().subarray(from, from + count);
  }

  #numbers(): Float32Array {
    return new Float32Array(this.#backend.wasm.asm.memory.buffer);
  }

  /** Where the packed weights are; undefined where the same filter comes with another bias. */
  #weights(info: ConvolutionInfo, filter: object, bias: object | undefined): number | undefined {
    const known = this.#packed.get(filter);
    if (known) return known.bias === bias ? known.address : undefined;
    const { outChannels, inChannels, filterHeight, filterWidth } = info;
    const rows = filterHeight * filterWidth * inChannels;
    const biases = bias ? this.#numbersOf(bias, outChannels) : new Float32Array(outChannels);
    const weights = this.#numbersOf(filter, rows * outChannels);
    const packed = packColumns(weights, biases, rows, outChannels);
    const address = this.#backend.wasm._malloc(packed.byteLength);
    this.#numbers().set(packed, address / NUMBER);
    this.#packed.set(filter, { address, ...(bias && { bias }) });
    return address;
  }

  /** Where the input lies with a margin of zeros around it, as wide as the convolution pads. */
  #framedInput({ padInfo, inHeight, inWidth, inChannels }: ConvolutionInfo, input: number): number {
    const { top, bottom, left, right } = padInfo;
    if (top + bottom + left + right === 0) return input;
    const line = (left + inWidth + right) * inChannels;
    const bytes = NUMBER * line * (top + inHeight + bottom);
    if (bytes > this.#framed.bytes) {
      const { wasm } = this.#backend;
      if (this.#framed.bytes > 0) wasm._free(this.#framed.address);
      this.#framed = { address: wasm._malloc(bytes), bytes };
    }
    const numbers = this.#numbers();
    const picture = inWidth * inChannels;
    const start = this.#framed.address / NUMBER;
    const end = start + bytes / NUMBER;
    let to = start + top * line + left * inChannels;
    numbers.fill(0, start, to);
    for (let row = 0, from = input / NUMBER; row < inHeight; row++, from += picture, to += line) {
      numbers.copyWithin(to, from, from + picture);
      numbers.fill(0, to + picture, Math.min(to + line, end));
    }
    if (to < end) numbers.fill(0, to, end);
    return this.#framed.address;
  }
}
