/** The products of a convolution by Winograd's tiles, in 16-bit whole numbers: its heart, where its time goes. */
import {
  advance,
  advanceBy,
  assign,
  type Code,
  constant,
  get,
  I32,
  namedFunction,
  repeat,
  sum,
  V128,
  vector,
  vectorAt,
  type WasmFunction,
} from '../wasm-writer.ts';
import { TILE_PARTS } from './winograd.ts';

/** Tiles whose sums stay in registers together. */
export const TILE_GROUP = 4;

/**
 * Multiplies the parts of tiles with the weights of each part, over all channels.
 * @param v 16-bit numbers [part][tile][channel]
 * @param vPart from part to part
 * @param vTile from tile to tile
 * @param weights 16-bit numbers [part][panel of 8 channels of the result][pair of channels][8][2]
 * @param m 32-bit sums [part][tile][channel of the result]
 * @param groups {@link TILE_GROUP} tiles each
 * @param eights of channels
 * @param panels of 8 channels of the result
 */
export type MultiplyParts = (
  v: number,
  vPart: number,
  vTile: number,
  weights: number,
  m: number,
  mPart: number,
  mTile: number,
  groups: number,
  eights: number,
  panels: number,
) => void;

const MULTIPLY_LOCALS = [
  ...(['part', 'panel', 'group', 'eight', 'weight', 'to', 'from', 'c'] as const),
  ...(['weight0', 'weight1', 'value'] as const),
] as const;

/** Function {@link MultiplyParts}. */
export function multiplyParts(): WasmFunction {
  const each = Array.from({ length: TILE_GROUP }, (_, i) => i);
  return namedFunction(
    {
      ...{ v: I32, vPart: I32, vTile: I32, weights: I32, m: I32, mPart: I32, mTile: I32 },
      ...{ groups: I32, eights: I32, panels: I32 },
    },
    {
      ...{ part: I32, panel: I32, group: I32, eight: I32, weight: I32, to: I32, from: I32, c: I32 },
      ...{ weight0: V128, weight1: V128, value: V128 },
      ...Object.fromEntries(each.map((i) => [`at${i}`, I32])),
      ...Object.fromEntries(each.flatMap((i) => [0, 1].map((half) => [`sum${i}_${half}`, V128]))),
    } as Record<
      (typeof MULTIPLY_LOCALS)[number] | `at${number}` | `sum${number}_${number}`,
      number
    >,
    ($) => {
      const at = (tile: number) => $[`at${tile}`]!;
      const total = (tile: number, half: number) => $[`sum${tile}_${half}`]!;
      const halves = [
        [0, $.weight0],
        [1, $.weight1],
      ] as const;
      const eachSum = (code: (sum: number, tile: number, half: number) => Code): Code =>
        each.flatMap((tile) => halves.flatMap(([half]) => code(total(tile, half), tile, half)));
      /** A pair of channels. */
      const step = (pair: number): Code => [
        ...halves.flatMap(([half, weight]) =>
          assign(weight, vectorAt('v128.load', 32 * pair + 16 * half, get($.weight))),
        ),
        ...each.flatMap((tile) => [
          ...assign($.value, vectorAt('v128.load32_splat', 4 * pair, get(at(tile)))),
          ...halves.flatMap(([half, weight]) => {
            const sums = total(tile, half);
            const products = vector('i32x4.dot_i16x8_s', get(weight), get($.value));
            return assign(sums, vector('i32x4.add', products, get(sums)));
          }),
        ]),
      ];
      return [
        ...assign($.part, constant(TILE_PARTS)),
        ...repeat($.part, [
          ...assign($.panel, get($.panels)),
          ...assign($.to, get($.m)),
          ...repeat($.panel, [
            ...assign($.group, get($.groups)),
            ...assign($.from, get($.v)),
            ...assign($.c, get($.to)),
            ...repeat($.group, [
              ...each.flatMap((tile) =>
                assign(at(tile), tile === 0 ? get($.from) : sum(get(at(tile - 1)), get($.vTile))),
              ),
              ...assign($.from, sum(get(at(TILE_GROUP - 1)), get($.vTile))),
              ...assign($.weight, get($.weights)),
              ...eachSum((sums) => assign(sums, vector('i32x4.splat', constant(0)))),
              ...assign($.eight, get($.eights)),
              ...repeat($.eight, [
                ...[0, 1, 2, 3].flatMap(step),
                ...each.flatMap((tile) => advance(at(tile), 16)),
                ...advance($.weight, 128),
              ]),
              ...each.flatMap((tile) => [
                ...halves.flatMap(([half]) =>
                  vectorAt('v128.store', 16 * half, get($.c), get(total(tile, half))),
                ),
                ...advanceBy($.c, get($.mTile)),
              ]),
            ]),
            ...assign($.weights, get($.weight)),
            ...advance($.to, 32),
          ]),
          ...advanceBy($.v, get($.vPart)),
          ...advanceBy($.m, get($.mPart)),
        ]),
      ];
    },
  );
}
