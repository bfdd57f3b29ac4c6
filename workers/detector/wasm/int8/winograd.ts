/**
 * Convolutions of 3 x 3 in steps of one by Winograd's minimal filtering, F(2x2, 3x3): sixteen products instead of 36 for each
 * channel of a tile of 2 x 2 pixels (Lavin and Gray 2016, "Fast Algorithms for Convolutional Neural Networks", arXiv
 * 1509.09308, section 4.1). All in whole numbers: weights are transformed times four, sums are shifted back, and what
 * comes out is the sum itself, exactly. Tiles are spread into sixteen parts, each part is multiplied with its weights, and
 * the products are gathered.
 */
import {
  add,
  advance,
  advanceBy,
  assign,
  type Code,
  constant,
  either,
  F32,
  get,
  I32,
  lt,
  namedFunction,
  repeat,
  storeLow,
  sum,
  V128,
  vector,
  vectorAt,
  type WasmFunction,
} from '../wasm-writer.ts';
import { activated, prepareActivation, TABLE_BYTES } from './activations.ts';

/** Parts of a tile: 4 x 4. */
export const TILE_PARTS = 16;
/** Pixels of a tile in either direction. */
export const TILE_SIZE = 2;

/**
 * Spreads tiles into parts: B^T d B of each tile's 4 x 4 activations, channel by channel. Addresses and distances in bytes.
 * @param a first channel of the first tile's first activation
 * @param aLine from line to line
 * @param aPixel from pixel to pixel
 * @param columns tiles side by side
 * @param rows of tiles
 * @param eights of channels
 * @param v the first part of the first tile: 16-bit numbers [part][tile][channel]
 * @param vPart from part to part
 */
export type SpreadTiles = (
  a: number,
  aLine: number,
  aPixel: number,
  columns: number,
  rows: number,
  eights: number,
  v: number,
  vPart: number,
) => void;

/**
 * Gathers tiles from their parts' sums: A^T m A, shifted back, to activations.
 * @param m the first part of the first tile: 32-bit numbers [part][tile][channel], four times the sums
 * @param mPart from part to part
 * @param table biases as whole numbers, multipliers, slopes of each panel of 8 channels
 * @param c first channel of the first pixel of the result
 * @param columns tiles side by side
 * @param rows of tiles
 * @param panels of 8 channels
 * @param width pixels that a line still has: those of tiles beyond are not written
 * @param height lines that there still are
 * @param zero activation that is real 0
 */
export type GatherTiles = (
  m: number,
  mPart: number,
  table: number,
  c: number,
  cLine: number,
  cPixel: number,
  columns: number,
  rows: number,
  panels: number,
  width: number,
  height: number,
  zero: number,
) => void;

/** Function {@link SpreadTiles}. */
export function spreadTiles(): WasmFunction {
  return namedFunction(
    {
      ...{ a: I32, aLine: I32, aPixel: I32, columns: I32, rows: I32, eights: I32 },
      ...{ v: I32, vPart: I32 },
    },
    {
      ...{ from: I32, column: I32, eight: I32, to: I32 },
      ...{ line0: I32, line1: I32, line2: I32, line3: I32, pixel2: I32, pixel3: I32 },
      ...{ t0: V128, t1: V128, t2: V128, t3: V128 },
    },
    ($) => {
      const lines = [$.line0, $.line1, $.line2, $.line3];
      const pixels: Code[] = [[], get($.aPixel), get($.pixel2), get($.pixel3)];
      const activation = (line: number, pixel: number): Code => {
        const at = get(lines[line]!);
        return vectorAt(
          'i16x8.load8x8_u',
          0,
          pixel === 0 ? at : [...at, ...pixels[pixel]!, ...add],
        );
      };
      const t = [$.t0, $.t1, $.t2, $.t3];
      /** Row i of B^T times four values. */
      const transformed = (i: number, value: (k: number) => Code): Code =>
        [
          () => vector('i16x8.sub', value(0), value(2)),
          () => vector('i16x8.add', value(1), value(2)),
          () => vector('i16x8.sub', value(2), value(1)),
          () => vector('i16x8.sub', value(1), value(3)),
        ][i]!();
      const four = [0, 1, 2, 3];
      const parts = four.flatMap((i) => [
        ...four.flatMap((j) =>
          assign(
            t[j]!,
            transformed(i, (k) => activation(k, j)),
          ),
        ),
        ...four.flatMap((j) => [
          ...vectorAt(
            'v128.store',
            0,
            get($.to),
            transformed(j, (k) => get(t[k]!)),
          ),
          ...advanceBy($.to, get($.vPart)),
        ]),
      ]);
      return [
        ...assign($.pixel2, sum(get($.aPixel), get($.aPixel))),
        ...assign($.pixel3, sum(get($.pixel2), get($.aPixel))),
        ...repeat($.rows, [
          ...assign($.from, get($.a)),
          ...assign($.column, get($.columns)),
          ...repeat($.column, [
            ...assign($.line0, get($.from)),
            ...[1, 2, 3].flatMap((i) => assign(lines[i]!, sum(get(lines[i - 1]!), get($.aLine)))),
            ...assign($.eight, get($.eights)),
            ...repeat($.eight, [
              ...assign($.to, get($.v)),
              ...parts,
              ...advance($.v, 16),
              ...lines.flatMap((line) => advance(line, 8)),
            ]),
            ...advanceBy($.from, get($.pixel2)),
          ]),
          ...advanceBy($.a, sum(get($.aLine), get($.aLine))),
        ]),
      ];
    },
  );
}

