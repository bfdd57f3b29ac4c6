import { type Embedding, LEAST_VISIBLE, toEmbedding } from '../appearance/appearance.ts';
import { ChunkEmbeddings, type EmbeddingKind } from '../appearance/embedding-kind.ts';
import { visibleShare } from '../appearance/visible-share.ts';
import type { History, HistoryChunk } from '../history.ts';
import { TIME_EPSILON } from '../time.ts';
import type { Tracklet } from './tracklet.ts';

/** Length of a window in seconds: short enough to find a mix-up, long enough to even out a step and a shadow. */
export const EMBEDDING_SECONDS = 0.5;

/** Somebody's appearance for about {@link EMBEDDING_SECONDS}. */
export interface WindowedEmbedding {
  /** Element of the tracklet that it begins with. */
  readonly element: number;
  /** Sum of embeddings, each weighed by how much of the person is visible; 0 when hidden all the time. */
  readonly sum: Float32Array;
}

/**
 * Gathers the appearance embeddings of tracklets, window by window.
 * @param history the stored job, read once, in order
 * @param tracklets of it
 * @param times of all samples in seconds
 * @param from which embeddings
 * @returns windowed embeddings of each tracklet in order of time; none where there are none of that kind
 */
export async function windowEmbeddings(
  history: History,
  tracklets: readonly Tracklet[],
  times: ArrayLike<number>,
  from: EmbeddingKind['from'],
): Promise<WindowedEmbedding[][]> {
  const embeddings: WindowedEmbedding[][] = tracklets.map(() => []);
  const waiting = tracklets.map((_, index) => index);
  waiting.sort((a, b) => tracklets[b]!.first - tracklets[a]!.first);
  /** Next element of each tracklet. */
  const cursor = new Int32Array(tracklets.length);
  let present: number[] = [];
  for (let c = 0; c < history.chunkCount && waiting.length + present.length > 0; c++) {
    const chunk = await history.chunk(c);
    const end = chunk.firstSample + chunk.times.length;
    const source = new ChunkEmbeddings(chunk, from);
    while (waiting.length > 0 && tracklets[waiting[waiting.length - 1]!]!.first < end) {
      present.push(waiting.pop()!);
    }
    for (const index of present) {
      const tracklet = tracklets[index]!;
      let element = cursor[index]!;
      for (; element < tracklet.length && tracklet.samples[element]! < end; element++) {
        addElement(chunk, source, tracklet, element, times, embeddings[index]!);
      }
      cursor[index] = element;
    }
    present = present.filter((index) => cursor[index]! < tracklets[index]!.length);
  }
  return embeddings;
}

function addElement(
  chunk: HistoryChunk,
  source: ChunkEmbeddings,
  tracklet: Tracklet,
  element: number,
  times: ArrayLike<number>,
  embeddings: WindowedEmbedding[],
): void {
  const sample = tracklet.samples[element]! - chunk.firstSample;
  const detection = tracklet.detections[element]!;
  if (!source.has(chunk.offsets[sample]! + detection)) return;
  const time = times[tracklet.samples[element]!]!;
  let last = embeddings[embeddings.length - 1];
  if (!last || time - times[tracklet.samples[last.element]!]! >= EMBEDDING_SECONDS - TIME_EPSILON) {
    last = { element, sum: new Float32Array(source.length) };
    embeddings.push(last);
  }
  addEmbedding(chunk, source, sample, detection, last.sum);
}

/**
 * Adds the embedding of a detection to a sum, weighed by how much of the person is visible.
 * @param chunk with the boxes
 * @param source its embeddings
 * @param sample within the chunk
 * @param detection within the sample
 * @param sum as long as an embedding
 */
export function addEmbedding(
  chunk: HistoryChunk,
  source: ChunkEmbeddings,
  sample: number,
  detection: number,
  sum: Float32Array,
): void {
  const { boxes, scores, offsets } = chunk;
  const from = offsets[sample]!;
  const row = from + detection;
  const visible = visibleShare(boxes, scores, from, offsets[sample + 1]!, row);
  if (visible < LEAST_VISIBLE) return;
  source.add(row, visible, sum);
}

/**
 * The mean of several windowed embeddings.
 * @param windows of one tracklet
 * @param from first
 * @param to one behind the last
 * @returns undefined where nothing of the person was visible
 */
export function meanEmbedding(
  windows: readonly Pick<WindowedEmbedding, 'sum'>[],
  from: number,
  to: number,
): Embedding | undefined {
  if (from >= to) return undefined;
  const sum = windows[from]!.sum.slice();
  for (let i = from + 1; i < to; i++) {
    const other = windows[i]!.sum;
    for (let k = 0; k < sum.length; k++) sum[k]! += other[k]!;
  }
  return toEmbedding(sum);
}
