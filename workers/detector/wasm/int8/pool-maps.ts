/** Pooling of maps of 7-bit activations. */
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
  storeLow,
  sum,
  V128,
  vector,
  vectorAt,
  type WasmFunction,
  whileTrue,
} from '../wasm-writer.ts';
import { asActivations, fourBytes, prepareRounding, rounded } from './activations.ts';

/**
 * The greatest of each window, channel by channel. Addresses and distances in bytes; channels a multiple of 8.
 * @param a first tap of the first pixel; `aTap` from tap to tap, `aRow` from row to row of a window
 */
export type MaxPool = (
  a: number,
  aLine: number,
  aPixel: number,
  aTap: number,
  aRow: number,
  rows: number,
  taps: number,
  c: number,
  cLine: number,
  cPixel: number,
  lines: number,
  pixels: number,
  channels: number,
) => void;

/**
 * The mean of each window, channel by channel, rounded to even: as {@link MaxPool}, channels a multiple of 4.
 * @param share 1 / the window's taps
 */
export type AveragePool = (...given: [...Parameters<MaxPool>, share: number]) => void;

const POOL = {
  ...{ a: I32, aLine: I32, aPixel: I32, aTap: I32, aRow: I32, rows: I32, taps: I32, c: I32 },
  ...{ cLine: I32, cPixel: I32, lines: I32, pixels: I32, channels: I32 },
} as const;

const POOL_LOCALS = {
  ...{ line: I32, pixel: I32, from: I32, to: I32, left: I32, at: I32, tap: I32, row: I32 },
  ...{ atRow: I32, found: V128, rounder: V128, bits: V128, shares: V128 },
} as const;

type PoolAt = Readonly<Record<keyof typeof POOL | keyof typeof POOL_LOCALS, number>>;

/** The loops over lines, pixels, channels and taps. */
function pool(
  $: PoolAt,
  widths: readonly { width: number; start: Code; join: Code; store: Code }[],
): Code {
  return [
    ...assign($.line, get($.lines)),
    ...repeat($.line, [
      ...[assign($.pixel, get($.pixels)), assign($.from, get($.a)), assign($.to, get($.c))].flat(),
      ...repeat($.pixel, [
        ...assign($.left, constant(0)),
        ...widths.flatMap(({ width, start, join, store }) =>
          whileTrue(
            [...get($.channels), ...sum(get($.left), constant(width)), ...ge],
            [
              ...assign($.found, start),
              ...assign($.atRow, sum(get($.from), get($.left))),
              ...assign($.row, get($.rows)),
              ...repeat($.row, [
                ...assign($.at, get($.atRow)),
                ...assign($.tap, get($.taps)),
                ...repeat($.tap, [...assign($.found, join), ...advanceBy($.at, get($.aTap))]),
                ...advanceBy($.atRow, get($.aRow)),
              ]),
              ...store,
              ...advance($.left, width),
            ],
          ),
        ),
        ...advanceBy($.from, get($.aPixel)),
        ...advanceBy($.to, get($.cPixel)),
      ]),
      ...advanceBy($.a, get($.aLine)),
      ...advanceBy($.c, get($.cLine)),
    ]),
  ];
}

/** {@link MaxPool} */
export function maxPool(): WasmFunction {
  return namedFunction(POOL, POOL_LOCALS, ($) => {
    const to = sum(get($.to), get($.left));
    const join = (load: 'v128.load' | 'v128.load64_zero') =>
      vector('i8x16.max_u', get($.found), vectorAt(load, 0, get($.at)));
    const start = vector('i8x16.splat', constant(0));
    return pool($, [
      {
        ...{ width: 16, start, join: join('v128.load') },
        store: vectorAt('v128.store', 0, to, get($.found)),
      },
      {
        ...{ width: 8, start, join: join('v128.load64_zero') },
        store: storeLow(8, 0, to, get($.found)),
      },
    ]);
  });
}

/** {@link AveragePool} */
export function averagePool(): WasmFunction {
  return namedFunction({ ...POOL, share: F32 }, POOL_LOCALS, ($) => {
    const mean = vector('f32x4.mul', vector('f32x4.convert_i32x4_s', get($.found)), get($.shares));
    return [
      ...prepareRounding($.rounder, $.bits),
      ...assign($.shares, vector('f32x4.splat', get($.share))),
      ...pool($, [
        {
          width: 4,
          start: vector('i32x4.splat', constant(0)),
          join: vector('i32x4.add', get($.found), fourBytes(get($.at))),
          store: storeLow(
            4,
            0,
            sum(get($.to), get($.left)),
            asActivations(rounded(mean, $.rounder, $.bits), $.found),
          ),
        },
      ]),
    ];
  });
}
