import {
  ALL_FORMATS,
  BlobSource,
  EncodedPacketSink,
  Input,
  type InputVideoTrack,
  UrlSource,
} from 'mediabunny';
import { Failure } from '../contract/failure.ts';
import type { FrameSource, SampleRate, VideoInfo } from '../engine/ports.ts';
import type { DecodedImage } from './decoded-image.ts';
import { codecName, colorRange, formatName } from './names.ts';
import { VideoSource } from './video-source.ts';

/** Where a video's bytes are: at hand, or at an address of this origin that answers range requests. */
export type VideoBody = Blob | { readonly url: string };

/** Packets that the average frame rate is taken from. */
const RATE_PACKETS = 256;

/**
 * Opens a video: reads its container and finds out whether it can be decoded. Only the parts needed are read.
 *
 * @param options `sampleRate`: samples a second, or every frame
 * @throws Failure `not-a-video`, `no-video-track`, `codec-unsupported`, `video-encrypted`, `object-unreadable`
 */
export async function openVideo(
  body: VideoBody,
  options: { readonly sampleRate: SampleRate },
): Promise<FrameSource<DecodedImage>> {
  const source = body instanceof Blob ? new BlobSource(body) : urlSource(body.url);
  const input = new Input({ formats: ALL_FORMATS, source });
  try {
    const track = await findTrack(input);
    const config = await decoderConfig(track);
    const sink = new EncodedPacketSink(track);
    const originSeconds = Math.max(0, await input.getFirstTimestamp());
    const info = await describe(input, track, originSeconds, options.sampleRate);
    return new VideoSource({
      input,
      sink,
      config,
      info,
      originSeconds,
      sampleRate: options.sampleRate,
      rotation: await track.getRotation(),
    });
  } catch (error) {
    input.dispose();
    if (error instanceof Failure) throw error;
    throw new Failure(
      'not-a-video',
      'The file is damaged: its table of contents cannot be read. Try another copy of the video.',
      error,
    );
  }
}

function urlSource(url: string): UrlSource {
  return new UrlSource(url, {
    requestInit: { mode: 'same-origin', credentials: 'same-origin' },
    getRetryDelay: (attempts) => (attempts < 3 ? 0.5 * 2 ** attempts : null),
  });
}

async function findTrack(input: Input): Promise<InputVideoTrack> {
  if (!(await input.canRead())) {
    throw new Failure(
      'not-a-video',
      'The file is not a video that can be read here. MP4, MOV, WebM, MKV and MPEG-TS files can.',
    );
  }
  const track = await input.getPrimaryVideoTrack();
  if (track) return track;
  throw new Failure('no-video-track', 'The file has no video in it, only sound or nothing at all.');
}

async function decoderConfig(track: InputVideoTrack): Promise<VideoDecoderConfig> {
  const codec = await track.getCodec();
  const config = codec === null ? null : await track.getDecoderConfig();
  if (config) {
    const { supported } = await VideoDecoder.isConfigSupported(config);
    if (supported) return config;
  }
  const name = codecName(codec) ?? String((await track.getInternalCodecId()) ?? 'unknown');
  throw new Failure(
    'codec-unsupported',
    `The video is coded as ${name}, which this browser cannot decode. Convert it to H.264 in an MP4 file and try again.`,
  );
}

async function describe(
  input: Input,
  track: InputVideoTrack,
  originSeconds: number,
  sampleRate: SampleRate,
): Promise<VideoInfo> {
  const durationSeconds = Math.max(0, (await track.computeDuration()) - originSeconds);
  const { averagePacketRate } = await track.computePacketStats(RATE_PACKETS);
  const rate = sampleRate === 'all' ? averagePacketRate : Math.min(sampleRate, averagePacketRate);
  const range = colorRange(await track.getColorSpace());
  return {
    codec: codecName(await track.getCodec()) ?? 'unknown',
    format: formatName(await input.getFormat()),
    durationMs: Math.round(durationSeconds * 1000),
    frameRate: averagePacketRate,
    width: await track.getDisplayWidth(),
    height: await track.getDisplayHeight(),
    ...(range ? { colorRange: range } : {}),
    expectedSamples: Math.max(1, Math.round(durationSeconds * rate)),
  };
}
