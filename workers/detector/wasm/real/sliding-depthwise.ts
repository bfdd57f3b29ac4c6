import {
  advance,
  advanceBy,
  assign,
  type Code,
  F32,
  get,
  I32,
  namedFunction,
  repeat,
  sum,
  V128,
  VECTOR_BYTES,
  vector,
  vectorAt,
  type WasmFunction,
} from '../wasm-writer.ts';
import { DEPTHWISE_NUMBERS } from './windows.ts';

const ROWS = [0, 1, 2] as const;

/**
 * A depthwise convolution of 3 x 3 whose windows lie a pixel apart: what is read of a column goes into all three windows that it is
 * in. Addresses and distances in bytes; channels in whole fours.
 * @param a first tap of the first pixel
 * @param aLine from line to line
 * @param aPixel from pixel to pixel, and from tap to tap
 * @param aRow from row to row of a window
 * @param weights `DEPTHWISE_NUMBERS` for every four channels
 * @param fours of channels
 * @param least the least result
 */
export type SlidingDepthwise = (
  a: number,
  aLine: number,
  aPixel: number,
  aRow: number,
  weights: number,
  c: number,
  cLine: number,
  cPixel: number,
  lines: number,
  pixels: number,
  fours: number,
  least: number,
) => void;

/** {@link SlidingDepthwise} */
export function slidingDepthwise(): WasmFunction {
  const taps = Array.from({ length: 9 }, (_, i): `weight${number}` => `weight${i}`);
  return namedFunction(
    {
      ...{ a: I32, aLine: I32, aPixel: I32, aRow: I32, weights: I32, c: I32, cLine: I32 },
      ...{ cPixel: I32, lines: I32, pixels: I32, fours: I32, least: F32 },
    },
    {
      ...{
        weight: I32,
        four: I32,
        pixel: I32,
        from: I32,
        toFirst: I32,
        to: I32,
        at0: I32,
        at1: I32,
        at2: I32,
      },
      ...{ value: V128, bias: V128, floor: V128, done: V128, next: V128, last: V128 },
      ...Object.fromEntries(taps.map((name) => [name, V128])),
    } as Record<
      | ('weight' | 'four' | 'pixel' | 'from' | 'toFirst' | 'to' | 'at0' | 'at1' | 'at2')
      | ('value' | 'bias' | 'floor' | 'done' | 'next' | 'last')
      | (typeof taps)[number],
      number
    >,
    ($) => {
      const columns = [$.at0, $.at1, $.at2] as const;
      const plus = (total: number, row: number, tap: number, before: number): Code =>
        assign(
          total,
          vector('f32x4.relaxed_madd', ...[$.value, $[`weight${3 * row + tap}`]!, before].map(get)),
        );
      /** A column: the last of the window that it ends, the middle of the next, the first of the one after. */
      const column = (begins: readonly ('done' | 'next' | 'last')[]): Code => [
        ...ROWS.flatMap((row) => [
          ...assign($.value, vectorAt('v128.load', 0, get(columns[row]))),
          ...(begins.includes('done') ? plus($.done, row, 2, row === 0 ? $.next : $.done) : []),
          ...(begins.includes('next') ? plus($.next, row, 1, row === 0 ? $.last : $.next) : []),
          ...plus($.last, row, 0, row === 0 ? $.bias : $.last),
        ]),
        ...columns.flatMap((at) => advanceBy(at, get($.aPixel))),
      ];
      return [
        ...assign($.floor, vector('f32x4.splat', get($.least))),
        ...repeat($.lines, [
          ...assign($.weight, get($.weights)),
          ...assign($.from, get($.a)),
          ...assign($.toFirst, get($.c)),
          ...assign($.four, get($.fours)),
          ...repeat($.four, [
            ...taps.flatMap((name, i) =>
              assign($[name]!, vectorAt('v128.load', VECTOR_BYTES * i, get($.weight))),
            ),
            ...assign($.bias, vectorAt('v128.load', VECTOR_BYTES * taps.length, get($.weight))),
            ...assign($.at0, get($.from)),
            ...assign($.at1, sum(get($.at0), get($.aRow))),
            ...assign($.at2, sum(get($.at1), get($.aRow))),
            ...column([]),
            ...column(['next']),
            ...assign($.to, get($.toFirst)),
            ...assign($.pixel, get($.pixels)),
            ...repeat($.pixel, [
              ...column(['done', 'next']),
              ...vectorAt(
                'v128.store',
                0,
                get($.to),
                vector('f32x4.pmax', get($.floor), get($.done)),
              ),
              ...advanceBy($.to, get($.cPixel)),
            ]),
            ...advance($.weight, 4 * DEPTHWISE_NUMBERS),
            ...advance($.from, VECTOR_BYTES),
            ...advance($.toFirst, VECTOR_BYTES),
          ]),
          ...advanceBy($.a, get($.aLine)),
          ...advanceBy($.c, get($.cLine)),
        ]),
      ];
    },
  );
}
