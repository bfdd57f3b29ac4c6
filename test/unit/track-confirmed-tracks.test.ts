import { expect, test } from 'vitest';
import { concatObservations, ObservationLog } from '../../src/track/observations.ts';
import { confirmedTracks } from '../../src/track/refinement/confirmed-tracks.ts';
import { CONFIRMED, TENTATIVE } from '../../src/track/tracker.ts';

function row(id: number, left: number, state: number) {
  return {
    count: 1,
    ids: Int32Array.of(id),
    boxes: Float32Array.of(left, 0, left + 1, 1),
    scores: Float32Array.of(0.5),
    detections: Int32Array.of(0),
    states: Uint8Array.of(state),
  };
}

test('never-confirmed tracks go, probation is given back, numbers follow first appearance', () => {
  const log = new ObservationLog();
  log.add(0, row(7, 1, TENTATIVE));
  log.add(1, row(9, 2, TENTATIVE));
  const early = log.take();
  log.add(3, row(5, 3, CONFIRMED));
  log.add(4, row(9, 4, CONFIRMED));
  const tracks = confirmedTracks(concatObservations([early, log.take()]));
  expect(tracks.map(({ index, samples }) => ({ index, samples: [...samples] }))).toEqual([
    { index: 0, samples: [1, 4] },
    { index: 1, samples: [3] },
  ]);
  expect([...tracks[0]!.boxes]).toEqual([2, 0, 3, 1, 4, 0, 5, 1]);
});

test('what the tracker held back once it knew the person stays back', () => {
  const log = new ObservationLog();
  for (const [sample, state] of [TENTATIVE, CONFIRMED, TENTATIVE, CONFIRMED].entries()) {
    log.add(sample, row(7, sample, state));
  }
  expect(confirmedTracks(log.take()).map(({ samples }) => [...samples])).toEqual([[0, 1, 3]]);
});

test('people of the same sample keep the order of their ids', () => {
  const log = new ObservationLog();
  log.add(0, row(2, 20, CONFIRMED));
  log.add(0, row(1, 10, CONFIRMED));
  expect(confirmedTracks(log.take()).map((track) => track.boxes[0])).toEqual([10, 20]);
});

test('a log grows with what it is given', () => {
  const log = new ObservationLog();
  for (let i = 0; i < 5000; i++) log.add(i, row(1 + (i % 3), i, CONFIRMED));
  const observations = log.take();
  expect(observations.count).toBe(5000);
  expect(observations.boxes[4 * 4999]).toBe(4999);
  expect(log.count).toBe(0);
});
