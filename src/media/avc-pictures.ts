/**
 * What is read of the pictures of H.264 video: which are fields of one frame, and in which order they are shown. ITU-T H.264,
 * sections 7.3.3 (slice headers), 7.4.1.2.4 (where a picture begins) and 8.2.1 (picture order count).
 */
import { Bits } from './avc-bits.ts';
import { type PictureLayout, pictureLayout } from './avc-parameters.ts';

/** Bytes of a slice that are looked at: its header begins with what is wanted. */
const HEADER_BYTES = 40;
const SEQUENCE_PARAMETER_SET = 7;

/** A picture as its first slice tells. */
export interface CodedPicture {
  /** Whether nothing before it is needed to decode what follows: the order counts anew from it. */
  readonly isFirst: boolean;
  /** The number of its frame. */
  readonly frame: number;
  /** Which lines it has, where these are not all. */
  readonly field: 'top' | 'bottom' | undefined;
  /** Ascending in order of display; undefined where the stream does not tell it in a way that is known here. */
  readonly order: number | undefined;
  /** The order of the last picture that others need: the next one counts from it. */
  readonly reference: number;
}

/** Whether two pictures that follow each other are the fields of one frame. */
export function isSecondField(first: CodedPicture, second: CodedPicture): boolean {
  return (
    first.field !== undefined &&
    second.field !== undefined &&
    first.field !== second.field &&
    first.frame === second.frame &&
    !second.isFirst
  );
}

/** Reads pictures in order of decoding. */
export class AvcPictures {
  readonly #lengthBytes: number;
  #layout: PictureLayout;

  /**
   * @param layout as the container's parameters, or the first ones of the stream, say
   * @param lengthBytes how many a unit's length takes; 0 where units have start codes
   */
  constructor(layout: PictureLayout, lengthBytes: number) {
    this.#layout = layout;
    this.#lengthBytes = lengthBytes;
  }

  /** @param before the picture before it @returns undefined where there is none, or a damaged one */
  read(packet: Uint8Array, before: CodedPicture | undefined): CodedPicture | undefined {
    for (const unit of unitsOf(packet, this.#lengthBytes)) {
      const type = unit[0]! & 31;
      if (type === SEQUENCE_PARAMETER_SET) this.#layout = pictureLayout(unit) ?? this.#layout;
      if (type === 1 || type === 5) return this.#readSlice(unit, before);
    }
    return undefined;
  }

  #readSlice(unit: Uint8Array, before: CodedPicture | undefined): CodedPicture | undefined {
    const { hasPlanes, numberBits, isFramesOnly } = this.#layout;
    const isFirst = (unit[0]! & 31) === 5;
    const bits = new Bits(unit.subarray(0, HEADER_BYTES));
    bits.skip(8);
    for (let i = 0; i < 3; i++) bits.readNumber();
    if (hasPlanes) bits.skip(2);
    const frame = bits.read(numberBits);
    const isField = !isFramesOnly && bits.read(1) === 1;
    const field = isField ? (bits.read(1) === 1 ? 'bottom' : 'top') : undefined;
    if (isFirst) bits.readNumber();
    const order = this.#readOrder(bits, isFirst ? undefined : before);
    if (bits.isOver) return undefined;
    const isReference = (unit[0]! & 0x60) !== 0;
    const reference = isReference ? (order ?? 0) : isFirst ? 0 : (before?.reference ?? 0);
    return { isFirst, frame, field, order, reference };
  }

  /** Sections 8.2.1.1 and 8.2.1.3. */
  #readOrder(bits: Bits, before: CodedPicture | undefined): number | undefined {
    const { orderType, orderBits } = this.#layout;
    // Pictures are shown as they are decoded: by two steps each, as most encoders of the other type count.
    if (orderType === 2) return before?.order === undefined ? 0 : before.order + 2;
    if (orderType !== 0) return undefined;
    const span = 2 ** orderBits;
    const low = bits.read(orderBits);
    const last = before?.reference ?? 0;
    return low + span * Math.round((last - low) / span);
  }
}

/** The units of a packet, each from its first byte on, and perhaps with more behind it. */
function* unitsOf(packet: Uint8Array, lengthBytes: number): Generator<Uint8Array> {
  if (lengthBytes === 0) {
    for (let one = packet.indexOf(1, 2); one >= 0; one = packet.indexOf(1, one + 1)) {
      const isStart = packet[one - 1] === 0 && packet[one - 2] === 0;
      if (isStart && one + 1 < packet.length) yield packet.subarray(one + 1);
    }
    return;
  }
  for (let at = 0; at + lengthBytes < packet.length; ) {
    let length = 0;
    for (let i = 0; i < lengthBytes; i++) length = length * 256 + packet[at++]!;
    if (length > 0) yield packet.subarray(at, at + length);
    at += length;
  }
}
