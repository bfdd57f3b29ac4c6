import type { Input, InputAudioTrack } from 'mediabunny';
import { Failure } from '../contract/failure.ts';
import type {
  DecodeReport,
  FrameSource,
  ReadSoFar,
  SampledFrame,
  SampleRate,
  TimeRange,
  VideoInfo,
} from '../engine/ports.ts';
import type { DecodedImage, Rotation } from './decoded-image.ts';
import type { OpenFrames } from './decoder-session.ts';
import { FrameDecoder, type ShownFrame } from './frame-decoder.ts';
import { FrameLedger } from './frame-ledger.ts';
import type { PacketSource } from './packet-source.ts';
import { PacketTimeline } from './packet-timeline.ts';
import { findResumePoint } from './resume-point.ts';
import { type FrameClock, isSampled, SAME_TIME, toTimestampMs } from './sample-grid.ts';

/** A video that ends this much before its stated length was cut off. Seconds; containers round their lengths. */
const CUT_OFF_SECONDS = 1;

const COPY_AGAIN = 'Copy it again from the camera or its source.';

/** An opened video and what was found out about it. */
export interface VideoParts {
  readonly input: Input;
  readonly packets: PacketSource;
  readonly config: VideoDecoderConfig;
  readonly info: VideoInfo;
  /** The container's time that a player shows as 0. */
  readonly startSeconds: number;
  /** The end that the container states for all its tracks together, on the video's own clock; 0 when it states none. */
  readonly statedEndSeconds: number;
  readonly audioTracks: readonly InputAudioTrack[];
  readonly sampleRate: SampleRate;
  /** The part that is asked for; absent: the whole. */
  readonly range?: TimeRange;
  readonly clock: FrameClock;
  readonly rotation: Rotation;
  readonly isMirrored: boolean;
  /** Square pixels for one pixel of the decoded frame, across and down. */
  readonly pixelWidth: number;
  readonly pixelHeight: number;
  /** Ends what the source still reads. */
  readonly closing: AbortController;
}

/** A video file as samples of the grid. */
export class VideoSource implements FrameSource<DecodedImage> {
  readonly info: VideoInfo;
  readonly #parts: VideoParts;
  readonly #open: OpenFrames = { count: 0 };
  #ledger = new FrameLedger();
  #restartsBefore = 0;
  #decoder: FrameDecoder | undefined;
  #running: AsyncGenerator | undefined;

  constructor(parts: VideoParts) {
    this.#parts = parts;
    this.info = parts.info;
  }

