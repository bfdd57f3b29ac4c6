/**
 * What a look at every packet of a transport stream tells: where packets are, what is to be added to its clock, and what is
 * missing.
 */
import { ScannedStream, type Stretch } from './scanned-stream.ts';
import { unbrokenTimes } from './transport-clock.ts';
import { followingStreams } from './transport-joins.ts';
import {
  codingOf,
  continuesPicture,
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
import { AVC_TYPE, HEVC_TYPE, TransportPrograms } from './transport-programs.ts';
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
  /** Streams that go on with another one, by its packet identifier. */
  renamed: ReadonlyMap<number, number> = new Map();
  #scrambled = 0;
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
    this.#joinStreams();
    const isBegun = at < this.#size && (await this.#look(at))[0] === SYNC;
    this.isCut = isBegun || [...this.#streams.values()].some(({ missing }) => missing > 0);
  }

  /** Whether most of it is scrambled, as the copies of pay television are: section 2.4.3.3, transport_scrambling_control. */
  get isEncrypted(): boolean {
    return this.#scrambled * 2 > this.packets;
  }

  /** Whether most pictures have no time, whatever stream they are of. */
  get isUntimed(): boolean {
    const all = [...this.#streams.values()];
    return all.length > 0 && all.every(({ untimed, frames }) => untimed.length >= frames.length);
  }

  /** Makes one of streams that go on with each other. */
  #joinStreams(): void {
    const spans = [...this.#streams].map(([pid, stream]) => {
      return { pid, type: this.#typeOf(pid, stream), first: stream.first, last: stream.last };
    });
    this.renamed = followingStreams(spans);
    for (const { pid } of spans.sort((a, b) => a.first - b.first)) {
      const row = this.renamed.get(pid);
      if (row === undefined) continue;
      this.#streams.get(row)!.goOnWith(this.#streams.get(pid)!);
      this.#streams.delete(pid);
    }
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

  /** A packet with a table that names the pictures, to be put before all others; undefined where none can be read. */
  table(): Uint8Array | undefined {
    const all = [...this.#streams].sort(([, a], [, b]) => b.frames.length - a.frames.length);
    const videos = new Map<number, number>();
    for (const [pid, stream] of all) {
      const type = this.#typeOf(pid, stream);
      if (stream.frames.length > 0 && type !== undefined) videos.set(pid, type);
    }
    return this.#programs.table(videos);
  }

  /** The stream type of a stream of pictures: what they tell themselves, else what a table does. */
  #typeOf(pid: number, { coding }: ScannedStream): number | undefined {
    if (coding === undefined) return this.#programs.typeOf(pid);
    return coding === 'hevc' ? HEVC_TYPE : AVC_TYPE;
  }

  /** Packets that go on with a picture, though they say that something begins. */
  continued(): Map<number, ReadonlySet<number>> {
    const some = [...this.#streams].filter(([, { continued }]) => continued.length > 0);
    return new Map(some.map(([pid, { continued }]) => [pid, new Set(continued)]));
  }

  /** Packets of each stream that are kept from its reader: frames without a time. */
  kept(): Map<number, readonly Stretch[]> {
    const kept = new Map<number, readonly Stretch[]>();
    for (const [pid, { untimed, frames }] of this.#streams) {
      // Where most have none there is nothing left without them.
      if (untimed.length < frames.length) kept.set(pid, untimed);
    }
    return kept;
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
    if (packet[3]! >> 6 !== 0) this.#scrambled++;
    if (isStart(packet)) this.#programs.read(pid, payload);
    if (known) known.last = this.packets;
    if (startsFrame(packet, payload)) {
      const stream = known ?? new ScannedStream(this.packets);
      this.#streams.set(pid, stream);
      stream.count(packet);
      // A length of 0 says that it goes on to the next one: section 2.4.3.7.
      const length = payload[4]! * 256 + payload[5]!;
      stream.missing = length === 0 ? 0 : length + 6 - payload.length;
      const times = timesOf(payload);
      stream.coding ??= codingOf(payload);
      const isHevc = this.#typeOf(pid, stream) === HEVC_TYPE;
      if (known && !times && continuesPicture(payload, isHevc)) {
        stream.continued.push(this.packets);
        return;
      }
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
