/** Computes rows of numbers of crops. */
export interface EmbeddingRunner {
  /** @param crops one after the other, as the manifest's input says */
  run(crops: Float32Array, count: number): Promise<Float32Array>;
  /** Frees its memory. */
  close(): void;
}
