import type { GraphModel } from '@tensorflow/tfjs-converter';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { type io, type Tensor, tensor, tensor1d } from '@tensorflow/tfjs-core';
import { Failure } from '../../src/contract/failure.ts';
import type { Size } from '../../src/detect/input-size.ts';
import type { LoadedModel } from './protocol.ts';

/** A network that runs. */
export interface Network {
  /** @param image height x width x 3 numbers as the manifest's input says @returns the raw output */
  run(image: Float32Array): Promise<Float32Array>;
}

/**
 * Builds a tfjs graph model on the backend that was started.
 * @throws Failure `model-damaged` when the graph does not load
 */
export async function loadTfjsNetwork(model: LoadedModel, size: Size): Promise<Network> {
  const { manifest, graph, weights } = model;
  let network: GraphModel;
  try {
    const { modelTopology, weightsManifest } = JSON.parse(graph);
    network = await loadGraphModel({
      load: async (): Promise<io.ModelArtifacts> => ({
        format: 'graph-model',
        modelTopology,
        weightSpecs: weightsManifest[0].weights,
        weightData: weights,
      }),
    });
  } catch (error) {
    throw new Failure('model-damaged', `The model ${manifest.id} does not load: ${error}.`, error);
  }
  const mapSizes = Object.fromEntries(
    (manifest.input.mapSizes ?? []).map(({ node, stride }) => [
      node,
      tensor1d([size.height / stride, size.width / stride], 'int32'),
    ]),
  );
  return {
    async run(image) {
      const input = tensor(image, [1, size.height, size.width, 3]);
      let output: Tensor | undefined;
      try {
        output = network.execute(
          { [manifest.input.node]: input, ...mapSizes },
          manifest.output,
        ) as Tensor;
        // The one readback of a frame; dataSync would go through canvases on WebGPU.
        return (await output.data()) as Float32Array;
      } finally {
        input.dispose();
        output?.dispose();
      }
    },
  };
}
