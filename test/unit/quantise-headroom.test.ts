/** Other pictures reach further than those that were measured: channels that are measured by themselves have room for that. */
import { expect, test } from 'vitest';
import { Graph } from '../../scripts/model/graph.mjs';
import { quantisationsOf } from '../../scripts/model/quantisations.mjs';

const LOW = [0, -1, -2, 0];
const HIGH = [5, 6, 40, 0.1];

function network() {
  const graph = new Graph();
  graph.add('image', 'Placeholder', []);
  for (const [name, from] of [
    ['map', 'image'],
    ['raw', 'map'],
  ] as const) {
    graph.addTensor(`${name}/weights`, [1, 1, 4, 4], new Float32Array(16).fill(1));
    graph.addTensor(`${name}/biases`, [4], new Float32Array(4));
    graph.add(name, '_FusedConv2D', [from, `${name}/weights`, `${name}/biases`], {});
  }
  return graph;
}

test('a channel reaches twice as far as was measured, and no further than the map', () => {
  const { scaleOf, zero } = quantisationsOf(network(), { map: [LOW, HIGH] }).get('map')!;
  for (const [channel, high] of HIGH.entries()) {
    const [lowest, highest] = [Math.max(2 * LOW[channel]!, -2), Math.min(2 * high, 40)];
    expect(scaleOf(channel) * (127 - zero)).toBeGreaterThan(highest - 1e-9);
    expect(-scaleOf(channel) * zero).toBeLessThan(lowest + 1e-9);
  }
  // A channel is still finer than the map would be as a whole.
  expect(scaleOf(0)).toBeLessThan(42 / 127 / 2);
});

test('a map that is measured as a whole reaches as far as was measured', () => {
  const { scaleOf, zero } = quantisationsOf(network(), { map: [-2, 40] }).get('map')!;
  expect(scaleOf(0)).toBeCloseTo(42 / 127, 10);
  expect(zero).toBe(6);
});
