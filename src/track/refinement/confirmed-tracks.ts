import type { Observations } from '../observations.ts';
import { OBSERVED, type Track } from '../track.ts';
import { CONFIRMED } from '../tracker.ts';

/**
 * The final tracks of an online tracker: tracks that were never confirmed are dropped, a confirmed one gets back
 * what was seen of it while it was on probation, but not what the tracker held back later, and people are numbered from 0 in order of first appearance
 * (in the same sample: of track id).
 * @param observations all rows of the job, in order of time
 */
export function confirmedTracks(observations: Observations): Track[] {
  const { count, ids, states, samples, boxes, scores } = observations;
  /** Row from which each track is confirmed. */
  const confirmedAt = new Map<number, number>();
  for (let row = 0; row < count; row++) {
    if (states[row] === CONFIRMED && !confirmedAt.has(ids[row]!)) confirmedAt.set(ids[row]!, row);
  }
  const counts = (row: number): boolean => {
    const confirmed = confirmedAt.get(ids[row]!);
    return confirmed !== undefined && (states[row] === CONFIRMED || row < confirmed);
  };
  const lengths = new Map<number, number>();
  for (let row = 0; row < count; row++) {
    if (counts(row)) lengths.set(ids[row]!, (lengths.get(ids[row]!) ?? 0) + 1);
  }
  const tracks = new Map<number, Omit<Track, 'index'> & { filled: number }>();
  for (let row = 0; row < count; row++) {
    const id = ids[row]!;
    if (!counts(row)) continue;
    let track = tracks.get(id);
    if (track === undefined) {
      const length = lengths.get(id)!;
      track = {
        samples: new Int32Array(length),
        boxes: new Float32Array(4 * length),
        scores: new Float32Array(length),
        flags: new Uint8Array(length).fill(OBSERVED),
        filled: 0,
      };
      tracks.set(id, track);
    }
    const element = track.filled++;
    track.samples[element] = samples[row]!;
    track.boxes.set(boxes.subarray(4 * row, 4 * row + 4), 4 * element);
    track.scores[element] = scores[row]!;
  }
  return numberTracks([...tracks].sort((a, b) => a[0] - b[0]).map(([, track]) => track));
}

/**
 * Numbers people from 0 without gaps in order of first appearance; in the same sample, the order given decides.
 * @param tracks without numbers, each with at least one element
 */
export function numberTracks(tracks: readonly Omit<Track, 'index'>[]): Track[] {
  return [...tracks]
    .sort((a, b) => a.samples[0]! - b.samples[0]!)
    .map(({ samples, boxes, scores, flags }, index) => ({ index, samples, boxes, scores, flags }));
}
