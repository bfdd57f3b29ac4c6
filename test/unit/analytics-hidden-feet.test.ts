import { expect, test } from 'vitest';
import type { AnalysedPath } from '../../src/analytics/analysed-path.ts';
import { crossingsOf } from '../../src/analytics/crossings.ts';
import type { SceneLine } from '../../src/analytics/scene.ts';
import { trajectoriesOf } from '../../src/analytics/trajectory.ts';
import { walk } from '../fixtures/walk.ts';

/** From edge to edge at a height of the picture. */
const level = (y: number): SceneLine => ({
  id: 'level',
  name: 'Level',
  points: [
    [-1, y],
    [2, y],
  ],
  left: 'far',
  right: 'near',
  inside: 'right',
});

const count = (paths: readonly AnalysedPath[], y: number) =>
  trajectoriesOf(paths, 1).flatMap((it) => crossingsOf(it, level(y), 1));

test('feet behind a nearer person are put below the head, where they stand', () => {
  // Stands above the line all the time; the box ends at the waist while somebody stands in front.
  const standing = walk(0, () => [0.5, 0.65]);
  const cut = {
    ...standing,
    boxes: Array.from(standing.boxes).map((value, i) =>
      i % 4 === 3 && i >= 40 && i < 100 ? value / 2 : value,
    ),
  };
  const front = walk(1, () => [0.52, 0.75], { fromMs: 1000, toMs: 2500, height: 0.25 });
  const crossed = (paths: readonly AnalysedPath[]) =>
    count(paths, 0.6).filter(({ index }) => index === 0);
  expect(crossed([cut]).length).toBeGreaterThan(0);
  expect(crossed([cut, front])).toEqual([]);
});

test('feet behind a nearer person are not guessed from before alone or after alone', () => {
  // Halfway somebody of half the height, farther away, is taken for them, behind a nearer person to the end.
  const near = walk(0, () => [0.5, 0.65]);
  const taken = {
    ...near,
    boxes: Array.from(near.boxes).map((value, i) => (i % 4 === 3 && i >= 40 ? value / 2 : value)),
  };
  const front = walk(1, () => [0.52, 0.75], { fromMs: 1000, height: 0.35 });
  const feet = (paths: readonly AnalysedPath[]) =>
    trajectoriesOf(paths, 1)[0]!
      .y.slice(-5)
      .map((y) => Math.round(100 * y) / 100);
  expect(feet([taken, front])).toEqual(Float64Array.of(0.55, 0.55, 0.55, 0.55, 0.55));
});

test('feet below the picture are put below it', () => {
  // Walks out of the picture under the camera, over a line at its lower edge.
  const leaving = walk(0, (s) => [0.5, 0.6 + 0.15 * s], { toMs: 3000 });
  const cut = {
    ...leaving,
    boxes: Array.from(leaving.boxes).map((value, i, all) =>
      i % 4 === 3 ? Math.min(value, 1 - all[i - 2]!) : value,
    ),
  };
  expect(count([cut], 0.98)).toHaveLength(1);
});

test('the feet of somebody before them are not theirs', () => {
  // Somebody stands in front for a while, the line between the feet of both, and the box of the one behind is over both meanwhile.
  const behind = walk(0, () => [0.5, 0.55]);
  const over = (from: number, to: number): AnalysedPath => ({
    ...behind,
    boxes: Array.from(behind.boxes).map((value, i) =>
      i % 4 === 3 && i >= 4 * from && i < 4 * to ? value + 0.1 : value,
    ),
  });
  const front = (from: number, to: number) =>
    walk(1, () => [0.51, 0.65], { fromMs: 100 * from, toMs: Math.min(4000, 100 * (to - 1)) });
  const crossed = (paths: readonly AnalysedPath[]) =>
    count(paths, 0.6).filter(({ index }) => index === 0);
  // In between, up to the end and from the beginning on: who is free at one end alone is known by that.
  for (const [from, to] of [
    [10, 25],
    [10, Infinity],
    [0, 25],
  ] as const) {
    expect(crossed([over(from, to)]).length).toBeGreaterThan(0);
    expect(crossed([over(from, to), front(from, to)])).toEqual([]);
  }
  // A tall one behind a small one has feet of their own: all the time, as high as the box.
  const tall = over(0, Infinity);
  const feet = (paths: readonly AnalysedPath[]) => trajectoriesOf(paths, 1)[0]!.y;
  expect(feet([tall, front(0, 41)])).toEqual(feet([tall]));
});
