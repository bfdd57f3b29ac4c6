import { type Tensor, tensor } from '@tensorflow/tfjs-core';
import type { LoadedEmbedding } from '../pool/protocol.ts';
import type { EmbeddingRunner } from './embedding-runner.ts';
import { readOutput } from './read-output.ts';
import { loadGraph } from './tfjs-network.ts';

/**
 * Builds an embedding network of the prepared form on the backend of tfjs that was started.
 * @throws Failure `model-damaged` when it does not load
 */
export async function openTfjsEmbedding({
  manifest,
  files,
}: LoadedEmbedding): Promise<EmbeddingRunner> {
  const { id, input, output } = manifest;
  const network = await loadGraph(id, files);
  return {
    async run(crops, count) {
      const pictures = tensor(crops, [count, input.height, input.width, 3]);
      let rows: Tensor | undefined;
      try {
        rows = network.execute({ [input.node]: pictures }, output) as Tensor;
        return await readOutput(rows);
      } finally {
        pictures.dispose();
        rows?.dispose();
      }
    },
    close: () => network.dispose(),
  };
}
