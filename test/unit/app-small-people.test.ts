import { expect, test } from 'vitest';
import { arePeopleSmall } from '../../src/app/small-people.ts';
import type { PersonPath } from '../../src/track/path.ts';

/** A path of 40 boxes of which so many have one height and the others another, as ratios of the picture. */
function pathOf(low: number, lowHeight: number, height: number): PersonPath {
  const boxes = Float32Array.from({ length: 160 }, (_, i) =>
    i % 4 === 3 ? (i >> 2 < low ? lowHeight : height) : 0.1,
  );
  return { boxes } as PersonPath;
}

const balanced = {
  model: 'nanodet-person',
  inputs: [
    { width: 224, height: 160 },
    { width: 384, height: 288 },
  ],
};

test('people are small where one box in four is too low for the largest input', () => {
  // 26 of 288 pixels are 9 %.
  expect(arePeopleSmall([pathOf(11, 0.08, 0.3)], balanced)).toBe(true);
  expect(arePeopleSmall([pathOf(10, 0.08, 0.3)], balanced)).toBe(false);
  expect(arePeopleSmall([pathOf(40, 0.1, 0.3)], balanced)).toBe(false);
  expect(arePeopleSmall([pathOf(40, 0.3, 0.3), pathOf(40, 0.05, 0.3)], balanced)).toBe(true);
});

test('a larger input sees them as larger', () => {
  const accurate = { ...balanced, inputs: [...balanced.inputs, { width: 512, height: 384 }] };
  expect(arePeopleSmall([pathOf(40, 0.08, 0.3)], accurate)).toBe(false);
  expect(arePeopleSmall([pathOf(40, 0.06, 0.3)], accurate)).toBe(true);
});

test('nothing is said of nobody, of other detectors, and of jobs whose detector is not known', () => {
  expect(arePeopleSmall([], balanced)).toBe(false);
  expect(arePeopleSmall([pathOf(40, 0.01, 0.3)], { ...balanced, model: 'own' })).toBe(false);
  expect(arePeopleSmall([pathOf(40, 0.01, 0.3)], undefined)).toBe(false);
});
