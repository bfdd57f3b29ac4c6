/** Windows of 3 x 3 over maps of single-precision numbers, each channel by itself: weighed sums, and the greatest. */
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

const TAPS = 9;

/** Numbers that {@link Depthwise} reads for every four channels: four weights of each tap, four biases. */
export const DEPTHWISE_NUMBERS = 4 * (TAPS + 1);

/**
 * A depthwise convolution. Addresses and distances in bytes; channels in whole fours.
 * @param a first tap of the first pixel
 * @param aLine from a line's first tap to that of the next line of the result
 * @param aPixel from a pixel's first tap to that of the next pixel of the result
 * @param aTap from tap to tap
 * @param aRow from row to row of a window
 * @param weights {@link DEPTHWISE_NUMBERS} for every four channels
 * @param fours of channels
 * @param slope what negative sums are multiplied with, 0 to 1
 */
export type Depthwise = (
  a: number,
  aLine: number,
  aPixel: number,
  aTap: number,
  aRow: number,
  weights: number,
  c: number,
  cLine: number,
  cPixel: number,
  lines: number,
  pixels: number,
  fours: number,
  slope: number,
) => void;

/** The greatest of each window: as {@link Depthwise}, whose `weights` and `slope` mean nothing here. */
export type MaxPool = Depthwise;

type Tap = (tap: number, value: Code) => Code;

/** @param begin before the taps; @param tap takes one into `total`; @param end leaves the result */
function windows(
  begin: ($: Readonly<Record<string, number>>) => Code,
  tap: ($: Readonly<Record<string, number>>) => Tap,
  end: ($: Readonly<Record<string, number>>) => Code,
): WasmFunction {
  const taps = Array.from({ length: TAPS }, (_, i) => i);
  return namedFunction(
    {
      ...{ a: I32, aLine: I32, aPixel: I32, aTap: I32, aRow: I32, weights: I32, c: I32 },
      ...{ cLine: I32, cPixel: I32, lines: I32, pixels: I32, fours: I32, slope: F32 },
    },
    {
      ...{ weight: I32, four: I32, pixel: I32, fromFirst: I32, from: I32, toFirst: I32, to: I32 },
      ...{ at0: I32, at1: I32, at2: I32, total: V128, bias: V128, slopes: V128 },
      ...Object.fromEntries(taps.map((i) => [`weight${i}`, V128])),
    } as Record<string, number>,
    (locals) => {
      const $ = locals as Readonly<Record<string, number>>;
      const at = (name: string) => $[name]!;
      const columns = ['at0', 'at1', 'at2'].map(at);
      const take = tap($);
      return [
        ...assign(at('slopes'), vector('f32x4.splat', get(at('slope')))),
        ...repeat(at('lines'), [
          ...assign(at('weight'), get(at('weights'))),
          ...assign(at('fromFirst'), get(at('a'))),
          ...assign(at('toFirst'), get(at('c'))),
          ...assign(at('four'), get(at('fours'))),
          ...repeat(at('four'), [
            ...begin($),
            ...assign(at('from'), get(at('fromFirst'))),
            ...assign(at('to'), get(at('toFirst'))),
            ...assign(at('pixel'), get(at('pixels'))),
            ...repeat(at('pixel'), [
              ...assign(columns[0]!, get(at('from'))),
              ...assign(columns[1]!, sum(get(columns[0]!), get(at('aTap')))),
              ...assign(columns[2]!, sum(get(columns[1]!), get(at('aTap')))),
              ...taps.flatMap((i) => [
                ...take(i, vectorAt('v128.load', 0, get(columns[i % 3]!))),
                ...(i % 3 === 2 && i < TAPS - 1
                  ? columns.flatMap((column) => advanceBy(column, get(at('aRow'))))
                  : []),
              ]),
              ...vectorAt('v128.store', 0, get(at('to')), end($)),
              ...advanceBy(at('from'), get(at('aPixel'))),
              ...advanceBy(at('to'), get(at('cPixel'))),
            ]),
            ...advance(at('weight'), 4 * DEPTHWISE_NUMBERS),
            ...advance(at('fromFirst'), VECTOR_BYTES),
            ...advance(at('toFirst'), VECTOR_BYTES),
          ]),
          ...advanceBy(at('a'), get(at('aLine'))),
          ...advanceBy(at('c'), get(at('cLine'))),
        ]),
      ];
    },
  );
}

/** {@link Depthwise} */
export function depthwise(): WasmFunction {
  const taps = Array.from({ length: TAPS }, (_, i) => i);
  return windows(
    ($) => [
      ...taps.flatMap((i) =>
        assign($[`weight${i}`]!, vectorAt('v128.load', VECTOR_BYTES * i, get($.weight!))),
      ),
      ...assign($.bias!, vectorAt('v128.load', VECTOR_BYTES * TAPS, get($.weight!))),
    ],
    ($) => (i, value) => {
      const before = get(i === 0 ? $.bias! : $.total!);
      return assign($.total!, vector('f32x4.relaxed_madd', value, get($[`weight${i}`]!), before));
    },
    ($) => vector('f32x4.pmax', get($.total!), vector('f32x4.mul', get($.total!), get($.slopes!))),
  );
}

/** {@link MaxPool} */
export function maxPool(): WasmFunction {
  return windows(
    () => [],
    ($) => (i, value) =>
      assign($.total!, i === 0 ? value : vector('f32x4.pmax', value, get($.total!))),
    ($) => get($.total!),
  );
}
