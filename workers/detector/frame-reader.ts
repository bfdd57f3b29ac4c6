import { type Placement, placeFrame, type Size } from '../../src/detect/input-size.ts';
import type { ModelInput } from '../../src/detect/manifest.ts';
import type { DecodedImage } from '../../src/media/decoded-image.ts';

/** Reads frames at the network's size: scaled, upright, normalised. */
export interface FrameReader {
  /**
   * Does not close the frame.
   * @returns `values`, reused by the next call, and where the frame lies in them
   */
  read(image: DecodedImage): { values: Float32Array; placement: Placement };
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
    read(image) {
      const placement = placeFrame(input.fit, size, image);
      const width = image.width * placement.scaleX;
      const height = image.height * placement.scaleY;
      if (input.fit === 'letterbox') {
        context.fillStyle = margin;
        context.fillRect(0, 0, size.width, size.height);
      }
      drawUpright(context, image, width, height);
      const { data } = context.getImageData(0, 0, size.width, size.height);
      const [first, second, third] = tables;
      for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
        values[to] = first[data[from]!]!;
        values[to + 1] = second[data[from + 1]!]!;
        values[to + 2] = third[data[from + 2]!]!;
      }
      if (input.channels === 'bgr') swapRedAndBlue(values);
      return { values, placement };
    },
  };
}

/** Draws the frame turned upright into the canvas's top left, `width` x `height` afterwards. */
function drawUpright(
  context: OffscreenCanvasRenderingContext2D,
  { frame, rotation }: DecodedImage,
  width: number,
  height: number,
): void {
  const sideways = rotation === 90 || rotation === 270;
  context.save();
  context.translate(width / 2, height / 2);
  context.rotate((rotation * Math.PI) / 180);
  const [w, h] = sideways ? [height, width] : [width, height];
  context.drawImage(frame, -w / 2, -h / 2, w, h);
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
