import { expect, test } from 'vitest';
import type { Detections } from '../../src/track/detections.ts';
import type { History } from '../../src/track/history.ts';
import { recordHistory } from '../../src/track/record-history.ts';
import { refineTracks } from '../../src/track/refinement/refine.ts';
import { REFINE_DEFAULTS, type RefineOptions } from '../../src/track/refinement/refine-options.ts';
import { FILLED, OBSERVED, RECOVERED, type Track } from '../../src/track/track.ts';
import { createFootpath } from '../../src/track/trackers/footpath/footpath.ts';
import { crowd, detectionsOf, seeded } from '../fixtures/track-scenes.ts';

const RATE = 15;

function record(scene: readonly Detections[], chunkSamples?: number): History {
  const times = Float64Array.from(scene, (_, i) => i / RATE);
  return recordHistory(createFootpath(), scene, times, chunkSamples);
}

function refine(scene: readonly Detections[], options?: Partial<RefineOptions>): Promise<Track[]> {
  return refineTracks(record(scene), options);
}

/** A person walking right from `from`; `score` 0 where the detector misses them. */
function walk(samples: number, from: number, score: (sample: number) => number): Detections[] {
  return Array.from({ length: samples }, (_, i) =>
    score(i) > 0 ? detectionsOf([from + 3 * i, 200, 40, 100, score(i)]) : detectionsOf(),
  );
}

const samplesOf = (track: Track) => [...track.samples];
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

test('a short gap is filled on the path, and marked', async () => {
  const [track, ...others] = await refine(walk(60, 100, (i) => (i >= 30 && i < 40 ? 0 : 0.9)));
  expect(others).toEqual([]);
  expect(samplesOf(track!)).toEqual(range(0, 60));
  for (let i = 0; i < 60; i++) {
    expect(track!.flags[i]).toBe(i >= 30 && i < 40 ? FILLED : OBSERVED);
    expect(Math.abs(track!.boxes[4 * i]! - (100 + 3 * i))).toBeLessThan(2);
    expect(track!.boxes[4 * i + 3]! - track!.boxes[4 * i + 1]!).toBeCloseTo(100, 0);
  }
});

test('filling can be turned off', async () => {
  const scene = walk(60, 100, (i) => (i >= 30 && i < 40 ? 0 : 0.9));
  const [track] = await refine(scene, { fillSeconds: 0 });
  expect(samplesOf(track!)).toEqual([...range(0, 30), ...range(40, 60)]);
});

test('a person gone for two seconds keeps their number, the long gap stays a gap', async () => {
  const scene = walk(120, 100, (i) => (i >= 40 && i < 70 ? 0 : 0.9));
  const [track, ...others] = await refine(scene);
  expect(others).toEqual([]);
  expect(samplesOf(track!)).toEqual([...range(0, 40), ...range(70, 120)]);
  expect(await refine(scene, { rejoinSeconds: 0 })).toHaveLength(2);
});

test('where two could be the one who vanished, nobody is joined', async () => {
  const scene = Array.from({ length: 120 }, (_, i) => {
    if (i < 40) return detectionsOf([100 + 3 * i, 200, 40, 100, 0.9]);
    if (i < 70) return detectionsOf();
    return detectionsOf([100 + 3 * i, 190, 40, 100, 0.9], [100 + 3 * i, 235, 40, 100, 0.9]);
  });
  expect(await refine(scene)).toHaveLength(3);
});

test('the low-confidence detections before the first of high confidence are recovered', async () => {
  const scene = walk(60, 100, (i) => (i < 20 ? (i < 14 ? 0 : 0.3) : 0.9));
  const [track] = await refine(scene);
  expect(samplesOf(track!)).toEqual(range(14, 60));
  expect([...track!.flags].slice(0, 7)).toEqual([...Array(6).fill(RECOVERED), OBSERVED]);
  // A second before it: 15 samples.
  const [slow] = await refine(walk(60, 100, (i) => (i < 20 ? 0.3 : 0.9)));
  expect(samplesOf(slow!)).toEqual(range(5, 60));
});

