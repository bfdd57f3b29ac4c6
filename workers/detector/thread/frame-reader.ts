import type { Pixels } from '../../../src/detect/colour-histogram.ts';
import { type Placement, placeFrame, type Size } from '../../../src/detect/input-size.ts';
import type { ModelInput } from '../../../src/detect/manifest.ts';
import type { DecodedImage } from '../../../src/media/decoded-image.ts';
import type { NetworkInput } from './network-input.ts';
import { drawUpright, scaledPicture, type Turned } from './scaled-picture.ts';

/** Reads frames at the network's size: scaled, as displayed, normalised. */
export interface FrameReader<Values = NetworkInput> {
  /** Takes from a frame, which stays open, what is needed of it. To be read or dropped. */
  take(image: DecodedImage): Promise<TakenFrame<Values>>;
}

/** A frame at the network's scale. */
export interface TakenFrame<Values = NetworkInput> {
  /** Where the frame lies in the input. */
  readonly placement: Placement;
  /** Frees what was taken; once. */
  read(): ReadFrame<Values>;
  /** Frees it too, where nobody wants to read it. */
  drop(): void;
}

/** A frame as the network takes it. */
export interface ReadFrame<Values = NetworkInput> {
  /** What the network takes; reused by a later frame. */
  readonly values: Values;
  /** The same numbers in the same place, bit for bit, as those read before. */
  readonly unchanged: boolean;
  /** The picture behind the values, to be asked for once; until the next frame but one is read. */
  pixels(): Promise<Pixels>;
}

/** A reader for one network and one input size. */
export function createFrameReader(input: ModelInput, size: Size): FrameReader<Float32Array> {
  const canvas = new OffscreenCanvas(size.width, size.height);
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
  if (!context) throw new Error('The browser gives no 2D canvas.');
  context.imageSmoothingQuality = 'medium';
  const values = new Float32Array(3 * size.width * size.height);
  const tables = channelTables(input);
  const shade = input.margin ?? 0;
  const margin = `rgb(${shade} ${shade} ${shade})`;

  let previous = new Int32Array(0);
  let previousPlace: Placement | undefined;

  const read = (bitmap: ImageBitmap, image: Turned, placement: Placement) => {
    if (input.fit === 'letterbox') {
      context.fillStyle = margin;
      context.fillRect(0, 0, size.width, size.height);
    }
    drawUpright(context, bitmap, image);
    bitmap.close();
    const picture = context.getImageData(0, 0, size.width, size.height);
    const { data } = picture;
    const pixels = async () => picture;
    const shades = new Int32Array(data.buffer);
    if (isSame(shades, previous) && isSamePlace(placement, previousPlace)) {
      return { values, unchanged: true, pixels };
    }
    previous = shades;
    previousPlace = placement;
    const [first, second, third] = tables;
    for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
      values[to] = first[data[from]!]!;
      values[to + 1] = second[data[from + 1]!]!;
      values[to + 2] = third[data[from + 2]!]!;
    }
    if (input.channels === 'bgr') swapRedAndBlue(values);
    return { values, unchanged: false, pixels };
  };

  return {
    async take(image) {
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
      return {
        placement,
        read: () => read(picture, image, placement),
        drop: () => picture.close(),
      };
    },
  };
}

/** Whether pictures are the same, pixel by pixel. */
export function isSame(a: Int32Array, b: Int32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Whether frames lie in the same place of an input. */
export function isSamePlace(a: Placement, b: Placement | undefined): boolean {
  return a.scaleX === b?.scaleX && a.scaleY === b.scaleY && a.left === b.left && a.top === b.top;
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
