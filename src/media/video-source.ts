import type { Input } from 'mediabunny';
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
import type { PacketReader } from './packet-source.ts';
import { PacketTimeline } from './packet-timeline.ts';
import { findResumePoint, type ResumePoint } from './resume-point.ts';
import { type FrameClock, isSampled, SAME_TIME, toTimestampMs } from './sample-grid.ts';
import { CONVERT, COPY_AGAIN } from './spoken-advice.ts';
import { checkTimes } from './usable-times.ts';

/** So much lost at the end, in seconds, is no few damaged frames but the end of the video. */
const LOST_END_SECONDS = 1;

/** An opened video and what was found out about it. */
export interface VideoParts {
  /** What reads the file, to be let go at the end. */
  readonly inputs: readonly Input[];
  readonly packets: PacketReader;
  /** Whether the file itself ends within something that it began. */
  readonly isCut: boolean;
  /** Places of the file where nothing can be read. */
  readonly unread: number;
  /** Whether another file begins where this one ends. */
  readonly isJoined: boolean;
  readonly config: VideoDecoderConfig;
  readonly info: VideoInfo;
  /** The container's time that a player shows as 0. */
  readonly startSeconds: number;
  /** The end that the container states for all its tracks together, on the video's own clock; 0 when it states none. */
  readonly statedEndSeconds: number;
  readonly sampleRate: SampleRate;
  /** The part that is asked for; absent: the whole. */
  readonly range?: TimeRange;
  readonly clock: FrameClock;
  readonly rotation: Rotation;
  readonly isMirrored: boolean;
  /** Pixels of a decoded frame as the container states them. */
  readonly codedWidth: number;
  readonly codedHeight: number;
  /** Square pixels for one of those pixels, across and down. */
  readonly pixelWidth: number;
  readonly pixelHeight: number;
  /** Ends what the source still reads. */
  readonly closing: AbortController;
}

/** A video file as samples of the grid. */
export class VideoSource implements FrameSource<DecodedImage> {
  readonly #parts: VideoParts;
  readonly #open: OpenFrames = { count: 0 };
  /** See {@link FrameSource.secondsBefore}. */
  secondsBefore: readonly number[] = [];
  #ledger = new FrameLedger();
  #restartsBefore = 0;
  #decoder: FrameDecoder | undefined;
  #timeline: PacketTimeline | undefined;
  #running: AsyncGenerator | undefined;

  constructor(parts: VideoParts) {
    this.#parts = parts;
  }

  /** Where the clock jumped back on the way, the length is what was read up to now. */
  get info(): VideoInfo {
    const { info } = this.#parts;
    const readMs = this.#timeline?.isJoined ? toTimestampMs(this.#timeline.endSeconds) : 0;
    return readMs > info.durationMs ? { ...info, durationMs: readMs } : info;
  }

