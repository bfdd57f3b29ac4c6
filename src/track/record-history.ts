import type { Detections } from './detections.ts';
import type { History, HistoryChunk } from './history.ts';
import { joinDetections } from './join-detections.ts';
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
    for (const [i, found] of stretch.entries()) {
      log.add(first + i, tracker.update(found, times[first + i]!));
    }
    chunks.push({
      firstSample: first,
      times: times.slice(first, first + stretch.length),
      ...joinDetections(stretch),
      observations: log.take(),
    });
  }
  return { chunkCount: chunks.length, chunk: (index) => Promise.resolve(chunks[index]!) };
}
