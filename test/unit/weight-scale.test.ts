/** Weights are as fine as 16-bit sums of four products leave room for. */
import { expect, test } from 'vitest';
import { Graph } from '../../scripts/model/graph.mjs';
import { quantise } from '../../scripts/model/quantise.mjs';
import { finestScale, mostSum, SUMMED_INPUTS } from '../../scripts/model/weight-scale.mjs';
import { seeded } from '../fixtures/track-scenes.ts';

const LENGTH = 32;
const INPUT = { channels: 'rgb', mean: [127.5, 127.5, 127.5], std: [127.5, 127.5, 127.5] };

/** The greatest sum of weights of one sign that are added in 16 bits. */
function greatestSum(weights: ArrayLike<number>, first: number, summed: readonly number[][]) {
  const sums = summed.flatMap((group) =>
    [1, -1].map((sign) =>
      group.reduce((sum, i) => sum + Math.max(0, sign * (weights[first + i] ?? 0)), 0),
    ),
  );
  return Math.max(...sums);
}

test('sums fit into 16 bits however weights are spread, and nothing finer would', () => {
  const random = seeded(5);
  for (let round = 0; round < 300; round++) {
    // From all alike to few that are large.
    const power = 1 + 6 * random();
    const exact = Array.from({ length: LENGTH }, () => {
      const size = random() ** power;
      return random() < 0.5 ? -size : size;
    });
    const scale = finestScale(exact, SUMMED_INPUTS, 127, 0.5);
    const whole = exact.map((weight) => Math.round(weight / scale));
    const sums = [0, 16].map((first) => greatestSum(whole, first, SUMMED_INPUTS));
    const most = Math.max(...whole.map(Math.abs));
    expect(most).toBeLessThanOrEqual(127);
    expect(Math.max(...sums)).toBeLessThanOrEqual(258);
    expect(most === 127 || Math.max(...sums) >= 254).toBe(true);
    expect(most).toBeGreaterThanOrEqual(63);
  }
});

/** Weights of a convolution and of a depthwise one, as they are written. */
function written(isByChannel: boolean) {
  const random = seeded(9);
  const graph = new Graph();
  graph.add('image', 'Placeholder', []);
  const layer = (name: string, op: string, from: string, shape: number[]) => {
    const count = shape.reduce((product, length) => product * length, 1);
    const weights = Float32Array.from({ length: count }, () => (2 * random() - 1) ** 3);
    graph.addTensor(`${name}/weights`, shape, weights);
    graph.addTensor(`${name}/biases`, [shape[op === '_FusedConv2D' ? 3 : 2]!], new Float32Array(8));
    graph.add(name, op, [from, `${name}/weights`, `${name}/biases`], {
      ...{ strides: [1, 1, 1, 1], padding: 'SAME', dilations: [1, 1, 1, 1] },
      fused_ops: ['BiasAdd', ...(name === 'raw' ? [] : ['Relu6'])],
    });
  };
  layer('first', '_FusedConv2D', 'image', [1, 1, 3, 8]);
  layer('alone', 'FusedDepthwiseConv2dNative', 'first', [3, 3, 8, 1]);
  layer('raw', '_FusedConv2D', 'alone', [1, 1, 8, 8]);
  const ends: [number[], number[]] = [new Array(8).fill(0), new Array(8).fill(6)];
  const ranges = Object.fromEntries(
    ['first', 'alone'].map((name) => [name, isByChannel ? ends : ([0, 6] as const)]),
  ) as Record<string, [number[], number[]]>;
  const { graph: int8, weights } = quantise(graph, { ranges, input: INPUT });
  const nodes = (int8 as { nodes: { name: string; at: { weights: number } }[] }).nodes;
  const file = new Uint8Array(weights).buffer;
  return (name: string, length: number) =>
    new Int8Array(file, nodes.find((node) => node.name === name)!.at.weights, length);
}

test('where channels have scales of their own, weights use that room', () => {
  const of = written(true);
  const alone = of('alone', 72);
  for (let channel = 0; channel < 8; channel++) {
    const window = Array.from({ length: 9 }, (_, tap) => alone[8 * tap + channel]!);
    const summed = [[0, 1, 2, 3], [4, 5, 6, 7], [8]];
    expect(greatestSum(window, 0, summed)).toBeLessThanOrEqual(mostSum(255));
    expect(greatestSum(window, 0, summed)).toBeGreaterThan(mostSum(255) - 12);
    const row = of('raw', 64).subarray(8 * channel, 8 * channel + 8);
    expect(greatestSum(row, 0, SUMMED_INPUTS)).toBeLessThanOrEqual(mostSum(127));
    expect(Math.max(...row.map(Math.abs))).toBeGreaterThan(64);
  }
  // The picture's shades have one step.
  expect(Math.max(...of('first', 24).map(Math.abs))).toBe(64);
});

test('where a map has one scale, every weight fits beside any other', () => {
  const of = written(false);
  for (const [name, length] of [
    ['first', 24],
    ['alone', 72],
    ['raw', 64],
  ] as const)
    expect(Math.max(...of(name, length).map(Math.abs))).toBe(64);
});
