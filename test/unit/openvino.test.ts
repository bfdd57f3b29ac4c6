/** Networks in OpenVINO's form as prepared graphs on tfjs, against a reference that computes what is written down. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, inject, test } from 'vitest';
import { writeGraph } from '../../scripts/model/graph.mjs';
import { readOpenVino } from '../../scripts/model/openvino/read.mjs';
import { fuseConvolutions } from '../../scripts/model/passes.mjs';
import { runOpenVino } from '../fixtures/openvino-reference.ts';
import { seeded } from '../fixtures/track-scenes.ts';

beforeAll(async () => {
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths(`${inject('root')}/node_modules/@tensorflow/tfjs-backend-wasm/dist/`);
  await tf.setBackend('wasm');
});

const random = seeded(3);
const numbers = (count: number) => Float32Array.from({ length: count }, () => 2 * random() - 1);

/** Writes networks in OpenVINO's form, layer by layer. */
class IrWriter {
  readonly #layers: string[] = [];
  readonly #edges: string[] = [];
  readonly #weights: Buffer[] = [];
  #bytes = 0;

  /** @returns the layer's id */
  add(type: string, data: Record<string, string | number>, shape: number[], from: number[] = []) {
    const id = this.#layers.length;
    const attributes = Object.entries(data).map(([key, value]) => `${key}="${value}"`);
    const inputs = from.map((_, port) => `<port id="${port}"/>`).join('');
    const dims = shape.map((n) => `<dim>${n}</dim>`).join('');
    const port =
      type === 'Result' ? '' : `<output><port id="${from.length}">${dims}</port></output>`;
    this.#layers.push(
      `<layer id="${id}" name="n${id}" type="${type}" version="opset8"><data ${attributes.join(' ')}/><input>${inputs}</input>${port}</layer>`,
    );
    // Ports last to first: their numbers count, not their order.
    for (const [to, source] of [...from.entries()].reverse()) {
      this.#edges.push(
        `<edge from-layer="${source}" from-port="0" to-layer="${id}" to-port="${to}"/>`,
      );
    }
    return id;
  }

  constant(shape: number[], values: Float32Array | number[]) {
    const isReal = values instanceof Float32Array;
    const bytes = isReal
      ? Buffer.from(values.buffer)
      : Buffer.from(BigInt64Array.from(values.map(BigInt)).buffer);
    const data = {
      element_type: isReal ? 'f32' : 'i64',
      shape: shape.join(', '),
      offset: this.#bytes,
      size: bytes.length,
    };
    this.#bytes += bytes.length;
    this.#weights.push(bytes);
    return this.add('Const', data, shape);
  }

  files() {
    const xml = `<?xml version="1.0"?><net name="t" version="11"><layers>${this.#layers.join('')}</layers><edges>${this.#edges.join('')}</edges></net>`;
    return { xml, weights: Buffer.concat(this.#weights) };
  }
}

/** Every kind of layer that embedding networks are made of, in a network of a few numbers. */
function smallNetwork() {
  const ir = new IrWriter();
  const geometry = (stride: number, pad: number) => ({
    strides: `${stride}, ${stride}`,
    dilations: '1, 1',
    pads_begin: `${pad}, ${pad}`,
    pads_end: `${pad}, ${pad}`,
  });
  const mvn = { eps: 1e-5, normalize_variance: 'true', eps_mode: 'INSIDE_SQRT' };
  const scaled = (x: number, shape: number[]) => {
    const each = [1, shape[1]!, ...shape.slice(2).map(() => 1)];
    const gain = ir.constant(each, numbers(shape[1]!));
    const shift = ir.constant(each, numbers(shape[1]!));
    return ir.add('Add', {}, shape, [ir.add('Multiply', {}, shape, [x, gain]), shift]);
  };
  const biased = (x: number, shape: number[]) =>
    ir.add('Add', {}, shape, [x, ir.constant([1, shape[1]!, 1, 1], numbers(shape[1]!))]);
  const convolution = (
    x: number,
    outer: number,
    inner: number,
    side: number,
    shape: number[],
    s = 1,
  ) => {
    const filter = ir.constant([outer, inner, side, side], numbers(outer * inner * side * side));
    return biased(ir.add('Convolution', geometry(s, (side - 1) / 2), shape, [x, filter]), shape);
  };
  const relu = (x: number, shape: number[]) => ir.add('ReLU', {}, shape, [x]);
  const image = ir.add('Parameter', { shape: '1, 3, 16, 8', element_type: 'f32' }, [1, 3, 16, 8]);
  const picture = [1, 3, 16, 8];
  const turned = ir.add('Gather', { batch_dims: 0 }, picture, [
    image,
    ir.constant([3], [2, 1, 0]),
    ir.constant([], [1]),
  ]);
  const mean = ir.constant([1, 3, 1, 1], Float32Array.of(120, 110, 100));
  const centred = ir.add('Subtract', {}, picture, [turned, mean]);
  const scale = ir.constant([1, 3, 1, 1], Float32Array.of(0.02, 0.017, 0.015));
  const pixels = ir.add('Multiply', {}, picture, [centred, scale]);
  const spatial = ir.constant([2], [2, 3]);
  const normed = scaled(ir.add('MVN', mvn, picture, [pixels, spatial]), picture);
  const first = relu(convolution(normed, 6, 3, 7, [1, 6, 8, 4], 2), [1, 6, 8, 4]);
  const pooling = {
    ...geometry(2, 1),
    kernel: '3, 3',
    rounding_type: 'floor',
    auto_pad: 'explicit',
  };
  const pooled = ir.add('MaxPool', pooling, [1, 6, 4, 2], [first]);
  const map = [1, 6, 4, 2];
  const depthwise = ir.constant([6, 1, 1, 3, 3], numbers(54));
  const deep = relu(
    biased(ir.add('GroupConvolution', geometry(1, 1), map, [pooled, depthwise]), map),
    map,
  );
  /** A gate for each channel; its hidden numbers are brought to mean 0 in groups of so many. */
  const gate = (x: number, group: number) => {
    const [hidden, groups] = [3 * group, 3];
    const average = ir.add('ReduceMean', { keep_dims: 'true' }, [1, 6, 1, 1], [x, spatial]);
    const narrow = convolution(average, hidden, 6, 1, [1, hidden, 1, 1]);
    const rows = ir.add(
      'Reshape',
      { special_zero: 'true' },
      [1, groups, group],
      [narrow, ir.constant([3], [0, groups, -1])],
    );
    const even = ir.add('MVN', mvn, [1, groups, group], [rows, ir.constant([1], [2])]);
    const shape = ir.add('ShapeOf', { output_type: 'i64' }, [4], [narrow]);
    const back = ir.add('Reshape', { special_zero: 'true' }, [1, hidden, 1, 1], [even, shape]);
    const known = scaled(back, [1, hidden, 1, 1]);
    const wide = convolution(relu(known, [1, hidden, 1, 1]), 6, hidden, 1, [1, 6, 1, 1]);
    return ir.add('Multiply', {}, map, [x, ir.add('Sigmoid', {}, [1, 6, 1, 1], [wide])]);
  };
  const sum = ir.add('Add', {}, map, [gate(deep, 2), gate(deep, 1)]);
  const halved = ir.add(
    'AvgPool',
    { ...geometry(2, 0), kernel: '2, 2', rounding_type: 'floor', 'exclude-pad': 'true' },
    [1, 6, 2, 1],
    [sum],
  );
  const whole = ir.constant([6, 1, 1, 2, 1], numbers(12));
  const row = biased(
    ir.add('GroupConvolution', geometry(1, 0), [1, 6, 1, 1], [halved, whole]),
    [1, 6, 1, 1],
  );
  const flat = ir.add(
    'Reshape',
    { special_zero: 'true' },
    [1, 6],
    [row, ir.constant([2], [0, -1])],
  );
  const product = ir.add(
    'MatMul',
    { transpose_a: 'false', transpose_b: 'true' },
    [1, 5],
    [flat, ir.constant([5, 6], numbers(30))],
  );
  const added = ir.add('Add', {}, [1, 5], [product, ir.constant([1, 5], numbers(5))]);
  const bent = ir.add('PReLU', {}, [1, 5], [added, ir.constant([1, 1], Float32Array.of(0.25))]);
  ir.add('Result', {}, [], [bent]);
  return ir;
}

/** The prepared graph's answers for several pictures at once; `pictures` are planes of blue, green, red. */
async function runPrepared(xml: string, weights: Uint8Array, pictures: readonly Float32Array[]) {
  const { graph, output, input } = readOpenVino(xml, weights);
  fuseConvolutions(graph);
  graph.prune([output]);
  const written = writeGraph(graph, () => false);
  const model = written.model as { modelTopology: object; weightsManifest: { weights: [] }[] };
  const network = await loadGraphModel({
    load: async () => ({
      format: 'graph-model',
      modelTopology: model.modelTopology,
      weightSpecs: model.weightsManifest[0]!.weights,
      weightData: Uint8Array.from(written.weights).buffer,
    }),
  });
  const { width, height, mean, std, channels } = input;
  const area = width * height;
  const values = new Float32Array(3 * area * pictures.length);
  for (const [n, planes] of pictures.entries()) {
    for (let pixel = 0; pixel < area; pixel++) {
      for (let c = 0; c < 3; c++) {
        const shade = planes[(channels === 'rgb' ? 2 - c : c) * area + pixel]!;
        values[3 * (n * area + pixel) + c] = (shade - mean[c]!) / std[c]!;
      }
    }
  }
  const rows = network.execute(
    { image: tf.tensor(values, [pictures.length, height, width, 3]) },
    output,
  ) as tf.Tensor;
  return {
    rows: (await rows.array()) as number[][],
    ops: [...graph.nodes.values()].map(({ op }) => op),
  };
}

test('what is prepared gives what the network says, for several pictures at once', async () => {
  const { xml, weights } = smallNetwork().files();
  const pictures = [0, 1, 2].map(() => numbers(3 * 16 * 8).map((x) => 128 + 100 * x));
  const { rows, ops } = await runPrepared(xml, weights, pictures);
  for (const [n, picture] of pictures.entries()) {
    const expected = runOpenVino(xml, weights, picture);
    for (const [k, value] of expected.entries()) expect(rows[n]![k]).toBeCloseTo(value, 4);
  }
  expect(ops).not.toContain('Conv2D');
  expect(new Set(rows.map((row) => row.join())).size).toBe(3);
});

test('the network that set-up fetches gives what is written down', async (context) => {
  const folder = process.env.FOOTPATH_REID ?? join(inject('shared'), 'data/models/omz-reid');
  const file = join(folder, 'person-reidentification-retail-0288.xml');
  if (!existsSync(file)) return context.skip('no copy of the network (FOOTPATH_REID) is here');
  const xml = readFileSync(file, 'utf8');
  const weights = readFileSync(file.replace(/xml$/, 'bin'));
  const pictures = [1, 2].map(() => {
    const [x, y, c] = [random(), random(), random()];
    return Float32Array.from(
      { length: 3 * 256 * 128 },
      (_, i) => 128 + 90 * Math.sin((x * (i % 128)) / 9 + (y * (i >> 7)) / 23 + c) + 30 * random(),
    );
  });
  const { rows } = await runPrepared(xml, weights, pictures);
  for (const [n, picture] of pictures.entries()) {
    const expected = runOpenVino(xml, weights, picture);
    const longest = Math.max(...expected.map(Math.abs));
    for (const [k, value] of expected.entries()) {
      expect(Math.abs(rows[n]![k]! - value) / longest).toBeLessThan(1e-4);
    }
  }
});

test('what is not understood is refused by the layer', () => {
  const { xml, weights } = smallNetwork().files();
  const refuse = (from: string | RegExp, to: string) => () =>
    readOpenVino(xml.replace(from, to), weights);
  expect(refuse('type="Sigmoid"', 'type="Swish"')).toThrow(/^Swish\d+ is not understood/);
  expect(refuse('dilations="1, 1"', 'dilations="2, 2"')).toThrow(/^Convolution\d+ is dilated/);
  expect(refuse(/(shape=")1, 3, 16, 8(" element)/, '$11, 1, 16, 8$2')).not.toThrow();
  expect(() => readOpenVino(xml, weights.subarray(0, 100))).toThrow(
    /^The weights end before Const/,
  );
  expect(refuse(/<layer [^>]*type="Result".*?<\/layer>/, '')).toThrow(/no result/);
});
