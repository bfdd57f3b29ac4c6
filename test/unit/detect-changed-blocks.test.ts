/** Which blocks of a picture count as changed. */
import { describe, expect, test } from 'vitest';
import {
  CHANGED_ALONE_SHADES,
  CHANGED_SHADES,
  changedBlocks,
  hasChanged,
} from '../../src/detect/changed-blocks.ts';
import type { Pixels } from '../../src/detect/colour-histogram.ts';
import { edgesOf } from '../../src/detect/edges.ts';
import { blocksOf, SIZE } from '../fixtures/changed-blocks.ts';

/** A grey picture; `shadeAt` for those that are otherwise. */
function picture(shadeAt: (x: number, y: number) => number = () => 100, size = SIZE): Pixels {
  const data = new Uint8ClampedArray(4 * size.width * size.height);
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const at = 4 * (y * size.width + x);
      data.fill(shadeAt(x, y), at, at + 3);
      data[at + 3] = 255;
    }
  }
  return { ...size, data };
}

describe('changed blocks', () => {
  const count = (now: Pixels, before: Pixels) =>
    changedBlocks(now, before).changed.reduce((sum, one) => sum + one, 0);

  test('are none in the same picture, nor where it is as noisy as the limit', () => {
    expect(count(picture(), picture())).toBe(0);
    const noisy = picture((x, y) => 100 + ((x + y) % 2 === 0 ? CHANGED_SHADES : -CHANGED_SHADES));
    expect(count(noisy, picture())).toBe(0);
    expect(
      count(
        picture(() => 100 + CHANGED_SHADES + 1),
        picture(),
      ),
    ).toBe(48 * 36);
  });

  test('are more than one, or clearly another: a block alone may be noise', () => {
    const differing = (shades: number, ...blocks: [x: number, y: number][]) =>
      picture((x, y) => {
        const isIn = blocks.some(([u, v]) => x >> 3 === u && y >> 3 === v);
        return isIn ? 100 + shades : 100;
      });
    const [weak, clear] = [CHANGED_ALONE_SHADES, CHANGED_ALONE_SHADES + 1];
    // In corners too, and at the ends of lines that follow each other.
    for (const alone of [
      [5, 5],
      [0, 0],
      [47, 35],
      [47, 3],
    ] as const) {
      expect(count(differing(weak, [...alone]), picture())).toBe(0);
      expect(count(differing(clear, [...alone]), picture())).toBe(1);
    }
    expect(count(differing(weak, [47, 3], [0, 4]), picture())).toBe(0);
    expect(count(differing(weak, [5, 5], [7, 5]), picture())).toBe(0);
    expect(count(differing(weak, [5, 5], [6, 6]), picture())).toBe(2);
    expect(count(differing(weak, [0, 0], [0, 1], [30, 9]), picture())).toBe(2);
  });

  test('are those that something came to or left, of whatever colour', () => {
    const within = (x: number, y: number) => x >= 40 && x < 56 && y >= 80 && y < 104;
    const now = picture((x, y) => (within(x, y) ? 30 : 100));
    const { changed, columns } = changedBlocks(now, picture());
    const found = [...changed].flatMap((one, i) =>
      one ? [[i % columns, Math.floor(i / columns)]] : [],
    );
    expect(found).toEqual([10, 11, 12].flatMap((y) => [5, 6].map((x) => [x, y])));
    expect(count(picture(), now)).toBe(6);
    for (const channel of [0, 1, 2]) {
      const coloured = picture();
      for (let i = channel; i < 4 * 8; i += 4) {
        for (let y = 0; y < 8; y++) coloured.data[4 * y * SIZE.width + i] = 140;
      }
      expect(count(coloured, picture())).toBe(1);
    }
  });

  test('leave out what fills no block, and lie in any memory', () => {
    const size = { width: 20, height: 12 };
    const bytes = new Uint8ClampedArray(4 * size.width * size.height + 8);
    const now = { ...size, data: bytes.subarray(8) };
    expect(
      changedBlocks(
        now,
        picture(() => 100, size),
      ),
    ).toEqual({
      ...{ columns: 2, rows: 1 },
      changed: Uint8Array.of(1, 1),
    });
  });

  test('are asked for by boxes, which may reach beyond the picture', () => {
    const blocks = blocksOf([[47, 35, 1, 1]]);
    const isChanged = (...box: number[]) => hasChanged(blocks, edgesOf(Float32Array.from(box)));
    expect(isChanged(370, 270, 500, 400)).toBe(true);
    expect(isChanged(300, 200, 376, 280)).toBe(false);
    expect(isChanged(-50, -50, 20, 20)).toBe(false);
  });
});
