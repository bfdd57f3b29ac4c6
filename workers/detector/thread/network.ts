import type { Size } from '../../../src/detect/input-size.ts';

/** A network that runs. */
export interface Network {
  /** Its inputs in pixels, one a look: what was asked for, or the one size that the network takes. */
  readonly sizes: readonly Size[];
  /**
   * @param image height x width x 3 numbers as the manifest's input says; may be reused once `run` has returned its
   *   promise. A buffer of the backend's own device is used without a copy.
   * @param size one of `sizes`
   * @returns the raw output
   */
  run(image: Float32Array | GPUBuffer, size: Size): Promise<Float32Array>;
  /** Frees its memory; it runs no more. */
  close(): void;
}