  samples(
    signal: AbortSignal,
    before?: ReadSoFar,
    againFrom?: number,
  ): AsyncGenerator<SampledFrame<DecodedImage>, void, void> {
    const either = AbortSignal.any([signal, this.#parts.closing.signal]);
    // What was accounted for stays in the report, also when reading ends before it is known where to go on.
    this.#ledger = new FrameLedger(0, before?.decode);
    this.#restartsBefore = before?.decode.decoderRestarts ?? 0;
    const samples = this.#samples(either, before, againFrom);
    this.#running = samples;
    return samples;
  }

  report(): DecodeReport {
    const { expected, decoded, lost, lostAtMs } = this.#ledger;
    return {
      framesExpected: expected,
      framesDecoded: decoded,
      framesDamaged: lost,
      ...(this.#parts.unread > 0 && { partsUnread: this.#parts.unread }),
      damagedAtMs: [...lostAtMs],
      decoderRestarts: this.#restartsBefore + (this.#decoder?.restarts ?? 0),
      framesOpen: this.#open.count,
    };
  }

  async close(): Promise<void> {
    this.#parts.closing.abort(new DOMException('The video was closed.', 'AbortError'));
    await this.#running?.return(undefined).catch(() => {});
    for (const input of this.#parts.inputs) if (!input.disposed) input.dispose();
  }

  async *#samples(
    signal: AbortSignal,
    soFar: ReadSoFar | undefined,
    againFrom = Number.POSITIVE_INFINITY,
  ): AsyncGenerator<SampledFrame<DecodedImage>, void, void> {
    const { packets, config, clock, startSeconds } = this.#parts;
    const { from, to } = this.#parts.range ?? { from: 0, to: Number.POSITIVE_INFINITY };
    const after = soFar?.timeSeconds ?? Number.NEGATIVE_INFINITY;
    const isBehind = (seconds: number) => seconds >= to - SAME_TIME;
    const isWanted = (seconds: number) =>
      seconds > after + SAME_TIME && seconds >= from - SAME_TIME && !isBehind(seconds);
    const isBefore = (seconds: number) =>
      seconds <= after + SAME_TIME || seconds < from - SAME_TIME;
    let wantsAgain = true;
    const isAgain = (seconds: number) =>
      wantsAgain && seconds >= againFrom - SAME_TIME && isBefore(seconds);
    const goOnAt = Math.min(againFrom, Math.max(from, after));
    const resume =
      soFar || from > 0 ? await findResumePoint(packets, startSeconds, goOnAt, signal) : undefined;
    const timeline = resume?.timeline ?? new PacketTimeline(startSeconds);
    const ledger = new FrameLedger(resume?.ordinal, soFar?.decode);
    const decoder = new FrameDecoder({ packets, config, timeline, ledger, open: this.#open });
    this.#ledger = ledger;
    this.#decoder = decoder;
    this.#timeline = timeline;
    this.secondsBefore = resume && !soFar ? this.#samplesBefore(from, resume) : [];
    const isPassed = (seconds: number) => seconds < Math.min(from, againFrom) - SAME_TIME;
    let sample = soFar?.samples ?? this.secondsBefore.filter(isPassed).length;
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
        const isOnGrid = this.#isSampled(before, seconds, first);
        this.#open.count--;
        if (isOnGrid && isWanted(before.seconds)) yield this.#toSample(before, sample++);
        else if (isOnGrid && isAgain(before.seconds)) {
          // Of a part it is not known here which of them was looked at.
          wantsAgain = !soFar;
          yield { ...this.#toSample(before, soFar ? sample : sample++), isAgain: true };
        } else before.frame.close();
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
    const first = resume?.firstSeconds ?? ledger.firstSeconds;
    this.#checkEnd(first, timeline.endSeconds, endSeconds, soFar !== undefined);
  }

  /** See {@link FrameSource.secondsBefore}. */
  #samplesBefore(from: number, { seconds, firstSeconds }: ResumePoint): number[] {
    const { sampleRate, clock } = this.#parts;
    const since = seconds.map((at) => clock.timeOf(at - firstSeconds));
    return since
      .filter((at, i) => {
        const until = since[i + 1] ?? Number.POSITIVE_INFINITY;
        return isSampled(at, until, sampleRate, clock.tolerance);
      })
      .map((at) => at + firstSeconds)
      .filter((at) => at < from - SAME_TIME);
  }

  #isSampled(pending: ShownFrame, until: number, first: number): boolean {
    const { sampleRate, clock } = this.#parts;
    return isSampled(pending.seconds - first, until - first, sampleRate, clock.tolerance);
  }

  #toSample(shown: ShownFrame, sample: number): SampledFrame<DecodedImage> {
    const { frame, ordinal, seconds, framesLost } = shown;
    const { rotation, isMirrored } = this.#parts;
    const [across, down] = this.#squarePixels(frame);
    const [width, height] = rotation % 180 === 0 ? [across, down] : [down, across];
    const { info } = this;
    const isOther = Math.abs(width - info.width) > 1 || Math.abs(height - info.height) > 1;
    return {
      sample,
      frame: ordinal,
      timestampMs: toTimestampMs(seconds),
      timeSeconds: seconds,
      framesLost,
      ...(isOther ? { size: { width, height } } : {}),
      image: {
        frame,
        rotation,
        isMirrored,
        width,
        height,
      },
    };
  }

  /** A frame's size in square pixels, before it is turned. */
  #squarePixels(frame: VideoFrame): readonly [across: number, down: number] {
    const { codedWidth, codedHeight, pixelWidth, pixelHeight } = this.#parts;
    const { width, height } =
      frame.visibleRect ?? new DOMRectReadOnly(0, 0, frame.displayWidth, frame.displayHeight);
    // The container speaks of the size that it states; frames of another one say themselves how they are shown.
    const isStated = width === codedWidth && height === codedHeight;
    return isStated
      ? [Math.round(width * pixelWidth), Math.round(height * pixelHeight)]
      : [frame.displayWidth, frame.displayHeight];
  }

  /**
   * Finds what no layer calls an error.
   * @param firstSeconds when the first frame appears
   * @param readSeconds when the last frame read ends
   * @param shownSeconds when the last frame shown ends
   */
  #checkEnd(
    firstSeconds: number,
    readSeconds: number,
    shownSeconds: number,
    isResumed: boolean,
  ): void {
    const { packets, statedEndSeconds } = this.#parts;
    const { expected, decoded } = this.#ledger;
    const isCut = this.#parts.isCut || packets.isCut;
    checkTimes(expected, this.#ledger.isUntimed ? 0 : readSeconds - firstSeconds);
    if (decoded === 0 && !isResumed && (expected > 0 || !isCut)) {
      throw new Failure(
        'no-frame',
        expected === 0
          ? `The video has no pictures in it: the file is empty or damaged. ${COPY_AGAIN}`
          : !this.#decoder?.hasBegun
            ? `Not one of the video's ${expected} pictures is a key frame at which this browser can begin, as in some broadcasts, or where the beginning is missing. ${CONVERT}`
            : `Not one of the video's ${expected} pictures could be decoded: the file is damaged, or coded in a way that this browser cannot decode. If it plays elsewhere, convert it to H.264 in an MP4 file and try again. Else copy it again from the camera or its source.`,
        packets.readError,
      );
    }
    const secondsLost = readSeconds - shownSeconds;
    const isLostToEnd =
      secondsLost > LOST_END_SECONDS ||
      (secondsLost > SAME_TIME && readSeconds < statedEndSeconds - LOST_END_SECONDS);
    const { isJoined } = this.#parts;
    if (!isCut && !isJoined && !isLostToEnd && packets.readError === undefined) return;
    const length = Math.max(readSeconds, statedEndSeconds, this.info.durationMs / 1000);
    const isKnown = length > shownSeconds + LOST_END_SECONDS;
    const seconds = shownSeconds.toFixed(1);
    const part = isKnown ? `${seconds} of its ${length.toFixed(1)}` : `its first ${seconds}`;
    const [reason, remedy] = isCut
      ? ['the file is incomplete, as after a copy or a recording that was cut off', COPY_AGAIN]
      : isJoined
        ? [
            'another video file begins there, joined to its end',
            'Give each of them as a file of its own.',
          ]
        : ['the file is damaged from there on', COPY_AGAIN];
    throw new Failure(
      'video-truncated',
      `The video can be read for ${part} seconds: ${reason}. The people found up to there are kept. ${remedy}`,
      packets.readError,
    );
  }
}
