/** Weights of a window are rounded so that what they are off by cancels: activations side by side are much alike. */
import { expect, test } from 'vitest';
import { roundWindow } from '../../scripts/model/round-window.mjs';
import { seeded } from '../fixtures/track-scenes.ts';

const MOST = 64;

test('every weight is a whole number beside the exact one, and all are off by a half at most together', () => {
  const random = seeded(3);
  for (let round = 0; round < 200; round++) {
    const exact = Array.from({ length: 9 }, () => MOST * (2 * random() - 1));
    const whole = roundWindow(exact, MOST);
    const errors = whole.map((weight, i) => weight - exact[i]!);
    for (const error of errors) expect(Math.abs(error)).toBeLessThan(1);
    expect(whole.every((weight) => Number.isInteger(weight) && Math.abs(weight) <= MOST)).toBe(
      true,
    );
    expect(Math.abs(errors.reduce((sum, error) => sum + error, 0))).toBeLessThan(0.5 + 1e-9);
  }
});

test('nothing is rounded beyond the greatest weight', () => {
  const whole = roundWindow([MOST, 63.6, 63.6, -20.4, -20.4, -20.4], MOST);
  expect(Math.max(...whole)).toBe(MOST);
});

test('one weight by itself is rounded', () => {
  expect(roundWindow([-2.6], MOST)).toEqual([-3]);
});
