/** What is read of the sequence parameter set of H.264 video. ITU-T H.264, sections 7.3.2.1.1 and 7.4.2.1.1. */

const SEQUENCE_PARAMETER_SET = 7;
/** Profiles whose sets speak of chroma and scaling matrices. */
const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

/** More than any level allows: table A-1. */
const MOST_LINES = 16_896;

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

/**
 * Lines of a field, before any are cut off, of video that may be interlaced: a frame has twice as many.
 * @param parameters a sequence parameter set
 * @returns undefined where all pictures are whole frames, or the set is damaged
 */
export function fieldLines(parameters: Uint8Array): number | undefined {
  const bits = new Bits(parameters);
  bits.skip(8);
  const profile = bits.read(8);
  bits.skip(16);
  bits.readNumber();
  if (HIGH_PROFILES.has(profile)) skipChroma(bits);
  bits.readNumber();
  skipPictureOrder(bits);
  bits.readNumber();
  bits.skip(1);
  bits.readNumber();
  const lines = 16 * (bits.readNumber() + 1);
  const isFramesOnly = bits.read(1) === 1;
  return isFramesOnly || bits.isOver || lines > MOST_LINES ? undefined : lines;
}

function skipChroma(bits: Bits): void {
  const format = bits.readNumber();
  if (format === 3) bits.skip(1);
  bits.readNumber();
  bits.readNumber();
  bits.skip(1);
  const hasMatrices = bits.read(1) === 1;
  const matrices = hasMatrices ? (format === 3 ? 12 : 8) : 0;
  for (let i = 0; i < matrices; i++) if (bits.read(1) === 1) skipScalingList(bits, i < 6 ? 16 : 64);
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

function skipPictureOrder(bits: Bits): void {
  const type = bits.readNumber();
  if (type === 0) bits.readNumber();
  if (type !== 1) return;
  bits.skip(1);
  bits.readNumber();
  bits.readNumber();
  const offsets = bits.readNumber();
  for (let i = 0; i < offsets && !bits.isOver; i++) bits.readNumber();
}

/** The bits of a unit, those left out that keep start codes from its content: section 7.4.1. */
class Bits {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(unit: Uint8Array) {
    // A set has some hundred bytes at most.
    const head = unit.subarray(0, 1024);
    this.#bytes = head.filter(
      (byte, i) => byte !== 3 || i < 2 || head[i - 1] !== 0 || head[i - 2] !== 0,
    );
  }

  /** Whether more was read than there is. */
  get isOver(): boolean {
    return this.#at > 8 * this.#bytes.length;
  }

  skip(count: number): void {
    this.#at += count;
  }

  read(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++, this.#at++) {
      value = value * 2 + (((this.#bytes[this.#at >> 3] ?? 0) >> (7 - (this.#at & 7))) & 1);
    }
    return value;
  }

  /** An Exp-Golomb code: section 9.1. */
  readNumber(): number {
    let zeros = 0;
    while (!this.isOver && zeros < 32 && this.read(1) === 0) zeros++;
    return 2 ** zeros - 1 + this.read(zeros);
  }
}
