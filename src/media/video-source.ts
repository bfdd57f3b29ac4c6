import type { EncodedPacketSink, Input } from 'mediabunny';
import { Failure } from '../contract/failure.ts';
import type {
  DecodeReport,
  FrameSource,
  SampledFrame,
  SampleRate,
  VideoInfo,
} from '../engine/ports.ts';
import type { DecodedImage, Rotation } from './decoded-image.ts';
import { FrameDecoder, type TimedFrame } from './frame-decoder.ts';
import { SampleGrid, timestampMs } from './sample-grid.ts';

/** A video that ends this much before its stated length was cut off. Seconds; containers round their lengths. */
const CUT_OFF_SECONDS = 0.5;

interface Parts {
  readonly input: Input;
  readonly sink: EncodedPacketSink;
  readonly config: VideoDecoderConfig;
  readonly info: VideoInfo;
  /** The video's start on the container's clock: what a player shows as 0. */
  readonly originSeconds: number;
  readonly sampleRate: SampleRate;
  readonly rotation: Rotation;
}

/** A video file as samples of the grid. */
export class VideoSource implements FrameSource<DecodedImage> {
  readonly info: VideoInfo;
  readonly #parts: Parts;
  readonly #decoder: FrameDecoder;
  /** Held back until the next frame says how long it is shown. */
  #held: TimedFrame | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.info = parts.info;
    this.#decoder = new FrameDecoder(parts.sink, parts.config);
  }

  async *samples(
    fromSample: number,
    signal: AbortSignal,
  ): AsyncGenerator<SampledFrame<DecodedImage>, void, void> {
    const { originSeconds } = this.#parts;
    const grid = new SampleGrid(this.#parts.sampleRate);
    let sample = 0;
    let frame = -1;
    try {
      for await (const next of this.#decoder.frames(originSeconds, signal)) {
        const shown = this.#held;
        this.#held = next;
        if (!shown) continue;
        frame++;
        const taken = this.#sample(shown, next.timeSeconds, grid, frame, sample, fromSample);
        if (taken === undefined) continue;
        sample++;
        if (taken) yield taken;
      }
      const last = this.#held;
      this.#held = undefined;
      if (last) {
        const end = Math.max(this.#decoder.lastPacketEnd, last.timeSeconds + 1e-3);
        const taken = this.#sample(last, end, grid, frame + 1, sample, fromSample);
        if (taken !== undefined) sample++;
        if (taken) yield taken;
      }
    } finally {
      this.#held?.frame.close();
      this.#held = undefined;
    }
    this.#checkEnd();
  }

  report(): DecodeReport {
    const { framesOpen, ...report } = this.#decoder.report;
    return { ...report, framesOpen: framesOpen + (this.#held ? 1 : 0) };
  }

  async close(): Promise<void> {
    this.#held?.frame.close();
    this.#held = undefined;
    if (!this.#parts.input.disposed) this.#parts.input.dispose();
  }

  /** The frame as a sample; null for one before `fromSample`, undefined for one off the grid: both are closed. */
  #sample(
    shown: TimedFrame,
    untilSeconds: number,
    grid: SampleGrid,
    frame: number,
    sample: number,
    fromSample: number,
  ): SampledFrame<DecodedImage> | null | undefined {
    const { originSeconds, rotation } = this.#parts;
    const timeSeconds = shown.timeSeconds - originSeconds;
    const takes = grid.takes(timeSeconds, untilSeconds - originSeconds);
    if (!takes || sample < fromSample) {
      shown.frame.close();
      return takes ? null : undefined;
    }
    const upright = rotation === 0 || rotation === 180;
    const { displayWidth, displayHeight } = shown.frame;
    return {
      sample,
      frame,
      timeSeconds,
      timestampMs: timestampMs(timeSeconds),
      image: {
        frame: shown.frame,
        rotation,
        width: upright ? displayWidth : displayHeight,
        height: upright ? displayHeight : displayWidth,
      },
    };
  }

  /** Finds what no layer calls an error. */
  #checkEnd(): void {
    const { framesDecoded, framesExpected } = this.#decoder.report;
    if (framesDecoded === 0) {
      throw new Failure(
        'no-frame',
        'Not a single picture of the video could be decoded: the file is damaged or cut off. Try another copy of it.',
      );
    }
    const endSeconds = this.#decoder.lastPacketEnd - this.#parts.originSeconds;
    const statedSeconds = this.info.durationMs / 1000;
    if (endSeconds < statedSeconds - CUT_OFF_SECONDS) {
      throw new Failure(
        'video-truncated',
        `The video is cut off: it ends after ${endSeconds.toFixed(1)} of ${statedSeconds.toFixed(1)} seconds (${framesDecoded} of ${framesExpected} pictures read up to there). The people found up to there are kept; try another copy for the rest.`,
      );
    }
  }
}
