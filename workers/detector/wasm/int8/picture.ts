/**
 * Kernels that make a small picture of a frame's planes, in whole numbers, so that every device gives the same pixels: a
 * line of the result is a weighed sum of lines, then of pixels in it, then colours.
 */
import {
  advance,
  assign,
  type Code,
  constant,
  get,
  I32,
  loadWord,
  namedFunction,
  repeat,
  shuffle,
  storeLow,
  sum,
  V128,
  vector,
  vectorAt,
  type WasmFunction,
} from '../wasm-writer.ts';

/** Sum of the weights of a line's or pixel's taps: 255 times it fits into 16 bits. */
export const WEIGHT_SUM = 128;
/** Taps of a pixel are padded to a multiple of these. */
export const TAP_CHUNK = 8;
/** Fraction of a shade in which colours are computed. */
const COLOUR_STEPS = 32;

/**
 * The weighed sum of lines, times {@link WEIGHT_SUM}.
 * @param source first byte of the first line; `line` bytes from line to line; may be read 7 bytes beyond its end
 * @param weights a 16-bit weight for each of so many `lines`
 * @param result 16 bits a byte of the source
 * @param eights the line's bytes / 8, rounded up
 */
export type SumLines = (
  source: number,
  line: number,
  weights: number,
  lines: number,
  result: number,
  eights: number,
) => void;

/**
 * A line of bytes: each the weighed sum of `chunks` x {@link TAP_CHUNK} numbers side by side in a line of 16-bit numbers.
 * @param source may be read 16 bytes x chunks beyond its end
 * @param starts for each byte of the result: in bytes of the source, where its taps start
 * @param weights for each byte of the result: 16-bit weights
 * @param fours bytes of the result / 4, rounded up
 */
export type ScaleLine = (
  source: number,
  starts: number,
  weights: number,
  chunks: number,
  result: number,
  fours: number,
) => void;

/**
 * A line of pixels (red, green, blue, 255) from a line each of brightness and two colour differences. The factors are
 * those of the usual matrix, times 8192.
 * @param eights pixels / 8, rounded up
 * @param black brightness that is black
 */
export type ToColours = (
  brightness: number,
  blueness: number,
  redness: number,
  result: number,
  eights: number,
  black: number,
  contrast: number,
  redOfRedness: number,
  greenOfBlueness: number,
  greenOfRedness: number,
  blueOfBlueness: number,
) => void;

/** A line of pixels (red, green, blue, 255) from a line of each; `eights` pixels / 8, rounded up. */
export type JoinColours = (
  red: number,
  green: number,
  blue: number,
  result: number,
  eights: number,
) => void;

const SIXTEEN_BITS = 2;

/** {@link SumLines} */
export function sumLines(): WasmFunction {
  return namedFunction(
    { source: I32, line: I32, weights: I32, lines: I32, result: I32, eights: I32 },
    { left: I32, at: I32, weight: I32, total: V128 },
    ($) => [
      ...repeat($.eights, [
        ...[assign($.at, get($.source)), assign($.weight, get($.weights))].flat(),
        ...[
          assign($.total, vector('i16x8.splat', constant(0))),
          assign($.left, get($.lines)),
        ].flat(),
        ...repeat($.left, [
          ...assign(
            $.total,
            vector(
              'i16x8.add',
              get($.total),
              vector(
                'i16x8.mul',
                vectorAt('i16x8.load8x8_u', 0, get($.at)),
                vector('i16x8.splat', loadWord(0, get($.weight))),
              ),
            ),
          ),
          ...assign($.at, sum(get($.at), get($.line))),
          ...advance($.weight, SIXTEEN_BITS),
        ]),
        ...vectorAt('v128.store', 0, get($.result), get($.total)),
        ...[advance($.source, 8), advance($.result, 16)].flat(),
      ]),
    ],
  );
}

/** Sums of the halves of two vectors' words: two of the first, then two of the second. */
const halfSums = (first: Code, second: Code): Code =>
  vector(
    'i32x4.add',
    shuffle(words(0, 1, 4, 5), first, second),
    shuffle(words(2, 3, 6, 7), first, second),
  );

/** A shuffle's order by 32-bit words. */
function words(...order: number[]): number[] {
  return order.flatMap((word) => [0, 1, 2, 3].map((byte) => 4 * word + byte));
}

