import { Failure } from '../contract/failure.ts';
import { DecoderSession, type OpenFrames } from './decoder-session.ts';
import type { DueFrame, FrameLedger } from './frame-ledger.ts';
import type { PacketReader, TrackPacket } from './packet-source.ts';
import type { PacketTimeline, PlacedPacket } from './packet-timeline.ts';

/** Times in a row that a decoder may be taken away, or fail at what decodes the next time. */
const MAX_LOST_DECODERS = 5;
/** Pause before a decoder that was taken away is asked for again, in milliseconds. */
const RECLAIMED_PAUSE_MS = 500;
/** Packets from the key frame beyond which the frames just before damage are not worth decoding again. */
const MAX_REPLAY = 3000;

/** A decoded frame that is to be shown. */
export interface ShownFrame extends DueFrame {
  readonly frame: VideoFrame;
}

/** What frames are made from and accounted in. */
export interface FrameDecoderParts {
  readonly packets: PacketReader;
  readonly config: VideoDecoderConfig;
  readonly timeline: PacketTimeline;
  readonly ledger: FrameLedger;
  readonly open: OpenFrames;
}

/**
 * Packets to frames in order of display.
 *
 * Damaged data ends a decoder, at once or some packets later, and takes frames with it that are whole. So that the
 * outcome does not hang on timing, the packets from the last key frame on are decoded again to find the longest run
 * without error; its frames are given, and the next key frame is where it goes on. A decoder that the browser took
 * away (it does that to pages in the background) is rebuilt at the key frame it had reached.
 */
export class FrameDecoder {
  readonly #parts: FrameDecoderParts;
  /** Key frames that may have to be gone back to, in decoding order. */
  #keys: TrackPacket[] = [];
  /** Packets from the first of those on, by sequence number. */
  readonly #placed = new Map<number, PlacedPacket>();
  readonly #byMicroseconds = new Map<number, PlacedPacket>();
  #restarts = 0;
  #lostDecoders = 0;
  #error: unknown;

  constructor(parts: FrameDecoderParts) {
    this.#parts = parts;
  }

  /** Whether there was a key frame to begin at. */
  get hasBegun(): boolean {
    return this.#keys.length > 0;
  }

  /** Times the decoder was rebuilt. */
  get restarts(): number {
    return this.#restarts;
  }

