import type { MotRows } from '../src/metrics/mot-text.ts';
import type { Detections } from '../src/track/detections.ts';
import { ObservationLog, type Observations } from '../src/track/observations.ts';
import { recordHistory } from '../src/track/record-history.ts';
import { refineTracks } from '../src/track/refinement/refine.ts';
import type { RefineOptions } from '../src/track/refinement/refine-options.ts';
import type { Track } from '../src/track/track.ts';
import { CONFIRMED, type Tracker } from '../src/track/tracker.ts';
import { createTracker, type TrackerName } from '../src/track/trackers/create-tracker.ts';

/** How to track. */
export interface AssociateOptions {
  readonly tracker: TrackerName;
  readonly scoreThreshold: number;
  readonly refine: boolean;
}

/** Tracks of one sequence and the time they took. */
export interface Association {
  /** In the form of results: ids from 1, frames from 1. */
  readonly rows: MotRows;
  /** Seconds the tracker alone took. */
  readonly trackingSeconds: number;
  /** Seconds refinement took; 0 without. */
  readonly refinementSeconds: number;
}

/**
 * Tracks detections that are all at hand.
 * @param detections of each frame
 * @param frameRate frames a second
 * @param options how
 */
export async function associateSequence(
  detections: readonly Detections[],
  frameRate: number,
  options: AssociateOptions,
): Promise<Association> {
  const { scoreThreshold } = options;
  const tracker = createTracker(options.tracker, { scoreThreshold });
  const start = performance.now();
  if (!options.refine) {
    const observations = observe(tracker, detections, frameRate);
    const trackingSeconds = (performance.now() - start) / 1000;
    return { rows: confirmedRows(observations), trackingSeconds, refinementSeconds: 0 };
  }
  const history = recordHistory(tracker, detections, timesOf(detections, frameRate));
  const middle = performance.now();
  const tracks = await refineTracks(history, { scoreThreshold });
  const end = performance.now();
  return {
    rows: trackRows(tracks),
    trackingSeconds: (middle - start) / 1000,
    refinementSeconds: (end - middle) / 1000,
  };
}

/** A tracker's own output. @param tracker before its first sample */
export function onlineRows(
  tracker: Tracker,
  detections: readonly Detections[],
  frameRate: number,
): MotRows {
  return confirmedRows(observe(tracker, detections, frameRate));
}

/** Output after refinement. @param tracker before its first sample */
export async function refinedRows(
  tracker: Tracker,
  detections: readonly Detections[],
  frameRate: number,
  options: Partial<RefineOptions>,
): Promise<MotRows> {
  const history = recordHistory(tracker, detections, timesOf(detections, frameRate));
  return trackRows(await refineTracks(history, options));
}

function timesOf(detections: readonly Detections[], frameRate: number): Float64Array {
  return Float64Array.from(detections, (_, frame) => frame / frameRate);
}

function observe(
  tracker: Tracker,
  detections: readonly Detections[],
  frameRate: number,
): Observations {
  const times = timesOf(detections, frameRate);
  const log = new ObservationLog();
  for (const [frame, found] of detections.entries()) {
    log.add(frame, tracker.update(found, times[frame]!));
  }
  return log.take();
}

/** What a tracker reports as it goes, reading no later frame: how the literature grades online trackers. */
function confirmedRows(observations: Observations): MotRows {
  const rows = new RowBuilder();
  for (let row = 0; row < observations.count; row++) {
    if (observations.states[row] !== CONFIRMED) continue;
    const { samples, ids, boxes, scores } = observations;
    rows.add(samples[row]!, ids[row]!, boxes, row, scores[row]!);
  }
  return rows.build();
}

function trackRows(tracks: readonly Track[]): MotRows {
  const elements = tracks.flatMap((track) =>
    Array.from(track.samples, (sample, element) => ({ track, sample, element })),
  );
  elements.sort((a, b) => a.sample - b.sample || a.track.index - b.track.index);
  const rows = new RowBuilder();
  for (const { track, sample, element } of elements) {
    rows.add(sample, track.index + 1, track.boxes, element, track.scores[element]!);
  }
  return rows.build();
}

class RowBuilder {
  readonly #frames: number[] = [];
  readonly #ids: number[] = [];
  readonly #boxes: number[] = [];
  readonly #scores: number[] = [];

  add(sample: number, id: number, boxes: Float32Array, box: number, score: number): void {
    const [left, top, right, bottom] = boxes.subarray(4 * box, 4 * box + 4);
    this.#frames.push(sample + 1);
    this.#ids.push(id);
    this.#boxes.push(left!, top!, right! - left!, bottom! - top!);
    this.#scores.push(score);
  }

  build(): MotRows {
    return {
      count: this.#frames.length,
      frames: Int32Array.from(this.#frames),
      ids: Int32Array.from(this.#ids),
      boxes: Float64Array.from(this.#boxes),
      scores: Float64Array.from(this.#scores),
    };
  }
}
