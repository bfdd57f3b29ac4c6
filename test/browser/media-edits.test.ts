import { beforeAll, describe, expect, inject, test } from 'vitest';
import { openVideo } from '../../src/media/open-video.ts';
import { expectToLookAsPlayed } from '../fixtures/as-played.ts';
import { cutVideo, toContainer } from '../fixtures/copy-video.ts';
import {
  type ShownPart,
  withDataHandler,
  withEdits,
  withFollowingFragments,
  withFragments,
} from '../fixtures/mp4-edit.ts';
import { readBytes, readParts, readVideo } from '../fixtures/read-video.ts';

const FRAMES = 75;
/** Fragments end at key frames. */
const FRAMES_A_FRAGMENT = 50;
let clip: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  const sample = await (await fetch('/samples/footpath-sample.mp4')).arrayBuffer();
  clip = await cutVideo(new Uint8Array(sample), FRAMES);
});

/** Milliseconds from `first` on, 40 apart. */
const every40 = (first: number, count: number) =>
  Array.from({ length: count }, (_, k) => first + 40 * k);

describe('an edit list', () => {
  test.each<[string, ShownPart[], number[], number]>([
    ['that shows all', [{ seconds: 3, from: 0 }], every40(0, 75), 3000],
    ['with an end', [{ seconds: 1.2, from: 0 }], every40(0, 30), 1200],
    ['with a beginning', [{ seconds: 1, from: 1.2 }], every40(0, 25), 1000],
    ['that ends within a frame', [{ seconds: 1.22, from: 0 }], every40(0, 31), 1220],
    ['that begins within a frame', [{ seconds: 1, from: 0.06 }], [0, ...every40(20, 25)], 1000],
    [
      'of two parts',
      [
        { seconds: 0.8, from: 0 },
        { seconds: 0.8, from: 1.6 },
      ],
      every40(0, 40),
      1600,
    ],
    [
      'whose parts go on where the last one ended',
      [
        { seconds: 0.5, from: 0 },
        { seconds: 0.5, from: 0.5 },
      ],
      every40(0, 25),
      1000,
    ],
    [
      'that shows a part twice, and the end before the beginning',
      [
        { seconds: 0.4, from: 2.4 },
        { seconds: 0.4, from: 0 },
        { seconds: 0.4, from: 2.4 },
      ],
      every40(0, 30),
      1200,
    ],
    [
      'with an empty part between',
      [{ seconds: 0.4, from: 0 }, { seconds: 1 }, { seconds: 0.4, from: 2 }],
      [...every40(0, 10), ...every40(1400, 10)],
      1800,
    ],
    [
      'that starts with an empty part',
      [{ seconds: 1 }, { seconds: 0.4, from: 0 }],
      every40(0, 10),
      400,
    ],
    [
      'at twice the speed',
      [{ seconds: 1, from: 0, rate: 2 }],
      Array.from({ length: 50 }, (_, k) => 20 * k),
      1000,
    ],
    [
      'at half the speed',
      [{ seconds: 2, from: 1, rate: 0.5 }],
      Array.from({ length: 25 }, (_, k) => 80 * k),
      2000,
    ],
    [
      'that stands still',
      [
        { seconds: 0.4, from: 0 },
        { seconds: 2, from: 1.4, rate: 0 },
        { seconds: 0.4, from: 1.4 },
      ],
      [...every40(0, 10), 400, ...every40(2400, 10)],
      2800,
    ],
    ['that goes beyond the end', [{ seconds: 9, from: 2 }], every40(0, 25), 1000],
    ['without a length', [{ seconds: 0, from: 2 }], every40(0, 25), 1000],
  ])('%s is shown as it says', async (_, parts, times, durationMs) => {
    const read = await readVideo(new Blob([withEdits(clip, parts)]));
    expect(read.failure?.message).toBeUndefined();
    expect(read.samples.map(({ timestampMs }) => timestampMs)).toEqual(times);
    expect(read.samples.map(({ frame }) => frame)).toEqual(times.map((_, k) => k));
    expect(read.report).toMatchObject({ framesExpected: times.length, framesDamaged: 0 });
    expect(read.info!.durationMs).toBe(durationMs);
  });

  test('that shows nothing leaves no picture', async () => {
    const read = await readVideo(new Blob([withEdits(clip, [{ seconds: 3 }])]));
    expect(read.failure).toMatchObject({ kind: 'no-frame' });
  });

  test('goes on after a checkpoint as it was', async () => {
    const parts = [
      { seconds: 0.8, from: 1.6 },
      { seconds: 0.8, from: 0 },
      { seconds: 0.8, from: 1.2 },
    ];
    const file = new Blob([withEdits(clip, parts)]);
    const read = await readVideo(file, { sampleRate: 15 });
    for (const from of [1, 12, 13, 24, 35]) {
      const later = await readVideo(file, { sampleRate: 15, after: { read, sample: from - 1 } });
      expect(later.samples, `${from}`).toEqual(read.samples.slice(from));
      expect(later.report, `${from}`).toEqual(read.report);
    }
  });

  test('of a file that is cut behind what is shown is whole', async () => {
    const shown = withEdits(clip, [{ seconds: 0.8, from: 0 }]);
    // Behind the second key frame; the next frame is missing, and then hundreds are.
    for (const bytes of [1000, 60_000]) {
      const { samples, failure } = await readVideo(new Blob([shown.slice(0, -bytes)]));
      expect(failure?.message).toBeUndefined();
      expect(samples).toHaveLength(20);
    }
  });

  test.each<[ShownPart[], number[]]>([
    [[{ seconds: 1, from: 1.2 }], [0.02, 0.5, 0.98]],
    [
      [
        { seconds: 0.8, from: 0 },
        { seconds: 0.8, from: 2 },
      ],
      [0.02, 0.78, 0.82, 1.58],
    ],
  ])('is shown as the browser plays it: %j', async (parts, times) => {
    const file = new Blob([withEdits(clip, parts)]);
    for (const seconds of times) await expectToLookAsPlayed(file, seconds);
  });

  const shared = inject('shared');
  test.skipIf(shared === '').each([
    ['edit_end.mp4', 30, 1200],
    ['edit_two.mp4', 40, 1600],
  ])('%s', async (name, frames, durationMs) => {
    const path = `${shared}/data/cases/03-edit-list/${name}`;
    const { samples, failure, info } = await readVideo(new Blob([await readBytes(path)]));
    expect(failure?.message).toBeUndefined();
    expect(samples.map(({ timestampMs }) => timestampMs)).toEqual(every40(0, frames));
    expect(info!.durationMs).toBe(durationMs);
  });

  test('of many parts that show nothing leaves the thread to whoever wants to stop it', async () => {
    const parts = Array.from({ length: 1000 }, () => ({ seconds: 0.001, from: 10 }));
    const file = new Blob([withEdits(clip, parts)]);
    let turns = 0;
    const others = setInterval(() => turns++);
    const source = await openVideo(file, { sampleRate: 'all' });
    clearInterval(others);
    await source.close();
    expect(turns).toBeGreaterThan(30);
  });
});

