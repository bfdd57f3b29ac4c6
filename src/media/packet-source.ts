import {
  type EncodedPacket,
  EncodedPacketSink,
  type InputVideoTrack,
  type PacketRetrievalOptions,
} from 'mediabunny';
import { Failure } from '../contract/failure.ts';
import { unlessAborted } from '../engine/unless-aborted.ts';
import { orUndefined } from './or-undefined.ts';
import type { PacketTimes } from './packet-timeline.ts';
import type { PacketGiver } from './picture-sink.ts';
import type { DescribedRun } from './video-bytes.ts';

const WITH_BYTES: PacketRetrievalOptions = { verifyKeyPackets: true };
const TIMES_ONLY: PacketRetrievalOptions = { metadataOnly: true };
/** Packets after which all else that the thread has to do gets its turn: those of an index in memory come without a pause. */
const PACKETS_A_TURN = 500;

/** One coded frame. */
export interface TrackPacket extends PacketTimes {
  /** Empty where only times were asked for. */
  readonly data: Uint8Array;
}

/** A video's packets in the order in which they are decoded. */
export interface PacketReader {
  /** Whether the container announces packets whose bytes are not in the file. */
  readonly isCut: boolean;
  /** The container reader's complaint, if damage of the container ended the packets. */
  readonly readError: unknown;
  /**
   * Packets from `start` (itself included; default the first) to the end.
   * @throws Failure `object-unreadable`; the signal's reason when aborted
   */
  from(
    start: TrackPacket | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<TrackPacket, void, void>;
  /** All packets without their bytes. */
  metadata(signal: AbortSignal): AsyncGenerator<TrackPacket, void, void>;
  /** The packet with its bytes that follows one without. */
  after(before: TrackPacket, signal: AbortSignal): Promise<TrackPacket | undefined>;
}

/** Reads a track's packets as they stand in the file. A damaged container is an early end, which is remembered. */
export class PacketSource implements PacketReader {
  readonly #tracks: readonly InputVideoTrack[];
  readonly #sinks: readonly PacketGiver[];
  readonly #described: readonly DescribedRun[];
  /** Which of them gave a packet, and as what. */
  readonly #origins = new WeakMap<TrackPacket, { giver: number; packet: EncodedPacket }>();
  #isCut = false;
  #readError: unknown;
  #asked = 0;

