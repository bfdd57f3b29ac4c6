import {
  asc,
  type Input,
  type InputFormat,
  type InputVideoTrack,
  IsobmffInputFormat,
  MPEG_TS,
  prefer,
} from 'mediabunny';
import { Failure } from '../contract/failure.ts';
import { decoderConfig } from './decoder-config.ts';
import { foreignFormat } from './foreign-format.ts';
import { lacksMp4Index } from './mp4-boxes.ts';
import { CONVERT, COPY_AGAIN, encrypted } from './spoken-advice.ts';
import type { MendedBytes } from './video-bytes.ts';

/**
 * The file's main video track.
 * @throws Failure `not-a-video`, `video-truncated`, `no-video-track`, `no-frame`, `video-encrypted`: why there is none
 */
export async function findTrack(input: Input, bytes: MendedBytes): Promise<InputVideoTrack> {
  const size = await bytes.size();
  if (size === 0) {
    throw new Failure('not-a-video', `The file is empty: it has no bytes at all. ${COPY_AGAIN}`);
  }
  const foreign = foreignFormat(await bytes.read(0, Math.min(64, size)));
  const canRead = await input.canRead();
  const format = canRead ? await input.getFormat() : undefined;
  const track = format && (await primaryTrack(input, format, bytes));
  if (track) return track;
  if (bytes.isEncrypted) throw encrypted();
  const isMp4 = format !== undefined && hasMp4Index(format);
  // Pictures may lie in the boxes of MP4.
  if (!format || (isMp4 && foreign !== undefined)) {
    throw new Failure(
      'not-a-video',
      `This is ${foreign ?? 'a file of an unknown kind'}, not a video that can be read here: MP4, MOV, WebM, MKV and MPEG-TS files can. If it is a video, convert it to H.264 in an MP4 file and try again.`,
    );
  }
  if (isMp4 && (await lacksMp4Index(bytes))) throw withoutIndex();
  if (!isMp4 && bytes.isCut && (await input.getTracks()).length === 0) {
    throw new Failure(
      'video-truncated',
      `The video file is incomplete: it ends before it says what is in it, as after a copy or a recording that was cut off. ${COPY_AGAIN}`,
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

async function primaryTrack(
  input: Input,
  format: InputFormat,
  bytes: MendedBytes,
): Promise<InputVideoTrack | null> {
  try {
    return await input.getPrimaryVideoTrack({ sortBy: (track) => asPlayed(track, format) });
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (hasMp4Index(format) && (await lacksMp4Index(bytes))) throw withoutIndex(error);
    if (format !== MPEG_TS) throw error;
    // It has no table of contents: its reader looks for the first key frame.
    if (bytes.isEncrypted) throw encrypted(error);
    throw new Failure(
      'no-frame',
      `The recording has no key frame to start from, or is damaged near its start: not one picture can be decoded. ${COPY_AGAIN}`,
      error,
    );
  }
}

/**
 * The browser's player shows the first track of those that are on and that it can decode, and paths are drawn over that: others
 * are pictures for a menu, or coded anew for other players. It looks at no flag of Matroska. Its reader would take the one of
 * most bytes.
 */
async function asPlayed(track: InputVideoTrack, format: InputFormat): Promise<number[]> {
  const isOn = !hasMp4Index(format) || (await track.getDisposition()).default;
  const isDecodable = await decoderConfig(track).then(
    () => true,
    () => false,
  );
  return [prefer(isOn), prefer(isDecodable), asc(track.number)];
}

/** Whether files of a format have the index of MP4. */
function hasMp4Index(format: InputFormat): boolean {
  return format instanceof IsobmffInputFormat;
}

function withoutIndex(cause?: unknown): Failure {
  return new Failure(
    'video-truncated',
    `The video file is incomplete: its table of contents is missing, which stands at the end of most recordings and at the beginning of a stream that was saved in parts. ${COPY_AGAIN} If it does not play there either, the recording was cut off, as where the power fails: some cameras mend it when its card is put back, and repair programs can by another video of the same camera.`,
    cause,
  );
}
