import { Failure } from '../../../../src/contract/failure.ts';
import type { Pixels } from '../../../../src/detect/colour-histogram.ts';
import { type Placement, placeFrame, type Size } from '../../../../src/detect/input-size.ts';
import type { ModelInput } from '../../../../src/detect/manifest.ts';
import type { DecodedImage } from '../../../../src/media/decoded-image.ts';
import { type FrameReader, isSame, isSamePlace } from '../frame-reader.ts';
import { scaledPicture } from '../scaled-picture.ts';
import type { Workshop } from './compile.ts';
import { FrameCopier } from './frame-planes.ts';
import { PictureScaler } from './picture-scaler.ts';
import { turnPicture } from './turn-picture.ts';

/** Writes a frame, scaled, as it was decoded: four bytes a pixel, lines one behind the other. */
type Draw = (address: number) => void;

/** A frame to be drawn, or dropped. */
interface Drawing {
  readonly draw: Draw;
  readonly drop: () => void;
}

/** A picture of the network's input, and the frame that was drawn into it last. */
interface Picture {
  readonly address: number;
  drawn?: Size;
  placement?: Placement;
}

/** Pixels of a line that are written together. */
const LANES = 8;

/**
 * Readers of frames for a network in 8-bit integers, one an input scale, that share what they can: a frame is copied once. Its
 * colours are converted and it is scaled in whole numbers, so that every device gives the same picture; by the browser
 * only where that gives no pixels in a known form.
 * @returns makes the reader of an input scale; one frame at a time
 */
export function createPictureReaders(
  input: ModelInput,
  workshop: Pick<Workshop, 'arena' | 'kernels'>,
): (size: Size) => FrameReader<Pixels> {
  const copier = new FrameCopier(workshop);
  const scaler = new PictureScaler(workshop);
  return (size) => createReader(input, size, workshop.arena, copier, scaler);
}

function createReader(
  input: ModelInput,
  size: Size,
  arena: Workshop['arena'],
  copier: FrameCopier,
  scaler: PictureScaler,
): FrameReader<Pixels> {
  const { width, height } = size;
  const allocate = () => arena.allocate(4 * width * height);
  // In turn, so that a frame is compared with the one before where both lie.
  let current: Picture = { address: allocate() };
  let before: Picture = { address: allocate() };
  // A frame before it is turned and set into the input; lines may be written a vector too long.
  let lying: number | undefined;
  const shade = input.margin ?? 0;
  const margin = 0xff000000 | (shade << 16) | (shade << 8) | shade;

  const words = ({ address }: Picture) => arena.words(address, width * height);

  const read = (draw: Draw, image: DecodedImage, drawn: Size, placement: Placement) => {
    [current, before] = [before, current];
    const { address, drawn: last } = current;
    // What lies around the frame is there since the last one of its size.
    if (drawn.width !== last?.width || drawn.height !== last.height) words(current).fill(margin);
    current.drawn = drawn;
    current.placement = placement;
    if (image.rotation === 0 && !image.isMirrored && drawn.width === width && width % LANES === 0) {
      draw(address);
    } else {
      lying ??= allocate();
      draw(lying);
      const from = arena.words(lying, drawn.width * drawn.height);
      turnPicture(from, drawn, image, words(current), width);
    }
    const unchanged =
      isSamePlace(placement, before.placement) && isSame(words(current), words(before));
    const values: Pixels = {
      width,
      height,
      // Another scale may make the arena grow before this one is run, and views of it do not outlive that.
      get data() {
        return new Uint8ClampedArray(arena.memory.buffer, address, 4 * width * height);
      },
    };
    return { values, unchanged, pixels: async () => values };
  };

  return {
    async take(image) {
      const { left, top, scaleX, scaleY } = placeFrame(input.fit, size, image);
      // The picture has whole pixels: where things lie follows it, not the wish.
      const drawn = {
        width: Math.min(width, Math.max(1, Math.round(image.width * scaleX))),
        height: Math.min(height, Math.max(1, Math.round(image.height * scaleY))),
      };
      const placement = {
        ...{ left, top },
        ...{ scaleX: drawn.width / image.width, scaleY: drawn.height / image.height },
      };
      const coded =
        image.rotation % 180 === 0 ? drawn : { width: drawn.height, height: drawn.width };
      const { draw, drop } = await drawing(image.frame, coded, arena, copier, scaler);
      return { placement, read: () => read(draw, image, drawn, placement), drop };
    },
  };
}

/** How a frame is drawn: from its planes, or by the browser where those cannot be had. */
async function drawing(
  frame: VideoFrame,
  coded: Size,
  arena: Workshop['arena'],
  copier: FrameCopier,
  scaler: PictureScaler,
): Promise<Drawing> {
  const { width, height } = coded;
  const planes = await copier.copy(frame).catch((error) => {
    // Where memory is short that is not another way to the same picture, nearly.
    if (error instanceof Failure) throw error;
    return undefined;
  });
  if (planes) return { draw: (address) => scaler.scale(planes, coded, address), drop() {} };
  const bitmap = await scaledPicture(frame, width, height);
  const draw = (address: number) => {
    const context = new OffscreenCanvas(width, height).getContext('2d', { alpha: false });
    if (!context) throw new Error('The browser gives no 2D canvas.');
    context.drawImage(bitmap, 0, 0, width, height);
    bitmap.close();
    const { data } = context.getImageData(0, 0, width, height);
    arena.bytes(address, data.length).set(data);
  };
  return { draw, drop: () => bitmap.close() };
}
