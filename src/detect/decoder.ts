import type { Detections } from '../track/detections.ts';

/**
 * Turns one raw output into boxes in pixels of the network's input (XyxyPx), in the order of the output, not yet
 * suppressed. Boxes that score below `minScore` (0 to 1) are left out.
 * @throws RangeError when the output's length is not that of the input size
 */
export type OutputDecoder = (raw: Float32Array, minScore: number) => Detections;
