import { chunkIndex, detectionBytes, type SampleChunk } from './sample-chunk.ts';
import { type ShareCounts, sumShares } from './share-counts.ts';

/** What the chunks of a running job come to, for its record. */
export class ChunkTotals {
  /** Of each chunk, by its index. */
  readonly #elements: number[] = [];
  readonly #bytes: number[] = [];
  readonly #shares: (ShareCounts | undefined)[] = [];

  /** Takes a chunk, in the place of one of the same index: the last one of an earlier run grows. */
  set(chunk: SampleChunk): void {
    const index = chunkIndex(chunk);
    this.#elements[index] = elementsAtMost(chunk);
    this.#bytes[index] = detectionBytes(chunk);
    this.#shares[index] = chunk.shares;
  }

  /** See `JobRecord.elementsAtMost`. */
  get elementsAtMost(): number {
    return sum(this.#elements);
  }

  /** See `JobRecord.detectionBytes`. */
  get detectionBytes(): number {
    return sum(this.#bytes);
  }

  /** See {@link sumShares}. */
  get shares(): ShareCounts | undefined {
    return sumShares(this.#shares);
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, more) => all + more, 0);
}

/** Elements that a chunk's people can come to: each box seen, in each of the samples passed over before it too. */
function elementsAtMost({ scores, frames, times }: SampleChunk): number {
  return Math.ceil((scores.length * frames.length) / times.length);
}
