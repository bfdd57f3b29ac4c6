import { joinNumbers } from '../../../src/contract/join-numbers.ts';
import type { Pixels } from '../../../src/detect/colour-histogram.ts';
import type { Placement, Size } from '../../../src/detect/input-size.ts';
import { cropPeople, isNear, toEmbeddingRows, wellSeen } from '../../../src/detect/person-crops.ts';
import type { EmbeddedPeople } from '../../../src/engine/ports.ts';
import type { Detections, ReidEmbeddings } from '../../../src/track/detections.ts';
import type { LoadedEmbedding } from '../pool/protocol.ts';
import type { CompiledKernels } from '../wasm/int8/module.ts';
import type { EmbeddingRunner } from './embedding-runner.ts';

/** Crops that are computed together: more take more memory and no less time. */
const BATCH = 8;

/** Tells how the people of a frame look, by a network. */
export interface Embedder {
  /**
   * @param picture of the frame
   * @param people whose boxes count the frame's pixels
   * @param placement where the frame lies in the picture
   * @param whom of those who are well seen
   */
  embed(
    picture: Pixels,
    people: Detections,
    placement: Placement,
    frame: Size,
    whom: EmbeddedPeople,
  ): Promise<ReidEmbeddings>;
  /** Frees its memory. */
  close(): void;
}

/** Where an embedding network may run. */
export interface EmbeddingPlace {
  /** Whether the thread computes on the processor, so that kernels of ours may take the place of tfjs. */
  readonly isProcessor: boolean;
  /** With the detector in 8-bit integers: its kernels, found exact. */
  readonly kernels?: CompiledKernels | undefined;
  /** Starts tfjs unless it runs already. */
  startTfjs(): Promise<void>;
}

/**
 * Builds an embedding network: of the prepared form on kernels of ours or on tfjs, of a user's own on ONNX Runtime.
 * @throws Failure `model-damaged` when it does not load
 */
export async function loadEmbedder(
  model: LoadedEmbedding,
  place: EmbeddingPlace,
): Promise<Embedder> {
  const { input } = model.manifest;
  const runner = await openRunner(model, place);
  const numbers = 3 * input.width * input.height;
  return {
    async embed(picture, people, placement, frame, whom) {
      const rows = wellSeen(people, frame).filter((i) => whom === 'everybody' || isNear(people, i));
      const crops = cropPeople(picture, people.boxes, rows, placement, frame, input);
      const parts: Int8Array[] = [];
      for (let from = 0; from < rows.length; from += BATCH) {
        const count = Math.min(BATCH, rows.length - from);
        const batch = crops.subarray(numbers * from, numbers * (from + count));
        parts.push(toEmbeddingRows(await runner.run(batch, count), count));
      }
      return { rows, values: joinNumbers(parts, Int8Array) };
    },
    close: () => runner.close(),
  };
}

async function openRunner(
  model: LoadedEmbedding,
  { isProcessor, kernels, startTfjs }: EmbeddingPlace,
): Promise<EmbeddingRunner> {
  if (model.manifest.runtime === 'onnx') {
    const { openOnnxEmbedding } = await import('./onnx-embedding.ts');
    return openOnnxEmbedding(model);
  }
  if (isProcessor) {
    const { openRealEmbedding } = await import('./real-embedding.ts');
    const runner = await openRealEmbedding(model, kernels);
    if (runner) return runner;
  }
  const [{ openTfjsEmbedding }] = await Promise.all([import('./tfjs-embedding.ts'), startTfjs()]);
  return openTfjsEmbedding(model);
}
