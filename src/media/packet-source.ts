import type { EncodedPacket, EncodedPacketSink, PacketRetrievalOptions } from 'mediabunny';
import { Failure } from '../contract/failure.ts';
import { unlessAborted } from '../engine/unless-aborted.ts';
import type { PacketTimes } from './packet-timeline.ts';

const WITH_BYTES: PacketRetrievalOptions = { verifyKeyPackets: true };
const TIMES_ONLY: PacketRetrievalOptions = { metadataOnly: true };

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
  readonly #sinks: readonly EncodedPacketSink[];
  /** Which of them gave a packet, but for the first. */
  readonly #givers = new WeakMap<TrackPacket, number>();
  #isCut = false;
  #readError: unknown;

  /** @param sinks whose packets follow on one another's */
  constructor(...sinks: readonly EncodedPacketSink[]) {
    this.#sinks = sinks;
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
    const giver = before ? (this.#givers.get(before) ?? 0) : -1;
    // What was given out is what the reader gave.
    const next = before && this.#sinks[giver]?.getNextPacket(before as EncodedPacket, options);
    const packet = next && (await this.#outcome(next, signal));
    if (packet) return this.#givenBy(giver, packet);
    const following = this.#readError === undefined ? this.#sinks[giver + 1] : undefined;
    const first = following && (await this.#outcome(following.getFirstPacket(options), signal));
    return first && this.#givenBy(giver + 1, first);
  }

  #givenBy(giver: number, packet: TrackPacket): TrackPacket {
    if (giver > 0) this.#givers.set(packet, giver);
    return packet;
  }

  // One at a time: two reads of an MPEG-TS file at once disturb each other (seen with mediabunny 1.61).
  async #outcome(
    packet: Promise<EncodedPacket | null>,
    signal: AbortSignal,
  ): Promise<TrackPacket | undefined> {
    try {
      return (await unlessAborted(packet, signal)) ?? undefined;
    } catch (error) {
      if (signal.aborted || error instanceof Failure) throw error;
      this.#readError = error;
      return undefined;
    }
  }
}