test('an MP4 with another one joined to it says so, wherever their indexes stand', async () => {
  for (const file of [
    clip,
    new Uint8Array(await (await fetch('/samples/footpath-sample.mp4')).arrayBuffer()),
  ]) {
    const { samples, failure } = await readVideo(new Blob([file, clip]), { sampleRate: 5 });
    expect(failure?.kind).toBe('video-truncated');
    expect(failure!.message).toContain('another video file begins there');
    expect(samples.length).toBe(file === clip ? 15 : 90);
  }
});

test('a fragmented MP4 is read whole', async () => {
  const { samples, failure, info } = await readVideo(
    new Blob([await toContainer(clip, 'fragmented mp4')]),
  );
  expect(failure?.message).toBeUndefined();
  expect(samples.map(({ timestampMs }) => timestampMs)).toEqual(every40(0, FRAMES));
  expect(info!.durationMs).toBe(3000);
});

test.each([
  ['in another order', [1, 0], 75],
  ['that are there twice', [1, 1, 0], 100],
])(
  'fragments %s come one behind the other, whatever their list of edits',
  async (_, order, frames) => {
    const mp4 = await toContainer(clip, 'fragmented mp4');
    for (const file of [mp4, withEdits(mp4, [{ seconds: 0, from: 0 }])]) {
      const video = new Blob([withFragments(file, order)]);
      const { samples, failure, report, info } = await readVideo(video);
      expect(failure?.message).toBeUndefined();
      expect(samples.map(({ timestampMs }) => timestampMs)).toEqual(every40(0, frames));
      expect(report).toMatchObject({ framesExpected: frames, framesDamaged: 0 });
      expect(info!.durationMs).toBe(40 * frames);
    }
  },
);

test('fragments that do not say when they begin follow on one another, in order of decoding', async () => {
  const fragmented = await toContainer(clip, 'fragmented mp4');
  const text = new TextDecoder('latin1').decode(fragmented);
  for (const { index } of text.matchAll(/tfdt|mfra/g)) {
    fragmented.set(new TextEncoder().encode('free'), index);
  }
  const file = new Blob([fragmented]);
  const read = await readVideo(file);
  expect(read.failure?.message).toBeUndefined();
  expect(read.samples.map(({ timestampMs }) => timestampMs)).toEqual(every40(0, FRAMES));
  expect(read.info).toMatchObject({ durationMs: 3000, frameRate: 25 });
  expect(read.report!.framesDamaged).toBe(0);
  expect(await readParts(file, 'all', [0.5, 1.5])).toEqual(read.samples);
  const cut = await readVideo(file.slice(0, -1000));
  expect(cut.failure?.kind).toBe('video-truncated');
  expect(cut.samples.slice(0, 70)).toEqual(read.samples.slice(0, 70));
});

test.each(['MP4', 'MOV'])(
  'fragments behind frames that the index of an %s lists itself are read too, from anywhere',
  async (kind) => {
    const fragmented = await toContainer(clip, 'fragmented mp4');
    const mp4 = withFollowingFragments(await cutVideo(clip, FRAMES_A_FRAGMENT), fragmented);
    const hybrid = kind === 'MOV' ? withDataHandler(mp4) : mp4;
    const read = await readVideo(new Blob([hybrid]));
    expect(read.failure?.message).toBeUndefined();
    expect(read.samples.map(({ timestampMs }) => timestampMs)).toEqual(every40(0, FRAMES));
    expect(read.info!.durationMs).toBe(3000);
    expect(read.report!.partsUnread).toBeUndefined();
    expect(await readParts(new Blob([hybrid]), 'all', [0.5, 1.5])).toEqual(read.samples);
    const later = await readVideo(new Blob([hybrid]), { after: { read, sample: 60 } });
    expect(later.samples).toEqual(read.samples.slice(61));

    const cut = await readVideo(new Blob([hybrid.subarray(0, -1000)]));
    expect(cut.failure?.kind).toBe('video-truncated');
    // What tells frames once more that the index lists is no continuation.
    const twice = withFollowingFragments(clip, fragmented);
    const doubled = await readVideo(new Blob([twice]));
    expect(doubled.samples).toHaveLength(FRAMES);
    expect(doubled.report!.partsUnread).toBe(1);
  },
);
