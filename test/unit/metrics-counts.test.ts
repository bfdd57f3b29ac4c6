import { expect, test } from 'vitest';
import { combineCounts, countFigures, scoreCounts } from '../../src/metrics/count-score.ts';
import { parseMot, parseMotTruth } from '../../src/metrics/mot-text.ts';

const RATE = 10;

/** Rows of somebody who stands at `x` from one frame to another, both included. */
function stay(id: number, from: number, to: number, x: number): string {
  let text = '';
  for (let frame = from; frame <= to; frame++) text += `${frame},${id},${x},0,40,100,1,-1,-1,-1\n`;
  return text;
}

/** Somebody for 5 s who comes back after 3 s for 4 s, and somebody else for 9 s. */
const TRUTH = stay(1, 1, 50, 0) + stay(1, 81, 120, 0) + stay(2, 11, 100, 500);

const grade = (results: string) =>
  countFigures(scoreCounts(parseMotTruth(TRUTH, 'gt'), parseMot(results, 'results'), 130, RATE));

const RIGHT = { People: 2, Numbers: 2, Visits: 3, Whole: 3, Mixed: 0, False: 0, Missed: 0 };

test('one number a person, whole visits: that is right, half a second at the edges allowed', () => {
  expect(grade(TRUTH)).toEqual(RIGHT);
  const late = stay(1, 6, 45, 0) + stay(1, 86, 120, 0) + stay(2, 11, 95, 500);
  expect(grade(late)).toEqual(RIGHT);
  expect(grade(late.replaceAll(/^6,.*\n/gm, ''))).toEqual({ ...RIGHT, Whole: 2 });
});

test('whoever returns under another number is counted twice, each visit whole', () => {
  const twice = stay(1, 1, 50, 0) + stay(3, 81, 120, 0) + stay(2, 11, 100, 500);
  expect(grade(twice)).toEqual({ ...RIGHT, Numbers: 3 });
});

test('a visit in two numbers is not whole', () => {
  const halves = stay(1, 1, 25, 0) + stay(3, 26, 50, 0) + stay(1, 81, 120, 0);
  expect(grade(halves)).toEqual({ ...RIGHT, Numbers: 2, Whole: 1, Missed: 1 });
});

test('a number that goes from one person to another holds two', () => {
  const swapped = stay(1, 1, 30, 0) + stay(1, 31, 100, 500) + stay(2, 11, 30, 500);
  expect(grade(swapped)).toMatchObject({ Numbers: 2, Mixed: 1, Whole: 0 });
  // For less than half a second it was chance.
  const touched = stay(1, 1, 50, 0) + stay(1, 51, 54, 500);
  expect(grade(touched)).toMatchObject({ Mixed: 0 });
});

test('a number on nobody is false, a person without a number is missed', () => {
  expect(grade(stay(7, 1, 20, 900))).toEqual({
    ...RIGHT,
    Numbers: 1,
    Whole: 0,
    False: 1,
    Missed: 2,
  });
});

test('sequences add up', () => {
  const score = scoreCounts(parseMotTruth(TRUTH, 'gt'), parseMot(TRUTH, 'results'), 130, RATE);
  expect(countFigures(combineCounts([score, score]))).toMatchObject({ People: 4, Whole: 6 });
});
