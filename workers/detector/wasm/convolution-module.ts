import {
  add,
  advance,
  type Code,
  call,
  constant,
  either,
  F32,
  ge,
  get,
  I32,
  loadFloat,
  loadSplat,
  loadVector,
  lt,
  multiply,
  multiplyAdd,
  multiplyVectors,
  pmax,
  pmin,
  set,
  splat,
  storeFloat,
  storeVector,
  subtract,
  V128,
  type WasmFunction,
  whileTrue,
  writeModule,
} from './wasm-writer.ts';

/** Columns of a tile: two vectors. */
export const TILE_COLUMNS = 8;
/** Pixels of a tile at most: with 8 columns twelve sums, which fit into the processor's sixteen registers. */
export const TILE_PIXELS = 6;
/** Steps along the depth written out in a row. */
const UNROLLED = 4;
/** Bytes of a number, and of a row of a tile. */
const NUMBER = 4;
const ROW = NUMBER * TILE_COLUMNS;
const VECTOR = 16;

/**
 * Sums of products for pixels side by side, all in bytes of memory. A pixel's numbers lie in `segments` stretches of
 * `depth` numbers: one for a 1 x 1 convolution, and one a row of the kernel else, where a row's pixels lie side by side.
 * @param a first number of the first pixel of the first line
 * @param aLine from line to line
 * @param aPixel from pixel to pixel
 * @param aSegment from stretch to stretch
 * @param b packed weights: for every 8 columns a row of biases, then a row for each number of a pixel
 * @param c first number of the result
 * @param lines how many
 * @param pixels of a line
 * @param columns how many
 * @param slope what negative sums are multiplied with, 0 to 1
 * @param high the largest result
 * @param scratch room for a tile, for columns that are not a multiple of 8
 */
export type Convolve = (
  a: number,
  aLine: number,
  aPixel: number,
  aSegment: number,
  segments: number,
  depth: number,
  b: number,
  c: number,
  cLine: number,
  cPixel: number,
  lines: number,
  pixels: number,
  columns: number,
  slope: number,
  high: number,
  scratch: number,
) => void;

/**
 * The bytes of a module whose one export `convolve` is a {@link Convolve} on the memory it is given. It is tiled as
 * matrix products usually are (Goto, van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008): a tile's
 * sums stay in registers, and each step multiplies a number of each pixel with a row of weights and adds, in one
 * instruction of relaxed SIMD.
 */
export function convolutionModule(): Uint8Array<ArrayBuffer> {
  const functions = convolutionFunctions();
  return writeModule(functions, { convolve: functions.length - 1 });
}

/** The functions of {@link Convolve}, it last; they must be a module's first. */
export function convolutionFunctions(): WasmFunction[] {
  return [...Array.from({ length: TILE_PIXELS }, (_, i) => tile(i + 1)), convolve()];
}

const TILE_PARAMETERS = [I32, I32, I32, I32, I32, I32, I32, I32, V128, V128];

/** A tile of so many pixels. */
function tile(pixels: number): WasmFunction {
  const [a, aPixel, skip, segments, depth, b, c, cPixel, slope, high] = count(0);
  const left = TILE_PARAMETERS.length;
  const at = left + 1;
  const sums = at + pixels;
  const weights = sums + 2 * pixels;
  const value = weights + 2;
  const eachPixel = (code: (pixel: number) => Code): Code =>
    Array.from({ length: pixels }, (_, pixel) => code(pixel)).flat();
  const eachHalf = (code: (half: number) => Code): Code => [...code(0), ...code(1)];

  const step = (i: number): Code => [
    ...eachHalf((half) => [
      ...get(b),
      ...loadVector(ROW * i + VECTOR * half),
      ...set(weights + half),
    ]),
    ...eachPixel((pixel) => [
      ...[...get(at + pixel), ...loadSplat(NUMBER * i), ...set(value)],
      ...eachHalf((half) => {
        const sum = sums + 2 * pixel + half;
        return [...get(value), ...get(weights + half), ...get(sum), ...multiplyAdd, ...set(sum)];
      }),
    ]),
  ];
  const steps = (unrolled: number): Code =>
    whileTrue(
      [...get(left), ...constant(unrolled), ...ge],
      [
        ...Array.from({ length: unrolled }, (_, i) => step(i)).flat(),
        ...eachPixel((pixel) => advance(at + pixel, NUMBER * unrolled)),
        ...advance(b, ROW * unrolled),
        ...advance(left, -unrolled),
      ],
    );

  return {
    parameters: TILE_PARAMETERS,
    locals: [...Array<number>(1 + pixels).fill(I32), ...Array<number>(2 * pixels + 3).fill(V128)],
    code: [
      ...eachPixel((pixel) => [
        ...(pixel === 0 ? get(a) : [...get(at + pixel - 1), ...get(aPixel), ...add]),
        ...set(at + pixel),
        ...eachHalf((half) => [
          ...get(b),
          ...loadVector(VECTOR * half),
          ...set(sums + 2 * pixel + half),
        ]),
      ]),
      ...advance(b, ROW),
      ...whileTrue(get(segments), [
        ...[...get(depth), ...set(left)],
        ...[...steps(UNROLLED), ...steps(1)],
        ...eachPixel((pixel) => [...get(at + pixel), ...get(skip), ...add, ...set(at + pixel)]),
        ...advance(segments, -1),
      ]),
      ...eachPixel((pixel) => [
        ...eachHalf((half) => {
          const sum = get(sums + 2 * pixel + half);
          return [
            ...[...get(c), ...sum, ...sum, ...get(slope), ...multiplyVectors],
            ...[...pmax, ...get(high), ...pmin, ...storeVector(VECTOR * half)],
          ];
        }),
        ...[...get(c), ...get(cPixel), ...add, ...set(c)],
      ]),
    ],
  };
}

