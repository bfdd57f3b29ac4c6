import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unitScores } from '../../cli/score-scale.ts';

const scale = (...scores: number[]) => [...unitScores(Float64Array.from(scores)).scores];

describe('scores of one sequence', () => {
  test.each([
    [
      [0, 0.3, 1],
      [0, 0.3, 1],
    ],
    [
      [0.2, 0.2],
      [0.2, 0.2],
    ],
    [
      [-1, -1],
      [1, 1],
    ],
    [
      [0, 0],
      [1, 1],
    ],
    [
      [90, 90],
      [1, 1],
    ],
    [
      [0, 50, 100],
      [0, 0.5, 1],
    ],
    [
      [0.5, 1.25],
      [0.4, 1],
    ],
    [
      [51, 255],
      [0.2, 1],
    ],
    [
      [-1, 0, 0.5, 1],
      [0, 0.5, 0.75, 1],
    ],
    [
      [-1, 49.5, 100],
      [0, 0.5, 1],
    ],
    [
      [-8, -5, -4],
      [0, 0.75, 1],
    ],
  ])('%j become %j', (given, expected) => {
    for (const [i, score] of scale(...given).entries()) expect(score).toBeCloseTo(expected[i]!, 9);
  });

  test('between -20 and 20, on both sides of 0, they are log-odds', () => {
    const [low, even, high] = scale(Math.log(1 / 4), 0, Math.log(4));
    expect(low).toBeCloseTo(0.2, 9);
    expect(even).toBe(0.5);
    expect(high).toBeCloseTo(0.8, 9);
  });

  test('what was done is said, and nothing where nothing was', () => {
    expect(unitScores(Float64Array.of(0, 1)).rule).toBeUndefined();
    expect(unitScores(new Float64Array()).rule).toBeUndefined();
    expect(unitScores(Float64Array.of(-1, -1)).rule).toMatch(/-1 throughout/);
    expect(unitScores(Float64Array.of(10, 90)).rule).toMatch(/from 10 to 90.*divided by 90/);
    expect(unitScores(Float64Array.of(-3, 2)).rule).toMatch(/from -3 to 2.*log-odds/);
    expect(unitScores(Float64Array.of(-3, 90)).rule).toMatch(/from -3 to 90.*linearly/);
  });

  test('of any scale stay in order, come to 0..1, and somebody is sure on every other scale', () => {
    const size = fc.constantFrom(1e-9, 1e-3, 1, 20, 100, 255, 1e6, 1e300);
    const span = fc.constantFrom([0, 1], [-1, 1], [-1, 0], [-0.01, 1], [0.999, 1]);
    fc.assert(
      fc.property(
        size,
        span,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
        (by, [a, b], shares) => {
          const given = shares.map((share) => by * (a! + share * (b! - a!)));
          const { scores, rule } = unitScores(Float64Array.from(given));
          expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
          for (let i = 0; i < given.length; i++) {
            for (let j = 0; j < given.length; j++) {
              if (given[i]! < given[j]!) expect(scores[i]!).toBeLessThanOrEqual(scores[j]!);
            }
          }
          if (rule !== undefined) expect(Math.max(...scores)).toBeGreaterThanOrEqual(0.5);
        },
      ),
    );
  });
});
