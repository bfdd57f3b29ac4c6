/** The ways in which the convolution in 8-bit integers sums its products, in the registers of a tile. */
import {
  assign,
  type Code,
  constant,
  get,
  shuffle,
  V128,
  VECTOR_BYTES,
  vector,
  vectorAt,
} from '../wasm-writer.ts';

/**
 * How four products are summed; all ways give the same sums, exactly. With relaxed SIMD, `dot`: by the one instruction for
 * it, one processor instruction where there is AVX-VNNI or ARM's dot product; `pairs`: by way of 16-bit sums of two products
 * each, two of which are added before they are widened: the fastest on processors that have neither. Without, as in WebKit:
 * `words`: weights and activations are widened to 16 bits first, for the instruction that multiplies and adds those, which
 * Intel's processors have; `products`: 16-bit products, four of which are added before they are widened, which takes fewer
 * instructions of ARM's.
 */
export type SumKind = 'dot' | 'pairs' | 'words' | 'products';

/** Ways of summing by what they need of a browser, and the module that has them. */
export const SUM_KINDS = {
  relaxed: ['dot', 'pairs'],
  plain: ['words', 'products'],
} as const satisfies Record<string, readonly SumKind[]>;

/**
 * Greatest magnitude of a weight that may stand beside any others: four products of it with 127 still fit into 16 bits, so that
 * no intermediate result of any kind saturates, which the standard leaves open, or overflows. In a window of one pixel it may be up to 127 beside
 * smaller ones (src/detect/int8-graph.ts).
 */
export const MOST_WEIGHT = 64;
/** Channels of the result that a tile computes. */
export const PANEL_CHANNELS = 8;
/** Channels of a pixel that one step multiplies. */
export const GROUP_CHANNELS = 4;
/** Bytes of weights of a step. */
export const STEP_BYTES = PANEL_CHANNELS * GROUP_CHANNELS;
/** Steps along the depth written out in a row: an even number. Four at most: so many products fit into 16 bits together. */
export const UNROLLED = 4;

const HALVES = [0, 1] as const;

/** What a way of summing adds to a tile. */
export interface Summing {
  /** Pixels of a tile at most: the sums and what they are made of fit into the processor's sixteen registers. */
  readonly pixels: number;
  /** Names of its vectors beside the sums `sum{pixel}_{half}` and `value`, in a tile of so many pixels. */
  locals(pixels: number): string[];
  /** Before the first step. Sums begin as the biases, whose address is `table`. */
  begin(tile: TileLocals): Code;
  /** So many steps; addresses are not moved. */
  steps(tile: TileLocals, count: number): Code;
  /** After the last step each sum is that of four channels of the result. */
  end(tile: TileLocals): Code;
}

/** Locals of a tile. */
export interface TileLocals {
  readonly pixels: number;
  /** Addresses. */
  readonly weights: number;
  readonly table: number;
  /** Address of a pixel's activations. */
  at(pixel: number): number;
  /** A vector by its name. */
  vector(name: string): number;
}

const eachPixel = ({ pixels }: TileLocals, code: (pixel: number) => Code): Code =>
  Array.from({ length: pixels }, (_, pixel) => code(pixel)).flat();
const eachSum = (tile: TileLocals, code: (sum: number, pixel: number, half: 0 | 1) => Code): Code =>
  eachPixel(tile, (pixel) =>
    HALVES.flatMap((half) => code(tile.vector(`sum${pixel}_${half}`), pixel, half)),
  );
const bias = ({ table }: TileLocals, half: 0 | 1): Code =>
  vectorAt('v128.load', VECTOR_BYTES * half, get(table));
const addTo = (sum: number, ...values: Code[]): Code =>
  values.flatMap((value) => assign(sum, vector('i32x4.add', value, get(sum))));
const inRow = (count: number, code: (step: number) => Code): Code =>
  Array.from({ length: count }, (_, step) => code(step)).flat();
/** Four activations of a pixel, four times. */
const activations = (tile: TileLocals, pixel: number, step: number): Code =>
  vectorAt('v128.load32_splat', GROUP_CHANNELS * step, get(tile.at(pixel)));
/** Four weights of each of four channels. */
const weights = (tile: TileLocals, step: number, half: 0 | 1): Code =>
  vectorAt('v128.load', STEP_BYTES * step + VECTOR_BYTES * half, get(tile.weights));

const beginWithBiases = (tile: TileLocals): Code =>
  eachSum(tile, (sum, _, half) => assign(sum, bias(tile, half)));

const dot: Summing = {
  pixels: 6,
  locals: () => ['weight0', 'weight1'],
  begin: beginWithBiases,
  steps: (tile, count) =>
    inRow(count, (step) => [
      ...HALVES.flatMap((half) => assign(tile.vector(`weight${half}`), weights(tile, step, half))),
      ...eachPixel(tile, (pixel) => [
        ...assign(tile.vector('value'), activations(tile, pixel, step)),
        ...HALVES.flatMap((half) => {
          const sum = tile.vector(`sum${pixel}_${half}`);
          const operands = [`weight${half}`, 'value'].map((name) => get(tile.vector(name)));
          return assign(sum, vector('i32x4.relaxed_dot_i8x16_i7x16_add_s', ...operands, get(sum)));
        }),
      ]),
    ]),
  end: () => [],
};

