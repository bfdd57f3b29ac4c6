import { beforeAll, expect, test } from 'vitest';
import { cutVideo, toContainer } from '../fixtures/copy-video.ts';
import { findBox } from '../fixtures/mp4-edit.ts';
import { mp4OfSamples, samplesOf } from '../fixtures/mp4-of-samples.ts';
import { readParts, readVideo } from '../fixtures/read-video.ts';

const FRAMES = 75;
let clip: Blob;

beforeAll(async () => {
  const sample = await (await fetch('/samples/footpath-sample.mp4')).arrayBuffer();
  const bytes = await cutVideo(new Uint8Array(sample), FRAMES);
  // Without its table of key frames every frame is one: ISO/IEC 14496-12, section 8.6.2.
  const { start } = findBox(bytes, ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stss']);
  bytes.set(new TextEncoder().encode('free'), start + 4);
  clip = new Blob([bytes]);
});

test('a recording without one key frame says that, and what helps', async () => {
  const sample = await (await fetch('/samples/footpath-sample.mp4')).arrayBuffer();
  const whole = await toContainer(await cutVideo(new Uint8Array(sample), FRAMES), 'ts');
  // A key frame of another kind, at which players join in: NAL unit type 1 in the place of 5.
  const start = [0, 0, 1, 0x65];
  for (let at = 0; at + 4 < whole.length; at++) {
    if (start.every((byte, i) => whole[at + i] === byte)) whole[at + 3] = 0x61;
  }
  const { failure, samples } = await readVideo(new Blob([whole]));
  expect(samples).toHaveLength(0);
  expect(failure?.kind).toBe('no-frame');
  expect(failure!.message).toMatch(/is a key frame at which this browser can begin.*Convert it/);
});

test('a container that calls frames key frames that are none is read the same from anywhere', async () => {
  const read = await readVideo(clip);
  expect(read.failure?.message).toBeUndefined();
  expect(read.samples).toHaveLength(FRAMES);
  expect(await readParts(clip, 'all', [0.9, 1.64, 2.2])).toEqual(read.samples);
  for (const sample of [12, 41, 70]) {
    const later = await readVideo(clip, { after: { read, sample } });
    expect(later.failure?.message).toBeUndefined();
    expect(later.samples).toEqual(read.samples.slice(sample + 1));
    expect(later.report).toEqual(read.report);
  }
});

test.each<[string, (isKey: readonly boolean[]) => boolean[]]>([
  ['frames before those', (isKey) => isKey.map((_, i) => isKey[i + 1] ?? false)],
  ['frames behind those', (isKey) => isKey.map((_, i) => isKey[i - 1] ?? false)],
  ['the last frame alone', (isKey) => isKey.map((_, i) => i === FRAMES - 1)],
])('a container that calls key frames %s is read as it is', async (_, told) => {
  const { samples, description } = await samplesOf(new Uint8Array(await clip.arrayBuffer()));
  const isKey = told(Array.from(samples, (__, i) => i === 0 || i === 50));
  const file = mp4OfSamples(
    samples.map((sample, i) => ({ ...sample, isKey: isKey[i]! })),
    description,
  );
  const read = await readVideo(file);
  expect(read.failure?.message).toBeUndefined();
  expect(read.samples).toHaveLength(FRAMES);
  expect(read.report!.framesDamaged).toBe(0);
  const later = await readVideo(file, { after: { read, sample: 60 } });
  expect(later.samples).toEqual(read.samples.slice(61));
});
