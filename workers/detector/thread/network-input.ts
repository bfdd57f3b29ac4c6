import type { Pixels } from '../../../src/detect/colour-histogram.ts';

/**
 * What a network takes: height x width x 3 numbers as the manifest's input says, in memory or in a buffer of the
 * backend's own device, which is used without a copy; or the picture itself.
 */
export type NetworkInput = Float32Array | GPUBuffer | Pixels;
