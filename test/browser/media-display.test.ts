import { beforeAll, describe, expect, inject, test } from 'vitest';
import { expectToLookAsPlayed } from '../fixtures/as-played.ts';
import { cutVideo, joinVideos } from '../fixtures/copy-video.ts';
import { makeVideo } from '../fixtures/make-video.ts';
import { withMatrix } from '../fixtures/mp4-edit.ts';
import { readBytes, readVideo } from '../fixtures/read-video.ts';

let clip: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  const sample = await (await fetch('/samples/footpath-sample.mp4')).arrayBuffer();
  clip = await cutVideo(new Uint8Array(sample), 10);
});

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
