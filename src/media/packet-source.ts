import type { EncodedPacket, EncodedPacketSink, PacketRetrievalOptions } from 'mediabunny';
import { Failure } from '../contract/failure.ts';

/** The promise's outcome, or the signal's reason as soon as it is aborted. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

const WITH_BYTES: PacketRetrievalOptions = { verifyKeyPackets: true };
const TIMES_ONLY: PacketRetrievalOptions = { metadataOnly: true };

/** Reads a track's packets in decoding order. A damaged container is an early end, which is remembered. */
export class PacketSource {
  readonly #sink: EncodedPacketSink;
  #isCut = false;
  #readError: unknown;

  constructor(sink: EncodedPacketSink) {
    this.#sink = sink;
  }

  /** Whether the container announces packets whose bytes are not in the file. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** The container reader's complaint, if damage of the container ended the packets. */
  get readError(): unknown {
    return this.#readError;
  }

  /**
   * Packets from `start` (itself included; default the first) to the end.
   * @throws Failure `object-unreadable`; the signal's reason when aborted
   */
  async *from(
    start: EncodedPacket | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<EncodedPacket, void, void> {
    let packet = start ?? (await this.#read(undefined, WITH_BYTES, signal));
    let last = packet;
    while (packet) {
      yield packet;
      last = packet;
      packet = await this.#read(last, WITH_BYTES, signal);
    }
    this.#isCut = (await this.#read(last, TIMES_ONLY, signal)) !== undefined;
  }

  /** All packets without their bytes. */
  async *metadata(signal: AbortSignal): AsyncGenerator<EncodedPacket, void, void> {
    let packet = await this.#read(undefined, TIMES_ONLY, signal);
    while (packet) {
      yield packet;
      packet = await this.#read(packet, TIMES_ONLY, signal);
    }
  }

  /** The packet with its bytes that follows one without. */
  after(before: EncodedPacket, signal: AbortSignal): Promise<EncodedPacket | undefined> {
    return this.#read(before, WITH_BYTES, signal);
  }

  // One at a time: two reads of an MPEG-TS file at once disturb each other (seen with mediabunny 1.61).
  async #read(
    before: EncodedPacket | undefined,
    options: PacketRetrievalOptions,
    signal: AbortSignal,
  ): Promise<EncodedPacket | undefined> {
    try {
      const packet = before
        ? this.#sink.getNextPacket(before, options)
        : this.#sink.getFirstPacket(options);
      return (await unlessAborted(packet, signal)) ?? undefined;
    } catch (error) {
      if (signal.aborted || error instanceof Failure) throw error;
      this.#readError = error;
      return undefined;
    }
  }
}
