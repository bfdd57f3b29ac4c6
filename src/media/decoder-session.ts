/** Decoded frames held before the decoder gets no more input. Hardware decoders stall when about ten stay open. */
const FRAMES_AHEAD = 4;
/** Packets that wait in the decoder's queue. It takes them off to put frames into order, so this never starves it. */
const PACKETS_AHEAD = 4;

/** Counts the frames that are open and not handed on, over all decoders of a video. */
export interface OpenFrames {
  count: number;
}

/** One `VideoDecoder` with its frames in a bounded queue. Errors do not throw: they end the session. */
export class DecoderSession {
  readonly #open: OpenFrames;
  readonly #decoder: VideoDecoder;
  readonly #frames: VideoFrame[] = [];
  #error: unknown;
  #state: 'decoding' | 'flushing' | 'flushed' | 'failed' | 'closed' = 'decoding';
  #wake = () => {};

  constructor(config: VideoDecoderConfig, open: OpenFrames) {
    this.#open = open;
    this.#decoder = new VideoDecoder({
      output: (frame) => this.#output(frame),
      error: (error) => this.#fail(error),
    });
    this.#decoder.addEventListener('dequeue', () => this.#wake());
    try {
      this.#decoder.configure(config);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Why the session ended early, if it did. Frames that came before can still be taken. */
  get error(): unknown {
    return this.#error;
  }

  /** Whether it ended early. */
  get hasFailed(): boolean {
    return this.#state === 'failed';
  }

  /** Whether every packet was dealt with after `flush`. */
  get isFlushed(): boolean {
    return this.#state === 'flushed';
  }

  /** Whether `decode` may be called now. */
  get wantsMore(): boolean {
    if (this.#state !== 'decoding') return false;
    return this.#frames.length < FRAMES_AHEAD && this.#decoder.decodeQueueSize < PACKETS_AHEAD;
  }

  /** Puts a packet into the queue. */
  decode(chunk: EncodedVideoChunk): void {
    try {
      this.#decoder.decode(chunk);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Says that no packet follows. */
  flush(): void {
    this.#state = 'flushing';
    this.#decoder.flush().then(
      () => {
        if (this.#state === 'flushing') this.#state = 'flushed';
        this.#wake();
      },
      (error) => this.#fail(error),
    );
  }

  /** The next frame in order of display, if one is ready. The taker closes it. */
  take(): VideoFrame | undefined {
    const frame = this.#frames.shift();
    if (frame) this.#open.count--;
    return frame;
  }

  /** Resolves when something happened since the last look, or when aborted. */
  async change(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const wake = () => this.#wake();
    signal.addEventListener('abort', wake);
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    // One left behind at each wait would make every later one slower.
    signal.removeEventListener('abort', wake);
  }

  /** Frees the decoder and every frame not taken. */
  close(): void {
    this.#state = 'closed';
    if (this.#decoder.state !== 'closed') this.#decoder.close();
    for (let frame = this.take(); frame; frame = this.take()) frame.close();
  }

  #output(frame: VideoFrame): void {
    if (this.#state === 'closed') {
      frame.close();
      return;
    }
    this.#open.count++;
    this.#frames.push(frame);
    this.#wake();
  }

  #fail(error: unknown): void {
    if (this.#state === 'closed') return;
    this.#state = 'failed';
    this.#error ??= error;
    this.#wake();
  }
}
