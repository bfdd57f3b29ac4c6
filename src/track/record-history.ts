import type { Detections } from './detections.ts';
import type { History, HistoryChunk } from './history.ts';
import { ObservationLog } from './observations.ts';
import type { Tracker } from './tracker.ts';

/**
 * Runs a tracker over detections that are all at hand and keeps everything, in the form of a stored job.
 * @param tracker before its first sample
 * @param detections of each sample
 * @param times of each sample in seconds, growing
 * @param chunkSamples samples a chunk holds
 */
export function recordHistory(
  tracker: Tracker,
  detections: readonly Detections[],
  times: Float64Array,
  chunkSamples = 256,
): History {
  const chunks: HistoryChunk[] = [];
  for (let first = 0; first < detections.length; first += chunkSamples) {
    const stretch = detections.slice(first, first + chunkSamples);
    const log = new ObservationLog();
    const offsets = new Int32Array(stretch.length + 1);
    for (const [i, found] of stretch.entries()) {
      log.add(first + i, tracker.update(found, times[first + i]!));
      offsets[i + 1] = offsets[i]! + found.count;
    }
    const total = offsets[stretch.length]!;
    const boxes = new Float32Array(4 * total);
    const scores = new Float32Array(total);
    for (const [i, found] of stretch.entries()) {
      boxes.set(found.boxes.subarray(0, 4 * found.count), 4 * offsets[i]!);
      scores.set(found.scores.subarray(0, found.count), offsets[i]!);
    }
    chunks.push({
      firstSample: first,
      times: times.slice(first, first + stretch.length),
      offsets,
      boxes,
      scores,
      observations: log.take(),
    });
  }
  return { chunkCount: chunks.length, chunk: (index) => Promise.resolve(chunks[index]!) };
}
