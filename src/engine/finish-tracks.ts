import { joinNumbers } from '../contract/join-numbers.ts';
import type { EmbeddingSpreads } from '../track/appearance/embedding-kind.ts';
import { concatObservations, type Observations } from '../track/observations.ts';
import { confirmedTracks } from '../track/refinement/confirmed-tracks.ts';
import { refineTracks } from '../track/refinement/refine.ts';
import type { Track } from '../track/track.ts';
import { fillBetweenDetections } from './fill-between-detections.ts';
import type { SampleTimes } from './results.ts';
import type { Milliseconds, SampleChunk } from './sample-chunk.ts';
import type { TrackingSettings } from './settings.ts';

/** The samples of a job with what a tracker said of them; each chunk may be read several times. */
export interface SampleHistory {
  readonly chunkCount: number;
  chunk(index: number): Promise<Omit<SampleChunk, 'snapshot'>>;
}

/**
 * Turns the stored samples of a job into people's paths: refined over the whole job, or as the tracker had them.
 * @param scoreThreshold score from which a detection of the job's detector is of high confidence, 0 to 1
 * @param reid what is usual of the embeddings by which people were known again, if a network looked at them; not asked where
 *   the settings say colours
 */
export async function finishTracks(
  settings: TrackingSettings,
  history: SampleHistory,
  scoreThreshold: number,
  reid?: EmbeddingSpreads,
): Promise<{ tracks: Track[]; times: SampleTimes }> {
  const observations: Observations[] = [];
  const frames: Int32Array[] = [];
  const timestampsMs: Milliseconds[] = [];
  for (let i = 0; i < history.chunkCount; i++) {
    const chunk = await history.chunk(i);
    frames.push(chunk.frames);
    timestampsMs.push(chunk.timestampsMs);
    if (!settings.refine) observations.push(chunk.observations);
  }
  const tracks = settings.refine
    ? await refineTracks(history, {
        scoreThreshold,
        rejoinSeconds: settings.rejoinSeconds,
        ...(reid && settings.knownAgainBy !== 'colours' && { reid }),
        ...(settings.fillGaps ? {} : { fillSeconds: 0 }),
      })
    : confirmedTracks(concatObservations(observations));
  const times = {
    frames: joinNumbers(frames, Int32Array),
    timestampsMs: joinNumbers(timestampsMs, Float64Array),
  };
  return { tracks: fillBetweenDetections(tracks, settings.detectEvery, times.timestampsMs), times };
}
