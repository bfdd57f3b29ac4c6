/** Elements of EBML, of which Matroska and WebM are made. RFC 8794. */
import type { Patch } from './patched-bytes.ts';

/** The header of an element. Places are those in the file. */
export interface Element {
  readonly id: number;
  readonly start: number;
  /** Where its size stands, and in how many bytes. */
  readonly sizeAt: number;
  readonly sizeBytes: number;
  readonly dataStart: number;
  /** Infinity where the size is unknown. */
  readonly end: number;
}

/** An element that says nothing, by its identifier. */
export const VOID = 0xec;

/**
 * @param at where it begins in `bytes`
 * @param offset of the bytes in the file
 * @returns undefined where there is none
 */
export function readElement(bytes: Uint8Array, at: number, offset = 0): Element | undefined {
  const idBytes = Math.clz32(bytes[at] ?? 0) - 23;
  const sizeAt = at + idBytes;
  const sizeBytes = Math.clz32(bytes[sizeAt] ?? 0) - 23;
  const dataStart = sizeAt + sizeBytes;
  if (idBytes > 4 || sizeBytes > 8 || dataStart > bytes.length) return undefined;
  let id = 0;
  for (let i = at; i < sizeAt; i++) id = id * 256 + bytes[i]!;
  const mask = 2 ** (8 - sizeBytes) - 1;
  let size = bytes[sizeAt]! & mask;
  let isUnknown = size === mask;
  for (let i = sizeAt + 1; i < dataStart; i++) {
    size = size * 256 + bytes[i]!;
    isUnknown &&= bytes[i] === 255;
  }
  return {
    id,
    start: offset + at,
    sizeAt: offset + sizeAt,
    sizeBytes,
    dataStart: offset + dataStart,
    end: isUnknown ? Number.POSITIVE_INFINITY : offset + dataStart + size,
  };
}

/** Makes an element end elsewhere. @returns undefined where its size has too few bytes to say so */
export function endPatch(
  { sizeAt, sizeBytes, dataStart }: Element,
  end: number,
): Patch | undefined {
  const bytes = vint(end - dataStart, sizeBytes);
  return bytes && { at: sizeAt, bytes };
}

/** Makes a stretch say nothing. @returns undefined for a single byte, which cannot */
export function voidPatch(start: number, end: number): Patch | undefined {
  const sizeBytes = end - start < 9 ? 1 : 8;
  const size = vint(end - start - 1 - sizeBytes, sizeBytes);
  return size && { at: start, bytes: Uint8Array.of(VOID, ...size) };
}

/** A number in so many bytes, the first of which says how many: section 4. All ones would say "unknown". */
function vint(value: number, length: number): Uint8Array | undefined {
  if (value < 0 || value >= 2 ** (7 * length) - 1) return undefined;
  const bytes = new Uint8Array(length);
  for (let i = length - 1, left = value; i >= 0; i--, left = Math.floor(left / 256)) {
    bytes[i] = left % 256;
  }
  bytes[0]! |= 2 ** (8 - length);
  return bytes;
}
