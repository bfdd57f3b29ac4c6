import { beforeAll, describe, expect, test } from 'vitest';
import { cutVideo, toContainer } from '../fixtures/copy-video.ts';
import { endOf, readVideo } from '../fixtures/read-video.ts';
import {
  framesOf,
  scrambled,
  videoAs,
  withEmptyProgramFirst,
  withSplitFrames,
  withStreamType,
  withTablesFrom,
} from '../fixtures/ts-edit.ts';

const FRAMES = 75;
let ts: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  const sample = await (await fetch('/samples/footpath-sample.mp4')).arrayBuffer();
  ts = await toContainer(await cutVideo(new Uint8Array(sample), FRAMES), 'ts');
});

/** Asserts that all frames are read, in order and without damage. */
async function expectFrames(file: Blob, frames: number) {
  const read = await readVideo(file);
  expect(read.failure?.message).toBeUndefined();
  const times = read.samples.map(({ timestampMs }) => timestampMs);
  expect(times).toHaveLength(frames);
  expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  expect(read.report).toMatchObject({ framesExpected: frames, framesDamaged: 0 });
  expect(read.report!.partsUnread).toBeUndefined();
  return read;
}

describe('a stream of pictures that goes on in packets with another identifier', () => {
  test.each([
    ['alone', (made: typeof ts) => videoAs(made, 0x155)],
    [
      'behind which a third goes on',
      (made: typeof ts) => [0x155, 0x88].map((pid) => videoAs(made, pid)),
    ],
  ])('%s is read on', async (_, following) => {
    const parts = [ts, following(ts)].flat();
    const file = new Blob(parts);
    const read = await expectFrames(file, parts.length * FRAMES);
    expect(read.info!.durationMs).toBeCloseTo(parts.length * FRAMES * 40, -2);
    const later = await readVideo(file, { after: { read, sample: FRAMES + 5 } });
    expect(later.samples).toEqual(read.samples.slice(FRAMES + 6));
  });

  test.each([
    ['without a table', () => [withTablesFrom(ts, FRAMES), videoAs(ts, 0x155)]],
    ['that a table names first', () => [videoAs(ts, 0x155), ts]],
  ])('%s is read whole', async (_, parts) => {
    await expectFrames(new Blob(parts()), 2 * FRAMES);
  });

  test('beside one that goes on itself is another picture', async () => {
    const middle = framesOf(ts)[40]!.packet;
    await expectFrames(
      new Blob([ts.slice(0, middle), videoAs(ts, 0x155), ts.slice(middle)]),
      FRAMES,
    );
  });
});

test('pictures in several PES packets, of which the first has a time, are read whole', async () => {
  const split = withSplitFrames(ts);
  expect(framesOf(split).length).toBeGreaterThan(FRAMES + 20);
  const read = await expectFrames(new Blob([split]), FRAMES);
  const whole = await readVideo(new Blob([ts]));
  expect(read.samples).toEqual(whole.samples);
});

test('a program that is told to have pictures later on is read from there', async () => {
  await expectFrames(new Blob([withEmptyProgramFirst(ts)]), FRAMES);
});

test.each([
  ['come late', () => withTablesFrom(ts, 60)],
  ['are not there', () => withTablesFrom(ts, FRAMES)],
  ['say that its pictures are private data', () => withStreamType(ts, 6)],
  ['say that its pictures are HEVC', () => withStreamType(ts, 0x24)],
])('a stream whose tables %s is read from its first picture on', async (_, file) => {
  const read = await expectFrames(new Blob([file()]), FRAMES);
  expect(read.samples).toEqual((await readVideo(new Blob([ts]))).samples);
});

test('a scrambled stream is told as that', async () => {
  const read = await readVideo(new Blob([scrambled(ts)]));
  expect(endOf(read)).toBe('video-encrypted');
});

test('pictures most of which have no time are told as that', async () => {
  const copy = ts.slice();
  for (const [k, { header }] of framesOf(ts).entries()) if (k % 3 > 0) copy[header + 7]! &= 0x3f;
  const { failure } = await readVideo(new Blob([copy]));
  expect(failure).toMatchObject({ kind: 'times-unusable' });
  expect(failure!.message).toContain('have no time');
});
