import { writeModule } from '../wasm-writer.ts';
import { type Convolve, convolution, type SumKind } from './convolution.ts';
import { type Depthwise, depthwise } from './depthwise.ts';
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

/** The kernels in 8-bit integers, on the memory that they were instantiated with. */
export interface Int8Kernels {
  readonly convolve: Convolve;
  readonly depthwise: Depthwise;
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
}

/**
 * The bytes of a module that exports {@link Int8Kernels} on the memory it is given.
 * @param kind how products are summed; the results are the same
 */
export function int8Module(kind: SumKind): Uint8Array<ArrayBuffer> {
  const convolving = convolution(kind, 0);
  const others = {
    depthwise: depthwise(),
    ...{ spreadTiles: spreadTiles(), multiplyParts: multiplyParts(), gatherTiles: gatherTiles() },
    ...{ maxPool: maxPool(), averagePool: averagePool(), resizeLine: resizeLine() },
    ...{ addMaps: addMaps(), sumLines: sumLines(), scaleLine: scaleLine() },
    ...{ toColours: toColours(), joinColours: joinColours(), splitPairs: splitPairs() },
    ...{ splitFours: splitFours(), halveBytes: halveBytes() },
  };
  const first = convolving.length;
  return writeModule([...convolving, ...Object.values(others)], {
    convolve: first - 1,
    ...Object.fromEntries(Object.keys(others).map((name, i) => [name, first + i])),
  });
}

/** The kernels as a device runs them fastest. */
export interface CompiledKernels {
  readonly module: WebAssembly.Module;
  /** Whether convolutions that can be are faster tile by tile; the results are the same. */
  readonly byWinograd: boolean;
}

/** The kernels on a memory. */
export function startKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): Int8Kernels {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return exports as unknown as Int8Kernels;
}
