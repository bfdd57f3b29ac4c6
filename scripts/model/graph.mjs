/** A tfjs graph model in memory: read from and written to model.json and its weights. */
import { decodeFloat16, encodeFloat16 } from './float16.mjs';

/**
 * @typedef {{shape: number[], dtype: 'float32' | 'int32', values: Float32Array | Int32Array}} Tensor
 * @typedef {string | number | boolean | number[] | string[]} Attribute
 * @typedef {{name: string, op: string, inputs: string[], attrs: Record<string, Attribute>}} Node
 *   `inputs` name nodes or tensors; `name:1` is the second output of a node.
 */

const DATA_TYPES = { float32: 'DT_FLOAT', int32: 'DT_INT32' };

/** Attributes that are real numbers; every other number is an integer. */
const REAL = new Set(['alpha', 'epsilon', 'leakyrelu_alpha']);

/** Nodes by name in an order in which they can run, and the constants they use. */
export class Graph {
  /** @type {Map<string, Node>} */
  nodes = new Map();
  /** @type {Map<string, Tensor>} */
  tensors = new Map();

  /**
   * @param {string} name
   * @returns {Node}
   * @throws {Error} when there is none
   */
  node(name) {
    const node = this.nodes.get(name);
    if (!node) throw new Error(`The graph has no node ${name}.`);
    return node;
  }

  /**
   * @param {string} name
   * @returns {Tensor}
   * @throws {Error} when there is none
   */
  tensor(name) {
    const tensor = this.tensors.get(name);
    if (!tensor) throw new Error(`The graph has no constant ${name}.`);
    return tensor;
  }

  /**
   * @param {string} name
   * @param {string} op
   * @param {string[]} inputs
   * @param {Record<string, Attribute>} [attrs]
   */
  add(name, op, inputs, attrs = {}) {
    if (this.nodes.has(name) || this.tensors.has(name)) throw new Error(`${name} exists already.`);
    this.nodes.set(name, { name, op, inputs, attrs });
    return name;
  }

  /**
   * @param {string} name
   * @param {number[]} shape
   * @param {Float32Array | Int32Array} values
   */
  addTensor(name, shape, values) {
    if (this.nodes.has(name) || this.tensors.has(name)) throw new Error(`${name} exists already.`);
    const dtype = values instanceof Int32Array ? 'int32' : 'float32';
    this.tensors.set(name, { shape, dtype, values });
    return name;
  }

  /** @param {string} name @returns {Node[]} the nodes that use it */
  consumers(name) {
    return [...this.nodes.values()].filter((n) => n.inputs.some((i) => bare(i) === name));
  }

  /** Every consumer of `from` takes `to` instead. @param {string} from @param {string} to */
  redirect(from, to) {
    for (const node of this.nodes.values()) {
      node.inputs = node.inputs.map((input) => (input === from ? to : input));
    }
  }

  /**
   * Makes `name` an input of the graph and forgets what computed it.
   * @param {string} name
   * @param {string} as its new name
   * @param {number[]} shape -1 for any length
   */
  cutInput(name, as, shape) {
    this.redirect(name, as);
    this.nodes.delete(name);
    const nodes = [...this.nodes];
    this.nodes = new Map([
      [as, { name: as, op: 'Placeholder', inputs: [], attrs: { shape, dtype: 'float32' } }],
      ...nodes,
    ]);
  }

  /**
   * Keeps what the outputs need, in an order in which it can run.
   * @param {string[]} outputs names of nodes
   */
  prune(outputs) {
    /** @type {Map<string, Node>} */
    const nodes = new Map();
    /** @type {Map<string, Tensor>} */
    const tensors = new Map();
    /** @param {string} name */
    const visit = (name) => {
      if (nodes.has(name) || tensors.has(name)) return;
      const tensor = this.tensors.get(name);
      if (tensor) {
        tensors.set(name, tensor);
        return;
      }
      const node = this.node(name);
      for (const input of node.inputs) visit(bare(input));
      nodes.set(name, node);
    };
    for (const output of outputs) visit(output);
    this.nodes = nodes;
    this.tensors = tensors;
  }
}

/** @param {string} input @returns {string} the node's name without the output's number or `^` */
function bare(input) {
  return input.replace(/^\^/, '').replace(/:\d+$/, '');
}

/** @param {unknown} text bytes or base64 */
const decodeText = (text) =>
  Array.isArray(text)
    ? String.fromCharCode(...text)
    : Buffer.from(String(text), 'base64').toString();

/**
 * @param {any} attr
 * @returns {Attribute | undefined}
 */
