/** Kernels that take planes apart, and shades to activations. */
import {
  advance,
  type Code,
  constant,
  get,
  I32,
  namedFunction,
  repeat,
  shuffle,
  vector,
  vectorAt,
  type WasmFunction,
} from '../wasm-writer.ts';

/** Bytes that lie by turns, in two lines; `sixteens` bytes of each / 16, rounded up. */
export type SplitPairs = (source: number, first: number, second: number, sixteens: number) => void;

/** The first three of every four bytes, in three lines; `sixteens` bytes of each / 16, rounded up. */
export type SplitFours = (
  source: number,
  first: number,
  second: number,
  third: number,
  sixteens: number,
) => void;

/** Halves of bytes, rounded down: shades as activations; `sixteens` bytes / 16, rounded up. */
export type HalveBytes = (source: number, result: number, sixteens: number) => void;

/** {@link SplitPairs} */
export function splitPairs(): WasmFunction {
  return namedFunction({ source: I32, first: I32, second: I32, sixteens: I32 }, {}, ($) => {
    const every = (from: number) => Array.from({ length: 16 }, (_, i) => 2 * i + from);
    const load = (offset: number): Code => vectorAt('v128.load', offset, get($.source));
    return repeat($.sixteens, [
      ...vectorAt('v128.store', 0, get($.first), shuffle(every(0), load(0), load(16))),
      ...vectorAt('v128.store', 0, get($.second), shuffle(every(1), load(0), load(16))),
      ...[advance($.source, 32), advance($.first, 16), advance($.second, 16)].flat(),
    ]);
  });
}

/** {@link SplitFours} */
export function splitFours(): WasmFunction {
  return namedFunction(
    { source: I32, first: I32, second: I32, third: I32, sixteens: I32 },
    {},
    ($) => {
      const load = (offset: number): Code => vectorAt('v128.load', offset, get($.source));
      const eight = (channel: number, offset: number): Code =>
        shuffle(
          Array.from({ length: 16 }, (_, i) => (4 * i + channel) % 32),
          load(offset),
          load(offset + 16),
        );
      // Eight bytes of each half, side by side.
      const join = Array.from({ length: 16 }, (_, i) => (i < 8 ? i : 8 + i));
      return repeat($.sixteens, [
        ...[$.first, $.second, $.third].flatMap((line, channel) =>
          vectorAt(
            'v128.store',
            0,
            get(line),
            shuffle(join, eight(channel, 0), eight(channel, 32)),
          ),
        ),
        ...advance($.source, 64),
        ...[$.first, $.second, $.third].flatMap((line) => advance(line, 16)),
      ]);
    },
  );
}

/** {@link HalveBytes} */
export function halveBytes(): WasmFunction {
  return namedFunction({ source: I32, result: I32, sixteens: I32 }, {}, ($) =>
    repeat($.sixteens, [
      ...vectorAt(
        'v128.store',
        0,
        get($.result),
        vector('i8x16.shr_u', vectorAt('v128.load', 0, get($.source)), constant(1)),
      ),
      ...[advance($.source, 16), advance($.result, 16)].flat(),
    ]),
  );
}
