/**
 * The convolution kernel in 8-bit integers. Long because it is one kernel: its tiles, sums and roundings share their locals,
 * and none of them means anything without the others.
 */
import {
  add,
  advance,
  advanceBy,
  assign,
  type Code,
  call,
  constant,
  either,
  F32,
  ge,
  get,
  I32,
  lt,
  namedFunction,
  product,
  repeat,
  set,
  storeLow,
  subtract,
  sum,
  V128,
  VECTOR_BYTES,
  vector,
  vectorAt,
  type WasmFunction,
  whileTrue,
} from '../wasm-writer.ts';
import { activated, asReals, bent, prepareActivation, TABLE_BYTES } from './activations.ts';

/**
 * How four products are summed. `dot`: by the one instruction for it, one processor instruction where there is
 * AVX-VNNI or ARM's dot product. `pairs`: by way of 16-bit sums of two products each, two of which are added before they
 * are widened: the fastest on processors that have neither. Both give the same sums, exactly.
 */
export type SumKind = 'dot' | 'pairs';

/**
 * Greatest magnitude of a weight: two sums of two products of it with 127 still fit into 16 bits, so that no
 * intermediate result of either kind saturates, which the standard leaves open.
 */
export const MOST_WEIGHT = 64;
/** Channels of the result that a tile computes. */
export const PANEL_CHANNELS = 8;
/** Channels of a pixel that one step multiplies. */
export const GROUP_CHANNELS = 4;

/** Pixels of a tile at most: the sums and what they are made of fit into the processor's sixteen registers. */
const TILE_PIXELS: Record<SumKind, number> = { dot: 6, pairs: 4 };
/** Steps along the depth written out in a row: an even number. */
const UNROLLED = 4;
const STEP_BYTES = PANEL_CHANNELS * GROUP_CHANNELS;

/**
 * A convolution of 7-bit activations with 7-bit weights. Addresses and distances in bytes.
 * @param a first channel of the first tap of the first pixel of the first line
 * @param aLine from line to line
 * @param aPixel from pixel to pixel
 * @param rows of the kernel
 * @param taps of a row; 1 where its taps lie side by side in memory and count as one
 * @param groups of four channels, of a tap
 * @param tapSkip from the end of a tap's channels to the next tap
 * @param rowSkip from behind a row's last tap (and its skip) to the next row
 * @param weights for each panel of 8 channels of the result, for each group: 8 times 4 weights
 * @param table {@link TABLE_BYTES} a panel: biases as whole numbers, multipliers, slopes
 * @param c first channel of the first pixel of the result
 * @param lines how many
 * @param pixels of a line
 * @param panels how many; written from the last to the first, so that a last one that is too wide for its pixel is
 *   written over by the next pixel's first
 * @param isReal 1: the result is real numbers, sum times multiplier. 2: that, if negative times its slope. 0: 7-bit activations, the
 *   latter rounded, plus `zero`, cut to 0 to 127
 */
export type Convolve = (
  a: number,
  aLine: number,
  aPixel: number,
  rows: number,
  taps: number,
  groups: number,
  tapSkip: number,
  rowSkip: number,
  weights: number,
  table: number,
  c: number,
  cLine: number,
  cPixel: number,
  lines: number,
  pixels: number,
  panels: number,
  isReal: number,
  zero: number,
) => void;

/**
 * The functions of {@link Convolve}, it last: tiles of 1 to 4 or 6 pixels first, whose sums stay in registers.
 * @param first number of the first function
 */
export function convolution(kind: SumKind, first: number): WasmFunction[] {
  const most = TILE_PIXELS[kind];
  const tiles = Array.from({ length: most }, (_, i) => tile(kind, i + 1));
  return [...tiles, convolve(first, most)];
}

/** Order and types of a tile's parameters. */
const TILE = {
  ...{ a: I32, aPixel: I32, rows: I32, taps: I32, groups: I32, tapSkip: I32, rowSkip: I32 },
  ...{ weights: I32, table: I32, c: I32, cPixel: I32, isReal: I32, zero: F32 },
} as const;

