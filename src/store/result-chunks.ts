import type { PersonTrackingSortBy } from '../contract/types.ts';
import { CHUNK_ELEMENTS, type ResultChunk, type ResultChunks } from '../engine/results.ts';

/** A result's chunk and where the wanted elements lie in it: `from` to `to`, without `to`. */
export interface ChunkSlice {
  readonly chunk: ResultChunk;
  readonly from: number;
  readonly to: number;
}

/** The result chunks in which elements `from` to `to` (without `to`) lie, and how each of them is cut. */
export function chunksOf(
  from: number,
  to: number,
): { first: number; last: number; slice: (chunk: ResultChunk, i: number) => ChunkSlice } {
  const first = Math.floor(from / CHUNK_ELEMENTS);
  return {
    first,
    last: Math.floor((to - 1) / CHUNK_ELEMENTS),
    slice: (chunk, i) => {
      const start = (first + i) * CHUNK_ELEMENTS;
      return {
        chunk,
        from: Math.max(0, from - start),
        to: Math.min(chunk.indices.length, to - start),
      };
    },
  };
}

/** The chunks of results as they are stored: in both orders, numbered in each from 0. */
export function* inBothOrders(
  results: ResultChunks,
): Generator<{ order: PersonTrackingSortBy; ordinal: number; chunk: ResultChunk }> {
  for (const [order, chunks] of [
    ['INDEX', results.byIndex()],
    ['TIMESTAMP', results.byTimestamp()],
  ] as const) {
    let ordinal = 0;
    for (const chunk of chunks) yield { order, ordinal: ordinal++, chunk };
  }
}
