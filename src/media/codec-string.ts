/**
 * Codec strings mended. Recorders write profile and level carelessly (Chromium's own writes level 0 of VP9), and a
 * browser refuses a stream that it plays well for a string it does not know. What the pictures themselves say counts.
 *
 * Strings: RFC 6381 and ISO/IEC 14496-15, annex E (avc1); VP Codec ISO Media File Format Binding (vp09); AV1 Codec ISO
 * Media File Format Binding (av01).
 */
import { hexadecimal } from '../contract/hexadecimal.ts';
import { type AvcStream, sequenceParameters } from './avc-parameters.ts';

/** Levels of each codec with the largest picture of each: luma samples, or macroblocks of 16 x 16 for AVC. */
const VP9_LEVELS: readonly Level[] = [
  ['10', 36_864],
  ['11', 73_728],
  ['20', 122_880],
  ['21', 245_760],
  ['30', 552_960],
  ['31', 983_040],
  ['40', 2_228_224],
  ['41', 2_228_224],
  ['50', 8_912_896],
  ['51', 8_912_896],
  ['52', 8_912_896],
  ['60', 35_651_584],
  ['61', 35_651_584],
  ['62', 35_651_584],
];
const AV1_LEVELS: readonly Level[] = [
  ['00', 147_456],
  ['01', 278_784],
  ['04', 665_856],
  ['05', 1_065_024],
  ['08', 2_359_296],
  ['09', 2_359_296],
  ['12', 8_912_896],
  ['13', 8_912_896],
  ['14', 8_912_896],
  ['15', 8_912_896],
  ['16', 35_651_584],
  ['17', 35_651_584],
  ['18', 35_651_584],
  ['19', 35_651_584],
];
const AVC_LEVELS: readonly Level[] = [
  ['0A', 99],
  ['0B', 396],
  ['0C', 396],
  ['0D', 396],
  ['14', 396],
  ['15', 792],
  ['16', 1620],
  ['1E', 1620],
  ['1F', 3600],
  ['20', 5120],
  ['28', 8192],
  ['29', 8192],
  ['2A', 8704],
  ['32', 22_080],
  ['33', 36_864],
  ['34', 36_864],
  ['3C', 139_264],
  ['3D', 139_264],
  ['3E', 139_264],
];

type Level = readonly [name: string, pictureSize: number];

/** What a stream says of itself. */
export interface CodedStream extends AvcStream {
  /** As the container has it. */
  readonly codec: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/**
 * The codec string that the stream ought to have: the profile that its first pictures state, and the level that was
 * stated, or the lowest that holds its pictures where there is no such level.
 * @returns undefined for codecs without such rules
 */
export function mendedCodec(stream: CodedStream): string | undefined {
  const [name = '', ...fields] = stream.codec.split('.');
  const area = stream.width * stream.height;
  if (name === 'vp09') {
    const { profile, depth } = vp9Header(stream.keyFrame) ?? { profile: fields[0] ?? '00' };
    const level = levelOf(VP9_LEVELS, fields[1] ?? '', area);
    return ['vp09', profile, level, depth ?? (profile < '02' ? '08' : '10')].join('.');
  }
  if (name === 'av01') {
    const profile = av1Profile(stream.keyFrame) ?? fields[0] ?? '0';
    const level = levelOf(AV1_LEVELS, fields[1]?.slice(0, 2) ?? '', area);
    const tier = fields[1]?.endsWith('H') && level >= '08' ? 'H' : 'M';
    const depths = profile === '2' ? ['08', '10', '12'] : ['08', '10'];
    const depth = depths.find((known) => known === fields[2]) ?? '08';
    return ['av01', profile, `${level}${tier}`, depth].join('.');
  }
  if (name === 'avc1' || name === 'avc3') {
    const stated = avcProfile(stream) ?? fields[0] ?? '';
    const blocks = Math.ceil(stream.width / 16) * Math.ceil(stream.height / 16);
    return `${name}.${stated.slice(0, 4)}${levelOf(AVC_LEVELS, stated.slice(4).toUpperCase(), blocks)}`;
  }
  return undefined;
}

function levelOf(levels: readonly Level[], stated: string, size: number): string {
  if (levels.some(([name]) => name === stated)) return stated;
  return (levels.find(([, most]) => size <= most) ?? levels.at(-1)!)[0];
}

/** VP9 bitstream specification, section 6.2: the uncompressed header of a key frame. */
function vp9Header(data: Uint8Array): { profile: string; depth?: string } | undefined {
  const first = data[0] ?? 0;
  if (first >> 6 !== 2) return undefined;
  const profile = ((first >> 5) & 1) + 2 * ((first >> 4) & 1);
  if (profile < 2) return { profile: `0${profile}` };
  // Profile 3 has a reserved bit more before the sync code; the depth's bit follows that code.
  const bit = 8 + 24 + (profile === 3 ? 1 : 0);
  const isTwelve = ((data[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1;
  return { profile: `0${profile}`, depth: isTwelve ? '12' : '10' };
}

/** AV1 bitstream specification, sections 5.3 and 5.5: the profile of the first sequence header. */
function av1Profile(data: Uint8Array): string | undefined {
  for (let at = 0; at < data.length; ) {
    const header = data[at]!;
    let body = at + ((header >> 2) & 1 ? 2 : 1);
    if (!((header >> 1) & 1)) return undefined;
    let size = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = data[body++] ?? 0;
      size += (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    if (((header >> 3) & 15) === 1) return String((data[body] ?? 0) >> 5);
    at = body + size;
  }
  return undefined;
}

/** Profile, constraints and level, in six hexadecimal digits, of the first sequence parameter set: H.264, 7.3.2.1.1. */
function avcProfile(stream: CodedStream): string | undefined {
  const parameters = sequenceParameters(stream);
  return parameters && hexadecimal(parameters.subarray(1, 4));
}
