import {
  ADTS,
  EncodedPacketSink,
  FLAC,
  Input,
  type InputFormat,
  type InputTrack,
  type InputVideoTrack,
  MATROSKA,
  MatroskaInputFormat,
  MP3,
  MP4,
  MPEG_TS,
  OGG,
  QTFF,
  WAVE,
  WEBM,
} from 'mediabunny';
import { Failure } from '../contract/failure.ts';
import type { FrameSource, SampleRate, TimeRange, VideoInfo } from '../engine/ports.ts';
import { mendedCodec } from './codec-string.ts';
import type { DecodedImage } from './decoded-image.ts';
import { EditedPackets } from './edited-packets.ts';
import { foreignFormat } from './foreign-format.ts';
import { mendBytes } from './mended-bytes.ts';
import { hasEncryptedVideo, lacksMp4Index } from './mp4-boxes.ts';
import { codecName, colorRange, formatName, spokenCodec } from './names.ts';
import { type PacketReader, PacketSource } from './packet-source.ts';
import { expectedSamples, FrameClock, isSampleRate } from './sample-grid.ts';
import { checkTimes, reasonableRate } from './usable-times.ts';
import {
  type Edit,
  type MendedBytes,
  openBytes,
  toSource,
  type VideoBody,
  type VideoBytes,
} from './video-bytes.ts';
import { VideoSource } from './video-source.ts';

/** Sound is read too, to tell its owner that it is only sound. HLS is not: a playlist may point to other sites. */
const FORMATS = [MP4, QTFF, MATROSKA, WEBM, MPEG_TS, OGG, MP3, WAVE, FLAC, ADTS];

