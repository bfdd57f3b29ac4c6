import { expect, test } from 'vitest';
import { CONFIRMED } from '../../src/track/tracker.ts';
import { AdaptiveThreshold } from '../../src/track/trackers/footpath/adaptive-threshold.ts';
import { createFootpath } from '../../src/track/trackers/footpath/footpath.ts';
import { detectionsOf } from '../fixtures/track-scenes.ts';

function observe(threshold: AdaptiveThreshold, score: number, taken: number, free: number): void {
  for (let i = 0; i < taken; i++) threshold.observe(score, true);
  for (let i = 0; i < free; i++) threshold.observe(score, false);
}

test('the threshold stays until some were seen', () => {
  const threshold = new AdaptiveThreshold(0.6, 0.55);
  expect(threshold.leastScore).toBe(0.6);
  observe(threshold, 0.5, 2, 0);
  expect(threshold.leastScore).toBe(0.6);
  observe(threshold, 0.5, 1, 0);
  expect(threshold.leastScore).toBeCloseTo(0.45, 9);
});

test('the threshold goes down as far as detections were somebody’s', () => {
  const threshold = new AdaptiveThreshold(0.6, 0.55);
  observe(threshold, 0.2, 100, 0);
  expect(threshold.leastScore).toBe(0.6);
  observe(threshold, 0.5, 100, 10);
  expect(threshold.leastScore).toBeCloseTo(0.45, 9);
  observe(threshold, 0.4, 100, 10);
  expect(threshold.leastScore).toBeCloseTo(0.15, 9);
  observe(threshold, 0.5, 0, 100);
  expect(threshold.leastScore).toBe(0.6);
});

test('detections of high confidence tell nothing of those of low confidence', () => {
  const threshold = new AdaptiveThreshold(0.6, 0.55);
  observe(threshold, 0.6, 1000, 0);
  expect(threshold.leastScore).toBe(0.6);
});

test('a changed scene is learnt anew', () => {
  const threshold = new AdaptiveThreshold(0.6, 0.55);
  observe(threshold, 0.5, 1_000_000, 0);
  expect(threshold.leastScore).toBeLessThan(0.6);
  observe(threshold, 0.5, 0, 4000);
  expect(threshold.leastScore).toBe(0.6);
});

test('continues from a snapshot', () => {
  const threshold = new AdaptiveThreshold(0.6, 0.55);
  observe(threshold, 0.5, 30, 3);
  const other = new AdaptiveThreshold(0.6, 0.55);
  other.restore(JSON.parse(JSON.stringify(threshold.snapshot())));
  expect(other.leastScore).toBe(threshold.leastScore);
  expect(other.snapshot()).toEqual(threshold.snapshot());
});

/**
 * Somebody who is seen well and badly by turns, and then badly for long, from a place further off; beside them
 * `clutter` unsure detections a sample that are nobody. How many of the last samples report them.
 */
function foundAgain(clutter: number): number {
  const tracker = createFootpath({ scoreThreshold: 0.6 });
  let reported = 0;
  for (let i = 0; i < 160; i++) {
    const rows: [number, number, number, number, number][] = [];
    const isJump = i >= 130;
    const score = isJump || i % 4 === 3 ? 0.5 : 0.9;
    if (i < 120 || isJump) rows.push([isJump ? 128 : 100, 100, 40, 100, score]);
    for (let k = 0; k < clutter; k++) rows.push([300 + 90 * ((i + k) % 9), 400, 40, 100, 0.5]);
    const answer = tracker.update(detectionsOf(...rows), i / 25);
    if (!isJump) continue;
    for (let row = 0; row < answer.count; row++) {
      if (answer.ids[row] === 1 && answer.states[row] === CONFIRMED) reported++;
    }
  }
  return reported;
}

test('where low-confidence detections were people, one further off continues a lost track', () => {
  expect(foundAgain(0)).toBe(30);
});

test('where low-confidence detections were mostly nobody, it does not', () => {
  expect(foundAgain(3)).toBe(0);
});
