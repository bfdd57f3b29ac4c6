/**
 * What a look at every packet of a transport stream tells: where packets are, what is to be added to its clock, and what is
 * missing.
 */
import { type StreamTimes, unbrokenTimes } from './transport-clock.ts';
import {
  hasStartCode,
  isStart,
  modulo,
  PACKET,
  payloadOf,
  pidOf,
  START_CODE,
  SYNC,
  startsFrame,
  timesOf,
} from './transport-packet.ts';
import { TransportPrograms } from './transport-programs.ts';
import type { VideoBytes } from './video-bytes.ts';

/** Bytes read at once. */
const BLOCK = 2 ** 21;

/** Packets that follow each other in the file. */
export interface Run {
  /** Ordinal of the first. */
  readonly packet: number;
  /** Where it is in the file. */
  readonly at: number;
}

/** Packets by their ordinals: from the first to the one before `to`. */
export interface Stretch {
  readonly packet: number;
  to: number;
}

/** From a packet on, what is added to the times of a stream's frames, in ticks. */
export interface Shift {
  readonly packet: number;
  readonly ticks: number;
}

/** Where a transport stream begins in a file, and how far apart its packets are. */
export interface Sync {
  readonly at: number;
  readonly stride: number;
}

/** One look at every packet. */
export class TransportScan {
  readonly runs: Run[] = [];
  packets = 0;
  isCut = false;
  /** Stretches of the file that are no packets. */
  #passedOver = 0;
  readonly #bytes: VideoBytes;
  readonly #size: number;
  readonly #sync: Sync;
  readonly #streams = new Map<number, ScannedStream>();
  readonly #programs = new TransportPrograms();
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
        if (at !== next) {
          // What stands before the first packet is no part of the stream.
          if (this.packets > 0) this.#passedOver++;
          this.runs.push({ packet: this.packets, at });
        }
        this.#read(here.subarray(0, PACKET));
        this.packets++;
        next = at + stride;
      }
      at = following;
    }
    const isBegun = at < this.#size && (await this.#look(at))[0] === SYNC;
    this.isCut = isBegun || [...this.#streams.values()].some(({ missing }) => missing > 0);
  }

  /** Places where pictures may be missing: no packets, lost ones, and frames without a beginning or a time. */
  get unread(): number {
    let places = this.#passedOver;
    for (const { broken, untimed, gaps, packets } of this.#streams.values()) {
      places += broken + untimed.length;
      // Who counts packets wrongly throughout does not count them.
      if (gaps < packets.length / 2) places += Math.max(0, gaps - this.#passedOver);
    }
    return places;
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

  /** Streams that are kept from the reader: tables of programs that are not read. */
  hidden(): ReadonlySet<number> {
    return this.#programs.hidden((pid) => (this.#streams.get(pid)?.frames.length ?? 0) > 0);
  }

  /** Packets of each stream that are kept from its reader. */
  untimed(): Map<number, readonly Stretch[]> {
    // Where most have none there is nothing left without them.
    const few = [...this.#streams].filter(
      ([, { untimed, frames }]) => untimed.length < frames.length,
    );
    return new Map(few.map(([pid, { untimed }]) => [pid, untimed]));
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
    const known = this.#streams.get(pid);
    if (isStart(packet)) this.#programs.read(pid, payload);
    if (startsFrame(packet, payload)) {
      const stream = known ?? new ScannedStream();
      this.#streams.set(pid, stream);
      stream.count(packet);
      // A length of 0 says that it goes on to the next one: section 2.4.3.7.
      const length = payload[4]! * 256 + payload[5]!;
      stream.missing = length === 0 ? 0 : length + 6 - payload.length;
      const times = timesOf(payload);
      stream.begin(this.packets, times !== undefined);
      if (!times) return;
      stream.frames.push(times);
      stream.packets.push(this.packets);
    } else if (known) {
      known.count(packet);
      known.missing -= payload.length;
      if (isStart(packet) && payload.length >= START_CODE.length && !hasStartCode(payload)) {
        known.broken++;
      }
    }
  }
}

/** What was seen of a stream of video. */
class ScannedStream {
  readonly frames: StreamTimes[] = [];
  /** The packet in which each frame begins. */
  readonly packets: number[] = [];
  /** Bytes of the last frame that are to come, where it says how many it has. */
  missing = 0;
  /** Packets of frames without a time: their reader would end there. */
  readonly untimed: Stretch[] = [];
  /** Frames whose header is none. */
  broken = 0;
  /** Places where packets are missing, by their own count. */
  gaps = 0;
  #last: number | undefined;

  /** A frame begins in a packet. */
  begin(packet: number, isTimed: boolean): void {
    const last = this.untimed.at(-1);
    if (last?.to === Number.POSITIVE_INFINITY) last.to = packet;
    if (!isTimed) this.untimed.push({ packet, to: Number.POSITIVE_INFINITY });
  }

  /** Looks whether the packet is the one that follows: section 2.4.3.3, continuity_counter. */
  count(packet: Uint8Array): void {
    const control = (packet[3]! >> 4) & 3;
    if ((control & 1) === 0) return;
    const counter = packet[3]! & 0x0f;
    const last = this.#last;
    this.#last = counter;
    if (last === undefined || counter === ((last + 1) & 0x0f) || counter === last) return;
    const isAnnounced = control === 3 && packet[4]! > 0 && (packet[5]! & 0x80) !== 0;
    // Where recordings are joined, a frame begins: nothing of it is missing.
    if (!isAnnounced && !isStart(packet)) this.gaps++;
  }
}
