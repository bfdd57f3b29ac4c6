import { finishTracks as finishObservations } from '../track/finish.ts';
import { concatObservations, type Observations } from '../track/observations.ts';
import type { Track } from '../track/track.ts';
import type { SampleTimes } from './results.ts';
import type { SampleChunk } from './sample-chunk.ts';

/**
 * Turns the stored samples of a job into people's paths.
 * @param chunks in order, read once
 */
export async function finishTracks(
  chunks: AsyncIterable<SampleChunk>,
): Promise<{ tracks: Track[]; times: SampleTimes }> {
  const observations: Observations[] = [];
  const frames: Int32Array[] = [];
  const timestampsMs: Int32Array[] = [];
  for await (const chunk of chunks) {
    observations.push(chunk.observations);
    frames.push(chunk.frames);
    timestampsMs.push(chunk.timestampsMs);
  }
  return {
    tracks: finishObservations(concatObservations(observations)),
    times: { frames: join(frames), timestampsMs: join(timestampsMs) },
  };
}

function join(parts: readonly Int32Array[]): Int32Array {
  const joined = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
