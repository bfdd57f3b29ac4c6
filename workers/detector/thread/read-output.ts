import type { Tensor } from '@tensorflow/tfjs-core';

/** The device that computes is gone, and with it what was computed. The message says why, for people. */
export class DeviceLost extends Error {}

/**
 * Reads what a network computed. A WebGL context that is lost while it is read leaves zeros, before anybody is told; a network never
 * gives those alone.
 * @throws DeviceLost
 */
export async function readOutput(output: Tensor): Promise<Float32Array> {
  const values = (await output.data()) as Float32Array;
  if (values.every((value) => value === 0)) {
    throw new DeviceLost('nothing of what was computed could be read');
  }
  return values;
}
