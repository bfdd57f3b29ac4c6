import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { PictureSink } from '../../src/media/picture-sink.ts';
import { cutVideo, repeatVideo, toContainer } from '../fixtures/copy-video.ts';
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

test('a time that is there twice ends no video whose order of display is not known', async () => {
  /** As its packets come, in milliseconds. */
  const timesOf = async (bytes: Uint8Array<ArrayBuffer>) => {
    const input = new Input({ formats: ALL_FORMATS, source: new BufferSource(bytes) });
    const track = (await input.getPrimaryVideoTrack())!;
    vi.spyOn(track, 'getCodec').mockResolvedValue('hevc');
    const sink = (await PictureSink.of(input, track, { codec: '' }))!;
    const times: number[] = [];
    for (let packet = await sink.getFirstPacket({}); packet; ) {
      times.push(Math.round(1000 * packet.timestamp));
      packet = await sink.getNextPacket(packet, {});
    }
    return times;
  };
  const times = await timesOf(ts);
  const again = times[69]! - times[70]!;
  const twice = withClock(ts, (frame) => (frame === 70 ? 90 * again : 0));
  expect(await timesOf(twice)).toEqual(times.with(70, times[69]!));
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

describe.each([
  ['fields', 5],
  ['interlaced', 60],
])('%s in an MP4 file', (name, times) => {
  let mp4: Uint8Array<ArrayBuffer>;
  beforeAll(async () => {
    const answer = await fetch(`/test/fixtures/${name}.m2t`);
    mp4 = await repeatVideo(new Uint8Array(await answer.arrayBuffer()), times);
  });

  test('are told to be missing where the file ends before they do', async () => {
    const read = await readVideo(new Blob([mp4.subarray(0, Math.floor(0.6 * mp4.length))]));
    expect(read.failure?.message).toContain('the file is incomplete');
    expect(read.samples.length).toBeGreaterThan(50);
  });

  test('are not held before a part, nor read without need', async () => {
    const next = vi.spyOn(EncodedPacketSink.prototype, 'getNextPacket');
    const { info, samples } = await readVideo(new Blob([mp4]));
    const seconds = info!.durationMs / 1000;
    next.mockClear();
    const range = { from: 0.9 * seconds, to: seconds };
    const part = await readVideo(new Blob([mp4]), { range });
    const packets = await Promise.all(next.mock.results.map(({ value }) => value));
    next.mockRestore();
    expect(part.samples.length).toBeGreaterThan(10);
    expect(part.samples.length).toBeLessThan(samples.length / 2);
    const held = packets.filter((packet) => packet?.data.length > 0);
    expect(held.length).toBeLessThan(packets.length / 2);
  });
});

test('fields that are put off for others are as many a second', async () => {
  const answer = await fetch('/test/fixtures/fields.m2t');
  const five = await repeatVideo(new Uint8Array(await answer.arrayBuffer()), 5);
  const stream = await toContainer(five, 'ts');
  // In each group of 15, every second frame is shown behind the one after it: a frame takes 3600 ticks, and is two fields.
  const putOff = withClock(stream, (field) => {
    const inGroup = (field >> 1) % 15;
    return inGroup === 0 ? 0 : inGroup % 2 > 0 ? 3600 : -3600;
  });
  const { info } = await readVideo(new Blob([await toContainer(putOff, 'mkv')]));
  expect(info!.frameRate).toBeCloseTo(25, 3);
});
