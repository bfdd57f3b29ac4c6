/** Writes WebAssembly: the few instructions that a kernel of ours needs, as bytes (WebAssembly Core Specification 3.0, 5). */

/** Bytes of code. */
export type Code = readonly number[];

/** Types of values. */
export const I32 = 0x7f;
export const F32 = 0x7d;
export const V128 = 0x7b;

/** Bytes of a vector: four numbers of 32 bits. */
export const VECTOR_BYTES = 16;

const NO_RESULT = 0x40;
const END = 0x0b;

function unsigned(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  do {
    const last = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? last : last | 0x80);
  } while (rest !== 0);
  return bytes;
}

function signed(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const last = rest & 0x7f;
    rest >>= 7;
    if ((rest === 0 && (last & 0x40) === 0) || (rest === -1 && (last & 0x40) !== 0)) {
      return [...bytes, last];
    }
    bytes.push(last | 0x80);
  }
}

const simd = (operation: number): Code => [0xfd, ...unsigned(operation)];
const aligned = (offset: number): Code => [2, ...unsigned(offset)];

/** Leaves a local's value. */
export const get = (local: number): Code => [0x20, ...unsigned(local)];
/** Takes a value into a local. */
export const set = (local: number): Code => [0x21, ...unsigned(local)];
/** Leaves a whole number. */
export const constant = (value: number): Code => [0x41, ...signed(value)];
/** The sum of two whole numbers. */
export const add: Code = [0x6a];
/** The first whole number less the second. */
export const subtract: Code = [0x6b];
/** The product of two whole numbers. */
const multiply: Code = [0x6c];
/** 1 where the first whole number is below the second, else 0. */
export const lt: Code = [0x48];
/** 0 where the first whole number is below the second, else 1. */
export const ge: Code = [0x4e];
/** Calls a function of the module. */
export const call = (target: number): Code => [0x10, ...unsigned(target)];
/** The number at an address. */
export const loadFloat: Code = [0x2a, 2, 0];
/** Writes a number to an address. */
export const storeFloat: Code = [0x38, 2, 0];
/** Adds a constant to a local. */
export const advance = (local: number, by: number): Code => [
  ...get(local),
  ...constant(by),
  ...add,
  ...set(local),
];

/** Runs the body as long as the condition leaves something else than 0. */
export const whileTrue = (condition: Code, body: Code): Code => [
  ...[0x02, NO_RESULT, 0x03, NO_RESULT],
  ...[...condition, 0x45, 0x0d, 1],
  ...[...body, 0x0c, 0, END, END],
];

/** One or the other, by whether the condition leaves something else than 0. */
export const either = (condition: Code, then: Code, otherwise: Code): Code => [
  ...[...condition, 0x04, NO_RESULT, ...then],
  ...[0x05, ...otherwise, END],
];

/** Vector instructions by their names in the specification (5.4.8; the last are of the relaxed SIMD proposal). */
const VECTOR = {
  'v128.load': 0x00,
  'i16x8.load8x8_s': 0x01,
  'i16x8.load8x8_u': 0x02,
  'v128.load32_splat': 0x09,
  'v128.store': 0x0b,
  'v128.load32_zero': 0x5c,
  'v128.load64_zero': 0x5d,
  'i8x16.splat': 0x0f,
  'i16x8.splat': 0x10,
  'i32x4.splat': 0x11,
  'f32x4.splat': 0x13,
  'v128.and': 0x4e,
  'v128.or': 0x50,
  'i8x16.shr_u': 0x6d,
  'i8x16.narrow_i16x8_u': 0x66,
  'i8x16.sub_sat_u': 0x73,
  'i8x16.max_u': 0x79,
  'i8x16.min_u': 0x77,
  'i32x4.extadd_pairwise_i16x8_s': 0x7e,
  'i16x8.q15mulr_sat_s': 0x82,
  'i16x8.narrow_i32x4_s': 0x85,
  'i16x8.extend_low_i8x16_s': 0x87,
  'i16x8.extend_low_i8x16_u': 0x89,
  'i16x8.extend_high_i8x16_u': 0x8a,
  'i16x8.shl': 0x8b,
  'i16x8.shr_s': 0x8c,
  'i16x8.shr_u': 0x8d,
  'i16x8.add': 0x8e,
  'i16x8.add_sat_s': 0x8f,
  'i16x8.sub': 0x91,
  'i16x8.mul': 0x95,
  'i32x4.extend_low_i16x8_s': 0xa7,
  'i32x4.extend_high_i16x8_s': 0xa8,
  'i32x4.extend_low_i16x8_u': 0xa9,
  'i32x4.shr_s': 0xac,
  'i32x4.shr_u': 0xad,
  'i32x4.add': 0xae,
  'i32x4.sub': 0xb1,
  'i32x4.dot_i16x8_s': 0xba,
  'f32x4.add': 0xe4,
  'f32x4.mul': 0xe6,
  'f32x4.pmin': 0xea,
  'f32x4.pmax': 0xeb,
  'f32x4.convert_i32x4_s': 0xfa,
  'i16x8.relaxed_dot_i8x16_i7x16_s': 0x112,
  'i32x4.relaxed_dot_i8x16_i7x16_add_s': 0x113,
  'f32x4.relaxed_madd': 0x105,
} as const;

