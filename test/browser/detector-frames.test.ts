import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import type { Pixels } from '../../src/detect/colour-histogram.ts';
import type { ModelInput } from '../../src/detect/manifest.ts';
import type { DecodedImage, Rotation } from '../../src/media/decoded-image.ts';
import { createFrameReader, type FrameReader } from '../../workers/detector/thread/frame-reader.ts';
import { createGpuFrameReader, whyNotGpu } from '../../workers/detector/thread/gpu-frame-reader.ts';
import { codedFrame } from '../fixtures/coded-frame.ts';

const input: ModelInput = {
  node: 'image',
  channels: 'bgr',
  mean: [103.53, 116.28, 123.675],
  std: [57.375, 57.12, 58.395],
  fit: 'letterbox',
  margin: 114,
  multiple: 32,
  areas: { fast: [1], balanced: [1], accurate: [1] },
};

/** Takes and reads a frame, and closes it. */
async function read<Values>(reader: FrameReader<Values>, image: DecodedImage) {
  const taken = await reader.take(image);
  image.frame.close();
  return { placement: taken.placement, ...taken.read() };
}

/** How cameras lay frames down: turned, mirrored, both. */
const LAID = ([0, 90, 180, 270] as const).flatMap((rotation): [Rotation, boolean][] => [
  [rotation, false],
  [rotation, true],
]);

test('whatever the rotation and mirror, the same upright values are read, margin included', async () => {
  const size = { width: 80, height: 80 };
  const { values: expected } = await read(createFrameReader(input, size), codedFrame(0));
  const at = (x: number, y: number) => [
    ...expected.subarray(3 * (80 * y + x), 3 * (80 * y + x) + 3),
  ];
  const shades = (r: number, g: number, b: number) =>
    [b, g, r].map((v, i) => expect.closeTo((v - input.mean[i]!) / input.std[i]!, 0));
  expect(at(1, 1)).toEqual(shades(195, 25, 40));
  expect(at(78, 46)).toEqual(shades(12, 62, 216));
  expect(at(10, 70)).toEqual(shades(114, 114, 114));
  for (const laid of LAID) {
    const { values, placement } = await read(createFrameReader(input, size), codedFrame(...laid));
    expect(placement).toMatchObject({ scaleX: 0.5, scaleY: 0.5 });
    expect(worst(values, expected)).toBeLessThan(0.1);
  }
});

test('a reader knows a frame that is the same as before, and one that is not', async () => {
  const reader = createFrameReader(input, { width: 64, height: 64 });
  const isUnchanged = async (image: DecodedImage) => (await read(reader, image)).unchanged;
  const answers = [];
  for (const rotation of [0, 0, 180, 0] as const)
    answers.push(await isUnchanged(codedFrame(rotation)));
  expect(answers).toEqual([false, true, false, false]);
  expect(await isUnchanged({ ...codedFrame(0), width: 320, height: 192 })).toBe(false);
});

/** A frame of the size of {@link codedFrame}'s on which nothing was drawn: black, as a player shows it. */
function transparentFrame(): DecodedImage {
  const canvas = new OffscreenCanvas(160, 96);
  canvas.getContext('2d');
  const frame = new VideoFrame(canvas, { timestamp: 0 });
  return { frame, rotation: 0, isMirrored: false, width: 160, height: 96 };
}

test.each(['stretch', 'letterbox'] as const)(
  'nothing of the frame before shows through a transparent one: %s',
  async (fit) => {
    const size = { width: 160, height: 96 };
    const reader = createFrameReader({ ...input, fit }, size);
    await read(reader, codedFrame(0));
    const { values, unchanged } = await read(reader, transparentFrame());
    expect(unchanged).toBe(false);
    const black = input.mean.map((mean, i) => (0 - mean) / input.std[i]!);
    expect(
      worst(
        values,
        Float32Array.from(values, (_, i) => black[i % 3]!),
      ),
    ).toBeLessThan(1e-6);
  },
);

test.each(['external', 'copied'] as const)(
  'the GPU reads the same values from %s textures',
  async (source) => {
    if (!(await navigator.gpu?.requestAdapter())) {
      return skip('this browser offers no WebGPU adapter');
    }
    await tf.setBackend('webgpu');
    let reason: string | undefined;
    try {
      reason = await whyNotGpu(input, source);
    } catch (error) {
      return skip(`the adapter ends of such a frame: ${error}`);
    }
    if (source === 'copied') expect(reason).toBeUndefined();
    if (reason !== undefined) return skip(`the adapter takes no such frames: ${reason}`);
    for (const [width, height] of [
      [160, 96],
      [80, 80],
    ] as const) {
      const size = { width, height };
      for (const laid of LAID) {
        const expected = await read(createFrameReader(input, size), codedFrame(...laid));
        const gpu = await read(createGpuFrameReader(input, size, source), codedFrame(...laid));
        const buffer = { buffer: gpu.values, zeroCopy: true };
        const tensor = tf.tensor(buffer, [height, width, 3], 'float32');
        const values = (await tensor.data()) as Float32Array;
        const [shades, known] = await Promise.all([gpu.pixels(), expected.pixels()]);
        expect(worst(colours(shades), colours(known))).toBeLessThan(8);
        expect(gpu.placement).toEqual(expected.placement);
        expect(worst(values, expected.values)).toBeLessThan(0.12);
      }
      const reader = createGpuFrameReader(input, size, source);
      await read(reader, codedFrame(0));
      const { pixels } = await read(reader, transparentFrame());
      const known = await (await read(createFrameReader(input, size), transparentFrame())).pixels();
      expect(worst(colours(await pixels()), colours(known))).toBeLessThan(8);
    }
  },
);

/** Red, green and blue of every pixel. */
function colours({ data }: Pixels): Float32Array {
  return Float32Array.from(data).filter((_, i) => i % 4 !== 3);
}

function skip(reason: string): void {
  console.log(`skipped: ${reason}`);
}

function worst(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}
