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

/** As tall in each row as a camera above heads sees people: half of how far below the picture's upper edge they stand. */
const tall = (foot: number, size = 1) => 0.5 * size * foot;
/** Upper edge of a counter in the middle of the picture, which hides the feet of all who are behind it. */
const COUNTER = 0.5;
const behindCounter = (path: AnalysedPath): AnalysedPath => ({
  ...path,
  boxes: Array.from(path.boxes).map((value, i, all) => {
    const middle = all[4 * Math.floor(i / 4)]! + all[4 * Math.floor(i / 4) + 2]! / 2;
    return i % 4 === 3 && middle > 0.25 && middle < 0.75 ? COUNTER - all[i - 2]! : value;
  }),
});
/** From side to side, at one distance or at another by the second. */
function past(
  index: number,
  footOf: (second: number) => number,
  size = 1,
  fromMs = 0,
): AnalysedPath {
  const path = walk(index, (s) => [0.12 + 0.19 * s, footOf(s)]);
  const boxes = Array.from(path.timestampsMs).flatMap((ms) => {
    const [foot, x] = [footOf(ms / 1000), 0.12 + (0.19 * ms) / 1000];
    const height = tall(foot, size);
    return [x - height / 4, foot - height, height / 2, height];
  });
  return { ...path, timestampsMs: Array.from(path.timestampsMs, (ms) => fromMs + ms), boxes };
}
/** One after the other; the nearest two pass in front of the counter. */
const passers = [0.53, 0.57, 0.62, 0.66, 0.7, 0.74, 0.88, 0.95].map((foot, i) =>
  past(10 + i, () => foot, [1.04, 0.97, 1.02, 0.95][i % 4], 5000 * (i + 1)),
);
const inTheRoom = [...passers.slice(0, 6).map(behindCounter), ...passers.slice(6)];

test('feet behind a counter are put where their head says that they stand', () => {
  // From far behind to the counter and back.
  const truth = past(0, (s) => 0.7 - 0.1 * Math.abs(s - 2));
  expect(count([truth], 0.6)).toHaveLength(2);
  const cut = behindCounter(truth);
  // Alone they are what their boxes are: nothing tells that there is a counter.
  expect(count([cut], 0.6)).toHaveLength(0);
  const all = [cut, ...inTheRoom];
  expect(count(all, 0.6).filter(({ index }) => index === 0)).toHaveLength(2);
  // Nobody who passes behind the counter steps over a line beyond it.
  expect(count(all, 0.51).filter(({ index }) => index > 0)).toEqual([]);
  const feet = trajectoriesOf(all, 1);
  passers.forEach((path, i) => {
    const foot = path.boxes[1]! + path.boxes[3]!;
    for (const y of feet[i + 1]!.y) expect(Math.abs(y - foot)).toBeLessThan(0.035);
  });
});

test('a counter is found where more walk far behind it, who are seen whole but for their shins', () => {
  const [far, near] = [
    [0.515, 0.525, 0.53, 0.535, 0.54],
    [0.64, 0.67, 0.7, 0.73],
  ].map((feet, i) =>
    feet.map((foot, k) => past(20 + 10 * i + k, () => foot, 1, 5000 * (10 + 5 * i + k))),
  );
  const all = [...near!, ...far!].map(behindCounter).concat(passers.slice(6));
  const feet = trajectoriesOf(all, 1);
  near!.forEach((path, i) => {
    const foot = path.boxes[1]! + path.boxes[3]!;
    for (const y of feet[i]!.y) expect(Math.abs(y - foot)).toBeLessThan(0.035);
  });
});

test('whoever is low where nobody else is stays as low', () => {
  // A child, and somebody who sits down for a while in the middle of the room.
  const child = past(1, () => 0.7, 0.6, 50_000);
  const sitting = walk(2, () => [0.5, 0.6], { height: tall(0.6) });
  const boxes = Array.from(sitting.boxes).map((value, i, all) => {
    const isDown = i >= 40 && i < 120;
    if (i % 4 === 1 && isDown) return value + 0.4 * all[i + 2]!;
    return i % 4 === 3 && isDown ? 0.6 * value : value;
  });
  const all = [child, { ...sitting, boxes }, ...passers];
  trajectoriesOf(all, 1).forEach(({ y }, p) => {
    y.forEach((foot, k) => {
      expect(foot).toBeCloseTo(all[p]!.boxes[4 * k + 1]! + all[p]!.boxes[4 * k + 3]!, 9);
    });
  });
});
