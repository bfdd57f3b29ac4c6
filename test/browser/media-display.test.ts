import {
  ALL_FORMATS,
  BufferSource,
  BufferTarget,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  type InputVideoTrack,
  MkvOutputFormat,
  Mp4OutputFormat,
  Output,
  type OutputFormat,
} from 'mediabunny';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { expectToLookAsPlayed } from '../fixtures/as-played.ts';
import { cutVideo, joinVideos } from '../fixtures/copy-video.ts';
import { makeVideo } from '../fixtures/make-video.ts';
import { findBox, withMatrix, words } from '../fixtures/mp4-edit.ts';
import { readBytes, readVideo } from '../fixtures/read-video.ts';

let clip: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  const sample = await (await fetch('/samples/footpath-sample.mp4')).arrayBuffer();
  clip = await cutVideo(new Uint8Array(sample), 10);
});

async function trackOf(video: Uint8Array<ArrayBuffer>): Promise<InputVideoTrack> {
  const input = new Input({ formats: ALL_FORMATS, source: new BufferSource(video) });
  return (await input.getPrimaryVideoTrack())!;
}

test.each(['vp8', 'vp9'] as const)('a size that changes on the way: %s', async (codec) => {
  const sizes = [
    [160, 120],
    [320, 240],
    [120, 160],
  ] as const;
  const parts = sizes.map(async ([width, height]) => {
    const part = await makeVideo({ seconds: 1, codec, width, height });
    return new Uint8Array(await part.arrayBuffer());
  });
  const file = new Blob([await joinVideos(await Promise.all(parts))]);
  const { info, samples, report, failure } = await readVideo(file);
  expect(failure?.message).toBeUndefined();
  expect(report).toMatchObject({ framesExpected: 90, framesDamaged: 0 });
  expect(info).toMatchObject({ width: 160, height: 120 });
  const shapes = [15, 45, 75].map((frame) => [samples[frame]!.shape, samples[frame]!.size]);
  expect(shapes).toEqual([
    ['160x120 r0', undefined],
    ['320x240 r0', { width: 320, height: 240 }],
    ['120x160 r0', { width: 120, height: 160 }],
  ]);
});