/** {@link ScaleLine} */
export function scaleLine(): WasmFunction {
  const vectors = {
    sum0: V128,
    sum1: V128,
    sum2: V128,
    sum3: V128,
    low: V128,
    high: V128,
  } as const;
  return namedFunction(
    { source: I32, starts: I32, weights: I32, chunks: I32, result: I32, fours: I32 },
    { left: I32, at: I32, ...vectors },
    ($) => {
      const sums = [$.sum0, $.sum1, $.sum2, $.sum3];
      const pixel = (total: number, i: number): Code => [
        ...assign($.at, sum(get($.source), loadWord(4 * i, get($.starts)))),
        ...assign(total, vector('i32x4.splat', constant(0))),
        ...assign($.left, get($.chunks)),
        ...repeat($.left, [
          ...assign(
            total,
            vector(
              'i32x4.add',
              get(total),
              vector(
                'i32x4.dot_i16x8_s',
                vectorAt('v128.load', 0, get($.at)),
                vectorAt('v128.load', 0, get($.weights)),
              ),
            ),
          ),
          ...[advance($.at, 16), advance($.weights, 16)].flat(),
        ]),
      ];
      // Words 0 and 1 of a half sum belong to one pixel; their sum is the pixel's.
      const four = vector(
        'i32x4.add',
        shuffle(words(0, 2, 4, 6), get($.low), get($.high)),
        shuffle(words(1, 3, 5, 7), get($.low), get($.high)),
      );
      const shades = vector(
        'i32x4.shr_s',
        vector('i32x4.add', four, vector('i32x4.splat', constant((WEIGHT_SUM * WEIGHT_SUM) / 2))),
        constant(14),
      );
      return repeat($.fours, [
        ...sums.flatMap(pixel),
        ...assign($.low, halfSums(get($.sum0), get($.sum1))),
        ...assign($.high, halfSums(get($.sum2), get($.sum3))),
        ...assign($.low, vector('i16x8.narrow_i32x4_s', shades, get($.high))),
        ...storeLow(4, 0, get($.result), vector('i8x16.narrow_i16x8_u', get($.low), get($.low))),
        ...[advance($.starts, 16), advance($.result, 4)].flat(),
      ]);
    },
  );
}

/** Writes eight pixels of 16-bit colours, cut to bytes. */
const storePixels = (red: Code, green: Code, blue: Code, result: number, at: Pair): Code => {
  const order = (from: number) =>
    [0, 1, 2, 3].flatMap((i) => [0, 8, 16, 24].map((k) => k + from + i));
  return [
    ...assign(at.redGreen, vector('i8x16.narrow_i16x8_u', red, green)),
    ...assign(
      at.blueFull,
      vector('i8x16.narrow_i16x8_u', blue, vector('i16x8.splat', constant(255))),
    ),
    ...[0, 4].flatMap((from) =>
      vectorAt(
        'v128.store',
        4 * from,
        get(result),
        shuffle(order(from), get(at.redGreen), get(at.blueFull)),
      ),
    ),
    ...advance(result, 32),
  ];
};

interface Pair {
  readonly redGreen: number;
  readonly blueFull: number;
}

/** {@link ToColours} */
export function toColours(): WasmFunction {
  return namedFunction(
    {
      ...{ brightness: I32, blueness: I32, redness: I32, result: I32, eights: I32, black: I32 },
      ...{ contrast: I32, redOfRedness: I32, greenOfBlueness: I32, greenOfRedness: I32 },
      blueOfBlueness: I32,
    },
    { light: V128, blue: V128, red: V128, redGreen: V128, blueFull: V128 },
    ($) => {
      const centred = (line: number, middle: Code): Code =>
        vector(
          'i16x8.shl',
          vector(
            'i16x8.sub',
            vectorAt('i16x8.load8x8_u', 0, get(line)),
            vector('i16x8.splat', middle),
          ),
          constant(7),
        );
      const times = (value: number, factor: number): Code =>
        vector('i16x8.q15mulr_sat_s', get(value), vector('i16x8.splat', get(factor)));
      const plus = (first: Code, second: Code): Code => vector('i16x8.add_sat_s', first, second);
      const half = vector('i16x8.splat', constant(COLOUR_STEPS / 2));
      const shade = (steps: Code): Code => vector('i16x8.shr_s', plus(steps, half), constant(5));
      return repeat($.eights, [
        ...assign($.light, centred($.brightness, get($.black))),
        ...assign($.light, times($.light, $.contrast)),
        ...assign($.blue, centred($.blueness, constant(128))),
        ...assign($.red, centred($.redness, constant(128))),
        ...storePixels(
          shade(plus(get($.light), times($.red, $.redOfRedness))),
          shade(
            plus(
              plus(get($.light), times($.blue, $.greenOfBlueness)),
              times($.red, $.greenOfRedness),
            ),
          ),
          shade(plus(get($.light), times($.blue, $.blueOfBlueness))),
          $.result,
          $,
        ),
        ...[$.brightness, $.blueness, $.redness].flatMap((line) => advance(line, 8)),
      ]);
    },
  );
}

/** {@link JoinColours} */
export function joinColours(): WasmFunction {
  return namedFunction(
    { red: I32, green: I32, blue: I32, result: I32, eights: I32 },
    { redGreen: V128, blueFull: V128 },
    ($) => {
      const eight = (line: number): Code => vectorAt('i16x8.load8x8_u', 0, get(line));
      return repeat($.eights, [
        ...storePixels(eight($.red), eight($.green), eight($.blue), $.result, $),
        ...[$.red, $.green, $.blue].flatMap((line) => advance(line, 8)),
      ]);
    },
  );
}
