/**
 * MPEG transport streams as their reader needs them: whole packets of 188 bytes from the first on, and one clock from
 * the first frame to the last. Cameras and broadcasts give neither. The bytes are mended as they are read; nothing is
 * copied. ISO/IEC 13818-1, sections 2.4.3.2 (packets), 2.4.3.4 (adaptation field) and 2.4.3.6 (PES packets).
 */
import { type StreamTimes, TICKS, unbrokenTimes } from './transport-clock.ts';
import type { MendedBytes, VideoBytes } from './video-bytes.ts';

const PACKET = 188;
const SYNC = 0x47;
/** Bytes from one packet to the next: plain, with a time before each (M2TS), with error correction behind each. */
const STRIDES = [PACKET, 192, 204];
/** How far a stream's first packet is looked for, in bytes. */
const REACH = 2 ** 16;
/** Packets in a row that make a stream. */
const IN_A_ROW = 5;
/** Bytes read at once. */
const BLOCK = 2 ** 21;

/** Packets that follow each other in the file. */
interface Run {
  /** Ordinal of the first. */
  readonly packet: number;
  /** Where it is in the file. */
  readonly at: number;
}

/** From a packet on, what is added to the times of a stream's frames, in ticks. */
interface Shift {
  readonly packet: number;
  readonly ticks: number;
}

/** Where a transport stream begins in a file, and how far apart its packets are. */
export interface Sync {
  readonly at: number;
  readonly stride: number;
}

/** @param head the first bytes of a file, 64 KiB suffice @returns undefined where they hold no transport stream */
export function findSync(head: Uint8Array): Sync | undefined {
  for (let at = 0; at < Math.min(head.length, REACH); at++) {
    const stride = STRIDES.find((candidate) => isStream(head, at, candidate));
    if (stride !== undefined) return { at, stride };
  }
  return undefined;
}

function isStream(head: Uint8Array, at: number, stride: number): boolean {
  const packets = Math.min(IN_A_ROW, Math.floor((head.length - at) / stride));
  for (let i = 0; i < packets; i++) {
    const packet = at + i * stride;
    // Without adaptation field and payload a packet is not allowed, and text is not taken for a stream.
    if (head[packet] !== SYNC || (head[packet + 3]! & 0x30) === 0) return false;
  }
  return packets >= 3;
}

/** Reads a transport stream through once. @throws what `bytes` throws */
export async function mendTransportStream(bytes: VideoBytes, sync: Sync): Promise<MendedBytes> {
  const scan = new Scan(bytes, await bytes.size(), sync);
  await scan.run();
  return new MendedStream(bytes, sync.stride, scan);
}

/** One look at every packet. */
class Scan {
  readonly runs: Run[] = [];
  packets = 0;
  isCut = false;
  readonly #bytes: VideoBytes;
  readonly #size: number;
  readonly #sync: Sync;
  readonly #streams = new Map<number, ScannedStream>();
  #block: Uint8Array = new Uint8Array(0);
  #blockAt = 0;

  constructor(bytes: VideoBytes, size: number, sync: Sync) {
    this.#bytes = bytes;
    this.#size = size;
    this.#sync = sync;
  }

  async run(): Promise<void> {
    const { stride } = this.#sync;
    let at = this.#sync.at;
    let next = Number.NaN;
    while (at + PACKET <= this.#size) {
      const here = await this.#look(at);
      // One first byte may be damaged, this one's or the next one's. Else something is missing, or in between.
      const isInPlace =
        [0, stride, 2 * stride].filter((k) => (here[k] ?? SYNC) !== SYNC).length < 2;
      const following = isInPlace ? at + stride : await this.#resync(at + 1);
      if (isInPlace || (here[0] === SYNC && following >= at + PACKET)) {
        if (at !== next) this.runs.push({ packet: this.packets, at });
        this.#read(here.subarray(0, PACKET));
        this.packets++;
        next = at + stride;
      }
      at = following;
    }
    const isBegun = at < this.#size && (await this.#look(at))[0] === SYNC;
    this.isCut = isBegun || [...this.#streams.values()].some(({ missing }) => missing > 0);
  }

  /** What is added to each stream's times, by its packet identifier; none where nothing is. */
  shifts(): Map<number, Shift[]> {
    const all = new Map<number, Shift[]>();
    for (const [pid, { frames, packets }] of this.#streams) {
      const shifts: Shift[] = [];
      let before = 0;
      unbrokenTimes(frames).forEach((time, i) => {
        const ticks = modulo(time - frames[i]!.shown);
        if (ticks !== before) shifts.push({ packet: packets[i]!, ticks });
        before = ticks;
      });
      if (shifts.length > 0) all.set(pid, shifts);
    }
    return all;
  }

  /** Bytes from a place on: two packets and the first byte of a third at least, where the file has them. */
  async #look(at: number): Promise<Uint8Array> {
    const wanted = Math.min(at + 2 * this.#sync.stride + 1, this.#size);
    if (at < this.#blockAt || wanted > this.#blockAt + this.#block.length) {
      this.#block = await this.#bytes.read(at, Math.min(at + BLOCK, this.#size));
      this.#blockAt = at;
    }
    return this.#block.subarray(at - this.#blockAt);
  }

  /** Where packets go on after bytes that are none. */
  async #resync(from: number): Promise<number> {
    for (let at = from; at < this.#size; ) {
      const here = await this.#look(at);
      const found = here.indexOf(SYNC);
      if (found < 0) {
        at += here.length;
      } else {
        at += found;
        const packet = await this.#look(at);
        const { stride } = this.#sync;
        if ([stride, 2 * stride].every((k) => (packet[k] ?? SYNC) === SYNC)) return at;
        at++;
      }
    }
    return this.#size;
  }

