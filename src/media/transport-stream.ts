/**
 * MPEG transport streams as their reader needs them: whole packets of 188 bytes from the first on, and one clock from
 * the first frame to the last. Cameras and broadcasts give neither. The bytes are mended as they are read; nothing is
 * copied. ISO/IEC 13818-1.
 */
import { Failure } from '../contract/failure.ts';
import type { Stretch } from './scanned-stream.ts';
import {
  joinToPrevious,
  modulo,
  PACKET,
  payloadOf,
  pidOf,
  SYNC,
  startsFrame,
  timesOf,
  writeTime,
} from './transport-packet.ts';
import { type Run, type Shift, type Sync, TransportScan } from './transport-scan.ts';
import type { MendedBytes, VideoBytes } from './video-bytes.ts';

/** Bytes from one packet to the next: plain, with a time before each (M2TS), with error correction behind each. */
const STRIDES = [PACKET, 192, 204];
/** How far a stream's first packet is looked for, in bytes. */
const REACH = 2 ** 16;
/** Packets in a row that make a stream. */
const IN_A_ROW = 5;

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

/** Reads a transport stream through once. @throws Failure `times-unusable`; what `bytes` throws */
export async function mendTransportStream(bytes: VideoBytes, sync: Sync): Promise<MendedBytes> {
  const scan = new TransportScan(bytes, await bytes.size(), sync);
  await scan.run();
  if (scan.isUntimed) throw untimed();
  return new MendedStream(bytes, sync.stride, scan);
}

function untimed(): Failure {
  return new Failure(
    'times-unusable',
    'Most of the pictures in the video have no time, so it cannot be told when anybody is where. Convert it to H.264 in an MP4 file with a frame rate and try again.',
  );
}

class MendedStream implements MendedBytes {
  readonly isCut: boolean;
  readonly unread: number;
  readonly isJoined = false;
  readonly isEncrypted: boolean;
  readonly #bytes: VideoBytes;
  readonly #stride: number;
  /** What comes before the packets of the file. */
  readonly #table: Uint8Array;
  readonly #packets: number;
  readonly #runs: readonly Run[];
  readonly #shifts: ReadonlyMap<number, readonly Shift[]>;
  readonly #kept: ReadonlyMap<number, readonly Stretch[]>;
  readonly #continued: ReadonlyMap<number, ReadonlySet<number>>;
  readonly #renamed: ReadonlyMap<number, number>;

  constructor(bytes: VideoBytes, stride: number, scan: TransportScan) {
    this.#bytes = bytes;
    this.#stride = stride;
    this.#table = scan.table() ?? new Uint8Array(0);
    this.#packets = scan.packets;
    this.#runs = scan.runs;
    this.#shifts = scan.shifts();
    this.#kept = scan.kept();
    this.#continued = scan.continued();
    this.#renamed = scan.renamed;
    this.isEncrypted = scan.isEncrypted;
    this.isCut = scan.isCut;
    this.unread = scan.unread;
  }

  async size(): Promise<number> {
    return this.#table.length + this.#packets * PACKET;
  }

  async read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    const before = this.#table.length;
    if (start >= before) return this.#readPackets(start - before, end - before);
    const all = new Uint8Array(end - start);
    all.set(this.#table.subarray(start, end));
    if (end > before) all.set(await this.#readPackets(0, end - before), before - start);
    return all;
  }

  async #readPackets(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
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
    const told = pidOf(packet);
    const pid = this.#renamed.get(told) ?? told;
    if (pid !== told) {
      packet[1] = (packet[1]! & 0xe0) | (pid >> 8);
      packet[2] = pid & 0xff;
    }
    const kept = lastUpTo(this.#kept.get(pid) ?? [], ordinal);
    if (kept && ordinal < kept.to) {
      // A null packet: section 2.4.3.3, table 2-3.
      packet[1] = 0x1f;
      packet[2] = 0xff;
      return;
    }
    const continued = this.#continued.get(pid);
    if (continued?.has(ordinal)) {
      joinToPrevious(packet);
      return;
    }
    const shifts = this.#shifts.get(pid);
    const payload = shifts || continued ? payloadOf(packet) : undefined;
    const times = payload && startsFrame(packet, payload) && timesOf(payload);
    if (!times) return;
    // It ends where another one begins, not where it says.
    if (continued) payload.fill(0, 4, 6);
    const shift = shifts && lastUpTo(shifts, ordinal);
    if (shift) writeTime(payload, 9, modulo(times.shown + shift.ticks));
  }
}

/** The last one that begins with a packet or before. @param all in order */
function lastUpTo<Place extends { readonly packet: number }>(
  all: readonly Place[],
  packet: number,
): Place | undefined {
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (all[middle]!.packet <= packet) low = middle + 1;
    else high = middle;
  }
  return all[low - 1];
}
