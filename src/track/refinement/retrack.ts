import type { Appearance } from '../appearance/appearance.ts';
import { withRoom } from '../columns.ts';
import type { Detections } from '../detections.ts';
import type { History } from '../history.ts';
import { TIME_EPSILON } from '../time.ts';
import { OBSERVED } from '../track.ts';
import { CONFIRMED, type Tracker } from '../tracker.ts';
import { AdaptiveThreshold } from '../trackers/footpath/adaptive-threshold.ts';
import { createFootpath, LEAST_LOST_SAMPLES } from '../trackers/footpath/footpath.ts';
import { FOOTPATH_DEFAULTS } from '../trackers/footpath/footpath-options.ts';
import { BackwardTracker } from './backward-tracking.ts';
import type { MeasuredNoise } from './measure-noise.ts';
import type { RefineOptions } from './refine-options.ts';
import { Tracklet } from './tracklet.ts';

/** Elements after which smoothing no longer changes the velocity at the first, two thirds of a second at 15 a second. */
const SETTLED = 10;
/** More detections than any sample has: makes one number of a sample's ordinal and a detection's. */
const DETECTIONS = 2 ** 20;

/** What tracking a stored job anew gives. */
export interface Retracked {
  /** In order of their ends. */
  readonly tracklets: Tracklet[];
  /** Time of every sample in seconds. */
  readonly times: Float64Array;
  /** The adaptive threshold: the score from which detections of this video are to be trusted. */
  readonly adaptiveThreshold: number;
  /** Mean score of the detections of high confidence; the threshold where there are none. */
  readonly typicalScore: number;
}

/**
 * Tracks a stored job anew with the footpath tracker, now that it is known how people of this video move: an
 * ensemble with different expectations, of which the majority must agree that a detection continues another, so that no
 * single setting decides; then follows each track backward before its first detection of high confidence.
 * @param history read once, in order
 * @param noise measured in this video
 * @param appearance what it tells in this video
 * @param options of refinement
 */
export async function retrack(
  history: History,
  noise: MeasuredNoise,
  appearance: Appearance,
  options: RefineOptions,
): Promise<Retracked> {
  const { scoreThreshold, tracking } = options;
  const acceleration = trackingAcceleration(noise);
  const members = options.ensemble.map((factor) => {
    const motion = { ...FOOTPATH_DEFAULTS.noise, acceleration: factor * acceleration };
    return new EnsembleMember(
      createFootpath({ scoreThreshold, noise: motion, appearance, ...tracking }),
    );
  });
  const { adaptiveThresholdShare, lowScore } = { ...FOOTPATH_DEFAULTS, ...tracking };
  const threshold = new AdaptiveThreshold(scoreThreshold, adaptiveThresholdShare);
  const backward = new BackwardTracker(lowScore, options.backwardTrackingSeconds);
  /** Tracklets that may go on, by the key of their last detection. */
  const tails = new Map<number, Tracklet>();
  const done: Tracklet[] = [];
  const times: number[] = [];
  let highCount = 0;
  let highSum = 0;

  const retire = (before: number): void => {
    for (const [key, tail] of tails) {
      if (times[tail.last]! >= before) continue;
      tails.delete(key);
      // Where samples are far apart, or there is but one, it is a visit of its own, and nothing of it could be confirmed.
      const isVisit =
        times.length === 1 || noise.stepSeconds >= options.minimumSeconds - TIME_EPSILON;
      if (tail.length < 2 ? !isVisit : !tail.isConfirmed) continue;
      const whole = tail.length < SETTLED ? backward.extend(tail, times, noise) : tail;
      whole.trim();
      done.push(whole);
    }
  };

  for (let c = 0; c < history.chunkCount; c++) {
    const chunk = await history.chunk(c);
    const length = (chunk.features?.length ?? 0) / chunk.scores.length;
    for (let i = 0; i < chunk.times.length; i++) {
      const sample = chunk.firstSample + i;
      const from = chunk.offsets[i]!;
      const to = chunk.offsets[i + 1]!;
      const detections: Detections = {
        count: to - from,
        boxes: chunk.boxes.subarray(4 * from, 4 * to),
        scores: chunk.scores.subarray(from, to),
        ...(chunk.spreads && { spreads: chunk.spreads.subarray(4 * from, 4 * to) }),
        ...(chunk.features && { features: chunk.features.subarray(length * from, length * to) }),
      };
      times.push(chunk.times[i]!);
      backward.add(sample, chunk.times[i]!, detections);
      for (const member of members) member.update(sample, detections, chunk.times[i]!);
      for (let j = 0; j < detections.count; j++) {
        const score = detections.scores[j]!;
        if (score >= scoreThreshold) {
          highCount++;
          highSum += score;
        }
        const isTaken = members.some((member) => member.takes(j));
        if (score >= lowScore) threshold.observe(score, isTaken);
        if (!isTaken) continue;
        backward.take(j);
        const predecessor = majorityVote(members, j);
        let tracklet = tails.get(predecessor) ?? new Tracklet();
        tails.delete(predecessor);
        tracklet.push(sample, detections, j, OBSERVED);
        tracklet.isConfirmed ||= members.some((member) => member.confirms(j));
        if (tracklet.length === SETTLED) tracklet = backward.extend(tracklet, times, noise);
        tails.set(sample * DETECTIONS + j, tracklet);
      }
      // Sample by sample, so that the answer does not depend on how the history is cut into chunks.
      const step = sample === 0 ? 0 : times[sample]! - times[sample - 1]!;
      retire(
        chunk.times[i]! -
          Math.max(FOOTPATH_DEFAULTS.lostTrackSeconds, LEAST_LOST_SAMPLES * step) -
          TIME_EPSILON,
      );
    }
  }
  retire(Infinity);
  return {
    tracklets: done,
    times: Float64Array.from(times),
    adaptiveThreshold: threshold.leastScore,
    typicalScore: highCount > 0 ? highSum / highCount : scoreThreshold,
  };
}

