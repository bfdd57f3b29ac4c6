import type { EmbeddingSpreads } from '../track/appearance/embedding-kind.ts';
import type { Observations } from '../track/observations.ts';
import { createTracker } from '../track/trackers/create-tracker.ts';
import type { FrameSize } from './common-frame.ts';
import { finishTracks } from './finish-tracks.ts';
import { followChunk } from './follow-again.ts';
import { PeopleSoFar } from './people-so-far.ts';
import { Results } from './results.ts';
import type { DetectionChunk } from './sample-chunk.ts';
import { scoreThresholdOf, type TrackingSettings } from './settings.ts';

/** Detections of a whole video, in chunks as a job stores them; each may be read several times. */
export interface DetectionHistory {
  readonly chunkCount: number;
  chunk(index: number): Promise<DetectionChunk>;
  /** The frame whose pixels the boxes count. */
  readonly frame: FrameSize;
  /** The score from which they are of high confidence, their detector's own, 0 to 1. */
  readonly modelThreshold: number;
  /** What is usual of the embeddings of the network that looked at people, if one did. */
  readonly reid?: EmbeddingSpreads;
}

/**
 * Follows people through detections that are all at hand: to the bit what a job by the same settings gives, which follows
 * them as they are found. What the tracker says is in memory meanwhile, 33 bytes a box.
 * @param onChunk hears of every chunk that was gone through, before paths are joined
 */
export async function followDetections(
  history: DetectionHistory,
  settings: TrackingSettings,
  onChunk: (chunk: DetectionChunk, peopleSoFar: number) => void = () => {},
): Promise<Results> {
  const { chunkCount, frame } = history;
  const scoreThreshold = scoreThresholdOf(settings, history.modelThreshold);
  const tracker = createTracker(settings.tracker, { scoreThreshold });
  const people = new PeopleSoFar();
  const said: Observations[] = [];
  for (let i = 0; i < chunkCount; i++) {
    const chunk = await history.chunk(i);
    const observations = followChunk(tracker, chunk);
    said.push(observations);
    people.add(observations);
    onChunk(chunk, people.count);
  }
  const chunk = async (index: number) => ({
    ...(await history.chunk(index)),
    observations: said[index]!,
  });
  const { tracks, times } = await finishTracks(
    settings,
    { chunkCount, chunk },
    scoreThreshold,
    history.reid,
  );
  return new Results(tracks, times, frame);
}
