import { type Convolve, convolutionFunctions } from '../convolution-module.ts';
import { writeModule } from '../wasm-writer.ts';
import {
  type Combine,
  combine,
  type SumLine,
  type SumSquares,
  sumLine,
  sumSquares,
} from './maps.ts';
import { type FindEnds, findEnds, type ToActivations, toActivations } from './quantise.ts';
import { type SlidingDepthwise, slidingDepthwise } from './sliding-depthwise.ts';
import { type Depthwise, depthwise, type MaxPool, maxPool } from './windows.ts';

/** Kernels in single precision, on the memory that they were instantiated with. */
export interface RealKernels {
  readonly convolve: Convolve;
  readonly depthwise: Depthwise;
  readonly slidingDepthwise: SlidingDepthwise;
  readonly maxPool: MaxPool;
  readonly combine: Combine;
  readonly sumLine: SumLine;
  readonly sumSquares: SumSquares;
  readonly findEnds: FindEnds;
  readonly toActivations: ToActivations;
}

/** The bytes of a module that exports {@link RealKernels} on the memory it is given; it takes a browser with relaxed SIMD. */
export function realModule(): Uint8Array<ArrayBuffer> {
  const convolving = convolutionFunctions();
  const others = {
    ...{
      depthwise: depthwise(),
      slidingDepthwise: slidingDepthwise(),
      maxPool: maxPool(),
      combine: combine(),
    },
    ...{ sumLine: sumLine(), sumSquares: sumSquares() },
    ...{ findEnds: findEnds(), toActivations: toActivations() },
  };
  const first = convolving.length;
  return writeModule([...convolving, ...Object.values(others)], {
    convolve: first - 1,
    ...Object.fromEntries(Object.keys(others).map((name, i) => [name, first + i])),
  });
}
