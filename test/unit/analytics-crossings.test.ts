import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AnalysedPath } from '../../src/analytics/analysed-path.ts';
import { crossingsOf } from '../../src/analytics/crossings.ts';
import { joinBroken } from '../../src/analytics/join-broken.ts';
import type { SceneLine } from '../../src/analytics/scene.ts';
import { trajectoriesOf } from '../../src/analytics/trajectory.ts';
import { walk } from '../fixtures/walk.ts';

/** Runs downwards in the middle: its left hand is the picture's right half. */
const DOOR: SceneLine = {
  id: 'door',
  name: 'Door',
  points: [
    [0.5, 0.2],
    [0.5, 0.9],
  ],
  left: 'shop',
  right: 'street',
  inside: 'left',
};

/** The same, and as long as the picture is high and more. */
const LONG: SceneLine = {
  ...DOOR,
  points: [
    [0.5, -1],
    [0.5, 2],
  ],
};

function count(paths: readonly AnalysedPath[], line = DOOR, aspect = 1) {
  return joinBroken(trajectoriesOf(paths, aspect), aspect).flatMap((it) =>
    crossingsOf(it, line, aspect),
  );
}

test('a walk from street to shop is one crossing inwards, at its place and moment', () => {
  const found = count([walk(7, (s) => [0.1 + 0.2 * s, 0.6])]);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ lineId: 'door', direction: 'in', index: 7, timestampMs: 2000 });
  expect(found[0]!.at[0]).toBeCloseTo(0.5);
  expect(found[0]!.at[1]).toBeCloseTo(0.6);
  expect(found[0]).not.toHaveProperty('uncertain');
  expect(count([walk(7, (s) => [0.9 - 0.2 * s, 0.6])])[0]).toMatchObject({ direction: 'out' });
});

test('the other side inside turns the directions', () => {
  const found = count([walk(0, (s) => [0.1 + 0.2 * s, 0.6])], { ...DOOR, inside: 'right' });
  expect(found[0]!.direction).toBe('out');
});

test('who dithers on the line is counted once, with the last meeting on the way', () => {
  const found = count([
    walk(0, (s) => [0.3 + 0.1 * s + 0.012 * Math.sin(40 * s), 0.6], { stepMs: 20 }),
  ]);
  expect(found).toHaveLength(1);
  expect(found[0]!.timestampMs).toBeGreaterThan(1900);
});

test('who dithers and turns back has not crossed', () => {
  expect(count([walk(0, (s) => [0.5 - 0.15 * Math.abs(s - 2) + 0.008, 0.6])])).toEqual([]);
});

test('who walks in and out again crossed twice', () => {
  const found = count([walk(0, (s) => [0.7 - 0.2 * Math.abs(s - 2), 0.6])]);
  expect(found.map(({ direction }) => direction)).toEqual(['in', 'out']);
});

test('who walks around the end of the line has not crossed it', () => {
  expect(count([walk(0, (s) => [0.1 + 0.2 * s, 0.15])])).toEqual([]);
  expect(count([walk(0, (s) => [0.1 + 0.2 * s, 0.95])])).toEqual([]);
});

test('a line with corners is crossed once, in its corner too', () => {
  const bent: SceneLine = {
    ...DOOR,
    points: [
      [0.5, 0],
      [0.5, 0.6],
      [0.9, 1],
    ],
  };
  expect(count([walk(0, (s) => [0.1 + 0.2 * s, 0.6])], bent)).toHaveLength(1);
});

test('a path that begins or ends beyond a line at the edge of the picture counts, and is not sure', () => {
  // A tenth of a body is 0.02 of the frame.
  const edge: SceneLine = {
    ...DOOR,
    points: [
      [0.98, 0.2],
      [0.98, 0.9],
    ],
  };
  const ends = (x: number, line: SceneLine) =>
    count([walk(0, (s) => [Math.min(x, 0.5 + 0.2 * s), 0.6])], line);
  expect(ends(0.995, edge)).toMatchObject([{ direction: 'in', uncertain: 'ends-at-line' }]);
  expect(ends(0.985, edge)).toEqual([]);
  // In the middle of the picture nobody just ends: what is lost there may as well have turned back.
  expect(ends(0.515, DOOR)).toEqual([]);
  const begins = (x: number) => count([walk(0, (s) => [Math.min(x, 1.1 - 0.2 * s), 0.6])], edge);
  expect(begins(0.995)).toMatchObject([{ direction: 'out', uncertain: 'begins-at-line' }]);
  // Who walks in there was out of the picture before, however far they were beyond the line when they were found.
  expect(begins(0.985)).toMatchObject([{ direction: 'out', uncertain: 'begins-at-line' }]);
});

