/** Long because the clips that it makes serve all of it. */
import { BlobSource, EncodedPacketSink, Input, MP4 } from 'mediabunny';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Failure } from '../../src/contract/failure.ts';
import type { SampleRate } from '../../src/engine/ports.ts';
import { openVideo } from '../../src/media/open-video.ts';
import { cutVideo, toContainer } from '../fixtures/copy-video.ts';
import { makeVideo } from '../fixtures/make-video.ts';
import { box, findBox, words } from '../fixtures/mp4-edit.ts';
import { randomOf } from '../fixtures/mutate-video.ts';
import { endOf, type ReadVideo, readParts, readVideo } from '../fixtures/read-video.ts';

const URL_OF_SAMPLE = '/samples/footpath-sample.mp4';
const FRAMES = 450;
let sample: Blob;
let bytes: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  sample = await (await fetch(URL_OF_SAMPLE)).blob();
  bytes = new Uint8Array(await sample.arrayBuffer());
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const idle = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('the sample clip', () => {
  const readings = new Map<SampleRate, Promise<ReadVideo>>();
  /** The whole of it, read once for each rate. */
  function whole(sampleRate: SampleRate): Promise<ReadVideo> {
    const reading = readings.get(sampleRate) ?? readVideo(sample, { sampleRate });
    readings.set(sampleRate, reading);
    return reading;
  }

  test('is read whole, frame by frame', async () => {
    const { info, samples, report, failure } = await whole('all');
    expect(failure).toBeUndefined();
    expect(info).toEqual({
      codec: 'h264',
      format: 'QuickTime / MOV',
      durationMs: 18_000,
      frameRate: 25,
      width: 640,
      height: 360,
      colorRange: 'LIMITED',
      expectedSamples: FRAMES,
    });
    expect(samples.map(({ timestampMs }) => timestampMs)).toEqual(
      Array.from({ length: FRAMES }, (_, k) => k * 40),
    );
    expect(samples.every(({ sample, frame }, k) => sample === k && frame === k)).toBe(true);
    expect(new Set(samples.map(({ shape }) => shape))).toEqual(new Set(['640x360 r0']));
    expect(report).toEqual({
      framesExpected: FRAMES,
      framesDecoded: FRAMES,
      framesDamaged: 0,
      damagedAtMs: [],
      decoderRestarts: 0,
      framesOpen: 0,
    });
  });

  test('in parts is what it is as a whole, wherever it is cut', async () => {
    for (const sampleRate of ['all', 15, 7] as const) {
      const { samples } = await whole(sampleRate);
      for (const cuts of [
        [7.31, 9, 12.05],
        [0.001, 3.99, 4, 4.04, 17.99],
        [18, 25],
      ]) {
        expect(await readParts(sample, sampleRate, cuts)).toEqual(samples);
      }
    }
  });

  test("is sampled on Rekognition's grid: frame floor(i * 25 / 15), 15 a second", async () => {
    const { info, samples } = await whole(15);
    expect(info?.expectedSamples).toBe(270);
    const frames = Array.from({ length: 270 }, (_, i) => Math.floor((i * 25) / 15));
    expect(samples.map(({ frame }) => frame)).toEqual(frames);
    expect(samples.map(({ timestampMs }) => timestampMs)).toEqual(frames.map((k) => k * 40));
  });

  test('is read by range requests from an address of this site', async () => {
    const sizes: number[] = [];
    const { fetch } = globalThis;
    vi.stubGlobal('fetch', async (url: URL, options: RequestInit) => {
      const answer = await fetch(url, options);
      sizes.push(Number(answer.headers.get('Content-Length')));
      return answer;
    });
    const { samples, failure } = await readVideo({ url: URL_OF_SAMPLE }, { sampleRate: 1 });
    expect(failure).toBeUndefined();
    expect(samples).toHaveLength(18);
    expect(sizes.length).toBeGreaterThan(1);
  });

  /** Reads it by a server that answers in its own way: `answer` gets the range that is asked for, and makes an answer of a part. */
  function readFrom(
    answer: (
      first: number,
      last: number,
      part: (first: number, last: number) => Response,
    ) => Response,
  ) {
    vi.stubGlobal('fetch', async (_: URL, { headers }: { headers: { Range: string } }) => {
      const [first = 0, last = 0] = headers.Range.match(/\d+/g)!.map(Number);
      return answer(first, Math.min(last, sample.size - 1), (from, to) => {
        const told = { 'Content-Range': `bytes ${from}-${to}/${sample.size}` };
        return new Response(sample.slice(from, to + 1), { status: 206, headers: told });
      });
    });
    return readVideo({ url: URL_OF_SAMPLE }, { sampleRate: 1 });
  }

  const at = (second: number) => new Date(1e12 + 1000 * second).toUTCString();

  test('is read whole where the server gives less than it is asked for', async () => {
    const read = await readFrom((first, last, part) => part(first, Math.min(last, first + 9999)));
    expect(read.failure?.message).toBeUndefined();
    expect(read.samples).toEqual((await whole(1)).samples);
  });

  test.each([
    [
      'becomes shorter meanwhile',
      'changed or replaced meanwhile',
      (last: number, part: Response) =>
        last < 1e5 ? part : new Response('<html>no such range</html>', { status: 416 }),
    ],
    [
      'has a server that does not say its length',
      'does not say how long',
      (_: number, { body }: Response) =>
        new Response(body, { status: 206, headers: { 'Content-Range': 'bytes 0-0/*' } }),
    ],
  ])('is told where it %s', async (_, words, answer) => {
    const { failure } = await readFrom((first, last, part) => answer(last, part(first, last)));
    expect(failure).toMatchObject({ kind: 'object-unreadable' });
    expect(failure!.message).toContain(words);
  });

  test.each<[string, Record<string, string>, Record<string, string>]>([
    ['has another tag', { ETag: '"1"' }, { ETag: '"2"', 'Last-Modified': 'then' }],
    [
      'has another tag and time',
      { ETag: '"1"', 'Last-Modified': 'then' },
      { ETag: '"2"', 'Last-Modified': 'now' },
    ],
    ['is of another time', { 'Last-Modified': 'then' }, { 'Last-Modified': 'now' }],
    ['has another length', {}, { 'Content-Range': 'bytes FIRST-LAST/1234567' }],
    ['is another part', {}, { 'Content-Range': 'bytes 0-LAST/SIZE' }],
  ])('is told where what comes later %s', async (_, then, now) => {
    const { failure, samples } = await readFrom((first, last, part) => {
      const answer = part(first, last);
      for (const [name, value] of Object.entries(first < 1e5 ? then : now)) {
        const told = value.replace('FIRST', `${first}`).replace('LAST', `${last}`);
        answer.headers.set(name, told.replace('SIZE', `${sample.size}`));
      }
      return answer;
    });
    expect(failure).toMatchObject({ kind: 'object-unreadable' });
    expect(failure!.message).toMatch(/replaced meanwhile|does not answer range requests/);
    expect(samples.length).toBeLessThan(18);
  });

  test.each<[string, Record<string, string>, Record<string, string>]>([
    [
      'time, on servers that each have their own tag',
      { ETag: '"1"', 'Last-Modified': 'a' },
      { ETag: '"2"', 'Last-Modified': 'a' },
    ],
    [
      'length, and is made anew for each answer',
      { Date: at(0), 'Last-Modified': at(0) },
      { Date: at(9), 'Last-Modified': at(8) },
    ],
    ['tag, weak at times', { ETag: '"1"' }, { ETag: 'W/"1"' }],
    ['tag and another time', { ETag: '"1"', 'Last-Modified': 'a' }, { ETag: '"1"' }],
  ])('is read whole where it keeps its %s', async (_, then, now) => {
    const read = await readFrom((first, last, part) => {
      const answer = part(first, last);
      const told = first < 1e5 ? then : now;
      for (const [name, value] of Object.entries(told)) answer.headers.set(name, value);
      return answer;
    });
    expect(read.samples).toEqual((await whole(1)).samples);
  });

  test('is told where parts are more than was asked for', async () => {
    const { failure } = await readFrom((_first, _last, part) => part(0, sample.size - 1));
    expect(failure!.message).toMatch(/does not answer range requests.*Add the file itself/);
  });

  test.each([0, 1, 29, 30, 137, 268, 269, 270])('goes on at sample %i as it was', async (from) => {
    const read = await whole(15);
    const decode = vi.spyOn(VideoDecoder.prototype, 'decode');
    const after = from > 0 ? { after: { read, sample: from - 1 } } : {};
    const later = await readVideo(sample, { sampleRate: 15, ...after });
    expect(later.samples).toEqual(read.samples.slice(from));
    expect(later.report).toEqual(read.report);
    expect(endOf(later)).toBe('none');
    expect(decode).toHaveBeenCalled();
    if (from > 100) expect(decode.mock.calls.length).toBeLessThan(FRAMES - 150);
    decode.mockRestore();
  });
});

