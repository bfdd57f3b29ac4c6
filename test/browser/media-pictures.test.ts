import { beforeAll, describe, expect, test } from 'vitest';
import { cutVideo, toContainer } from '../fixtures/copy-video.ts';
import { readParts, readVideo } from '../fixtures/read-video.ts';
import { withClock, withSharedPackets } from '../fixtures/ts-edit.ts';

const FRAMES = 75;
let ts: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  const sample = await (await fetch('/samples/footpath-sample.mp4')).arrayBuffer();
  ts = await toContainer(await cutVideo(new Uint8Array(sample), FRAMES), 'ts');
});

/** Expects a video to be read whole, from its start, in parts and on after a sample. */
async function expectWhole(file: Blob, times: readonly number[]) {
  const read = await readVideo(file);
  expect(read.failure?.message).toBeUndefined();
  expect(read.samples.map(({ timestampMs }) => timestampMs)).toEqual(times);
  expect(read.report).toMatchObject({
    framesExpected: times.length,
    framesDecoded: times.length,
    framesDamaged: 0,
  });
  const { frameRate, durationMs, expectedSamples } = read.info!;
  expect(frameRate).toBeCloseTo(25, 3);
  expect(durationMs).toBe(40 * times.length);
  expect(expectedSamples).toBe(times.length);
  expect(await readParts(file, 'all', [0.5, 0.9])).toEqual(read.samples);
  const later = await readVideo(file, { after: { read, sample: 20 } });
  expect(later.samples).toEqual(read.samples.slice(21));
}

const every40 = (count: number) => Array.from({ length: count }, (_, k) => 40 * k);

describe('several pictures in a packet of a transport stream, which has the time of the first', () => {
  test.each<[string, (frame: number) => boolean]>([
    ['two', (frame) => frame % 2 > 0],
    ['seven, key frames among them', (frame) => frame % 7 > 0],
    ['all but key frames', (frame) => frame % 50 > 0],
    ['another number each time', (frame) => (frame * frame) % 5 > 1],
    ['only later on', (frame) => frame > 30 && frame % 3 > 0],
  ])('%s', async (_, isShared) => {
    const shared = withSharedPackets(ts, isShared);
    const read = await readVideo(new Blob([shared]));
    expect(read.samples.map(({ timestampMs }) => timestampMs)).toEqual(every40(FRAMES));
    if (isShared(1)) await expectWhole(new Blob([shared]), every40(FRAMES));
  });

  test.each([100_000, 300_000])('%i ticks before the clock wraps', async (ticks) => {
    const wrapping = withClock(ts, () => 2 ** 33 - ticks);
    await expectWhole(new Blob([wrapping]), every40(FRAMES));
    await expectWhole(new Blob([withSharedPackets(wrapping, (k) => k % 3 > 0)]), every40(FRAMES));
  });

  test('is told where the times cannot be found', async () => {
    const { failure, samples } = await readVideo(new Blob([withSharedPackets(ts, (k) => k > 0)]));
    expect(failure).toMatchObject({ kind: 'times-unusable' });
    expect(failure!.message).toContain('share one time');
    expect(samples.length).toBeLessThan(2);
  });
});

describe('fields of one frame', () => {
  let fields: Uint8Array<ArrayBuffer>;
  beforeAll(async () => {
    const answer = await fetch('/test/fixtures/fields.m2t');
    fields = new Uint8Array(await answer.arrayBuffer());
  });

  test('that have a packet each are that frame', async () => {
    await expectWhole(new Blob([fields]), every40(30));
  });

  test('in one packet are that frame', async () => {
    const shared = withSharedPackets(fields, (field) => field % 2 > 0);
    await expectWhole(new Blob([shared]), every40(30));
  });

  test('beside others in one packet are that frame', async () => {
    const shared = withSharedPackets(fields, (field) => field % 6 > 0);
    await expectWhole(new Blob([shared]), every40(30));
  });

  test.each(['mkv', 'fragmented mp4'] as const)('copied into %s are that frame', async (into) => {
    await expectWhole(new Blob([await toContainer(fields, into)]), every40(30));
  });
});
