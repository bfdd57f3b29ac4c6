import { describe, expect, test } from 'vitest';
import { fillBetweenDetections } from '../../src/engine/fill-between-detections.ts';
import { finishTracks } from '../../src/engine/finish-tracks.ts';
import { CHECKPOINT_MS, type Checkpoint, trackSamples } from '../../src/engine/pipeline.ts';
import type { DecodeReport, FrameSource, ReadSoFar, SampledFrame } from '../../src/engine/ports.ts';
import { chunkIndex, type SampleChunk } from '../../src/engine/sample-chunk.ts';
import { DEFAULT_SETTINGS } from '../../src/engine/settings.ts';
import { FILLED, OBSERVED } from '../../src/track/track.ts';
import { createTracker } from '../../src/track/trackers/create-tracker.ts';

const SAMPLES = 400;
const EVERY = 3;

/** A person who walks, and one who comes later; an image is its sample's ordinal. */
const boxesAt = (sample: number): number[] => [
  ...[100 + sample, 50, 140 + sample, 150],
  ...(sample > 120 ? [600 - sample, 200, 650 - sample, 320] : []),
];

const NOTHING_DECODED: DecodeReport = {
  framesExpected: 0,
  framesDecoded: 0,
  framesDamaged: 0,
  damagedAtMs: [],
  decoderRestarts: 0,
  framesOpen: 0,
};

/**
 * @param checkpoint where to go on from
 * @param breaksAt sample before which reading fails
 * @param msPerSample of the clock
 */
async function track(checkpoint?: Checkpoint, breaksAt = SAMPLES, msPerSample = 0) {
  const seen: number[] = [];
  const released: number[] = [];
  const chunks: SampleChunk[] = [];
  const stored: { chunk: SampleChunk; samples: number; atMs: number }[] = [];
  let nowMs = 0;
  const source = {
    info: { durationMs: (1000 * SAMPLES) / 15, expectedSamples: SAMPLES },
    async *samples(_: AbortSignal, before?: ReadSoFar): AsyncGenerator<SampledFrame<number>> {
      for (let sample = before?.samples ?? 0; sample < SAMPLES; sample++) {
        if (sample === breaksAt) throw new Error('broken');
        const timeSeconds = sample / 15;
        const timestampMs = Math.floor(1000 * timeSeconds);
        yield { sample, frame: 2 * sample, timestampMs, timeSeconds, framesLost: 0, image: sample };
      }
    },
  } as unknown as FrameSource<number>;
  const done = trackSamples<number>(
    {
      source,
      detector: {
        report: {
          model: 'none',
          fingerprint: 'none',
          backend: 'cpu',
          inputs: [],
          scoreThreshold: 0.5,
          concurrency: 2,
          notes: [],
        },
        async detect(sample) {
          seen.push(sample);
          const boxes = Float32Array.from(boxesAt(sample));
          const count = boxes.length / 4;
          return { count, boxes, scores: new Float32Array(count).fill(0.9) };
        },
        async close() {},
      },
      tracker: createTracker('footpath', { scoreThreshold: 0.5 }),
      detectEvery: EVERY,
      release: (sample) => released.push(sample),
      store: async (chunk, { sample }) => {
        chunks[chunkIndex(chunk)] = chunk;
        stored.push({ chunk, samples: sample + 1, atMs: nowMs });
      },
      onSample: () => {
        nowMs += msPerSample;
      },
      now: () => nowMs,
      signal: new AbortController().signal,
      timeout: () => ({ expired: new Promise<never>(() => {}), cancel: () => {} }),
    },
    checkpoint,
  );
  const samplesDone = await done.catch(() => undefined);
  return { seen, released, chunks, stored, samplesDone };
}

const finish = (chunks: SampleChunk[]) =>
  finishTracks(
    { ...DEFAULT_SETTINGS, detectEvery: EVERY },
    { chunkCount: chunks.length, chunk: async (index) => chunks[index]! },
    0.5,
  );

