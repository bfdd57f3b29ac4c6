import { expect, test } from 'vitest';
import { type PacedPicture, paceOf } from '../../src/media/picture-pace.ts';

/** Pictures by their order of display, of 0.04 s each from 1 s on, some with their time. */
const pictures = (orders: readonly number[], steps: number, isTimed: (i: number) => boolean) =>
  orders.map<PacedPicture>((order, i) => ({
    order,
    isFirst: order === 0,
    seconds: isTimed(i) ? 1 + (0.04 * order) / steps : undefined,
  }));

test.each([
  ['by two steps each', pictures([0, 6, 2, 4, 12, 8, 10], 2, (i) => i % 3 === 0), 0.02],
  ['by one step each', pictures([0, 3, 1, 2, 6, 4, 5], 1, (i) => i % 2 === 0), 0.04],
  ['of which one of two is left out', pictures([0, 2, 4, 8, 12], 2, (i) => i < 2), 0.02],
])('pictures %s', (_, paced, stepSeconds) => {
  const pace = paceOf(paced)!;
  expect(pace.stepSeconds).toBeCloseTo(stepSeconds, 9);
  expect(pace.frameSeconds).toBeCloseTo(0.04, 9);
});

test('groups with the time of their first picture alone last until the next one', () => {
  const group = [0, 6, 2, 4];
  const [first, ...others] = pictures(group, 2, (i) => i === 0);
  const next = { ...first!, seconds: 1.16 };
  expect(paceOf([first!, ...others, next])!.frameSeconds).toBeCloseTo(0.04, 9);
});

test('recordings that are joined have the steps of the one that tells most', () => {
  const one = pictures([0, 1, 2, 3], 1, (i) => i % 2 === 0);
  const other = pictures([0, 6, 2, 4, 12, 8, 10], 2, (i) => i % 3 === 0);
  for (const joined of [
    [...one, ...other],
    [...other, ...one],
  ]) {
    expect(paceOf(joined)!.frameSeconds).toBeCloseTo(0.04, 9);
    expect(paceOf(joined)!.stepSeconds).toBeCloseTo(0.02, 9);
  }
});

test('times that do not tell it give none', () => {
  expect(paceOf([])).toBeUndefined();
  expect(paceOf(pictures([0, 6, 2, 4], 2, (i) => i === 0))).toBeUndefined();
  const unordered = pictures([0, 6, 2, 4], 2, () => true).map((it) => ({
    ...it,
    order: undefined,
  }));
  expect(paceOf(unordered)).toBeUndefined();
  const still = pictures([0, 6, 2, 4], 2, () => true).map((it) => ({ ...it, seconds: 1 }));
  expect(paceOf(still)).toBeUndefined();
});
