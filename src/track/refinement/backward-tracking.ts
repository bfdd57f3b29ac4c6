import { iou } from '../box.ts';
import type { Detections } from '../detections.ts';
import { TIME_EPSILON } from '../time.ts';
import { RECOVERED } from '../track.ts';
import type { MeasuredNoise } from './measure-noise.ts';
import { smoothTracklet } from './smooth.ts';
import { Tracklet } from './tracklet.ts';

/**
 * How long a pause ends the search, in seconds: three samples at 15 a second, in which somebody walks a fifth of a height; and how many
 * steps one is at least, however far apart samples are, for one missed sight must not end it.
 */
const PAUSE_SECONDS = 0.2;
const LEAST_PAUSE_STEPS = 2;
/**
 * Least IoU with where the person should have been. Higher: fewer wrong beginnings. Above the 0.5 of a match, because
 * nothing later corrects a wrong step and the scores are low.
 */
const LEAST_IOU = 0.6;
/** Samples kept must cover the reach before tracks that are still collecting evidence. */
const KEPT_SECONDS = 3;

interface PastSample {
  readonly sample: number;
  readonly time: number;
  readonly detections: Detections;
  readonly taken: Uint8Array;
}

/**
 * The last seconds of detections, and which of them belong to somebody, so that a track can be followed backward from
 * its first detection of high confidence through those of low confidence: coming into the picture or out of a shadow, a
 * person is seen before a detector is confident.
 */
export class BackwardTracker {
  readonly #lowScore: number;
  readonly #reachSeconds: number;
  #past: PastSample[] = [];

  /**
   * @param lowScore least score of a detection that may continue a track, 0 to 1
   * @param reachSeconds how far before its first detection of high confidence a person is looked for, at most 1
   */
  constructor(lowScore: number, reachSeconds: number) {
    this.#lowScore = lowScore;
    this.#reachSeconds = reachSeconds;
  }

  /** Remembers a sample; samples come in order. The detections must stay as they are. */
  add(sample: number, time: number, detections: Detections): void {
    this.#past.push({ sample, time, detections, taken: new Uint8Array(detections.count) });
    // Dropped in large pieces, so that forgetting costs nothing per sample.
    if (time - this.#past[0]!.time < 2 * KEPT_SECONDS) return;
    this.#past = this.#past.filter((past) => time - past.time <= KEPT_SECONDS);
  }

  /** Marks a detection of the last sample as somebody's. */
  take(detection: number): void {
    this.#past[this.#past.length - 1]!.taken[detection] = 1;
  }

  /**
   * Follows a track backward from its first element.
   * @param tracklet with what is known of its beginning
   * @param times of all samples in seconds
   * @param noise of this video
   * @returns the track with what was found before it; the same one when nothing was
   */
  extend(tracklet: Tracklet, times: ArrayLike<number>, noise: MeasuredNoise): Tracklet {
    const start = this.#past.findIndex((past) => past.sample === tracklet.first);
    if (start <= 0) return tracklet;
    const axes = smoothTracklet(tracklet, times, noise);
    const velocityX = axes[0]![1]!;
    const velocityY = axes[1]![1]!;
    const expected = Float64Array.from(tracklet.boxes.subarray(0, 4));
    const box = new Float64Array(4);
    const found: { past: PastSample; detection: number }[] = [];
    const begin = times[tracklet.first]!;
    const longest = Math.max(PAUSE_SECONDS, LEAST_PAUSE_STEPS * noise.stepSeconds) + TIME_EPSILON;
    let time = begin;
    for (let i = start - 1; i >= 0; i--) {
      const past = this.#past[i]!;
      if (begin - past.time > this.#reachSeconds + TIME_EPSILON || time - past.time > longest)
        break;
      const step = past.time - time;
      for (let k = 0; k < 4; k++) {
        box[k] = expected[k]! + step * ((k & 1) === 0 ? velocityX : velocityY);
      }
      const detection = this.#nearest(past, box);
      if (detection < 0) continue;
      past.taken[detection] = 1;
      found.push({ past, detection });
      time = past.time;
      for (let k = 0; k < 4; k++) {
        expected[k] = (box[k]! + past.detections.boxes[4 * detection + k]!) / 2;
      }
    }
    if (found.length === 0) return tracklet;
    const longer = new Tracklet();
    for (const { past, detection } of found.reverse()) {
      longer.push(past.sample, past.detections, detection, RECOVERED);
    }
    longer.append(tracklet);
    return longer;
  }

  #nearest(past: PastSample, box: Float64Array): number {
    const { count, boxes, scores } = past.detections;
    let best = -1;
    let most = LEAST_IOU;
    for (let j = 0; j < count; j++) {
      if (past.taken[j] === 1 || !(scores[j]! >= this.#lowScore)) continue;
      const overlap = iou(box, 0, boxes, j);
      if (overlap > most) {
        most = overlap;
        best = j;
      }
    }
    return best;
  }
}
