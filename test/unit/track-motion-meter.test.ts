import { expect, test } from 'vitest';
import { MotionMeter, TRAIL } from '../../src/track/trackers/footpath/motion-meter.ts';
import { seeded } from '../fixtures/track-scenes.ts';

/** A normal variable from twelve uniform ones. */
function normal(random: () => number): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += random();
  return sum;
}

/** What the meter expects after people of 100 pixels moved under random acceleration, measured with noise. */
function learn(rate: number, deviation: number, acceleration: number, seconds: number): number {
  const random = seeded(7);
  const step = 1 / rate;
  const kick = 100 * Math.sqrt(acceleration * step);
  const meter = new MotionMeter(1);
  const people = Array.from({ length: 8 }, () => {
    return { trail: new Float64Array(TRAIL), place: [500, 500], speed: [0, 0] };
  });
  for (let i = 0; i < seconds * rate; i++) {
    for (const { trail, place, speed } of people) {
      for (const axis of [0, 1]) {
        const change = kick * normal(random);
        place[axis]! += step * (speed[axis]! + change / 2);
        speed[axis]! += change;
      }
      const x = place[0]! + 100 * deviation * normal(random);
      const y = place[1]! + 100 * deviation * normal(random);
      meter.observe(trail, i * step, step, Float64Array.of(x - 20, y - 50, x + 20, y + 50));
    }
  }
  return meter.acceleration;
}

test('expects the start until something is measured', () => {
  expect(new MotionMeter(1.3).acceleration).toBe(1.3);
  expect(learn(15, 0.02, 0.1, 0.2)).toBe(1);
});

test.each([30, 15, 5, 2])('at %d samples/s, calm and brisk people are told apart', (rate) => {
  const [calm, usual, brisk] = [0.02, 0.5, 2].map((strength) => learn(rate, 0.02, strength, 60));
  expect(calm!).toBeLessThan(0.4);
  expect(usual!).toBeGreaterThan(0.5);
  expect(usual!).toBeLessThan(1.1);
  expect(brisk!).toBeGreaterThan(1.4);
});

test('a noisy detector is not taken for brisk people', () => {
  expect(learn(15, 0.05, 0.05, 60)).toBeLessThan(0.45);
});

test('a shaking picture has no acceleration without bounds', () => {
  expect(learn(30, 0.02, 500, 60)).toBeLessThan(3);
});

test('continues from a snapshot bit for bit', () => {
  const one = new MotionMeter(1);
  const trail = new Float64Array(TRAIL);
  const other = new MotionMeter(1);
  const random = seeded(3);
  const walk = (meter: MotionMeter, places: Float64Array, i: number, x: number) =>
    meter.observe(places, i / 10, 0.1, Float64Array.of(x, 10, x + 20, 60));
  for (let i = 0; i < 40; i++) walk(one, trail, i, 100 * random());
  other.restore(JSON.parse(JSON.stringify(one.snapshot())));
  const copy = Float64Array.from(JSON.parse(JSON.stringify(Array.from(trail))));
  for (let i = 40; i < 80; i++) {
    const x = 100 * random();
    walk(one, trail, i, x);
    walk(other, copy, i, x);
  }
  expect(other.snapshot()).toEqual(one.snapshot());
});