/** One of the ensemble: which detection it says came before each of this sample's. */
class EnsembleMember {
  readonly #tracker: Tracker;
  /** Key of the last detection of each track. */
  readonly #last = new Map<number, number>();
  readonly #lastIds = new Map<number, number>();
  #predecessors = new Float64Array(0);
  #states = new Int8Array(0);

  constructor(tracker: Tracker) {
    this.#tracker = tracker;
  }

  update(sample: number, detections: Detections, time: number): void {
    const seen = this.#tracker.update(detections, time);
    this.#predecessors = withRoom(this.#predecessors, detections.count);
    this.#states = withRoom(this.#states, detections.count);
    this.#predecessors.fill(NOTHING);
    this.#states.fill(NOTHING);
    for (let row = 0; row < seen.count; row++) {
      const id = seen.ids[row]!;
      const detection = seen.detections[row]!;
      this.#predecessors[detection] = this.#last.get(id) ?? NOTHING;
      this.#states[detection] = seen.states[row]!;
      this.#last.set(id, sample * DETECTIONS + detection);
      this.#lastIds.set(id, time);
    }
    if (sample % FORGET_EVERY === 0) this.#forget(time);
  }

  takes(detection: number): boolean {
    return this.#states[detection] !== NOTHING;
  }

  confirms(detection: number): boolean {
    return this.#states[detection] === CONFIRMED;
  }

  /** Key of the detection before this one, or NOTHING. */
  predecessor(detection: number): number {
    return this.#predecessors[detection]!;
  }

  #forget(time: number): void {
    for (const [id, seen] of this.#lastIds) {
      if (time - seen <= FORGET_SECONDS) continue;
      this.#lastIds.delete(id);
      this.#last.delete(id);
    }
  }
}

const NOTHING = -1;
const FORGET_EVERY = 512;
/** Longer than any tracker remembers. */
const FORGET_SECONDS = 60;

/** The predecessor that the majority names; NOTHING where it names none. At most one can have it. */
function majorityVote(members: readonly EnsembleMember[], detection: number): number {
  for (const member of members) {
    const key = member.predecessor(detection);
    if (key === NOTHING) continue;
    let votes = 0;
    for (const other of members) if (other.predecessor(detection) === key) votes++;
    if (2 * votes > members.length) return key;
  }
  return NOTHING;
}

/**
 * Acceleration expected of one person at one moment, (heights/s)² a second: a floor, which is about what walkers have
 * (`FOOTPATH_DEFAULTS.calmAcceleration`), because the median over the video does not know who turns next; and a share of
 * the two measured ones, of which 0.5 would be their mean, 1 their sum: people move along one line more than across it.
 * Neither is a fine choice: the ensemble tries half and double of what comes out.
 */
const ACCELERATION_FLOOR = FOOTPATH_DEFAULTS.calmAcceleration;
const ACCELERATION_SHARE = 0.7;

function trackingAcceleration({ acceleration }: MeasuredNoise): number {
  return ACCELERATION_FLOOR + ACCELERATION_SHARE * (acceleration[0]! + acceleration[1]!);
}