  samples(
    signal: AbortSignal,
    before?: ReadSoFar,
  ): AsyncGenerator<SampledFrame<DecodedImage>, void, void> {
    const either = AbortSignal.any([signal, this.#parts.closing.signal]);
    // What was accounted for stays in the report, also when reading ends before it is known where to go on.
    this.#ledger = new FrameLedger(0, before?.decode);
    this.#restartsBefore = before?.decode.decoderRestarts ?? 0;
    const samples = this.#samples(either, before);
    this.#running = samples;
    return samples;
  }

  report(): DecodeReport {
    const { expected, decoded, lost, lostAtMs } = this.#ledger;
    return {
      framesExpected: expected,
      framesDecoded: decoded,
      framesDamaged: lost,
      damagedAtMs: [...lostAtMs],
      decoderRestarts: this.#restartsBefore + (this.#decoder?.restarts ?? 0),
      framesOpen: this.#open.count,
    };
  }

  async close(): Promise<void> {
    this.#parts.closing.abort(new DOMException('The video was closed.', 'AbortError'));
    await this.#running?.return(undefined).catch(() => {});
    if (!this.#parts.input.disposed) this.#parts.input.dispose();
  }

  async *#samples(
    signal: AbortSignal,
    soFar: ReadSoFar | undefined,
  ): AsyncGenerator<SampledFrame<DecodedImage>, void, void> {
    const { packets, config, clock, startSeconds } = this.#parts;
    const { from, to } = this.#parts.range ?? { from: 0, to: Number.POSITIVE_INFINITY };
    const after = soFar?.timeSeconds ?? Number.NEGATIVE_INFINITY;
    const isBehind = (seconds: number) => seconds >= to - SAME_TIME;
    const isWanted = (seconds: number) =>
      seconds > after + SAME_TIME && seconds >= from - SAME_TIME && !isBehind(seconds);
    const goOnAt = Math.max(from, after);
    const resume =
      soFar || from > 0 ? await findResumePoint(packets, startSeconds, goOnAt, signal) : undefined;
    const timeline = resume?.timeline ?? new PacketTimeline(startSeconds);
    const ledger = new FrameLedger(resume?.ordinal, soFar?.decode);
    const decoder = new FrameDecoder({ packets, config, timeline, ledger, open: this.#open });
    this.#ledger = ledger;
    this.#decoder = decoder;
    let sample = soFar?.samples ?? 0;
    // Waits for the next frame, which says until when it is on display.
    let pending: ShownFrame | undefined;
    let endSeconds = 0;
    try {
      for await (const shown of decoder.frames(resume?.start, signal)) {
        const first = resume?.firstSeconds ?? ledger.firstSeconds;
        const seconds = first + clock.timeOf(shown.seconds - first);
        const before = pending;
        pending = { ...shown, seconds };
        endSeconds = shown.seconds + shown.duration;
        this.#open.count++;
        if (!before) continue;
        const isTaken = isWanted(before.seconds) && this.#isSampled(before, seconds, first);
        this.#open.count--;
        if (isTaken) yield this.#toSample(before, sample++);
        else before.frame.close();
        if (isBehind(seconds)) return;
      }
      if (pending) {
        const last = pending;
        pending = undefined;
        this.#open.count--;
        const end = last.seconds + Math.max(last.duration, 1e-3);
        const first = resume?.firstSeconds ?? ledger.firstSeconds;
        const isTaken = isWanted(last.seconds) && this.#isSampled(last, end, first);
        if (isTaken) yield this.#toSample(last, sample++);
        else last.frame.close();
      }
    } finally {
      if (pending) {
        pending.frame.close();
        this.#open.count--;
      }
    }
    await this.#checkEnd(timeline.endSeconds, endSeconds, soFar !== undefined);
  }

  #isSampled(pending: ShownFrame, until: number, first: number): boolean {
    const { sampleRate, clock } = this.#parts;
    return isSampled(pending.seconds - first, until - first, sampleRate, clock.tolerance);
  }

  #toSample(shown: ShownFrame, sample: number): SampledFrame<DecodedImage> {
    const { frame, ordinal, seconds, framesLost } = shown;
    const { rotation, isMirrored, pixelWidth, pixelHeight } = this.#parts;
    const across = Math.round((frame.visibleRect?.width ?? frame.displayWidth) * pixelWidth);
    const down = Math.round((frame.visibleRect?.height ?? frame.displayHeight) * pixelHeight);
    const isUpright = rotation % 180 === 0;
    return {
      sample,
      frame: ordinal,
      timestampMs: toTimestampMs(seconds),
      timeSeconds: seconds,
      framesLost,
      image: {
        frame,
        rotation,
        isMirrored,
        width: isUpright ? across : down,
        height: isUpright ? down : across,
      },
    };
  }

  /**
   * Finds what no layer calls an error.
   * @param readSeconds when the last frame read ends
   * @param shownSeconds when the last frame shown ends
   */
  async #checkEnd(readSeconds: number, shownSeconds: number, isResumed: boolean): Promise<void> {
    const { packets, statedEndSeconds } = this.#parts;
    const { expected, decoded } = this.#ledger;
    const isCut = packets.isCut || (await this.#endsEarly(readSeconds));
    if (decoded === 0 && !isResumed && (expected > 0 || !isCut)) {
      throw new Failure(
        'no-frame',
        expected === 0
          ? `The video has no pictures in it: the file is empty or damaged. ${COPY_AGAIN}`
          : `Not one of the video's ${expected} pictures could be decoded: the file is damaged. ${COPY_AGAIN}`,
        packets.readError,
      );
    }
    const isLostToEnd = shownSeconds < readSeconds - CUT_OFF_SECONDS;
    if (!isCut && !isLostToEnd && packets.readError === undefined) return;
    const stated = Math.max(readSeconds, statedEndSeconds, this.info.durationMs / 1000);
    const reason = isCut
      ? 'the file is incomplete, as after a copy or a recording that was cut off'
      : 'the file is damaged from there on';
    throw new Failure(
      'video-truncated',
      `The video can be read for ${shownSeconds.toFixed(1)} of its ${stated.toFixed(1)} seconds: ${reason}. The people found up to there are kept. ${COPY_AGAIN}`,
      packets.readError,
    );
  }

  /** Whether the video ends before the end that the container states, and no sound goes on to there. */
  async #endsEarly(endSeconds: number): Promise<boolean> {
    const { statedEndSeconds, audioTracks, startSeconds } = this.#parts;
    if (endSeconds >= statedEndSeconds - CUT_OFF_SECONDS) return false;
    for (const track of audioTracks) {
      const end = (await track.computeDuration().catch(() => 0)) - startSeconds;
      if (end >= statedEndSeconds - CUT_OFF_SECONDS) return false;
    }
    return true;
  }
}
