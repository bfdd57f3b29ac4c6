import type { HistoryChunk } from '../history.ts';
import { type Spread, USUAL_DIFFERENT, USUAL_SAME } from './appearance.ts';

/** Distances of embeddings, 0 to 1, as they usually are: what a short video cannot measure itself. */
export interface EmbeddingSpreads {
  /** Of a person from themselves two seconds before. */
  readonly short: Spread;
  /** Of a person from themselves on another visit, from another side. */
  readonly long: Spread;
  /** Of two people. */
  readonly different: Spread;
}

/** Embeddings that people are told apart by: of every detection (`features`), or of some by a network (`reid`). */
export interface EmbeddingKind {
  readonly from: 'features' | 'reid';
  readonly spreads: EmbeddingSpreads;
}

/** Colours of clothes, which every detection comes with. */
export const COLOURS: EmbeddingKind = {
  from: 'features',
  spreads: { short: USUAL_SAME, long: USUAL_SAME, different: USUAL_DIFFERENT },
};

/** The embeddings of one kind in a stretch of a history. */
export class ChunkEmbeddings {
  /** Numbers of an embedding; 0 where the stretch has none. */
  readonly length: number;
  readonly #values: Int8Array;
  /** Place of each detection's embedding, from 1; 0 where it has none. Absent where every detection has one. */
  readonly #places: Int32Array | undefined;

  constructor(chunk: HistoryChunk, from: EmbeddingKind['from']) {
    const count = chunk.scores.length;
    if (from === 'features') {
      this.#values = chunk.features ?? new Int8Array(0);
      this.length = count === 0 ? 0 : this.#values.length / count;
      return;
    }
    const { rows = new Int32Array(0), values = new Int8Array(0) } = chunk.reid ?? {};
    this.#values = values;
    this.length = rows.length === 0 ? 0 : values.length / rows.length;
    this.#places = new Int32Array(count);
    for (let i = 0; i < rows.length; i++) this.#places[rows[i]!] = i + 1;
  }

  /** Whether a detection has one. @param row within the stretch */
  has(row: number): boolean {
    return this.length > 0 && (this.#places === undefined || this.#places[row]! > 0);
  }

  /** Adds a detection's, if it has one. @param sum as long as an embedding */
  add(row: number, weight: number, sum: Float32Array): void {
    if (!this.has(row)) return;
    const place = this.#places ? this.#places[row]! - 1 : row;
    const o = this.length * place;
    for (let k = 0; k < sum.length; k++) sum[k]! += weight * this.#values[o + k]!;
  }
}