  /**
   * Frames to be shown, each the taker's to close.
   * @param start the packet to start at, default the first; packets before the first key frame are lost
   * @throws Failure `decoder-failed`, `object-unreadable`; the signal's reason when aborted
   */
  async *frames(
    start: TrackPacket | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<ShownFrame, void, void> {
    let from = await this.#nextKey(start, 0, signal);
    while (from && !(yield* this.#show(from, Number.POSITIVE_INFINITY, signal))) {
      this.#restarts++;
      from = yield* this.#recover(from, signal);
    }
    this.#parts.ledger.giveUp(Number.POSITIVE_INFINITY);
  }

  /** Decodes at most `count` packets from a key frame on. @returns whether to the end of them */
  async *#decode(
    key: TrackPacket,
    count: number,
    signal: AbortSignal,
  ): AsyncGenerator<VideoFrame, boolean, void> {
    this.#register(key);
    const session = new DecoderSession(this.#parts.config, this.#parts.open);
    const packets = this.#parts.packets.from(key, signal);
    let fed = 0;
    try {
      for (;;) {
        signal.throwIfAborted();
        const frame = session.take();
        if (frame) {
          yield frame;
        } else if (session.hasFailed) {
          this.#error = session.error;
          return false;
        } else if (session.isFlushed) {
          return true;
        } else if (session.wantsMore) {
          const packet = fed++ < count ? (await packets.next()).value : undefined;
          if (packet) session.decode(toChunk(packet, this.#register(packet)));
          else if (!session.hasFailed) session.flush();
        } else {
          await session.change(signal);
        }
      }
    } finally {
      session.close();
      await packets.return();
    }
  }

  /** The same with only the frames to be shown that were not shown yet. */
  async *#show(
    key: TrackPacket,
    count: number,
    signal: AbortSignal,
  ): AsyncGenerator<ShownFrame, boolean, void> {
    const frames = this.#decode(key, count, signal);
    try {
      for (;;) {
        const { value: frame, done } = await frames.next();
        if (done) return frame;
        const placed = this.#byMicroseconds.get(frame.timestamp);
        const due = placed?.isShown ? this.#parts.ledger.take(placed) : undefined;
        if (due) {
          this.#lostDecoders = 0;
          yield { frame, ...due };
        } else {
          frame.close();
        }
      }
    } finally {
      await frames.return(false);
    }
  }

  async #isWhole(key: TrackPacket, count: number, signal: AbortSignal): Promise<boolean> {
    const frames = this.#decode(key, count, signal);
    for (;;) {
      const { value: frame, done } = await frames.next();
      if (done) return frame;
      frame.close();
    }
  }

  /** Deals with a decoder that ended early. @returns the key frame to go on at */
  async *#recover(
    start: TrackPacket,
    signal: AbortSignal,
  ): AsyncGenerator<ShownFrame, TrackPacket | undefined, void> {
    const error = this.#error;
    const earliest = this.#parts.ledger.earliestDue ?? Number.POSITIVE_INFINITY;
    const key = this.#keys.findLast(({ sequenceNumber }) => sequenceNumber <= earliest) ?? start;
    const fed = [...this.#placed.keys()].filter((number) => number >= key.sequenceNumber);
    const sound = fed.filter((number) => number < earliest).length;
    const isReclaimed = error instanceof DOMException && error.name === 'QuotaExceededError';
    const whole = isReclaimed
      ? fed.length
      : await this.#longestWhole(key, Math.min(sound, fed.length - 1), fed.length, signal);
    if (whole === fed.length) {
      // Nothing is wrong with the data: the same again.
      this.#lostDecoders++;
      if (this.#lostDecoders > MAX_LOST_DECODERS) throw lostDecoder(error);
      if (isReclaimed) await pause(RECLAIMED_PAUSE_MS, signal);
      return key;
    }
    if (whole > 0) yield* this.#show(key, whole, signal);
    // WebKit (2.50) hands on what an async generator returns as it is: a promise would be taken for a key frame, for ever.
    return await this.#nextKey(key, whole + 1, signal);
  }

  /** How many packets from a key frame on decode without error: at least `sound` do, `count` did not. */
  async #longestWhole(
    key: TrackPacket,
    sound: number,
    count: number,
    signal: AbortSignal,
  ): Promise<number> {
    if (count > MAX_REPLAY) return sound;
    if (await this.#isWhole(key, count, signal)) return count;
    let whole = sound;
    let damaged = count;
    while (damaged - whole > 1) {
      const middle = (whole + damaged) >> 1;
      if (await this.#isWhole(key, middle, signal)) whole = middle;
      else damaged = middle;
    }
    return whole;
  }

  /** The first key frame at least `skip` packets after `start`. What is passed over counts as expected. */
  async #nextKey(
    start: TrackPacket | undefined,
    skip: number,
    signal: AbortSignal,
  ): Promise<TrackPacket | undefined> {
    let passed = 0;
    for await (const packet of this.#parts.packets.from(start, signal)) {
      if (passed >= skip && packet.type === 'key') {
        this.#parts.ledger.giveUp(packet.sequenceNumber);
        return packet;
      }
      this.#register(packet);
      passed++;
    }
    return undefined;
  }

  /** Places a packet, and accounts for it the first time that it is read. */
  #register(packet: TrackPacket): PlacedPacket {
    const known = this.#placed.get(packet.sequenceNumber);
    if (known) return known;
    if (packet.type === 'key') this.#forgetBefore(packet);
    const placed = this.#parts.timeline.place(packet);
    this.#parts.ledger.expect(placed);
    this.#placed.set(placed.sequenceNumber, placed);
    this.#byMicroseconds.set(placed.microseconds, placed);
    return placed;
  }

  /** At a new key frame, lets go of what no recovery can need any more. */
  #forgetBefore(key: TrackPacket): void {
    const earliest = this.#parts.ledger.earliestDue ?? key.sequenceNumber;
    this.#keys.push(key);
    const oldest = this.#keys.findLastIndex(({ sequenceNumber }) => sequenceNumber <= earliest);
    this.#keys = this.#keys.slice(Math.max(0, oldest));
    const from = this.#keys[0]!.sequenceNumber;
    for (const { sequenceNumber, microseconds } of this.#placed.values()) {
      if (sequenceNumber >= from) break;
      this.#placed.delete(sequenceNumber);
      this.#byMicroseconds.delete(microseconds);
    }
  }
}

function toChunk(packet: TrackPacket, placed: PlacedPacket): EncodedVideoChunk {
  return new EncodedVideoChunk({
    type: packet.type,
    timestamp: placed.microseconds,
    data: packet.data,
  });
}

function lostDecoder(error: unknown): Failure {
  return new Failure(
    'decoder-failed',
    'The browser took the video decoder away again and again, as it does to pages in the background or while many videos play. Close other videos, keep this page visible and start again.',
    error,
  );
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