describe('memory', () => {
  test('a slow taker never makes more than a few frames wait', async () => {
    const source = await openVideo(sample, { sampleRate: 'all' });
    let most = 0;
    let taken = 0;
    for await (const { image } of source.samples(new AbortController().signal)) {
      image.frame.close();
      if (taken++ % 10 === 0) await idle(30);
      most = Math.max(most, source.report().framesOpen);
      if (taken === 100) break;
    }
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(9);
    expect(source.report().framesOpen).toBe(0);
    await source.close();
  });

  test('a taker who keeps its frames open does not starve itself', async () => {
    const source = await openVideo(sample, { sampleRate: 'all' });
    const kept: VideoFrame[] = [];
    for await (const { image } of source.samples(new AbortController().signal)) {
      kept.push(image.frame);
      if (kept.length > 12) kept.shift()!.close();
      if (image.frame.timestamp > 4e6) break;
    }
    for (const frame of kept) frame.close();
    expect(source.report().framesOpen).toBe(0);
    await source.close();
  });

  test('aborting ends reading at once with its reason, and frees everything', async () => {
    const source = await openVideo(sample, { sampleRate: 'all' });
    const controller = new AbortController();
    const reason = new Error('enough');
    const read = async () => {
      for await (const { image } of source.samples(controller.signal)) {
        image.frame.close();
        if (image.frame.timestamp === 0) setTimeout(() => controller.abort(reason), 20);
      }
    };
    await expect(read()).rejects.toBe(reason);
    expect(source.report().framesOpen).toBe(0);
    await source.close();
  });

  test('closing while a sample is awaited ends the wait', async () => {
    const source = await openVideo(sample, { sampleRate: 'all' });
    const samples = source.samples(new AbortController().signal);
    (await samples.next()).value!.image.frame.close();
    const next = samples.next().then(
      ({ value }) => value?.image.frame.close(),
      () => {},
    );
    await source.close();
    await next;
    expect(source.report().framesOpen).toBe(0);
  });
});

