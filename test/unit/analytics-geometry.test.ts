import { expect, test } from 'vitest';
import { isInside, type Point, stepCrossings } from '../../src/analytics/geometry.ts';

test('a closed line is crossed as often as the path goes in and out of it, through its corners and along it too', () => {
  const places = [0, 1, 2, 3, 4].flatMap((x) => [0, 1, 2, 3, 4].map((y): Point => [x, y]));
  const corner: Point[] = [
    [1, 1],
    [3, 1],
    [3, 3],
    [2, 2],
    [1, 3],
    [1, 1],
  ];
  const inside = (x: number, y: number) => Number(isInside(corner, x, y));
  const met = ([ax, ay]: Point, [bx, by]: Point) =>
    stepCrossings(corner, ax, ay, bx, by).reduce((sum, it) => sum + it.direction, 0);
  const off = ([x, y]: Point): Point => [x + 0.25, y + 0.125];
  for (const a of places.map(off))
    for (const b of places)
      for (const c of places.map(off))
        expect(met(a, b) + met(b, c)).toBe(inside(...c) - inside(...a));
});