/** A vector instruction behind its operands. */
export const vector = (name: keyof typeof VECTOR, ...operands: Code[]): Code => [
  ...operands.flat(),
  ...simd(VECTOR[name]),
];

/** Loads or stores by a vector instruction, so many bytes behind an address; a store's value is the second operand. */
export const vectorAt = (name: keyof typeof VECTOR, offset: number, ...operands: Code[]): Code => [
  ...operands.flat(),
  ...simd(VECTOR[name]),
  0,
  ...unsigned(offset),
];

/** Stores the lowest 4 or 8 bytes of a vector, so many bytes behind an address. */
export const storeLow = (bytes: 4 | 8, offset: number, address: Code, value: Code): Code => [
  ...[...address, ...value],
  ...[...simd(bytes === 4 ? 0x5a : 0x5b), 0, ...unsigned(offset), 0],
];

/** Stores one of a vector's four words, so many bytes behind an address. */
export const storeWord = (lane: number, offset: number, address: Code, value: Code): Code => [
  ...[...address, ...value],
  ...[...simd(0x5a), 0, ...unsigned(offset), lane],
];

/** Bytes of two vectors in an order: 0 to 15 of the first, 16 to 31 of the second. */
export const shuffle = (order: readonly number[], first: Code, second: Code): Code => [
  ...[...first, ...second],
  ...[...simd(0x0d), ...order],
];

/** The whole number at an address, so many bytes on. */
export const loadWord = (offset: number, address: Code): Code => [
  ...[...address, 0x28],
  ...aligned(offset),
];

/** Puts what the codes leave into a local. */
export const assign = (local: number, ...value: Code[]): Code => [...value.flat(), ...set(local)];

/** The sum of whole numbers. */
export const sum = (first: Code, ...others: Code[]): Code => [
  ...first,
  ...others.flatMap((other) => [...other, ...add]),
];

/** The product of two whole numbers. */
export const product = (first: Code, second: Code): Code => [...first, ...second, ...multiply];

/** Adds what the code leaves to a local. */
export const advanceBy = (local: number, by: Code): Code => assign(local, sum(get(local), by));

/** Runs the body as often as a local says, which counts down to 0. */
export const repeat = (counter: number, body: Code): Code =>
  whileTrue(get(counter), [...body, ...advance(counter, -1)]);

/**
 * A function whose parameters and further locals go by names.
 * @param parameters types by name, in their order
 * @param locals types by name
 * @param code made from the locals' numbers
 */
export function namedFunction<P extends string, L extends string>(
  parameters: Readonly<Record<P, number>>,
  locals: Readonly<Record<L, number>>,
  code: (at: Readonly<Record<P | L, number>>) => Code,
): WasmFunction {
  const all = { ...parameters, ...locals } as Readonly<Record<P | L, number>>;
  const names = Object.keys(all) as (P | L)[];
  const at = Object.fromEntries(names.map((name, i) => [name, i])) as Record<P | L, number>;
  return {
    parameters: Object.values(parameters),
    locals: Object.values(locals),
    code: code(at),
  };
}

/** A function without a result. */
export interface WasmFunction {
  readonly parameters: readonly number[];
  /** Types of further locals, numbered after the parameters. */
  readonly locals: readonly number[];
  readonly code: Code;
}

/**
 * A module that shares somebody's memory, imported as `env.memory`.
 * @param functions in the order of their numbers
 * @param exported numbers of functions by the names under which they are exported
 */
export function writeModule(
  functions: readonly WasmFunction[],
  exported: Readonly<Record<string, number>>,
): Uint8Array<ArrayBuffer> {
  const list = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];
  const text = (value: string): Code => list([...value].map((letter) => [letter.charCodeAt(0)]));
  const section = (id: number, body: Code): Code => [id, ...unsigned(body.length), ...body];
  const types = functions.map(({ parameters }) => [0x60, ...list(parameters.map((t) => [t])), 0]);
  const bodies = functions.map(({ locals, code }) => {
    const body = [...list(locals.map((type) => [1, type])), ...code, END];
    return [...unsigned(body.length), ...body];
  });
  const exports = Object.entries(exported).map(([name, i]) => [...text(name), 0, ...unsigned(i)]);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list(types)),
    ...section(2, list([[...text('env'), ...text('memory'), 2, 0, 1]])),
    ...section(3, list(functions.map((_, i) => unsigned(i)))),
    ...section(7, list(exports)),
    ...section(10, list(bodies)),
  ]);
}
