import { solveAssignment } from '../../association/assignment.ts';
import { GatedAssignment } from '../../association/gated-assignment.ts';
import { CENTRE_X, CENTRE_Y, displacement, iou } from '../../box.ts';
import { withRoom } from '../../columns.ts';
import { AXIS } from '../../filter/kalman.ts';
import { correctSort, predictSort, sortBox, startSort } from '../../filter/sort-motion.ts';
import { TIME_EPSILON } from '../../time.ts';
import { DEFAULT_SCORE_THRESHOLD, type Tracker } from '../../tracker.ts';
import { countMatch, countMiss, hasPassed, type Probation } from './probation.ts';
import { PublishedTracker } from './published-tracker.ts';

/** Knobs of OC-SORT; defaults are the published settings. */
export interface OcSortOptions {
  /** Least score of a detection that is used, 0 to 1. Higher: fewer false tracks, more gaps. Default 0.5. */
  readonly scoreThreshold?: number;
  /** Least IoU of a match, 0 to 1. Higher: fewer switches, more broken tracks. Default 0.3. */
  readonly minimumIou?: number;
  /** Lost-track buffer: how long a track waits unseen. Longer: bridges occlusions, may pick up somebody else. Default 1. */
  readonly lostTrackSeconds?: number;
  /** Matches in a row before a track is confirmed (minimum consecutive frames). Higher: fewer false tracks, later starts. Default 3. */
  readonly minimumConsecutiveSamples?: number;
  /** Weight of direction beside overlap (λ of the paper). Higher: straight walks keep their id, turns lose it. Default 0.2. */
  readonly directionWeight?: number;
  /** Samples over which a direction is taken (Δt of the paper). Higher: steadier, later to turn. Default 3. */
  readonly directionSamples?: number;
}

const VERSION = 'ocsort 1';

interface OcSortTrack extends Probation {
  readonly id: number;
  readonly state: Float64Array;
  /** The state right after the last observation, from which a virtual path starts. */
  readonly observedState: Float64Array;
  readonly expected: Float64Array;
  /** Last observed boxes with their sample ordinals, newest last. */
  readonly recent: { sample: number; box: Float64Array }[];
  lastSeen: number;
}

interface PlainTrack extends Probation {
  readonly id: number;
  readonly state: readonly number[];
  readonly observedState: readonly number[];
  readonly recent: readonly { sample: number; box: readonly number[] }[];
  readonly lastSeen: number;
}

/**
 * OC-SORT: SORT that trusts observations over its own estimates. Matches weigh whether a detection lies in the
 * direction a track was observed to go (OCM, eq. 4), tracks left over get a second chance at their last observed
 * box (OCR), and a track found again first walks a virtual path from where it was last seen (ORU, eq. 3). It
 * reports the observed box. Cao, Pang, Weng, Khirodkar, Kitani, "Observation-Centric SORT", arXiv 2203.14360.
 * @param options knobs
 */
export function createOcSort(options: OcSortOptions = {}): Tracker {
  return new OcSort(options);
}

class OcSort extends PublishedTracker<OcSortTrack, PlainTrack> {
  readonly name = 'ocsort';
  readonly #minimumIou: number;
  readonly #lostTrackSeconds: number;
  readonly #minimumConsecutiveSamples: number;
  readonly #directionWeight: number;
  readonly #directionSamples: number;
  readonly #pairs = new GatedAssignment();
  #cost = new Float64Array(256);
  #match = new Int32Array(16);

  constructor(options: OcSortOptions) {
    super(VERSION, options.scoreThreshold ?? DEFAULT_SCORE_THRESHOLD);
    this.#minimumIou = options.minimumIou ?? 0.3;
    this.#lostTrackSeconds = options.lostTrackSeconds ?? 1;
    this.#minimumConsecutiveSamples = options.minimumConsecutiveSamples ?? 3;
    this.#directionWeight = options.directionWeight ?? 0.2;
    this.#directionSamples = options.directionSamples ?? 3;
  }

  protected override follow(step: number): void {
    const { count } = this.sample;
    this.tracks = this.tracks.filter((track) => {
      predictSort(track.state, step);
      return sortBox(track.state, track.expected, 0);
    });
    const found = this.#matchByOverlapAndDirection();
    this.#recoverByLastBox(found);

    const taken = new Uint8Array(count);
    for (const [i, track] of this.tracks.entries()) {
      const j = found[i]!;
      if (j < 0) {
        countMiss(track);
        continue;
      }
      taken[j] = 1;
      this.#observe(track, j);
      this.#report(track, j);
    }
    for (let j = 0; j < count; j++) if (taken[j] === 0) this.#begin(j);
    this.tracks = this.tracks.filter(
      (track) => this.clock.last - track.lastSeen <= this.#lostTrackSeconds + TIME_EPSILON,
    );
  }

