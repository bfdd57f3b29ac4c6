import {
  type InputFormat,
  MatroskaInputFormat,
  MpegTsInputFormat,
  type VideoCodec,
} from 'mediabunny';
import type { VideoColorRange } from '../contract/types.ts';

/** Rekognition said `h264`; the others in the same manner, as FFmpeg names them. */
const CODECS: Readonly<Record<VideoCodec, string>> = {
  avc: 'h264',
  hevc: 'hevc',
  vp8: 'vp8',
  vp9: 'vp9',
  av1: 'av1',
  prores: 'prores',
};

/** What people call codecs, by the reader's names and by what containers write. */
const SPOKEN: Readonly<Record<string, string>> = {
  avc: 'H.264',
  hevc: 'HEVC (H.265)',
  vp8: 'VP8',
  vp9: 'VP9',
  av1: 'AV1',
  prores: 'Apple ProRes',
  mp4v: 'MPEG-4 Part 2 (DivX, Xvid)',
  'V_MPEG4/ISO/ASP': 'MPEG-4 Part 2 (DivX, Xvid)',
  s263: 'H.263',
  jpeg: 'Motion JPEG',
  mjpa: 'Motion JPEG',
  mjpb: 'Motion JPEG',
  V_MJPEG: 'Motion JPEG',
  V_MPEG1: 'MPEG-1',
  V_MPEG2: 'MPEG-2',
  V_THEORA: 'Theora',
};

/** Rekognition's name of a codec. */
export function codecName(codec: VideoCodec): string {
  return CODECS[codec];
}

/** A codec as people call it. @param id the container's own name, where the reader knows no codec */
export function spokenCodec(codec: VideoCodec | null, id: unknown): string {
  const name = codec ?? (typeof id === 'string' ? id.trim() : '');
  return SPOKEN[name] ?? (name === '' ? 'an unknown codec' : `"${name}"`);
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
