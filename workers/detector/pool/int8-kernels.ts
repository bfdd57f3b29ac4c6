import { type CompiledKernels, type Int8Kernels, startKernels } from '../wasm/int8/module.ts';
import { TILE_GROUP } from '../wasm/int8/multiply-parts.ts';
import { writtenModule as plainModule } from '../wasm/int8/plain/written-module.ts';
import { MOST_WEIGHT, SUM_KINDS, type SumKind } from '../wasm/int8/sums.ts';
import { TILE_PARTS } from '../wasm/int8/winograd.ts';
import { writtenModule as relaxedModule } from '../wasm/int8/written-module.ts';

/** The kernels as this device runs them fastest, or why it cannot. */
export type Int8Offer = CompiledKernels | { readonly reason: string };

/** Modules by what they need of a browser, the faster first. */
const MODULES = [
  [relaxedModule, SUM_KINDS.relaxed],
  [plainModule, SUM_KINDS.plain],
] as const;
/** Long enough for the browser to replace its first, quick translation by its best. */
const MEASURING_MS = 45;

let offer: Promise<Int8Offer> | undefined;

/**
 * Compiles the kernels that this browser has the instructions for, tests those whose results the standard leaves open
 * outside a range that is kept here, and measures which way of summing is the fastest, and whether tiles are faster still. Done once a thread, for all
 * its jobs.
 */
export function int8Kernels(): Promise<Int8Offer> {
  offer ??= prepare();
  return offer;
}

async function prepare(): Promise<Int8Offer> {
  if (typeof WebAssembly === 'undefined') return { reason: 'this browser runs no WebAssembly' };
  let reason = 'this browser has no SIMD';
  for (const [written, kinds] of MODULES) {
    const bytes = written();
    if (!WebAssembly.validate(bytes)) continue;
    const fastest = measure(await WebAssembly.compile(bytes), kinds);
    if (fastest) return fastest;
    reason = 'this browser multiplies and adds whole numbers wrongly';
  }
  return { reason };
}

/** @returns nothing where a sum is wrong */
function measure(
  module: WebAssembly.Module,
  kinds: readonly SumKind[],
): CompiledKernels | undefined {
  const trials = kinds.map((sums) => new Trial(module, sums));
  const isExact = () => trials.every((trial) => trial.isExact());
  if (!isExact()) return undefined;
  const begin = performance.now();
  do {
    for (const trial of trials) trial.time(performance.now() - begin > MEASURING_MS / 2);
  } while (performance.now() - begin < MEASURING_MS);
  // Once more, now that the translation is another.
  if (!isExact()) return undefined;
  const { sums, best } = trials.reduce((one, other) => (other.best < one.best ? other : one));
  // The products of tiles are the same function in all.
  const byTiles = Math.min(...trials.map((trial) => trial.bestByTiles));
  return { module, sums, byWinograd: AROUND_TILES * byTiles < best };
}

/** Tiles are also spread and gathered, which takes about an eighth of the time of their products. */
const AROUND_TILES = 9 / 8;

const GROUPS = 36;
const PIXELS = 24;
/** A timed run takes most of a millisecond: browsers tell the time in steps of a tenth and more. */
const RUNS = 1000;
const [A, WEIGHTS, TABLE, C] = [1024, 8192, 16_384, 20_480];
/** Of the same work tile by tile: two groups of tiles of 64 channels. */
const [TILES, TILE_CHANNELS] = [2 * TILE_GROUP, 64];
const [PARTS, PART_WEIGHTS, PART_SUMS] = [24_576, 40_960, 57_344];
/** Products that a sum by tiles stands for: 36 for every 16. */
const RUNS_BY_TILES =
  (RUNS * PIXELS * 4 * GROUPS) / ((36 / 16) * TILE_PARTS * TILES * TILE_CHANNELS);

/** A line of convolutions on memory of its own, with known sums. */
class Trial {
  readonly sums: SumKind;
  readonly #memory = new WebAssembly.Memory({ initial: 1 });
  readonly #kernels: Int8Kernels;
  readonly #expected: Float32Array;
  /** Milliseconds of the fastest of its timed runs. */
  best = Number.POSITIVE_INFINITY;
  /** The same for as much work tile by tile, without what is around the products. */
  bestByTiles = Number.POSITIVE_INFINITY;

  constructor(module: WebAssembly.Module, sums: SumKind) {
    this.sums = sums;
    this.#kernels = startKernels({ module, sums }, this.#memory);
    const { buffer } = this.#memory;
    const activations = new Uint8Array(buffer, A, 4 * GROUPS * PIXELS);
    const weights = new Int8Array(buffer, WEIGHTS, 32 * GROUPS);
    // Everything from the least to the greatest, and a pixel of the greatest alone.
    activations.forEach((_, i) => {
      activations[i] = i < 4 * GROUPS ? 127 : (i * 37) % 128;
    });
    weights.forEach((_, i) => {
      weights[i] = ((i * 29) % 129) - 64;
      const step = Math.floor(i / 32);
      // The greatest beside their like, and the greatest of all beside small ones: as much as 16 bits hold, of either sign.
      const full = step % 2 === 0 ? 127 : 2;
      [-MOST_WEIGHT, MOST_WEIGHT, full, -full].forEach((weight, channel) => {
        if ((i % 32) >> 2 === channel) weights[i] = weight;
      });
    });
    new Float32Array(buffer, TABLE + 32, 8).fill(1);
    this.#expected = Float32Array.from({ length: 8 * PIXELS }, (_, i) => {
      let sum = 0;
      for (let depth = 0; depth < 4 * GROUPS; depth++) {
        const weight = weights[32 * (depth >> 2) + 4 * (i % 8) + (depth & 3)]!;
        sum += weight * activations[4 * GROUPS * (i >> 3) + depth]!;
      }
      return sum;
    });
  }

  /** Whether every sum is what it should be. */
  isExact(): boolean {
    this.#run();
    const found = new Float32Array(this.#memory.buffer, C, 8 * PIXELS);
    return this.#expected.every((sum, i) => sum === found[i]);
  }

  /** @param counts whether it is late enough to count */
  time(counts: boolean): void {
    const begin = performance.now();
    for (let run = 0; run < RUNS; run++) this.#run();
    const between = performance.now();
    for (let run = 0; run < RUNS_BY_TILES; run++) this.#runTiles();
    if (!counts) return;
    this.best = Math.min(this.best, between - begin);
    this.bestByTiles = Math.min(this.bestByTiles, performance.now() - between);
  }

  #runTiles(): void {
    const [vTile, mTile] = [2 * TILE_CHANNELS, 32];
    this.#kernels.multiplyParts(
      ...([PARTS, vTile * TILES, vTile, PART_WEIGHTS, PART_SUMS, mTile * TILES, mTile] as const),
      ...([TILES / TILE_GROUP, TILE_CHANNELS / 8, 1] as const),
    );
  }

  #run(): void {
    const pixel = 4 * GROUPS;
    this.#kernels.convolve(
      ...([A, 0, pixel, 1, 1, GROUPS, 0, 0] as const),
      ...([WEIGHTS, TABLE, C, 0, 32, 1, PIXELS, 1, 1, 0] as const),
    );
  }
}
