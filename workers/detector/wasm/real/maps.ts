/** Whole maps of single-precision numbers: scaled and added, and summed up. */
import {
  advance,
  advanceBy,
  assign,
  type Code,
  constant,
  F32,
  ge,
  get,
  I32,
  namedFunction,
  repeat,
  V128,
  VECTOR_BYTES,
  vector,
  vectorAt,
  type WasmFunction,
  whileTrue,
} from '../wasm-writer.ts';

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
      ...assign($.floor, vector('f32x4.splat', get($.least))),
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
              vector(
                'f32x4.pmax',
                get($.floor),
                vector(
                  'f32x4.relaxed_madd',
                  ...[$.from, $.factor, $.atB].map((at) => vectorAt('v128.load', 0, get(at))),
                ),
              ),
            ),
            ...[$.from, $.to, $.factor, $.atB].flatMap((local) => advance(local, VECTOR_BYTES)),
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

/** {@link SumLine} */
export function sumLine(): WasmFunction {
  return summing({}, (value, total) => vector('f32x4.add', value, total));
}

/** As {@link SumLine}, of the squares of the numbers and their channels' `summands`. */
export type SumSquares = (...given: [...Parameters<SumLine>, summands: number]) => void;

/** {@link SumSquares} */
export function sumSquares(): WasmFunction {
  return summing({ summands: I32 }, (value, total, $) => [
    ...assign($.value!, vector('f32x4.add', value, get($.summand!))),
    ...vector('f32x4.relaxed_madd', get($.value!), get($.value!), total),
  ]);
}

/** Pixels whose sums are made side by side, so that none waits for another. */
const SIDE_BY_SIDE = 4;

/** @param more parameters: where numbers of the channels lie, to be in the local `summand` */
function summing(
  more: Readonly<Record<string, number>>,
  take: (value: Code, total: Code, $: Readonly<Record<string, number>>) => Code,
): WasmFunction {
  const totals = Array.from({ length: SIDE_BY_SIDE }, (_, i) => `total${i}`);
  return namedFunction(
    { a: I32, aPixel: I32, pixels: I32, fours: I32, sums: I32, ...more },
    {
      ...{ at: I32, left: I32, value: V128, summand: V128 },
      ...Object.fromEntries(totals.map((name) => [name, V128])),
    },
    ($: Readonly<Record<string, number>>) => {
      const local = (name: string) => $[name]!;
      const total = (i: number) => get(local(totals[i]!));
      const both = (one: Code, other: Code) => vector('f32x4.add', one, other);
      const summands = $.summands;
      return repeat(local('fours'), [
        ...totals.flatMap((name) => assign(local(name), vector('i32x4.splat', constant(0)))),
        ...(summands === undefined
          ? []
          : assign(local('summand'), vectorAt('v128.load', 0, get(summands)))),
        ...assign(local('at'), get(local('a'))),
        ...assign(local('left'), get(local('pixels'))),
        ...[SIDE_BY_SIDE, 1].flatMap((count) =>
          whileTrue(
            [...get(local('left')), ...constant(count), ...ge],
            [
              ...totals
                .slice(0, count)
                .flatMap((name) => [
                  ...assign(
                    local(name),
                    take(vectorAt('v128.load', 0, get(local('at'))), get(local(name)), $),
                  ),
                  ...advanceBy(local('at'), get(local('aPixel'))),
                ]),
              ...advance(local('left'), -count),
            ],
          ),
        ),
        ...vectorAt(
          ...(['v128.store', 0, get(local('sums'))] as const),
          both(both(total(0), total(1)), both(total(2), total(3))),
        ),
        ...advance(local('a'), VECTOR_BYTES),
        ...advance(local('sums'), VECTOR_BYTES),
        ...(summands === undefined ? [] : advance(summands, VECTOR_BYTES)),
      ]);
    },
  );
}
