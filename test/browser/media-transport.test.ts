import { beforeAll, describe, expect, inject, test } from 'vitest';
import { cutVideo, toContainer } from '../fixtures/copy-video.ts';
import { endOf, readBytes, readVideo } from '../fixtures/read-video.ts';
import { framesOf, withClock, withLeftOutProgram, withPacketsPadded } from '../fixtures/ts-edit.ts';

const FRAMES = 75;
const SECOND = 90_000;
const WRAP = 2 ** 33;
let ts: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  const sample = await (await fetch('/samples/footpath-sample.mp4')).arrayBuffer();
  ts = await toContainer(await cutVideo(new Uint8Array(sample), FRAMES), 'ts');
});

/** Asserts that a file gives all its frames, 40 milliseconds apart, every time. */
async function expectWhole(file: BlobPart[], frames = FRAMES, milliseconds = 40) {
  const read = await readVideo(new Blob(file));
  expect(read.failure?.message).toBeUndefined();
  const first = read.samples[0]!.timestampMs;
  expect(read.samples.map(({ timestampMs }) => timestampMs - first)).toEqual(
    Array.from({ length: frames }, (_, k) => expect.closeTo(k * milliseconds, -0.5)),
  );
  expect(read.report).toMatchObject({ framesExpected: frames, framesDamaged: 0 });
  expect(read.info!.durationMs).toBeCloseTo(frames * milliseconds, -1);
  const again = await readVideo(new Blob(file));
  expect(again.samples).toEqual(read.samples);
  return read;
}

describe('the clock of a transport stream', () => {
  test.each([
    ['wraps', (k: number) => WRAP - 20 * 3600 - 1234 + 0 * k],
    ['is set back half a second', (k: number) => (k < 33 ? 9e6 : 9e6 - SECOND / 2)],
    ['is set back five seconds', (k: number) => (k < 33 ? 9e6 : 9e6 - 5 * SECOND)],
    ['is set back before the start', (k: number) => (k < 33 ? 9e6 : 0)],
    ['is set forth an hour', (k: number) => (k < 33 ? 9e6 : 9e6 + 3600 * SECOND)],
    ['jumps at every tenth frame', (k: number) => ((Math.floor(k / 10) * 7) % 5) * 100 * SECOND],
  ])('%s, and every frame is read in its order', async (_, clock) => {
    await expectWhole([withClock(ts, clock)]);
  });

  test('goes on after a checkpoint as it was', async () => {
    const file = new Blob([withClock(ts, (k) => (k < 33 ? WRAP - 20 * 3600 : 9e6))]);
    const read = await readVideo(file, { sampleRate: 5 });
    for (const from of [1, 7, read.samples.length - 1]) {
      const later = await readVideo(file, { sampleRate: 5, after: { read, sample: from - 1 } });
      expect(later.samples, `${from}`).toEqual(read.samples.slice(from));
      expect(later.report, `${from}`).toEqual(read.report);
    }
  });

  const shared = inject('shared');
  describe.skipIf(shared === '')('of other recordings', () => {
    test.each([
      ['wrap_nob.ts', 71],
      ['back_5s.ts', 71],
    ])('%s', async (name, frames) => {
      await expectWhole([await readBytes(`${shared}/data/cases/02-ts-clock/${name}`)], frames);
    });

    test.each([
      ['wraps', (_: number) => WRAP - 40 * 7500],
      ['is set back half a second', (k: number) => (k < 42 ? 9e6 : 9e6 - SECOND / 2)],
      ['is set back an hour', (k: number) => (k < 43 ? 9e9 : 9e9 - 3600 * SECOND)],
    ])('with frames out of order %s', async (_, clock) => {
      const reordered = await readBytes(`${shared}/data/variants/h264.ts`);
      await expectWhole([withClock(reordered, clock)], 96, 1000 / 12);
    });
  });
});

describe('the packets of a transport stream', () => {
  test.each([
    ['begin within a packet', () => [ts.slice(100)]],
    ['come after other bytes', () => [new Uint8Array(1000).fill(7), ts]],
    ['have times before them', () => [withPacketsPadded(ts, 4, 0)]],
    ['have error correction behind them', () => [withPacketsPadded(ts, 0, 16)]],
    ['name a program that was left out', () => [withLeftOutProgram(ts)]],
    ['are followed by nothing that matters', () => [ts, new Uint8Array(100)]],
  ])('%s and are read', async (_, file) => {
    await expectWhole(file());
  });

  test('lose their places in the middle: what is there is read', async () => {
    const middle = 188 * Math.floor(ts.length / 376);
    const file = [ts.slice(0, middle), new Uint8Array(77).fill(0x47), ts.slice(middle)];
    const { samples, failure } = await readVideo(new Blob(file));
    expect(failure?.message).toBeUndefined();
    expect(samples.length).toBeGreaterThanOrEqual(FRAMES - 1);
  });

  test.each([1, 100, 187])('end %i bytes before the end of one: cut, and kept', async (bytes) => {
    const read = await readVideo(new Blob([ts.slice(0, -bytes)]));
    expect(endOf(read)).toBe('video-truncated');
    expect(read.samples.length).toBeGreaterThanOrEqual(FRAMES - 2);
  });
});

describe('what is lost in a transport stream is told', () => {
  /** Damages a copy. @returns what is read of it */
  async function damaged(change: (copy: Uint8Array<ArrayBuffer>) => BlobPart[] | undefined) {
    const copy = ts.slice();
    const read = await readVideo(new Blob(change(copy) ?? [copy]));
    expect(read.failure?.message).toBeUndefined();
    const { framesExpected, framesDamaged, partsUnread } = read.report!;
    // What follows may want a picture that is gone: the decoder tells.
    expect(read.samples).toHaveLength(framesExpected - framesDamaged);
    return { frames: framesExpected, unread: partsUnread };
  }
  const frames = (k: number) => framesOf(ts)[k]!;

  test('frames without a time', async () => {
    const read = await damaged((copy) => {
      for (const k of [20, 40, 41]) copy[frames(k).header + 7]! &= 0x3f;
    });
    expect(read).toEqual({ frames: FRAMES - 3, unread: 3 });
  });

  test('frames whose headers are gone', async () => {
    const read = await damaged((copy) => {
      for (const k of [30, 50]) copy.fill(0x42, frames(k).header, frames(k).header + 9);
    });
    expect(read.frames).toBeLessThan(FRAMES);
    expect(read.unread).toBe(2);
  });

  test('packets', async () => {
    const cut = 188 * Math.floor((frames(31).packet + frames(32).packet) / 376);
    expect(await damaged((copy) => [copy.slice(0, cut), copy.slice(cut + 188)])).toMatchObject({
      unread: 1,
    });
  });

  test('and nothing where recordings are joined', async () => {
    const read = await damaged((copy) => [copy, copy]);
    expect(read).toEqual({ frames: 2 * FRAMES, unread: undefined });
  });
});

test('an interlaced stream has the lines of both fields', async () => {
  const { info, samples, failure } = await readVideo({ url: '/test/fixtures/interlaced.m2t' });
  expect(failure?.message).toBeUndefined();
  expect(samples.map(({ shape }) => shape)).toEqual(['171x72 r0', '171x72 r0', '171x72 r0']);
  expect([info!.width, info!.height]).toEqual([171, 72]);
});
