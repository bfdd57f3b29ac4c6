/** What is read of the sequence parameter set of H.264 video. ITU-T H.264, sections 7.3.2.1.1 and 7.4.2.1.1. */

import { Bits } from './avc-bits.ts';

const SEQUENCE_PARAMETER_SET = 7;
/** Profiles whose sets speak of chroma and scaling matrices. */
const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

/** More than any level allows: table A-1. */
const MOST_LINES = 16_896;

/** Width and height of pixels by their number: table E-1. */
const PIXEL_ASPECTS: readonly (readonly [width: number, height: number])[] = [
  [0, 0],
  [1, 1],
  [12, 11],
  [10, 11],
  [16, 11],
  [40, 33],
  [24, 11],
  [20, 11],
  [32, 11],
  [80, 33],
  [18, 11],
  [15, 11],
  [64, 33],
  [160, 99],
  [4, 3],
  [3, 2],
  [2, 1],
];
/** The number of those that are written out. */
const OTHER_ASPECT = 255;

/** Where a stream may have its parameters. */
export interface AvcStream {
  /** The container's codec configuration: an avcC. */
  readonly description?: Uint8Array;
  /** A packet of start codes and units, as transport streams have them. */
  readonly keyFrame: Uint8Array;
}

/** The first sequence parameter set, in the configuration or in the stream. @returns from its first byte on, and perhaps more */
export function sequenceParameters({ description, keyFrame }: AvcStream): Uint8Array | undefined {
  // ISO/IEC 14496-15, 5.3.3.1: version, profile, constraints, level, length size, count, length.
  const first = description && (description[5] ?? 0) & 31 ? description.subarray(8) : undefined;
  if (first && (first[0]! & 31) === SEQUENCE_PARAMETER_SET) return first;
  for (let at = 0; at + 8 < keyFrame.length; at++) {
    const startsUnit = keyFrame[at] === 0 && keyFrame[at + 1] === 0 && keyFrame[at + 2] === 1;
    if (startsUnit && (keyFrame[at + 3]! & 31) === SEQUENCE_PARAMETER_SET) {
      return keyFrame.subarray(at + 3);
    }
  }
  return undefined;
}

/** What a sequence parameter set says of the size of its pictures. */
export interface PictureSize {
  /** Pixels of a frame as it is shown, what is cut off left out. */
  readonly width: number;
  readonly height: number;
  /** How many times as wide as high its pixels are; absent where it does not say so. */
  readonly pixelAspect?: number;
  /** Lines of a field, before any are cut off, of video that may be interlaced; absent where all pictures are whole frames. */
  readonly fieldLines?: number;
}

/** How the headers of pictures are written: section 7.3.3. */
export interface PictureLayout {
  /** Whether the planes of colour are coded as pictures of their own. */
  readonly hasPlanes: boolean;
  /** Bits of a frame's number. */
  readonly numberBits: number;
  /** How the order of display is told, and in how many bits by type 0: section 8.2.1. */
  readonly orderType: number;
  readonly orderBits: number;
  /** Whether no picture is a field. */
  readonly isFramesOnly: boolean;
}

/**
 * The size of H.264 pictures.
 * @param parameters a sequence parameter set
 * @returns undefined where the set is damaged
 */
export function pictureSize(parameters: Uint8Array): PictureSize | undefined {
  return readSet(parameters)?.size;
}

/** How pictures are written. @param parameters a sequence parameter set @returns undefined where the set is damaged */
export function pictureLayout(parameters: Uint8Array): PictureLayout | undefined {
  return readSet(parameters)?.layout;
}

function readSet(
  parameters: Uint8Array,
): { readonly size: PictureSize; readonly layout: PictureLayout } | undefined {
  const bits = new Bits(parameters);
  bits.skip(8);
  const profile = bits.read(8);
  bits.skip(16);
  bits.readNumber();
  // Without a word on it, two columns and two lines of luma share a value of chroma.
  const { format, hasPlanes } = HIGH_PROFILES.has(profile)
    ? readChroma(bits)
    : { format: 1, hasPlanes: false };
  const numberBits = bits.readNumber() + 4;
  const { orderType, orderBits } = readPictureOrder(bits);
  bits.readNumber();
  bits.skip(1);
  const columns = 16 * (bits.readNumber() + 1);
  const lines = 16 * (bits.readNumber() + 1);
  const isFramesOnly = bits.read(1) === 1;
  bits.skip(isFramesOnly ? 1 : 2);
  const isCropped = bits.read(1) === 1;
  const [left, right, top, bottom] = [0, 0, 0, 0].map(() => (isCropped ? bits.readNumber() : 0));
  const fields = isFramesOnly ? 1 : 2;
  const width = columns - (left! + right!) * (format === 1 || format === 2 ? 2 : 1);
  const height = fields * (lines - (top! + bottom!) * (format === 1 ? 2 : 1));
  if (bits.isOver || lines > MOST_LINES || width < 1 || height < 1) return undefined;
  const pixelAspect = readPixelAspect(bits);
  return {
    size: {
      width,
      height,
      ...(pixelAspect && { pixelAspect }),
      ...(isFramesOnly ? {} : { fieldLines: lines }),
    },
    layout: { hasPlanes, numberBits, orderType, orderBits, isFramesOnly },
  };
}

/** Where the set goes on behind the size: section E.1.1. @returns undefined where nothing is said, or the set ends before */
function readPixelAspect(bits: Bits): number | undefined {
  const isSaid = bits.read(1) === 1 && bits.read(1) === 1;
  const number = isSaid ? bits.read(8) : 0;
  const [width, height] =
    number === OTHER_ASPECT ? [bits.read(16), bits.read(16)] : (PIXEL_ASPECTS[number] ?? [0, 0]);
  return !bits.isOver && width > 0 && height > 0 ? width / height : undefined;
}

/** @returns chroma_format_idc, or 0 where the planes of colour are coded as pictures of their own */
function readChroma(bits: Bits): { readonly format: number; readonly hasPlanes: boolean } {
  const format = bits.readNumber();
  const isSeparate = format === 3 && bits.read(1) === 1;
  bits.readNumber();
  bits.readNumber();
  bits.skip(1);
  const hasMatrices = bits.read(1) === 1;
  const matrices = hasMatrices ? (format === 3 ? 12 : 8) : 0;
  for (let i = 0; i < matrices; i++) if (bits.read(1) === 1) skipScalingList(bits, i < 6 ? 16 : 64);
  return { format: isSeparate ? 0 : format, hasPlanes: isSeparate };
}

/** Section 7.3.2.1.1.1. */
function skipScalingList(bits: Bits, size: number): void {
  let scale = 8;
  for (let i = 0; i < size && scale !== 0; i++) {
    const code = bits.readNumber();
    const difference = code % 2 === 0 ? -code / 2 : (code + 1) / 2;
    scale = (scale + difference + 256) % 256;
  }
}

function readPictureOrder(bits: Bits): {
  readonly orderType: number;
  readonly orderBits: number;
} {
  const orderType = bits.readNumber();
  const orderBits = orderType === 0 ? bits.readNumber() + 4 : 0;
  if (orderType !== 1) return { orderType, orderBits };
  bits.skip(1);
  bits.readNumber();
  bits.readNumber();
  const offsets = bits.readNumber();
  for (let i = 0; i < offsets && !bits.isOver; i++) bits.readNumber();
  return { orderType, orderBits };
}