const pairs: Summing = {
  pixels: 4,
  locals: () => ['other', 'ones', 'weight0', 'weight1', 'next0', 'next1'],
  begin: (tile) => [
    ...beginWithBiases(tile),
    ...assign(tile.vector('ones'), vector('i16x8.splat', constant(1))),
  ],
  steps(tile, count) {
    const products = (weight: string, value: string): Code =>
      vector('i16x8.relaxed_dot_i8x16_i7x16_s', get(tile.vector(weight)), get(tile.vector(value)));
    const widened = (sums: Code): Code =>
      vector('i32x4.dot_i16x8_s', sums, get(tile.vector('ones')));
    const some = (step: number, isTwo: boolean): Code => [
      ...HALVES.flatMap((half) => [
        ...assign(tile.vector(`weight${half}`), weights(tile, step, half)),
        ...(isTwo ? assign(tile.vector(`next${half}`), weights(tile, step + 1, half)) : []),
      ]),
      ...eachPixel(tile, (pixel) => [
        ...assign(tile.vector('value'), activations(tile, pixel, step)),
        ...(isTwo ? assign(tile.vector('other'), activations(tile, pixel, step + 1)) : []),
        ...HALVES.flatMap((half) => {
          const two = products(`weight${half}`, 'value');
          const four = isTwo ? vector('i16x8.add', two, products(`next${half}`, 'other')) : two;
          return addTo(tile.vector(`sum${pixel}_${half}`), widened(four));
        }),
      ]),
    ];
    return inRow(count, (step) => {
      if (count === 1) return some(step, false);
      return step % 2 === 0 ? some(step, true) : [];
    });
  },
  end: () => [],
};

/** The words of two vectors at even places, or at odd ones. */
const EVEN = [0, 8, 16, 24].flatMap((word) => [0, 1, 2, 3].map((byte) => word + byte));
const ODD = EVEN.map((byte) => byte + 4);

/**
 * What `words` and `products` share: of the four channels of a half the first two have their sums in one vector, the others in
 * another, each channel's in two words, which are added at the end.
 */
const wide = {
  pixels: 2,
  begin: (tile: TileLocals): Code =>
    eachSum(tile, (sum, pixel, half) => {
      const zero = vector('i32x4.splat', constant(0));
      return [...assign(sum, zero), ...assign(tile.vector(`high${pixel}_${half}`), zero)];
    }),
  end: (tile: TileLocals): Code =>
    eachSum(tile, (sum, pixel, half) => {
      const both = [get(sum), get(tile.vector(`high${pixel}_${half}`))] as const;
      const sums = vector('i32x4.add', shuffle(EVEN, ...both), shuffle(ODD, ...both));
      return assign(sum, vector('i32x4.add', sums, bias(tile, half)));
    }),
};
const names = (pixels: number, ...kinds: readonly string[]): string[] =>
  kinds.flatMap((kind) =>
    Array.from({ length: pixels }, (_, pixel) =>
      HALVES.map((half) => `${kind}${pixel}_${half}`),
    ).flat(),
  );
const WIDE_WEIGHTS = ['weight0', 'weight1', 'weight2', 'weight3'];

/** The weights of a step and, pixel by pixel, its activations, all widened to 16 bits. */
const widenedStep = (tile: TileLocals, step: number, code: (pixel: number) => Code): Code => [
  ...WIDE_WEIGHTS.flatMap((name, quarter) =>
    assign(
      tile.vector(name),
      vectorAt('i16x8.load8x8_s', STEP_BYTES * step + 8 * quarter, get(tile.weights)),
    ),
  ),
  ...eachPixel(tile, (pixel) => [
    ...assign(
      tile.vector('value'),
      vector('i16x8.extend_low_i8x16_s', activations(tile, pixel, step)),
    ),
    ...code(pixel),
  ]),
];
const weightOf = (half: number, part: number) => `weight${2 * half + part}`;

const words: Summing = {
  ...wide,
  locals: (pixels) => [...WIDE_WEIGHTS, ...names(pixels, 'high')],
  steps: (tile, count) =>
    inRow(count, (step) =>
      widenedStep(tile, step, (pixel) =>
        HALVES.flatMap((half) =>
          ['sum', 'high'].flatMap((kind, part) =>
            addTo(
              tile.vector(`${kind}${pixel}_${half}`),
              vector(
                'i32x4.dot_i16x8_s',
                get(tile.vector(weightOf(half, part))),
                get(tile.vector('value')),
              ),
            ),
          ),
        ),
      ),
    ),
};

const products: Summing = {
  ...wide,
  locals: (pixels) => [...WIDE_WEIGHTS, ...names(pixels, 'high', 'part_sum', 'part_high')],
  steps: (tile, count) => [
    ...inRow(count, (step) =>
      widenedStep(tile, step, (pixel) =>
        HALVES.flatMap((half) =>
          ['sum', 'high'].flatMap((kind, part) => {
            const some = tile.vector(`part_${kind}${pixel}_${half}`);
            const product = vector(
              'i16x8.mul',
              get(tile.vector(weightOf(half, part))),
              get(tile.vector('value')),
            );
            return assign(some, step === 0 ? product : vector('i16x8.add', product, get(some)));
          }),
        ),
      ),
    ),
    ...eachSum(tile, (_sum, pixel, half) =>
      ['sum', 'high'].flatMap((kind) =>
        addTo(
          tile.vector(`${kind}${pixel}_${half}`),
          vector('i32x4.extadd_pairwise_i16x8_s', get(tile.vector(`part_${kind}${pixel}_${half}`))),
        ),
      ),
    ),
  ],
};

/** Each way of summing. */
export const SUMMING: Record<SumKind, Summing> = { dot, pairs, words, products };

/** Types of the vectors that a way of summing takes in a tile of so many pixels, by name. */
export function vectorLocals(kind: SumKind, pixels: number): Record<string, number> {
  const all = [...SUMMING[kind].locals(pixels), ...names(pixels, 'sum')];
  return Object.fromEntries(all.map((name) => [name, V128]));
}
