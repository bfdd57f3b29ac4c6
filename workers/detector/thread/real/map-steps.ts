/** Calls of kernels on whole maps, with all their addresses. */
import type { Int8Kernels } from '../../wasm/int8/module.ts';
import type { RealKernels } from '../../wasm/real/module.ts';
import type { Arena } from '../int8/arena.ts';
import type { RowStep } from './graph.ts';
import type { Place } from './place-values.ts';

/** @param numbers all of the memory */
export type Step = (numbers: Float32Array) => void;

/** What steps work with. */
export interface RealWorkshop {
  readonly kernels: RealKernels;
  readonly arena: Arena;
  /** Where they are there, they compute convolutions of maps. */
  readonly int8?: Int8Kernels | undefined;
}

/** A number for each channel: constants, or what was computed before. */
export type ByChannel = Float32Array | Place;

/** Whole vectors are loaded and stored. */
const LANES = 4;
/** Pixels, at most, whose sum is made in single precision, in four parts; sums of those are added in double. */
const SUMMED_PIXELS = 1024;

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

/** A step of a recipe, with its row's numbers. */
export interface RowOperation {
  readonly op: RowStep['op'];
  readonly row: ByChannel;
}

/** Where channels' factors and summands lie, as often side by side as a view wants, and the step that makes them of rows. */
function composed(
  rows: readonly RowOperation[],
  place: Place,
  { arena }: RealWorkshop,
): { readonly factors: number; readonly summands: number; readonly prepare: Step[] } {
  const { channels } = place;
  const count = viewOf(place).fold * channels;
  const [factors, summands] = [arena.allocate(4 * count), arena.allocate(4 * count)];
  const prepare: Step = (numbers) => {
    for (let i = 0; i < count; i++) {
      let [factor, summand] = [1, 0];
      for (const { op, row } of rows) {
        const value =
          row instanceof Float32Array
            ? row[(i % channels) % row.length]!
            : numbers[row.address / 4 + ((i % channels) % row.channels)]!;
        if (op === 'Mul') {
          factor *= value;
          summand *= value;
        } else summand += op === 'Add' ? value : -value;
      }
      numbers[factors / 4 + i] = factor;
      numbers[summands / 4 + i] = summand;
    }
  };
  if (rows.some(({ row }) => !(row instanceof Float32Array)))
    return { factors, summands, prepare: [prepare] };
  prepare(new Float32Array(arena.memory.buffer));
  return { factors, summands, prepare: [] };
}

/** What {@link combineSteps} computes. */
export interface Combination {
  /** Products alone where another map is added. */
  readonly rows: readonly RowOperation[];
  /** A map to be added. */
  readonly other?: Place | undefined;
  /** The least result. Default none. */
  readonly least?: number | undefined;
}

/** A map with rows' numbers, and another map, all in one pass. */
export function combineSteps(
  from: Place,
  to: Place,
  { rows, other, least = Number.NEGATIVE_INFINITY }: Combination,
  workshop: RealWorkshop,
): Step[] {
  const { kernels } = workshop;
  const { fours, pixels, pixel } = viewOf(to);
  const { factors, summands, prepare } = composed(rows, to, workshop);
  const given: Parameters<RealKernels['combine']> = [
    ...([from.address, from.line, factors, other ? other.address : summands] as const),
    ...([other ? other.line : 0, other ? pixel : 0, to.address, to.line] as const),
    ...([to.height, pixels, fours, least] as const),
  ];
  return [...prepare, () => kernels.combine(...given)];
}

/** The mean of each channel's numbers, as a row. */
export function meanSteps(from: Place, to: Place, workshop: RealWorkshop): Step[] {
  const { sumLine } = workshop.kernels;
  return [meanOfLines(from, to, sumLine, workshop)];
}

/** The mean of the squares of each channel's numbers, once rows were added to them or taken off. */
export function meanOfSquaresSteps(
  from: Place,
  to: Place,
  rows: readonly RowOperation[],
  workshop: RealWorkshop,
): Step[] {
  const { summands, prepare } = composed(rows, from, workshop);
  const { sumSquares } = workshop.kernels;
  return [
    ...prepare,
    meanOfLines(from, to, (...given) => sumSquares(...given, summands), workshop),
  ];
}

function meanOfLines(
  from: Place,
  to: Place,
  kernel: RealKernels['sumLine'],
  { arena }: RealWorkshop,
): Step {
  const { fours, pixels, pixel, fold } = viewOf(from);
  const { height, width, channels, isFlat } = from;
  // As many lines at a time as may be summed in single precision.
  const lines = isFlat
    ? Math.max(
        1,
        ...[2, 4, 8, 16, 32].filter((n) => height % n === 0 && n * width <= SUMMED_PIXELS),
      )
    : 1;
  const sums = arena.allocate(4 * LANES * fours);
  const totals = new Float64Array(channels);
  return (numbers) => {
    totals.fill(0);
    for (let y = 0; y < height; y += lines) {
      kernel(from.address + y * from.line, pixel, lines * pixels, fours, sums);
      for (let i = 0; i < fold * channels; i++) totals[i % channels]! += numbers[sums / 4 + i]!;
    }
    for (let i = 0; i < channels; i++) numbers[to.address / 4 + i] = totals[i]! / (height * width);
  };
}
