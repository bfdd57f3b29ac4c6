/**
 * A network in 8-bit integers as set-up writes it: `int8.json` is an {@link Int8Graph}, `int8.bin` the numbers it points
 * to. Activations are whole numbers from 0 to 127; a real number is `scale x (activation - zero)`, where only the zero is
 * told: scales are in the multipliers already. Weights are whole numbers from -64 to 64, per channel of the result. In windows of one pixel and of a
 * channel by itself they are from -127 to 127, where those of one sign that kernels add up in 16 bits are 258 together at most, 128 of activations up to 255: of eight
 * channels side by side the 1st, 2nd, 5th and 6th, and the others, of sixteen every fourth; of nine taps the first four, and the next.
 * (Jacob et al. 2018, "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference",
 * arXiv 1712.05877, sections 2.1 to 2.4.)
 */

/** Rows and columns. */
export type RowsColumns = readonly [number, number];

/** Pixels added around a map: top, bottom, left, right; `same` as many as a result of input / stride, rounded up, takes. */
export type Padding = 'same' | readonly [number, number, number, number];

/** The picture: bytes red, green, blue, halved. */
export interface ImageNode {
  readonly op: 'image';
  readonly name: string;
  /** What is real 0, for each channel: what the border holds. */
  readonly zeros: readonly number[];
}

/** A window that moves over a map. */
export interface Window {
  readonly input: string;
  readonly kernel: RowsColumns;
  readonly strides: RowsColumns;
  readonly padding: Padding;
}

/** Sums of weighed activations, and an activation of them. */
export interface ConvolutionNode extends Window {
  readonly op: 'convolution';
  readonly name: string;
  readonly inputChannels: number;
  /** Of the result. */
  readonly channels: number;
  /**
   * In bytes of the weights' file. `weights`: 8-bit, [channels][rows][columns][inputChannels]; for each channel `biases`:
   * 32-bit whole numbers that sums start with, `multipliers` and `slopes`: 32-bit real numbers, of the sum, and of what is
   * negative after that.
   */
  readonly at: {
    readonly weights: number;
    readonly biases: number;
    readonly multipliers: number;
    readonly slopes: number;
  };
  /** Activation that is real 0; null: the result is real numbers. */
  readonly zero: number | null;
  /** Activations of the result are from 0 to 255: where none but depthwise convolutions take it, which multiply in 16 bits. */
  readonly isWide?: boolean;
}

/** A convolution of 3 x 3 of each channel by itself. */
export interface DepthwiseNode extends Window {
  readonly op: 'depthwise';
  readonly name: string;
  readonly channels: number;
  /** As of a convolution, with `weights` [rows][columns][channels]. */
  readonly at: ConvolutionNode['at'];
  /** Activation that is real 0. */
  readonly zero: number;
}

/** The greatest or the mean of a window. */
export interface PoolNode extends Window {
  readonly op: 'maxPool' | 'averagePool';
  readonly name: string;
}

/** Bilinear, with half-pixel centres, to the image's size / stride. */
export interface ResizeNode {
  readonly op: 'resize';
  readonly name: string;
  readonly input: string;
  readonly stride: number;
}

/** `factors[0]` times the first plus `factors[1]` times the second plus `rest`, rounded. */
export interface AddNode {
  readonly op: 'add';
  readonly name: string;
  readonly inputs: readonly [string, string];
  readonly factors: readonly [number, number];
  readonly rest: number;
  readonly zero: number;
}

/** Maps of one size side by side: all channels of the first, then those of the second. */
export interface ConcatNode {
  readonly op: 'concat';
  readonly name: string;
  readonly inputs: readonly string[];
}

/** Rows of real numbers side by side: each map's numbers cut into rows of so many. */
export interface ColumnsNode {
  readonly op: 'columns';
  readonly name: string;
  /** Convolutions. */
  readonly inputs: readonly string[];
  /** Numbers of each in a row. */
  readonly widths: readonly number[];
}

/** The result: the rows of maps of real numbers, or of columns of them, one below the other; a pixel's channels are a row. */
export interface RowsNode {
  readonly op: 'rows';
  readonly name: string;
  readonly inputs: readonly string[];
}

/** One step of a network. */
export type Int8Node =
  | ImageNode
  | ConvolutionNode
  | DepthwiseNode
  | PoolNode
  | ResizeNode
  | AddNode
  | ConcatNode
  | ColumnsNode
  | RowsNode;

/** A network: its nodes in an order in which they can run, the last one's result is the network's. */
export interface Int8Graph {
  readonly format: 1;
  readonly nodes: readonly Int8Node[];
}

/** A map's size in pixels and the channels of each. */
export interface MapShape {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** A window's result in one direction, and the pixels it needs before and behind the map. */
export interface Span {
  readonly length: number;
  readonly before: number;
  readonly behind: number;
}

/** How a window moves over a map's rows (`axis` 0) or columns (1). */
export function spanOf({ kernel, strides, padding }: Window, axis: 0 | 1, length: number): Span {
  const [size, stride] = [kernel[axis], strides[axis]];
  if (padding !== 'same') {
    const [before, behind] = [padding[2 * axis]!, padding[2 * axis + 1]!];
    return { length: Math.floor((length + before + behind - size) / stride) + 1, before, behind };
  }
  const result = Math.ceil(length / stride);
  const missing = Math.max(0, (result - 1) * stride + size - length);
  const before = Math.floor(missing / 2);
  return { length: result, before, behind: missing - before };
}

/**
 * The size of every node's result.
 * @param image the picture's
 * @throws RangeError where maps that are to be joined differ in size, or a node names one that comes later
 */
export function shapesOf(
  { nodes }: Int8Graph,
  image: { readonly width: number; readonly height: number },
): ReadonlyMap<string, MapShape> {
  const shapes = new Map<string, MapShape>();
  const known = (name: string): MapShape => {
    const shape = shapes.get(name);
    if (!shape) throw new RangeError(`The network uses ${name} before it is computed.`);
    return shape;
  };
  const shapeOf = (node: Int8Node): MapShape => {
    switch (node.op) {
      case 'image':
        return { width: image.width, height: image.height, channels: node.zeros.length };
      case 'convolution':
      case 'depthwise':
      case 'maxPool':
      case 'averagePool': {
        const { width, height, channels } = known(node.input);
        return {
          width: spanOf(node, 1, width).length,
          height: spanOf(node, 0, height).length,
          channels: node.op === 'convolution' ? node.channels : channels,
        };
      }
      case 'resize': {
        const { channels } = known(node.input);
        return { width: image.width / node.stride, height: image.height / node.stride, channels };
      }
      case 'add':
      case 'concat': {
        const [first, ...others] = node.inputs.map(known);
        let { channels } = first!;
        for (const other of others) {
          if (other.width !== first!.width || other.height !== first!.height)
            throw new RangeError(`${node.name} joins maps of different sizes.`);
          if (node.op === 'concat') channels += other.channels;
        }
        return { ...first!, channels };
      }
      case 'columns': {
        const [first] = node.inputs.map(known);
        const rows = (first!.width * first!.height * first!.channels) / node.widths[0]!;
        return { width: 1, height: rows, channels: node.widths.reduce((a, b) => a + b) };
      }
      case 'rows': {
        const maps = node.inputs.map(known);
        const height = maps.reduce((sum, map) => sum + map.width * map.height, 0);
        return { width: 1, height, channels: maps[0]!.channels };
      }
    }
  };
  for (const node of nodes) shapes.set(node.name, shapeOf(node));
  return shapes;
}
