import {
  advance,
  advanceBy,
  assign,
  type Code,
  call,
  constant,
  either,
  F32,
  ge,
  get,
  I32,
  loadFloat,
  lt,
  namedFunction,
  product,
  repeat,
  storeFloat,
  subtract,
  sum,
  V128,
  VECTOR_BYTES,
  vector,
  vectorAt,
  type WasmFunction,
  whileTrue,
  writeModule,
} from './wasm-writer.ts';

/** Columns of a tile: two vectors. */
export const TILE_COLUMNS = 8;
/** Pixels of a tile at most: with 8 columns twelve sums, which fit into the processor's sixteen registers. */
export const TILE_PIXELS = 6;
/** Numbers of the input that stay in the processor's near caches while all columns are computed. */
export const BLOCK_NUMBERS = 16_384;
/** Steps along the depth written out in a row. */
const UNROLLED = 4;
/** Bytes of a number, and of a row of a tile. */
const NUMBER = 4;
const ROW = NUMBER * TILE_COLUMNS;

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
 * Weights and biases as {@link Convolve} takes them in `b`.
 * @param weights [number of a pixel][column]
 * @param rows numbers of a pixel
 * @param columns how many
 */
export function packColumns(
  weights: ArrayLike<number>,
  biases: ArrayLike<number>,
  rows: number,
  columns: number,
): Float32Array {
  const panels = Math.ceil(columns / TILE_COLUMNS);
  const packed = new Float32Array(panels * (rows + 1) * TILE_COLUMNS);
  for (let column = 0; column < columns; column++) {
    const panel = Math.floor(column / TILE_COLUMNS) * (rows + 1) * TILE_COLUMNS;
    const at = panel + (column % TILE_COLUMNS);
    packed[at] = biases[column]!;
    for (let row = 0; row < rows; row++)
      packed[at + (row + 1) * TILE_COLUMNS] = weights[row * columns + column]!;
  }
  return packed;
}

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

/** Order and types of a tile's parameters. */
const TILE = {
  ...{ a: I32, aPixel: I32, skip: I32, segments: I32, depth: I32, b: I32, c: I32, cPixel: I32 },
  ...{ slope: V128, high: V128 },
} as const;

/** A tile of so many pixels. */
function tile(pixels: number): WasmFunction {
  const each = Array.from({ length: pixels }, (_, i) => i);
  const locals: Record<
    'left' | 'weight0' | 'weight1' | 'value' | `at${number}` | `sum${number}_${number}`,
    number
  > = {
    left: I32,
    ...Object.fromEntries(each.map((i) => [`at${i}`, I32])),
    ...Object.fromEntries(each.flatMap((i) => [0, 1].map((half) => [`sum${i}_${half}`, V128]))),
    ...{ weight0: V128, weight1: V128, value: V128 },
  };
  return namedFunction(TILE, locals, ($) => {
    const at = (pixel: number) => $[`at${pixel}`]!;
    const total = (pixel: number, half: number) => $[`sum${pixel}_${half}`]!;
    const halves = [
      [0, $.weight0],
      [1, $.weight1],
    ] as const;
    const eachPixel = (code: (pixel: number) => Code): Code => each.flatMap(code);

    const step = (i: number): Code => [
      ...halves.flatMap(([half, weight]) =>
        assign(weight, vectorAt('v128.load', ROW * i + VECTOR_BYTES * half, get($.b))),
      ),
      ...eachPixel((pixel) => [
        ...assign($.value, vectorAt('v128.load32_splat', NUMBER * i, get(at(pixel)))),
        ...halves.flatMap(([half, weight]) => {
          const sums = total(pixel, half);
          return assign(
            sums,
            vector('f32x4.relaxed_madd', ...[get($.value), get(weight), get(sums)]),
          );
        }),
      ]),
    ];
    const steps = (unrolled: number): Code =>
      whileTrue(
        [...get($.left), ...constant(unrolled), ...ge],
        [
          ...Array.from({ length: unrolled }, (_, i) => step(i)).flat(),
          ...eachPixel((pixel) => advance(at(pixel), NUMBER * unrolled)),
          ...advance($.b, ROW * unrolled),
          ...advance($.left, -unrolled),
        ],
      );

    return [
      ...eachPixel((pixel) => [
        ...assign(at(pixel), pixel === 0 ? get($.a) : sum(get(at(pixel - 1)), get($.aPixel))),
        ...halves.flatMap(([half]) =>
          assign(total(pixel, half), vectorAt('v128.load', VECTOR_BYTES * half, get($.b))),
        ),
      ]),
      ...advance($.b, ROW),
      ...repeat($.segments, [
        ...assign($.left, get($.depth)),
        ...[...steps(UNROLLED), ...steps(1)],
        ...eachPixel((pixel) => advanceBy(at(pixel), get($.skip))),
      ]),
      ...eachPixel((pixel) => [
        ...halves.flatMap(([half]) => {
          const sums = get(total(pixel, half));
          const bent = vector('f32x4.pmax', sums, vector('f32x4.mul', sums, get($.slope)));
          const cut = vector('f32x4.pmin', bent, get($.high));
          return vectorAt('v128.store', VECTOR_BYTES * half, get($.c), cut);
        }),
        ...advanceBy($.c, get($.cPixel)),
      ]),
    ];
  });
}

