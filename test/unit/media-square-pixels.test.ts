import type { InputVideoTrack } from 'mediabunny';
import { expect, test } from 'vitest';
import { squarePixels } from '../../src/media/square-pixels.ts';

test.each([
  ['square', [640, 360], [640, 360], [640, 360]],
  ['wide', [720, 576], [1024, 576], [1024, 576]],
  ['a wide picture in a narrow frame', [480, 1080], [1920, 1080], [1920, 1080]],
  ['milliards of lines', [640, 360], [640, 3_600_000_000], [640, 360]],
  ['a line', [640, 360], [640_000_000, 360], [640, 360]],
  ['nothing', [640, 360], [0, 360], [640, 360]],
])('frames stretched to %s', async (_, [codedWidth, codedHeight], [width, height], shown) => {
  const track = {
    getCodedWidth: async () => codedWidth,
    getCodedHeight: async () => codedHeight,
    getSquarePixelWidth: async () => width,
    getSquarePixelHeight: async () => height,
  } as unknown as InputVideoTrack;
  expect(Object.values(await squarePixels(track))).toEqual(shown);
});

test.each([
  ['wide', [1920, 1080], 0, [1920, 1080]],
  ['high', [1080, 1080], 0, [1440, 1440]],
  ['but for rounding as they are', [1438, 1080], 0, [1440, 1080]],
  ['twice as large', [2880, 2160], 0, [1440, 1080]],
  ['as they are once turned', [1080, 1440], 90, [1440, 1080]],
  ['wide, and turned', [1920, 1080], 90, [1920, 1080]],
  ['a line', [1440, 1], 0, [1440, 1080]],
])('frames of 1440x1080 that a header shows %s', async (_, [width, height], turn, shown) => {
  const track = {
    getCodedWidth: async () => 1440,
    getCodedHeight: async () => 1080,
    getSquarePixelWidth: async () => 1440,
    getSquarePixelHeight: async () => 1080,
    getRotation: async () => turn,
  } as unknown as InputVideoTrack;
  const found = await squarePixels(track, { width: width!, height: height! });
  expect(Object.values(found)).toEqual(shown);
});