describe('damage', () => {
  /** The sample with a frame's bytes overwritten: the one on display at a time. */
  const withoutFrame = async (seconds: number) => {
    const input = new Input({ formats: [MP4], source: new BlobSource(sample) });
    const sink = new EncodedPacketSink((await input.getPrimaryVideoTrack())!);
    const { data } = (await sink.getPacket(seconds))!;
    const at = bytes.findIndex((_, i) => data.every((byte, k) => bytes[i + k] === byte));
    input.dispose();
    const copy = bytes.slice();
    copy.fill(0xff, at, at + data.length);
    return new Blob([copy]);
  };

  test('a cut-off copy gives what it holds, then says so', async () => {
    const read = await readVideo(sample.slice(0, Math.round(sample.size * 0.6)));
    expect(endOf(read)).toBe('video-truncated');
    expect(read.failure!.message).toMatch(/can be read for \d+\.\d of its 18\.0 seconds/);
    expect(read.samples.length).toBeGreaterThan(200);
    expect(read.samples.length).toBeLessThan(FRAMES);
  });

  test('a frame overwritten in the middle costs its own group, counted, and the rest follows', async () => {
    const file = await withoutFrame(8);
    const first = await readVideo(file);
    expect(endOf(first)).toBe('none');
    const { framesExpected, framesDecoded, framesDamaged, damagedAtMs } = first.report!;
    expect(framesExpected).toBe(FRAMES);
    expect(framesDecoded + framesDamaged).toBe(FRAMES);
    expect(framesDamaged).toBeGreaterThan(0);
    expect(framesDamaged).toBeLessThan(51);
    expect(first.samples).toHaveLength(framesDecoded);
    expect(first.samples.at(-1)!.frame).toBe(FRAMES - 1);
    expect(first.report!.decoderRestarts).toBeGreaterThan(0);
    const seen = new Set(first.samples.map(({ timestampMs }) => timestampMs));
    expect(damagedAtMs.some((time) => seen.has(time))).toBe(false);
    expect((await readVideo(file)).samples).toEqual(first.samples);
  });

  test('goes on after a checkpoint in a damaged video as it was', async () => {
    const file = await withoutFrame(5);
    const read = await readVideo(file, { sampleRate: 15 });
    expect(read.report!.framesDamaged).toBeGreaterThan(0);
    for (const from of [20, 60, 100, 200]) {
      const later = await readVideo(file, { sampleRate: 15, after: { read, sample: from - 1 } });
      expect(later.samples, `${from}`).toEqual(read.samples.slice(from));
      const { decoderRestarts } = later.report!;
      expect(later.report, `${from}`).toEqual({ ...read.report!, decoderRestarts });
    }
  });

  test('what was lost before stays in the report, also when nothing more is read', async () => {
    const read = await readVideo(await withoutFrame(5), { sampleRate: 15 });
    const decode = { ...read.report!, decoderRestarts: 2 };
    const source = await openVideo(sample, { sampleRate: 15 });
    source.samples(AbortSignal.abort(), { samples: 270, timeSeconds: 18, decode });
    await source.close();
    expect(source.report()).toEqual(decode);
  });

  test('a decoder that the browser takes away is rebuilt without a loss', async () => {
    let left = 3;
    class ReclaimedDecoder extends VideoDecoder {
      #packets = 0;
      #error: (error: DOMException) => void;
      constructor(init: VideoDecoderInit) {
        super(init);
        this.#error = init.error;
      }
      override decode(chunk: EncodedVideoChunk): void {
        super.decode(chunk);
        if (++this.#packets < 60 || left === 0) return;
        left--;
        this.close();
        this.#error(new DOMException('Codec reclaimed due to inactivity.', 'QuotaExceededError'));
      }
    }
    vi.stubGlobal('VideoDecoder', ReclaimedDecoder);
    const { samples, report, failure } = await readVideo(sample);
    expect(failure).toBeUndefined();
    expect(samples.map(({ frame }) => frame)).toEqual(Array.from({ length: FRAMES }, (_, k) => k));
    expect(report).toMatchObject({ framesDamaged: 0, decoderRestarts: 3 });
  });

  test('a decoder that is always taken away fails the job', async () => {
    class StolenDecoder extends VideoDecoder {
      #error: (error: DOMException) => void;
      constructor(init: VideoDecoderInit) {
        super(init);
        this.#error = init.error;
      }
      override decode(): void {
        this.close();
        this.#error(new DOMException('Codec reclaimed.', 'QuotaExceededError'));
      }
    }
    vi.stubGlobal('VideoDecoder', StolenDecoder);
    expect(endOf(await readVideo(sample))).toBe('decoder-failed');
  });

  test('a file that changes while it is read is unreadable, not damaged', async () => {
    const root = await navigator.storage.getDirectory();
    const handle = await root.getFileHandle('changing.mp4', { create: true });
    const write = async (data: Blob) => {
      const stream = await handle.createWritable();
      await stream.write(data);
      await stream.close();
    };
    await write(sample);
    const file = await handle.getFile();
    const source = await openVideo(file, { sampleRate: 'all' });
    await idle(20);
    await write(new Blob(['gone']));
    const read = async () => {
      for await (const { image } of source.samples(new AbortController().signal)) {
        image.frame.close();
      }
    };
    await expect(read()).rejects.toMatchObject({ kind: 'object-unreadable' });
    await source.close();
    expect(source.report().framesOpen).toBe(0);
  });
});

describe('what is no readable video', () => {
  const zero = words(0);
  const ascii = (text: string) => new TextEncoder().encode(text);
  const opening = async (body: Blob | { url: string }): Promise<Failure> =>
    (await readVideo(body)).failure!;

  test.each([
    ['empty', new Uint8Array(0), 'not-a-video', 'empty'],
    ['text', new TextEncoder().encode('Shopping list: bread, milk'), 'not-a-video', 'a text file'],
    ['AVI', new TextEncoder().encode('RIFF\0\0\0\0AVI LIST'), 'not-a-video', 'an AVI video'],
    ['noise', Uint8Array.from({ length: 5000 }, (_, i) => (i * i * 31) >> 3), 'not-a-video', 'MP4'],
  ])('%s', async (_, content, kind, words) => {
    const failure = await opening(new Blob([content]));
    expect(failure.kind).toBe(kind);
    expect(failure.message).toContain(words);
  });

  test.each([
    ['heic', 'a HEIC picture'],
    ['avif', 'an AVIF picture'],
  ])('a picture in the boxes of MP4: %s', async (brand, name) => {
    const meta = box('meta', zero, box('hdlr', zero, zero, ascii('pict'), new Uint8Array(13)));
    const file = [box('ftyp', ascii(brand), zero, ascii(`mif1${brand}`)), meta, box('mdat', bytes)];
    const failure = await opening(new Blob(file));
    expect(failure).toMatchObject({ kind: 'not-a-video', message: expect.stringContaining(name) });
  });

  test('an MP4 without its index', async () => {
    const start = new Blob([bytes.slice(0, 32)]);
    expect(await opening(start)).toMatchObject({ kind: 'video-truncated' });
    expect(await opening(sample.slice(0, 2000))).toMatchObject({ kind: 'video-truncated' });
    const stream = await toContainer(await cutVideo(bytes, 75), 'fragmented mp4');
    const part = new Blob([stream.slice(findBox(stream, ['moof']).start)]);
    expect(await opening(part)).toMatchObject({ kind: 'video-truncated' });
  });

  test('an encrypted video', async () => {
    const failure = await opening({ url: '/test/fixtures/encrypted.mp4' });
    expect(failure).toMatchObject({ kind: 'video-encrypted' });
  });

  test('a codec that the browser lacks is named, with the remedy', async () => {
    const renamed = bytes.slice();
    const entry = new TextDecoder('latin1').decode(renamed).indexOf('avc1', 100);
    renamed.set(new TextEncoder().encode('mp4v'), entry);
    const failure = await opening(new Blob([renamed]));
    expect(failure.kind).toBe('codec-unsupported');
    expect(failure.message).toMatch(/MPEG-4 Part 2.*Convert it to H\.264/);
  });

  test('an address that has no video, or is on another site', async () => {
    expect(await opening({ url: 'https://video.invalid/x.mp4' })).toMatchObject({
      kind: 'object-unreadable',
      message: expect.stringContaining('another site'),
    });
    expect(await opening({ url: '/samples/missing.mp4' })).toBeDefined();
  });

  test('a sample rate that is none', async () => {
    await expect(openVideo(sample, { sampleRate: 0 })).rejects.toThrow(RangeError);
  });
});

describe('flipped bits end in a result or a failure, soon, with nothing left open', () => {
  const LIMIT_MS = 10_000;
  const flipped = (original: Uint8Array, seed: number): Blob => {
    const random = randomOf(seed);
    const copy = original.slice() as Uint8Array<ArrayBuffer>;
    const flips = 2 ** Math.floor(random() * 8);
    // Half of the files are hit in their first kilobytes, where the index is.
    const reach = seed % 2 === 0 ? copy.length : Math.min(copy.length, 12_000);
    for (let i = 0; i < flips; i++) copy[Math.floor(random() * reach)]! ^= 1 << (random() * 8);
    return new Blob([copy]);
  };
  const survives = async (original: Uint8Array, seed: number) => {
    const late = idle(LIMIT_MS).then(() => 'late');
    const read = await Promise.race([readVideo(flipped(original, seed)), late]);
    expect(read, `seed ${seed}`).not.toBe('late');
    const times = (read as Awaited<ReturnType<typeof readVideo>>).samples.map(
      ({ timeSeconds }) => timeSeconds,
    );
    expect(times, `seed ${seed}`).toEqual([...times].sort((a, b) => a - b));
  };

  test('in WebM and MP4 of 2 seconds', { timeout: 120_000 }, async () => {
    for (const codec of ['vp8', 'av1'] as const) {
      const video = await makeVideo({ seconds: 2, codec });
      const original = new Uint8Array(await video.arrayBuffer());
      for (let seed = 1; seed <= 16; seed++) await survives(original, seed);
    }
  });

  test('in the sample', { timeout: 120_000 }, async () => {
    for (let seed = 101; seed <= 108; seed++) await survives(bytes, seed);
  });
});
