import type { GraphModel } from '@tensorflow/tfjs-converter';
import { type Tensor, tensor } from '@tensorflow/tfjs-core';
import type { Pixels } from '../../../src/detect/colour-histogram.ts';
import type { Placement, Size } from '../../../src/detect/input-size.ts';
import { cropPeople, toEmbeddingRows, wellSeen } from '../../../src/detect/person-crops.ts';
import type { Detections, ReidEmbeddings } from '../../../src/track/detections.ts';
import type { LoadedEmbedding } from '../pool/protocol.ts';
import { loadGraph } from './tfjs-network.ts';

/** Crops that are computed together: more take more memory and no less time. */
const BATCH = 8;

/** Tells how the people of a frame look, by a network. */
export interface Embedder {
  /**
   * @param picture of the frame
   * @param people whose boxes count the frame's pixels
   * @param placement where the frame lies in the picture
   */
  embed(
    picture: Pixels,
    people: Detections,
    placement: Placement,
    frame: Size,
  ): Promise<ReidEmbeddings>;
  /** Frees its memory. */
  close(): void;
}

/** Computes rows of numbers of crops. */
interface Runner {
  run(crops: Float32Array, count: number): Promise<Float32Array>;
  close(): void;
}

/**
 * Builds an embedding network: of the prepared form on the backend of tfjs that was started, of a user's own on ONNX Runtime.
 * @throws Failure `model-damaged` when it does not load
 */
export async function loadEmbedder(model: LoadedEmbedding): Promise<Embedder> {
  const { input } = model.manifest;
  const runner = await openRunner(model);
  const numbers = 3 * input.width * input.height;
  return {
    async embed(picture, people, placement, frame) {
      const rows = wellSeen(people, frame);
      const crops = cropPeople(picture, people.boxes, rows, placement, frame, input);
      const parts: Int8Array[] = [];
      for (let from = 0; from < rows.length; from += BATCH) {
        const count = Math.min(BATCH, rows.length - from);
        const batch = crops.subarray(numbers * from, numbers * (from + count));
        parts.push(toEmbeddingRows(await runner.run(batch, count), count));
      }
      return { rows, values: joined(parts) };
    },
    close: () => runner.close(),
  };
}

async function openRunner(model: LoadedEmbedding): Promise<Runner> {
  if (model.manifest.runtime === 'onnx') {
    const { openOnnxEmbedding } = await import('./onnx-embedding.ts');
    return openOnnxEmbedding(model);
  }
  const { manifest, files } = model;
  return tfjsRunner(await loadGraph(manifest.id, files), manifest);
}

function tfjsRunner(network: GraphModel, { input, output }: LoadedEmbedding['manifest']): Runner {
  return {
    async run(crops, count) {
      const pictures = tensor(crops, [count, input.height, input.width, 3]);
      let rows: Tensor | undefined;
      try {
        rows = network.execute({ [input.node]: pictures }, output) as Tensor;
        return (await rows.data()) as Float32Array;
      } finally {
        pictures.dispose();
        rows?.dispose();
      }
    },
    close: () => network.dispose(),
  };
}

function joined(parts: readonly Int8Array[]): Int8Array {
  const all = new Int8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
