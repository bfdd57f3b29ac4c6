import type { InputVideoTrack } from 'mediabunny';
import type { FrameSize } from '../engine/common-frame.ts';

/** Pixels that are so many times as wide as high, or as high as wide, are a number that nobody wrote on purpose. */
const MOST_STRETCHED = 16;

/** Shapes this close are the same but for rounding. */
const SAME_SHAPE = 0.02;

/**
 * The size of a track's frames in square pixels, before they are turned. Where the container stretches them beyond reason, to a
 * line or to billions of pixels, they are as they are coded.
 * @param shown see {@link MendedBytes.shownSizes}
 */
export async function squarePixels(track: InputVideoTrack, shown?: FrameSize): Promise<FrameSize> {
  const coded = { width: await track.getCodedWidth(), height: await track.getCodedHeight() };
  const square = {
    width: await track.getSquarePixelWidth(),
    height: await track.getSquarePixelHeight(),
  };
  const shape = shapeOf(shown ?? square) / shapeOf(coded);
  if (!(shape >= 1 / MOST_STRETCHED && shape <= MOST_STRETCHED)) return coded;
  if (!shown) return square;
  // Some write the size of the frame as it is once it was turned.
  const isTurned = (await track.getRotation()) % 180 !== 0;
  const turned = shapeOf({ width: shown.height, height: shown.width }) / shapeOf(coded);
  if (isSame(shape) || (isTurned && isSame(turned))) return coded;
  return shape > 1
    ? { width: Math.round(coded.width * shape), height: coded.height }
    : { width: coded.width, height: Math.round(coded.height / shape) };
}

function shapeOf({ width, height }: FrameSize): number {
  return width / height;
}

function isSame(ratio: number): boolean {
  return Math.abs(ratio - 1) < SAME_SHAPE;
}
