/** Convolutions of real maps in 8-bit integers: the kernels in a real browser against slow ones, to the bit, and those against real sums. */
import { expect, test } from 'vitest';
import { Arena } from '../../workers/detector/thread/int8/arena.ts';
import { Places } from '../../workers/detector/thread/real/place-values.ts';
import { quantisedConvolutionSteps } from '../../workers/detector/thread/real/quantised-convolution.ts';
import { quantiseSteps } from '../../workers/detector/thread/real/quantised-maps.ts';
import type { MovedWindow } from '../../workers/detector/thread/real/window-steps.ts';
import {
  type Int8Kernels,
  int8Module,
  startKernels,
} from '../../workers/detector/wasm/int8/module.ts';
import type { SumKind } from '../../workers/detector/wasm/int8/sums.ts';
import { type RealKernels, realModule } from '../../workers/detector/wasm/real/module.ts';
import { referenceInt8Convolve, referenceKernels } from '../fixtures/real-kernels-reference.ts';
import { seeded } from '../fixtures/track-scenes.ts';

const random = seeded(16);
const whole = (least: number, most: number) => least + Math.floor((most - least + 1) * random());
const [real, int8] = await Promise.all(
  [realModule(), int8Module('relaxed')].map((bytes) => WebAssembly.compile(bytes)),
);

interface Case {
  readonly height: number;
  readonly width: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly window: MovedWindow;
  readonly slope: number;
  /** Around the map, and around the result. */
  readonly borders: readonly [number, number];
}

function newCase(isWindow: boolean): Case {
  const side = isWindow ? 2 * whole(1, 3) + 1 : 1;
  const step = isWindow ? whole(1, 2) : 1;
  const pad = (side - 1) / 2;
  return {
    ...{ height: whole(1, 9), width: 4 * whole(1, 5), inputs: whole(1, isWindow ? 5 : 70) },
    outputs: 8 * whole(1, 4),
    window: {
      kernel: [side, side],
      strides: [step, step],
      pads: { top: pad, left: pad, bottom: pad, right: pad },
    },
    ...{ slope: [0, 1, 0.25][whole(0, 2)]!, borders: [whole(0, 1), whole(0, 1)] },
  };
}

const around = (count: number) => ({ top: count, left: count, bottom: count, right: count });

/** @param kernels of one kind, on a memory */
function run(
  { height, width, inputs, outputs, window, slope, borders }: Case,
  map: Float32Array,
  weights: Float32Array,
  biases: Float32Array,
  kernelsOn: (memory: WebAssembly.Memory) => [RealKernels, Pick<Int8Kernels, 'convolve'>],
): Float32Array {
  const arena = new Arena();
  const [kernels, { convolve }] = kernelsOn(arena.memory);
  const places = new Places(arena);
  const { kernel, strides, pads } = window;
  const size = (length: number, i: 0 | 1) =>
    Math.floor((length + 2 * pads.top - kernel[i]) / strides[i]) + 1;
  const from = places.take({ height, width, channels: inputs }, around(borders[0]));
  const shape = { height: size(height, 0), width: size(width, 1), channels: outputs };
  const to = places.take(shape, around(borders[1]));
  const { map: bytes, steps } = quantiseSteps(from, pads, { kernels, arena });
  const call = [bytes, inputs, to, window, weights, biases, slope] as const;
  const all = [
    ...steps,
    ...quantisedConvolutionSteps(...call, { arena, int8: { convolve } as Int8Kernels }),
  ];
  const numbers = new Float32Array(arena.memory.buffer);
  for (let y = 0; y < height; y++)
    numbers.set(
      map.subarray(y * width * inputs, (y + 1) * width * inputs),
      (from.address + y * from.line) / 4,
    );
  for (const step of all) step(numbers);
  const lines = Array.from({ length: shape.height }, (_, y) => {
    const at = (to.address + y * to.line) / 4;
    return [...numbers.subarray(at, at + shape.width * outputs)];
  });
  return Float32Array.from(lines.flat());
}