const COPY_AGAIN = 'Copy it again from the camera or its source.';
const CONVERT = 'Convert it to H.264 in an MP4 file and try again.';

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
  let input: Input | undefined;
  try {
    const bytes = await mendBytes(file);
    input = new Input({ formats: FORMATS, source: toSource(bytes, body) });
    return await open(input, bytes, options, closing);
  } catch (error) {
    input?.dispose();
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

function encrypted(cause?: unknown): Failure {
  return new Failure(
    'video-encrypted',
    'The video is encrypted (copy-protected) and cannot be read without its key. Use a copy without protection.',
    cause,
  );
}

async function open(
  input: Input,
  bytes: MendedBytes,
  { sampleRate, range }: { readonly sampleRate: SampleRate; readonly range?: TimeRange },
  closing: AbortController,
): Promise<VideoSource> {
  const track = await findTrack(input, bytes);
  const config = await decoderConfig(track);
  const source = new PacketSource(new EncodedPacketSink(track));
  const edits = bytes.edits?.get(track.id);
  const packets = edits ? new EditedPackets(source, edits) : source;
  const startSeconds = edits
    ? await startOfShown(input, packets, closing.signal)
    : await startOf(input, track);
  const end = await endOf(track);
  const rates = await frameRates(track, end - (await track.getFirstTimestamp()));
  const mediaEnd = end + (await untoldDuration(track, rates.average));
  const videoEnd = edits ? endOfShown(edits, mediaEnd) : mediaEnd;
  const info = await describe(input, track, {
    durationSeconds: Math.max(0, Math.max(videoEnd, await soundEnd(input)) - startSeconds),
    videoSeconds: Math.max(0, videoEnd - startSeconds),
    frameRate: rates.average,
    sampleRate,
  });
  const codedWidth = await track.getCodedWidth();
  const codedHeight = await track.getCodedHeight();
  return new VideoSource({
    input,
    packets,
    isCut: bytes.isCut,
    config,
    info,
    startSeconds,
    statedEndSeconds: await statedEndSeconds(input, startSeconds),
    sampleRate,
    ...(range && { range }),
    clock: new FrameClock(rates.constant, await track.getTimeResolution()),
    rotation: await track.getRotation(),
    isMirrored: await track.getFlip(),
    codedWidth,
    codedHeight,
    pixelWidth: (await track.getSquarePixelWidth()) / codedWidth,
    pixelHeight: (await track.getSquarePixelHeight()) / codedHeight,
    closing,
  });
}

async function findTrack(input: Input, bytes: VideoBytes): Promise<InputVideoTrack> {
  const size = await bytes.size();
  if (size === 0) {
    throw new Failure('not-a-video', `The file is empty: it has no bytes at all. ${COPY_AGAIN}`);
  }
  const foreign = foreignFormat(await bytes.read(0, Math.min(64, size)));
  const canRead = await input.canRead();
  const format = canRead ? await input.getFormat() : undefined;
  const track = format && (await primaryTrack(input, format));
  if (track) return track;
  const isMp4 = format === MP4 || format === QTFF;
  // Pictures may lie in the boxes of MP4.
  if (!format || (isMp4 && foreign !== undefined)) {
    throw new Failure(
      'not-a-video',
      `This is ${foreign ?? 'a file of an unknown kind'}, not a video that can be read here: MP4, MOV, WebM, MKV and MPEG-TS files can. If it is a video, convert it to H.264 in an MP4 file and try again.`,
    );
  }
  if (isMp4 && (await lacksMp4Index(bytes))) {
    throw new Failure(
      'video-truncated',
      `The video file is incomplete: its table of contents, which stands at the end, is missing, as after a copy or a recording that was cut off. ${COPY_AGAIN}`,
    );
  }
  const hasSound = (await input.getAudioTracks()).length > 0;
  throw new Failure(
    'no-video-track',
    hasSound
      ? 'The file holds sound, but no video that can be read here. If it plays as a video elsewhere, convert it to H.264 in an MP4 file and try again.'
      : `The file holds no video that can be read here. ${CONVERT}`,
  );
}

async function primaryTrack(input: Input, format: InputFormat): Promise<InputVideoTrack | null> {
  try {
    return await input.getPrimaryVideoTrack();
  } catch (error) {
    // A transport stream has no table of contents: its reader looks for the first key frame.
    if (error instanceof Failure || format !== MPEG_TS) throw error;
    throw new Failure(
      'no-frame',
      `The recording has no key frame to start from, or is damaged near its start: not one picture can be decoded. ${COPY_AGAIN}`,
      error,
    );
  }
}

async function decoderConfig(track: InputVideoTrack): Promise<VideoDecoderConfig> {
  const codec = await track.getCodec();
  const id = await track.getInternalCodecId();
  // Sample entry `encv`: ISO/IEC 14496-12, section 8.12.
  if (id === 'encv') throw encrypted();
  const config = codec === null ? null : await track.getDecoderConfig();
  if (config && (await isSupported(config))) return withoutAspect(config);
  const mended = config && (await withMendedCodec(track, config));
  if (mended && (await isSupported(mended))) return withoutAspect(mended);
  throw new Failure(
    'codec-unsupported',
    `The video is coded as ${spokenCodec(codec, id)}, which this browser cannot decode. ${CONVERT}`,
  );
}

/** Frames of another size than the first have another shape: each says its own, and the container's is applied here. */
function withoutAspect(config: VideoDecoderConfig): VideoDecoderConfig {
  const { displayAspectWidth, displayAspectHeight, ...others } = config;
  return others;
}

/** The configuration with the codec string that the pictures themselves ask for. */
async function withMendedCodec(
  track: InputVideoTrack,
  config: VideoDecoderConfig,
): Promise<VideoDecoderConfig | undefined> {
  const packet = await orUndefined(new EncodedPacketSink(track).getFirstPacket());
  const { description } = config;
  const codec = mendedCodec({
    codec: config.codec,
    width: await track.getCodedWidth(),
    height: await track.getCodedHeight(),
    ...(description instanceof Uint8Array ? { description } : {}),
    keyFrame: packet?.data ?? new Uint8Array(0),
  });
  return codec === undefined ? undefined : { ...config, codec };
}

async function isSupported(config: VideoDecoderConfig): Promise<boolean> {
  try {
    return (await VideoDecoder.isConfigSupported(config)).supported === true;
  } catch {
    return false;
  }
}

/** Facts that can be done without, where damaged packets hide them. */
async function orUndefined<T>(fact: Promise<T>): Promise<T | undefined> {
  try {
    return await fact;
  } catch (error) {
    if (error instanceof Failure) throw error;
    return undefined;
  }
}

/** Frames a second: on average, and the rate that all frame times keep to, if there is one. */
async function frameRates(
  track: InputVideoTrack,
  videoSeconds: number,
): Promise<{ average: number; constant: number | undefined }> {
  try {
    const found = await track.computeFrameRateMetrics();
    const { probedPacketCount: frames } = found;
    if (frames > 1) {
      // Of times that are all the same there is no average.
      checkTimes(frames, found.averageFrameRate > 0 ? frames / found.averageFrameRate : 0);
      const constant = found.underlyingFrameRate ?? undefined;
      const average = found.frameRateIsConstant && constant ? constant : found.averageFrameRate;
      return { average, constant };
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
  }
  return { average: reasonableRate(1 / videoSeconds), constant: undefined };
}

/** Sound that starts this much earlier than a transport stream's pictures goes by another clock. Seconds. */
const MAX_EARLIER_SECONDS = 10;

/** The container's time that a player shows as 0, in seconds. */
async function startOf(input: Input, track: InputVideoTrack): Promise<number> {
  const first = await input.getFirstTimestamp();
  if ((await input.getFormat()) !== MPEG_TS) return Math.max(0, first);
  // There is no 0 to start from: any time may be the first, on a clock that wraps.
  const firstFrame = await track.getFirstTimestamp();
  return first >= firstFrame - MAX_EARLIER_SECONDS ? first : firstFrame;
}

/** Frames among which the first one shown is: H.264 puts 16 into order at most. */
const REORDER_FRAMES = 17;

/** When the first frame that an edit list shows appears, or a sound before it, in seconds of the movie's clock. */
async function startOfShown(
  input: Input,
  packets: PacketReader,
  signal: AbortSignal,
): Promise<number> {
  const tracks = (await input.getAudioTracks()).map((track) => track.getFirstTimestamp());
  const starts = await Promise.all(tracks.map(orUndefined));
  let shown = 0;
  for await (const { timestamp, isShown } of packets.metadata(signal)) {
    if (isShown) starts.push(timestamp);
    if (isShown && ++shown > REORDER_FRAMES) break;
  }
  const known = starts.filter((start) => start !== undefined);
  return known.length === 0 ? 0 : Math.max(0, Math.min(...known));
}

/** When the last part ends of those that a track has. Seconds of the movie's clock. */
function endOfShown(edits: readonly Edit[], mediaEnd: number): number {
  const ends = edits
    .filter(({ mediaStart }) => mediaStart < mediaEnd)
    .map(({ start, end, mediaStart, rate }) =>
      rate === 0 ? end : Math.min(end, start + (mediaEnd - mediaStart) / rate),
    );
  return Math.max(0, ...ends);
}

/** When the last frame or sound of a track ends by its own packets, in seconds of the container's clock. */
async function endOf(track: InputTrack): Promise<number> {
  const end = await orUndefined(track.computeDuration());
  return end !== undefined && Number.isFinite(end) ? end : 0;
}

/** How long the last frame is shown where the container does not say: as long as the others. Seconds. */
async function untoldDuration(track: InputVideoTrack, frameRate: number): Promise<number> {
  const options = { metadataOnly: true };
  const sink = new EncodedPacketSink(track);
  const last = await orUndefined(sink.getPacket(Number.POSITIVE_INFINITY, options));
  return last?.duration === 0 && frameRate > 0 ? 1 / frameRate : 0;
}

/** The same of what is heard, which may go on behind the pictures. A transport stream's sound has a clock of its own. */
async function soundEnd(input: Input): Promise<number> {
  if ((await input.getFormat()) === MPEG_TS) return 0;
  const ends = (await input.getAudioTracks()).map(endOf);
  return Math.max(0, ...(await Promise.all(ends)));
}

/** How far the container says that one of its tracks goes, which may be nothing but subtitles; 0 where it says nothing. */
async function statedEndSeconds(input: Input, startSeconds: number): Promise<number> {
  if (!((await input.getFormat()) instanceof MatroskaInputFormat)) return 0;
  const end = (await input.getDurationFromMetadata()) ?? 0;
  return Number.isFinite(end) ? Math.max(0, end - startSeconds) : 0;
}

async function describe(
  input: Input,
  track: InputVideoTrack,
  found: {
    durationSeconds: number;
    videoSeconds: number;
    frameRate: number;
    sampleRate: SampleRate;
  },
): Promise<VideoInfo> {
  const codec = await track.getCodec();
  const range = colorRange(await track.getColorSpace());
  const frames = Math.max(1, Math.round(found.videoSeconds * found.frameRate));
  return {
    codec: codec === null ? 'unknown' : codecName(codec),
    format: formatName(await input.getFormat()),
    durationMs: Math.floor(found.durationSeconds * 1000 + 1e-3),
    frameRate: Math.fround(reasonableRate(found.frameRate)),
    width: await track.getDisplayWidth(),
    height: await track.getDisplayHeight(),
    ...(range ? { colorRange: range } : {}),
    expectedSamples: expectedSamples(frames, found.videoSeconds, found.sampleRate),
  };
}
