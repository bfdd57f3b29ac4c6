import { type WasmFunction, writeModule } from '../wasm-writer.ts';
import { type Convolve, convolution } from './convolution.ts';
import { type Depthwise, depthwise } from './depthwise.ts';
import { type SumDifferences, sumDifferences } from './differences.ts';
import { type AddMaps, addMaps, type ResizeLine, resizeLine } from './maps.ts';
import { type MultiplyParts, multiplyParts } from './multiply-parts.ts';
import {
  type JoinColours,
  joinColours,
  type ScaleLine,
  type SumLines,
  scaleLine,
  sumLines,
  type ToColours,
  toColours,
} from './picture.ts';
import {
  type HalveBytes,
  halveBytes,
  type SplitFours,
  type SplitPairs,
  splitFours,
  splitPairs,
} from './planes.ts';
import { type AveragePool, averagePool, type MaxPool, maxPool } from './pool-maps.ts';
import { SUM_KINDS, type SumKind } from './sums.ts';
import { type GatherTiles, gatherTiles, type SpreadTiles, spreadTiles } from './winograd.ts';
import { type TransformWeights, transformWeights } from './winograd-weights.ts';

/** The kernels in 8-bit integers, on the memory that they were instantiated with. */
export interface Int8Kernels {
  readonly convolve: Convolve;
  readonly depthwise: Depthwise;
  readonly transformWeights: TransformWeights;
  readonly spreadTiles: SpreadTiles;
  readonly multiplyParts: MultiplyParts;
  readonly gatherTiles: GatherTiles;
  readonly maxPool: MaxPool;
  readonly averagePool: AveragePool;
  readonly resizeLine: ResizeLine;
  readonly addMaps: AddMaps;
  readonly sumLines: SumLines;
  readonly scaleLine: ScaleLine;
  readonly toColours: ToColours;
  readonly joinColours: JoinColours;
  readonly splitPairs: SplitPairs;
  readonly splitFours: SplitFours;
  readonly halveBytes: HalveBytes;
  readonly sumDifferences: SumDifferences;
}

/** Names that the module gives the convolution by how it sums. */
const CONVOLVE: Record<SumKind, string> = {
  ...{ dot: 'convolveDot', pairs: 'convolvePairs' },
  ...{ words: 'convolveWords', products: 'convolveProducts' },
};

/**
 * The bytes of a module that exports {@link Int8Kernels} on the memory it is given, the convolution in several ways of summing.
 * @param needs `relaxed`: a browser with relaxed SIMD; `plain`: one with SIMD
 */
export function int8Module(needs: keyof typeof SUM_KINDS): Uint8Array<ArrayBuffer> {
  const functions: WasmFunction[] = [];
  const exported: Record<string, number> = {};
  for (const kind of SUM_KINDS[needs]) {
    functions.push(...convolution(kind, functions.length));
    exported[CONVOLVE[kind]] = functions.length - 1;
  }
  const others = {
    ...{ depthwise: depthwise(), transformWeights: transformWeights() },
    ...{ spreadTiles: spreadTiles(), multiplyParts: multiplyParts(), gatherTiles: gatherTiles() },
    ...{ maxPool: maxPool(), averagePool: averagePool(), resizeLine: resizeLine() },
    ...{ addMaps: addMaps(), sumLines: sumLines(), scaleLine: scaleLine() },
    ...{ toColours: toColours(), joinColours: joinColours(), splitPairs: splitPairs() },
    ...{ splitFours: splitFours(), halveBytes: halveBytes() },
    sumDifferences: sumDifferences(),
  };
  for (const [name, one] of Object.entries(others)) exported[name] = functions.push(one) - 1;
  return writeModule(functions, exported);
}

/** The kernels as a device runs them fastest. */
export interface CompiledKernels {
  readonly module: WebAssembly.Module;
  /** How products are summed; the results are the same. */
  readonly sums: SumKind;
  /** Whether convolutions that can be are faster tile by tile; the results are the same. */
  readonly byWinograd: boolean;
}

/** The kernels on a memory. */
export function startKernels(
  { module, sums }: Omit<CompiledKernels, 'byWinograd'>,
  memory: WebAssembly.Memory,
): Int8Kernels {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return { ...exports, convolve: exports[CONVOLVE[sums]] } as unknown as Int8Kernels;
}
