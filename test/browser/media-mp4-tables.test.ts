import {
  ALL_FORMATS,
  AudioSample,
  AudioSampleSource,
  BufferSource,
  BufferTarget,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  Mp4OutputFormat,
  Output,
} from 'mediabunny';
import { beforeAll, describe, expect, test } from 'vitest';
import { cutVideo, scaleVideo } from '../fixtures/copy-video.ts';
import { makeVideo } from '../fixtures/make-video.ts';
import { findBox, withEdits } from '../fixtures/mp4-edit.ts';
import {
  type MadeSample,
  mp4OfFragments,
  mp4OfSamples,
  samplesOf,
} from '../fixtures/mp4-of-samples.ts';
import { endOf, readVideo } from '../fixtures/read-video.ts';

/** Frames of the videos, 25 a second; those of another key frame come last. */
const FRAMES = 60;
const every40 = (count: number) => Array.from({ length: count }, (_, k) => 40 * k);

let sample: Uint8Array<ArrayBuffer>;
let samples: MadeSample[];
let description: Uint8Array<ArrayBuffer>;
/** The same of VP9, every sample of which is shown as soon as it is decoded. */
let inOrder: Awaited<ReturnType<typeof samplesOf>>;

beforeAll(async () => {
  sample = new Uint8Array(await (await fetch('/samples/footpath-sample.mp4')).arrayBuffer());
  ({ samples, description } = await samplesOf(await cutVideo(sample, FRAMES)));
  const seconds = FRAMES / 25;
  const made = await makeVideo({ seconds, framesPerSecond: 25, codec: 'vp9', container: 'mp4' });
  inOrder = await samplesOf(new Uint8Array(await made.arrayBuffer()));
});

describe('samples without bytes', () => {
  test('are the picture before them, shown on', async () => {
    const empty = { data: new Uint8Array(0), ticks: 40, offset: 0, isKey: false };
    const { samples, description } = inOrder;
    const sparse = samples.flatMap((one, i) => (i % 5 === 4 ? [one, empty] : [one]));
    const file = mp4OfSamples([...sparse, empty], description);
    const read = await readVideo(file);
    expect(read.failure?.message).toBeUndefined();
    const shown = sparse.flatMap((one, i) => (one === empty ? [] : [40 * i]));
    expect(read.samples.map(({ timestampMs }) => timestampMs)).toEqual(shown);
    expect(read.report).toMatchObject({ framesExpected: FRAMES, framesDamaged: 0 });
    expect(read.info!.durationMs).toBe(40 * (sparse.length + 1));
    const later = await readVideo(file, { after: { read, sample: 30 } });
    expect(later.samples).toEqual(read.samples.slice(31));
  });

  test('may come first', async () => {
    const empty = { data: new Uint8Array(0), ticks: 40, offset: 0, isKey: true };
    const { samples, description } = inOrder;
    const read = await readVideo(mp4OfSamples([empty, ...samples], description));
    expect(read.failure?.message).toBeUndefined();
    expect(read.samples).toHaveLength(FRAMES);
    expect(read.report!.framesDamaged).toBe(0);
  });
});

test('steps back in time are taken back by those behind them', async () => {
  const { samples, description } = inOrder;
  const stepping = samples.map((one, i) => ({ ...one, ticks: [40, 100, -20][i % 3]! }));
  const read = await readVideo(mp4OfSamples(stepping, description));
  expect(read.failure?.message).toBeUndefined();
  expect(read.samples.length).toBe(FRAMES);
  for (const [i, { timestampMs }] of read.samples.entries()) {
    expect(Math.abs(timestampMs - 40 * i), `${i}`).toBeLessThanOrEqual(61);
  }
  expect(read.info!.durationMs).toBeLessThanOrEqual(40 * FRAMES + 61);
});