test('who is hardly sure is followed as they come in and go out, but not behind somebody', async () => {
  type Box = [number, number, number, number, number];
  const inFrontOfThem: Box = [60, 190, 100, 140, 0.9];
  const scene = (inFront: readonly number[]) => {
    const random = seeded(4);
    return Array.from({ length: 90 }, (_, i) =>
      detectionsOf(
        [700, 200, 40, 100, 0.9],
        [100 + 3 * i, 200, 40, 100, i < 12 || i >= 78 ? 0.3 : 0.58],
        // Somebody surer, whom they come out from behind.
        ...(inFront.includes(i) ? [inFrontOfThem] : []),
        // Specks that are nobody: unsure boxes are not to be trusted here.
        ...[0, 1, 2].map((): Box => [900 + 500 * random(), 600 * random(), 40, 100, 0.3]),
      ),
    );
  };
  const samplesOfTheirs = async (inFront: readonly number[]) => {
    const tracks = await refine(scene(inFront));
    return samplesOf(tracks.find(({ boxes }) => boxes.at(-4)! > 300 && boxes.at(-4)! < 400)!);
  };
  expect(await samplesOfTheirs([])).toEqual(range(0, 90));
  expect(await samplesOfTheirs(range(0, 12))).toEqual(range(12, 90));
});

test('a brief track of low confidence is taken for false, a brief confident one is not', async () => {
  const scene = (brief: number) =>
    Array.from({ length: 90 }, (_, i) =>
      i >= 30 && i < 40
        ? detectionsOf([100 + 3 * i, 200, 40, 100, 0.9], [900, 300, 40, 100, brief])
        : detectionsOf([100 + 3 * i, 200, 40, 100, 0.9]),
    );
  expect(await refine(scene(0.6))).toHaveLength(1);
  expect(await refine(scene(0.9))).toHaveLength(2);
});

test('shaking boxes become steady, without lagging behind', async () => {
  const random = seeded(4);
  const shaken = walk(120, 100, () => 0.9).map((found) => {
    const shake = 4 * random() - 2;
    return { ...found, boxes: found.boxes.map((value) => value + shake) };
  });
  const roughness = (track: Track) => {
    let sum = 0;
    for (let i = 1; i + 1 < track.samples.length; i++) {
      const [a, b, c] = [track.boxes[4 * i - 4]!, track.boxes[4 * i]!, track.boxes[4 * i + 4]!];
      sum += Math.abs(a - 2 * b + c);
    }
    return sum;
  };
  const [smooth] = await refine(shaken);
  const [raw] = await refine(shaken, { smooth: false });
  expect(roughness(smooth!)).toBeLessThan(0.4 * roughness(raw!));
  const lag = smooth!.samples.reduce((sum, s, i) => sum + smooth!.boxes[4 * i]! - 100 - 3 * s, 0);
  expect(Math.abs(lag / smooth!.samples.length)).toBeLessThan(0.5);
});

test('confident detections move a box more than others', async () => {
  // Every tenth box is off to the right: once with a sure score, once with an unsure one.
  const scene = (score: number) =>
    Array.from({ length: 120 }, (_, i) =>
      i % 10 === 5
        ? detectionsOf([100 + 3 * i + 12, 200, 40, 100, score])
        : detectionsOf([100 + 3 * i, 200, 40, 100, 0.8]),
    );
  const bump = async (score: number) => {
    const [track] = await refine(scene(score));
    let sum = 0;
    for (let i = 25; i < 100; i += 10) sum += track!.boxes[4 * i]! - (100 + 3 * i);
    return sum;
  };
  expect(await bump(0.55)).toBeLessThan(0.8 * (await bump(0.95)));
});