/** A tile of so many pixels. */
function tile(kind: SumKind, pixels: number): WasmFunction {
  const each = Array.from({ length: pixels }, (_, i) => i);
  const locals: Record<
    | ('tap' | 'group' | 'value' | 'other' | 'ones' | 'rounder')
    | ('weight0' | 'weight1' | 'next0' | 'next1')
    | (`at${number}` | `sum${number}_${number}`),
    number
  > = {
    ...{ tap: I32, group: I32, value: V128, other: V128, ones: V128, rounder: V128 },
    ...{ weight0: V128, weight1: V128, next0: V128, next1: V128 },
    ...Object.fromEntries(each.map((i) => [`at${i}`, I32])),
    ...Object.fromEntries(each.flatMap((i) => [0, 1].map((half) => [`sum${i}_${half}`, V128]))),
  };
  return namedFunction(TILE, locals, ($) => {
    const at = (pixel: number) => $[`at${pixel}`]!;
    const total = (pixel: number, half: number) => $[`sum${pixel}_${half}`]!;
    const halves = [
      [0, $.weight0, $.next0],
      [1, $.weight1, $.next1],
    ] as const;
    const eachPixel = (code: (pixel: number) => Code) => each.flatMap(code);
    const load = (local: number, step: number, half: number): Code =>
      assign(local, vectorAt('v128.load', STEP_BYTES * step + VECTOR_BYTES * half, get($.weights)));
    const spread = (local: number, pixel: number, step: number): Code =>
      assign(local, vectorAt('v128.load32_splat', GROUP_CHANNELS * step, get(at(pixel))));
    const products = (weight: number, value: number): Code =>
      vector('i16x8.relaxed_dot_i8x16_i7x16_s', get(weight), get(value));
    const widened = (sums: Code): Code => vector('i32x4.dot_i16x8_s', sums, get($.ones));

    const one = (step: number): Code => [
      ...halves.flatMap(([half, weight]) => load(weight, step, half)),
      ...eachPixel((pixel) => [
        ...spread($.value, pixel, step),
        ...halves.flatMap(([half, weight]) => {
          const sums = total(pixel, half);
          return kind === 'dot'
            ? assign(
                sums,
                vector(
                  'i32x4.relaxed_dot_i8x16_i7x16_add_s',
                  ...[get(weight), get($.value), get(sums)],
                ),
              )
            : assign(sums, vector('i32x4.add', widened(products(weight, $.value)), get(sums)));
        }),
      ]),
    ];
    const two = (step: number): Code => [
      ...halves.flatMap(([half, weight, next]) => [
        ...load(weight, step, half),
        ...load(next, step + 1, half),
      ]),
      ...eachPixel((pixel) => [
        ...spread($.value, pixel, step),
        ...spread($.other, pixel, step + 1),
        ...halves.flatMap(([half, weight, next]) => {
          const sums = total(pixel, half);
          const four = vector('i16x8.add', products(weight, $.value), products(next, $.other));
          return assign(sums, vector('i32x4.add', widened(four), get(sums)));
        }),
      ]),
    ];
    const steps = (count: number): Code => {
      const body = Array.from({ length: count }, (_, i) => i).flatMap((i) => {
        if (kind === 'dot' || count === 1) return one(i);
        return i % 2 === 0 ? two(i) : [];
      });
      return whileTrue(
        [...get($.group), ...constant(count), ...ge],
        [
          ...body,
          ...eachPixel((pixel) => advance(at(pixel), GROUP_CHANNELS * count)),
          ...advance($.weights, STEP_BYTES * count),
          ...advance($.group, -count),
        ],
      );
    };
    const skip = (by: number): Code => eachPixel((pixel) => advanceBy(at(pixel), get(by)));
    const locals = { ...$, bits: $.other, most: $.weight0 };
    const sumsOf = (pixel: number, half: 0 | 1): Code => get(total(pixel, half));
    const reals = (result: (pixel: number, half: 0 | 1) => Code): Code =>
      eachPixel((pixel) => [
        ...([0, 1] as const).flatMap((half) =>
          vectorAt('v128.store', VECTOR_BYTES * half, get($.c), result(pixel, half)),
        ),
        ...advanceBy($.c, get($.cPixel)),
      ]);

    return [
      ...eachPixel((pixel) => [
        ...assign(at(pixel), pixel === 0 ? get($.a) : sum(get(at(pixel - 1)), get($.aPixel))),
        ...[0, 1].flatMap((half) =>
          assign(total(pixel, half), vectorAt('v128.load', VECTOR_BYTES * half, get($.table))),
        ),
      ]),
      ...(kind === 'pairs' ? assign($.ones, vector('i16x8.splat', constant(1))) : []),
      ...repeat($.rows, [
        ...assign($.tap, get($.taps)),
        ...repeat($.tap, [
          ...assign($.group, get($.groups)),
          ...[UNROLLED, 2, 1].flatMap(steps),
          ...skip($.tapSkip),
        ]),
        ...skip($.rowSkip),
      ]),
      ...either(
        get($.isReal),
        either(
          [...get($.isReal), ...constant(2), ...ge],
          reals((pixel, half) => bent(sumsOf(pixel, half), half, locals)),
          reals((pixel, half) => asReals(sumsOf(pixel, half), half, $.table)),
        ),
        [
          ...prepareActivation(locals, $.zero),
          ...eachPixel((pixel) => [
            ...storeLow(
              ...([8, 0, get($.c)] as const),
              activated([sumsOf(pixel, 0), sumsOf(pixel, 1)], locals),
            ),
            ...advanceBy($.c, get($.cPixel)),
          ]),
        ],
      ),
    ];
  });
}

