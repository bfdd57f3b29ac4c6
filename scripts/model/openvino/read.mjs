/**
 * Reads a network in OpenVINO's intermediate representation (an .xml file with the graph, a .bin file with the weights) as
 * a channels-last tfjs graph. Operations as in OpenVINO's operation set specifications; those that no embedding network
 * here uses are refused by name. Long because each kind of layer is a few lines over the same graph and its values.
 */
import { Graph } from '../graph.mjs';
import { apply, fold } from './constants.mjs';
import { nameOf, parseLayers, readConstant } from './layers.mjs';

/**
 * @typedef {import('./layers.mjs').Layer} Layer @typedef {import('./layers.mjs').Numbers} Numbers
 * @typedef {{name: string} | {numbers: Numbers}} Value what a layer gives: a node's output, or constants
 * @typedef {{channels: 'rgb' | 'bgr', mean: number[], std: number[], width: number, height: number}} Input
 *   what the graph's node `image` takes: `(pixel - mean) / std`, channels in their order
 */

/** What stands where a single kernel of tfjs does the same. */
const UNARY = { ReLU: 'Relu', Sigmoid: 'Sigmoid' };

/**
 * @param {string} xml
 * @param {Uint8Array} weights
 * @returns {{graph: Graph, output: string, input: Input}} the graph's input `image` is [n, height, width, 3]; scaling of
 *   pixels at its beginning and the order of its channels are taken out of it
 * @throws {Error} naming the layer that is not understood
 */
export function readOpenVino(xml, weights) {
  const { layers, sources } = parseLayers(xml);
  const reader = new Reader(weights);
  /** @type {Map<string, Value>} */
  const values = new Map();
  for (const layer of layers) {
    const inputs = (sources.get(layer.id) ?? []).map((source) => {
      const value = values.get(source);
      if (!value) throw new Error(`Layer ${layer.id} takes ${source}, which comes later or never.`);
      return value;
    });
    if (layer.type === 'Result') {
      const [result] = inputs;
      if (!result || !('name' in result)) throw new Error('The network gives constants.');
      const output = reader.graph.add('embedding', 'Identity', [result.name]);
      reader.graph.prune([output]);
      if (!reader.input) throw new Error('The network takes nothing.');
      return { graph: reader.graph, output, input: reader.input };
    }
    values.set(layer.id, reader.read(layer, inputs));
  }
  throw new Error('The network has no result.');
}

class Reader {
  graph = new Graph();
  /** @type {Input | undefined} */
  input;
  #weights;

  /** @param {Uint8Array} weights */
  constructor(weights) {
    this.#weights = weights;
  }

  /** @param {Layer} layer @param {Value[]} inputs @returns {Value} */
  read(layer, inputs) {
    const { type } = layer;
    switch (type) {
      case 'Parameter':
        return this.#parameter(layer);
      case 'Const':
        return { numbers: readConstant(layer, this.#weights) };
      case 'ShapeOf':
      case 'Concat':
        // Only shapes are computed so, and those stand in the layers' outputs.
        return { numbers: { shape: layer.shape, values: new Int32Array(0) } };
      case 'Gather':
      case 'Subtract':
      case 'Multiply':
      case 'Add':
        return this.#arithmetic(layer, inputs);
      case 'Convolution':
      case 'GroupConvolution':
        return this.#convolution(layer, inputs);
      case 'MaxPool':
      case 'AvgPool':
        return this.#pool(layer, inputs);
      case 'ReduceMean':
        return this.#mean(layer, inputs);
      case 'MVN':
        return this.#normalise(layer, inputs);
      case 'Reshape':
        return this.#reshape(layer, inputs);
      case 'MatMul':
        return this.#product(layer, inputs);
      case 'ReLU':
      case 'Sigmoid':
        if (inputs[0] && 'numbers' in inputs[0]) return { numbers: apply(type, inputs[0].numbers) };
        return this.#node(layer, UNARY[type], [this.#named(layer, inputs[0])]);
      case 'PReLU': {
        const { values } = constant(layer, inputs[1]);
        if (values.length !== 1) throw new Error(`${nameOf(layer)} has a slope for each channel.`);
        const alpha = values[0] ?? 0;
        return this.#node(layer, 'LeakyRelu', [this.#named(layer, inputs[0])], { alpha });
      }
      default:
        throw new Error(`${nameOf(layer)} is not understood.`);
    }
  }

  /**
   * @param {Layer} layer @param {string} op @param {string[]} inputs
   * @param {Record<string, import('../graph.mjs').Attribute>} [attrs]
   * @returns {Value}
   */
  #node(layer, op, inputs, attrs = {}) {
    return { name: this.graph.add(nameOf(layer), op, inputs, attrs) };
  }

  /** @param {Layer} layer @param {Value | undefined} value @returns {string} the node or constant, by its name */
  #named(layer, value) {
    if (!value) throw new Error(`${nameOf(layer)} lacks an input.`);
    if ('name' in value) return value.name;
    const { shape, values } = value.numbers;
    // [1, channels, 1, 1] and [1, channels] are one number a channel: the last axis here.
    if (values.length !== Math.max(1, ...shape)) {
      throw new Error(`${nameOf(layer)} takes constants other than one a channel.`);
    }
    const name = `${nameOf(layer)}/constant`;
    return this.graph.addTensor(name, values.length === 1 ? [] : [values.length], values);
  }