  /** @returns the detection of each track, or -1 */
  #matchByOverlapAndDirection(): Int32Array {
    const { count, boxes, scores } = this.sample;
    const rows = this.tracks.length;
    const found = new Int32Array(rows).fill(-1);
    if (rows === 0 || count === 0) return found;
    this.#cost = withRoom(this.#cost, rows * count);
    this.#match = withRoom(this.#match, rows);
    for (const [i, track] of this.tracks.entries()) {
      for (let j = 0; j < count; j++) {
        const direction = this.#directionWeight * scores[j]! * this.#directionAgreement(track, j);
        this.#cost[i * count + j] = -iou(track.expected, 0, boxes, j) - direction;
      }
    }
    solveAssignment(this.#cost, rows, count, this.#match);
    for (const [i, track] of this.tracks.entries()) {
      const j = this.#match[i]!;
      if (j >= 0 && iou(track.expected, 0, boxes, j) >= this.#minimumIou) found[i] = j;
    }
    return found;
  }

  /** How well the way to a detection continues a track's own: 0.5 the same direction, -0.5 the opposite. */
  #directionAgreement(track: OcSortTrack, j: number): number {
    const { recent } = track;
    const last = recent[recent.length - 1]!;
    const earlier = this.#boxBefore(track, last.sample);
    const from = this.#boxBefore(track, this.samples);
    if (earlier === undefined || from === undefined) return 0;
    const [ax, ay] = way(earlier, 0, last.box, 0);
    const [bx, by] = way(from, 0, this.sample.boxes, j);
    const lengths = Math.sqrt((ax * ax + ay * ay) * (bx * bx + by * by));
    if (lengths === 0) return 0;
    return 0.5 - arcCosine((ax * bx + ay * by) / lengths) / Math.PI;
  }

  /** The box observed `directionSamples` before a sample, or the nearest after that. */
  #boxBefore(track: OcSortTrack, sample: number): Float64Array | undefined {
    return (
      track.recent.find(
        (seen) => seen.sample >= sample - this.#directionSamples && seen.sample < sample,
      )?.box ?? track.recent[track.recent.length - 1]?.box
    );
  }

  /** Second chance for tracks without a match: overlap with where they were last seen. */
  #recoverByLastBox(found: Int32Array): void {
    const { count, boxes } = this.sample;
    const taken = new Set(found);
    const rows = [...found.keys()].filter((i) => found[i]! < 0);
    const columns = Array.from({ length: count }, (_, j) => j).filter((j) => !taken.has(j));
    if (rows.length === 0 || columns.length === 0) return;
    this.#pairs.reset(rows.length, columns.length);
    for (const [r, i] of rows.entries()) {
      const { recent } = this.tracks[i]!;
      const { box } = recent[recent.length - 1]!;
      for (const [c, j] of columns.entries()) {
        this.#pairs.set(r, c, iou(box, 0, boxes, j) - this.#minimumIou);
      }
    }
    const match = this.#pairs.solve();
    for (const [r, i] of rows.entries()) if (match[r]! >= 0) found[i] = columns[match[r]!]!;
  }

  #observe(track: OcSortTrack, j: number): void {
    const last = track.recent[track.recent.length - 1]!;
    if (track.missed > 0) this.#walkVirtualPath(track, last.box, j);
    else correctSort(track.state, this.sample.boxes, j);
    track.observedState.set(track.state);
    track.recent.push({ sample: this.samples, box: this.sample.boxes.slice(4 * j, 4 * j + 4) });
    if (track.recent.length > this.#directionSamples + 2) track.recent.shift();
    track.lastSeen = this.clock.last;
    countMatch(track);
  }

  /** Goes back to the last observation and on to the new one along a straight line, a step a missed sample. */
  #walkVirtualPath(track: OcSortTrack, last: Float64Array, j: number): void {
    const steps = track.missed + 1;
    const frames = (this.clock.last - track.lastSeen) / this.clock.frameSeconds;
    const between = new Float64Array(4);
    track.state.set(track.observedState);
    for (let s = 1; s <= steps; s++) {
      for (let k = 0; k < 4; k++) {
        between[k] = last[k]! + (s / steps) * (this.sample.boxes[4 * j + k]! - last[k]!);
      }
      predictSort(track.state, frames / steps);
      correctSort(track.state, between, 0);
    }
  }

  #begin(j: number): void {
    const state = new Float64Array(4 * AXIS);
    startSort(state, this.sample.boxes, j);
    const track: OcSortTrack = {
      id: this.newId(),
      state,
      observedState: state.slice(),
      expected: new Float64Array(4),
      recent: [{ sample: this.samples, box: this.sample.boxes.slice(4 * j, 4 * j + 4) }],
      lastSeen: this.clock.last,
      missed: 0,
      streak: 0,
    };
    this.tracks.push(track);
    this.#report(track, j);
  }

  #report(track: OcSortTrack, j: number): void {
    const isConfirmed = hasPassed(track, this.samples, this.#minimumConsecutiveSamples);
    this.report(track, this.sample.boxes, j, j, isConfirmed);
  }

  protected override toPlain({ expected: _, ...track }: OcSortTrack): PlainTrack {
    return {
      ...track,
      state: Array.from(track.state),
      observedState: Array.from(track.observedState),
      recent: track.recent.map(({ sample, box }) => ({ sample, box: Array.from(box) })),
    };
  }

  protected override fromPlain(plain: PlainTrack): OcSortTrack {
    return {
      ...plain,
      state: Float64Array.from(plain.state),
      observedState: Float64Array.from(plain.observedState),
      expected: new Float64Array(4),
      recent: plain.recent.map(({ sample, box }) => ({ sample, box: Float64Array.from(box) })),
    };
  }
}

/** From the centre of one box to that of another. */
function way(a: Float64Array, i: number, b: Float64Array, j: number): [number, number] {
  return [displacement(a, i, b, j, CENTRE_X), displacement(a, i, b, j, CENTRE_Y)];
}

/**
 * Arc cosine to 7e-5, by Abramowitz and Stegun, 4.4.45: `Math.acos` may differ between engines in the last digit,
 * and the same input is to give the same output everywhere.
 */
function arcCosine(x: number): number {
  const a = Math.min(1, Math.abs(x));
  const y = Math.sqrt(1 - a) * (1.5707288 + a * (-0.2121144 + a * (0.074261 - 0.0187293 * a)));
  return x < 0 ? Math.PI - y : y;
}
