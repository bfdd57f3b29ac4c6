import type { Detections, ReidEmbeddings } from './detections.ts';
import type { HistoryChunk } from './history.ts';

/** Those columns of a {@link HistoryChunk} that are about detections. */
type DetectionColumns = Pick<
  HistoryChunk,
  'offsets' | 'boxes' | 'scores' | 'spreads' | 'features' | 'reid'
>;

/**
 * Detections of consecutive samples as the columns of a {@link HistoryChunk}.
 * @param samples of each; spreads and embeddings are kept when every detection has them
 */
export function joinDetections(samples: readonly Detections[]): DetectionColumns {
  const offsets = new Int32Array(samples.length + 1);
  for (const [i, { count }] of samples.entries()) offsets[i + 1] = offsets[i]! + count;
  const total = offsets[samples.length]!;
  const boxes = new Float32Array(4 * total);
  const scores = new Float32Array(total);
  for (const [i, found] of samples.entries()) {
    boxes.set(found.boxes.subarray(0, 4 * found.count), 4 * offsets[i]!);
    scores.set(found.scores.subarray(0, found.count), offsets[i]!);
  }
  const spreads = joinRows(samples, offsets, (found) => found.spreads);
  const features = joinRows(samples, offsets, (found) => found.features);
  const reid = joinReid(samples, offsets);
  return {
    offsets,
    boxes,
    scores,
    ...(spreads && { spreads }),
    ...(features && { features }),
    ...(reid && { reid }),
  };
}

/** The detections of each sample of a chunk, which share its memory: what {@link joinDetections} joined. */
export function splitDetections({
  offsets,
  boxes,
  scores,
  spreads,
  features,
  reid,
}: DetectionColumns): Detections[] {
  const length = scores.length === 0 ? 0 : (features?.length ?? 0) / scores.length;
  return Array.from({ length: offsets.length - 1 }, (_, i) => {
    const from = offsets[i]!;
    const to = offsets[i + 1]!;
    const some = reid && embeddingsBetween(reid, from, to);
    return {
      count: to - from,
      boxes: boxes.subarray(4 * from, 4 * to),
      scores: scores.subarray(from, to),
      ...(spreads && { spreads: spreads.subarray(4 * from, 4 * to) }),
      ...(features && { features: features.subarray(length * from, length * to) }),
      ...(some && { reid: some }),
    };
  });
}

/** @returns undefined where not every detection has a row, or rows differ in length */
function joinRows(
  samples: readonly Detections[],
  offsets: Int32Array,
  rowsOf: (found: Detections) => Int8Array | undefined,
): Int8Array | undefined {
  const first = samples.find(({ count }) => count > 0);
  const some = first && rowsOf(first);
  if (!some) return undefined;
  const length = some.length / first.count;
  const joined = new Int8Array(length * offsets[samples.length]!);
  for (const [i, found] of samples.entries()) {
    if (found.count === 0) continue;
    const rows = rowsOf(found);
    if (rows?.length !== length * found.count) return undefined;
    joined.set(rows, length * offsets[i]!);
  }
  return joined;
}

function joinReid(samples: readonly Detections[], offsets: Int32Array): ReidEmbeddings | undefined {
  const parts = samples.flatMap(({ reid }, i) =>
    reid ? [{ rows: reid.rows.map((row) => row + offsets[i]!), values: reid.values }] : [],
  );
  if (parts.length === 0) return undefined;
  const sum = (lengths: number[]) => lengths.reduce((all, length) => all + length, 0);
  const rows = new Int32Array(sum(parts.map((part) => part.rows.length)));
  const values = new Int8Array(sum(parts.map((part) => part.values.length)));
  let row = 0;
  let value = 0;
  for (const part of parts) {
    rows.set(part.rows, row);
    values.set(part.values, value);
    row += part.rows.length;
    value += part.values.length;
  }
  return { rows, values };
}

/** Embeddings of the detections from one row to before another, rows counting from there; undefined where there are none. */
export function embeddingsBetween(
  { rows, values }: ReidEmbeddings,
  from: number,
  to: number,
): ReidEmbeddings | undefined {
  const first = rows.findIndex((row) => row >= from);
  if (first < 0 || rows[first]! >= to) return undefined;
  const behind = rows.findIndex((row) => row >= to);
  const end = behind < 0 ? rows.length : behind;
  const length = values.length / rows.length;
  return {
    rows: rows.slice(first, end).map((row) => row - from),
    values: values.subarray(length * first, length * end),
  };
}
