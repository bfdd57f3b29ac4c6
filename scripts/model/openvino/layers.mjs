/** The layers of a network in OpenVINO's intermediate representation. */
import { XMLParser } from 'fast-xml-parser';

/**
 * @typedef {{id: string, type: string, data: Record<string, string>, shape: number[]}} Layer `shape`: of its first output
 * @typedef {{shape: number[], values: Float32Array | Int32Array}} Numbers
 */

const ELEMENT_BYTES = { f32: 4, i32: 4, i64: 8 };

/**
 * @param {string} xml
 * @returns {{layers: Layer[], sources: Map<string, string[]>}} layers in an order in which they can run, and for each the
 *   layers that it takes, in the order of its ports
 */
export function parseLayers(xml) {
  const lists = new Set(['layer', 'edge', 'port', 'dim']);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    isArray: (name) => lists.has(name),
  });
  const { net } = parser.parse(xml);
  const layers = net.layers.layer.map((/** @type {any} */ { id, type, data, output }) => ({
    id,
    type,
    data: data ?? {},
    shape: (output?.port?.[0]?.dim ?? []).map(Number),
  }));
  /** @type {Map<string, string[]>} */
  const sources = new Map();
  const edges = [...net.edges.edge].sort((a, b) => a['to-port'] - b['to-port']);
  for (const edge of edges) {
    const known = sources.get(edge['to-layer']);
    if (known) known.push(edge['from-layer']);
    else sources.set(edge['to-layer'], [edge['from-layer']]);
  }
  return { layers, sources };
}

/** What a layer is called in messages and in the prepared graph. @param {Layer} layer */
export const nameOf = ({ id, type }) => `${type}${id}`;

/**
 * The numbers of a layer `Const`.
 * @param {Layer} layer
 * @param {Uint8Array} weights
 * @returns {Numbers}
 * @throws {Error} naming the layer where the weights end before it
 */
export function readConstant(layer, weights) {
  const { element_type: type = '', offset, size, shape } = layer.data;
  const width = ELEMENT_BYTES[/** @type {keyof typeof ELEMENT_BYTES} */ (type)];
  const from = Number(offset);
  const bytes = Number(size);
  if (!width) throw new Error(`${nameOf(layer)} is of ${type}, which is not read here.`);
  if (from + bytes > weights.length) throw new Error(`The weights end before ${nameOf(layer)}.`);
  const view = new DataView(weights.buffer, weights.byteOffset + from, bytes);
  const count = bytes / width;
  const values = type === 'f32' ? new Float32Array(count) : new Int32Array(count);
  for (let i = 0; i < count; i++) {
    if (type === 'f32') values[i] = view.getFloat32(4 * i, true);
    else
      values[i] =
        type === 'i32' ? view.getInt32(4 * i, true) : Number(view.getBigInt64(8 * i, true));
  }
  return { shape: shape ? shape.split(',').map(Number) : [], values };
}
