/** Maps as 7-bit activations, by ranges that each picture sets for itself. */
import { MOST_ACTIVATION } from '../../wasm/int8/activations.ts';
import type { RealWorkshop, Step } from './map-steps.ts';
import type { Border, Place } from './place-values.ts';

/** A map as bytes, pixel by pixel: `scale x (byte - zero)` is about the number. */
export interface QuantisedMap {
  /** Of its border's first byte. In bytes, as `line`. */
  readonly address: number;
  readonly line: number;
  /** Set by the picture. */
  readonly range: { scale: number; zero: number };
}

/** Numbers that are nearer to each other and to 0 are 0: no factor of 32 bits would spread them. */
const LEAST_RANGE = 1e-30;

/**
 * Gives a map out as bytes: from the least to the greatest of its numbers and 0, they are 0 to 127.
 * @param border pixels around it, which stand for 0
 * @throws RangeError where a line's numbers do not come in fours
 */
export function quantiseSteps(
  from: Place,
  { top, left, bottom, right }: Border,
  { kernels, arena }: RealWorkshop,
): { readonly map: QuantisedMap; readonly steps: Step[] } {
  const { height, width, channels, isFlat } = from;
  const numbersOfLine = width * channels;
  if (numbersOfLine % 4 !== 0)
    throw new RangeError(`A map of ${channels} channels, ${width} wide, fills no vectors.`);
  const line = (left + width + right) * channels;
  const bytes = (top + height + bottom) * line;
  const address = arena.allocate(bytes);
  const first = address + top * line + left * channels;
  const ends = arena.allocate(32);
  const range = { scale: 0, zero: 0 };
  const hasBorder = bytes > height * numbersOfLine;
  const [lines, fours] =
    isFlat && !hasBorder ? [1, (height * line) / 4] : [height, numbersOfLine / 4];
  const step: Step = (numbers) => {
    kernels.findEnds(from.address, from.line, lines, fours, ends);
    const least = Math.min(...numbers.subarray(ends / 4, ends / 4 + 4));
    const distance = Math.max(...numbers.subarray(ends / 4 + 4, ends / 4 + 8)) - least;
    const isNothing = !(distance > LEAST_RANGE);
    range.scale = isNothing ? 0 : distance / MOST_ACTIVATION;
    range.zero = isNothing ? 0 : Math.round(-least / range.scale);
    const factor = isNothing ? 0 : 1 / range.scale;
    if (hasBorder) new Uint8Array(numbers.buffer, address, bytes).fill(range.zero);
    kernels.toActivations(
      ...([from.address, from.line, first, line, lines, fours, factor, range.zero] as const),
    );
  };
  return { map: { address, line, range }, steps: [step] };
}
