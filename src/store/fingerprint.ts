import { hexadecimal } from '../contract/hexadecimal.ts';

/** Bodies up to this size are read wholly: those that are copied, as a rule. */
const WHOLE_BYTES = 256 * 1024 ** 2;
/** Bytes hashed at a time. */
const SLICE_BYTES = 4 * 1024 ** 2;
/** Of a larger body so many places are read, the start and the end among them, and so many bytes at each. */
const PLACES = 128;
const PLACE_BYTES = 128 * 1024;

/**
 * A version id for a body: 32 hexadecimal characters of a SHA-256. Up to 256 MiB every byte counts: cameras write files of
 * one size that begin and end alike. Above, the size, the time of the last change, where there is one, and 128 places.
 */
export async function fingerprint(body: Blob): Promise<string> {
  const isWhole = body.size <= WHOLE_BYTES;
  const changed = !isWhole && body instanceof File ? body.lastModified : '';
  const digests: BlobPart[] = [`${body.size}:${changed}:`];
  for (const [from, to] of isWhole ? slices(body.size) : places(body.size)) {
    digests.push(await sha256(body.slice(from, to)));
  }
  const digest = new Uint8Array(await sha256(new Blob(digests)));
  return hexadecimal(digest.subarray(0, 16));
}

async function sha256(part: Blob): Promise<ArrayBuffer> {
  return crypto.subtle.digest('SHA-256', await part.arrayBuffer());
}

function* slices(size: number): Generator<[from: number, to: number]> {
  for (let from = 0; from < size; from += SLICE_BYTES) yield [from, from + SLICE_BYTES];
}

function* places(size: number): Generator<[from: number, to: number]> {
  for (let i = 0; i < PLACES; i++) {
    const from = Math.floor(((size - PLACE_BYTES) * i) / (PLACES - 1));
    yield [from, from + PLACE_BYTES];
  }
}
