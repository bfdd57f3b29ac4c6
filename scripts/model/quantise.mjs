/**
 * A prepared network in 8-bit integers (see src/detect/int8-graph.ts): weights from -64 to 64, up to 127 where channels have scales of their own, which
 * makes weights differ more, and sums leave room (weight-scale.mjs); activations from 0 to 127; after training, by the ranges that were measured on real pictures (npm run bench:activation-ranges).
 * Jacob et al. 2018, arXiv 1712.05877.
 */
/** @typedef {import('./graph.mjs').Graph} Graph @typedef {import('./graph.mjs').Node} Node */
/** @typedef {import('../../src/detect/int8-graph.ts').Int8Node} Int8Node */
/** @typedef {import('../../src/detect/int8-graph.ts').Padding} Padding */
/** @typedef {import('./quantisations.mjs').Range} Range @typedef {import('./quantisations.mjs').Quantisation} Quantisation @typedef {import('./quantisations.mjs').Means} Means */
import { NumberFile } from './number-file.mjs';
import {
  CONVOLUTIONS,
  DEPTHWISE,
  headsOf,
  MOST_ACTIVATION,
  meanOf,
  quantisationsOf,
  shadeQuantisation,
} from './quantisations.mjs';
import { roundWindow } from './round-window.mjs';
import {
  finestScale,
  MOST_WEIGHT,
  SAFE_WEIGHT,
  SUMMED_INPUTS,
  SUMMED_TAPS,
} from './weight-scale.mjs';

/**
 * @param {Graph} graph as the models' own programs leave it: one input `image`, one output `raw`
 * @param {{ranges: Record<string, Range>, input: {channels: string, mean: number[], std: number[],
 *   mapSizes?: {node: string, stride: number}[]}}} about `ranges`: by node; `input` of the manifest
 * @returns {{graph: object, weights: Uint8Array}} int8.json's content and the bytes of int8.bin
 * @throws {Error} at a node that it knows no form for, or one without a range
 */
export function quantise(graph, { ranges, input }) {
  const quantisations = quantisationsOf(graph, ranges);
  const numbers = new NumberFile();
  /** @type {Int8Node[]} */
  const nodes = [];
  /** Names that a node's result goes by, where a node of the graph needs none of its own. @type {Map<string, string>} */
  const same = new Map();
  /** @param {string} name */
  const named = (name) => same.get(name) ?? name;
  const shades = shadeQuantisation(input);
  const heads = new Set(headsOf(graph));
  for (const node of graph.nodes.values()) {
    const { name, op, inputs } = node;
    const mean = meanOf(ranges, inputs[0]);
    if (name === 'image') {
      nodes.push({ op: 'image', name, zeros: shades.zeros.map((zero) => Math.round(zero)) });
    } else if (op === 'Placeholder') {
      // A map's size: known from the image's.
    } else if (op === DEPTHWISE) {
      const { shape } = graph.tensor(inputs[1]);
      if (shape[3] !== 1) throw new Error(`${name} makes several channels of one.`);
      const from = plain(quantisations, inputs[0]);
      nodes.push({
        op: 'depthwise',
        name,
        input: named(inputs[0]),
        ...windowOf(node, 'kernel', shape),
        ...depthwise(graph, node, { from, mean }, plain(quantisations, name), numbers),
      });
    } else if (CONVOLUTIONS.has(op)) {
      const from = inputs[0] === 'image' ? shades : plain(quantisations, inputs[0]);
      nodes.push({
        op: 'convolution',
        name,
        input: named(inputs[0]),
        ...windowOf(node, 'kernel', graph.tensor(inputs[1]).shape),
        ...convolution(graph, node, { from, mean }, quantisations.get(name), numbers),
      });
    } else if (op === 'PadV2') {
      same.set(name, named(inputs[0]));
    } else if (op === 'MaxPool' || op === 'AvgPool') {
      const pad = graph.nodes.get(inputs[0]);
      const window = windowOf(node, 'ksize');
      if (pad?.op === 'PadV2') {
        window.padding = spatial([...graph.tensor(pad.inputs[1]).values]);
      }
      nodes.push({
        op: op === 'MaxPool' ? 'maxPool' : 'averagePool',
        name,
        input: named(inputs[0]),
        ...window,
      });
    } else if (op === 'ResizeBilinear') {
      const size = input.mapSizes?.find(({ node: known }) => known === inputs[1]);
      if (!size || node.attrs.half_pixel_centers !== true)
        throw new Error(`${name} resizes to something unknown.`);
      nodes.push({ op: 'resize', name, input: named(inputs[0]), stride: size.stride });
    } else if (op === 'Add') {
      const [to, ...from] = [name, ...inputs].map((one) => plain(quantisations, one));
      // Where channels have scales of their own, all three maps share them.
      const factors = from.map(({ scaleOf }) => scaleOf(0) / to.scaleOf(0));
      const rest = from.reduce((sum, { zero }, i) => sum - factors[i] * zero, to.zero);
      nodes.push({
        op: 'add',
        name,
        inputs: [named(inputs[0]), named(inputs[1])],
        factors: [Math.fround(factors[0]), Math.fround(factors[1])],
        rest: Math.fround(rest),
        zero: to.zero,
      });
    } else if (op === 'Reshape') {
      same.set(name, named(inputs[0]));
    } else if (op === 'ConcatV2' && heads.has(name) && name !== 'raw') {
      const parts = inputs.slice(0, -1);
      const widths = parts.map((part) => rowOf(graph, part));
      nodes.push({ op: 'columns', name, inputs: parts.map(named), widths });
    } else if (op === 'ConcatV2') {
      const joined = inputs.slice(0, -1).map(named);
      nodes.push({ op: name === 'raw' ? 'rows' : 'concat', name, inputs: joined });
    } else throw new Error(`${name} (${op}) has no form in 8-bit integers.`);
  }
  return { graph: { format: 1, nodes }, weights: numbers.bytes() };
}

