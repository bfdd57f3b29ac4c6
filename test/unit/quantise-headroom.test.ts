/** Other pictures reach further than those that were measured: channels that are measured by themselves have room for that, where it is needed. */
import { expect, test } from 'vitest';
import { Graph } from '../../scripts/model/graph.mjs';
import { quantisationsOf } from '../../scripts/model/quantisations.mjs';

const LOW = [0, -1, -2, 0];
const HIGH = [5, 6, 40, 0.1];
const RANGE: [number[], number[]] = [LOW, HIGH];

function network() {
  const graph = new Graph();
  graph.add('image', 'Placeholder', []);
  const convolve = (name: string, from: string, ...activation: string[]) => {
    graph.addTensor(`${name}/weights`, [1, 1, 4, 4], new Float32Array(16).fill(1));
    graph.addTensor(`${name}/biases`, [4], new Float32Array(4));
    const inputs = [from, `${name}/weights`, `${name}/biases`];
    graph.add(name, '_FusedConv2D', inputs, { fused_ops: ['BiasAdd', ...activation] });
  };
  convolve('first', 'image', 'Relu6');
  convolve('rectified', 'first', 'Relu6');
  convolve('linear', 'rectified');
  convolve('other', 'rectified');
  graph.add('sum', 'Add', ['linear', 'other']);
  convolve('raw', 'sum');
  return graph;
}

test('a channel of a rectified map reaches twice as far as was measured, and no further than the map', () => {
  const { scaleOf, zero } = quantisationsOf(network(), rangesOf(RANGE)).get('rectified')!;
  for (const [channel, high] of HIGH.entries()) {
    const [lowest, highest] = [Math.max(2 * LOW[channel]!, -2), Math.min(2 * high, 40)];
    expect(scaleOf(channel) * (127 - zero)).toBeGreaterThan(highest - 1e-9);
    expect(-scaleOf(channel) * zero).toBeLessThan(lowest + 1e-9);
  }
  // A channel is still finer than the map would be as a whole.
  expect(scaleOf(0)).toBeLessThan(42 / 127 / 2);
});

test('what is found in the picture itself, and what is added up, reaches as far as was measured', () => {
  const quantisations = quantisationsOf(network(), rangesOf(RANGE));
  for (const name of ['first', 'linear', 'other', 'sum']) {
    const { scaleOf, zero } = quantisations.get(name)!;
    const ends = [0, 1].map((channel) => scaleOf(channel) * (127 - zero));
    expect(ends[0]).toBeGreaterThan(5 - 1e-9);
    expect(Math.min(ends[0]! / 5, ends[1]! / 6, (scaleOf(1) * zero) / 1)).toBeLessThan(1.001);
  }
});

test('a map that is measured as a whole reaches as far as was measured', () => {
  const { scaleOf, zero } = quantisationsOf(network(), rangesOf([-2, 40])).get('rectified')!;
  expect(scaleOf(0)).toBeCloseTo(42 / 127, 10);
  expect(zero).toBe(6);
});

function rangesOf(range: [number, number] | [number[], number[]]) {
  return Object.fromEntries(
    ['first', 'rectified', 'linear', 'other', 'sum'].map((name) => [name, range]),
  );
}