  /**
   * @param tracks whose packets follow on one another's
   * @param described where the coding of the first one's packets changes
   * @param pictures what reads those where a packet of the track may be no whole frame
   */
  constructor(
    tracks: readonly InputVideoTrack[],
    described: readonly DescribedRun[] = [],
    pictures?: PacketGiver,
  ) {
    this.#tracks = tracks;
    this.#sinks = tracks.map((track, i) => (i === 0 && pictures) || new EncodedPacketSink(track));
    this.#described = described;
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  get readError(): unknown {
    return this.#readError;
  }

  async *from(
    start: TrackPacket | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<TrackPacket, void, void> {
    const last = yield* this.read(start, true, signal);
    this.#isCut = (await this.#next(last, TIMES_ONLY, signal)) !== undefined;
  }

  async *metadata(signal: AbortSignal): AsyncGenerator<TrackPacket, void, void> {
    yield* this.read(undefined, false, signal);
  }

  after(before: TrackPacket, signal: AbortSignal): Promise<TrackPacket | undefined> {
    return this.#next(before, WITH_BYTES, signal);
  }

  /** Packets from `start` on, with their bytes or without. @returns the last one */
  async *read(
    start: TrackPacket | undefined,
    withBytes: boolean,
    signal: AbortSignal,
  ): AsyncGenerator<TrackPacket, TrackPacket | undefined, void> {
    const options = withBytes ? WITH_BYTES : TIMES_ONLY;
    let packet = start ?? (await this.#next(undefined, options, signal));
    let last = packet;
    while (packet) {
      yield packet;
      last = packet;
      packet = await this.#next(last, options, signal);
    }
    return last;
  }

  /** The last key frame that appears at a time of the track's clock, or before. @returns undefined without one */
  async keyAt(
    seconds: number,
    withBytes: boolean,
    signal: AbortSignal,
  ): Promise<TrackPacket | undefined> {
    const options = withBytes ? WITH_BYTES : TIMES_ONLY;
    for (const [i, sink] of [...this.#sinks.entries()].reverse()) {
      const packet = await this.#outcome(sink.getKeyPacket(seconds, options), signal);
      if (packet) return this.#givenBy(i, packet);
    }
    return undefined;
  }

  async #next(
    before: TrackPacket | undefined,
    options: PacketRetrievalOptions,
    signal: AbortSignal,
  ): Promise<TrackPacket | undefined> {
    const { giver, packet } = (before && this.#origins.get(before)) ?? { giver: -1 };
    const next = packet && (await this.#filledAfter(giver, packet, options, signal));
    if (next) return this.#givenBy(giver, next);
    const following = this.#readError === undefined ? this.#sinks[giver + 1] : undefined;
    const first = following && (await this.#outcome(following.getFirstPacket(options), signal));
    const given = first && (await this.#givenBy(giver + 1, first));
    return first?.byteLength === 0 ? this.#next(given, options, signal) : given;
  }

  /**
   * The next packet that has bytes. Recorders write some without, where the picture stays as it was: the one before is shown
   * on, and a decoder would take them for damage.
   */
  async #filledAfter(
    giver: number,
    before: EncodedPacket,
    options: PacketRetrievalOptions,
    signal: AbortSignal,
  ): Promise<EncodedPacket | undefined> {
    const sink = this.#sinks[giver]!;
    let packet: EncodedPacket | undefined = before;
    do packet = await this.#outcome(sink.getNextPacket(packet, options), signal);
    while (packet?.byteLength === 0);
    return packet;
  }

  async #givenBy(giver: number, packet: EncodedPacket): Promise<TrackPacket> {
    const typed = await this.#withType(giver, packet);
    const given = giver === 0 ? this.#withParameters(typed) : typed;
    this.#origins.set(given, { giver, packet });
    return given;
  }

  /** A packet as what it is by its bytes: some containers do not call key frames what they are. */
  async #withType(giver: number, packet: EncodedPacket): Promise<TrackPacket> {
    if (packet.type === 'key' || packet.data.length === 0) return packet;
    const type = await orUndefined(this.#tracks[giver]!.determinePacketType(packet));
    if (type !== 'key') return packet;
    const { timestamp, duration, sequenceNumber, data } = packet;
    return { type, timestamp, duration, sequenceNumber, data };
  }

  /** A key frame with its own parameters before it, where they change on the way: a decoder is told only the first ones. */
  #withParameters(packet: TrackPacket): TrackPacket {
    const { type, timestamp, duration, sequenceNumber, data } = packet;
    if (type !== 'key' || data.length === 0) return packet;
    const run = this.#described.findLast(({ from }) => from <= sequenceNumber);
    if (!run) return packet;
    const told = new Uint8Array(run.parameters.length + data.length);
    told.set(run.parameters);
    told.set(data, run.parameters.length);
    return { type, timestamp, duration, sequenceNumber, data: told };
  }

  // One at a time: two reads of an MPEG-TS file at once disturb each other (seen with mediabunny 1.61).
  async #outcome(
    packet: Promise<EncodedPacket | null>,
    signal: AbortSignal,
  ): Promise<EncodedPacket | undefined> {
    try {
      const found = await unlessAborted(packet, signal);
      // An index may speak of millions that hold nothing: whoever wants to stop meanwhile must be heard.
      if (++this.#asked % PACKETS_A_TURN === 0) await new Promise((turn) => setTimeout(turn));
      return found ?? undefined;
    } catch (error) {
      if (signal.aborted || error instanceof Failure) throw error;
      this.#readError = error;
      return undefined;
    }
  }
}
