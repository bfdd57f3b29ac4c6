import { expect, test } from 'vitest';
import { PathsSoFar } from '../../src/client/paths-so-far.ts';
import { Results } from '../../src/engine/results.ts';
import { CHUNK_SAMPLES, ChunkBuilder } from '../../src/engine/sample-chunk.ts';
import { CONFIRMED, type TrackerSnapshot } from '../../src/track/tracker.ts';

const FRAME = { width: 200, height: 100 };

test('paths so far are cut to the frame as the result is', async () => {
  // Comes in from the left, and goes on behind the lower edge.
  const boxes = [
    [-30, 10, -10, 60],
    [-10, 20, 10, 70],
    [20, 60, 40, 110],
    [40, 100, 60, 150],
  ].map((box) => Float32Array.from(box));
  const chunk = new ChunkBuilder(0);
  for (const [i, box] of boxes.entries()) {
    const found = { count: 1, boxes: box, scores: Float32Array.of(0.9) };
    chunk.add({ frame: i, timestampMs: 100 * i, timeSeconds: i / 10 }, found, {
      ...found,
      ids: Int32Array.of(1),
      states: Uint8Array.of(CONFIRMED),
      detections: Int32Array.of(0),
    });
  }
  const stored = chunk.build({} as TrackerSnapshot);
  const jobs = { sampleChunk: async () => stored };
  const [path] = await new PathsSoFar('job').read(jobs, 1, FRAME);
  const track = {
    ...{ index: 0, samples: Int32Array.of(0, 1, 2, 3), flags: new Uint8Array(4) },
    boxes: Float32Array.from(boxes.flatMap((box) => [...box])),
    scores: new Float32Array(4),
  };
  const times = {
    frames: Int32Array.of(0, 1, 2, 3),
    timestampsMs: Float64Array.of(0, 100, 200, 300),
  };
  const [result] = new Results([track], times, FRAME).byIndex();
  expect(Array.from(path!.timestampsMs)).toEqual([100, 200]);
  expect([...result!.timestampsMs]).toEqual([100, 200]);
  expect(Array.from(path!.boxes)).toEqual([...result!.boxes]);
});

test('whoever asks again while the chunks are still read gets every sighting once', async () => {
  const chunks = [0, 1].map((part) => {
    const chunk = new ChunkBuilder(part * CHUNK_SAMPLES);
    for (let i = 0; i < CHUNK_SAMPLES; i++) {
      const frame = part * CHUNK_SAMPLES + i;
      const found = {
        count: 1,
        boxes: Float32Array.of(10, 10, 30, 60),
        scores: Float32Array.of(0.9),
      };
      chunk.add({ frame, timestampMs: 100 * frame, timeSeconds: frame / 10 }, found, {
        ...found,
        ids: Int32Array.of(1),
        states: Uint8Array.of(CONFIRMED),
        detections: Int32Array.of(0),
      });
    }
    return chunk.build({} as TrackerSnapshot);
  });
  const jobs = { sampleChunk: async (_: string, chunk: number) => chunks[chunk] };
  const paths = new PathsSoFar('job');
  const read = await Promise.all([paths.read(jobs, 2, FRAME), paths.read(jobs, 2, FRAME)]);
  for (const [path] of read) expect(path!.timestampsMs).toHaveLength(2 * CHUNK_SAMPLES);
});
