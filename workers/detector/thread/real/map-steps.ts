/** Calls of kernels on whole maps, with all their addresses. */
import type { RealKernels } from '../../wasm/real/module.ts';
import type { Arena } from '../int8/arena.ts';
import type { Place } from './place-values.ts';

/** @param numbers all of the memory */
export type Step = (numbers: Float32Array) => void;

/** What steps work with. */
export interface RealWorkshop {
  readonly kernels: RealKernels;
  readonly arena: Arena;
}

/** A number for each channel: constants, or what was computed before. */
export type ByChannel = Float32Array | Place;

/** Whole vectors are loaded and stored. */
const LANES = 4;
/** Pixels, at most, whose sum is made in single precision; sums of those are added in double. */
const SUMMED_PIXELS = 256;

/** A line as the kernels take it: some pixels side by side count as one where channels alone fill no vectors. */
interface LineView {
  readonly fold: number;
  readonly fours: number;
  readonly pixels: number;
  readonly pixel: number;
}

/** @throws RangeError where neither channels nor pixels come in fours */
function viewOf({ width, channels, pixel }: Place): LineView {
  for (const fold of [1, 2, 4]) {
    const numbers = fold * channels;
    if (numbers % LANES === 0 && width % fold === 0)
      return { fold, fours: numbers / LANES, pixels: width / fold, pixel: fold * pixel };
  }
  throw new RangeError(`A map of ${channels} channels, ${width} wide, fills no vectors.`);
}

/** Memory of numbers that never change. */
export function constantsAt(values: ArrayLike<number>, { arena }: RealWorkshop): number {
  const address = arena.allocate(4 * values.length);
  arena.reals(address, values.length).set(values);
  return address;
}

/** Where the numbers of channels lie, as often side by side as a view wants, and the step that brings them there. */
function vectorOf(
  source: ByChannel,
  place: Place,
  sign: 1 | -1,
  workshop: RealWorkshop,
): { address: number; prepare: Step[] } {
  const { channels } = place;
  const count = viewOf(place).fold * channels;
  if (source instanceof Float32Array) {
    const values = Float32Array.from(
      { length: count },
      (_, i) => sign * source[i % source.length]!,
    );
    return { address: constantsAt(values, workshop), prepare: [] };
  }
  if (count === channels && sign === 1) return { address: source.address, prepare: [] };
  const address = workshop.arena.allocate(4 * count);
  const [from, to] = [source.address / 4, address / 4];
  const prepare: Step = (numbers) => {
    for (let i = 0; i < count; i++) numbers[to + i] = sign * numbers[from + (i % channels)]!;
  };
  return { address, prepare: [prepare] };
}

/** What {@link combineSteps} computes. */
export interface Combination {
  readonly scale?: ByChannel;
  /** Numbers of the channels to be added, or taken off. */
  readonly shift?: ByChannel;
  readonly sign?: 1 | -1;
  /** A map to be added. */
  readonly other?: Place;
  /** The least result. Default none. */
  readonly least?: number;
}

/** A map times its channels' scales, plus others: all in one pass. */
export function combineSteps(
  from: Place,
  to: Place,
  { scale, shift, sign = 1, other, least = Number.NEGATIVE_INFINITY }: Combination,
  workshop: RealWorkshop,
): Step[] {
  const { fours, pixels, pixel } = viewOf(to);
  const factors = vectorOf(scale ?? Float32Array.of(1), to, 1, workshop);
  const added = other
    ? { address: other.address, prepare: [] }
    : vectorOf(shift ?? Float32Array.of(0), to, sign, workshop);
  const given: Parameters<RealKernels['combine']> = [
    ...([from.address, from.line, factors.address, added.address] as const),
    ...([other ? other.line : 0, other ? pixel : 0, to.address, to.line] as const),
    ...([to.height, pixels, fours, least] as const),
  ];
  return [...factors.prepare, ...added.prepare, () => workshop.kernels.combine(...given)];
}

/** The mean of each channel's numbers, or of their squares, as a row. */
export function meanSteps(
  from: Place,
  to: Place,
  power: 1 | 2,
  { kernels, arena }: RealWorkshop,
): Step[] {
  const { fours, pixels, pixel, fold } = viewOf(from);
  const { height, width, channels, isFlat } = from;
  // As many lines at a time as may be summed in single precision.
  const lines = isFlat
    ? Math.max(1, ...[2, 4, 8].filter((n) => height % n === 0 && n * width <= SUMMED_PIXELS))
    : 1;
  const sums = arena.allocate(4 * LANES * fours);
  const kernel = power === 1 ? kernels.sumLine : kernels.sumSquares;
  const totals = new Float64Array(channels);
  const step: Step = (numbers) => {
    totals.fill(0);
    for (let y = 0; y < height; y += lines) {
      kernel(from.address + y * from.line, pixel, lines * pixels, fours, sums);
      for (let i = 0; i < fold * channels; i++) totals[i % channels]! += numbers[sums / 4 + i]!;
    }
    for (let i = 0; i < channels; i++) numbers[to.address / 4 + i] = totals[i]! / (height * width);
  };
  return [step];
}
