/**
 * Packets of MPEG transport streams, and the headers of the frames that they carry. ISO/IEC 13818-1, sections 2.4.3.2
 * (packets), 2.4.3.4 (adaptation field) and 2.4.3.6 (PES packets).
 */
import { type StreamTimes, TICKS } from './transport-clock.ts';

/** Bytes of a packet. */
export const PACKET = 188;
/** What every packet begins with. */
export const SYNC = 0x47;
/** What PES packets begin with: packet_start_code_prefix. */
export const START_CODE = [0, 0, 1];

/** Which stream a packet is of: its PID. */
export function pidOf(packet: Uint8Array): number {
  return ((packet[1]! & 0x1f) << 8) | packet[2]!;
}

/** What a packet carries, behind its adaptation field. */
export function payloadOf(packet: Uint8Array): Uint8Array {
  const control = (packet[3]! >> 4) & 3;
  if ((control & 1) === 0) return packet.subarray(PACKET);
  return packet.subarray(control === 3 ? Math.min(PACKET, 5 + packet[4]!) : 4);
}

/** Whether a PES packet of video begins here: stream identifiers 0xE0 to 0xEF. */
export function startsFrame(packet: Uint8Array, payload: Uint8Array): boolean {
  // Its header, with a time where it says that there is one.
  const least = payload[7]! >> 6 === 0 ? 9 : 14;
  return (
    isStart(packet) && payload.length >= least && hasStartCode(payload) && isVideo(payload[3]!)
  );
}

/** Whether a payload begins as PES packets do. */
export function hasStartCode(payload: Uint8Array): boolean {
  return START_CODE.every((byte, i) => payload[i] === byte);
}

/** Whether something begins in a packet: payload_unit_start_indicator. */
export function isStart(packet: Uint8Array): boolean {
  return (packet[1]! & 0x40) !== 0;
}

function isVideo(streamId: number): boolean {
  return streamId >= 0xe0 && streamId <= 0xef;
}

/** When a frame is shown and decoded, in ticks; undefined where its header does not say. @param payload begins with it */
export function timesOf(payload: Uint8Array): StreamTimes | undefined {
  const told = payload[7]! >> 6;
  if (told < 2) return undefined;
  const shown = readTime(payload, 9);
  return told === 3 && payload.length >= 19 ? { shown, decoded: readTime(payload, 14) } : { shown };
}

/** 33 bits in five bytes, a marker bit after the 3rd, 18th and 33rd: table 2-21. */
function readTime(bytes: Uint8Array, at: number): number {
  const high = (bytes[at]! >> 1) & 7;
  const middle = ((bytes[at + 1]! << 8) | bytes[at + 2]!) >> 1;
  const low = ((bytes[at + 3]! << 8) | bytes[at + 4]!) >> 1;
  return high * 2 ** 30 + middle * 2 ** 15 + low;
}

/** Puts a time there. */
export function writeTime(bytes: Uint8Array, at: number, ticks: number): void {
  const high = Math.floor(ticks / 2 ** 30);
  const middle = Math.floor(ticks / 2 ** 15) & 0x7fff;
  const low = ticks & 0x7fff;
  bytes[at] = (bytes[at]! & 0xf0) | (high << 1) | 1;
  bytes[at + 1] = middle >> 7;
  bytes[at + 2] = ((middle << 1) & 0xff) | 1;
  bytes[at + 3] = low >> 7;
  bytes[at + 4] = ((low << 1) & 0xff) | 1;
}

/** A time on the stream's clock, which wraps. */
export function modulo(ticks: number): number {
  return ticks - TICKS * Math.floor(ticks / TICKS);
}

/**
 * Whether a PES packet goes on with the picture of the one before it. Large pictures lie in several, as one has at most 64 KiB
 * where it says its length, and the first alone has a time. Rec. ITU-T H.264, section 7.4.1.2.3, and H.265, 7.4.2.4.4: what a
 * picture begins with.
 * @param payload begins with the packet's header
 */
export function continuesPicture(payload: Uint8Array, isHevc: boolean): boolean {
  const coded = payload.subarray(9 + payload[8]!);
  // Too little for a picture: what is left of one.
  if (coded.length < 7) return coded[0] !== 0 || coded[1] !== 0;
  const one = coded.indexOf(1);
  const isUnit = one >= 2 && coded.subarray(0, one).every((byte) => byte === 0);
  if (!isUnit) return true;
  const [head = 0, second = 0, third = 0] = coded.subarray(one + 1);
  if (!isHevc) {
    const type = head & 31;
    // A slice that is not its picture's first one: of its first number, not all bits are 1.
    if (type === 1 || type === 5) return second < 0x80;
    return type < 6 || (type > 9 && type < 14) || type > 18;
  }
  const type = (head >> 1) & 63;
  if (type < 32) return third < 0x80;
  return [36, 37, 38, 40, 45, 46, 47].includes(type) || type > 55;
}

/** Makes a packet that begins something one that goes on with what was before: its header becomes padding. */
export function joinToPrevious(packet: Uint8Array): void {
  const payload = payloadOf(packet);
  const start = PACKET - payload.length;
  const end = Math.min(PACKET, start + 9 + payload[8]!);
  packet[1]! &= 0xbf;
  // An adaptation field without flags, unless there was one that has some.
  const hasFlags = start > 5;
  packet[3]! |= 0x20;
  packet[4] = end - 5;
  if (!hasFlags) packet[5] = 0;
  packet.fill(0xff, Math.max(6, start), end);
}

/**
 * Whether the pictures of a PES packet are of H.264 or of HEVC, as far as what they begin with tells: delimiters and parameter sets.
 * @param payload begins with the packet's header
 * @returns undefined where it does not tell
 */
export function codingOf(payload: Uint8Array): 'avc' | 'hevc' | undefined {
  const coded = payload.subarray(9 + payload[8]!);
  const one = coded.indexOf(1);
  if (one < 2 || coded.subarray(0, one).some((byte) => byte !== 0)) return undefined;
  const [head = 0, second = 0] = coded.subarray(one + 1);
  // Sequence parameters and delimiters of H.264, whose first bit is 0.
  if (head < 0x80 && [7, 9].includes(head & 31)) return 'avc';
  // Those of HEVC in its first layer: delimiters, parameters of video and sequence.
  return second === 1 && [0x40, 0x42, 0x46].includes(head) ? 'hevc' : undefined;
}
