/** Networks in OpenVINO's form as prepared graphs on tfjs, against a reference that computes what is written down. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, inject, test, vi } from 'vitest';
import { writeGraph } from '../../scripts/model/graph.mjs';
import { readOpenVino } from '../../scripts/model/openvino/read.mjs';
import { fuseConvolutions } from '../../scripts/model/passes.mjs';
import { Arena } from '../../workers/detector/thread/int8/arena.ts';
import { compileRealNetwork } from '../../workers/detector/thread/real/compile.ts';
import { readGraph } from '../../workers/detector/thread/real/graph.ts';
import type { Int8Kernels } from '../../workers/detector/wasm/int8/module.ts';
import { runOpenVino } from '../fixtures/openvino-reference.ts';
import { referenceInt8Convolve, referenceKernels } from '../fixtures/real-kernels-reference.ts';
import { numbers, smallNetwork } from '../fixtures/small-openvino.ts';
import { seeded } from '../fixtures/track-scenes.ts';

beforeAll(async () => {
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths(`${inject('root')}/node_modules/@tensorflow/tfjs-backend-wasm/dist/`);
  await tf.setBackend('wasm');
});

const random = seeded(4);

/** The graph as set-up writes it, and pictures as it takes them; `pictures` are planes of blue, green, red. */
function prepare(xml: string, weights: Uint8Array, pictures: readonly Float32Array[]) {
  const { graph, output, input } = readOpenVino(xml, weights);
  fuseConvolutions(graph);
  graph.prune([output]);
  const written = writeGraph(graph, () => false);
  const { width, height, mean, std, channels } = input;
  const area = width * height;
  const values = pictures.map((planes) =>
    Float32Array.from({ length: 3 * area }, (_, i) => {
      const [pixel, c] = [Math.floor(i / 3), i % 3];
      const shade = planes[(channels === 'rgb' ? 2 - c : c) * area + pixel]!;
      return (shade - mean[c]!) / std[c]!;
    }),
  );
  return { graph, output, input: { node: 'image', width, height }, written, values };
}

/** Of the angle between two rows. */
function cosine(one: readonly number[], other: readonly number[]): number {
  const product = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, x, i) => sum + x * b[i]!, 0);
  return product(one, other) / Math.sqrt(product(one, one) * product(other, other));
}

type Prepared = ReturnType<typeof prepare>;

/** What tfjs makes of several pictures at once. */
async function runByTfjs({ written, output, input, values }: Prepared): Promise<number[][]> {
  const model = written.model as { modelTopology: object; weightsManifest: { weights: [] }[] };
  const network = await loadGraphModel({
    load: async () => ({
      format: 'graph-model',
      modelTopology: model.modelTopology,
      weightSpecs: model.weightsManifest[0]!.weights,
      weightData: Uint8Array.from(written.weights).buffer,
    }),
  });
  const image = tf.stack(values.map((one) => tf.tensor(one, [input.height, input.width, 3])));
  const rows = network.execute({ image }, output) as tf.Tensor;
  return (await rows.array()) as number[][];
}

/** What the compiler makes of it, with kernels that are slow and right. @param inIntegers what can be, in 8-bit integers */
function runCompiled({ written, output, input, values }: Prepared, inIntegers = false): number[][] {
  const arena = new Arena();
  const kernels = referenceKernels(arena.memory);
  const convolve = vi.fn(referenceInt8Convolve(arena.memory));
  const int8 = inIntegers ? ({ convolve } as unknown as Int8Kernels) : undefined;
  const files = new Map([
    ['model.json', new TextEncoder().encode(JSON.stringify(written.model)).buffer],
    ['weights.bin', Uint8Array.from(written.weights).buffer],
  ]);
  const network = compileRealNetwork(readGraph(files), input, output, { kernels, arena, int8 });
  const rows = values.map((picture) => [...network.run(picture)]);
  expect(convolve.mock.calls.length > 0).toBe(inIntegers);
  return rows;
}

test('what is prepared gives what the network says, for several pictures at once', async () => {
  const { xml, weights } = smallNetwork().files();
  const pictures = [0, 1, 2].map(() => numbers(3 * 16 * 8).map((x) => 128 + 100 * x));
  const prepared = prepare(xml, weights, pictures);
  const rows = await runByTfjs(prepared);
  for (const [n, picture] of pictures.entries()) {
    const expected = runOpenVino(xml, weights, picture);
    for (const [k, value] of expected.entries()) expect(rows[n]![k]).toBeCloseTo(value, 4);
  }
  expect([...prepared.graph.nodes.values()].map(({ op }) => op)).not.toContain('Conv2D');
  expect(new Set(rows.map((row) => row.join())).size).toBe(3);
  // Six channels fill no vectors of four.
  expect(() => runCompiled(prepared)).toThrow(RangeError);
});

test('without tfjs it gives the same, one picture after the other', () => {
  const { xml, weights } = smallNetwork(8).files();
  const pictures = [0, 1, 0].map((n) => numbers(3 * 16 * 8).map((x, i) => 100 + 50 * x + n * i));
  const rows = runCompiled(prepare(xml, weights, [...pictures, pictures[0]!]));
  for (const [n, picture] of pictures.entries()) {
    const expected = runOpenVino(xml, weights, picture);
    for (const [k, value] of expected.entries()) expect(rows[n]![k]).toBeCloseTo(value, 4);
  }
  expect(rows[3]).toEqual(rows[0]);
});

test('in 8-bit integers it gives nearly the same, and the same for the same picture', () => {
  const { xml, weights } = smallNetwork(8).files();
  const pictures = [0, 1, 0].map((n) => numbers(3 * 16 * 8).map((x, i) => 100 + 50 * x + n * i));
  const prepared = prepare(xml, weights, [...pictures, pictures[0]!]);
  const rows = runCompiled(prepared, true);
  for (const [n, expected] of runCompiled(prepared).entries())
    expect(cosine(rows[n]!, expected)).toBeGreaterThan(0.99);
  expect(rows[3]).toEqual(rows[0]);
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
  const prepared = prepare(xml, weights, pictures);
  const [first] = runCompiled({ ...prepared, values: prepared.values.slice(0, 1) });
  const rows = await runByTfjs(prepared);
  for (const [n, picture] of pictures.entries()) {
    const expected = runOpenVino(xml, weights, picture);
    const longest = Math.max(...expected.map(Math.abs));
    for (const [k, value] of expected.entries()) {
      for (const row of n === 0 ? [first!, rows[n]!] : [rows[n]!])
        expect(Math.abs(row[k]! - value) / longest).toBeLessThan(1e-4);
    }
  }
  // Two pictures by plain JavaScript: a minute where others work too.
}, 240_000);

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
