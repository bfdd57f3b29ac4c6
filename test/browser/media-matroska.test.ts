import { beforeAll, describe, expect, inject, test } from 'vitest';
import { readElement } from '../../src/media/ebml.ts';
import { cutVideo, toContainer } from '../fixtures/copy-video.ts';
import { samplesOf } from '../fixtures/mp4-of-samples.ts';
import { endOf, readBytes, readVideo } from '../fixtures/read-video.ts';

const FRAMES = 75;
const CLUSTER = [0x1f, 0x43, 0xb6, 0x75];
const TRACKS = [0x16, 0x54, 0xae, 0x6b];
let mp4: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  const sample = await (await fetch('/samples/footpath-sample.mp4')).arrayBuffer();
  mp4 = await cutVideo(new Uint8Array(sample), FRAMES);
});

function indexOf(bytes: Uint8Array, wanted: readonly number[], from = 0): number {
  return bytes.findIndex((_, i) => i >= from && wanted.every((byte, k) => bytes[i + k] === byte));
}

describe.each(['mkv', 'live mkv'] as const)('a cut %s', (container) => {
  let file: Uint8Array<ArrayBuffer>;
  beforeAll(async () => {
    file = await toContainer(mp4, container);
  });

  test('is read whole when it is whole', async () => {
    const { samples, failure, info } = await readVideo(new Blob([file]));
    expect(failure?.message).toBeUndefined();
    expect(samples).toHaveLength(FRAMES);
    expect(info!.durationMs).toBe(3000);
  });

  test('keeps every frame whose bytes it has, wherever it was cut', async () => {
    let before = 0;
    for (const share of [0.45, 0.5, 0.62, 0.8, 0.9, 0.97]) {
      const read = await readVideo(new Blob([file.slice(0, file.length * share)]));
      expect(endOf(read), `${share}`).toBe('video-truncated');
      expect(read.samples.length, `${share}`).toBeGreaterThanOrEqual(before);
      expect(read.report!.framesDamaged, `${share}`).toBeLessThanOrEqual(2);
      before = read.samples.length;
    }
    expect(before).toBeGreaterThan(60);
  });

  test('that ends before its tracks, or within them, says so', async () => {
    const head = file.subarray(0, indexOf(file, CLUSTER));
    // Its own index may name them, too, before they come.
    let tracks = indexOf(head, TRACKS);
    for (let at = tracks; at >= 0; at = indexOf(head, TRACKS, at + 1)) tracks = at;
    for (const bytes of [50, tracks + 1, tracks + 40]) {
      const { failure } = await readVideo(new Blob([file.slice(0, bytes)]));
      expect(failure?.kind, `${bytes}`).toBe('video-truncated');
      expect(failure!.message).toContain('before it says what is in it');
    }
  });

  test('with blocks destroyed in its middle loses their frames alone, and tells', async () => {
    const damaged = file.slice();
    // Each holds a frame of track 1: 0xa3, its size in one to four bytes, 0x81.
    const blocks: number[] = [];
    const sizeBytes = (at: number) => Math.clz32(file[at + 1]!) - 23;
    for (let at = indexOf(file, CLUSTER, file.length / 3); at < file.length; at++) {
      const isBlock = file[at] === 0xa3 && sizeBytes(at) <= 4;
      if (isBlock && file[at + 1 + sizeBytes(at)] === 0x81) blocks.push(at);
    }
    for (const k of [3, 7]) damaged.fill(0x42, blocks[k]!, blocks[k]! + 6);
    const read = await readVideo(new Blob([damaged]));
    expect(endOf(read)).toBe('none');
    // What can be read of the others may want a picture that is gone: the decoder tells.
    const { framesExpected, framesDamaged, partsUnread } = read.report!;
    expect({ framesExpected, partsUnread }).toEqual({ framesExpected: FRAMES - 2, partsUnread: 2 });
    expect(read.samples).toHaveLength(FRAMES - 2 - framesDamaged);
  });

  test('with another one joined to it says so', async () => {
    const read = await readVideo(new Blob([file, file]));
    expect(endOf(read)).toBe('video-truncated');
    expect(read.failure!.message).toContain('another video file begins there');
    expect(read.samples).toHaveLength(FRAMES);
  });

  test('cut within its first cluster keeps the frames of that', async () => {
    const second = indexOf(file, CLUSTER, indexOf(file, CLUSTER) + 4);
    const read = await readVideo(new Blob([file.slice(0, second - 2000)]));
    expect(endOf(read)).toBe('video-truncated');
    expect(read.samples.length).toBeGreaterThan(10);
  });
});

