import { expect, test } from 'vitest';
import { recordHistory } from '../../src/track/record-history.ts';
import { NoiseMeter } from '../../src/track/refinement/measure-noise.ts';
import { createFootpath } from '../../src/track/trackers/footpath/footpath.ts';
import { detectionsOf, seeded } from '../fixtures/track-scenes.ts';

/** A normal variable from twelve uniform ones. */
function normal(random: () => number): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += random();
  return sum;
}

/** Eight people under random acceleration, measured with noise; known strengths, in heights of 100 pixels. */
async function measure(rate: number, deviation: number, acceleration: number) {
  const random = seeded(42);
  const step = 1 / rate;
  const people = Array.from({ length: 8 }, (_, i) => ({ x: 500, y: 2000 * i, vx: 0, vy: 0 }));
  const samples = 200 * rate;
  const scene = Array.from({ length: samples }, () => {
    const rows = people.map((person): [number, number, number, number] => {
      const kick = 100 * Math.sqrt(acceleration * step);
      for (const axis of ['x', 'y'] as const) {
        const speed = axis === 'x' ? 'vx' : 'vy';
        const change = kick * normal(random);
        person[axis] += step * (person[speed] + change / 2);
        person[speed] = 0.98 * (person[speed] + change);
      }
      const shake = () => 100 * deviation * normal(random);
      return [person.x + shake(), person.y + shake(), 40, 100];
    });
    return detectionsOf(...rows);
  });
  const times = Float64Array.from({ length: samples }, (_, i) => i * step);
  const history = recordHistory(createFootpath(), scene, times, samples);
  const chunk = await history.chunk(0);
  const meter = new NoiseMeter(times);
  meter.add(chunk);
  return meter.measure();
}

test.each([
  [30, 0.02, 0.05],
  [15, 0.02, 0.05],
  [10, 0.05, 0.2],
])(
  'at %d samples/s, deviation %d and acceleration %d are found',
  async (rate, deviation, acceleration) => {
    const noise = await measure(rate, deviation, acceleration);
    expect(noise.stepSeconds).toBeCloseTo(1 / rate, 9);
    for (const axis of [0, 1]) {
      expect(noise.deviation[axis]! / deviation).toBeGreaterThan(0.85);
      expect(noise.deviation[axis]! / deviation).toBeLessThan(1.15);
      expect(noise.acceleration[axis]! / acceleration).toBeGreaterThan(0.5);
      expect(noise.acceleration[axis]! / acceleration).toBeLessThan(1.6);
    }
  },
);

test('too little to measure gives a calm scene, not nonsense', () => {
  const noise = new NoiseMeter(new Float64Array(0)).measure();
  for (const values of [noise.deviation, noise.acceleration]) {
    expect(values.every((value) => value > 0 && value < 1)).toBe(true);
  }
});