/** Numbers in a row of what was cut into rows. @param {Graph} graph @param {string} name @returns {number} */
function rowOf(graph, name) {
  const { op, inputs } = graph.node(name);
  if (op !== 'Reshape') throw new Error(`${name} (${op}) is no rows.`);
  return graph.tensor(inputs[1]).values[2];
}

/** @param {Map<string, Quantisation>} quantisations @param {string} name */
function plain(quantisations, name) {
  const found = quantisations.get(name);
  if (!found) throw new Error(`${name} has no quantisation.`);
  return found;
}

/**
 * @param {Graph} graph
 * @param {Node} node
 * @param {{from: Quantisation | ReturnType<typeof shadeQuantisation>, mean: Means}} input its quantisation, and what its channels are on
 *   average
 * @param {Quantisation | undefined} to of the result; none: real numbers
 * @param {NumberFile} numbers
 */
function convolution(graph, { name, inputs, attrs }, { from, mean }, to, numbers) {
  const { shape, values } = graph.tensor(inputs[1]);
  const bias = graph.tensor(inputs[2]).values;
  const [rows, columns, depth, channels] = shape;
  const order = 'order' in from ? from.order : Array.from({ length: depth }, (_, i) => i);
  /** @type {(channel: number) => number} */
  const scaleOf = (channel) => ('scales' in from ? from.scales[channel] : from.scaleOf(channel));
  /** @type {(channel: number) => number} */
  const zeroOf = (channel) => ('zeros' in from ? from.zeros[channel] : from.zero);
  const slope = slopeOf(attrs, name);
  const taps = rows * columns;
  const weights = new Int8Array(channels * taps * depth);
  const biases = new Int32Array(channels);
  const multipliers = new Float32Array(channels);
  for (let channel = 0; channel < channels; channel++) {
    /** What a step of each activation adds to the sum. */
    const steps = new Float64Array(taps * depth);
    for (let tap = 0; tap < taps; tap++) {
      for (let i = 0; i < depth; i++) {
        const weight = values[(tap * depth + order[i]) * channels + channel];
        steps[tap * depth + i] = weight * scaleOf(i);
      }
    }
    // Of larger windows the kernels add what lies farther apart.
    const scale =
      taps === 1 && 'isByChannel' in from && from.isByChannel
        ? finestScale(steps, SUMMED_INPUTS, from.most, 0.5)
        : safeScale(steps);
    let shift = 0;
    let error = 0;
    steps.forEach((step, i) => {
      const weight = Math.round(step / scale);
      weights[channel * steps.length + i] = weight;
      shift += weight * zeroOf(i % depth);
      error += (weight - step / scale) * (mean(i % depth) / scaleOf(i % depth));
    });
    biases[channel] = Math.round(bias[channel] / scale - shift - error);
    multipliers[channel] = scale / (to?.scaleOf(channel) ?? 1);
    const reach =
      steps.reduce((sum, _, i) => sum + Math.abs(weights[channel * steps.length + i]), 0) *
        MOST_ACTIVATION +
      Math.abs(biases[channel]);
    if (to && reach * multipliers[channel] * Math.max(1, slope) >= 2 ** 22)
      throw new Error(`${name} may reach beyond what is rounded exactly.`);
  }
  return {
    inputChannels: depth,
    channels,
    at: numbersAt(numbers, { weights, biases, multipliers, slope }),
    zero: to ? to.zero : null,
    ...(to && to.most > MOST_ACTIVATION && { isWide: true }),
  };
}