  /** As {@link #named}; constants are a map of one pixel. @param {Layer} layer @param {Value | undefined} value */
  #map(layer, value) {
    if (!value || 'name' in value) return this.#named(layer, value);
    const { values } = value.numbers;
    return this.graph.addTensor(`${nameOf(layer)}/constant`, [1, 1, 1, values.length], values);
  }

  /** @param {Layer} layer @returns {Value} */
  #parameter({ shape }) {
    const [, channels, height = 0, width = 0] = shape;
    if (shape.length !== 4 || channels !== 3) {
      throw new Error(`The network takes ${shape.join(' x ')}, not 1 x 3 x height x width.`);
    }
    this.input = { channels: 'bgr', mean: [0, 0, 0], std: [1, 1, 1], width, height };
    this.graph.add('image', 'Placeholder', [], {
      shape: [-1, height, width, 3],
      dtype: 'float32',
    });
    return { name: 'image' };
  }

  /** What scales pixels at the beginning becomes the input's description. @param {Layer} layer @param {Value[]} inputs @returns {Value} */
  #arithmetic(layer, inputs) {
    const [a, b] = inputs;
    if (a && b && 'name' in a && a.name === 'image' && 'numbers' in b && this.input) {
      const values = [...b.numbers.values];
      const { mean, std, channels } = this.input;
      if (layer.type === 'Gather' && values.join() === '2,1,0') {
        this.input = {
          ...this.input,
          channels: channels === 'bgr' ? 'rgb' : 'bgr',
          mean: [...mean].reverse(),
          std: [...std].reverse(),
        };
      } else if (layer.type === 'Subtract') {
        this.input = {
          ...this.input,
          mean: mean.map((m, i) => m + (values[i] ?? 0) * (std[i] ?? 1)),
        };
      } else if (layer.type === 'Multiply') {
        this.input = { ...this.input, std: std.map((s, i) => s / (values[i] ?? 1)) };
      } else
        throw new Error(`${nameOf(layer)} does something else with pixels than to scale them.`);
      return a;
    }
    if (a && 'numbers' in a && layer.type === 'Gather') return a;
    const ops = { Add: 'Add', Multiply: 'Mul', Subtract: 'Sub' };
    const op = ops[/** @type {keyof typeof ops} */ (layer.type)];
    if (!op) throw new Error(`${nameOf(layer)} is only understood of pixels.`);
    if (a && b && 'numbers' in a && 'numbers' in b)
      return { numbers: fold(layer, a.numbers, b.numbers) };
    // What has fewer axes comes second, as tfjs broadcasts fastest.
    const ordered = a && 'numbers' in a && op !== 'Sub' ? [b, a] : [a, b];
    return this.#node(
      layer,
      op,
      ordered.map((value) => this.#named(layer, value)),
    );
  }

  /** @param {Layer} layer @param {Value[]} inputs @returns {Value} */
  #convolution(layer, [x, filter]) {
    const { data, type } = layer;
    const strides = pair(data.strides);
    const begin = pair(data.pads_begin);
    const end = pair(data.pads_end);
    const dilations = pair(data.dilations);
    if (dilations.some((step) => step !== 1)) throw new Error(`${nameOf(layer)} is dilated.`);
    const { shape, values } = constant(layer, filter);
    const isDepthwise = type === 'GroupConvolution';
    // Outputs, inputs, rows, columns; or groups, outputs a group (1), inputs a group (1), rows, columns.
    const [groups, first = 1, second = 1] = isDepthwise ? shape : [1, ...shape];
    if (isDepthwise && (first !== 1 || second !== 1)) {
      throw new Error(`${nameOf(layer)} is grouped, but not by channel.`);
    }
    const [rows = 1, columns = 1] = shape.slice(-2);
    const [outer = 1, inner = 1] = isDepthwise ? [groups, 1] : [first, second];
    const turned = new Float32Array(values.length);
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        for (let k = 0; k < rows * columns; k++) {
          turned[(k * inner + i) * outer + o] = values[(o * inner + i) * rows * columns + k] ?? 0;
        }
      }
    }
    const weights = this.graph.addTensor(
      `${nameOf(layer)}/weights`,
      isDepthwise ? [rows, columns, outer, 1] : [rows, columns, inner, outer],
      turned,
    );
    const pads = [...begin, ...end];
    const isSame = pads.every((pad, i) => pad === ((i % 2 ? columns : rows) - 1) / 2);
    const padding = pads.every((pad) => pad === 0)
      ? { padding: 'VALID' }
      : isSame && strides.every((stride) => stride === 1)
        ? { padding: 'SAME' }
        : { padding: 'EXPLICIT', explicit_paddings: explicit(begin, end) };
    return this.#node(
      layer,
      isDepthwise ? 'DepthwiseConv2dNative' : 'Conv2D',
      [this.#map(layer, x), weights],
      {
        strides: [1, ...strides, 1],
        dilations: [1, 1, 1, 1],
        data_format: 'NHWC',
        ...padding,
      },
    );
  }

  /** @param {Layer} layer @param {Value[]} inputs @returns {Value} */
  #pool(layer, [x]) {
    const { data, type } = layer;
    const begin = pair(data.pads_begin);
    const end = pair(data.pads_end);
    let from = this.#named(layer, x);
    if ([...begin, ...end].some((pad) => pad !== 0)) {
      // Zeros change no maximum of what a ReLU gave.
      if (type !== 'MaxPool' || this.graph.nodes.get(from)?.op !== 'Relu') {
        throw new Error(`${nameOf(layer)} pads what may be below zero.`);
      }
      const paddings = this.graph.addTensor(
        `${nameOf(layer)}/paddings`,
        [4, 2],
        Int32Array.from(explicit(begin, end)),
      );
      from = this.graph.add(`${nameOf(layer)}/padded`, 'Pad', [from, paddings]);
    }
    if (data.rounding_type !== 'floor') throw new Error(`${nameOf(layer)} rounds up.`);
    return this.#node(layer, type === 'MaxPool' ? 'MaxPool' : 'AvgPool', [from], {
      ksize: [1, ...pair(data.kernel), 1],
      strides: [1, ...pair(data.strides), 1],
      padding: 'VALID',
      data_format: 'NHWC',
    });
  }

  /** @param {Layer} layer @param {Value[]} inputs @returns {Value} */
  #mean(layer, [x, axes]) {
    if ([...constant(layer, axes).values].join() !== '2,3' || layer.data.keep_dims !== 'true') {
      throw new Error(`${nameOf(layer)} is no mean over a whole map.`);
    }
    return this.#average(nameOf(layer), this.#named(layer, x), [1, 2]);
  }

  /** @param {string} name @param {string} x @param {number[]} axes @returns {{name: string}} */
  #average(name, x, axes) {
    const list = `axes${axes.join('')}`;
    if (!this.graph.tensors.has(list))
      this.graph.addTensor(list, [axes.length], Int32Array.from(axes));
    return { name: this.graph.add(name, 'Mean', [x, list], { keep_dims: true }) };
  }

  /** To mean 0 and variance 1, over a map's rows and columns or over a row's last axis. @param {Layer} layer @param {Value[]} inputs @returns {Value} */
  #normalise(layer, [x, axes]) {
    const { data, shape } = layer;
    const over = [...constant(layer, axes).values].join();
    const turned = over === '2,3' ? [1, 2] : over === '2' && shape.length === 3 ? [2] : undefined;
    if (!turned || data.normalize_variance !== 'true' || data.eps_mode !== 'INSIDE_SQRT') {
      throw new Error(`${nameOf(layer)} normalises in another way.`);
    }
    // A single number less its mean is nothing, whatever it was.
    if (turned.length === 1 && shape[2] === 1) {
      const zeros = new Float32Array(shape[1] ?? 0);
      return { numbers: { shape: [1, zeros.length, 1], values: zeros } };
    }
    const name = nameOf(layer);
    const from = this.#named(layer, x);
    const { graph } = this;
    const centred = graph.add(`${name}/centred`, 'Sub', [
      from,
      this.#average(`${name}/mean`, from, turned).name,
    ]);
    const squares = graph.add(`${name}/squares`, 'Square', [centred]);
    const { name: variance } = this.#average(`${name}/variance`, squares, turned);
    const epsilon = graph.addTensor(`${name}/epsilon`, [], Float32Array.of(Number(data.eps)));
    const safe = graph.add(`${name}/safe`, 'Add', [variance, epsilon]);
    const scale = graph.add(`${name}/scale`, 'Rsqrt', [safe]);
    return this.#node(layer, 'Mul', [centred, scale]);
  }

  /** @param {Layer} layer @param {Value[]} inputs @returns {Value} */
  #reshape(layer, [x]) {
    const { shape } = layer;
    if (x && 'numbers' in x) return { numbers: { shape, values: x.numbers.values } };
    const from = this.#named(layer, x);
    const [, channels = 0, ...rest] = shape;
    // A row that gets axes of length 1 is as it was; those of a map come before its channels.
    const sizes =
      rest.length === 2
        ? [-1, ...rest, channels]
        : rest[0] === 1
          ? [-1, channels]
          : [-1, channels, ...rest];
    const name = `shape${sizes.join('x')}`;
    if (!this.graph.tensors.has(name))
      this.graph.addTensor(name, [sizes.length], Int32Array.from(sizes));
    return this.#node(layer, 'Reshape', [from, name]);
  }

  /** @param {Layer} layer @param {Value[]} inputs @returns {Value} */
  #product(layer, [x, matrix]) {
    const { shape, values } = constant(layer, matrix);
    const [rows = 0, columns = 0] = shape;
    if (
      layer.data.transpose_a !== 'false' ||
      layer.data.transpose_b !== 'true' ||
      shape.length !== 2
    ) {
      throw new Error(`${nameOf(layer)} is a product of another kind.`);
    }
    const turned = new Float32Array(values.length);
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) turned[c * rows + r] = values[r * columns + c] ?? 0;
    }
    const weights = this.graph.addTensor(`${nameOf(layer)}/weights`, [columns, rows], turned);
    return this.#node(layer, 'MatMul', [this.#named(layer, x), weights], {
      transpose_a: false,
      transpose_b: false,
    });
  }
}

/** @param {string | undefined} text "rows, columns" @returns {number[]} */
const pair = (text) => (text ?? '').split(',').map(Number);

/** @param {number[]} begin @param {number[]} end @returns {number[]} before and after, for each of four axes */
const explicit = ([top = 0, left = 0], [bottom = 0, right = 0]) => [
  0,
  0,
  top,
  bottom,
  left,
  right,
  0,
  0,
];

/** @param {Layer} layer @param {Value | undefined} value @returns {Numbers} */
function constant(layer, value) {
  if (value && 'numbers' in value) return value.numbers;
  throw new Error(`${nameOf(layer)} takes what is computed where only constants are understood.`);
}
