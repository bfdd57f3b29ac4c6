/** The kernel that brings weights of 3 x 3 into the form of tiles, see winograd.ts. */
import {
  advance,
  advanceBy,
  assign,
  type Code,
  constant,
  get,
  I32,
  namedFunction,
  product,
  repeat,
  storeWord,
  sum,
  V128,
  vector,
  vectorAt,
  type WasmFunction,
} from '../wasm-writer.ts';
import { PANEL_CHANNELS } from './sums.ts';

/**
 * G g G^T of a panel of 8 channels' weights, times four. Addresses and distances in bytes.
 * @param g 8-bit weights [channel][line][pixel][input channel]
 * @param gPixel from pixel to pixel: the input channels
 * @param eights of input channels
 * @param u the first part: for each pair of input channels 8 times 2 weights of 16 bits
 * @param uPart from part to part
 */
export type TransformWeights = (
  g: number,
  gPixel: number,
  eights: number,
  u: number,
  uPart: number,
) => void;

/** Function {@link TransformWeights}. */
export function transformWeights(): WasmFunction {
  return namedFunction(
    { g: I32, gPixel: I32, eights: I32, u: I32, uPart: I32 },
    {
      ...{ gLine: I32, channel: I32, eight: I32, from: I32, pixel: I32, to: I32, part: I32 },
      ...{ h0: V128, h1: V128, h2: V128, value: V128 },
    },
    ($) => {
      const h = [$.h0, $.h1, $.h2];
      const twice = (value: Code): Code => vector('i16x8.shl', value, constant(1));
      /** Row i of 2 G times three values. */
      const transformed = (i: number, [a, b, c]: readonly [Code, Code, Code]): Code =>
        [
          () => twice(a),
          () => vector('i16x8.add', vector('i16x8.add', a, b), c),
          () => vector('i16x8.add', vector('i16x8.sub', a, b), c),
          () => twice(c),
        ][i]!();
      const line = (y: number): Code => {
        const below = y === 0 ? [] : y === 1 ? get($.gLine) : twiceOf($.gLine);
        return vectorAt('i16x8.load8x8_s', 0, y === 0 ? get($.pixel) : sum(get($.pixel), below));
      };
      const storePairs = [0, 1, 2, 3].flatMap((pair) =>
        storeWord(pair, 4 * PANEL_CHANNELS * pair, get($.part), get($.value)),
      );
      const columns = (i: number): Code => [
        ...assign($.pixel, get($.from)),
        ...h.flatMap((column) => [
          ...assign(column, transformed(i, [line(0), line(1), line(2)])),
          ...advanceBy($.pixel, get($.gPixel)),
        ]),
      ];
      const rows = [0, 1, 2, 3].flatMap((j) => [
        ...assign($.value, transformed(j, [get($.h0), get($.h1), get($.h2)])),
        ...storePairs,
        ...advanceBy($.part, get($.uPart)),
      ]);
      return [
        ...assign($.gLine, product(get($.gPixel), constant(3))),
        ...assign($.channel, constant(PANEL_CHANNELS)),
        ...repeat($.channel, [
          ...assign($.from, get($.g)),
          ...assign($.to, get($.u)),
          ...assign($.eight, get($.eights)),
          ...repeat($.eight, [
            ...assign($.part, get($.to)),
            ...[0, 1, 2, 3].flatMap((i) => [...columns(i), ...rows]),
            ...advance($.from, 8),
            ...advance($.to, 16 * PANEL_CHANNELS),
          ]),
          ...advanceBy($.g, product(get($.gLine), constant(3))),
          ...advance($.u, 4),
        ]),
      ];
    },
  );
}

const twiceOf = (local: number): Code => sum(get(local), get(local));
