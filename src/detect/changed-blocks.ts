import type { Pixels } from './colour-histogram.ts';
import type { Edges } from './edges.ts';

/** Pixels of a block's side, in the network's input. A head that is just large enough to be found is about as large. */
export const BLOCK = 8;
/**
 * Mean difference of a block's pixels, each that of the colour that differs most, from which the block counts as changed: in
 * shades of 256. Above the noise of compression, below that of clothes that move over pavement.
 */
export const CHANGED_SHADES = 6;
/**
 * The same for a block none of whose eight neighbours has changed: noise and compression reach the lower limit in single blocks here and
 * there, and parts around each of those would be most of an empty picture.
 */
export const CHANGED_ALONE_SHADES = 9;

/** Which blocks of a picture differ from another's. */
export interface ChangedBlocks {
  readonly columns: number;
  readonly rows: number;
  /** 1 where a block has changed, line by line. */
  readonly changed: Uint8Array;
}

/**
 * Of each block of two pictures of one size the sum of its pixels' differences, line by line. What does not fill a block at the
 * right and lower edge is left out.
 */
export type BlockDifferences = (picture: Pixels, before: Pixels) => Int32Array;

/** {@link BlockDifferences} where no kernel computes them. */
export function blockDifferences(picture: Pixels, before: Pixels): Int32Array {
  const { width } = picture;
  const { columns, rows } = blocksOf(picture);
  const [now, then] = [wordsOf(picture), wordsOf(before)];
  const sums = new Int32Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    const first = row * columns;
    for (let y = row * BLOCK; y < (row + 1) * BLOCK; y++) {
      for (let x = 0, at = y * width; x < columns * BLOCK; x++, at++) {
        const [a, b] = [now[at]!, then[at]!];
        if (a !== b) sums[first + (x >> 3)]! += difference(a, b);
      }
    }
  }
  return sums;
}

/** How many blocks lie side by side in a picture, and in how many rows. */
export const blocksOf = ({ width, height }: Pixels) => ({
  columns: Math.floor(width / BLOCK),
  rows: Math.floor(height / BLOCK),
});

/**
 * Compares two pictures of one size block by block, in whole numbers.
 * @param differencesOf sums of differences, however they are computed
 */
export function changedBlocks(
  picture: Pixels,
  before: Pixels,
  differencesOf: BlockDifferences = blockDifferences,
): ChangedBlocks {
  const { columns, rows } = blocksOf(picture);
  const sums = differencesOf(picture, before);
  const least = CHANGED_SHADES * BLOCK * BLOCK;
  const alone = CHANGED_ALONE_SHADES * BLOCK * BLOCK;
  const changed = new Uint8Array(columns * rows);
  const hasNeighbour = (x: number, y: number): boolean => {
    for (let v = Math.max(0, y - 1); v <= Math.min(rows - 1, y + 1); v++) {
      for (let u = Math.max(0, x - 1); u <= Math.min(columns - 1, x + 1); u++) {
        if (sums[v * columns + u]! > least && (u !== x || v !== y)) return true;
      }
    }
    return false;
  };
  for (let y = 0, block = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++, block++) {
      const sum = sums[block]!;
      if (sum > alone || (sum > least && hasNeighbour(x, y))) changed[block] = 1;
    }
  }
  return { columns, rows, changed };
}

/** Of two pixels' red, green and blue the greatest difference. */
function difference(a: number, b: number): number {
  const red = Math.abs((a & 255) - (b & 255));
  const green = Math.abs(((a >> 8) & 255) - ((b >> 8) & 255));
  const blue = Math.abs(((a >> 16) & 255) - ((b >> 16) & 255));
  return Math.max(red, green, blue);
}

function wordsOf({ data, width, height }: Pixels): Int32Array {
  return new Int32Array(data.buffer, data.byteOffset, width * height);
}

/** Blocks that a rectangle of the picture touches, row by row: from the first to behind the last. */
export function* blocksUnder(
  { columns, rows }: ChangedBlocks,
  { left, top, right, bottom }: Edges,
): Generator<readonly [from: number, to: number]> {
  const fromX = Math.max(0, Math.floor(left / BLOCK));
  const toX = Math.min(columns, Math.ceil(right / BLOCK));
  const toY = Math.min(rows, Math.ceil(bottom / BLOCK));
  if (fromX >= toX) return;
  for (let y = Math.max(0, Math.floor(top / BLOCK)); y < toY; y++)
    yield [y * columns + fromX, y * columns + toX];
}

/** Whether anything has changed within a rectangle of the picture. */
export function hasChanged(blocks: ChangedBlocks, edges: Edges): boolean {
  for (const [from, to] of blocksUnder(blocks, edges)) {
    for (let block = from; block < to; block++) if (blocks.changed[block]) return true;
  }
  return false;
}