test('whoever walks in or out of the picture crosses a line along its side, and it is not sure', () => {
  const upright = (x: number): SceneLine => ({
    ...DOOR,
    points: [
      [x, -1],
      [x, 2],
    ],
  });
  // Found when half in the picture, whose middle then is a quarter of the width in it: 0.03 of the frame.
  const comes = walk(0, (s) => [0.03 + 0.2 * s, 0.6]);
  const goes = walk(1, (s) => [0.97 - 0.2 * (4 - s), 0.6]);
  for (const x of [0, 0.01, 0.02, 0.03]) {
    expect(count([comes], upright(x))).toMatchObject([
      { direction: 'in', index: 0, timestampMs: 0, uncertain: 'begins-at-line' },
    ]);
    expect(count([goes], upright(1 - x))).toMatchObject([
      { direction: 'in', index: 1, timestampMs: 4000, uncertain: 'ends-at-line' },
    ]);
  }
  // So it is at a sample in two seconds.
  const slowly = walk(0, (s) => [0.03 + 0.2 * s, 0.6], { stepMs: 2000 });
  expect(count([slowly], upright(0.01))).toMatchObject([{ uncertain: 'begins-at-line' }]);
  // Whose camera sees them between the edge and the line, is counted when seen there.
  expect(count([walk(0, (s) => [0.08 + 0.2 * s, 0.6])], upright(0.06))).toEqual([]);
  expect(count([comes], upright(0.06))).toMatchObject([{ uncertain: 'close-to-line' }]);
  expect(count([comes], upright(0.08))[0]).not.toHaveProperty('uncertain');
  // Nobody who stands there, turns round in it, or walks along the line came over it; nor does a level line change.
  expect(count([walk(0, () => [0.03, 0.6])], upright(0.01))).toEqual([]);
  expect(count([walk(0, (s) => [0.03 + 0.05 * Math.abs(s - 2), 0.6])], upright(0.01))).toEqual([]);
  expect(count([walk(0, (s) => [0.03, 0.3 + 0.1 * s])], upright(0.01))).toEqual([]);
  const level = { ...DOOR, points: [[-1, 0.61] as const, [2, 0.61] as const] };
  expect(count([walk(0, (s) => [0.02 + 0.2 * s, 0.6 + 0.1 * s])], level)).toEqual([]);
  // In at a side and out by it again.
  expect(count([walk(0, (s) => [0.23 - 0.1 * Math.abs(s - 2), 0.6])], upright(0.01))).toMatchObject(
    [
      { direction: 'in', uncertain: 'begins-at-line' },
      { direction: 'out', uncertain: 'ends-at-line' },
    ],
  );
});

test('a path that ends half across a line which leaves room to be seen clear of it does not count', () => {
  // Along the lower edge of the picture, half across an upright line in its middle: seen there, and not beyond.
  const along = (to: number) => count([walk(0, (s) => [Math.min(to, 0.3 + 0.1 * s), 0.99])], LONG);
  expect(along(0.515)).toEqual([]);
  expect(along(0.53)).toMatchObject([{ direction: 'in' }]);
  // Off the picture at the side, half across a level line in the middle of it.
  const off = (to: number) =>
    count([walk(0, (s) => [0.99, Math.max(to, 0.8 - 0.1 * s)])], {
      ...DOOR,
      points: [
        [-1, 0.5],
        [2, 0.5],
      ],
    });
  expect(off(0.485)).toEqual([]);
  expect(off(0.47)).toHaveLength(1);
});

test('a path that breaks at the line and goes on under another number is one crossing', () => {
  const way = (s: number) => [0.1 + 0.2 * s, 0.6] as const;
  const found = count([walk(3, way, { toMs: 1900 }), walk(8, way, { fromMs: 2300 })]);
  expect(found).toMatchObject([{ index: 3, direction: 'in', uncertain: 'broken-path' }]);
});

test('who stops on a line is counted where they go on, and not where they go back', () => {
  const stops = (way: 1 | -1) => (s: number) => {
    const x = s < 2 ? 0.3 + 0.1 * s : s < 12 ? 0.5 + 0.01 * Math.sin(5 * s) : 0.5;
    return [x + way * 0.1 * Math.max(0, s - 12), 0.6] as const;
  };
  expect(count([walk(0, stops(1), { toMs: 15_000 })])).toMatchObject([{ direction: 'in' }]);
  expect(count([walk(0, stops(-1), { toMs: 15_000 })])).toEqual([]);
});

test('one sample a second, a child, and somebody who fills the picture cross as everybody does', () => {
  const quick = walk(0, (s) => [0.1 + 0.35 * s, 0.6], { stepMs: 1000, toMs: 2000 });
  const child = walk(1, (s) => [0.3 + 0.1 * s, 0.6], { height: 0.03 });
  const near = walk(2, (s) => [0.1 + 0.2 * s, 0.88], { height: 0.85 });
  for (const path of [quick, child, near]) expect(count([path])).toHaveLength(1);
});

test('two lines closer together than a margin are both crossed', () => {
  const behind: SceneLine = {
    ...DOOR,
    points: [
      [0.505, 0.2],
      [0.505, 0.9],
    ],
  };
  const path = walk(0, (s) => [0.1 + 0.2 * s, 0.6]);
  expect([count([path]), count([path], behind)].map((found) => found.length)).toEqual([1, 1]);
});

