/** Whole maps of single-precision numbers: scaled and added, and summed up. */
import {
  advance,
  advanceBy,
  assign,
  constant,
  F32,
  get,
  I32,
  multiplyAdd,
  namedFunction,
  repeat,
  splat,
  V128,
  vector,
  vectorAt,
  type WasmFunction,
} from '../wasm-writer.ts';

/** Bytes of four numbers. */
const VECTOR = 16;

/**
 * `a x scale + b`, at least `least`. Addresses and distances in bytes; channels in whole fours; pixels of a line lie side by side.
 * @param scale numbers of the channels
 * @param b a map of as many pixels, or numbers of the channels where `bLine` and `bPixel` are 0
 * @param bPixel from pixel to pixel
 * @param fours of channels
 */
export type Combine = (
  a: number,
  aLine: number,
  scale: number,
  b: number,
  bLine: number,
  bPixel: number,
  c: number,
  cLine: number,
  lines: number,
  pixels: number,
  fours: number,
  least: number,
) => void;

/** {@link Combine} */
export function combine(): WasmFunction {
  return namedFunction(
    {
      ...{ a: I32, aLine: I32, scale: I32, b: I32, bLine: I32, bPixel: I32 },
      ...{ c: I32, cLine: I32, lines: I32, pixels: I32, fours: I32, least: F32 },
    },
    {
      ...{ from: I32, to: I32, fromB: I32, atB: I32, factor: I32, pixel: I32, four: I32 },
      ...{ floor: V128 },
    },
    ($) => [
      ...assign($.floor, get($.least), splat),
      ...repeat($.lines, [
        ...assign($.from, get($.a)),
        ...assign($.to, get($.c)),
        ...assign($.fromB, get($.b)),
        ...assign($.pixel, get($.pixels)),
        ...repeat($.pixel, [
          ...assign($.factor, get($.scale)),
          ...assign($.atB, get($.fromB)),
          ...assign($.four, get($.fours)),
          ...repeat($.four, [
            ...vectorAt(
              'v128.store',
              0,
              get($.to),
              vector('f32x4.pmax', get($.floor), [
                ...vectorAt('v128.load', 0, get($.from)),
                ...vectorAt('v128.load', 0, get($.factor)),
                ...vectorAt('v128.load', 0, get($.atB)),
                ...multiplyAdd,
              ]),
            ),
            ...[$.from, $.to, $.factor, $.atB].flatMap((local) => advance(local, VECTOR)),
          ]),
          ...advanceBy($.fromB, get($.bPixel)),
        ]),
        ...advanceBy($.a, get($.aLine)),
        ...advanceBy($.b, get($.bLine)),
        ...advanceBy($.c, get($.cLine)),
      ]),
    ],
  );
}

/**
 * Sums of a line's pixels, for each channel. Addresses and distances in bytes; channels in whole fours.
 * @param aPixel from pixel to pixel
 * @param fours of channels
 * @param sums takes them
 */
export type SumLine = (
  a: number,
  aPixel: number,
  pixels: number,
  fours: number,
  sums: number,
) => void;

/** {@link SumLine} @param power 1, or 2 for sums of squares */
export function sumLine(power: 1 | 2): WasmFunction {
  return namedFunction(
    { a: I32, aPixel: I32, pixels: I32, fours: I32, sums: I32 },
    { at: I32, pixel: I32, total: V128, value: V128 },
    ($) => [
      ...repeat($.fours, [
        ...assign($.total, vector('i32x4.splat', constant(0))),
        ...assign($.at, get($.a)),
        ...assign($.pixel, get($.pixels)),
        ...repeat($.pixel, [
          ...assign($.value, vectorAt('v128.load', 0, get($.at))),
          ...assign(
            $.total,
            power === 1
              ? vector('f32x4.add', get($.value), get($.total))
              : [...get($.value), ...get($.value), ...get($.total), ...multiplyAdd],
          ),
          ...advanceBy($.at, get($.aPixel)),
        ]),
        ...vectorAt('v128.store', 0, get($.sums), get($.total)),
        ...advance($.a, VECTOR),
        ...advance($.sums, VECTOR),
      ]),
    ],
  );
}
