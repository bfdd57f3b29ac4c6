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