/** The loops over panels, lines and tiles; the tile of n pixels is function `first` + n - 1. */
function convolve(first: number, most: number): WasmFunction {
  return namedFunction(
    {
      ...{ a: I32, aLine: I32, aPixel: I32, rows: I32, taps: I32, groups: I32, tapSkip: I32 },
      ...{ rowSkip: I32, weights: I32, table: I32, c: I32, cLine: I32, cPixel: I32, lines: I32 },
      ...{ pixels: I32, panels: I32, isReal: I32, zero: F32 },
    },
    {
      ...{ panelBytes: I32, panelStep: I32, line: I32, pixel: I32, from: I32, to: I32 },
      ...{ weight: I32, row: I32, taken: I32 },
    },
    ($) => {
      const run = (size: number): Code => [
        ...[sum(get($.from), product(get($.pixel), get($.aPixel))), get($.aPixel)].flat(),
        ...[$.rows, $.taps, $.groups, $.tapSkip, $.rowSkip, $.weight, $.row].flatMap(get),
        ...sum(get($.to), product(get($.pixel), get($.cPixel))),
        ...[...[$.cPixel, $.isReal, $.zero].flatMap(get), ...call(first + size - 1)],
        ...assign($.taken, constant(size)),
      ];
      /** The largest tile that the pixels left fill. */
      const largest = (size: number): Code =>
        size === 1
          ? run(1)
          : either(
              [...get($.pixels), ...get($.pixel), ...subtract, ...constant(size), ...ge],
              run(size),
              largest(size - 1),
            );
      const groups = product(product(get($.rows), get($.taps)), get($.groups));
      return [
        ...assign($.panelBytes, product(groups, constant(STEP_BYTES))),
        ...assign($.panelStep, constant(PANEL_CHANNELS)),
        ...either(get($.isReal), assign($.panelStep, constant(4 * PANEL_CHANNELS)), []),
        ...repeat($.panels, [
          // The counter still counts this one.
          ...assign($.row, sum(get($.panels), constant(-1))),
          ...assign($.weight, sum(get($.weights), product(get($.row), get($.panelBytes)))),
          ...assign($.to, sum(get($.c), product(get($.row), get($.panelStep)))),
          ...assign($.row, sum(get($.table), product(get($.row), constant(TABLE_BYTES)))),
          ...assign($.from, get($.a)),
          ...assign($.line, get($.lines)),
          ...repeat($.line, [
            ...assign($.pixel, constant(0)),
            ...whileTrue(
              [...get($.pixel), ...get($.pixels), ...lt],
              [...largest(most), ...[...get($.pixel), ...get($.taken), ...add, ...set($.pixel)]],
            ),
            ...advanceBy($.from, get($.aLine)),
            ...advanceBy($.to, get($.cLine)),
          ]),
        ]),
      ];
    },
  );
}
