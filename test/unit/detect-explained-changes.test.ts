/** Which changes tall people explain who are surely seen by the smaller inputs alone. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BLOCK, type ChangedBlocks } from '../../src/detect/changed-blocks.ts';
import { unexplainedChanges } from '../../src/detect/explained-changes.ts';
import type { Detections } from '../../src/track/detections.ts';
import { blocksOf, SIZE } from '../fixtures/changed-blocks.ts';

const SURE = 0.5;

/** @param list left, top, right, bottom and how sure, default 0.9 */
const people = (...list: (readonly number[])[]): Detections => ({
  count: list.length,
  boxes: Float32Array.from(list.flatMap((person) => person.slice(0, 4))),
  scores: Float32Array.from(list, ([, , , , score = 0.9]) => score),
});
const count = ({ changed }: ChangedBlocks) => changed.reduce((sum, one) => sum + one, 0);
const left = (blocks: ChangedBlocks, before: Detections, now: Detections) =>
  count(unexplainedChanges(blocks, before, now, SURE));

const BEFORE = [80, 64, 140, 264];
const NOW = [112, 64, 172, 264];
/** Where one of the two is, or both. */
const WALK = blocksOf([[10, 8, 12, 25]]);

test('somebody tall explains where they are and where they were', () => {
  expect(left(WALK, people(BEFORE), people(NOW))).toBe(0);
  // Their shadow too.
  expect(left(blocksOf([[9, 8, 14, 26]]), people(BEFORE), people(NOW))).toBe(0);
});

test('nothing is explained by somebody unsure, or so small that the largest input sees them better', () => {
  const all = count(WALK);
  expect(left(WALK, people(BEFORE), people([...NOW, 0.4]))).toBe(all);
  expect(left(WALK, people(BEFORE), people())).toBe(all);
  const small = [112, 164, 142, 264];
  expect(left(WALK, people(BEFORE), people(small))).toBe(all);
});

test('where somebody was is explained only by who may be the same person now', () => {
  const behind = (now: readonly number[]) => left(WALK, people(BEFORE), people(now)) > 0;
  expect(behind(NOW)).toBe(false);
  // Gone from there: who comes in at the other end is somebody else.
  expect(behind([320, 64, 380, 264])).toBe(true);
  // Nearer to the camera by far.
  expect(behind([100, 0, 190, 288])).toBe(true);
});

test('somebody else beside or behind them, known before or found now, is looked at', () => {
  const child = [150, 180, 180, 264];
  for (const score of [0.9, 0.3]) {
    const other = [...child, score];
    expect(left(WALK, people(BEFORE, other), people(NOW))).toBeGreaterThan(0);
    expect(left(WALK, people(BEFORE), people(NOW, other))).toBeGreaterThan(0);
  }
  // Hardly anybody.
  expect(left(WALK, people(BEFORE), people(NOW, [...child, 0.29]))).toBe(0);
});

test('two who are tall and apart explain a place each', () => {
  const others = [240, 40, 310, 270];
  const moved = blocksOf([
    [10, 8, 12, 25],
    [30, 5, 10, 29],
  ]);
  expect(left(moved, people(BEFORE, others), people(NOW, [250, 40, 320, 270]))).toBe(0);
  // Of two who were there one has left: the other does not explain that.
  expect(left(moved, people(BEFORE, others), people(NOW))).toBeGreaterThan(0);
});

test('two who come near each other are looked at, whoever is tall, before or after they meet', () => {
  const all = count(WALK);
  const beside = [200, 64, 260, 264];
  expect(left(WALK, people(BEFORE), people(NOW, beside))).toBe(all);
  expect(left(WALK, people(BEFORE, beside), people(NOW))).toBe(all);
  // A quarter of a height away nobody hides anybody.
  const apart = [224, 64, 284, 264];
  expect(left(WALK, people(BEFORE, apart), people(NOW, apart))).toBe(0);
});

test('what lies away from people stays changed, and nothing else changes', () => {
  const boxes = fc
    .tuple(
      fc.integer({ min: -20, max: 380 }),
      fc.integer({ min: -20, max: 280 }),
      fc.integer({ min: 4, max: 90 }),
      fc.integer({ min: 4, max: 250 }),
      fc.double({ min: 0.1, max: 1, noNaN: true }),
    )
    .map(([x, y, width, height, score]) => [x, y, x + width, y + height, score]);
  const rectangles = fc.array(
    fc.tuple(
      fc.integer({ min: 0, max: 47 }),
      fc.integer({ min: 0, max: 35 }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 20 }),
    ),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(rectangles, fc.array(boxes), fc.array(boxes), (changed, before, now) => {
      const blocks = blocksOf(changed);
      const kept = [...blocks.changed];
      const rest = unexplainedChanges(blocks, people(...before), people(...now), SURE);
      expect([...blocks.changed]).toEqual(kept);
      const near = (x: number, y: number) =>
        [...before, ...now].some(
          ([x0, y0, x1, y1]) =>
            x + 2 * BLOCK > x0! - BLOCK &&
            x - BLOCK < x1! + BLOCK &&
            y + 2 * BLOCK > y0! - BLOCK &&
            y - BLOCK < y1! + BLOCK,
        );
      const wrong = [...blocks.changed].filter((one, i) => {
        const [x, y] = [BLOCK * (i % blocks.columns), BLOCK * Math.floor(i / blocks.columns)];
        return (one === 0 || !near(x, y)) && rest.changed[i] !== one;
      });
      expect(wrong).toEqual([]);
      expect([SIZE.width, SIZE.height]).toEqual([BLOCK * rest.columns, BLOCK * rest.rows]);
    }),
  );
});
