import { mendMatroska } from './matroska-segment.ts';
import { mendMp4 } from './mp4-edits.ts';
import { PatchedBytes } from './patched-bytes.ts';
import { findSync, mendTransportStream } from './transport-stream.ts';
import { isUnbrandedMovie } from './unbranded-movie.ts';
import type { MendedBytes, VideoBytes } from './video-bytes.ts';

/** What is looked at to know a container. */
const HEAD_BYTES = 2 ** 16;
const FTYP = [...new TextEncoder().encode('ftyp')];

/**
 * What is broken about a container, or unusual, in ways that its reader gives up on, made usual as it is read: ends
 * and damage of Matroska files, packets and clocks of a transport stream, edit lists. Other files pass as they are.
 * @throws Failure `object-unreadable`
 */
export async function mendBytes(bytes: VideoBytes): Promise<MendedBytes> {
  const size = await bytes.size();
  const head = size > 0 ? await bytes.read(0, Math.min(HEAD_BYTES, size)) : new Uint8Array(0);
  if (startsWith(head, 0, [0x1a, 0x45, 0xdf, 0xa3])) return mendMatroska(bytes, head);
  if (startsWith(head, 4, FTYP) || (await isUnbrandedMovie(bytes))) return mendMp4(bytes);
  const sync = findSync(head);
  if (sync) return mendTransportStream(bytes, sync);
  return new PatchedBytes(bytes, [], { isCut: false });
}

function startsWith(head: Uint8Array, at: number, bytes: readonly number[]): boolean {
  return bytes.every((byte, i) => head[at + i] === byte);
}
