/** The kernel that compares two pictures block by block, see src/detect/changed-blocks.ts. */
import { BLOCK } from '../../../../src/detect/changed-blocks.ts';
import {
  advance,
  advanceBy,
  assign,
  type Code,
  constant,
  get,
  I32,
  namedFunction,
  product,
  repeat,
  shuffle,
  storeLow,
  sum,
  V128,
  vector,
  vectorAt,
  type WasmFunction,
} from '../wasm-writer.ts';

/**
 * Of each block of 8 x 8 pixels the sum of its pixels' differences, each that of the colour that differs most. Addresses in bytes.
 * @param a first pixel of a picture, four bytes a pixel, the last of which is not looked at
 * @param b of another one of the same size
 * @param line bytes from line to line
 * @param columns blocks side by side
 * @param rows of blocks
 * @param sums 32-bit numbers, row by row
 */
export type SumDifferences = (
  a: number,
  b: number,
  line: number,
  columns: number,
  rows: number,
  sums: number,
) => void;

/** Function {@link SumDifferences}. */
export function sumDifferences(): WasmFunction {
  return namedFunction(
    { a: I32, b: I32, line: I32, columns: I32, rows: I32, sums: I32 },
    {
      ...{ column: I32, y: I32, from: I32, fromB: I32, rowA: I32, rowB: I32, eight: I32 },
      ...{ x: V128, other: V128, total: V128, shade: V128 },
    },
    ($) => {
      const [x, other] = [get($.x), get($.other)];
      const down = (bits: number): Code => vector('i32x4.shr_u', get($.x), constant(bits));
      const four = (offset: number): Code => [
        ...assign($.x, vectorAt('v128.load', offset, get($.from))),
        ...assign($.other, vectorAt('v128.load', offset, get($.fromB))),
        ...assign(
          $.x,
          vector(
            'v128.or',
            vector('i8x16.sub_sat_u', x, other),
            vector('i8x16.sub_sat_u', other, x),
          ),
        ),
        ...assign(
          $.total,
          vector(
            'i32x4.add',
            get($.total),
            vector(
              'v128.and',
              vector('i8x16.max_u', vector('i8x16.max_u', x, down(8)), down(16)),
              get($.shade),
            ),
          ),
        ),
      ];
      const folded = (bytes: number): Code =>
        vector(
          'i32x4.add',
          get($.total),
          shuffle(
            Array.from({ length: 16 }, (_, i) => (i + bytes) % 16),
            get($.total),
            get($.total),
          ),
        );
      return [
        ...assign($.eight, product(get($.line), constant(BLOCK))),
        ...assign($.shade, vector('i32x4.splat', constant(255))),
        ...repeat($.rows, [
          ...assign($.rowA, get($.a)),
          ...assign($.rowB, get($.b)),
          ...assign($.column, get($.columns)),
          ...repeat($.column, [
            ...assign($.total, vector('i32x4.splat', constant(0))),
            ...assign($.from, get($.a)),
            ...assign($.fromB, get($.b)),
            ...assign($.y, constant(BLOCK)),
            ...repeat($.y, [
              ...four(0),
              ...four(16),
              ...advanceBy($.from, get($.line)),
              ...advanceBy($.fromB, get($.line)),
            ]),
            ...assign($.total, folded(8)),
            ...storeLow(4, 0, get($.sums), folded(4)),
            ...advance($.sums, 4),
            ...advance($.a, 4 * BLOCK),
            ...advance($.b, 4 * BLOCK),
          ]),
          ...assign($.a, sum(get($.rowA), get($.eight))),
          ...assign($.b, sum(get($.rowB), get($.eight))),
        ]),
      ];
    },
  );
}