describe('looking at every third sample', () => {
  test('the others are released unseen and not told to the tracker', async () => {
    const { seen, released, samplesDone, chunks } = await track();
    const all = Array.from({ length: SAMPLES }, (_, i) => i);
    expect(seen).toEqual(all.filter((sample) => sample % 3 === 0));
    expect(released).toEqual(all.filter((sample) => sample % 3 !== 0));
    expect(samplesDone).toBe(SAMPLES);
    expect(chunks.map(({ times }) => times.length)).toEqual([64, 64, 6]);
    expect(chunks.map(({ frames }) => frames.length)).toEqual([190, 192, 18]);
  });

  test('people have a box in every sample from their first look to their last', async () => {
    const { tracks, times } = await finish((await track()).chunks);
    expect([...times.frames]).toEqual(Array.from({ length: SAMPLES }, (_, i) => 2 * i));
    expect(tracks.map(({ samples }) => [samples[0], samples.at(-1), samples.length])).toEqual([
      [0, 399, 400],
      [123, 399, 277],
    ]);
    for (const { samples, boxes, flags } of tracks) {
      const person = samples[0] === 0 ? 0 : 1;
      samples.forEach((sample, i) => {
        expect(flags[i]).toBe(sample % 3 === 0 ? OBSERVED : FILLED);
        const wanted = boxesAt(sample).slice(4 * person, 4 * person + 4);
        for (const [k, edge] of wanted.entries()) {
          expect(Math.abs(boxes[4 * i + k]! - edge)).toBeLessThan(3);
        }
      });
    }
  });

  test('an interrupted job goes on to the same chunks', async () => {
    const whole = await track();
    const first = await track(undefined, 300);
    // What was read behind the last full chunk is kept too; a crash would have lost it.
    for (const kept of [first.chunks, first.chunks.slice(0, 1)]) {
      const chunk = kept.at(-1)!;
      const samples = kept.reduce((sum, chunk) => sum + chunk.frames.length, 0);
      const rest = await track({
        read: { samples, timeSeconds: chunk.times.at(-1)!, decode: NOTHING_DECODED },
        chunk,
      });
      expect(samples % 3).toBe(1);
      const resumed = Object.assign([...kept], rest.chunks);
      expect(await finish(resumed)).toEqual(await finish(whole.chunks));
    }
  });

  test('a slow device stores often, and wherever it is interrupted the chunks are the same', async () => {
    const whole = await track();
    expect(whole.stored).toHaveLength(3);
    const slow = await track(undefined, SAMPLES, 900);
    expect(slow.chunks).toEqual(whole.chunks);
    const pauses = slow.stored.map(({ atMs }, i) => atMs - (slow.stored[i - 1]?.atMs ?? 0));
    expect(Math.max(...pauses)).toBeLessThanOrEqual(CHECKPOINT_MS + 900);
    for (const [i, { chunk, samples }] of slow.stored.entries()) {
      if (i % 7 > 0) continue;
      const timeSeconds = chunk.times.at(-1)!;
      const read = { samples, timeSeconds, decode: NOTHING_DECODED };
      const rest = await track({ read, chunk }, SAMPLES, 900);
      const kept = slow.chunks.slice(0, chunkIndex(chunk));
      expect(Object.assign([...kept, chunk], rest.chunks)).toEqual(whole.chunks);
    }
  });
});

test('nothing is filled around a look at which a person is missing', () => {
  const track = {
    index: 0,
    samples: Int32Array.of(0, 2, 3),
    boxes: Float32Array.of(0, 0, 10, 10, 20, 0, 30, 10, 30, 0, 40, 20),
    scores: Float32Array.of(0.9, 0.5, 0.7),
    flags: Uint8Array.of(OBSERVED, OBSERVED, OBSERVED),
  };
  const timestampsMs = Float64Array.of(0, 100, 200, 300, 400, 480, 600);
  const [filled] = fillBetweenDetections([track], 2, timestampsMs);
  expect(filled).toEqual({
    index: 0,
    samples: Int32Array.of(0, 4, 5, 6),
    boxes: Float32Array.of(0, 0, 10, 10, 20, 0, 30, 10, 24, 0, 34, 14, 30, 0, 40, 20),
    scores: Float32Array.of(0.9, 0.5, 0.5, 0.7),
    flags: Uint8Array.of(OBSERVED, OBSERVED, FILLED, OBSERVED),
  });
  expect(fillBetweenDetections([track], 1, timestampsMs)).toEqual([track]);
});
