import { AssignmentsBuffer } from '../../assignments-buffer.ts';
import { solveAssignment } from '../../association/assignment.ts';
import { GatedAssignment } from '../../association/gated-assignment.ts';
import { iou } from '../../box.ts';
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

interface OcSortTrack {
  readonly id: number;
  readonly state: Float64Array;
  /** The state right after the last observation, from which a virtual path starts. */
  readonly observedState: Float64Array;
  readonly expected: Float64Array;
  /** Last observed boxes with their sample ordinals, newest last. */
  readonly recent: { sample: number; box: Float64Array }[];
  lastSeen: number;
  missed: number;
  streak: number;
}

interface OcSortSnapshot {
  readonly clock: ClockSnapshot;
  readonly nextId: number;
  readonly samples: number;
  readonly tracks: readonly {
    id: number;
    state: number[];
    observedState: number[];
    recent: { sample: number; box: number[] }[];
    lastSeen: number;
    missed: number;
    streak: number;
  }[];
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

class OcSort implements Tracker {
  readonly name = 'ocsort';
  readonly #scoreThreshold: number;
  readonly #minimumIou: number;
  readonly #lostTrackSeconds: number;
  readonly #minimumConsecutiveSamples: number;
  readonly #directionWeight: number;
  readonly #directionSamples: number;
  readonly #clock = new SampleClock();
  readonly #sample = new SampleBoxes();
  readonly #pairs = new GatedAssignment();
  readonly #output = new AssignmentsBuffer();
  #tracks: OcSortTrack[] = [];
  #nextId = 1;
  #samples = 0;
  #cost = new Float64Array(256);
  #match = new Int32Array(16);

  constructor(options: OcSortOptions) {
    this.#scoreThreshold = options.scoreThreshold ?? 0.5;
    this.#minimumIou = options.minimumIou ?? 0.3;
    this.#lostTrackSeconds = options.lostTrackSeconds ?? 1;
    this.#minimumConsecutiveSamples = options.minimumConsecutiveSamples ?? 3;
    this.#directionWeight = options.directionWeight ?? 0.2;
    this.#directionSamples = options.directionSamples ?? 3;
  }

  update(detections: Detections, timeSeconds: number): Assignments {
    this.#sample.load(detections, this.#scoreThreshold);
    const step = this.#clock.tick(timeSeconds);
    const { count } = this.#sample;
    this.#samples++;
    this.#output.clear();
    this.#tracks = this.#tracks.filter((track) => {
      predictSort(track.state, step);
      return sortBox(track.state, track.expected, 0);
    });
    const found = this.#matchByOverlapAndDirection();
    this.#recoverByLastBox(found);

