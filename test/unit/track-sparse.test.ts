import { expect, test } from 'vitest';
import type { Detections } from '../../src/track/detections.ts';
import { recordHistory } from '../../src/track/record-history.ts';
import { confirmedTracks } from '../../src/track/refinement/confirmed-tracks.ts';
import { refineTracks } from '../../src/track/refinement/refine.ts';
import type { Track } from '../../src/track/track.ts';
import { createFootpath } from '../../src/track/trackers/footpath/footpath.ts';
import { detectionsOf, seeded } from '../fixtures/track-scenes.ts';

const HEIGHT = 100;

interface Scene {
  readonly detections: Detections[];
  readonly times: Float64Array;
  readonly seen: number;
}

/**
 * Walkers on lanes, one after the other, across a picture of 1920 pixels, each well detected wherever they are.
 * @param rate samples a second
 * @param speed in heights a second
 */
function lanes(rate: number, speed: number): Scene {
  const random = seeded(11);
  const crossing = 1920 / (speed * HEIGHT);
  const people = Array.from({ length: 8 }, (_, i) => ({
    from: i * 0.4 * crossing,
    lane: 60 + 120 * i,
    way: i % 2 === 0 ? 1 : -1,
  }));
  const samples = Math.ceil(4 * crossing * rate);
  let seen = 0;
  const detections = Array.from({ length: samples }, (_, k) => {
    const rows: [number, number, number, number, number][] = [];
    for (const { from, lane, way } of people) {
      const gone = speed * HEIGHT * (k / rate - from);
      if (gone < 0 || gone > 1880) continue;
      seen++;
      const shake = () => 3 * random() - 1.5;
      rows.push([(way > 0 ? gone : 1880 - gone) + shake(), lane + shake(), 40, HEIGHT, 0.9]);
    }
    return detectionsOf(...rows);
  });
  return { detections, seen, times: Float64Array.from(detections, (_, k) => k / rate) };
}

async function both({ detections, times }: Scene): Promise<{ online: Track[]; refined: Track[] }> {
  const history = recordHistory(createFootpath(), detections, times, 1e6);
  const { observations } = await history.chunk(0);
  return { online: confirmedTracks(observations), refined: await refineTracks(history) };
}

const boxes = (tracks: readonly Track[]) =>
  tracks.reduce((sum, { samples }) => sum + samples.length, 0);

// At 1.7 m a head, 0.82 heights a second are 1.4 m/s, a walk; 1.8 a run.
for (const rate of [0.5, 1, 1.5, 2, 3, 5]) {
  for (const speed of [0.5, 0.82, 1.2, 1.8]) {
    test(`at ${rate} samples a second and ${speed} heights a second everybody is there`, async () => {
      const scene = lanes(rate, speed);
      const { online, refined } = await both(scene);
      expect(boxes(refined)).toBeGreaterThanOrEqual(0.97 * scene.seen);
      expect(boxes(online)).toBeGreaterThanOrEqual(0.95 * scene.seen);
      // One number each, up to about two heights from sample to sample.
      if (speed / rate <= 1.3) expect(refined).toHaveLength(8);
    });
  }
}

test('who cannot be joined from sample to sample stays several short paths', async () => {
  const scene = lanes(0.25, 1.8);
  const { online, refined } = await both(scene);
  expect(boxes(refined)).toBeGreaterThanOrEqual(0.97 * scene.seen);
  expect(boxes(online)).toBeGreaterThanOrEqual(0.95 * scene.seen);
  expect(refined.length).toBeGreaterThan(8);
});

test('one missed sight ends no path, however far apart samples are', async () => {
  const detections = Array.from({ length: 20 }, (_, k) =>
    k === 9 ? detectionsOf() : detectionsOf([100 + 60 * k, 200, 40, 100, 0.9]),
  );
  for (const step of [1, 2]) {
    const times = Float64Array.from(detections, (_, k) => k * step);
    const { refined } = await both({ detections, times, seen: 19 });
    expect(refined).toHaveLength(1);
  }
});

