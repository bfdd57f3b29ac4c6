import type { InputVideoTrack } from 'mediabunny';

/** Pixels that are so many times as wide as high, or as high as wide, are a number that nobody wrote on purpose. */
const MOST_STRETCHED = 16;

/**
 * The size of a track's frames in square pixels, before they are turned. Where the container stretches them beyond reason, to a
 * line or to billions of pixels, they are as they are coded.
 */
export async function squarePixels(
  track: InputVideoTrack,
): Promise<{ readonly width: number; readonly height: number }> {
  const coded = { width: await track.getCodedWidth(), height: await track.getCodedHeight() };
  const width = await track.getSquarePixelWidth();
  const height = await track.getSquarePixelHeight();
  const shape = width / coded.width / (height / coded.height);
  return shape >= 1 / MOST_STRETCHED && shape <= MOST_STRETCHED ? { width, height } : coded;
}
