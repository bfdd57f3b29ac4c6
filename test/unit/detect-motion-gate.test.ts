/** What of a picture is detected anew, and what is taken over. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { carryOver, type EmbeddedDetections } from '../../src/detect/carry-over.ts';
import { BLOCK, hasChanged } from '../../src/detect/changed-blocks.ts';
import {
  chooseRegions,
  needSmallerInputs,
  type Region,
  withoutCut,
} from '../../src/detect/detection-regions.ts';
import { edgesOf } from '../../src/detect/edges.ts';
import { toFramePixels, toInputPixels } from '../../src/detect/input-size.ts';
import type { Detections } from '../../src/track/detections.ts';
import { blocksOf, SIZE } from '../fixtures/changed-blocks.ts';

const MULTIPLE = 32;

/** @param people left, top, right, bottom and how sure, default 0.9 */
const known = (people: readonly (readonly number[])[]): Detections => ({
  count: people.length,
  boxes: Float32Array.from(people.flatMap((person) => person.slice(0, 4))),
  scores: Float32Array.from(people, ([, , , , score = 0.9]) => score),
});

describe('regions', () => {
  const rectangles = fc.array(
    fc.tuple(
      fc.integer({ min: 0, max: 47 }),
      fc.integer({ min: 0, max: 35 }),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 8 }),
    ),
    { maxLength: 4 },
  );
  const people = fc.array(
    fc
      .tuple(
        fc.float({ min: -20, max: 380, noNaN: true }),
        fc.float({ min: -20, max: 280, noNaN: true }),
        fc.float({ min: 4, max: 90, noNaN: true }),
        fc.float({ min: 4, max: 200, noNaN: true }),
      )
      .map(([x, y, width, height]) => [x, y, x + width, y + height]),
    { maxLength: 5 },
  );

  test('hold every changed block and everybody whom one touches as a whole, in sizes that the network takes', () => {
    let inParts = 0;
    fc.assert(
      fc.property(rectangles, people, (changed, boxes) => {
        const blocks = blocksOf(changed);
        const regions = chooseRegions(blocks, known(boxes), SIZE, MULTIPLE);
        if (regions === 'all') return;
        inParts++;
        const isHeld = (left: number, top: number, right: number, bottom: number) =>
          regions.some(
            (region) =>
              region.left <= Math.max(0, left) &&
              region.top <= Math.max(0, top) &&
              region.left + region.width >= Math.min(SIZE.width, right) &&
              region.top + region.height >= Math.min(SIZE.height, bottom),
          );
        for (const [i, one] of blocks.changed.entries()) {
          if (!one) continue;
          const [x, y] = [BLOCK * (i % blocks.columns), BLOCK * Math.floor(i / blocks.columns)];
          expect(isHeld(x - BLOCK, y - BLOCK, x + 2 * BLOCK, y + 2 * BLOCK)).toBe(true);
        }
        for (const [x0, y0, x1, y1] of boxes as [number, number, number, number][]) {
          const box = [x0, y0, x1, y1].map(Math.fround) as [number, number, number, number];
          if (hasChanged(blocks, edgesOf(Float32Array.from(box))))
            expect(isHeld(...box)).toBe(true);
        }
        for (const { left, top, width, height } of regions) {
          expect([width % MULTIPLE, height % MULTIPLE, left % BLOCK, top % BLOCK]).toEqual([
            0, 0, 0, 0,
          ]);
          expect(left >= 0 && top >= 0).toBe(true);
          expect(left + width <= SIZE.width && top + height <= SIZE.height).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
    expect(inParts).toBeGreaterThan(100);
  });

  test('are none where nothing changed, and all where most did', () => {
    const somebody = known([[10, 10, 40, 90]]);
    expect(chooseRegions(blocksOf([]), somebody, SIZE, MULTIPLE)).toEqual([]);
    expect(chooseRegions(blocksOf([[0, 0, 48, 36]]), somebody, SIZE, MULTIPLE)).toBe('all');
  });

  test('reach around whoever is there, not around what is hardly anybody', () => {
    const moved = blocksOf([[10, 10, 2, 4]]);
    const around = (score: number) => {
      const regions = chooseRegions(moved, known([[20, 20, 200, 200, score]]), SIZE, MULTIPLE);
      return (regions as readonly Region[]).map(({ width }) => width);
    };
    expect(around(0.3)).toEqual([256]);
    expect(around(0.29)).toEqual([128]);
  });

  test('are for smaller inputs too where one is high enough for somebody large', () => {
    const region = (height: number) => ({ left: 0, top: 0, width: 64, height });
    expect(needSmallerInputs([])).toBe(false);
    expect(needSmallerInputs([region(96), region(192)])).toBe(false);
    expect(needSmallerInputs([region(96), region(224)])).toBe(true);
  });

  test('far from each other are apart, and together where that is less', () => {
    const apart = chooseRegions(
      blocksOf([
        [2, 2, 2, 4],
        [40, 28, 2, 4],
      ]),
      known([]),
      SIZE,
      32,
    );
    expect(apart).toHaveLength(2);
    const near = chooseRegions(
      blocksOf([
        [10, 10, 2, 4],
        [15, 10, 2, 4],
      ]),
      known([]),
      SIZE,
      32,
    );
    expect(near).toHaveLength(1);
  });

  test('do not tell of those whom their edges cut', () => {
    const region = { left: 64, top: 0, width: 96, height: 288 };
    const boxes = Float32Array.from(
      [
        [1, 20, 30, 90],
        [20, 0, 50, 90],
        [20, 200, 50, 288],
        [60, 20, 95, 90],
      ].flat(),
    );
    const scores = Float32Array.of(0.9, 0.8, 0.7, 0.6);
    const kept = withoutCut({ count: 4, boxes, scores }, region, SIZE);
    // The picture's own edges cut nobody off who is more to be seen elsewhere.
    expect([...kept.scores]).toEqual([0.8, 0.7].map(Math.fround));
    expect([...kept.boxes]).toEqual([20, 0, 50, 90, 20, 200, 50, 288]);
  });
});

test('boxes come back from the input as they went', () => {
  const placement = { left: 3, top: -40, scaleX: 0.5, scaleY: 0.25 };
  const boxes = Float32Array.of(10, 20, 30, 44);
  const there = toInputPixels(boxes, placement);
  expect([...there]).toEqual([8, -35, 18, -29]);
  toFramePixels(there, placement);
  expect([...there]).toEqual([...boxes]);
});

describe('taking over', () => {
  const embedded = (people: readonly [number, number, number][]): EmbeddedDetections => ({
    count: people.length,
    boxes: Float32Array.from(people.flatMap(([x]) => [x, 0, x + 10, 20])),
    scores: Float32Array.from(people, ([, score]) => score),
    features: Int8Array.from(people.flatMap(([, , look]) => [look, look])),
    ...(people.length > 0 && {
      spreads: Int8Array.from(people.flatMap(([x]) => [x, x + 1, x + 2, 3])),
    }),
  });

  test('those in unchanged places stay with their looks, others are as they are now', () => {
    const before = embedded([
      [0, 0.5, 1],
      [50, 0.75, 2],
    ]);
    const found = embedded([
      [90, 0.25, 3],
      [2, 0.5, 4],
      [200, 0.5, 5],
    ]);
    // The second of before has left; of those found the second is the first of before; the third stands where nothing changed.
    const all = carryOver(
      before,
      (i) => i === 0,
      found,
      (i) => i < 2,
      0.6,
    );
    expect(all).toEqual(
      embedded([
        [0, 0.5, 1],
        [90, 0.25, 3],
      ]),
    );
    expect(all.boxes).not.toBe(before.boxes);
  });

  test('nobody is nobody', () => {
    const none = embedded([]);
    const one = embedded([[5, 0.5, 7]]);
    expect(
      carryOver(
        none,
        () => true,
        none,
        () => true,
        0.6,
      ),
    ).toEqual(none);
    expect(
      carryOver(
        none,
        () => true,
        one,
        () => true,
        0.6,
      ),
    ).toEqual(one);
    expect(
      carryOver(
        one,
        () => true,
        none,
        () => true,
        0.6,
      ),
    ).toEqual(one);
  });
});
