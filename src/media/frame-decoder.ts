import type { EncodedPacket, EncodedPacketSink } from 'mediabunny';
import type { DecodeReport } from '../engine/ports.ts';

/** Packets in the decoder and decoded frames that wait for their taker: enough to keep both threads busy. */
const AHEAD = 8;
/** Times of damaged frames that are told. */
const TIMES_TOLD = 16;
/** Restarts in a row without a new frame after which the rest of the video is given up. */
const MAX_FRUITLESS_RESTARTS = 50;

/** A decoded frame and when it appears, in seconds of the container's clock. */
export interface TimedFrame {
  readonly frame: VideoFrame;
  readonly timeSeconds: number;
}

/**
 * Packets to frames in order of display, with a bounded number of frames open. A decoder that fails at damaged data,
 * or that the browser took away, is rebuilt and goes on at the nearest key frame; what is lost is counted.
 */
export class FrameDecoder {
  readonly #sink: EncodedPacketSink;
  readonly #config: VideoDecoderConfig;
  /** Times in microseconds of packets read and not yet seen as frames. */
  readonly #missing = new Set<number>();
  readonly #ready: VideoFrame[] = [];
  #wake: () => void = () => {};
  #error: unknown;
  #shownSeconds = Number.NEGATIVE_INFINITY;
  #lastPacketEnd = Number.NEGATIVE_INFINITY;
  #expected = 0;
  #decoded = 0;
  #restarts = 0;

  constructor(sink: EncodedPacketSink, config: VideoDecoderConfig) {
    this.#sink = sink;
    this.#config = config;
  }

  /** End of the last packet read, in seconds of the container's clock. */
  get lastPacketEnd(): number {
    return this.#lastPacketEnd;
  }

  /** What was lost so far; `framesOpen` counts frames that nobody took yet. */
  get report(): DecodeReport {
    return {
      framesExpected: this.#expected,
      framesDecoded: this.#decoded,
      framesDamaged: this.#expected - this.#decoded,
      damagedAtMs: [...this.#missing].slice(0, TIMES_TOLD).map((us) => Math.floor(us / 1000)),
      decoderRestarts: this.#restarts,
      framesOpen: this.#ready.length,
    };
  }

  /**
   * Frames from `fromSeconds` on, each with the taker to close it.
   * @throws whatever reading the file throws; the signal's reason when aborted
   */
  async *frames(fromSeconds: number, signal: AbortSignal): AsyncGenerator<TimedFrame, void, void> {
    const wake = () => this.#wake();
    signal.addEventListener('abort', wake);
    // Frames before the start only serve to decode those after it.
    this.#shownSeconds = fromSeconds - 1e-6;
    let start = (await this.#sink.getKeyPacket(fromSeconds)) ?? (await this.#sink.getFirstPacket());
    let fruitless = 0;
    try {
      while (start && fruitless <= MAX_FRUITLESS_RESTARTS) {
        const shownBefore = this.#shownSeconds;
        if (yield* this.#decodeFrom(start, signal)) return;
        this.#restarts++;
        fruitless = this.#shownSeconds > shownBefore ? 0 : fruitless + 1;
        start = await this.#restartAfter(start, fruitless > 0);
      }
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  /** Decodes from a key packet to the end. @returns whether it got there */
  async *#decodeFrom(
    start: EncodedPacket,
    signal: AbortSignal,
  ): AsyncGenerator<TimedFrame, boolean, void> {
    this.#error = undefined;
    const decoder = this.#openDecoder();
    const packets = this.#sink.packets(start);
    let reading = true;
    let flushed = false;
    try {
      for (;;) {
        signal.throwIfAborted();
        const frame = this.#nextFrame();
        if (frame) {
          yield frame;
        } else if (this.#error) {
          return false;
        } else if (flushed) {
          return true;
        } else if (reading && decoder.decodeQueueSize + this.#ready.length < AHEAD) {
          const { value: packet } = await packets.next();
          if (packet) {
            this.#expect(packet);
            if (decoder.state === 'configured') decoder.decode(packet.toEncodedVideoChunk());
          } else {
            reading = false;
            void this.#flush(decoder).then(() => {
              flushed = true;
              this.#wake();
            });
          }
        } else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
      }
    } catch (error) {
      // A packet the decoder refuses at once (no key frame after a cut, say) is damage like any other.
      if (!(error instanceof DOMException) || signal.aborted) throw error;
      this.#error ??= error;
      return false;
    } finally {
      await packets.return();
      if (decoder.state !== 'closed') decoder.close();
      for (const frame of this.#ready.splice(0)) frame.close();
    }
  }

  #openDecoder(): VideoDecoder {
    const decoder = new VideoDecoder({
      output: (frame) => {
        if (decoder.state === 'closed') frame.close();
        else this.#ready.push(frame);
        this.#wake();
      },
      error: (error) => {
        this.#error ??= error;
        this.#wake();
      },
    });
    decoder.addEventListener('dequeue', () => this.#wake());
    decoder.configure(this.#config);
    return decoder;
  }

  async #flush(decoder: VideoDecoder): Promise<void> {
    try {
      if (decoder.state === 'configured') await decoder.flush();
    } catch (error) {
      this.#error ??= error;
    }
  }

  /** The next frame to show, if one is ready; frames shown before a restart are passed over. */
  #nextFrame(): TimedFrame | undefined {
    for (let frame = this.#ready.shift(); frame; frame = this.#ready.shift()) {
      const timeSeconds = frame.timestamp / 1e6;
      if (timeSeconds > this.#shownSeconds) {
        this.#shownSeconds = timeSeconds;
        if (this.#missing.delete(frame.timestamp)) this.#decoded++;
        return { frame, timeSeconds };
      }
      frame.close();
    }
    return undefined;
  }

  #expect(packet: EncodedPacket): void {
    this.#lastPacketEnd = Math.max(this.#lastPacketEnd, packet.timestamp + packet.duration);
    const us = packet.microsecondTimestamp;
    if (us / 1e6 <= this.#shownSeconds || this.#missing.has(us)) return;
    this.#missing.add(us);
    this.#expected++;
  }

  /** Where to go on after a failure: the key packet again if the browser took the decoder away, else the next. */
  async #restartAfter(start: EncodedPacket, fruitless: boolean): Promise<EncodedPacket | null> {
    const at = Math.max(this.#shownSeconds, start.timestamp);
    const isReclaimed =
      this.#error instanceof DOMException && this.#error.name === 'QuotaExceededError';
    if (isReclaimed && !fruitless) return this.#sink.getKeyPacket(at);
    const here = fruitless ? start : ((await this.#sink.getPacket(at)) ?? start);
    const next = await this.#sink.getNextKeyPacket(here);
    await this.#expectBetween(here, next);
    return next;
  }

  /** Packets that are skipped count as expected. */
  async #expectBetween(from: EncodedPacket, to: EncodedPacket | null): Promise<void> {
    const options = { metadataOnly: true };
    for await (const packet of this.#sink.packets(from, to ?? undefined, options)) {
      this.#expect(packet);
    }
  }
}