test('brisk people are followed as detected, calm ones are smoothed', async () => {
  // Somebody who goes to and fro, up to `reach` pixels and turning every second and a half; boxes shake.
  const moved = async (reach: number) => {
    const random = seeded(6);
    const scene = Array.from({ length: 300 }, (_, i) => {
      const x = 400 + reach * Math.sin(i / 3.5) + 6 * random() - 3;
      return detectionsOf([x, 200, 40, 100, 0.9]);
    });
    const [track] = await refine(scene);
    let sum = 0;
    for (const [i, sample] of track!.samples.entries()) {
      sum += Math.abs(track!.boxes[4 * i]! - scene[sample]!.boxes[0]!);
    }
    return sum / track!.samples.length;
  };
  expect(await moved(16)).toBeLessThan(0.5 * (await moved(4)));
});

test('the answer does not depend on how the history is cut', async () => {
  const scene = crowd(12, 300, 5);
  const whole = await refineTracks(record(scene, 1000));
  expect(whole.length).toBeGreaterThan(8);
  for (const size of [1, 7, 64]) expect(await refineTracks(record(scene, size))).toEqual(whole);
});

test('people are numbered from 0 without gaps by first appearance', async () => {
  const tracks = await refine(crowd(12, 300, 9));
  expect(tracks.map((track) => track.index)).toEqual(tracks.map((_, i) => i));
  const firsts = tracks.map((track) => track.samples[0]!);
  expect(firsts).toEqual([...firsts].sort((a, b) => a - b));
  for (const track of tracks) {
    const samples = samplesOf(track);
    expect(samples).toEqual([...new Set(samples)].sort((a, b) => a - b));
    expect(track.boxes).toHaveLength(4 * samples.length);
    expect(track.boxes.every(Number.isFinite)).toBe(true);
  }
});

test('nothing comes of nothing', async () => {
  expect(await refine([])).toEqual([]);
  expect(await refine([detectionsOf(), detectionsOf()])).toEqual([]);
  expect(await refine([detectionsOf([0, 0, 0, 10, 0.9])])).toEqual([]);
  expect(REFINE_DEFAULTS.fillSeconds).toBe(1);
});

test('a chunk is read at most three times and never two at a time', async () => {
  const history = record(crowd(5, 200, 2), 20);
  const reads = new Map<number, number>();
  let open = 0;
  await refineTracks({
    chunkCount: history.chunkCount,
    chunk: async (index) => {
      expect(++open).toBe(1);
      reads.set(index, (reads.get(index) ?? 0) + 1);
      const chunk = await history.chunk(index);
      open--;
      return chunk;
    },
  });
  expect([...reads.values()].every((count) => count <= 3)).toBe(true);
});

test('a box that was guessed behind somebody else is moved back to the path of those well seen', async () => {
  const post = 300;
  const left = (sample: number) => 130 + 3 * sample;
  const isHidden = (sample: number) => left(sample) < post + 40 && left(sample) + 40 > post;
  /** Behind the one who stands there, the detector's boxes are drawn towards them. */
  const seen = (sample: number) =>
    isHidden(sample) ? left(sample) + 0.4 * (post - left(sample)) : left(sample);
  const random = seeded(1);
  const error = () => 6 * (random() - 0.5);
  const scene = Array.from({ length: 120 }, (_, i) =>
    detectionsOf(
      [post + error(), 205, 40 + error(), 110, 0.9],
      [seen(i) + error(), 200, 40 + error(), 100, 0.9],
    ),
  );
  const tracks = await refine(scene);
  expect(tracks).toHaveLength(2);
  const walker = tracks.find(({ boxes }) => boxes[0]! < 200)!;
  let detected = 0;
  let refined = 0;
  for (const [element, sample] of walker.samples.entries()) {
    if (!isHidden(sample)) continue;
    detected += Math.abs(seen(sample) - left(sample));
    refined += Math.abs(walker.boxes[4 * element]! - left(sample));
  }
  expect(refined).toBeLessThan(0.75 * detected);
});
