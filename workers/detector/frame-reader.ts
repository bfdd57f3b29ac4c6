import { type Placement, placeFrame, type Size } from '../../src/detect/input-size.ts';
import type { ModelInput } from '../../src/detect/manifest.ts';
import type { DecodedImage, Rotation } from '../../src/media/decoded-image.ts';
import { scaledPicture } from './scaled-picture.ts';

/** Reads frames at the network's size: scaled, upright, normalised. */
export interface FrameReader {
  /** Scales a frame, which stays open. The picture is for `read` to close. */
  scale(image: DecodedImage): Promise<ScaledImage>;
  /**
   * Closes the picture.
   * @returns height x width x 3 numbers as the manifest's input says, overwritten by the next call
   */
  read(scaled: ScaledImage): Float32Array;
}

/** A frame at the network's scale, not yet upright. */
export interface ScaledImage {
  readonly picture: ImageBitmap;
  readonly rotation: Rotation;
  readonly placement: Placement;
}

/** A reader for one network and one input size. */
export function createFrameReader(input: ModelInput, size: Size): FrameReader {
  const canvas = new OffscreenCanvas(size.width, size.height);
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
  if (!context) throw new Error('The browser gives no 2D canvas.');
  context.imageSmoothingQuality = 'medium';
  const values = new Float32Array(3 * size.width * size.height);
  const tables = channelTables(input);
  const shade = input.margin ?? 0;
  const margin = `rgb(${shade} ${shade} ${shade})`;

  return {
    async scale(image) {
      const { frame, rotation } = image;
      const { left, top, scaleX, scaleY } = placeFrame(input.fit, size, image);
      const turn = <T>(pair: [T, T]): [T, T] => (rotation % 180 === 0 ? pair : [pair[1], pair[0]]);
      const picture = await scaledPicture(
        frame,
        ...turn([image.width * scaleX, image.height * scaleY]),
      );
      // The picture has whole pixels: where things lie follows it, not the wish.
      const [width, height] = turn([picture.width, picture.height]);
      const placement = { left, top, scaleX: width / image.width, scaleY: height / image.height };
      return { picture, rotation, placement };
    },
    read({ picture, rotation }) {
      if (input.fit === 'letterbox') {
        context.fillStyle = margin;
        context.fillRect(0, 0, size.width, size.height);
      }
      drawUpright(context, picture, rotation);
      picture.close();
      const { data } = context.getImageData(0, 0, size.width, size.height);
      const [first, second, third] = tables;
      for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
        values[to] = first[data[from]!]!;
        values[to + 1] = second[data[from + 1]!]!;
        values[to + 2] = third[data[from + 2]!]!;
      }
      if (input.channels === 'bgr') swapRedAndBlue(values);
      return values;
    },
  };
}

/** Draws a picture turned upright into the canvas's top left. */
function drawUpright(
  context: OffscreenCanvasRenderingContext2D,
  picture: ImageBitmap,
  rotation: Rotation,
): void {
  const { width, height } = picture;
  const [turnedWidth, turnedHeight] = rotation % 180 === 0 ? [width, height] : [height, width];
  context.save();
  context.translate(turnedWidth / 2, turnedHeight / 2);
  context.rotate((rotation * Math.PI) / 180);
  context.drawImage(picture, -width / 2, -height / 2);
  context.restore();
}

/** For each channel of the picture (red, green, blue): the value of each of the 256 shades. */
function channelTables({
  channels,
  mean,
  std,
}: ModelInput): [Float32Array, Float32Array, Float32Array] {
  const table = (channel: number): Float32Array =>
    Float32Array.from({ length: 256 }, (_, shade) => (shade - mean[channel]!) / std[channel]!);
  return channels === 'rgb' ? [table(0), table(1), table(2)] : [table(2), table(1), table(0)];
}

function swapRedAndBlue(values: Float32Array): void {
  for (let i = 0; i < values.length; i += 3) {
    const red = values[i]!;
    values[i] = values[i + 2]!;
    values[i + 2] = red;
  }
}
