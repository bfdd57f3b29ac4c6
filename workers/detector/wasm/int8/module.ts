import { writeModule } from '../wasm-writer.ts';
import { type Convolve, convolution, type SumKind } from './convolution.ts';
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
const CONVOLVE: Record<SumKind, string> = { dot: 'convolveDot', pairs: 'convolvePairs' };

/** The bytes of a module that exports {@link Int8Kernels} on the memory it is given, the convolution in either way of summing. */
export function int8Module(): Uint8Array<ArrayBuffer> {
  const byDot = convolution('dot', 0);
  const byPairs = convolution('pairs', byDot.length);
  const others = {
    ...{ depthwise: depthwise(), transformWeights: transformWeights() },
    ...{ spreadTiles: spreadTiles(), multiplyParts: multiplyParts(), gatherTiles: gatherTiles() },
    ...{ maxPool: maxPool(), averagePool: averagePool(), resizeLine: resizeLine() },
    ...{ addMaps: addMaps(), sumLines: sumLines(), scaleLine: scaleLine() },
    ...{ toColours: toColours(), joinColours: joinColours(), splitPairs: splitPairs() },
    ...{ splitFours: splitFours(), halveBytes: halveBytes() },
    sumDifferences: sumDifferences(),
  };
  const first = byDot.length + byPairs.length;
  return writeModule([...byDot, ...byPairs, ...Object.values(others)], {
    ...{ [CONVOLVE.dot]: byDot.length - 1, [CONVOLVE.pairs]: first - 1 },
    ...Object.fromEntries(Object.keys(others).map((name, i) => [name, first + i])),
  });
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
