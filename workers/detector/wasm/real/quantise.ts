/** Maps of single-precision numbers as 7-bit activations: their least and greatest numbers, and the bytes between them. */
import { prepareActivation } from '../int8/activations.ts';
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
  V128,
  VECTOR_BYTES,
  vector,
  vectorAt,
  type WasmFunction,
  whileTrue,
} from '../wasm-writer.ts';

/** Vectors that fill one of bytes. */
const FOURS = 4;

/**
 * The least and the greatest of a map's numbers and 0. Addresses and distances in bytes.
 * @param aLine from line to line
 * @param fours of a line's numbers, side by side
 * @param ends takes four numbers whose least, and four whose greatest is the map's
 */
export type FindEnds = (
  a: number,
  aLine: number,
  lines: number,
  fours: number,
  ends: number,
) => void;

/** {@link FindEnds} */
export function findEnds(): WasmFunction {
  return namedFunction(
    { a: I32, aLine: I32, lines: I32, fours: I32, ends: I32 },
    { at: I32, left: I32, value: V128, least: V128, greatest: V128, low: V128, high: V128 },
    ($) => {
      /** Two pairs in turns, so that none waits for itself. */
      const take = (i: number): Code => {
        const [least, greatest] = i % 2 === 0 ? [$.least, $.greatest] : [$.low, $.high];
        return [
          ...assign($.value, vectorAt('v128.load', VECTOR_BYTES * i, get($.at))),
          ...assign(least, vector('f32x4.pmin', get(least), get($.value))),
          ...assign(greatest, vector('f32x4.pmax', get(greatest), get($.value))),
        ];
      };
      return [
        // All of them begin as 0.
        ...repeat($.lines, [
          ...assign($.at, get($.a)),
          ...assign($.left, get($.fours)),
          ...inFours($.left, (count) => [
            ...Array.from({ length: count }, (_, i) => take(i)).flat(),
            ...advance($.at, VECTOR_BYTES * count),
          ]),
          ...advanceBy($.a, get($.aLine)),
        ]),
        ...vectorAt('v128.store', 0, get($.ends), vector('f32x4.pmin', get($.least), get($.low))),
        ...vectorAt(
          'v128.store',
          VECTOR_BYTES,
          get($.ends),
          vector('f32x4.pmax', get($.greatest), get($.high)),
        ),
      ];
    },
  );
}

/**
 * A map's numbers times a factor, rounded, plus the activation that is real 0, cut to 0 to 127. Addresses and distances in bytes.
 * @param fours of a line's numbers, side by side
 */
export type ToActivations = (
  a: number,
  aLine: number,
  c: number,
  cLine: number,
  lines: number,
  fours: number,
  factor: number,
  zero: number,
) => void;

/** {@link ToActivations} */
export function toActivations(): WasmFunction {
  return namedFunction(
    {
      ...{ a: I32, aLine: I32, c: I32, cLine: I32, lines: I32, fours: I32 },
      ...{ factor: F32, zero: F32 },
    },
    {
      ...{ from: I32, to: I32, left: I32, factors: V128, rounder: V128, bits: V128, most: V128 },
      half: V128,
    },
    ($) => {
      const word = (i: number): Code =>
        vector(
          'i32x4.sub',
          vector(
            'f32x4.add',
            vector(
              'f32x4.mul',
              vectorAt('v128.load', VECTOR_BYTES * i, get($.from)),
              get($.factors),
            ),
            get($.rounder),
          ),
          get($.bits),
        );
      const bytesOf = (first: Code, second: Code): Code =>
        vector('i8x16.min_u', vector('i8x16.narrow_i16x8_u', first, second), get($.most));
      return [
        ...prepareActivation($, $.zero),
        ...assign($.factors, vector('f32x4.splat', get($.factor))),
        ...repeat($.lines, [
          ...assign($.from, get($.a)),
          ...assign($.to, get($.c)),
          ...assign($.left, get($.fours)),
          ...inFours($.left, (count) => [
            ...(count === FOURS
              ? vectorAt(
                  'v128.store',
                  0,
                  get($.to),
                  bytesOf(
                    vector('i16x8.narrow_i32x4_s', word(0), word(1)),
                    vector('i16x8.narrow_i32x4_s', word(2), word(3)),
                  ),
                )
              : [
                  ...assign($.half, word(0)),
                  ...assign($.half, vector('i16x8.narrow_i32x4_s', get($.half), get($.half))),
                  ...storeLow(4, 0, get($.to), bytesOf(get($.half), get($.half))),
                ]),
            ...advance($.from, VECTOR_BYTES * count),
            ...advance($.to, 4 * count),
          ]),
          ...advanceBy($.a, get($.aLine)),
          ...advanceBy($.c, get($.cLine)),
        ]),
      ];
    },
  );
}

/** Counts down by four, then by one. @param body for so many vectors */
function inFours(left: number, body: (count: number) => Code): Code {
  return [FOURS, 1].flatMap((count) =>
    whileTrue(
      [...get(left), ...constant(count), ...ge],
      [...body(count), ...advance(left, -count)],
    ),
  );
}