describe('sample descriptions', () => {
  const widthAt = 8 + 24;
  const sized = (width: number, height: number) => {
    const copy = description.slice();
    new DataView(copy.buffer).setUint16(widthAt, width);
    new DataView(copy.buffer).setUint16(widthAt + 2, height);
    return copy;
  };

  test.each([
    [0, 0],
    [1920, 1080],
    [160, 4000],
  ])('of a size of %i x %i, which the pictures do not have, are not believed', async (...size) => {
    const stated = new DataView(description.buffer).getUint16(widthAt);
    const read = await readVideo(mp4OfSamples(samples.slice(0, 10), sized(...size)));
    expect(read.failure?.message).toBeUndefined();
    expect(read.samples).toHaveLength(10);
    expect(read.info!.width).toBe(stated);
    expect(read.samples.every(({ shape }) => shape.startsWith(`${stated}x`))).toBe(true);
  });

  test('behind the one that is used say nothing of it', async () => {
    const unused = sized(64, 64);
    unused.fill(0xff, unused.length - 40);
    const read = await readVideo(mp4OfSamples(samples, description, unused));
    expect(read.failure?.message).toBeUndefined();
    expect(read.samples.map(({ timestampMs }) => timestampMs)).toEqual(every40(FRAMES));
    expect(read.report!.framesDamaged).toBe(0);
  });

  test('each hold for their own samples', async ({ skip }) => {
    const { supported } = await VideoEncoder.isConfigSupported({
      codec: 'avc1.42001e',
      width: 320,
      height: 180,
    });
    if (!supported) skip('This browser has no encoder of H.264.');
    const part = { from: 0, to: 1, width: 320, height: 180, codec: 'avc' as const };
    const other = await samplesOf(await cutVideo(await scaleVideo(sample, part), 20));
    const of = (all: readonly MadeSample[], number: number) =>
      all.map((one) => ({
        ...one,
        offset: 160 + one.offset - all[0]!.offset,
        description: number,
      }));
    for (const [first, second] of [
      [{ samples, description }, other],
      [other, { samples, description }],
    ] as const) {
      const all = [...of(first.samples, 1), ...of(second.samples, 2), ...of(first.samples, 1)];
      const file = mp4OfSamples(all, first.description, second.description);
      const read = await readVideo(file);
      expect(read.failure?.message).toBeUndefined();
      expect(read.samples.map(({ timestampMs }) => timestampMs)).toEqual(every40(all.length));
      expect(read.report).toMatchObject({ framesExpected: all.length, framesDamaged: 0 });
      expect(new Set(read.samples.map(({ shape }) => shape)).size).toBe(2);
      for (const from of [first.samples.length, all.length - 1]) {
        const later = await readVideo(file, { after: { read, sample: from - 1 } });
        expect(later.samples, `${from}`).toEqual(read.samples.slice(from));
      }
    }
  });
});

test.each(['skip', 'free', 'uuid'])(
  'movies that begin with a box %s in place of their brands are read',
  async (name) => {
    const movie = new Uint8Array(await mp4OfSamples(samples, description).arrayBuffer());
    movie.set(new TextEncoder().encode(name), 4);
    const read = await readVideo(new Blob([movie]));
    expect(read.failure?.message).toBeUndefined();
    expect(read.samples.map(({ timestampMs }) => timestampMs)).toEqual(every40(FRAMES));
    expect(read.info!.format).toBe('QuickTime / MOV');
    const { end } = findBox(movie, ['mdat']);
    expect(endOf(await readVideo(new Blob([movie.subarray(0, end)])))).toBe('video-truncated');
  },
);

test('a frame a fragment: the last one of the file is not the last one shown', async () => {
  const latest = Math.max(...samples.map(({ offset }, i) => 40 * i + offset));
  expect(40 * (FRAMES - 1) + samples.at(-1)!.offset).toBeLessThan(latest);
  const read = await readVideo(await mp4OfFragments(samples, description));
  expect(read.failure?.message).toBeUndefined();
  expect(read.report).toMatchObject({ framesExpected: FRAMES, framesDamaged: 0 });
  const end = read.samples.at(-1)!.timestampMs + 40;
  expect(read.info).toMatchObject({ durationMs: end, expectedSamples: FRAMES });
});

test('sound that is heard in part ends with that part', async () => {
  const output = new Output({
    format: new Mp4OutputFormat({ fastStart: false }),
    target: new BufferTarget(),
  });
  const sound = new AudioSampleSource({ codec: 'pcm-s16' });
  const pictures = new EncodedVideoPacketSource('avc');
  output.addAudioTrack(sound);
  output.addVideoTrack(pictures);
  await output.start();
  const data = new Int16Array(3 * 8000);
  const audio = { data, format: 's16' as const, numberOfChannels: 1, sampleRate: 8000 };
  const heard = new AudioSample({ ...audio, timestamp: 0 });
  await sound.add(heard);
  heard.close();
  const clip = await cutVideo(sample, 25);
  const input = new Input({ formats: ALL_FORMATS, source: new BufferSource(clip) });
  const track = (await input.getPrimaryVideoTrack())!;
  const decoderConfig = (await track.getDecoderConfig())!;
  for await (const packet of new EncodedPacketSink(track).packets()) {
    await pictures.add(packet, { decoderConfig });
  }
  await output.finalize();
  const whole = new Uint8Array(output.target.buffer!);
  expect((await readVideo(new Blob([whole]))).info!.durationMs).toBe(3000);
  const durations = [];
  for (const seconds of [1.5, 0.5]) {
    const { info } = await readVideo(new Blob([withEdits(whole, [{ seconds, from: 1 }])]));
    durations.push(info!.durationMs);
  }
  expect(durations).toEqual([1500, 1000]);
});
