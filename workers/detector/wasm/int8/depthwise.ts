/** Depthwise convolution of 3 x 3 in 8-bit integers: each channel by itself. */
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
  storeLow,
  sum,
  V128,
  vector,
  vectorAt,
  type WasmFunction,
} from '../wasm-writer.ts';
import { activated, prepareActivation, TABLE_BYTES } from './activations.ts';
import { PANEL_CHANNELS } from './sums.ts';

/** Weights of a channel. */
export const DEPTHWISE_TAPS = 9;
/** Products that are added in 16 bits: 4 x 127 x 64 is less than 32768. A weight may be larger where the others of its four are smaller. */
const SUMMED = 4;

/**
 * As the convolution's kernel computes it, each channel by itself. Addresses and distances in bytes.
 * @param a first tap of the first pixel
 * @param aLine from a line's first tap to that of the next line of the result
 * @param aPixel from a pixel's first tap to that of the next pixel of the result
 * @param aTap from tap to tap
 * @param aRow from row to row of a window
 * @param weights 16-bit numbers [panel of 8 channels][tap][8]
 * @param table biases, multipliers and slopes of each panel
 * @param zero activation that is real 0 in the result
 */
export type Depthwise = (
  a: number,
  aLine: number,
  aPixel: number,
  aTap: number,
  aRow: number,
  weights: number,
  table: number,
  c: number,
  cLine: number,
  cPixel: number,
  lines: number,
  pixels: number,
  panels: number,
  zero: number,
) => void;

/** {@link Depthwise} */
export function depthwise(): WasmFunction {
  const taps = Array.from({ length: DEPTHWISE_TAPS }, (_, i) => i);
  return namedFunction(
    {
      ...{
        a: I32,
        aLine: I32,
        aPixel: I32,
        aTap: I32,
        aRow: I32,
        weights: I32,
        table: I32,
        c: I32,
      },
      ...{ cLine: I32, cPixel: I32, lines: I32, pixels: I32, panels: I32, zero: F32 },
    },
    {
      ...{ line: I32, pixel: I32, fromLine: I32, from: I32, toLine: I32, to: I32 },
      ...{ at0: I32, at1: I32, at2: I32, value: V128, low: V128, high: V128 },
      ...{ rounder: V128, bits: V128, most: V128 },
      ...Object.fromEntries(taps.map((tap) => [`weight${tap}`, V128])),
    } as Record<
      | ('line' | 'pixel' | 'fromLine' | 'from' | 'toLine' | 'to' | 'at0' | 'at1' | 'at2')
      | ('value' | 'low' | 'high' | 'rounder' | 'bits' | 'most' | `weight${number}`),
      number
    >,
    ($) => {
      const columns = [$.at0, $.at1, $.at2];
      const weight = (tap: number) => $[`weight${tap}`]!;
      const step = (tap: number): Code => {
        const product = vector(
          'i16x8.mul',
          vectorAt('i16x8.load8x8_u', 0, get(columns[tap % 3]!)),
          get(weight(tap)),
        );
        const isFirst = tap % SUMMED === 0;
        const isLast = tap % SUMMED === SUMMED - 1 || tap === DEPTHWISE_TAPS - 1;
        return [
          ...assign($.value, isFirst ? product : vector('i16x8.add', product, get($.value))),
          ...(isLast
            ? [
                ...assign(
                  $.low,
                  vector('i32x4.add', vector('i32x4.extend_low_i16x8_s', get($.value)), get($.low)),
                ),
                ...assign(
                  $.high,
                  vector(
                    'i32x4.add',
                    vector('i32x4.extend_high_i16x8_s', get($.value)),
                    get($.high),
                  ),
                ),
              ]
            : []),
          ...(tap % 3 === 2 && tap < DEPTHWISE_TAPS - 1
            ? columns.flatMap((column) => advanceBy(column, get($.aRow)))
            : []),
        ];
      };
      return [
        ...prepareActivation($, $.zero),
        ...repeat($.panels, [
          ...taps.flatMap((tap) =>
            assign(weight(tap), vectorAt('v128.load', 16 * tap, get($.weights))),
          ),
          ...assign($.fromLine, get($.a)),
          ...assign($.toLine, get($.c)),
          ...assign($.line, get($.lines)),
          ...repeat($.line, [
            ...assign($.from, get($.fromLine)),
            ...assign($.to, get($.toLine)),
            ...assign($.pixel, get($.pixels)),
            ...repeat($.pixel, [
              ...assign($.at0, get($.from)),
              ...assign($.at1, sum(get($.at0), get($.aTap))),
              ...assign($.at2, sum(get($.at1), get($.aTap))),
              ...assign($.low, vectorAt('v128.load', 0, get($.table))),
              ...assign($.high, vectorAt('v128.load', 16, get($.table))),
              ...taps.flatMap(step),
              ...storeLow(8, 0, get($.to), activated([get($.low), get($.high)], $)),
              ...advanceBy($.from, get($.aPixel)),
              ...advanceBy($.to, get($.cPixel)),
            ]),
            ...advanceBy($.fromLine, get($.aLine)),
            ...advanceBy($.toLine, get($.cLine)),
          ]),
          ...advance($.weights, 16 * DEPTHWISE_TAPS),
          ...advance($.table, TABLE_BYTES),
          ...advance($.a, PANEL_CHANNELS),
          ...advance($.c, PANEL_CHANNELS),
        ]),
      ];
    },
  );
}
