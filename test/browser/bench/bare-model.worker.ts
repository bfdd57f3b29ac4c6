/** One thread of the bare model: the network as the detector runs it, on inputs made beforehand. */
import type { Size } from '../../../src/detect/input-size.ts';
import { startBackend } from '../../../workers/detector/backend.ts';
import type { Network } from '../../../workers/detector/network.ts';
import type { LoadedModel } from '../../../workers/detector/protocol.ts';
import { loadTfjsNetwork } from '../../../workers/detector/tfjs-network.ts';

/** First the model and its inputs; each `run` then computes them all. Each message is answered with `done`. */
export type BareModelRequest =
  | {
      readonly type: 'load';
      readonly model: LoadedModel;
      readonly size: Size;
      readonly inputs: Float32Array[];
    }
  | { readonly type: 'run' };

let network: Network;
let size: Size;
let inputs: Float32Array[];

self.onmessage = async ({ data }: MessageEvent<BareModelRequest>) => {
  if (data.type === 'load') {
    await startBackend('wasm');
    size = data.size;
    network = await loadTfjsNetwork(data.model, [size]);
    inputs = data.inputs;
    await network.run(inputs[0]!, size);
  } else {
    for (const input of inputs) await network.run(input, size);
  }
  self.postMessage('done');
};
