import { expect, test } from 'vitest';
import { pictureSize } from '../../src/media/avc-parameters.ts';

/** Sequence parameter sets as x264 writes them. */
test.each([
  [
    '640x360, interlaced, with scaling matrices',
    '6764001eacb20140c3e79a808080a0000003002000000641e2c5c9',
    { width: 640, height: 360, fieldLines: 192 },
  ],
  [
    '720x576, interlaced, main profile, pixels 12 to 11',
    '674d401eeca05a126c09a808080a000003000200000300643e28532c',
    { width: 720, height: 576, pixelAspect: 12 / 11, fieldLines: 288 },
  ],
  [
    '720x576, interlaced, 4:4:4 with matrices',
    '67f4001e919b2816848a6a020202800000030080000019078b16cb',
    { width: 720, height: 576, fieldLines: 288 },
  ],
  [
    '1440x1080, interlaced, pixels 4 to 3',
    '674d4028f402d0227ef0e6a020202800000300080000030190f8b175',
    { width: 1440, height: 1080, pixelAspect: 4 / 3, fieldLines: 544 },
  ],
  [
    '320x180, frames alone',
    '6764000cacd941419f9e6a020202800000030080000019078a14cb',
    { width: 320, height: 180 },
  ],
  [
    '720x576, pixels 7 to 5, which has no number',
    '67f4001e919b2816824dff80038002880000030008000003019078b16cb0',
    { width: 720, height: 576, pixelAspect: 7 / 5 },
  ],
])('the size of pictures: %s', (_, hex, size) => {
  const bytes = Uint8Array.from(hex.match(/../g)!, (digits) => Number.parseInt(digits, 16));
  expect(pictureSize(bytes)).toEqual(size);
});

test('of a damaged set nothing is told', () => {
  expect(pictureSize(Uint8Array.of(0x67, 0x64, 0, 30, 0xac))).toBeUndefined();
  expect(pictureSize(new Uint8Array(1000))).toBeUndefined();
  expect(pictureSize(new Uint8Array(0))).toBeUndefined();
});