  #read(packet: Uint8Array): void {
    const pid = pidOf(packet);
    const payload = payloadOf(packet);
    if (startsFrame(packet, payload)) {
      const stream = this.#streams.get(pid) ?? { frames: [], packets: [], missing: 0 };
      this.#streams.set(pid, stream);
      // A length of 0 says that it goes on to the next one: section 2.4.3.7.
      const length = payload[4]! * 256 + payload[5]!;
      stream.missing = length === 0 ? 0 : length + 6 - payload.length;
      const times = timesOf(payload);
      if (!times) return;
      stream.frames.push(times);
      stream.packets.push(this.packets);
    } else {
      const stream = this.#streams.get(pid);
      if (stream) stream.missing -= payload.length;
    }
  }
}

interface ScannedStream {
  readonly frames: StreamTimes[];
  /** The packet in which each frame begins. */
  readonly packets: number[];
  /** Bytes of the last frame that are to come, where it says how many it has. */
  missing: number;
}

class MendedStream implements MendedBytes {
  readonly isCut: boolean;
  readonly #bytes: VideoBytes;
  readonly #stride: number;
  readonly #packets: number;
  readonly #runs: readonly Run[];
  readonly #shifts: ReadonlyMap<number, readonly Shift[]>;

  constructor(bytes: VideoBytes, stride: number, scan: Scan) {
    this.#bytes = bytes;
    this.#stride = stride;
    this.#packets = scan.packets;
    this.#runs = scan.runs;
    this.#shifts = scan.shifts();
    this.isCut = scan.isCut;
  }

  async size(): Promise<number> {
    return this.#packets * PACKET;
  }

  async read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    const first = Math.floor(start / PACKET);
    const last = Math.ceil(end / PACKET);
    const mended = new Uint8Array((last - first) * PACKET);
    for (let packet = first; packet < last; ) {
      const run = this.#runs.findLastIndex((candidate) => candidate.packet <= packet);
      const { packet: runStart, at } = this.#runs[run]!;
      const until = Math.min(last, this.#runs[run + 1]?.packet ?? last);
      const from = at + (packet - runStart) * this.#stride;
      const to = at + (until - 1 - runStart) * this.#stride + PACKET;
      const read = await this.#bytes.read(from, to);
      for (let offset = 0; packet < until; packet++, offset += this.#stride) {
        const to = (packet - first) * PACKET;
        mended.set(read.subarray(offset, offset + PACKET), to);
        this.#mend(mended.subarray(to, to + PACKET), packet);
      }
    }
    return mended.subarray(start - first * PACKET, end - first * PACKET);
  }

  #mend(packet: Uint8Array, ordinal: number): void {
    packet[0] = SYNC;
    const shifts = this.#shifts.get(pidOf(packet));
    const payload = shifts && payloadOf(packet);
    const times = payload && startsFrame(packet, payload) && timesOf(payload);
    if (!times) return;
    const shift = lastUpTo(shifts, ordinal);
    if (shift) writeTime(payload, 9, modulo(times.shown + shift.ticks));
  }
}

function lastUpTo(shifts: readonly Shift[], packet: number): Shift | undefined {
  let low = 0;
  let high = shifts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (shifts[middle]!.packet <= packet) low = middle + 1;
    else high = middle;
  }
  return shifts[low - 1];
}

function pidOf(packet: Uint8Array): number {
  return ((packet[1]! & 0x1f) << 8) | packet[2]!;
}

function payloadOf(packet: Uint8Array): Uint8Array {
  const control = (packet[3]! >> 4) & 3;
  if ((control & 1) === 0) return packet.subarray(PACKET);
  return packet.subarray(control === 3 ? Math.min(PACKET, 5 + packet[4]!) : 4);
}

/** Whether a PES packet of video begins here: stream identifiers 0xE0 to 0xEF. */
function startsFrame(packet: Uint8Array, payload: Uint8Array): boolean {
  const isStart = (packet[1]! & 0x40) !== 0 && payload.length >= 14;
  return (
    isStart && payload[0] === 0 && payload[1] === 0 && payload[2] === 1 && isVideo(payload[3]!)
  );
}

function isVideo(streamId: number): boolean {
  return streamId >= 0xe0 && streamId <= 0xef;
}

function timesOf(payload: Uint8Array): StreamTimes | undefined {
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

function writeTime(bytes: Uint8Array, at: number, ticks: number): void {
  const high = Math.floor(ticks / 2 ** 30);
  const middle = Math.floor(ticks / 2 ** 15) & 0x7fff;
  const low = ticks & 0x7fff;
  bytes[at] = (bytes[at]! & 0xf0) | (high << 1) | 1;
  bytes[at + 1] = middle >> 7;
  bytes[at + 2] = ((middle << 1) & 0xff) | 1;
  bytes[at + 3] = low >> 7;
  bytes[at + 4] = ((low << 1) & 0xff) | 1;
}

function modulo(ticks: number): number {
  return ticks - TICKS * Math.floor(ticks / TICKS);
}