test('a single sight is a visit where samples are further apart than the shortest, and noise where they are not', async () => {
  const people = async (rate: number, score: number) => {
    const detections = Array.from({ length: 30 }, (_, k) =>
      k === 14
        ? detectionsOf([100, 200, 40, 100, 0.9], [900, 200, 40, 100, score])
        : detectionsOf([100, 200, 40, 100, 0.9]),
    );
    const times = Float64Array.from(detections, (_, k) => k / rate);
    return (await both({ detections, times, seen: 31 })).refined.length;
  };
  expect(await people(1, 0.9)).toBe(2);
  expect(await people(15, 0.9)).toBe(1);
  // Half a second stands for little: such a sight must be as sure as is typical.
  expect(await people(2, 0.9)).toBe(2);
  expect(await people(2, 0.6)).toBe(1);
});

/** Somebody unsure for a second, then sure, in the samples from the one given on, beside somebody who is there all the time. */
const arrivals = (from: number, sure: number, rate: number): Detections[] =>
  Array.from({ length: 12 * rate }, (_, k) => {
    const gone = k - from - rate;
    const other = [900, 100, 60, 150, 0.9] as const;
    if (gone < -rate || gone >= sure) return detectionsOf([...other]);
    const left = 300 + (60 * gone) / rate;
    return detectionsOf([...other], [left, 200, 40, HEIGHT, gone < 0 ? 0.4 : 0.9]);
  });

test('whether lengths of time are reached is no question of rounding: not of when somebody comes', async () => {
  for (const rate of [5, 10]) {
    for (const sure of [Math.ceil(0.3 * rate) + 1, rate]) {
      const lengths = new Set<string>();
      for (let from = 1; from < 8 * rate; from++) {
        const detections = arrivals(from, sure, rate);
        const times = Float64Array.from(detections, (_, k) => k / rate);
        const tracks = await refineTracks(recordHistory(createFootpath(), detections, times));
        lengths.add(tracks.map(({ samples }) => samples.length).join(' '));
      }
      expect([...lengths], `${sure} samples at ${rate} a second`).toHaveLength(1);
    }
  }
});

test('one missed sight does not end the search for when somebody came, however far apart samples are', async () => {
  for (const rate of [4, 5, 8, 10, 15, 30]) {
    const detections = arrivals(2 * rate, 3 * rate, rate).map((found, k) =>
      k === 3 * rate - 2 ? detectionsOf([900, 100, 60, 150, 0.9]) : found,
    );
    const times = Float64Array.from(detections, (_, k) => k / rate);
    const tracks = await refineTracks(recordHistory(createFootpath(), detections, times));
    expect(tracks.at(-1)!.samples[0], `at ${rate} samples a second`).toBe(2 * rate);
  }
});

test('whoever is there for the whole of a video that is shorter than any track is reported', async () => {
  for (const rate of [0.2, 5, 10, 15, 30]) {
    for (const samples of [1, 2, 3, 4, 8]) {
      const detections = Array.from({ length: samples }, (_, k) =>
        detectionsOf(
          [100 + k, 200, 40, 100, 0.9],
          [400, 200, 40, 100, 0.7],
          [700, 200, 40, 100, 0.55],
        ),
      );
      const times = Float64Array.from(detections, (_, k) => k / rate);
      const { refined } = await both({ detections, times, seen: 3 * samples });
      expect(refined, `${samples} at ${rate} a second`).toHaveLength(3);
      expect(boxes(refined)).toBe(3 * samples);
    }
  }
});

test('whom the beginning or the end of a video cuts was there for longer than is seen', async () => {
  const people = async (from: number) => {
    const detections = Array.from({ length: 75 }, (_, k) =>
      k >= from && k < from + 12
        ? detectionsOf([100, 200, 40, 100, 0.9], [900 + k, 200, 40, 100, 0.62])
        : detectionsOf([100, 200, 40, 100, 0.9]),
    );
    const times = Float64Array.from(detections, (_, k) => k / 15);
    return (await both({ detections, times, seen: 87 })).refined.length;
  };
  // 0.8 s of somebody who is not sure: too little in the middle.
  expect(await people(30)).toBe(1);
  expect(await people(0)).toBe(2);
  expect(await people(63)).toBe(2);
});
