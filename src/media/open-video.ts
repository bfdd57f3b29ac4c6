import {
  ADTS,
  FLAC,
  Input,
  type InputVideoTrack,
  MATROSKA,
  MP3,
  MP4,
  MPEG_TS,
  OGG,
  QTFF,
  WAVE,
  WEBM,
} from 'mediabunny';
import { Failure } from '../contract/failure.ts';
import type { FrameSize } from '../engine/common-frame.ts';
import type { FrameSource, SampleRate, TimeRange, VideoInfo } from '../engine/ports.ts';
import { codedLines } from './coded-lines.ts';
import type { DecodedImage } from './decoded-image.ts';
import { decoderConfig } from './decoder-config.ts';
import { EditedPackets } from './edited-packets.ts';
import { findTrack } from './find-track.ts';
import { followingFragments } from './following-fragments.ts';
import { mendBytes } from './mended-bytes.ts';
import { hasEncryptedVideo } from './mp4-boxes.ts';
import { codecName, colorRange, formatName } from './names.ts';
import { PacketSource } from './packet-source.ts';
import { PictureSink } from './picture-sink.ts';
import { recordedAt } from './recorded-at.ts';
import { expectedSamples, FrameClock, isSampleRate } from './sample-grid.ts';
import { COPY_AGAIN, encrypted } from './spoken-advice.ts';
import { squarePixels } from './square-pixels.ts';
import {
  endOf,
  endOfPictures,
  endOfShown,
  frameRates,
  soundEnd,
  startOf,
  startOfShown,
  statedEndSeconds,
} from './track-times.ts';
import { isUnbrandedMovie, UNBRANDED_MOVIE } from './unbranded-movie.ts';
import { reasonableRate } from './usable-times.ts';
import {
  type MendedBytes,
  openBytes,
  toSource,
  type VideoBody,
  type VideoBytes,
} from './video-bytes.ts';
import { VideoSource } from './video-source.ts';

/** Sound is read too, to tell its owner that it is only sound. HLS is not: a playlist may point to other sites. */
const FORMATS = [MP4, QTFF, MATROSKA, WEBM, MPEG_TS, OGG, MP3, WAVE, FLAC, ADTS];

/**
 * Opens a video: reads its container and finds out whether it can be decoded. Only the parts needed are read.
 *
 * @param options `sampleRate`: samples a second above 0, or `all` for every frame; `range`: the part whose samples are
 *   given, just as they are among those of the whole video
 * @throws Failure `not-a-video`, `no-video-track`, `codec-unsupported`, `video-encrypted`, `video-truncated`,
 *   `no-frame`, `object-unreadable`
 * @throws RangeError for another sample rate
 */
export async function openVideo(
  body: VideoBody,
  options: { readonly sampleRate: SampleRate; readonly range?: TimeRange },
): Promise<FrameSource<DecodedImage>> {
  if (!isSampleRate(options.sampleRate)) {
    throw new RangeError(`sampleRate is ${options.sampleRate}; it must be above 0, or 'all'.`);
  }
  const closing = new AbortController();
  const file = openBytes(body, closing.signal);
  const inputs: Input[] = [];
  try {
    const bytes = await mendBytes(file);
    const formats = (await isUnbrandedMovie(file)) ? [UNBRANDED_MOVIE] : FORMATS;
    for (const part of bytes.fragments ? [bytes, bytes.fragments] : [bytes]) {
      inputs.push(new Input({ formats, source: toSource(part, body) }));
    }
    return await open(inputs, bytes, options, closing);
  } catch (error) {
    for (const input of inputs) input.dispose();
    throw await toFailure(error, file);
  }
}

/** The container reader's complaint as one that a person understands. */
async function toFailure(error: unknown, bytes: VideoBytes): Promise<Failure> {
  if (error instanceof Failure) return error;
  if (await hasEncryptedVideo(bytes)) return encrypted(error);
  return new Failure(
    'not-a-video',
    `The file looks like a video, but its table of contents is damaged and cannot be read. ${COPY_AGAIN}`,
    error,
  );
}

