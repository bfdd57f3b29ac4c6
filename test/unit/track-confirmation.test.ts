import { expect, test } from 'vitest';
import { CONFIRMED } from '../../src/track/tracker.ts';
import { ConfirmationModel } from '../../src/track/trackers/footpath/confirmation-model.ts';
import { createFootpath } from '../../src/track/trackers/footpath/footpath.ts';
import { detectionsOf, seeded } from '../fixtures/track-scenes.ts';

test('half of the tracks are assumed to last until some were seen', () => {
  const model = new ConfirmationModel(0.5);
  expect(model.chance(0, 1)).toBe(0.5);
  expect(model.chance(0, 2)).toBe(0.5);
  for (let i = 0; i < 6; i++) model.record(0, 3, false);
  for (let i = 0; i < 6; i++) model.record(1, 9, true);
  for (const hits of [1, 2]) {
    expect(model.chance(0, hits)).toBeCloseTo(0.2, 9);
    expect(model.chance(1, hits)).toBeCloseTo(0.8, 9);
    expect(model.chance(2, hits)).toBe(0.5);
  }
});

test('a detection that nothing followed counts against first sights only', () => {
  const model = new ConfirmationModel(0.5);
  for (let i = 0; i < 60; i++) model.record(0, 1, false);
  expect(model.chance(0, 1)).toBeLessThan(0.1);
  expect(model.chance(0, 2)).toBe(0.5);
});

test('a changed scene is learnt anew', () => {
  const model = new ConfirmationModel(0.5);
  for (let i = 0; i < 100_000; i++) model.record(0, 20, true);
  for (let i = 0; i < 400; i++) model.record(0, 2, false);
  expect(model.chance(0, 2)).toBeLessThan(0.2);
});

test('what is weak depends on the scores of the video', () => {
  const model = new ConfirmationModel(0.5);
  const weak = model.kindOf(0.5, false) - 1;
  for (let i = 0; i < 9; i++) model.addScore(0.9);
  expect(model.kindOf(0.7, false)).toBe(weak);
  expect(model.kindOf(0.8, false)).toBe(weak + 1);
  expect(model.kindOf(0.7, true)).not.toBe(weak);
});

test('continues from a snapshot', () => {
  const model = new ConfirmationModel(0.5);
  model.addScore(0.8);
  model.record(2, 20, true);
  model.record(3, 1, false);
  const other = new ConfirmationModel(0.5);
  other.restore(JSON.parse(JSON.stringify(model.snapshot())));
  expect(other.snapshot()).toEqual(model.snapshot());
  expect(other.chance(2, 2)).toBe(model.chance(2, 2));
  expect(other.chance(3, 1)).toBe(model.chance(3, 1));
});

/** One person who stays; now and then another unsure one for `length` samples. Reported rows of the last visitor. */
function lastVisitor(length: number, visits: number): number {
  const tracker = createFootpath();
  let reported = 0;
  for (let i = 0; i < visits * 60; i++) {
    const rows: [number, number, number, number, number][] = [[100, 100, 40, 100, 0.95]];
    const visit = Math.floor(i / 60);
    const since = i - 60 * visit;
    // Elsewhere each time.
    if (i > 0 && since < length) rows.push([300 + 90 * (visit % 9), 100, 40, 100, 0.6]);
    const answer = tracker.update(detectionsOf(...rows), i / 15);
    if (visit < visits - 1) continue;
    for (let row = 0; row < answer.count; row++) {
      if (answer.boxes[4 * row]! > 250 && answer.states[row] === CONFIRMED) reported++;
    }
  }
  return reported;
}

test('where weak beginnings always vanished, a new one is not reported at once', () => {
  expect(lastVisitor(6, 2)).toBe(5);
  expect(lastVisitor(6, 12)).toBe(0);
});

test('where weak beginnings always lasted, a new one is reported from its first detection', () => {
  expect(lastVisitor(30, 1)).toBe(28);
  expect(lastVisitor(30, 12)).toBe(30);
});

test('a false box in every sample, never twice in a place, withholds nobody who was seen twice', () => {
  const tracker = createFootpath();
  const random = seeded(8);
  let reported = 0;
  for (let i = 0; i < 900; i++) {
    const rows: [number, number, number, number, number][] = [];
    // Somebody new every four seconds, for two.
    const since = i % 60;
    if (since < 30) rows.push([100 + 3 * since, 500, 40, 100, 0.7]);
    rows.push([2000 * random(), 300 * random(), 40, 100, 0.7]);
    const answer = tracker.update(detectionsOf(...rows), i / 15);
    for (let row = 0; row < answer.count; row++) {
      if (answer.boxes[4 * row + 1]! > 450 && answer.states[row] === CONFIRMED) reported++;
    }
  }
  // All but each one's first sight.
  expect(reported).toBeGreaterThanOrEqual(15 * 29);
});

test('the second sight of somebody is near the first, the nearer the sooner it comes', () => {
  // Somebody is there; then a box of one sample, and in the next another one half a width and more aside.
  const continues = (rate: number, aside: number): boolean => {
    const tracker = createFootpath();
    const stays: [number, number, number, number, number] = [100, 100, 40, 100, 0.9];
    tracker.update(detectionsOf(stays), 0);
    const first = tracker.update(detectionsOf(stays, [500, 100, 40, 100, 0.9]), 1 / rate);
    const id = Math.max(...first.ids.subarray(0, first.count));
    const second = tracker.update(detectionsOf(stays, [500 + aside, 100, 40, 100, 0.9]), 2 / rate);
    return second.ids.subarray(0, second.count).includes(id);
  };
  // At 25 samples a second a box 31 pixels on is none of a person a metre and three quarters high: 14 m/s.
  expect(continues(25, 31)).toBe(false);
  expect(continues(25, 4)).toBe(true);
  // At 5 samples a second it is a walker.
  expect(continues(5, 31)).toBe(true);
});
