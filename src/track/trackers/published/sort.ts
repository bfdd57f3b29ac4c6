import { solveAssignment } from '../../association/assignment.ts';
import { iouMatrix } from '../../box.ts';
import { withRoom } from '../../columns.ts';
import { AXIS } from '../../filter/kalman.ts';
import { correctSort, predictSort, sortBox, startSort } from '../../filter/sort-motion.ts';
import { DEFAULT_SCORE_THRESHOLD, type Tracker } from '../../tracker.ts';
import { countMatch, countMiss, hasPassed, type Probation } from './probation.ts';
import { PublishedTracker } from './published-tracker.ts';

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

interface SortTrack extends Probation {
  readonly id: number;
  /** Four axes u, v, s, r. */
  readonly state: Float64Array;
}

type PlainTrack = Omit<SortTrack, 'state'> & { readonly state: readonly number[] };

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

class Sort extends PublishedTracker<SortTrack, PlainTrack> {
  readonly name = 'sort';
  readonly #minimumIou: number;
  readonly #lostSamples: number;
  readonly #minimumConsecutiveSamples: number;
  #predicted = new Float64Array(64);
  #overlaps = new Float64Array(256);
  #cost = new Float64Array(256);
  #match = new Int32Array(16);

  constructor(options: SortOptions) {
    super(VERSION, options.scoreThreshold ?? DEFAULT_SCORE_THRESHOLD);
    this.#minimumIou = options.minimumIou ?? 0.3;
    this.#lostSamples = options.lostSamples ?? 1;
    this.#minimumConsecutiveSamples = options.minimumConsecutiveSamples ?? 3;
  }

  protected override follow(step: number): void {
    const { count, boxes } = this.sample;
    this.#reserve(Math.max(count, this.tracks.length), count * this.tracks.length);
    this.#predict(step);
    this.#associate(count);
    const taken = new Uint8Array(count);
    for (const [i, track] of this.tracks.entries()) {
      const j = this.#match[i]!;
      if (j < 0) {
        countMiss(track);
        continue;
      }
      taken[j] = 1;
      correctSort(track.state, boxes, j);
      countMatch(track);
      this.#report(track, j);
    }
    for (let j = 0; j < count; j++) {
      if (taken[j] === 1) continue;
      const state = new Float64Array(4 * AXIS);
      startSort(state, boxes, j);
      const track = { id: this.newId(), state, missed: 0, streak: 0 };
      this.tracks.push(track);
      this.#report(track, j);
    }
    this.tracks = this.tracks.filter((track) => track.missed <= this.#lostSamples);
  }

  /** Moves every track on; one whose box has no area any more cannot be matched and is dropped. */
  #predict(step: number): void {
    let kept = 0;
    for (const track of this.tracks) {
      predictSort(track.state, step);
      if (sortBox(track.state, this.#predicted, kept)) this.tracks[kept++] = track;
    }
    this.tracks.length = kept;
  }

  /** Fills `#match`: the detection of each track, or -1. */
  #associate(count: number): void {
    const rows = this.tracks.length;
    iouMatrix(this.#predicted, rows, this.sample.boxes, count, this.#overlaps);
    for (let i = 0; i < rows * count; i++) this.#cost[i] = -this.#overlaps[i]!;
    solveAssignment(this.#cost, rows, count, this.#match);
    for (let i = 0; i < rows; i++) {
      const j = this.#match[i]!;
      if (j >= 0 && this.#overlaps[i * count + j]! < this.#minimumIou) this.#match[i] = -1;
    }
  }

  #report(track: SortTrack, j: number): void {
    if (!sortBox(track.state, this.#predicted, 0)) return;
    const isConfirmed = hasPassed(track, this.samples, this.#minimumConsecutiveSamples);
    this.report(track, this.#predicted, 0, j, isConfirmed);
  }

  #reserve(items: number, pairs: number): void {
    this.#match = withRoom(this.#match, items);
    this.#predicted = withRoom(this.#predicted, 4 * items);
    this.#cost = withRoom(this.#cost, pairs);
    this.#overlaps = withRoom(this.#overlaps, pairs);
  }

  protected override toPlain(track: SortTrack): PlainTrack {
    return { ...track, state: Array.from(track.state) };
  }

  protected override fromPlain(plain: PlainTrack): SortTrack {
    return { ...plain, state: Float64Array.from(plain.state) };
  }
}
