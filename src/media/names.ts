import {
  type InputFormat,
  MatroskaInputFormat,
  MpegTsInputFormat,
  type VideoCodec,
} from 'mediabunny';
import type { VideoColorRange } from '../contract/types.ts';

/** Rekognition said `h264`; the others in the same manner, as FFmpeg names them. */
const CODECS: Record<VideoCodec, string> = {
  avc: 'h264',
  hevc: 'hevc',
  vp8: 'vp8',
  vp9: 'vp9',
  av1: 'av1',
  prores: 'prores',
} as Record<VideoCodec, string>;

/** Rekognition's name of a codec; undefined for one that the container reader does not know. */
export function codecName(codec: VideoCodec | null): string | undefined {
  return codec === null ? undefined : (CODECS[codec] ?? codec);
}

/** Rekognition's name of a container: MP4 is `QuickTime / MOV` too, as in its real answers. */
export function formatName(format: InputFormat): string {
  if (format instanceof MatroskaInputFormat) return 'Matroska / WebM';
  if (format instanceof MpegTsInputFormat) return 'MPEG-TS (MPEG-2 Transport Stream)';
  return 'QuickTime / MOV';
}

/** The range of luma values, when the file says it. */
export function colorRange(space: VideoColorSpaceInit): VideoColorRange | undefined {
  if (typeof space.fullRange !== 'boolean') return undefined;
  return space.fullRange ? 'FULL' : 'LIMITED';
}