describe('of several tracks the one is read that is played, not that of most bytes:', () => {
  let parts: InputVideoTrack[];
  beforeAll(async () => {
    parts = await Promise.all(
      [160, 640].map(async (width) => {
        const video = await makeVideo({ seconds: 1, codec: 'vp9', width, container: 'mp4' });
        return trackOf(new Uint8Array(await video.arrayBuffer()));
      }),
    );
  });

  /** Both in a file, of which the second one alone is on, or the default. */
  async function tracks(format: OutputFormat): Promise<Uint8Array<ArrayBuffer>> {
    const output = new Output({ format, target: new BufferTarget() });
    const sources = parts.map((_, i) => {
      const source = new EncodedVideoPacketSource('vp9');
      output.addVideoTrack(source, { disposition: { default: i === 1 } });
      return source;
    });
    await output.start();
    for (const [i, track] of parts.entries()) {
      const decoderConfig = (await track.getDecoderConfig())!;
      for await (const packet of new EncodedPacketSink(track).packets())
        await sources[i]!.add(packet, { decoderConfig });
      sources[i]!.close();
    }
    await output.finalize();
    return new Uint8Array(output.target.buffer!);
  }

  async function expectPlayed(file: Uint8Array<ArrayBuffer>, shape: string): Promise<void> {
    const video = new Blob([file]);
    await expectToLookAsPlayed(video);
    expect((await readVideo(video)).samples[0]!.shape).toBe(shape);
  }

  test('the first that is on in MP4', async () => {
    const file = await tracks(new Mp4OutputFormat());
    await expectPlayed(file, '640x120 r0');
    file[findBox(file, ['moov', 'trak', 'tkhd']).contentStart + 3]! |= 1;
    await expectPlayed(file, '160x120 r0');
  });

  test('the first that can be decoded, as cameras add small pictures for a menu', async () => {
    const file = await tracks(new Mp4OutputFormat());
    file[findBox(file, ['moov', 'trak', 'tkhd']).contentStart + 3]! |= 1;
    const { contentStart } = findBox(file, ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd']);
    file.set(new TextEncoder().encode('jpeg'), contentStart + 12);
    await expectPlayed(file, '640x120 r0');
  });

  test('the first in Matroska, whichever is the default', async () => {
    await expectPlayed(await tracks(new MkvOutputFormat()), '160x120 r0');
  });
});

/** The sample's configuration with a word on its pixels, 4 to 3, as FFmpeg's h264_metadata writes it. */
const WIDE_PIXELS =
  '0164001fffe1001e6764001fac76110280bfe5c39a808080a0000003002000000641e306308c01000668e8439cb22cfdf8f800';

/** The clip whose pictures say that their pixels are wide, and nothing else does. */
async function withWidePixels(): Promise<Uint8Array<ArrayBuffer>> {
  const track = await trackOf(clip);
  const description = Uint8Array.from(WIDE_PIXELS.match(/../g)!, (hex) => Number.parseInt(hex, 16));
  const decoderConfig = { ...(await track.getDecoderConfig())!, description };
  const output = new Output({ format: new Mp4OutputFormat(), target: new BufferTarget() });
  const source = new EncodedVideoPacketSource('avc');
  output.addVideoTrack(source);
  await output.start();
  for await (const packet of new EncodedPacketSink(track).packets())
    await source.add(packet, { decoderConfig });
  await output.finalize();
  return new Uint8Array(output.target.buffer!);
}

test.each([
  ['square', [1, 0, 0, 1], [853, 360], '853x360 r0'],
  ['square', [0, 1, -1, 0], [853, 360], '360x853 r90'],
  ['square', [1, 0, 0, 1], [1280, 720], '640x360 r0'],
  ['square', [1, 0, 0, 1], [640, 480], '640x480 r0'],
  ['square', [1, 0, 0, 1], [0, 0], '640x360 r0'],
  ['square', [2, 0, 0, 1], [640, 360], '1280x360 r0'],
  ['wide', [1, 0, 0, 1], [640, 360], '853x360 r0'],
  ['wide', [0, 1, -1, 0], [640, 360], '360x853 r90'],
  ['wide', [1, 0, 0, 1], [1280, 720], '640x360 r0'],
  ['wide', [1, 0, 0, 1], [640, 480], '640x480 r0'],
  ['wide', [1, 0, 0, 1], [0, 0], '853x360 r0'],
] as const)(
  'the size in the header of a track of %s pixels, by %j: %j',
  async (pixels, matrix, [width, height], shape) => {
    const mp4 = withMatrix(pixels === 'wide' ? await withWidePixels() : clip, matrix);
    const { end } = findBox(mp4, ['moov', 'trak', 'tkhd']);
    mp4.set(words(width * 0x10000, height * 0x10000), end - 8);
    const file = new Blob([mp4]);
    const { info, samples } = await readVideo(file);
    expect(samples[0]!.shape).toBe(shape);
    expect(`${info!.width}x${info!.height}`).toBe(shape.split(' ')[0]);
    await expectToLookAsPlayed(file);
  },
);

describe("the track's matrix", () => {
  test.each([
    [[1, 0, 0, 1], '640x360 r0'],
    [[0, 1, -1, 0], '360x640 r90'],
    [[-1, 0, 0, -1], '640x360 r180'],
    [[0, -1, 1, 0], '360x640 r270'],
    [[-1, 0, 0, 1], '640x360 r0 m'],
    [[0, 1, 1, 0], '360x640 r90 m'],
    [[1, 0, 0, -1], '640x360 r180 m'],
    [[0, -1, -1, 0], '360x640 r270 m'],
  ] as const)('%j is displayed as the browser plays it', async (matrix, shape) => {
    const file = new Blob([withMatrix(clip, matrix)]);
    await expectToLookAsPlayed(file);
    expect((await readVideo(file)).samples[0]!.shape).toBe(shape);
  });

  const shared = inject('shared');
  test.skipIf(shared === '')('a camera that records mirrored is mirrored back', async () => {
    const path = `${shared}/data/cases/04-mirrored/flip_upright.mp4`;
    await expectToLookAsPlayed(new Blob([await readBytes(path)]));
  });
});
