import { EncodedPacketSink, type InputVideoTrack } from 'mediabunny';
import { Failure } from '../contract/failure.ts';
import { mendedCodec } from './codec-string.ts';
import { ENCRYPTED_ENTRIES } from './mp4-boxes.ts';
import { spokenCodec } from './names.ts';
import { orUndefined } from './or-undefined.ts';
import { CONVERT, encrypted } from './spoken-advice.ts';

/**
 * What this browser's decoder needs to decode a track.
 * @throws Failure `codec-unsupported`, `video-encrypted`
 */
export async function decoderConfig(track: InputVideoTrack): Promise<VideoDecoderConfig> {
  const codec = await track.getCodec();
  const id = await track.getInternalCodecId();
  if (typeof id === 'string' && ENCRYPTED_ENTRIES.has(id)) throw encrypted();
  const stated = codec === null ? null : await track.getDecoderConfig();
  const config = stated && withoutAspect(stated);
  if (config && (await isSupported(config))) return config;
  const mended = config && (await withMendedCodec(track, config));
  if (mended && (await isSupported(mended))) return mended;
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
