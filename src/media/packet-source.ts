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
  readonly #sink: EncodedPacketSink;
  #isCut = false;
  #readError: unknown;

  constructor(sink: EncodedPacketSink) {
    this.#sink = sink;
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
  keyAt(
    seconds: number,
    withBytes: boolean,
    signal: AbortSignal,
  ): Promise<TrackPacket | undefined> {
    const options = withBytes ? WITH_BYTES : TIMES_ONLY;
    return this.#outcome(this.#sink.getKeyPacket(seconds, options), signal);
  }

  #next(
    before: TrackPacket | undefined,
    options: PacketRetrievalOptions,
    signal: AbortSignal,
  ): Promise<TrackPacket | undefined> {
    // What was given out is what the reader gave.
    const packet = before
      ? this.#sink.getNextPacket(before as EncodedPacket, options)
      : this.#sink.getFirstPacket(options);
    return this.#outcome(packet, signal);
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
