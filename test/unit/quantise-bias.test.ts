/** What rounding weights shifts on average is taken off again, by the measured means of activations. */
import { expect, test } from 'vitest';
import { Graph } from '../../scripts/model/graph.mjs';
import { quantise } from '../../scripts/model/quantise.mjs';
import type { Int8Graph } from '../../src/detect/int8-graph.ts';
import { runReference } from '../fixtures/int8-reference.ts';
import { seeded } from '../fixtures/track-scenes.ts';

const [CHANNELS, RESULTS] = [48, 8];
const INPUT = { channels: 'rgb', mean: [127.5, 127.5, 127.5], std: [127.5, 127.5, 127.5] };
const ATTRIBUTES = { strides: [1, 1, 1, 1], padding: 'SAME', dilations: [1, 1, 1, 1] };
const SIZE = { width: 4, height: 4 };

/** Points of a picture, a channel by itself, then sums of all channels. */
function network(depthwise: boolean, random: () => number) {
  const graph = new Graph();
  const spread = (count: number) => Float32Array.from({ length: count }, () => 2 * random() - 1);
  graph.add('image', 'Placeholder', []);
  const layer = (name: string, op: string, from: string, shape: number[], activation: string[]) => {
    const columns = op === '_FusedConv2D' ? shape[3]! : shape[2]!;
    const weights = spread(shape.reduce((product, length) => product * length, 1));
    // Few large weights make the steps of the others coarse.
    for (let i = 0; i < weights.length; i++) if (i % 11 !== 0) weights[i]! /= 12;
    graph.addTensor(`${name}/weights`, shape, weights);
    graph.addTensor(`${name}/biases`, [columns], spread(columns));
    graph.add(name, op, [from, `${name}/weights`, `${name}/biases`], {
      ...ATTRIBUTES,
      fused_ops: ['BiasAdd', ...activation],
    });
    return { weights, biases: graph.tensor(`${name}/biases`).values };
  };
  const first = layer('first', '_FusedConv2D', 'image', [1, 1, 3, CHANNELS], ['Relu']);
  const middle = depthwise
    ? layer('middle', 'FusedDepthwiseConv2dNative', 'first', [1, 1, CHANNELS, 1], ['Relu'])
    : undefined;
  const raw = layer(
    'raw',
    '_FusedConv2D',
    middle ? 'middle' : 'first',
    [1, 1, CHANNELS, RESULTS],
    [],
  );
  const compute = (shades: readonly number[]) => {
    const sums = (input: readonly number[], { weights, biases }: typeof raw, count: number) =>
      Array.from({ length: count }, (_, k) =>
        input.reduce((sum, value, i) => sum + value * weights[count * i + k]!, biases[k]!),
      );
    const relu = (values: readonly number[]) => values.map((value) => Math.max(0, value));
    const pixel = shades.map((shade) => (shade - 127.5) / 127.5);
    const a = relu(sums(pixel, first, CHANNELS));
    const b = middle ? relu(a.map((x, i) => x * middle.weights[i]! + middle.biases[i]!)) : a;
    return { first: a, middle: b, raw: sums(b, raw, RESULTS) };
  };
  return { graph, compute };
}

test.each([false, true])('with channels by themselves: %s', (depthwise) => {
  let [corrected, plain] = [0, 0];
  for (let seed = 1; seed <= 12; seed++) {
    const random = seeded(seed);
    const { graph, compute } = network(depthwise, random);
    const pixels = Array.from({ length: SIZE.width * SIZE.height }, () =>
      Array.from({ length: 3 }, () => 2 * Math.floor(128 * random())),
    );
    const all = pixels.map(compute);
    const meanOf = (rows: readonly (readonly number[])[]) =>
      rows[0]!.map((_, k) => rows.reduce((sum, row) => sum + row[k]!, 0) / rows.length);
    const highest = (rows: readonly (readonly number[])[]) =>
      rows[0]!.map((_, k) => Math.max(...rows.map((row) => row[k]!)));
    const ranges = Object.fromEntries(
      (depthwise ? (['first', 'middle'] as const) : (['first'] as const)).map((name) => {
        const rows = all.map((one) => one[name]);
        return [name, [highest(rows).map(() => 0), highest(rows), meanOf(rows)]];
      }),
    ) as unknown as Record<string, [number[], number[], number[]]>;
    const expected = meanOf(all.map(({ raw }) => raw));
    const errorOf = (known: Record<string, [number[], number[], number[]?]>) => {
      const { graph: int8, weights } = quantise(graph, { ranges: known, input: INPUT });
      const halves = pixels.flat().map((shade) => shade >> 1);
      const file = new Uint8Array(weights).buffer;
      const { values } = runReference(int8 as Int8Graph, file, SIZE, halves).get('raw')!;
      const rows = pixels.map((_, i) => [...values.subarray(RESULTS * i, RESULTS * (i + 1))]);
      return meanOf(rows).reduce((sum, value, k) => sum + Math.abs(value - expected[k]!), 0);
    };
    corrected += errorOf(ranges);
    plain += errorOf(
      Object.fromEntries(Object.entries(ranges).map(([name, [low, high]]) => [name, [low, high]])),
    );
  }
  expect(corrected).toBeLessThan(0.7 * plain);
});
