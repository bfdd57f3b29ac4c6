import {
  ADTS,
  EncodedPacketSink,
  FLAC,
  Input,
  type InputFormat,
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
import { foreignFormat } from './foreign-format.ts';
import { hasEncryptedVideo, lacksMp4Index } from './mp4-boxes.ts';
import { codecName, colorRange, formatName, spokenCodec } from './names.ts';
import { PacketSource } from './packet-source.ts';
import { expectedSamples, FrameClock, isSampleRate } from './sample-grid.ts';
import { openBytes, toSource, type VideoBody, type VideoBytes } from './video-bytes.ts';
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
  const bytes = openBytes(body, closing.signal);
  const input = new Input({ formats: FORMATS, source: toSource(bytes, body) });
  try {
    return await open(input, bytes, options, closing);
  } catch (error) {
    input.dispose();
    throw await toFailure(error, bytes);
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
  bytes: VideoBytes,
  { sampleRate, range }: { readonly sampleRate: SampleRate; readonly range?: TimeRange },
  closing: AbortController,
): Promise<VideoSource> {
  const track = await findTrack(input, bytes);
  const config = await decoderConfig(track);
  const startSeconds = Math.max(0, await input.getFirstTimestamp());
  const statedEnd = await statedEndSeconds(input);
  const end = statedEnd ?? (await orUndefined(input.computeDuration())) ?? 0;
  const videoEnd = (await orUndefined(track.computeDuration())) ?? 0;
  const rates = await frameRates(track, videoEnd - startSeconds);
  const info = await describe(input, track, {
    durationSeconds: Math.max(0, end - startSeconds),
    videoSeconds: Math.max(0, videoEnd - startSeconds),
    frameRate: rates.average,
    sampleRate,
  });
  return new VideoSource({
    input,
    packets: new PacketSource(new EncodedPacketSink(track)),
    config,
    info,
    startSeconds,
    statedEndSeconds: Math.max(0, (statedEnd ?? 0) - startSeconds),
    audioTracks: await input.getAudioTracks(),
    sampleRate,
    ...(range && { range }),
    clock: new FrameClock(rates.constant, await track.getTimeResolution()),
    rotation: await track.getRotation(),
    isMirrored: await track.getFlip(),
    pixelWidth: (await track.getSquarePixelWidth()) / (await track.getCodedWidth()),
    pixelHeight: (await track.getSquarePixelHeight()) / (await track.getCodedHeight()),
    closing,
  });
}

async function findTrack(input: Input, bytes: VideoBytes): Promise<InputVideoTrack> {
  const size = await bytes.size();
  if (size === 0) {
    throw new Failure('not-a-video', `The file is empty: it has no bytes at all. ${COPY_AGAIN}`);
  }
  if (!(await input.canRead())) {
    const found = foreignFormat(await bytes.read(0, Math.min(16, size)));
    throw new Failure(
      'not-a-video',
      `This is ${found ?? 'a file of an unknown kind'}, not a video that can be read here: MP4, MOV, WebM, MKV and MPEG-TS files can. If it is a video, convert it to H.264 in an MP4 file and try again.`,
    );
  }
  const format = await input.getFormat();
  const track = await primaryTrack(input, format);
  if (track) return track;
  if ((format === MP4 || format === QTFF) && (await lacksMp4Index(bytes))) {
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
  if (config && (await isSupported(config))) return config;
  const mended = config && (await withMendedCodec(track, config));
  if (mended && (await isSupported(mended))) return mended;
  throw new Failure(
    'codec-unsupported',
    `The video is coded as ${spokenCodec(codec, id)}, which this browser cannot decode. ${CONVERT}`,
  );
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
    if (found.probedPacketCount > 1) {
      const constant = found.underlyingFrameRate ?? undefined;
      const average = found.frameRateIsConstant && constant ? constant : found.averageFrameRate;
      return { average, constant };
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
  }
  return { average: videoSeconds > 0 ? 1 / videoSeconds : 0, constant: undefined };
}

/** The end that the container states; undefined where it follows from the packets anyway. */
async function statedEndSeconds(input: Input): Promise<number | undefined> {
  if (!((await input.getFormat()) instanceof MatroskaInputFormat)) return undefined;
  return (await input.getDurationFromMetadata()) ?? undefined;
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
    frameRate: Math.fround(found.frameRate),
    width: await track.getDisplayWidth(),
    height: await track.getDisplayHeight(),
    ...(range ? { colorRange: range } : {}),
    expectedSamples: expectedSamples(frames, found.videoSeconds, found.sampleRate),
  };
}