function decodeAttribute(attr) {
  if (attr.s !== undefined) return decodeText(attr.s);
  if (attr.i !== undefined) return Number(attr.i);
  if (attr.f !== undefined) return Number(attr.f);
  if (attr.b !== undefined) return Boolean(attr.b);
  if (attr.list?.i?.length) return attr.list.i.map(Number);
  if (attr.list?.s?.length) return attr.list.s.map(decodeText);
  return undefined;
}

/**
 * @param {any} model parsed model.json of a tfjs graph model whose weights are plain or float16
 * @param {Uint8Array} weights the weight files in their order, joined
 * @returns {Graph}
 */
export function readGraph(model, weights) {
  const graph = new Graph();
  let offset = 0;
  for (const group of model.weightsManifest) {
    for (const { name, shape, dtype, quantization } of group.weights) {
      if (quantization && quantization.dtype !== 'float16') {
        throw new Error(`${name} is quantised as ${quantization.dtype}: not read here.`);
      }
      const count = shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
      const length = count * (quantization ? 2 : 4);
      if (offset + length > weights.length) throw new Error(`The weights end before ${name}.`);
      // A Buffer's own slice() shares memory; this one copies, so that the numbers are aligned.
      const bytes = Uint8Array.prototype.slice.call(weights, offset, offset + length).buffer;
      offset += length;
      let values;
      if (quantization) values = decodeFloat16(new Uint16Array(bytes));
      else values = dtype === 'int32' ? new Int32Array(bytes) : new Float32Array(bytes);
      graph.tensors.set(name, { shape, dtype, values });
    }
  }
  for (const { name, op, input = [], attr = {} } of model.modelTopology.node) {
    if (op === 'Const') continue;
    /** @type {Record<string, Attribute>} */
    const attrs = {};
    for (const [key, value] of Object.entries(attr)) {
      const decoded = decodeAttribute(value);
      if (decoded !== undefined) attrs[key] = decoded;
    }
    graph.nodes.set(name, { name, op, inputs: [...input], attrs });
  }
  return graph;
}

/** @param {string} text */
const encodeText = (text) => Buffer.from(text).toString('base64');

/** @param {string} key @param {Attribute} value */
function encodeAttribute(key, value) {
  if (key === 'shape') {
    const sizes = /** @type {number[]} */ (value);
    return { shape: { dim: sizes.map((size) => ({ size: String(size) })) } };
  }
  if (key === 'dtype') return { type: DATA_TYPES[/** @type {'float32' | 'int32'} */ (value)] };
  if (typeof value === 'string') return { s: encodeText(value) };
  if (typeof value === 'boolean') return { b: value };
  if (typeof value === 'number') return REAL.has(key) ? { f: value } : { i: String(value) };
  if (typeof value[0] === 'string') return { list: { s: value.map((v) => encodeText(String(v))) } };
  return { list: { i: value.map(String) } };
}

/**
 * @param {Graph} graph pruned
 * @param {(name: string, tensor: Tensor) => boolean} asFloat16 which constants are stored in half precision
 * @returns {{model: object, weights: Uint8Array}} model.json's content and the bytes of weights.bin
 */
export function writeGraph(graph, asFloat16) {
  const specs = [];
  const chunks = [];
  const consts = [];
  for (const [name, tensor] of graph.tensors) {
    const { shape, dtype, values } = tensor;
    const half = dtype === 'float32' && asFloat16(name, tensor);
    const stored = half ? encodeFloat16(values) : values;
    chunks.push(Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength));
    specs.push({
      name,
      shape,
      dtype,
      ...(half ? { quantization: { dtype: 'float16', original_dtype: dtype } } : {}),
    });
    const dim = shape.map((size) => ({ size: String(size) }));
    consts.push({
      name,
      op: 'Const',
      attr: {
        dtype: { type: DATA_TYPES[dtype] },
        value: { tensor: { dtype: DATA_TYPES[dtype], tensorShape: { dim } } },
      },
    });
  }
  const nodes = [...graph.nodes.values()].map(({ name, op, inputs, attrs }) => ({
    name,
    op,
    ...(inputs.length ? { input: inputs } : {}),
    attr: {
      T: { type: 'DT_FLOAT' },
      ...Object.fromEntries(
        Object.entries(attrs).map(([key, value]) => [key, encodeAttribute(key, value)]),
      ),
    },
  }));
  const model = {
    format: 'graph-model',
    generatedBy: 'footpath',
    modelTopology: { node: [...consts, ...nodes], versions: { producer: 1 } },
    weightsManifest: [{ paths: ['weights.bin'], weights: specs }],
  };
  return { model, weights: Buffer.concat(chunks) };
}
