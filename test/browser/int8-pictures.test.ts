/** Frames as networks in 8-bit integers see them: against plain arithmetic to the bit, and against the browser's own. */
import { describe, expect, test } from 'vitest';
import type { Size } from '../../src/detect/input-size.ts';
import type { ModelInput } from '../../src/detect/manifest.ts';
import { scaleTaps } from '../../src/detect/scale-taps.ts';
import type { DecodedImage } from '../../src/media/decoded-image.ts';
import { createFrameReader } from '../../workers/detector/thread/frame-reader.ts';
import { Arena } from '../../workers/detector/thread/int8/arena.ts';
import { createPictureReaders } from '../../workers/detector/thread/int8/picture-reader.ts';
import { int8Module, startKernels } from '../../workers/detector/wasm/int8/module.ts';
import { codedFrame } from '../fixtures/coded-frame.ts';
import { PLAIN_INPUT } from '../fixtures/plain-input.ts';
import { seeded } from '../fixtures/track-scenes.ts';

const module = await WebAssembly.compile(int8Module('relaxed'));
const random = seeded(5);
const integer = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));

function readers(fit: ModelInput['fit'] = 'letterbox', arena = new Arena()) {
  return createPictureReaders(
    { ...PLAIN_INPUT, fit },
    { arena, kernels: startKernels({ module, sums: 'dot' }, arena.memory) },
  );
}

/** Reads a frame and closes it. */
async function read(create: ReturnType<typeof readers>, size: Size, image: DecodedImage) {
  const taken = await create(size).take(image);
  image.frame.close();
  const { values } = taken.read();
  return { placement: taken.placement, data: values.data.slice() };
}

/** A plane of chance, soft as pictures are. */
function plane(width: number, height: number): Uint8Array {
  const [a, b, c] = [random() / 9, random() / 9, random() * 6];
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const wave = Math.sin(a * (i % width) + b * Math.floor(i / width) + c);
    return Math.round(128 + 100 * wave + 20 * random());
  });
}

/** Scaled by plain arithmetic. */
function scaled(values: Uint8Array, from: Size, to: Size): Uint8Array {
  const across = scaleTaps(from.width, to.width, 128);
  const down = scaleTaps(from.height, to.height, 128);
  return Uint8Array.from({ length: to.width * to.height }, (_, i) => {
    const column = across[i % to.width]!;
    const row = down[Math.floor(i / to.width)]!;
    let sum = 0;
    row.weights.forEach((rowWeight, y) => {
      column.weights.forEach((weight, x) => {
        sum += rowWeight * weight * values[(row.start + y) * from.width + column.start + x]!;
      });
    });
    return Math.floor((sum + 8192) / 16_384);
  });
}

interface Planes {
  readonly size: Size;
  readonly parts: readonly { size: Size; values: Uint8Array }[];
}

function makePlanes(size: Size, across: number, down: number): Planes {
  const small = { width: Math.ceil(size.width / across), height: Math.ceil(size.height / down) };
  return {
    size,
    parts: [size, small, small].map((one) => ({ size: one, values: plane(one.width, one.height) })),
  };
}

/** Pixels by the usual formula, in real numbers. */
function coloured(planes: Planes, to: Size, [red, blue]: readonly [number, number], full: boolean) {
  const [light, blueness, redness] = planes.parts.map(({ size, values }) =>
    scaled(values, size, to),
  );
  const green = 1 - red - blue;
  return Array.from({ length: to.width * to.height }, (_, i) => {
    const y = full ? light![i]! : (light![i]! - 16) * (255 / 219);
    const cb = (blueness![i]! - 128) * (full ? 1 : 255 / 224);
    const cr = (redness![i]! - 128) * (full ? 1 : 255 / 224);
    return [
      y + 2 * (1 - red) * cr,
      y - (2 * (1 - blue) * blue * cb) / green - (2 * (1 - red) * red * cr) / green,
      y + 2 * (1 - blue) * cb,
    ].map((value) => Math.min(255, Math.max(0, value)));
  });
}

function toFrame(planes: Planes, format: VideoPixelFormat, colorSpace: VideoColorSpaceInit) {
  const [light, blue, red] = planes.parts.map(({ values }) => values);
  const bytes =
    format === 'NV12'
      ? [...light!, ...[...blue!].flatMap((value, i) => [value, red![i]!])]
      : [...light!, ...blue!, ...red!];
  const frame = new VideoFrame(Uint8Array.from(bytes), {
    ...{ format, timestamp: 0, colorSpace },
    ...{ codedWidth: planes.size.width, codedHeight: planes.size.height },
  });
  return { frame, rotation: 0, isMirrored: false, ...planes.size } as const;
}

