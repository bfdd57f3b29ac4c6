import type { BlockDifferences } from '../../../src/detect/changed-blocks.ts';
import type { Region } from '../../../src/detect/detection-regions.ts';
import type { Size } from '../../../src/detect/input-size.ts';
import type { FrameReader } from './frame-reader.ts';
import type { NetworkInput } from './network-input.ts';

/** A network that runs. */
export interface Network {
  /** Its inputs in pixels, one an input scale: what was asked for, or the one size that the network takes. */
  readonly sizes: readonly Size[];
  /**
   * @param image of the kind that the network takes; may be reused once `run` has returned its promise
   * @param size one of `sizes`
   * @param region the part of the image to compute alone, as an image of its own; default the whole. Only where `takesRegions`
   * @returns the raw output
   */
  run(image: NetworkInput, size: Size, region?: Region): Promise<Float32Array>;
  /** Whether it computes parts of an image, of any size in multiples of the manifest's. */
  readonly takesRegions?: boolean;
  /** Compares pictures of one of `sizes`, where it does so faster than anybody. */
  readonly differences?: BlockDifferences;
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