const reference = (memory: WebAssembly.Memory): ReturnType<Parameters<typeof run>[4]> => [
  referenceKernels(memory),
  { convolve: referenceInt8Convolve(memory) },
];
const browsers =
  (sums: SumKind) =>
  (memory: WebAssembly.Memory): ReturnType<Parameters<typeof run>[4]> => {
    const { exports } = new WebAssembly.Instance(real!, { env: { memory } });
    return [exports as unknown as RealKernels, startKernels({ module: int8!, sums }, memory)];
  };

/** The same in real numbers of 64 bits, and the most that bytes can be off. */
function expected(
  { height, width, inputs, outputs, window, slope }: Case,
  map: Float32Array,
  weights: Float32Array,
  biases: Float32Array,
): { value: number; most: number }[] {
  const { kernel, strides, pads } = window;
  const size = (length: number, i: 0 | 1) =>
    Math.floor((length + 2 * pads.top - kernel[i]) / strides[i]) + 1;
  const range = Math.max(0, ...map) - Math.min(0, ...map);
  const results: { value: number; most: number }[] = [];
  for (let i = 0; i < size(height, 0) * size(width, 1); i++) {
    const [y, x] = [Math.floor(i / size(width, 1)), i % size(width, 1)];
    for (let channel = 0; channel < outputs; channel++) {
      const own = weights.filter((_, j) => j % outputs === channel);
      const step = Math.max(...own.map(Math.abs)) / 64;
      // Where products are next to nothing beside the bias, they count up to so much of it.
      const share = 1e-6 + (own.length * 127 * 64) / 2 ** 30;
      let [sum, most] = [biases[channel]!, share * Math.abs(biases[channel]!)];
      for (const [j, weight] of own.entries()) {
        const tap = Math.floor(j / inputs);
        const fromY = y * strides[0] - pads.top + Math.floor(tap / kernel[1]);
        const fromX = x * strides[1] - pads.left + (tap % kernel[1]);
        const isInside = fromY >= 0 && fromX >= 0 && fromY < height && fromX < width;
        const value = isInside ? map[(fromY * width + fromX) * inputs + (j % inputs)]! : 0;
        sum += value * weight;
        // Half a step of each, and what is cut off at an end where 0 is not a whole byte.
        most += (range / 127) * Math.abs(weight) + (step / 2) * (Math.abs(value) + range / 127);
      }
      results.push({ value: sum < 0 ? sum * slope : sum, most });
    }
  }
  return results;
}

const spreads: Readonly<Record<string, (i: number) => number>> = {
  'from -1 to 1': () => 2 * random() - 1,
  'that are 0 or more': () => Math.max(0, random() - 0.5),
  'below 0': () => -random() - 3,
  'that are all equal': () => 0.7,
  'that are 0': () => 0,
  'beyond measure': () => 1e30 * (random() - 0.3),
  'next to nothing': () => 1e-25 * (random() - 0.5),
  'and one far off': (i) => (i === 5 ? 1000 : random()),
};

test.each(Object.entries(spreads))('numbers %s', (_, number) => {
  for (let round = 0; round < 6; round++) {
    const given = newCase(round % 2 === 1);
    const { height, width, inputs, outputs, window } = given;
    const map = Float32Array.from({ length: height * width * inputs }, (_, i) => number(i));
    const taps = window.kernel[0] * window.kernel[1] * inputs;
    const weights = Float32Array.from({ length: taps * outputs }, (_, i) =>
      // A channel without weights, and one whose bias is beyond them.
      i % outputs === 1 ? 0 : (2 * random() - 1) * (i % outputs === 2 ? 1e-12 : 1),
    );
    const biases = Float32Array.from({ length: outputs }, () => random() - 0.5);
    const slow = run(given, map, weights, biases, reference);
    for (const sums of ['dot', 'pairs'] as const)
      expect(run(given, map, weights, biases, browsers(sums))).toEqual(slow);
    const wanted = expected(given, map, weights, biases);
    expect(slow.length).toBe(wanted.length);
    const wrong = wanted.filter(({ value, most }, i) => !(Math.abs(value - slow[i]!) <= most));
    expect(wrong).toEqual([]);
  }
});
