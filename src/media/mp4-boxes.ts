/** The little that is read of the boxes of MP4 and MOV files. ISO/IEC 14496-12, sections 4.2 and 8. */
import type { VideoBytes } from './video-bytes.ts';

/** Boxes looked at in one place at most: damaged files may look as if they had no end of them. */
const MAX_BOXES = 1000;

/** Sample entries of encrypted video: ISO/IEC 14496-12, section 8.12, and Apple's own. */
export const ENCRYPTED_ENTRIES: ReadonlySet<string> = new Set(['encv', 'drmi']);

/** A box in a file. */
export interface Box {
  readonly name: string;
  readonly start: number;
  readonly contentStart: number;
  readonly end: number;
}

/** The boxes between two places of a file, in their order, as far as they make sense. @param most ends a longer row */
export async function* boxesIn(
  bytes: VideoBytes,
  from: number,
  to: number,
  most = MAX_BOXES,
): AsyncGenerator<Box> {
  let at = from;
  for (let i = 0; i < most && at + 8 <= to; i++) {
    const header = await bytes.read(at, Math.min(at + 16, to));
    const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
    const name = String.fromCharCode(...header.subarray(4, 8));
    const isLong = view.getUint32(0) === 1 && view.byteLength === 16;
    const stated = isLong ? Number(view.getBigUint64(8)) : view.getUint32(0);
    const length = stated === 0 ? to - at : stated;
    if (length < 8) return;
    yield { name, start: at, contentStart: at + (isLong ? 16 : 8), end: at + length };
    at += length;
  }
}

/**
 * The same, of what is looked through so that its reader, who stops at no number of boxes, meets nothing absurd.
 * @throws RangeError where more boxes follow than make sense
 */
export async function* allBoxesIn(
  bytes: VideoBytes,
  from: number,
  to: number,
  most = MAX_BOXES,
): AsyncGenerator<Box> {
  let at = from;
  let count = 0;
  for await (const box of boxesIn(bytes, from, to, most)) {
    yield box;
    at = box.end;
    count++;
  }
  if (count === most && at + 8 <= to) throw new RangeError(`more than ${most} boxes in a row`);
}

/** A whole number as boxes have it. @param bytes how many it takes, 1 to 4 */
export function bigEndian(value: number, bytes = 4): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, i) => value >>> (8 * (bytes - 1 - i)));
}

/** Whether a handler box (`hdlr`, section 8.4.3) says that its track is video. @param at where its content begins */
export async function isVideoHandler(bytes: VideoBytes, at: number, end: number): Promise<boolean> {
  const type = await bytes.read(at + 8, Math.max(at + 8, Math.min(at + 12, end)));
  return String.fromCharCode(...type) === 'vide';
}

/** Whether the index (`moov`) is missing or cut off, as in a recording or a copy that never came to its end. */
export async function lacksMp4Index(bytes: VideoBytes): Promise<boolean> {
  const size = await bytes.size();
  for await (const { name, end } of boxesIn(bytes, 0, size)) {
    if (name === 'moov') return end > size;
  }
  return true;
}

/** Whether a track of the file is encrypted video, by its sample entry. */
export async function hasEncryptedVideo(bytes: VideoBytes): Promise<boolean> {
  const isAt = async (path: readonly string[], from: number, to: number): Promise<boolean> => {
    for await (const { name, contentStart, end } of boxesIn(bytes, from, to)) {
      if (path.length === 0 && ENCRYPTED_ENTRIES.has(name)) return true;
      if (path.length === 0 || name !== path[0]) continue;
      // The sample description starts with its version, flags and a count.
      const start = name === 'stsd' ? contentStart + 8 : contentStart;
      if (await isAt(path.slice(1), start, Math.min(end, to))) return true;
    }
    return false;
  };
  const path = ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd'];
  return isAt(path, 0, await bytes.size());
}
