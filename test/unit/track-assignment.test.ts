import fc from 'fast-check';
import { expect, test } from 'vitest';
import { solveAssignment } from '../../src/track/association/assignment.ts';

/** Least cost by trying every way; the slow truth. */
function bruteForce(cost: number[], rows: number, columns: number): number {
  const short = Math.min(rows, columns);
  const at = (i: number, j: number) =>
    rows <= columns ? cost[i * columns + j]! : cost[j * columns + i]!;
  const long = Math.max(rows, columns);
  const used = new Array<boolean>(long).fill(false);
  const best = (i: number): number => {
    if (i === short) return 0;
    let least = Infinity;
    for (let j = 0; j < long; j++) {
      if (used[j]) continue;
      used[j] = true;
      least = Math.min(least, at(i, j) + best(i + 1));
      used[j] = false;
    }
    return least;
  };
  return best(0);
}

const matrix = fc
  .tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 }))
  .chain(([rows, columns]) =>
    fc.record({
      rows: fc.constant(rows),
      columns: fc.constant(columns),
      // Small whole numbers make many ties.
      cost: fc.array(fc.integer({ min: -9, max: 9 }), {
        minLength: rows * columns,
        maxLength: rows * columns,
      }),
    }),
  );

test('the assignment is as cheap as the cheapest of all', () => {
  fc.assert(
    fc.property(matrix, ({ rows, columns, cost }) => {
      const rowToColumn = new Int32Array(rows);
      solveAssignment(Float64Array.from(cost), rows, columns, rowToColumn);
      const made = [...rowToColumn].flatMap((column, row) => (column < 0 ? [] : [{ row, column }]));
      expect(made).toHaveLength(Math.min(rows, columns));
      expect(new Set(made.map((pair) => pair.column)).size).toBe(made.length);
      const total = made.reduce((sum, { row, column }) => sum + cost[row * columns + column]!, 0);
      expect(total).toBe(bruteForce(cost, rows, columns));
    }),
    { numRuns: 500 },
  );
});

test('a cost that is no finite number is refused', () => {
  const rowToColumn = new Int32Array(2);
  for (const bad of [Number.NaN, Infinity, -Infinity]) {
    const cost = Float64Array.of(bad, bad, bad, bad);
    expect(() => solveAssignment(cost, 2, 2, rowToColumn)).toThrow(RangeError);
  }
});

test('arrays that are too short are refused', () => {
  expect(() => solveAssignment(new Float64Array(3), 2, 2, new Int32Array(2))).toThrow(/2 x 2/);
  expect(() => solveAssignment(new Float64Array(4), 2, 2, new Int32Array(1))).toThrow(
    /rowToColumn/,
  );
});
