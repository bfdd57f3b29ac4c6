import { expect, test } from 'vitest';
import type { Detections } from '../../src/track/detections.ts';
import { recordHistory } from '../../src/track/record-history.ts';
import { areDoubles, dropDoubles } from '../../src/track/refinement/doubles.ts';
import { refineTracks } from '../../src/track/refinement/refine.ts';
import { Tracklet } from '../../src/track/refinement/tracklet.ts';
import { OBSERVED } from '../../src/track/track.ts';
import { createTracker } from '../../src/track/trackers/create-tracker.ts';
import { detectionsOf } from '../fixtures/track-scenes.ts';

type Box = [left: number, top: number, width: number, height: number, score: number];

function tracklet(from: number, to: number, box: (sample: number) => Box): Tracklet {
  const made = new Tracklet();
  for (let i = from; i < to; i++) made.push(i, detectionsOf(box(i)), 0, OBSERVED);
  return made;
}

const walker = (from: number, to: number, shift = 0, score = 0.8) =>
  tracklet(from, to, (i) => [100 + 3 * i + shift, 200, 40, 100, score]);

async function peopleOf(scene: readonly Detections[]): Promise<number> {
  const times = Float64Array.from(scene, (_, i) => i / 15);
  const tracker = createTracker('footpath', { scoreThreshold: 0.5 });
  const tracks = await refineTracks(recordHistory(tracker, scene, times), { scoreThreshold: 0.5 });
  return tracks.length;
}

test('two who walk together are two, whatever the detector finds between them', async () => {
  const scene = Array.from({ length: 150 }, (_, i) =>
    detectionsOf(
      [100 + 3 * i, 200, 40, 100, 0.8],
      [124 + 3 * i, 200, 40, 100, 0.75],
      [112 + 3 * i, 202, 40, 100, 0.55],
    ),
  );
  expect(await peopleOf(scene)).toBe(2);
});

test('the upper half beside the whole is nobody', async () => {
  const scene = Array.from({ length: 150 }, (_, i) =>
    detectionsOf([100 + 3 * i, 200, 40, 100, 0.8], [101 + 3 * i, 200, 38, 58, 0.6]),
  );
  expect(await peopleOf(scene)).toBe(1);
});

test('two who pass each other are two', async () => {
  const scene = Array.from({ length: 150 }, (_, i) =>
    detectionsOf([100 + 4 * i, 200, 40, 100, 0.8], [700 - 4 * i, 204, 40, 100, 0.7]),
  );
  expect(await peopleOf(scene)).toBe(2);
});

test('doubles of low confidence lie on each other less', () => {
  const sure = walker(0, 60);
  const [near, weak] = [walker(10, 40, 16, 0.6), walker(10, 40, 16, 0.4)];
  expect(dropDoubles([sure, near, weak], 0.5)).toEqual([sure, near]);
});

test('whoever is on somebody else for a part of the time stays', () => {
  const people = [walker(0, 60), walker(40, 120, 8, 0.6)];
  expect(dropDoubles(people, 0.5)).toEqual(people);
  expect(areDoubles(people[0]!, people[1]!)).toBe(true);
  expect(areDoubles(people[0]!, walker(40, 120, 30))).toBe(false);
  expect(areDoubles(people[0]!, walker(60, 120))).toBe(false);
});