/** The loops over lines, columns and tiles; the tile of n pixels is function n - 1. */
function convolve(): WasmFunction {
  return namedFunction(
    {
      ...{ a: I32, aLine: I32, aPixel: I32, aSegment: I32, segments: I32, depth: I32, b: I32 },
      ...{ c: I32, cLine: I32, cPixel: I32, lines: I32, pixels: I32, columns: I32 },
      ...{ slope: F32, high: F32, scratch: I32 },
    },
    {
      ...{ column: I32, pixel: I32, weights: I32, wide: I32, skip: I32, taken: I32, row: I32 },
      ...{ lane: I32, slopes: V128, highs: V128 },
    },
    ($) => {
      const numbers = (count: Code): Code => product(count, constant(NUMBER));
      const runTile = (size: number, target: Code, stride: Code): Code => [
        ...sum(get($.a), product(get($.pixel), get($.aPixel))),
        ...[$.aPixel, $.skip, $.segments, $.depth, $.weights].flatMap(get),
        ...[...target, ...stride, ...get($.slopes), ...get($.highs), ...call(size - 1)],
      ];
      /** @param pixel of the line */
      const place = (pixel: Code): Code =>
        sum(get($.c), product(pixel, get($.cPixel)), numbers(get($.column)));
      const columnsLeft = [...get($.columns), ...get($.column), ...subtract];
      const copyOut = (size: number): Code => [
        ...assign($.row, constant(0)),
        ...whileTrue(
          [...get($.row), ...constant(size), ...lt],
          [
            ...assign($.lane, constant(0)),
            ...whileTrue(
              [...get($.lane), ...columnsLeft, ...lt],
              [
                ...sum(place(sum(get($.pixel), get($.row))), numbers(get($.lane))),
                ...sum(get($.scratch), product(get($.row), constant(ROW)), numbers(get($.lane))),
                ...[...loadFloat, ...storeFloat, ...advance($.lane, 1)],
              ],
            ),
            ...advance($.row, 1),
          ],
        ),
      ];
      const wholeOrPart = (size: number): Code => [
        ...either(
          [...columnsLeft, ...constant(TILE_COLUMNS), ...ge],
          runTile(size, place(get($.pixel)), get($.cPixel)),
          [...runTile(size, get($.scratch), constant(ROW)), ...copyOut(size)],
        ),
        ...assign($.taken, constant(size)),
      ];
      /** The largest tile that the pixels left fill. */
      const largest = (size: number): Code =>
        size === 1
          ? wholeOrPart(1)
          : either(
              [...get($.pixels), ...get($.pixel), ...subtract, ...constant(size), ...ge],
              wholeOrPart(size),
              largest(size - 1),
            );
      const rows = sum(product(get($.segments), get($.depth)), constant(1));
      return [
        ...assign($.slopes, vector('f32x4.splat', get($.slope))),
        ...assign($.highs, vector('f32x4.splat', get($.high))),
        ...assign($.skip, [...get($.aSegment), ...numbers(get($.depth)), ...subtract]),
        ...assign($.wide, product(rows, constant(ROW))),
        ...repeat($.lines, [
          ...assign($.column, constant(0)),
          ...assign($.weights, get($.b)),
          ...whileTrue(
            [...get($.column), ...get($.columns), ...lt],
            [
              ...assign($.pixel, constant(0)),
              ...whileTrue(
                [...get($.pixel), ...get($.pixels), ...lt],
                [...largest(TILE_PIXELS), ...advanceBy($.pixel, get($.taken))],
              ),
              ...advanceBy($.weights, get($.wide)),
              ...advance($.column, TILE_COLUMNS),
            ],
          ),
          ...advanceBy($.a, get($.aLine)),
          ...advanceBy($.c, get($.cLine)),
        ]),
      ];
    },
  );
}
