/** Our convolutions against those of tfjs's plain JavaScript backend, in the real wasm backend. */
import '@tensorflow/tfjs-backend-cpu';
import {
  backend,
  engine,
  fused,
  setBackend,
  type Tensor4D,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { startBackend } from '../../workers/detector/thread/backend.ts';
import { convolutionModule } from '../../workers/detector/wasm/convolution-module.ts';
import { freeFusedConvolutions } from '../../workers/detector/wasm/fused-convolution.ts';
import { seeded } from '../fixtures/track-scenes.ts';

type Options = Parameters<typeof fused.conv2d>[0];
type Shape = [number, number, number, number];

/** How often our module was called. */
let calls = 0;

beforeAll(async () => {
  const instantiate = WebAssembly.instantiate as (
    bytes: BufferSource,
    imports?: WebAssembly.Imports,
  ) => Promise<WebAssembly.WebAssemblyInstantiatedSource>;
  const counting: typeof instantiate = async (bytes, imports) => {
    const made = await instantiate(bytes, imports);
    const { convolve } = made.instance?.exports ?? {};
    if (typeof convolve !== 'function') return made;
    const counted = (...given: unknown[]) => {
      calls++;
      return convolve(...given);
    };
    return { ...made, instance: { exports: { convolve: counted } } };
  };
  Object.assign(WebAssembly, { instantiate: counting });
  await startBackend('wasm');
  Object.assign(WebAssembly, { instantiate });
});

const random = seeded(7);
const numbers = (length: number) => Float32Array.from({ length }, () => 2 * random() - 1);
const size = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);

/** The same convolution on a backend, with fresh tensors. */
async function compute(
  name: string,
  values: { x: Float32Array; filter: Float32Array; bias: Float32Array },
  shapes: { x: Shape; filter: Shape },
  options: Partial<Options>,
): Promise<Float32Array> {
  await setBackend(name);
  return tidy(
    () =>
      fused
        .conv2d({
          x: tensor(values.x, shapes.x) as Tensor4D,
          filter: tensor(values.filter, shapes.filter) as Tensor4D,
          bias: tensor(values.bias, [shapes.filter[3]]),
          strides: 1,
          pad: 'same',
          ...options,
        })
        .dataSync() as Float32Array,
  );
}

async function worstError(x: Shape, filter: Shape, options: Partial<Options>): Promise<number> {
  const values = { x: numbers(size(x)), filter: numbers(size(filter)), bias: numbers(filter[3]) };
  const expected = await compute('cpu', values, { x, filter }, options);
  const found = await compute('wasm', values, { x, filter }, options);
  expect(found.length).toBe(expected.length);
  let worst = 0;
  for (const [i, value] of expected.entries()) worst = Math.max(worst, Math.abs(value - found[i]!));
  return worst;
}

test('the browser of these tests has what our convolutions need', () => {
  expect(WebAssembly.validate(convolutionModule())).toBe(true);
});

test.each<[string, Shape, Shape, Partial<Options>]>([
  ['1 x 1', [1, 19, 19, 96], [1, 1, 96, 64], { activation: 'relu6' }],
  ['1 x 1 of one pixel', [1, 1, 1, 5], [1, 1, 5, 3], {}],
  [
    '1 x 1, lines cut to suit the caches',
    [1, 75, 75, 144],
    [1, 1, 144, 24],
    { activation: 'relu' },
  ],
  ['1 x 1, more weights than pixels', [1, 3, 3, 256], [1, 1, 256, 515], {}],
  ['1 x 1, several pictures', [3, 5, 4, 16], [1, 1, 16, 9], { activation: 'relu' }],
  ['1 x 1 in steps', [1, 9, 10, 7], [1, 1, 7, 12], { strides: 2, pad: 'valid' }],
  [
    '1 x 1 with a margin',
    [1, 4, 5, 8],
    [1, 1, 8, 8],
    {
      pad: [
        [0, 0],
        [1, 1],
        [2, 0],
        [0, 0],
      ],
    },
  ],
  ['3 x 3', [1, 12, 17, 16], [3, 3, 16, 13], { activation: 'linear' }],
  ['3 x 3, more weights than pixels', [1, 5, 4, 128], [3, 3, 128, 36], {}],
  [
    '3 x 3 in steps, an odd picture',
    [1, 31, 33, 3],
    [3, 3, 3, 32],
    { strides: 2, activation: 'relu6' },
  ],
  ['3 x 3 in steps, an even picture', [1, 30, 32, 3], [3, 3, 3, 32], { strides: 2 }],
  ['3 x 3 within the picture', [1, 9, 8, 4], [3, 3, 4, 8], { pad: 'valid' }],
  [
    'a margin on two sides',
    [1, 9, 8, 4],
    [3, 3, 4, 9],
    {
      pad: [
        [0, 0],
        [0, 2],
        [1, 0],
        [0, 0],
      ],
    },
  ],
  ['5 x 3', [1, 11, 9, 6], [5, 3, 6, 10], {}],
  ['left to tfjs: dilated', [1, 9, 8, 4], [3, 3, 4, 8], { dilations: 2 }],
  ['left to tfjs: two pictures', [2, 9, 8, 4], [3, 3, 4, 8], {}],
])('%s', async (name, x, filter, options) => {
  const before = calls;
  expect(await worstError(x, filter, options)).toBeLessThan(1e-4);
  expect(calls > before).toBe(!name.startsWith('left to tfjs'));
});

test('negative sums leak where they should', async () => {
  const leaking = { activation: 'leakyrelu', leakyreluAlpha: 0.1 } as const;
  expect(await worstError([1, 8, 8, 10], [3, 3, 10, 18], leaking)).toBeLessThan(1e-4);
});

test('a filter with another bias than before is computed with that bias', async () => {
  await setBackend('wasm');
  const [x, filter] = [tensor(numbers(32), [1, 2, 2, 8]), tensor(numbers(64), [1, 1, 8, 8])];
  const sums = [0, 1].map((bias) => {
    const options = { x, filter, bias: tensor(new Float32Array(8).fill(bias), [8]) } as Options;
    return fused.conv2d({ ...options, strides: 1, pad: 'same' }).dataSync();
  });
  for (const [i, sum] of sums[0]!.entries()) expect(sums[1]![i]! - sum).toBeCloseTo(1, 5);
});

test('what was packed is given back', async () => {
  await setBackend('wasm');
  const { wasm } = backend() as unknown as { wasm: { asm: { memory: WebAssembly.Memory } } };
  const once = async () => {
    await worstError([1, 4, 4, 512], [3, 3, 512, 512], {});
    freeFusedConvolutions();
    return wasm.asm.memory.buffer.byteLength;
  };
  await once();
  const before = await once();
  for (let i = 0; i < 8; i++) await once();
  expect(wasm.asm.memory.buffer.byteLength).toBe(before);
  expect(engine().memory().numTensors).toBeLessThan(20);
}, 60_000);
