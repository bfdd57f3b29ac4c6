import { expect, test } from 'vitest';
import type { AnalysedPath } from '../../src/analytics/analysed-path.ts';
import { crossingsOf } from '../../src/analytics/crossings.ts';
import type { SceneLine } from '../../src/analytics/scene.ts';
import { trajectoriesOf } from '../../src/analytics/trajectory.ts';
import { walk } from '../fixtures/walk.ts';

/** Runs downwards in the middle, as long as the picture is high and more. */
const DOOR: SceneLine = {
  id: 'door',
  name: 'Door',
  points: [
    [0.5, -1],
    [0.5, 2],
  ],
  left: 'shop',
  right: 'street',
  inside: 'left',
};

const crossings = (paths: readonly AnalysedPath[]) =>
  trajectoriesOf(paths, 1).flatMap((it) => crossingsOf(it, DOOR, 1));

test('who stays close to the line on one side has crossed it, and it is not sure', () => {
  // Bodies are a fifth of the picture high: over the line at 0.5 by the farthest, and back for good.
  const turns = (farthest: number) =>
    crossings([walk(0, (s) => [farthest - 0.1 * Math.abs(s - 2), 0.6])]).map(
      ({ direction, uncertain }) => [direction, uncertain],
    );
  expect(turns(0.515)).toEqual([]);
  expect(turns(0.53)).toEqual([
    ['in', 'close-to-line'],
    ['out', 'close-to-line'],
  ]);
  expect(turns(0.55)).toEqual([
    ['in', undefined],
    ['out', undefined],
  ]);
  // Seen first, or last, beside the line.
  const from = (x: number) => crossings([walk(0, (s) => [x + 0.1 * s, 0.6])])[0]!.uncertain;
  expect([0.47, 0.45].map(from)).toEqual(['close-to-line', undefined]);
  const to = (x: number) => crossings([walk(0, (s) => [x - 0.1 * (4 - s), 0.6])])[0]!.uncertain;
  expect([0.53, 0.55].map(to)).toEqual(['close-to-line', undefined]);
  // Who waits beside it, dithers on it and goes on, got clear of it in the end.
  const waits = (s: number) =>
    [
      s < 2 ? 0.33 + 0.1 * s : s < 6 ? 0.51 + 0.02 * Math.sin(s) : 0.51 + 0.1 * (s - 6),
      0.6,
    ] as const;
  expect(crossings([walk(0, waits, { toMs: 9000 })])).toMatchObject([{ direction: 'in' }]);
  expect(crossings([walk(0, waits, { toMs: 9000 })])[0]).not.toHaveProperty('uncertain');
});
