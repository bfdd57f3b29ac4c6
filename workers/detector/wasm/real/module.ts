import { type Convolve, convolutionFunctions } from '../convolution-module.ts';
import { writeModule } from '../wasm-writer.ts';
import { type Combine, combine, type SumLine, sumLine } from './maps.ts';
import { type Depthwise, depthwise, type MaxPool, maxPool } from './windows.ts';

/** Kernels in single precision, on the memory that they were instantiated with. */
export interface RealKernels {
  readonly convolve: Convolve;
  readonly depthwise: Depthwise;
  readonly maxPool: MaxPool;
  readonly combine: Combine;
  readonly sumLine: SumLine;
  readonly sumSquares: SumLine;
}

/** The bytes of a module that exports {@link RealKernels} on the memory it is given; it takes a browser with relaxed SIMD. */
export function realModule(): Uint8Array<ArrayBuffer> {
  const convolving = convolutionFunctions();
  const others = {
    ...{ depthwise: depthwise(), maxPool: maxPool(), combine: combine() },
    ...{ sumLine: sumLine(1), sumSquares: sumLine(2) },
  };
  const first = convolving.length;
  return writeModule([...convolving, ...Object.values(others)], {
    convolve: first - 1,
    ...Object.fromEntries(Object.keys(others).map((name, i) => [name, first + i])),
  });
}
