/**
 * Room for the end of a job, set aside while it is open: on a full disk nothing more can be stored, not even that a
 * job failed. It is freed when the job ends, and what was found goes there.
 */

/**
 * Bytes of a block. Chromium gives the room of values of 64 KiB and more back as soon as they are deleted, that of
 * smaller ones only when it next tidies up.
 */
const RESERVE_BLOCK_BYTES = 512 * 1024;

/** An element as stored in both orders takes 2 x 33 bytes; the rest is the database's own. */
const BYTES_PER_ELEMENT = 80;
/** The job's record, written twice, and its people's smaller chunks. */
const BYTES_AT_LEAST = 128 * 1024;

/** Blocks to be set aside for a job that may end with so many elements. */
export function reserveBlocks(elements: number): number {
  return Math.ceil((BYTES_AT_LEAST + BYTES_PER_ELEMENT * elements) / RESERVE_BLOCK_BYTES);
}

/** A block. Its bytes are drawn by lot: others would be stored smaller than they are. */
export function reserveBlock(): Uint8Array {
  const block = new Uint8Array(RESERVE_BLOCK_BYTES);
  const most = 65_536;
  for (let at = 0; at < block.length; at += most) {
    crypto.getRandomValues(block.subarray(at, at + most));
  }
  return block;
}
