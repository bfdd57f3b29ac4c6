/** One thread of the bare model: the network as the detector runs it, on inputs made beforehand. */
import type { Size } from '../../../src/detect/input-size.ts';
import type { LoadedModel } from '../../../workers/detector/pool/protocol.ts';
import { startBackend } from '../../../workers/detector/thread/backend.ts';
import type { Network } from '../../../workers/detector/thread/network.ts';
import { loadTfjsNetwork } from '../../../workers/detector/thread/tfjs-network.ts';

/** First the model and its inputs; each `run` then computes them all. Each message is answered with `done`. */
export type BareModelRequest =
  | {
      readonly type: 'load';
      readonly model: LoadedModel;
      /** One a look. */
      readonly sizes: readonly Size[];
      /** For every frame one a look. */
      readonly frames: readonly (readonly Float32Array[])[];
    }
  | { readonly type: 'run' };

let network: Network;
let frames: readonly (readonly Float32Array[])[];

self.onmessage = async ({ data }: MessageEvent<BareModelRequest>) => {
  if (data.type === 'load') {
    await startBackend('wasm');
    network = await loadTfjsNetwork(data.model, data.sizes);
    frames = data.frames;
    await runNetwork(frames[0]!);
  } else {
    for (const looks of frames) await runNetwork(looks);
  }
  self.postMessage('done');
};

async function runNetwork(looks: readonly Float32Array[]): Promise<void> {
  for (const [i, look] of looks.entries()) await network.run(look, network.sizes[i]!);
}
