/** One thread of the bare model: the network as the detector runs it, on inputs made beforehand. */

import type { Pixels } from '../../../src/detect/colour-histogram.ts';
import type { Size } from '../../../src/detect/input-size.ts';
import type { LoadedModel } from '../../../workers/detector/pool/protocol.ts';
import { loadInt8Network } from '../../../workers/detector/thread/int8/int8-network.ts';
import type { Network } from '../../../workers/detector/thread/network.ts';
import type { CompiledKernels } from '../../../workers/detector/wasm/int8/module.ts';

/** First the model and its inputs; each `run` then computes them all. Each message is answered with `done`. */
export type BareModelRequest =
  | {
      readonly type: 'load';
      /** In 8-bit integers. */
      readonly model: LoadedModel;
      readonly kernels: CompiledKernels;
      /** One a look. */
      readonly sizes: readonly Size[];
      /** For every frame one a look. */
      readonly frames: readonly (readonly Pixels[])[];
    }
  | { readonly type: 'run' };

let network: Network;
let frames: readonly (readonly Pixels[])[];

self.onmessage = async ({ data }: MessageEvent<BareModelRequest>) => {
  if (data.type === 'load') {
    network = loadInt8Network(data.model, data.sizes, data.kernels);
    frames = data.frames;
    await runNetwork(frames[0]!);
  } else {
    for (const looks of frames) await runNetwork(looks);
  }
  self.postMessage('done');
};

async function runNetwork(looks: readonly Pixels[]): Promise<void> {
  for (const [i, look] of looks.entries()) await network.run(look, network.sizes[i]!);
}