/** The loops over lines, columns and tiles; the tile of n pixels is function n - 1. */
function convolve(): WasmFunction {
  const parameters = [...Array<number>(13).fill(I32), F32, F32, I32];
  const [a, aLine, aPixel, aSegment, segments, depth, b, c, cLine, cPixel] = count(0);
  const [lines, pixels, columns, slope, high, scratch] = count(10);
  const [column, pixel, weights, wide, skip, taken, row, lane] = count(parameters.length);
  const [slopes, highs] = count(parameters.length + 8);

  const runTile = (size: number, target: Code, stride: Code): Code => [
    ...[...get(a), ...get(pixel), ...get(aPixel), ...multiply, ...add],
    ...[...get(aPixel), ...get(skip), ...get(segments), ...get(depth), ...get(weights)],
    ...[...target, ...stride, ...get(slopes), ...get(highs), ...call(size - 1)],
  ];
  const place = (inTile: Code): Code => [
    ...[...get(c), ...get(pixel), ...inTile, ...get(cPixel), ...multiply, ...add],
    ...[...get(column), ...constant(NUMBER), ...multiply, ...add],
  ];
  const copyOut = (size: number): Code => [
    ...[...constant(0), ...set(row)],
    ...whileTrue(
      [...get(row), ...constant(size), ...lt],
      [
        ...[...constant(0), ...set(lane)],
        ...whileTrue(
          [...get(lane), ...get(columns), ...get(column), ...subtract, ...lt],
          [
            ...[...place([...get(row), ...add]), ...get(lane), ...constant(NUMBER), ...multiply],
            ...[...add, ...get(scratch), ...get(row), ...constant(ROW), ...multiply, ...add],
            ...[...get(lane), ...constant(NUMBER), ...multiply, ...add, ...loadFloat],
            ...[...storeFloat, ...advance(lane, 1)],
          ],
        ),
        ...advance(row, 1),
      ],
    ),
  ];
  const wholeOrPart = (size: number): Code => [
    ...either(
      [...get(columns), ...get(column), ...subtract, ...constant(TILE_COLUMNS), ...ge],
      runTile(size, place([]), get(cPixel)),
      [...runTile(size, get(scratch), constant(ROW)), ...copyOut(size)],
    ),
    ...[...constant(size), ...set(taken)],
  ];
  /** The largest tile that the pixels left fill. */
  const largest = (size: number): Code =>
    size === 1
      ? wholeOrPart(1)
      : either(
          [...get(pixels), ...get(pixel), ...subtract, ...constant(size), ...ge],
          wholeOrPart(size),
          largest(size - 1),
        );

  return {
    parameters,
    locals: [...Array<number>(8).fill(I32), V128, V128],
    code: [
      ...[...get(slope), ...splat, ...set(slopes), ...get(high), ...splat, ...set(highs)],
      ...[
        ...get(aSegment),
        ...get(depth),
        ...constant(NUMBER),
        ...multiply,
        ...subtract,
        ...set(skip),
      ],
      ...[...get(segments), ...get(depth), ...multiply, ...constant(1), ...add],
      ...[...constant(ROW), ...multiply, ...set(wide)],
      ...whileTrue(get(lines), [
        ...[...constant(0), ...set(column), ...get(b), ...set(weights)],
        ...whileTrue(
          [...get(column), ...get(columns), ...lt],
          [
            ...[...constant(0), ...set(pixel)],
            ...whileTrue(
              [...get(pixel), ...get(pixels), ...lt],
              [...largest(TILE_PIXELS), ...get(pixel), ...get(taken), ...add, ...set(pixel)],
            ),
            ...[...get(weights), ...get(wide), ...add, ...set(weights)],
            ...advance(column, TILE_COLUMNS),
          ],
        ),
        ...[...get(a), ...get(aLine), ...add, ...set(a)],
        ...[...get(c), ...get(cLine), ...add, ...set(c)],
        ...advance(lines, -1),
      ]),
    ],
  };
}

/** Numbers of locals from one on, to be named. */
function count(
  from: number,
): number[] & [number, number, number, number, number, number, number, number, number, number] {
  return Array.from({ length: 10 }, (_, i) => from + i) as ReturnType<typeof count>;
}