/** @param inputs the file, and its fragments alone where they are to be read apart */
async function open(
  inputs: readonly Input[],
  bytes: MendedBytes,
  { sampleRate, range }: { readonly sampleRate: SampleRate; readonly range?: TimeRange },
  closing: AbortController,
): Promise<VideoSource> {
  const input = inputs[0]!;
  const track = await findTrack(input, bytes);
  const config = await decoderConfig(track);
  const following = inputs[1] && (await followingFragments(track, inputs[1]));
  const tracks = following ? [track, following] : [track];
  const pictures = await PictureSink.of(input, track, config);
  const source = new PacketSource(tracks, bytes.described?.get(track.id), pictures);
  const edits = bytes.edits?.get(track.id);
  const packets = edits ? new EditedPackets(source, edits) : source;
  const startSeconds = edits
    ? await startOfShown(input, packets, closing.signal)
    : await startOf(input, track);
  const last = following ?? track;
  const read = await pictures?.end(closing.signal);
  const end = read ?? (await endOf(last));
  const rates = pictures?.framesPerSecond
    ? { average: pictures.framesPerSecond, constant: undefined }
    : await frameRates(last, end - (await last.getFirstTimestamp()));
  const mediaEnd = read ?? (await endOfPictures(input, last, { end, frameRate: rates.average }));
  const videoEnd = edits ? endOfShown(edits, mediaEnd) : mediaEnd;
  const heardEnd = await soundEnd(input, bytes.soundEdits ?? new Map());
  const statedLines = await track.getCodedHeight();
  const codedHeight = await codedLines(input, track);
  const square = await squarePixels(track, bytes.shownSizes?.get(track.id));
  const info = await describe(input, track, {
    square,
    stretch: codedHeight / statedLines,
    durationSeconds: Math.max(0, Math.max(videoEnd, heardEnd) - startSeconds),
    videoSeconds: Math.max(0, videoEnd - startSeconds),
    frameRate: rates.average,
    sampleRate,
  });
  const recordedAtMs = await recordedAt(input, bytes);
  const codedWidth = await track.getCodedWidth();
  return new VideoSource({
    inputs,
    packets,
    isCut: bytes.isCut,
    unread: bytes.unread + (inputs[1] && !following ? 1 : 0),
    isJoined: bytes.isJoined,
    config,
    info: {
      ...info,
      ...(startSeconds > 0 && { startMs: 1000 * startSeconds }),
      ...(recordedAtMs !== undefined && { recordedAtMs }),
    },
    startSeconds,
    statedEndSeconds: await statedEndSeconds(input, startSeconds),
    sampleRate,
    ...(range && { range }),
    clock: new FrameClock(rates.constant, await track.getTimeResolution()),
    rotation: await track.getRotation(),
    isMirrored: await track.getFlip(),
    codedWidth,
    codedHeight,
    pixelWidth: square.width / codedWidth,
    pixelHeight: square.height / statedLines,
    closing,
  });
}

async function describe(
  input: Input,
  track: InputVideoTrack,
  found: {
    square: FrameSize;
    stretch: number;
    durationSeconds: number;
    videoSeconds: number;
    frameRate: number;
    sampleRate: SampleRate;
  },
): Promise<VideoInfo> {
  const codec = await track.getCodec();
  const range = colorRange(await track.getColorSpace());
  const { width, height } = found.square;
  const [across, down] =
    (await track.getRotation()) % 180 === 0 ? [width, height] : [height, width];
  const frames = Math.max(1, Math.round(found.videoSeconds * found.frameRate));
  return {
    codec: codec === null ? 'unknown' : codecName(codec),
    format: formatName(await input.getFormat()),
    durationMs: Math.floor(found.durationSeconds * 1000 + 1e-3),
    frameRate: Math.fround(reasonableRate(found.frameRate)),
    width: across,
    height: Math.round(down * found.stretch),
    ...(range ? { colorRange: range } : {}),
    expectedSamples: expectedSamples(frames, found.videoSeconds, found.sampleRate),
  };
}