    const taken = new Uint8Array(count);
    for (const [i, track] of this.#tracks.entries()) {
      const j = found[i]!;
      if (j < 0) {
        track.missed++;
        track.streak = 0;
        continue;
      }
      taken[j] = 1;
      this.#observe(track, j);
      this.#report(track, j);
    }
    for (let j = 0; j < count; j++) if (taken[j] === 0) this.#begin(j);
    this.#tracks = this.#tracks.filter(
      (track) => timeSeconds - track.lastSeen <= this.#lostTrackSeconds + 1e-9,
    );
    return this.#output;
  }

  /** @returns the detection of each track, or -1 */
  #matchByOverlapAndDirection(): Int32Array {
    const { count, boxes, scores } = this.#sample;
    const rows = this.#tracks.length;
    const found = new Int32Array(rows).fill(-1);
    if (rows === 0 || count === 0) return found;
    if (this.#cost.length < rows * count) this.#cost = new Float64Array(2 * rows * count);
    if (this.#match.length < rows) this.#match = new Int32Array(2 * rows);
    for (const [i, track] of this.#tracks.entries()) {
      for (let j = 0; j < count; j++) {
        const direction = this.#directionWeight * scores[j]! * this.#directionAgreement(track, j);
        this.#cost[i * count + j] = -iou(track.expected, 0, boxes, j) - direction;
      }
    }
    solveAssignment(this.#cost, rows, count, this.#match);
    for (const [i, track] of this.#tracks.entries()) {
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
    const from = this.#boxBefore(track, this.#samples);
    if (earlier === undefined || from === undefined) return 0;
    const [ax, ay] = way(earlier, 0, last.box, 0);
    const [bx, by] = way(from, 0, this.#sample.boxes, j);
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
    const { count, boxes } = this.#sample;
    const taken = new Set(found);
    const rows = [...found.keys()].filter((i) => found[i]! < 0);
    const columns = Array.from({ length: count }, (_, j) => j).filter((j) => !taken.has(j));
    if (rows.length === 0 || columns.length === 0) return;
    this.#pairs.reset(rows.length, columns.length);
    for (const [r, i] of rows.entries()) {
      const { recent } = this.#tracks[i]!;
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
    else correctSort(track.state, this.#sample.boxes, j);
    track.observedState.set(track.state);
    track.recent.push({ sample: this.#samples, box: this.#sample.boxes.slice(4 * j, 4 * j + 4) });
    if (track.recent.length > this.#directionSamples + 2) track.recent.shift();
    track.lastSeen = this.#clock.last;
    track.missed = 0;
    track.streak++;
  }

  /** Goes back to the last observation and on to the new one along a straight line, a step a missed sample. */
  #walkVirtualPath(track: OcSortTrack, last: Float64Array, j: number): void {
    const steps = track.missed + 1;
    const frames = (this.#clock.last - track.lastSeen) / this.#clock.frameSeconds;
    const between = new Float64Array(4);
    track.state.set(track.observedState);
    for (let s = 1; s <= steps; s++) {
      for (let k = 0; k < 4; k++) {
        between[k] = last[k]! + (s / steps) * (this.#sample.boxes[4 * j + k]! - last[k]!);
      }
      predictSort(track.state, frames / steps);
      correctSort(track.state, between, 0);
    }
  }

  #begin(j: number): void {
    const state = new Float64Array(4 * AXIS);
    startSort(state, this.#sample.boxes, j);
    const track: OcSortTrack = {
      id: this.#nextId++,
      state,
      observedState: state.slice(),
      expected: new Float64Array(4),
      recent: [{ sample: this.#samples, box: this.#sample.boxes.slice(4 * j, 4 * j + 4) }],
      lastSeen: this.#clock.last,
      missed: 0,
      streak: 0,
    };
    this.#tracks.push(track);
    this.#report(track, j);
  }

  #report(track: OcSortTrack, j: number): void {
    const confirmed =
      track.streak >= this.#minimumConsecutiveSamples ||
      this.#samples <= this.#minimumConsecutiveSamples;
    const { boxes, scores, indices } = this.#sample;
    const state = confirmed ? CONFIRMED : TENTATIVE;
    this.#output.add(track.id, boxes, j, scores[j]!, indices[j]!, state);
  }

  snapshot(): TrackerSnapshot {
    const state: OcSortSnapshot = {
      clock: this.#clock.snapshot(),
      nextId: this.#nextId,
      samples: this.#samples,
      tracks: this.#tracks.map(({ expected: _, ...track }) => ({
        ...track,
        state: Array.from(track.state),
        observedState: Array.from(track.observedState),
        recent: track.recent.map(({ sample, box }) => ({ sample, box: Array.from(box) })),
      })),
    };
    return { tracker: VERSION, state };
  }

  restore(snapshot: TrackerSnapshot): void {
    const state = ownState(snapshot, VERSION) as OcSortSnapshot;
    this.#clock.restore(state.clock);
    this.#nextId = state.nextId;
    this.#samples = state.samples;
    this.#tracks = state.tracks.map((track) => ({
      ...track,
      state: Float64Array.from(track.state),
      observedState: Float64Array.from(track.observedState),
      expected: new Float64Array(4),
      recent: track.recent.map(({ sample, box }) => ({ sample, box: Float64Array.from(box) })),
    }));
  }
}

/** From the centre of one box to that of another. */
function way(a: Float64Array, i: number, b: Float64Array, j: number): [number, number] {
  const p = 4 * i;
  const q = 4 * j;
  return [
    (b[q]! + b[q + 2]! - a[p]! - a[p + 2]!) / 2,
    (b[q + 1]! + b[q + 3]! - a[p + 1]! - a[p + 3]!) / 2,
  ];
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
