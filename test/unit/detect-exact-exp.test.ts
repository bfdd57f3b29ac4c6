import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exactExp } from '../../src/detect/exact-exp.ts';

test('is the exponential function within a few units in the last place', () => {
  fc.assert(
    fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
      expect(Math.abs(exactExp(x) / Math.exp(x) - 1)).toBeLessThan(1e-14);
    }),
    { numRuns: 2000 },
  );
  for (const [x, value] of [
    [0, 1],
    [-0, 1],
    [1, Math.E],
    [800, Number.POSITIVE_INFINITY],
    [-800, 0],
    [Number.NEGATIVE_INFINITY, 0],
    [Number.NaN, Number.NaN],
  ] as const) {
    if (Number.isFinite(value)) expect(exactExp(x)).toBeCloseTo(value, 14);
    else expect(exactExp(x)).toBe(value);
  }
});

test('gives the same bits everywhere', () => {
  // Sums of the bits of a thousand values: any other rounding anywhere shows.
  let bits = 0n;
  for (let i = 0; i < 1000; i++) {
    const value = Float64Array.of(exactExp((i - 700) / 37));
    bits += new BigUint64Array(value.buffer)[0]!;
  }
  expect(bits.toString(16)).toMatchInlineSnapshot(`"f7d54d9e4e076c0117"`);
});
