import type { Detections } from './detections.ts';
import { createFootpath, FOOTPATH_DEFAULTS, type FootpathOptions } from './footpath.ts';
import type { History } from './history.ts';
import { Lookback } from './lookback.ts';
import type { MeasuredNoise } from './measure-noise.ts';
import { OBSERVED } from './track.ts';
import { CONFIRMED } from './tracker.ts';
import { Tracklet } from './tracklet.ts';

/** Elements after which a track's beginning is known well enough to look for what came before. */
const SETTLED = 10;

/** What tracking a stored job anew gives. */
export interface Retracked {
  /** In order of their ends. */
  readonly tracklets: Tracklet[];
  /** Time of every sample in seconds. */
  readonly times: Float64Array;
  /** Mean score of the sure detections; the threshold where there are none. */
  readonly typicalScore: number;
}

/**
 * Tracks a stored job anew with the footpath tracker, now that it is known how people of this video move, and
 * follows each track back before its first sure detection.
 * @param history read once, in order
 * @param noise measured in this video
 * @param scoreThreshold score from which a detection is sure
 * @param knobs of the tracker that differ from its defaults
 */
export async function retrack(
  history: History,
  noise: MeasuredNoise,
  scoreThreshold: number,
  knobs: Partial<FootpathOptions> = {},
): Promise<Retracked> {
  const usual = FOOTPATH_DEFAULTS.noise;
  const tracker = createFootpath({
    scoreThreshold,
    noise: { ...usual, acceleration: trackingAcceleration(noise) },
    ...knobs,
  });
  const lookback = new Lookback(FOOTPATH_DEFAULTS.lowScore);
  const active = new Map<number, Tracklet>();
  const done: Tracklet[] = [];
  const times: number[] = [];
  let sureCount = 0;
  let sureSum = 0;

  const settle = (id: number, tracklet: Tracklet): Tracklet => {
    const extended = lookback.extend(tracklet, times, noise);
    active.set(id, extended);
    return extended;
  };
  const retire = (before: number): void => {
    for (const [id, tracklet] of active) {
      if (times[tracklet.last]! >= before) continue;
      active.delete(id);
      if (!tracklet.isConfirmed) continue;
      tracklet.trim();
      done.push(tracklet);
    }
  };

  for (let c = 0; c < history.chunkCount; c++) {
    const chunk = await history.chunk(c);
    for (let i = 0; i < chunk.times.length; i++) {
      const sample = chunk.firstSample + i;
      const time = chunk.times[i]!;
      const from = chunk.offsets[i]!;
      const to = chunk.offsets[i + 1]!;
      const detections: Detections = {
        count: to - from,
        boxes: chunk.boxes.subarray(4 * from, 4 * to),
        scores: chunk.scores.subarray(from, to),
      };
      times.push(time);
      lookback.add(sample, time, detections);
      for (const score of detections.scores) {
        if (!(score >= scoreThreshold)) continue;
        sureCount++;
        sureSum += score;
      }
      const seen = tracker.update(detections, time);
      for (let row = 0; row < seen.count; row++) {
        const id = seen.ids[row]!;
        const detection = seen.detections[row]!;
        let tracklet = active.get(id);
        if (tracklet === undefined) {
          tracklet = new Tracklet();
          active.set(id, tracklet);
        }
        lookback.take(detection);
        tracklet.push(sample, detections.boxes, detection, seen.scores[row]!, OBSERVED);
        if (seen.states[row] === CONFIRMED) tracklet.isConfirmed = true;
        if (tracklet.length === SETTLED) settle(id, tracklet);
      }
    }
    retire((times[times.length - 1] ?? 0) - FOOTPATH_DEFAULTS.memorySeconds - 1e-6);
  }
  retire(Infinity);
  return {
    tracklets: done,
    times: Float64Array.from(times),
    typicalScore: sureCount > 0 ? sureSum / sureCount : scoreThreshold,
  };
}

/**
 * The measured acceleration with room for turns, on a floor: what one person does at one moment is less sure than
 * what all do over the whole video. Across and down count alike.
 */
function trackingAcceleration(noise: MeasuredNoise): number {
  return 0.5 + noise.acceleration[0]! + noise.acceleration[1]!;
}
