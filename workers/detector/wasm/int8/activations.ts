/** Code that kernels share: 7-bit activations as whole numbers and back, and what becomes of a convolution's sums. */
import {
  assign,
  type Code,
  constant,
  get,
  set,
  sum,
  VECTOR_BYTES,
  vector,
  vectorAt,
} from '../wasm-writer.ts';

/** Greatest activation: the relaxed dot product is exact for 7 bits. */
export const MOST_ACTIVATION = 127;
/** Added to the greatest activation, as bytes: 255, where none but depthwise convolutions take it, which multiply in 16 bits. */
export const IS_WIDE = -128;
/** 1.5 x 2^23: a number of less magnitude than 2^22 added to it is rounded to a whole one, ties to even, in its lowest bits. */
const ROUNDER = 12_582_912;
/** Bytes of the table of 8 channels: biases, multipliers and slopes. */
export const TABLE_BYTES = 96;

/** Four bytes at an address as whole numbers. */
export const fourBytes = (address: Code): Code =>
  vector(
    'i32x4.extend_low_i16x8_u',
    vector('i16x8.extend_low_i8x16_u', vectorAt('v128.load32_zero', 0, address)),
  );

/** Four whole numbers, cut to activations, as bytes: `rest` is a local to use. */
export const asActivations = (words: Code, rest: number): Code => [
  ...assign(rest, vector('i16x8.narrow_i32x4_s', words, vector('i32x4.splat', constant(0)))),
  ...vector(
    'i8x16.min_u',
    vector('i8x16.narrow_i16x8_u', get(rest), get(rest)),
    vector('i8x16.splat', constant(MOST_ACTIVATION)),
  ),
];

/** Real numbers rounded to whole ones. */
export const rounded = (reals: Code, rounder: number, bits: number): Code =>
  vector('i32x4.sub', vector('f32x4.add', reals, get(rounder)), get(bits));

/** Sets the locals that {@link rounded} needs. */
export const prepareRounding = (rounder: number, bits: number): Code => [
  ...assign(rounder, vector('f32x4.splat', real32(ROUNDER))),
  ...assign(bits, vector('i32x4.splat', constant(bitsOf(ROUNDER)))),
];

/** Sums of four channels as real numbers. @param half of the table's eight channels, 0 or 1 */
export const asReals = (sums: Code, half: number, table: number): Code =>
  vector(
    'f32x4.mul',
    vector('f32x4.convert_i32x4_s', sums),
    vectorAt('v128.load', 32 + VECTOR_BYTES * half, get(table)),
  );

/** Locals that {@link activated} works with; `rounder`, `bits` and `most` as {@link prepareActivation} sets them. */
export interface ActivationLocals {
  readonly table: number;
  readonly value: number;
  readonly rounder: number;
  readonly bits: number;
  readonly most: number;
}

/**
 * Sets the locals that stay the same.
 * @param zero a local: the activation that is real 0
 * @param wide a local that is {@link IS_WIDE} or 0
 */
export const prepareActivation = (
  { rounder, bits, most }: Omit<ActivationLocals, 'table' | 'value'>,
  zero: number,
  wide?: number,
): Code => [
  ...assign(rounder, vector('f32x4.splat', get(zero), real32(ROUNDER), [0x92])),
  ...assign(bits, vector('i32x4.splat', constant(bitsOf(ROUNDER)))),
  ...assign(
    most,
    vector(
      'i8x16.splat',
      wide === undefined ? constant(MOST_ACTIVATION) : sum(constant(MOST_ACTIVATION), get(wide)),
    ),
  ),
];

/** Four channels as real numbers after their activation, from their sums: what is negative times its slope. */
export const bent = (
  sums: Code,
  half: 0 | 1,
  { table, value }: Pick<ActivationLocals, 'table' | 'value'>,
): Code => {
  const nothing = vector('f32x4.splat', real32(0));
  return [
    ...assign(value, asReals(sums, half, table)),
    ...vector(
      'f32x4.add',
      vector('f32x4.pmax', get(value), nothing),
      vector(
        'f32x4.mul',
        vector('f32x4.pmin', get(value), nothing),
        vectorAt('v128.load', 64 + VECTOR_BYTES * half, get(table)),
      ),
    ),
  ];
};

/** The activations of eight channels, as bytes, from their sums. @param sums of the first and of the last four */
export const activated = (
  sums: readonly [Code, Code],
  { table, value, rounder, bits, most }: ActivationLocals,
): Code => {
  const words = (half: 0 | 1): Code =>
    vector(
      'i32x4.sub',
      vector('f32x4.add', bent(sums[half], half, { table, value }), get(rounder)),
      get(bits),
    );
  const narrowed = vector('i16x8.narrow_i32x4_s', words(0), words(1));
  return vector(
    'i8x16.min_u',
    vector('i8x16.narrow_i16x8_u', [...narrowed, ...set(value), ...get(value)], get(value)),
    get(most),
  );
};

/** A real number of 32 bits. */
function real32(value: number): Code {
  return [0x43, ...new Uint8Array(Float32Array.of(value).buffer)];
}

/** The bits of a real number as a whole one. */
function bitsOf(value: number): number {
  return new Int32Array(Float32Array.of(value).buffer)[0]!;
}
