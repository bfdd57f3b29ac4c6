import { expect, test } from 'vitest';
import { finishTracks } from '../../src/engine/finish-tracks.ts';
import { CHUNK_ELEMENTS, type ResultChunk, Results } from '../../src/engine/results.ts';
import { ChunkBuilder } from '../../src/engine/sample-chunk.ts';
import { DEFAULT_SETTINGS } from '../../src/engine/settings.ts';
import type { Track } from '../../src/track/track.ts';
import { CONFIRMED } from '../../src/track/tracker.ts';

const frame = { width: 200, height: 100 };

function track(index: number, samples: number[], box: [number, number, number, number]): Track {
  return {
    index,
    samples: Int32Array.from(samples),
    boxes: Float32Array.from(samples.flatMap(() => box)),
    scores: new Float32Array(samples.length).fill(0.5),
    flags: new Uint8Array(samples.length),
  };
}

function times(samples: number) {
  return {
    frames: Int32Array.from({ length: samples }, (_, i) => 2 * i),
    timestampsMs: Float64Array.from({ length: samples }, (_, i) => 66 * i),
  };
}

const elements = (chunks: Iterable<ResultChunk>) =>
  [...chunks].flatMap((chunk) =>
    [...chunk.indices].map((index, i) => [index, chunk.timestampsMs[i]!] as const),
  );

test('both orders hold every element once', () => {
  const results = new Results(
    [track(0, [0, 1, 2], [0, 0, 20, 10]), track(1, [1, 3], [50, 50, 60, 70])],
    times(4),
    frame,
  );
  expect([results.people, results.elements]).toEqual([2, 5]);
  expect(elements(results.byIndex())).toEqual([
    [0, 0],
    [0, 66],
    [0, 132],
    [1, 66],
    [1, 198],
  ]);
  expect(elements(results.byTimestamp())).toEqual([
    [0, 0],
    [0, 66],
    [1, 66],
    [0, 132],
    [1, 198],
  ]);
});

test('boxes are ratios, cut to the frame', () => {
  const results = new Results([track(0, [0], [-20, 50, 100, 150])], times(1), frame);
  const [chunk] = [...results.byIndex()];
  expect([...chunk!.boxes]).toEqual([0, 0.5, 0.5, 0.5]);
});

test('of frames within one millisecond a person has one place', () => {
  const found = { frames: Int32Array.of(0, 1, 2, 3), timestampsMs: Float64Array.of(0, 0, 80, 80) };
  const results = new Results(
    [track(0, [0, 1, 2, 3], [0, 0, 20, 10]), track(1, [1, 3], [50, 50, 60, 70])],
    found,
    frame,
  );
  const each = [
    [0, 0],
    [1, 0],
    [0, 80],
    [1, 80],
  ];
  expect(results.elements).toBe(4);
  expect(elements(results.byTimestamp())).toEqual(each);
  expect(elements(results.byIndex())).toEqual([0, 2, 1, 3].map((i) => each[i]));
});

test('a person never inside the frame is not counted, and the others close up in order of appearance', () => {
  const outside: [number, number, number, number] = [-50, 0, -10, 50];
  const inside: [number, number, number, number] = [0, 0, 10, 10];
  const early = track(0, [0, 5], outside);
  early.boxes.set(inside, 4);
  const results = new Results(
    [early, track(1, [1], outside), track(2, [2, 3], inside)],
    times(6),
    frame,
  );
  expect(results.people).toBe(2);
  expect(elements(results.byIndex())).toEqual([
    [0, 132],
    [0, 198],
    [1, 330],
  ]);
});

test('long results come in chunks of the stated size', () => {
  const samples = Array.from({ length: 3000 }, (_, i) => i);
  const results = new Results([track(0, samples, [0, 0, 10, 10])], times(3000), frame);
  expect([...results.byTimestamp()].map((chunk) => chunk.indices.length)).toEqual([
    CHUNK_ELEMENTS,
    3000 - CHUNK_ELEMENTS,
  ]);
});

test('times beyond 2^31 milliseconds stay whole, and those that were stored in 32 bits are read on', async () => {
  const late = 2 ** 31 + 40;
  const box = Float32Array.of(0, 0, 20, 10);
  const assignments = {
    count: 1,
    ids: Int32Array.of(1),
    boxes: box,
    scores: Float32Array.of(0.9),
    detections: Int32Array.of(0),
    states: Uint8Array.of(CONFIRMED),
  };
  const chunkAt = (timestampMs: number, sample: number) => {
    const chunk = new ChunkBuilder(sample);
    const seen = { frame: sample, timestampMs, timeSeconds: timestampMs / 1000 };
    chunk.add(seen, { count: 1, boxes: box, scores: Float32Array.of(0.9) }, assignments);
    return chunk.build({ tracker: 'footpath', state: {} });
  };
  const old = { ...chunkAt(80, 0), timestampsMs: Int32Array.of(80) };
  const chunks = [old, chunkAt(late, 1)];
  const { tracks, times: found } = await finishTracks(
    { ...DEFAULT_SETTINGS, refine: false },
    { chunkCount: 2, chunk: async (index) => chunks[index]! },
    0.5,
  );
  expect(elements(new Results(tracks, found, frame).byTimestamp())).toEqual([
    [0, 80],
    [0, late],
  ]);
});
