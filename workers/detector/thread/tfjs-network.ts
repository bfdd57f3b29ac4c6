import type { GraphModel } from '@tensorflow/tfjs-converter';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { type io, type Tensor, tensor, tensor1d } from '@tensorflow/tfjs-core';
import type { Size } from '../../../src/detect/input-size.ts';
import { unloadable } from '../pool/load-model.ts';
import type { LoadedModel } from '../pool/protocol.ts';
import { freeFusedConvolutions } from '../wasm/fused-convolution.ts';
import { blank, type Network } from './network.ts';
import { readOutput } from './read-output.ts';

/**
 * Builds a tfjs graph model on the backend that was started.
 * @throws Failure `model-damaged` when the graph does not load
 */
export async function loadTfjsNetwork(
  model: LoadedModel,
  sizes: readonly Size[],
): Promise<Network> {
  const { manifest } = model;
  const network = await loadGraph(manifest.id, model.files);
  const mapSizes = new Map(
    sizes.map((size) => [
      size,
      Object.fromEntries(
        (manifest.input.mapSizes ?? []).map(({ node, stride }) => [
          node,
          tensor1d([size.height / stride, size.width / stride], 'int32'),
        ]),
      ),
    ]),
  );
  return {
    sizes,
    blank,
    async run(image, size) {
      if ('data' in image) throw new Error('tfjs networks read numbers.');
      const shape: [number, number, number, number] = [1, size.height, size.width, 3];
      const input =
        image instanceof Float32Array
          ? tensor(image, shape)
          : tensor({ buffer: image, zeroCopy: true }, shape, 'float32');
      let output: Tensor | undefined;
      try {
        output = network.execute(
          { [manifest.input.node]: input, ...mapSizes.get(size) },
          manifest.output,
        ) as Tensor;
        // The one readback of a frame; dataSync would go through canvases on WebGPU.
        return await readOutput(output);
      } finally {
        input.dispose();
        output?.dispose();
      }
    },
    close() {
      network.dispose();
      freeFusedConvolutions();
      for (const inputs of mapSizes.values()) {
        for (const input of Object.values(inputs)) input.dispose();
      }
    },
  };
}

/**
 * Reads a prepared graph.
 * @param id of the model, for the message
 * @param files `model.json` and `weights.bin`
 * @throws Failure `model-damaged`
 */
export async function loadGraph(id: string, files: LoadedModel['files']): Promise<GraphModel> {
  try {
    const { modelTopology, weightsManifest } = JSON.parse(
      new TextDecoder().decode(files.get('model.json')),
    );
    return await loadGraphModel({
      load: async (): Promise<io.ModelArtifacts> => ({
        format: 'graph-model',
        modelTopology,
        weightSpecs: weightsManifest[0].weights,
        weightData: files.get('weights.bin')!,
      }),
    });
  } catch (error) {
    throw unloadable(id, error);
  }
}
