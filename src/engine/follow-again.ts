import { splitDetections } from '../track/join-detections.ts';
import { ObservationLog, type Observations } from '../track/observations.ts';
import type { Tracker } from '../track/tracker.ts';
import type { DetectionChunk, SampleChunk } from './sample-chunk.ts';

/** Lets a tracker follow what was found in a chunk of samples, behind those that it followed before. */
export function followChunk(tracker: Tracker, chunk: DetectionChunk): Observations {
  const log = new ObservationLog();
  for (const [k, detections] of splitDetections(chunk).entries()) {
    log.add(chunk.firstSample + k, tracker.update(detections, chunk.times[k]!));
  }
  return log.take();
}

/** Whether a chunk's snapshot is of this tracker, and not of one that another release had by its name. */
export function isOwnSnapshot({ snapshot }: SampleChunk, tracker: Tracker): boolean {
  return snapshot.tracker === tracker.snapshot().tracker;
}

/** A chunk as this tracker has it, which followed those before it. */
export function followedAgain(chunk: SampleChunk, tracker: Tracker): SampleChunk {
  const observations = followChunk(tracker, chunk);
  return { ...chunk, observations, snapshot: tracker.snapshot() };
}
