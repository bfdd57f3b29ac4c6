import { expect, test } from 'vitest';
import { analyze } from '../../src/analytics/analyze.ts';
import { withoutShake } from '../../src/analytics/camera-shake.ts';
import { parseScene } from '../../src/analytics/scene.ts';
import { trajectoriesOf } from '../../src/analytics/trajectory.ts';
import { walk } from '../fixtures/walk.ts';

const VIDEO = { frameWidth: 1000, frameHeight: 1000, durationMs: 60_000 };
const AISLE = parseScene({
  version: 1,
  lines: [
    { id: 'aisle', name: 'Aisle', points: [[0, 0.6], [1, 0.6]], left: 'far', right: 'near' }, // biome-ignore format: one line
  ],
});

/** Up and down by a fifth of a body height, as wind shakes a mast. */
const wind = (second: number) => 0.03 * Math.sin(7.7 * second) + 0.01 * Math.sin(3.1 * second + 1);
const still = () => 0;
const OPTIONS = { toMs: 30_000, stepMs: 66 };

/** Two who stand on the line, one beside it, and one who walks over it after 12 seconds. */
const people = (shake: (second: number) => number) => [
  walk(0, (s) => [0.2, 0.6 + shake(s)], OPTIONS),
  walk(1, (s) => [0.4, 0.605 + shake(s)], OPTIONS),
  walk(2, (s) => [0.8, 0.7 + shake(s)], OPTIONS),
  walk(3, (s) => [0.6, 0.48 + 0.01 * s + shake(s)], OPTIONS),
];

test('a camera in the wind counts who walks over a line, and not who stands on it', () => {
  const { crossings } = analyze(people(wind), AISLE, VIDEO).lines[0]!;
  expect(crossings.map(({ index }) => index)).toEqual([3]);
  expect(Math.abs(crossings[0]!.timestampMs - 12_000)).toBeLessThan(1000);
});

test('where the camera stands still, nothing is moved, in step or not', () => {
  const seen = trajectoriesOf(people(still), 1);
  expect(withoutShake(seen)).toBe(seen);
  // Three who walk in step bob by what a step is.
  const inStep = [0.2, 0.4, 0.6].map((x, index) =>
    walk(index, (s) => [x + 0.02 * s, 0.6 + 0.002 * Math.sin(12 * s + index)], OPTIONS),
  );
  const walking = trajectoriesOf(inStep, 1);
  expect(withoutShake(walking)).toBe(walking);
});

test('a minute of wind is taken out of that minute alone, and of nobody who is alone', () => {
  const minutes = { toMs: 120_000, stepMs: 66 };
  const gust = (s: number) => (s < 60 ? wind(s) : 0);
  const seen = trajectoriesOf(
    [0.2, 0.5, 0.8].map((x, index) => walk(index, (s) => [x, 0.6 + gust(s)], minutes)),
    1,
  );
  const steady = withoutShake(seen);
  const spread = (values: Float64Array) => Math.max(...values) - Math.min(...values);
  const calm = seen[0]!.timestampsMs.findIndex((ms) => ms >= 60_000);
  expect(spread(seen[0]!.y.slice(0, calm))).toBeGreaterThan(0.07);
  expect(spread(steady[0]!.y.slice(10, calm - 10))).toBeLessThan(0.03);
  expect(steady[0]!.y.slice(calm)).toEqual(seen[0]!.y.slice(calm));
  expect(steady[0]!.x).toEqual(seen[0]!.x);
  const alone = trajectoriesOf([walk(0, (s) => [0.2, 0.6 + wind(s)], minutes)], 1);
  expect(withoutShake(alone)).toBe(alone);
});
