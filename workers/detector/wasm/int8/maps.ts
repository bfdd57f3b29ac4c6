/** Kernels between convolutions, on maps of 7-bit activations: pooling, enlarging, sums. */
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
  loadWord,
  namedFunction,
  product,
  repeat,
  storeLow,
  sum,
  V128,
  vector,
  vectorAt,
  type WasmFunction,
  whileTrue,
} from '../wasm-writer.ts';
import { bitsOf, MOST_ACTIVATION, ROUNDER, real32 } from './convolution.ts';

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

/**
 * A line enlarged between two lines: bilinear, weights in sixteenths. Channels a multiple of 8.
 * @param top one line; `bottom` the other, whose weight is `share` (0 to 16)
 * @param table for each pixel of the result three words: bytes to its left pixel, to its right one, the right's weight
 */
export type ResizeLine = (
  top: number,
  bottom: number,
  share: number,
  table: number,
  c: number,
  cPixel: number,
  pixels: number,
  channels: number,
) => void;

/** Sums of two maps: `first` times one plus `second` times the other plus `rest`, rounded. Channels a multiple of 4. */
export type AddMaps = (
  a: number,
  aLine: number,
  aPixel: number,
  b: number,
  bLine: number,
  bPixel: number,
  c: number,
  cLine: number,
  cPixel: number,
  lines: number,
  pixels: number,
  channels: number,
  first: number,
  second: number,
  rest: number,
) => void;

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

/** Four bytes at an address as whole numbers. */
const fourBytes = (address: Code): Code =>
  vector(
    'i32x4.extend_low_i16x8_u',
    vector('i16x8.extend_low_i8x16_u', vectorAt('v128.load32_zero', 0, address)),
  );

/** Four whole numbers, cut to activations, as bytes: `rest` is a local to use. */
const asActivations = (words: Code, rest: number): Code => [
  ...assign(rest, vector('i16x8.narrow_i32x4_s', words, vector('i32x4.splat', constant(0)))),
  ...vector(
    'i8x16.min_u',
    vector('i8x16.narrow_i16x8_u', get(rest), get(rest)),
    vector('i8x16.splat', constant(MOST_ACTIVATION)),
  ),
];

/** Real numbers rounded to whole ones. */
const rounded = (reals: Code, rounder: number, bits: number): Code =>
  vector('i32x4.sub', vector('f32x4.add', reals, get(rounder)), get(bits));

const prepareRounding = (rounder: number, bits: number): Code => [
  ...assign(rounder, vector('f32x4.splat', real32(ROUNDER))),
  ...assign(bits, vector('i32x4.splat', constant(bitsOf(ROUNDER)))),
];

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

/** {@link ResizeLine} */
export function resizeLine(): WasmFunction {
  return namedFunction(
    {
      ...{ top: I32, bottom: I32, share: I32, table: I32, c: I32, cPixel: I32, pixels: I32 },
      channels: I32,
    },
    {
      ...{ left: I32, right: I32, channel: I32, shareRight: I32, upper: V128, result: V128 },
      ...{ ofLeft: V128, ofRight: V128, ofTop: V128, ofBottom: V128 },
    },
    ($) => {
      const weights = (share: Code): [Code, Code] => [
        vector('i16x8.splat', [...constant(16), ...share, 0x6b]),
        vector('i16x8.splat', share),
      ];
      const mix = (first: Code, firstShare: number, second: Code, secondShare: number): Code =>
        vector(
          'i16x8.add',
          vector('i16x8.mul', first, get(firstShare)),
          vector('i16x8.mul', second, get(secondShare)),
        );
      const [ofTop, ofBottom] = weights(get($.share));
      const [ofLeft, ofRight] = weights(get($.shareRight));
      const across = (line: number): Code => {
        const eight = (pixel: number) =>
          vectorAt('i16x8.load8x8_u', 0, sum(get(line), get(pixel), get($.channel)));
        return mix(eight($.left), $.ofLeft, eight($.right), $.ofRight);
      };
      return [
        ...[assign($.ofTop, ofTop), assign($.ofBottom, ofBottom)].flat(),
        ...repeat($.pixels, [
          ...assign($.left, loadWord(0, get($.table))),
          ...assign($.right, loadWord(4, get($.table))),
          ...assign($.shareRight, loadWord(8, get($.table))),
          ...[assign($.ofLeft, ofLeft), assign($.ofRight, ofRight)].flat(),
          ...assign($.channel, constant(0)),
          ...whileTrue(
            [...get($.channels), ...sum(get($.channel), constant(8)), ...ge],
            [
              ...assign($.upper, across($.top)),
              ...assign(
                $.result,
                vector(
                  'i16x8.shr_u',
                  vector(
                    'i16x8.add',
                    mix(get($.upper), $.ofTop, across($.bottom), $.ofBottom),
                    vector('i16x8.splat', constant(128)),
                  ),
                  constant(8),
                ),
              ),
              ...storeLow(
                8,
                0,
                sum(get($.c), get($.channel)),
                vector('i8x16.narrow_i16x8_u', get($.result), get($.result)),
              ),
              ...advance($.channel, 8),
            ],
          ),
          ...[advance($.table, 12), advanceBy($.c, get($.cPixel))].flat(),
        ]),
      ];
    },
  );
}

/** {@link AddMaps} */
export function addMaps(): WasmFunction {
  return namedFunction(
    {
      ...{ a: I32, aLine: I32, aPixel: I32, b: I32, bLine: I32, bPixel: I32, c: I32, cLine: I32 },
      ...{
        cPixel: I32,
        lines: I32,
        pixels: I32,
        channels: I32,
        first: F32,
        second: F32,
        rest: F32,
      },
    },
    {
      ...{ pixel: I32, channel: I32, line: I32, rounder: V128, bits: V128, narrow: V128 },
      ...{ firsts: V128, seconds: V128, rests: V128 },
    },
    ($) => {
      const at = (map: number, stride: number): Code =>
        sum(get(map), product(get($.pixel), get(stride)), get($.channel));
      const scaled = (map: number, stride: number, scale: number): Code =>
        vector(
          'f32x4.mul',
          vector('f32x4.convert_i32x4_s', fourBytes(at(map, stride))),
          get(scale),
        );
      const total = vector(
        'f32x4.add',
        vector('f32x4.add', scaled($.a, $.aPixel, $.firsts), scaled($.b, $.bPixel, $.seconds)),
        get($.rests),
      );
      return [
        ...prepareRounding($.rounder, $.bits),
        ...assign($.firsts, vector('f32x4.splat', get($.first))),
        ...assign($.seconds, vector('f32x4.splat', get($.second))),
        ...assign($.rests, vector('f32x4.splat', get($.rest))),
        ...assign($.line, get($.lines)),
        ...repeat($.line, [
          ...assign($.pixel, constant(0)),
          ...whileTrue(
            [...get($.pixels), ...sum(get($.pixel), constant(1)), ...ge],
            [
              ...assign($.channel, constant(0)),
              ...whileTrue(
                [...get($.channels), ...sum(get($.channel), constant(4)), ...ge],
                [
                  ...storeLow(
                    4,
                    0,
                    at($.c, $.cPixel),
                    asActivations(rounded(total, $.rounder, $.bits), $.narrow),
                  ),
                  ...advance($.channel, 4),
                ],
              ),
              ...advance($.pixel, 1),
            ],
          ),
          ...advanceBy($.a, get($.aLine)),
          ...advanceBy($.b, get($.bLine)),
          ...advanceBy($.c, get($.cLine)),
        ]),
      ];
    },
  );
}
