import { AssignmentsBuffer } from '../../assignments-buffer.ts';
import { solveAssignment } from '../../association/assignment.ts';
import { iouMatrix } from '../../box.ts';
import type { Detections } from '../../detections.ts';
import { AXIS } from '../../filter/kalman.ts';
import { correctSort, predictSort, sortBox, startSort } from '../../filter/sort-motion.ts';
import { SampleBoxes } from '../../sample-boxes.ts';
import {
  type Assignments,
  CONFIRMED,
  ownState,
  TENTATIVE,
  type Tracker,
  type TrackerSnapshot,
} from '../../tracker.ts';
import { type ClockSnapshot, SampleClock } from './sample-clock.ts';

/** Knobs of SORT. */
export interface SortOptions {
  /** Least score of a detection that is used, 0 to 1. Higher: fewer false tracks, more gaps. Default 0.5. */
  readonly scoreThreshold?: number;
  /** Least IoU of a match (IoU_min of the paper), 0 to 1. Higher: fewer switches, more broken tracks. Default 0.3. */
  readonly minimumIou?: number;
  /** Samples a track may miss in a row (T_lost). Higher: bridges occlusions, may pick up somebody else. Default 1. */
  readonly lostSamples?: number;
  /** Matches in a row before a track is confirmed (minimum consecutive frames). Higher: fewer false tracks, later starts. Default 3. */
  readonly minimumConsecutiveSamples?: number;
}

const VERSION = 'sort 1';

interface SortTrack {
  readonly id: number;
  /** Four axes u, v, s, r. */
  readonly state: Float64Array;
  /** Samples since the last match. */
  missed: number;
  /** Matches in a row since birth or the last miss. */
  streak: number;
}

interface SortSnapshot {
  readonly clock: ClockSnapshot;
  readonly nextId: number;
  readonly samples: number;
  readonly tracks: readonly { id: number; state: number[]; missed: number; streak: number }[];
}

/**
 * SORT as its paper describes it: a constant-velocity Kalman filter on (u, v, s, r), IoU as the cost of an
 * optimal assignment, deletion after `lostSamples`, a probation of `minimumConsecutiveSamples`. The filter knows time, so a
 * missing sample is a longer step. It reports the filtered box. Bewley, Ge, Ott, Ramos, Upcroft, "Simple Online
 * and Realtime Tracking", arXiv 1602.00763.
 * @param options knobs
 */
export function createSort(options: SortOptions = {}): Tracker {
  return new Sort(options);
}

class Sort implements Tracker {
  readonly name = 'sort';
  readonly #scoreThreshold: number;
  readonly #minimumIou: number;
  readonly #lostSamples: number;
  readonly #minimumConsecutiveSamples: number;
  readonly #clock = new SampleClock();
  readonly #sample = new SampleBoxes();
  readonly #output = new AssignmentsBuffer();
  #tracks: SortTrack[] = [];
  #nextId = 1;
  #samples = 0;
  #predicted = new Float64Array(64);
  #overlaps = new Float64Array(256);
  #cost = new Float64Array(256);
  #match = new Int32Array(16);

  constructor(options: SortOptions) {
    this.#scoreThreshold = options.scoreThreshold ?? 0.5;
    this.#minimumIou = options.minimumIou ?? 0.3;
    this.#lostSamples = options.lostSamples ?? 1;
    this.#minimumConsecutiveSamples = options.minimumConsecutiveSamples ?? 3;
  }

  update(detections: Detections, timeSeconds: number): Assignments {
    this.#sample.load(detections, this.#scoreThreshold);
    const { count, boxes } = this.#sample;
    const step = this.#clock.tick(timeSeconds);
    this.#samples++;
    this.#reserve(Math.max(count, this.#tracks.length), count * this.#tracks.length);

    this.#predict(step);
    const tracks = this.#tracks;
    this.#associate(count);

    const output = this.#output;
    output.clear();
    const taken = new Uint8Array(count);
    for (let i = 0; i < tracks.length; i++) {
      const j = this.#match[i]!;
      const track = tracks[i]!;
      if (j < 0) {
        track.missed++;
        track.streak = 0;
        continue;
      }
      taken[j] = 1;
      correctSort(track.state, boxes, j);
      track.missed = 0;
      track.streak++;
      this.#report(track, j);
    }
    for (let j = 0; j < count; j++) {
      if (taken[j] === 1) continue;
      const state = new Float64Array(4 * AXIS);
      startSort(state, boxes, j);
      const track = { id: this.#nextId++, state, missed: 0, streak: 0 };
      tracks.push(track);
      this.#report(track, j);
    }
    this.#tracks = tracks.filter((track) => track.missed <= this.#lostSamples);
    return output;
  }

  /** Moves every track on; one whose box has no area any more cannot be matched and is dropped. */
  #predict(step: number): void {
    let kept = 0;
    for (const track of this.#tracks) {
      predictSort(track.state, step);
      if (sortBox(track.state, this.#predicted, kept)) this.#tracks[kept++] = track;
    }
    this.#tracks.length = kept;
  }

  /** Fills `#match`: the detection of each track, or -1. */
  #associate(count: number): void {
    const rows = this.#tracks.length;
    iouMatrix(this.#predicted, rows, this.#sample.boxes, count, this.#overlaps);
    for (let i = 0; i < rows * count; i++) this.#cost[i] = -this.#overlaps[i]!;
    solveAssignment(this.#cost, rows, count, this.#match);
    for (let i = 0; i < rows; i++) {
      const j = this.#match[i]!;
      if (j >= 0 && this.#overlaps[i * count + j]! < this.#minimumIou) this.#match[i] = -1;
    }
  }

  #report(track: SortTrack, j: number): void {
    // In the first samples nobody can have passed the probation yet: all are reported, as the authors do.
    const confirmed =
      track.streak >= this.#minimumConsecutiveSamples ||
      this.#samples <= this.#minimumConsecutiveSamples;
    if (!sortBox(track.state, this.#predicted, 0)) return;
    const state = confirmed ? CONFIRMED : TENTATIVE;
    const { scores, indices } = this.#sample;
    this.#output.add(track.id, this.#predicted, 0, scores[j]!, indices[j]!, state);
  }

  #reserve(items: number, pairs: number): void {
    if (this.#match.length < items) {
      this.#match = new Int32Array(2 * items);
      this.#predicted = new Float64Array(8 * items);
    }
    if (this.#cost.length < pairs) {
      this.#cost = new Float64Array(2 * pairs);
      this.#overlaps = new Float64Array(2 * pairs);
    }
  }

  snapshot(): TrackerSnapshot {
    const state: SortSnapshot = {
      clock: this.#clock.snapshot(),
      nextId: this.#nextId,
      samples: this.#samples,
      tracks: this.#tracks.map((track) => ({ ...track, state: Array.from(track.state) })),
    };
    return { tracker: VERSION, state };
  }

  restore(snapshot: TrackerSnapshot): void {
    const state = ownState(snapshot, VERSION) as SortSnapshot;
    this.#clock.restore(state.clock);
    this.#nextId = state.nextId;
    this.#samples = state.samples;
    this.#tracks = state.tracks.map((track) => ({
      ...track,
      state: Float64Array.from(track.state),
    }));
  }
}