/** Function {@link GatherTiles}. */
export function gatherTiles(): WasmFunction {
  return namedFunction(
    {
      ...{ m: I32, mPart: I32, table: I32, c: I32, cLine: I32, cPixel: I32 },
      ...{ columns: I32, rows: I32, panels: I32, width: I32, height: I32, zero: F32 },
    },
    {
      ...{ at: I32, left: I32, column: I32, panel: I32, from: I32, to: I32, tableAt: I32 },
      ...{ toBelow: I32, row0: V128, row1: V128, m0: V128, m1: V128, m2: V128, m3: V128 },
      ...{ value: V128, rounder: V128, bits: V128, most: V128 },
      ...{ y00_0: V128, y01_0: V128, y10_0: V128, y11_0: V128 },
      ...{ y00_1: V128, y01_1: V128, y10_1: V128, y11_1: V128 },
    },
    ($) => {
      const m = [$.m0, $.m1, $.m2, $.m3];
      const locals = { ...$, table: $.tableAt };
      const halves = [
        [$.y00_0, $.y01_0, $.y10_0, $.y11_0],
        [$.y00_1, $.y01_1, $.y10_1, $.y11_1],
      ] as const;
      const plus = (a: number, b: number): Code => assign(a, vector('i32x4.add', get(a), get(b)));
      const minus = (a: number, b: number): Code => assign(a, vector('i32x4.sub', get(a), get(b)));
      /** A^T m A of four channels: a row of parts at a time. */
      const gather = (half: 0 | 1): Code => {
        const [y00, y01, y10, y11] = halves[half];
        const into: Code[] = [
          [...assign(y00, get($.row0)), ...assign(y01, get($.row1))],
          [
            ...[...plus(y00, $.row0), ...plus(y01, $.row1)],
            ...[...assign(y10, get($.row0)), ...assign(y11, get($.row1))],
          ],
          [
            ...[...plus(y00, $.row0), ...plus(y01, $.row1)],
            ...[...minus(y10, $.row0), ...minus(y11, $.row1)],
          ],
          [...minus(y10, $.row0), ...minus(y11, $.row1)],
        ];
        return [
          ...assign($.from, get($.m)),
          ...into.flatMap((code) => [
            ...m.flatMap((local) => [
              ...assign(local, vectorAt('v128.load', 16 * half, get($.from))),
              ...advanceBy($.from, get($.mPart)),
            ]),
            ...assign(
              $.row0,
              vector('i32x4.add', vector('i32x4.add', get($.m0), get($.m1)), get($.m2)),
            ),
            ...assign(
              $.row1,
              vector('i32x4.sub', vector('i32x4.sub', get($.m1), get($.m2)), get($.m3)),
            ),
            ...code,
          ]),
        ];
      };
      const sums = (pixel: number, half: 0 | 1): Code =>
        vector(
          'i32x4.add',
          vector('i32x4.shr_s', get(halves[half][pixel]!), constant(2)),
          vectorAt('v128.load', 16 * half, get($.tableAt)),
        );
      const store = (pixel: number, to: Code): Code =>
        storeLow(8, 0, to, activated([sums(pixel, 0), sums(pixel, 1)], locals));
      const isThere = (length: number): Code => [...constant(1), ...get(length), ...lt];
      const line = (first: number, at: number): Code => [
        ...store(first, get(at)),
        ...either(isThere($.left), store(first + 1, sum(get(at), get($.cPixel))), []),
      ];
      return [
        ...prepareActivation($, $.zero),
        ...repeat($.rows, [
          ...assign($.at, get($.c)),
          ...assign($.left, get($.width)),
          ...assign($.column, get($.columns)),
          ...repeat($.column, [
            ...assign($.to, get($.at)),
            ...assign($.toBelow, sum(get($.at), get($.cLine))),
            ...assign($.tableAt, get($.table)),
            ...assign($.panel, get($.panels)),
            ...repeat($.panel, [
              ...gather(0),
              ...gather(1),
              ...line(0, $.to),
              ...either(isThere($.height), line(2, $.toBelow), []),
              ...advance($.to, 8),
              ...advance($.toBelow, 8),
              ...advance($.tableAt, TABLE_BYTES),
              ...advance($.m, 32),
            ]),
            ...advanceBy($.at, sum(get($.cPixel), get($.cPixel))),
            ...advance($.left, -TILE_SIZE),
          ]),
          ...advanceBy($.c, sum(get($.cLine), get($.cLine))),
          ...advance($.height, -TILE_SIZE),
        ]),
      ];
    },
  );
}
