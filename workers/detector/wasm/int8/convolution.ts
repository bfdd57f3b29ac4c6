/** The convolution kernel in 8-bit integers: its tiles, whose sums stay in registers, and the loops over them. */
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
  vectorAt,
  type WasmFunction,
  whileTrue,
} from '../wasm-writer.ts';
import { activated, asReals, bent, prepareActivation, TABLE_BYTES } from './activations.ts';
import {
  GROUP_CHANNELS,
  PANEL_CHANNELS,
  STEP_BYTES,
  SUMMING,
  type SumKind,
  type TileLocals,
  UNROLLED,
  vectorLocals,
} from './sums.ts';

/**
 * A convolution of 7-bit activations with 8-bit weights. Addresses and distances in bytes.
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
 * @param isReal {@link IS_WIDE}: 8-bit activations. 1: the result is real numbers, sum times multiplier. 2: that, if negative times its slope. 0: 7-bit activations, the
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
 * The functions of {@link Convolve}, it last: tiles of 1 to so many pixels as it sums together first, whose sums stay in registers.
 * @param first number of the first function
 */
export function convolution(kind: SumKind, first: number): WasmFunction[] {
  const most = SUMMING[kind].pixels;
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
  const summing = SUMMING[kind];
  const addresses = Array.from({ length: pixels }, (_, i) => `at${i}`);
  const locals: Record<
    | 'tap'
    | 'group'
    | 'value'
    | 'rounder'
    | 'bits'
    | 'most'
    | (`at${number}` | `sum${number}_${number}`),
    number
  > = {
    ...{ tap: I32, group: I32, value: V128, rounder: V128, bits: V128, most: V128 },
    ...Object.fromEntries(addresses.map((name) => [name, I32])),
    ...vectorLocals(kind, pixels),
  };
  return namedFunction(TILE, locals, ($) => {
    const at = (pixel: number) => $[`at${pixel}`]!;
    const own: TileLocals = {
      ...{ pixels, weights: $.weights, table: $.table, at },
      vector: (name) => ($ as Readonly<Record<string, number>>)[name]!,
    };
    const eachPixel = (code: (pixel: number) => Code) =>
      addresses.flatMap((_, pixel) => code(pixel));
    const steps = (count: number): Code =>
      whileTrue(
        [...get($.group), ...constant(count), ...ge],
        [
          ...summing.steps(own, count),
          ...eachPixel((pixel) => advance(at(pixel), GROUP_CHANNELS * count)),
          ...advance($.weights, STEP_BYTES * count),
          ...advance($.group, -count),
        ],
      );
    const skip = (by: number): Code => eachPixel((pixel) => advanceBy(at(pixel), get(by)));
    const rounding = {
      ...{ table: $.table, value: $.value, rounder: $.rounder, bits: $.bits, most: $.most },
    };
    const sumsOf = (pixel: number, half: 0 | 1): Code => get($[`sum${pixel}_${half}`]!);
    const reals = (result: (pixel: number, half: 0 | 1) => Code): Code =>
      eachPixel((pixel) => [
        ...([0, 1] as const).flatMap((half) =>
          vectorAt('v128.store', VECTOR_BYTES * half, get($.c), result(pixel, half)),
        ),
        ...advanceBy($.c, get($.cPixel)),
      ]);

    return [
      ...eachPixel((pixel) =>
        assign(at(pixel), pixel === 0 ? get($.a) : sum(get(at(pixel - 1)), get($.aPixel))),
      ),
      ...summing.begin(own),
      ...repeat($.rows, [
        ...assign($.tap, get($.taps)),
        ...repeat($.tap, [
          ...assign($.group, get($.groups)),
          ...[UNROLLED, 2, 1].flatMap(steps),
          ...skip($.tapSkip),
        ]),
        ...skip($.rowSkip),
      ]),
      ...summing.end(own),
      ...either(
        [...get($.isReal), ...constant(1), ...ge],
        either(
          [...get($.isReal), ...constant(2), ...ge],
          reals((pixel, half) => bent(sumsOf(pixel, half), half, rounding)),
          reals((pixel, half) => asReals(sumsOf(pixel, half), half, $.table)),
        ),
        [
          ...prepareActivation(rounding, $.zero, $.isReal),
          ...eachPixel((pixel) => [
            ...storeLow(
              ...([8, 0, get($.c)] as const),
              activated([sumsOf(pixel, 0), sumsOf(pixel, 1)], rounding),
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
      const isReal = [...get($.isReal), ...constant(1), ...ge];
      const groups = product(product(get($.rows), get($.taps)), get($.groups));
      return [
        ...assign($.panelBytes, product(groups, constant(STEP_BYTES))),
        ...assign($.panelStep, constant(PANEL_CHANNELS)),
        ...either(isReal, assign($.panelStep, constant(4 * PANEL_CHANNELS)), []),
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