describe('from planes', () => {
  test.each([
    ['I420', 2, 2, 'smpte170m', [0.299, 0.114], false],
    ['I420', 2, 2, 'bt709', [0.2126, 0.0722], true],
    ['NV12', 2, 2, 'bt709', [0.2126, 0.0722], false],
    ['I422', 2, 1, 'bt470bg', [0.299, 0.114], false],
    ['I444', 1, 1, 'bt709', [0.2126, 0.0722], false],
  ] as const)(
    '%s (chroma %i x %i), %s, full range %s',
    async (format, across, down, matrix, shares, fullRange) => {
      for (const [from, to] of [
        [
          { width: 768, height: 576 },
          { width: 384, height: 288 },
        ],
        [
          { width: 322, height: 182 },
          { width: 96, height: 64 },
        ],
        [
          { width: 62, height: 34 },
          { width: 128, height: 96 },
        ],
        [
          { width: 1920, height: 1080 },
          { width: 64, height: 36 },
        ],
      ] as const) {
        const planes = makePlanes(from, across, down);
        const image = toFrame(planes, format, {
          matrix,
          fullRange,
          primaries: 'bt709',
          transfer: 'bt709',
        });
        const { data } = await read(readers('stretch'), to, image);
        const expected = coloured(planes, to, shares, fullRange);
        // The kernel's fixed point: a 32nd of a shade a term, rounded once more at the end.
        let worst = 0;
        expected.forEach((pixel, i) => {
          pixel.forEach((value, k) => {
            worst = Math.max(worst, Math.abs(value - data[4 * i + k]!));
          });
        });
        expect(data.every((value, i) => i % 4 !== 3 || value === 255)).toBe(true);
        expect(worst).toBeLessThan(0.6);
      }
    },
  );

  test.each(['RGBX', 'BGRX'] as const)('%s, to the bit', async (format) => {
    const size = { width: 90, height: 50 };
    const to = { width: 32, height: 20 };
    const colours = [0, 1, 2].map(() => plane(size.width, size.height));
    const order = format === 'RGBX' ? [0, 1, 2] : [2, 1, 0];
    const bytes = Array.from({ length: size.width * size.height }, (_, i) => [
      ...order.map((k) => colours[k]![i]!),
      255,
    ]).flat();
    const frame = new VideoFrame(Uint8Array.from(bytes), {
      ...{ format, timestamp: 0, codedWidth: size.width, codedHeight: size.height },
    });
    const image = { frame, rotation: 0, isMirrored: false, ...size } as const;
    const { data } = await read(readers('stretch'), to, image);
    const expected = colours.map((values) => scaled(values, size, to));
    const found = [0, 1, 2].map((k) => data.filter((_, i) => i % 4 === k));
    expect(found.map((values) => [...values])).toEqual(expected.map((values) => [...values]));
  });
});

test('taps cover every pixel once, by weights of one sum', () => {
  for (let round = 0; round < 300; round++) {
    const [from, to] = [integer(1, 400), integer(1, 400)];
    const taps = scaleTaps(from, to, 128);
    const shares = new Float64Array(from);
    for (const { start, weights } of taps) {
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      if (total !== 128 || Math.min(...weights) < 0 || start + weights.length > from)
        throw new Error(`${from} to ${to}: ${start}, ${weights}`);
      weights.forEach((weight, i) => {
        shares[start + i]! += weight / 128;
      });
    }
    const unfair = shares.map((share) => Math.abs(share - to / from));
    if (from >= to) expect(Math.max(...unfair)).toBeLessThan(0.02);
  }
});

test('whatever the rotation, the picture is upright, mirrored or not, and the same as the browser draws', async () => {
  const size = { width: 80, height: 80 };
  const plain = createFrameReader(PLAIN_INPUT, size);
  const upright = codedFrame(0);
  const taken = await plain.take(upright);
  upright.frame.close();
  const { values: expected } = taken.read();
  for (const rotation of [0, 90, 180, 270] as const) {
    for (const isMirrored of [false, true]) {
      const { data, placement } = await read(readers(), size, codedFrame(rotation, isMirrored));
      expect(placement).toEqual(taken.placement);
      const found = data.filter((_, i) => i % 4 !== 3);
      const worst = expected.reduce(
        (most, value, i) => Math.max(most, Math.abs(value - found[i]!)),
        0,
      );
      expect(worst).toBeLessThan(4);
    }
  }
});

test('a picture stays where it was read while its arena grows', async () => {
  const arena = new Arena();
  const size = { width: 96, height: 64 };
  const reader = readers('letterbox', arena)(size);
  const image = codedFrame(0);
  const taken = await reader.take(image);
  image.frame.close();
  const { values } = taken.read();
  const before = values.data.slice();
  arena.allocate(1 << 20);
  expect(before.length).toBe(4 * size.width * size.height);
  expect(values.data).toEqual(before);
});

test('of frames of other sizes and rotations nothing is left around one', async () => {
  const size = { width: 96, height: 64 };
  const [create, fresh] = [readers(), readers()];
  const one = create(size);
  for (const [rotation, width, height] of [
    [0, 192, 64],
    [0, 192, 128],
    // The same scale, and less of the picture.
    [0, 192, 100],
    [90, 64, 192],
    [0, 64, 192],
    [0, 192, 100],
    [0, 192, 100],
  ] as const) {
    const image = { ...codedFrame(rotation), width, height };
    const expected = await read(fresh, size, { ...image, frame: image.frame.clone() });
    const taken = await one.take(image);
    image.frame.close();
    const { values, pixels } = taken.read();
    expect(values.data).toEqual(expected.data);
    expect((await pixels()).data).toEqual(expected.data);
  }
});

test('several input scales copy a frame once, and a frame of before is known again', async () => {
  const create = readers();
  const scales = [create({ width: 96, height: 64 }), create({ width: 48, height: 32 })];
  let copies = 0;
  const take = async (image: DecodedImage) => {
    const { frame } = image;
    const copyTo = frame.copyTo.bind(frame);
    Object.assign(frame, {
      copyTo: (...given: Parameters<typeof copyTo>) => {
        copies++;
        return copyTo(...given);
      },
    });
    const taken = await Promise.all(scales.map((reader) => reader.take(image)));
    frame.close();
    return taken.map((one) => one.read().unchanged);
  };
  expect(await take(codedFrame(0))).toEqual([false, false]);
  expect(copies).toBe(1);
  expect(await take(codedFrame(0))).toEqual([true, true]);
  expect(await take(codedFrame(180))).toEqual([false, false]);
  expect(await take({ ...codedFrame(0), width: 320, height: 192 })).toEqual([false, false]);
});