test('through a line that turns back on itself, in less out is right', () => {
  const zigzag: SceneLine = {
    ...DOOR,
    points: [
      [0.3, 0.2],
      [0.6, 0.4],
      [0.3, 0.6],
      [0.6, 0.9],
    ],
  };
  const through = count([walk(0, (s) => [0.1 + 0.2 * s, 0.45])], zigzag);
  expect(through.reduce((net, { direction }) => net + (direction === 'in' ? 1 : -1), 0)).toBe(1);
});

test('two people are not joined where the second begins elsewhere', () => {
  const found = count([
    walk(3, (s) => [0.1 + 0.2 * s, 0.6], { toMs: 1900 }),
    walk(8, (s) => [0.1 + 0.2 * s, 0.9], { fromMs: 2300 }),
  ]);
  expect(found).toEqual([]);
});

test('who walks out of the picture is not whoever comes in there a second later', () => {
  const out = walk(3, (s) => [0.4 - 0.2 * s, 0.6], { toMs: 1900 });
  const comes = walk(8, (s) => [0.2 * (s - 2.9) + 0.02, 0.6], { fromMs: 2900, toMs: 5000 });
  expect(joinBroken(trajectoriesOf([out, comes], 1), 1)).toHaveLength(2);
  // Along the edge a path is taken up again as anywhere else.
  const along = (s: number) => [0.08, 0.4 + 0.1 * s] as const;
  const parts = [walk(3, along, { toMs: 1900 }), walk(8, along, { fromMs: 2300 })];
  expect(joinBroken(trajectoriesOf(parts, 1), 1)).toHaveLength(1);
});

test('somebody unseen while they cross is counted as uncertain', () => {
  const found = count([walk(0, (s) => (s > 1 && s < 3 ? undefined : [0.1 + 0.2 * s, 0.6]))]);
  expect(found).toMatchObject([{ direction: 'in', uncertain: 'unseen-at-line' }]);
});

test('who leaves the picture on one side and comes back on the other has not crossed what lies between', () => {
  // Out at the left edge, an hour later in again at the right one, and each time some steps into the picture.
  const away = (s: number) =>
    s < 3
      ? ([0.3 - 0.09 * s, 0.6] as const)
      : s > 3600
        ? ([0.95 - 0.05 * (s - 3600), 0.6] as const)
        : undefined;
  expect(count([walk(0, away, { toMs: 3_604_000 })])).toEqual([]);
  // And then over the line after all.
  const over = (s: number) =>
    s < 3 ? away(s) : s > 3600 ? ([0.95 - 0.15 * (s - 3600), 0.6] as const) : undefined;
  expect(count([walk(0, over, { toMs: 3_604_000 })])).toMatchObject([
    { direction: 'out', timestampMs: 3_603_000 },
  ]);
  // Somebody else of like looks, a second after the first has gone and on the side that they came from.
  const like = (s: number) =>
    s < 3
      ? ([0.3 + 0.15 * s, 0.6] as const)
      : s > 4
        ? ([0.2 + 0.05 * (s - 4), 0.6] as const)
        : undefined;
  expect(count([walk(0, like, { toMs: 6000 })])).toMatchObject([{ direction: 'in' }]);
  // Out at the right edge above a level line, and two seconds later in there below it: whoever it is went around its end.
  const around = (s: number) =>
    s < 2
      ? ([0.78 + 0.1 * s, 0.5 + 0.03 * s] as const)
      : s > 4
        ? ([0.98 - 0.1 * (s - 4), 0.66] as const)
        : undefined;
  const level = { ...DOOR, points: [[-1, 0.6] as const, [2, 0.6] as const] };
  expect(count([walk(0, around, { toMs: 7000 })], level)).toEqual([]);
  // Behind something in the middle of the picture for as long, somebody did go over.
  const behind = (s: number) => (s > 1 && s < 9 ? undefined : ([0.3 + 0.04 * s, 0.6] as const));
  expect(count([walk(0, behind, { toMs: 10_000 })])).toMatchObject([
    { direction: 'in', uncertain: 'unseen-at-line' },
  ]);
});

test('whatever the way, in less out is where it ended less where it began', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 2, maxLength: 60 }),
      (xs) => {
        // Clear of a line from edge to edge at both ends.
        const places = [0, ...xs, 20].map((x) => x / 20 + 0.001);
        const found = count(
          [walk(0, (s) => [places[Math.round(10 * s)]!, 0.6], { toMs: 100 * (places.length - 1) })],
          LONG,
        );
        const net = found.reduce((sum, it) => sum + (it.direction === 'in' ? 1 : -1), 0);
        expect(net).toBe(1);
        // In and out take turns.
        expect(found.every((it, i) => it.direction === (i % 2 === 0 ? 'in' : 'out'))).toBe(true);
      },
    ),
  );
});
