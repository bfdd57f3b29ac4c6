/** Writes WebAssembly: the few instructions that a kernel of ours needs, as bytes (WebAssembly Core Specification 3.0, 5). */

/** Bytes of code. */
export type Code = readonly number[];

/** Types of values. */
export const I32 = 0x7f;
export const F32 = 0x7d;
export const V128 = 0x7b;

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
export const multiply: Code = [0x6c];
/** 1 where the first whole number is below the second, else 0. */
export const less: Code = [0x48];
/** 0 where the first whole number is below the second, else 1. */
export const notLess: Code = [0x4e];
/** Calls a function of the module. */
export const call = (target: number): Code => [0x10, ...unsigned(target)];
/** The number at an address. */
export const loadFloat: Code = [0x2a, 2, 0];
/** Writes a number to an address. */
export const storeFloat: Code = [0x38, 2, 0];
/** Four numbers from an address, so many bytes on. */
export const loadVector = (offset: number): Code => [...simd(0x00), ...aligned(offset)];
/** Writes four numbers to an address, so many bytes on. */
export const storeVector = (offset: number): Code => [...simd(0x0b), ...aligned(offset)];
/** One number from memory in all four lanes. */
export const loadEverywhere = (offset: number): Code => [...simd(0x09), ...aligned(offset)];
/** One number in all four lanes. */
export const everywhere = simd(0x13);
/** The products of four numbers each. */
export const multiplyVectors = simd(0xe6);
/** The smaller of four numbers each. */
export const smallerOf = simd(0xea);
/** The larger of four numbers each. */
export const largerOf = simd(0xeb);
/** First times second plus third, rounded once where the device can: of the relaxed SIMD proposal. */
export const multiplyAdd = simd(0x105);

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
 * @param exported name of the last one
 */
export function writeModule(
  functions: readonly WasmFunction[],
  exported: string,
): Uint8Array<ArrayBuffer> {
  const list = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];
  const text = (value: string): Code => list([...value].map((letter) => [letter.charCodeAt(0)]));
  const section = (id: number, body: Code): Code => [id, ...unsigned(body.length), ...body];
  const types = functions.map(({ parameters }) => [0x60, ...list(parameters.map((t) => [t])), 0]);
  const bodies = functions.map(({ locals, code }) => {
    const body = [...list(locals.map((type) => [1, type])), ...code, END];
    return [...unsigned(body.length), ...body];
  });
  const last = functions.length - 1;
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list(types)),
    ...section(2, list([[...text('env'), ...text('memory'), 2, 0, 1]])),
    ...section(3, list(functions.map((_, i) => unsigned(i)))),
    ...section(7, list([[...text(exported), 0, ...unsigned(last)]])),
    ...section(10, list(bodies)),
  ]);
}