/**
 * As {@link convolution}, each channel by itself.
 * @param {Graph} graph
 * @param {Node} node
 * @param {{from: Quantisation, mean: Means}} input
 * @param {Quantisation} to
 * @param {NumberFile} numbers
 */
function depthwise(graph, { name, inputs, attrs }, { from, mean }, to, numbers) {
  const { shape, values } = graph.tensor(inputs[1]);
  const bias = graph.tensor(inputs[2]).values;
  const [rows, columns, channels] = shape;
  const slope = slopeOf(attrs, name);
  const taps = Array.from({ length: rows * columns }, (_, tap) => tap);
  const weights = new Int8Array(taps.length * channels);
  const biases = new Int32Array(channels);
  const multipliers = new Float32Array(channels);
  for (let channel = 0; channel < channels; channel++) {
    const steps = taps.map((tap) => values[tap * channels + channel] * from.scaleOf(channel));
    const scale = from.isByChannel
      ? finestScale(steps, SUMMED_TAPS, from.most, 1)
      : safeScale(steps);
    const exact = steps.map((step) => step / scale);
    const whole = roundWindow(exact, MOST_WEIGHT);
    for (const tap of taps) weights[tap * channels + channel] = whole[tap];
    const missed = whole.reduce((sum, weight, tap) => sum + weight - exact[tap], 0);
    const error = missed * (mean(channel) / from.scaleOf(channel));
    const shift = from.zero * whole.reduce((sum, weight) => sum + weight, 0);
    biases[channel] = Math.round(bias[channel] / scale - shift - error);
    multipliers[channel] = scale / to.scaleOf(channel);
    const reach =
      whole.reduce((sum, weight) => sum + Math.abs(weight), 0) * from.most +
      Math.abs(biases[channel]);
    if (reach * multipliers[channel] * Math.max(1, slope) >= 2 ** 22)
      throw new Error(`${name} may reach beyond what is rounded exactly.`);
  }
  return {
    channels,
    at: numbersAt(numbers, { weights, biases, multipliers, slope }),
    zero: to.zero,
  };
}

/** The scale with which every sum fits, whatever is beside it. @param {ArrayLike<number>} exact weights of a channel */
function safeScale(exact) {
  let most = 1e-12;
  for (let i = 0; i < exact.length; i++) most = Math.max(most, Math.abs(exact[i]));
  return most / SAFE_WEIGHT;
}

/**
 * @param {NumberFile} numbers
 * @param {{weights: Int8Array, biases: Int32Array, multipliers: Float32Array, slope: number}} lists
 */
function numbersAt(numbers, { weights, biases, multipliers, slope }) {
  return {
    weights: numbers.add(weights),
    biases: numbers.add(biases),
    multipliers: numbers.add(multipliers),
    slopes: numbers.add(new Float32Array(biases.length).fill(slope)),
  };
}

/**
 * What is negative is multiplied with this. What relu6 cuts above needs nothing: its range ends there.
 * @param {Node['attrs']} attrs
 * @param {string} name
 */
function slopeOf({ fused_ops: fused, leakyrelu_alpha: alpha }, name) {
  const [, activation] = /** @type {string[]} */ (fused);
  if (activation === undefined) return 1;
  if (activation === 'Relu' || activation === 'Relu6') return 0;
  if (activation === 'LeakyRelu') return Number(alpha);
  throw new Error(`${name}: no form of ${activation} in 8-bit integers.`);
}

/**
 * @param {Node} node
 * @param {'ksize' | 'kernel'} from attribute with the window's size, or the weights' shape
 * @param {number[]} [shape]
 * @returns {{kernel: [number, number], strides: [number, number], padding: Padding}}
 */
function windowOf({ name, attrs }, from, shape) {
  const [, ...strides] = /** @type {number[]} */ (attrs.strides);
  const dilations = /** @type {number[] | undefined} */ (attrs.dilations);
  if (dilations?.some((dilation) => dilation !== 1)) throw new Error(`${name} is dilated.`);
  const [rows, columns] =
    from === 'kernel' && shape ? shape : /** @type {number[]} */ (attrs.ksize).slice(1);
  return {
    kernel: [rows, columns],
    strides: [strides[0], strides[1]],
    padding:
      attrs.padding === 'SAME'
        ? 'same'
        : attrs.padding === 'EXPLICIT'
          ? spatial(/** @type {number[]} */ (attrs.explicit_paddings))
          : [0, 0, 0, 0],
  };
}

/** Of paddings of batch, rows, columns and channels, those of rows and columns. @param {number[]} all @returns {Padding} */
function spatial([, , top, bottom, left, right]) {
  return [top, bottom, left, right];
}
