/** Code that the kernels between convolutions share: 7-bit activations as whole numbers and back. */
import { assign, type Code, constant, get, vector, vectorAt } from '../wasm-writer.ts';
import { bitsOf, MOST_ACTIVATION, ROUNDER, real32 } from './convolution.ts';

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
