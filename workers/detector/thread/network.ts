import type { Pixels } from '../../../src/detect/colour-histogram.ts';
import type { Size } from '../../../src/detect/input-size.ts';
import type { FrameReader } from './frame-reader.ts';

/**
 * What a network takes: height x width x 3 numbers as the manifest's input says, in memory or in a buffer of the
 * backend's own device, which is used without a copy; or the picture itself.
 */
export type NetworkInput = Float32Array | GPUBuffer | Pixels;

/** A network that runs. */
export interface Network {
  /** Its inputs in pixels, one a look: what was asked for, or the one size that the network takes. */
  readonly sizes: readonly Size[];
  /**
   * @param image of the kind that the network takes; may be reused once `run` has returned its promise
   * @param size one of `sizes`
   * @returns the raw output
   */
  run(image: NetworkInput, size: Size): Promise<Float32Array>;
  /** An empty picture of one of `sizes`, of the kind that the network takes. */
  blank(size: Size): NetworkInput;
  /** A reader of frames for one of `sizes`, where the network has its own. */
  readonly createReader?: (size: Size) => FrameReader;
  /** Frees its memory; it runs no more. */
  close(): void;
}

/** An empty picture as numbers. */
export function blank({ width, height }: Size): Float32Array {
  return new Float32Array(3 * width * height);
}