test('a Matroska file cut behind its last cluster is whole', async () => {
  const file = await toContainer(mp4, 'mkv');
  const cues = indexOf(file, [0x1c, 0x53, 0xbb, 0x6b], file.length - 2000);
  expect(cues).toBeGreaterThan(0);
  const { samples, failure } = await readVideo(new Blob([file.slice(0, cues + 9)]));
  expect(failure?.message).toBeUndefined();
  expect(samples).toHaveLength(FRAMES);
});

describe("a length that is not the video's", () => {
  /** The length that the header states, in milliseconds: element 0x4489, a float of eight bytes. */
  const withLength = (file: Uint8Array<ArrayBuffer>, milliseconds: number) => {
    const copy = file.slice();
    const at = indexOf(copy, [0x44, 0x89, 0x88]) + 3;
    expect(at).toBeGreaterThan(3);
    new DataView(copy.buffer).setFloat64(at, milliseconds);
    return new Blob([copy]);
  };

  test.each([20_000, 1, Number.NaN, 1e300, -5, Number.POSITIVE_INFINITY])(
    'is not believed: %d ms',
    async (milliseconds) => {
      const file = withLength(await toContainer(mp4, 'mkv'), milliseconds);
      const { samples, failure, info } = await readVideo(file);
      expect(failure?.message).toBeUndefined();
      expect(samples).toHaveLength(FRAMES);
      expect(info!.durationMs).toBe(3000);
    },
  );

  test('is believed when the last packet is broken', async () => {
    // The last frame decoded is the last one shown, and has no frames to follow it.
    const file = await toContainer(await cutVideo(mp4, 50), 'mkv');
    const cues = indexOf(file, [0x1c, 0x53, 0xbb, 0x6b], file.length - 2000);
    file.fill(0xff, cues - 381, cues);
    const read = await readVideo(withLength(file, 20_000));
    expect(endOf(read)).toBe('video-truncated');
    expect(read.samples.length).toBeGreaterThan(40);
  });

  const shared = inject('shared');
  test.skipIf(shared === '')('may be that of the subtitles', async () => {
    const path = `${shared}/data/cases/05-matroska-duration/subs.mkv`;
    const { samples, failure, info } = await readVideo(new Blob([await readBytes(path)]));
    expect(failure?.message).toBeUndefined();
    expect(samples).toHaveLength(71);
    expect(info!.durationMs).toBe(2840);
  });
});

describe('a frame a minute', () => {
  /** An element with its size in eight bytes. */
  const element = (id: readonly number[], ...content: Uint8Array[]) => {
    const length = content.reduce((sum, part) => sum + part.length, 0);
    const size = new Uint8Array(8);
    new DataView(size.buffer).setUint32(4, length);
    size[0] = 1;
    return Uint8Array.from([...id, ...size, ...content.flatMap((part) => [...part])]);
  };

  /** As FFmpeg writes it: each frame has a cluster of its own. */
  async function slowly(frames: number): Promise<Blob> {
    const { samples } = await samplesOf(await cutVideo(mp4, frames));
    const whole = await toContainer(mp4, 'mkv');
    const header = whole.slice(0, indexOf(whole, CLUSTER));
    const { sizeAt, sizeBytes } = readElement(header, indexOf(header, [0x18, 0x53, 0x80, 0x67]))!;
    // A size that nobody knows yet, and no places of what follows.
    header.fill(0xff, sizeAt + 1, sizeAt + sizeBytes);
    header[sizeAt] = 2 ** (9 - sizeBytes) - 1;
    const places = readElement(header, indexOf(header, [0x11, 0x4d, 0x9b, 0x74]))!;
    const first = samples[0]!.offset;
    const times = samples.map(({ offset }, i) => (40 * i + offset - first) * 1500);
    const clusters = samples.map(({ data, isKey }, i) => {
      const time = new Uint8Array(4);
      new DataView(time.buffer).setUint32(0, times[i]!);
      const head = Uint8Array.of(0x81, 0, 0, isKey ? 0x80 : 0);
      return element(CLUSTER, element([0xe7], time), element([0xa3], head, data));
    });
    const length = indexOf(header, [0x44, 0x89, 0x88]) + 3;
    new DataView(header.buffer).setFloat64(length, Math.max(...times) + 40);
    return new Blob([header.slice(0, places.start), header.slice(places.end), ...clusters]);
  }

  test('makes the length of all of them, whichever comes last in the file', async () => {
    for (const frames of [71, 72, 73, 74]) {
      const { samples, failure, info } = await readVideo(await slowly(frames));
      expect(failure?.message).toBeUndefined();
      expect(samples).toHaveLength(frames);
      const shown = info!.durationMs - samples.at(-1)!.timestampMs;
      expect(shown, `${frames}`).toBeGreaterThan(0);
      expect(shown, `${frames}`).toBeLessThanOrEqual(60_000);
    }
  });
});
