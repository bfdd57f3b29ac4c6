/** What is computed of rows of a few numbers, without kernels. */
import { exactExp } from '../../../../src/detect/exact-exp.ts';
import type { Step } from './map-steps.ts';
import type { Place } from './place-values.ts';

const UNARY: Readonly<Record<string, (x: number, alpha: number) => number>> = {
  Relu: (x) => Math.max(0, x),
  LeakyRelu: (x, alpha) => (x < 0 ? alpha * x : x),
  Sigmoid: (x) => 1 / (1 + exactExp(-x)),
  Square: (x) => x * x,
  Rsqrt: (x) => 1 / Math.sqrt(x),
};

const BINARY: Readonly<Record<string, (x: number, y: number) => number>> = {
  Add: (x, y) => x + y,
  Sub: (x, y) => x - y,
  Mul: (x, y) => x * y,
};

const sizeOf = ({ height, width, channels }: Place) => height * width * channels;

/** @param alpha slope of what is negative, where the operation has one; @returns undefined for another operation */
export function unarySteps(op: string, from: Place, to: Place, alpha: number): Step[] | undefined {
  const compute = UNARY[op];
  if (!compute) return undefined;
  const [source, target, count] = [from.address / 4, to.address / 4, sizeOf(to)];
  return [
    (numbers) => {
      for (let i = 0; i < count; i++) numbers[target + i] = compute(numbers[source + i]!, alpha);
    },
  ];
}

/**
 * Of two rows, whose lengths of 1 stand for every number of the other's.
 * @returns undefined for another operation
 */
export function binarySteps(op: string, a: Place, b: Place, to: Place): Step[] | undefined {
  const compute = BINARY[op];
  if (!compute) return undefined;
  const { width, channels } = to;
  const indexIn = ({ address, ...from }: Place) => {
    const [x, k] = [from.width === 1 ? 0 : from.channels, from.channels === 1 ? 0 : 1];
    return (i: number) => address / 4 + x * Math.floor(i / channels) + k * (i % channels);
  };
  const [first, second] = [indexIn(a), indexIn(b)];
  const target = to.address / 4;
  return [
    (numbers) => {
      for (let i = 0; i < width * channels; i++)
        numbers[target + i] = compute(numbers[first(i)]!, numbers[second(i)]!);
    },
  ];
}

/** The mean of each pixel's channels. */
export function meanOfChannels(from: Place, to: Place): Step[] {
  const { width, channels } = from;
  return [
    (numbers) => {
      for (let x = 0; x < width; x++) {
        let sum = 0;
        for (let k = 0; k < channels; k++) sum += numbers[from.address / 4 + x * channels + k]!;
        numbers[to.address / 4 + x] = sum / channels;
      }
    },
  ];
}

/** Sums of the products of a map with weights of its own size, for each channel, and a bias. */
export function weighedSums(
  from: Place,
  to: Place,
  weights: ArrayLike<number>,
  biases: ArrayLike<number>,
): Step[] {
  const { height, width, channels } = from;
  const sums = new Float64Array(channels);
  return [
    (numbers) => {
      sums.set(biases);
      for (let i = 0; i < height * width; i++) {
        const at =
          (from.address + from.line * Math.floor(i / width) + from.pixel * (i % width)) / 4;
        for (let k = 0; k < channels; k++)
          sums[k]! += weights[i * channels + k]! * numbers[at + k]!;
      }
      numbers.set(sums, to.address / 4);
    },
  ];
}
