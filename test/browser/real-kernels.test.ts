/** Kernels in single precision, in a real browser, against a slow reference. */
import { expect, test } from 'vitest';
import { type RealKernels, realModule } from '../../workers/detector/wasm/real/module.ts';
import { referenceKernels } from '../fixtures/real-kernels-reference.ts';
import { seeded } from '../fixtures/track-scenes.ts';

const random = seeded(5);
const whole = (least: number, most: number) => least + Math.floor((most - least + 1) * random());
const module = await WebAssembly.compile(realModule());

/** Bytes apart, so that nothing reaches what belongs to another. */
const [A, B, C] = [1024, 400_000, 800_000];
const NUMBERS = 262_144;

/** Runs a call on the same numbers by both. @returns what differs most, and how far the reference's numbers reach */
function compare(call: (kernels: RealKernels) => void): { most: number; changed: number } {
  const filled = Float32Array.from({ length: NUMBERS }, () => 2 * random() - 1);
  const [found, expected] = [false, true].map((isReference) => {
    const memory = new WebAssembly.Memory({ initial: (4 * NUMBERS) / 65_536 });
    const numbers = new Float32Array(memory.buffer);
    numbers.set(filled);
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    call(isReference ? referenceKernels(memory) : (exports as unknown as RealKernels));
    return numbers;
  });
  let [most, changed] = [0, 0];
  for (let i = 0; i < NUMBERS; i++) {
    // What a tile writes beside its columns is scratch.
    if (i < C / 4 - 1024) continue;
    most = Math.max(most, Math.abs(found![i]! - expected![i]!));
    if (expected![i] !== filled[i]) changed++;
  }
  return { most, changed };
}

const shapes = Array.from({ length: 12 }, () => ({
  fours: whole(1, 9),
  lines: whole(1, 6),
  pixels: whole(1, 19),
  gap: 4 * whole(0, 3),
}));

test.each(shapes)('convolutions of $lines x $pixels pixels', ({ lines, pixels, gap }) => {
  const [segments, depth, columns] = [whole(1, 3), whole(1, 21), whole(1, 33)];
  const aPixel = 4 * whole(1, depth);
  const aLine = aPixel * pixels + 4 * depth + gap;
  const cPixel = 4 * columns;
  const { most, changed } = compare(({ convolve }) =>
    convolve(
      ...([A, aLine, aPixel, aLine, segments, depth, B, C, cPixel * pixels + gap, cPixel] as const),
      ...([lines, pixels, columns, 0.25, 2, A - 512] as const),
    ),
  );
  expect(changed).toBeGreaterThan(0.9 * lines * pixels * columns);
  expect(most).toBeLessThan(1e-4);
});

test.each(shapes)('windows of $lines x $pixels pixels, $fours times four channels', (shape) => {
  const { lines, pixels, fours, gap } = shape;
  const step = whole(1, 2);
  const aTap = 16 * fours;
  const aRow = aTap * (step * pixels + 2) + gap;
  for (const name of ['depthwise', 'maxPool'] as const) {
    const { most, changed } = compare((kernels) =>
      kernels[name](
        ...([A, step * aRow, step * aTap, aTap, aRow, B, C, aTap * pixels + gap, aTap] as const),
        ...([lines, pixels, fours, 0] as const),
      ),
    );
    expect(changed).toBeGreaterThan(0.9 * lines * pixels * 4 * fours);
    expect(most).toBeLessThan(1e-5);
  }
});

test.each(shapes)('windows side by side of $lines x $pixels pixels', (shape) => {
  const { lines, pixels, fours, gap } = shape;
  const aTap = 16 * fours;
  const aRow = aTap * (pixels + 2) + gap;
  for (const least of [0, Number.NEGATIVE_INFINITY]) {
    const { most, changed } = compare(({ slidingDepthwise }) =>
      slidingDepthwise(
        ...([A, aRow, aTap, aRow, B, C, aTap * pixels + gap, aTap] as const),
        ...([lines, pixels, fours, least] as const),
      ),
    );
    expect(changed).toBeGreaterThan(0.9 * lines * pixels * 4 * fours);
    expect(most).toBeLessThan(1e-5);
  }
});

test.each(shapes)('maps of $lines x $pixels pixels, scaled and added', (shape) => {
  const { lines, pixels, fours, gap } = shape;
  const line = 16 * fours * pixels + gap;
  for (const [bLine, bPixel] of [
    [0, 0],
    [line, 16 * fours],
  ] as const) {
    for (const least of [Number.NEGATIVE_INFINITY, 0]) {
      const { most, changed } = compare(({ combine }) =>
        combine(
          ...([A, line, A + 64, B, bLine, bPixel, C, line, lines, pixels, fours, least] as const),
        ),
      );
      expect(changed).toBeGreaterThan(0.9 * lines * pixels * 4 * fours);
      expect(most).toBeLessThan(1e-6);
    }
  }
});

test.each(shapes)(
  'sums of $pixels pixels and of the squares of what is added to them',
  ({ pixels, fours, gap }) => {
    const line = [A, 16 * fours + gap, pixels, fours, C] as const;
    const calls: ((kernels: RealKernels) => void)[] = [
      ({ sumLine }) => sumLine(...line),
      ({ sumSquares }) => sumSquares(...line, B),
    ];
    for (const call of calls) {
      const { most, changed } = compare(call);
      expect(changed).toBeGreaterThan(3 * fours);
      expect(most).toBeLessThan(1e-4);
    }
  },
);
