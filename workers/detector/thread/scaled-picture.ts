import type { DecodedImage } from '../../../src/media/decoded-image.ts';

/** Buffers for frames on their way to the network, used again and again; several frames may be on their way. */
const spare: Uint8ClampedArray<ArrayBuffer>[] = [];

/**
 * A frame's picture, scaled. Neither turned nor cut.
 *
 * Where the browser converts frames, not from the frame itself but from its pixels: Chromium keeps a full-size copy
 * of every frame that is drawn, up to half a gigabyte of them.
 *
 * @param frame stays open
 * @param width pixels of the picture, rounded
 * @param height pixels of the picture, rounded
 * @returns the caller's to close
 */
export async function scaledPicture(
  frame: VideoFrame,
  width: number,
  height: number,
): Promise<ImageBitmap> {
  const resize = {
    resizeWidth: Math.max(1, Math.round(width)),
    resizeHeight: Math.max(1, Math.round(height)),
    resizeQuality: 'medium',
  } as const;
  const { width: fromWidth = 0, height: fromHeight = 0 } = frame.visibleRect ?? {};
  const bytes = 4 * fromWidth * fromHeight;
  if (!convertsTo(frame, bytes)) return createImageBitmap(frame, resize);
  const shared = pixelsOf(frame, fromWidth, fromHeight);
  shared.users++;
  try {
    return await createImageBitmap(await shared.pixels, resize);
  } finally {
    if (--shared.users === 0) {
      converted.delete(frame);
      void shared.pixels.then(({ data }) => spare.push(data)).catch(() => undefined);
    }
  }
}

/** A frame's pixels for as long as somebody scales them: several input scales convert it once. */
function pixelsOf(frame: VideoFrame, width: number, height: number): SharedPixels {
  const known = converted.get(frame);
  if (known) return known;
  const bytes = 4 * width * height;
  const last = spare.pop();
  const buffer = last?.length === bytes ? last : new Uint8ClampedArray(bytes);
  const pixels = frame.copyTo(buffer, RGBA).then(() => new ImageData(buffer, width, height));
  const shared = { pixels, users: 0 };
  converted.set(frame, shared);
  return shared;
}

interface SharedPixels {
  readonly pixels: Promise<ImageData>;
  users: number;
}

const converted = new WeakMap<VideoFrame, SharedPixels>();

const RGBA = { format: 'RGBA' } as const;

/** Browsers that do not know the option throw, or ignore it and answer another size. */
function convertsTo(frame: VideoFrame, bytes: number): boolean {
  try {
    return bytes > 0 && frame.allocationSize(RGBA) === bytes;
  } catch {
    return false;
  }
}

/** How a decoded frame is to be turned for display. */
export type Turned = Pick<DecodedImage, 'rotation' | 'isMirrored'>;

/** Draws a picture as it is displayed into the canvas's top left, over black: where it is transparent, nothing of an earlier one shows. */
export function drawUpright(
  context: OffscreenCanvasRenderingContext2D,
  picture: ImageBitmap,
  { rotation, isMirrored }: Turned,
): void {
  const { width, height } = picture;
  const [turnedWidth, turnedHeight] = rotation % 180 === 0 ? [width, height] : [height, width];
  context.save();
  context.translate(turnedWidth / 2, turnedHeight / 2);
  if (isMirrored) context.scale(-1, 1);
  context.rotate((rotation * Math.PI) / 180);
  context.fillStyle = 'black';
  context.fillRect(-width / 2, -height / 2, width, height);
  context.drawImage(picture, -width / 2, -height / 2);
  context.restore();
}
