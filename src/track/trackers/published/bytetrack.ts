import { AssignmentsBuffer } from '../../assignments-buffer.ts';
import { GatedAssignment } from '../../association/gated-assignment.ts';
import { iou } from '../../box.ts';
import type { Detections } from '../../detections.ts';
import { AXIS, correctAxis, predictAxis, startAxis } from '../../filter/kalman.ts';
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

/** Knobs of ByteTrack; defaults are the published settings. */
export interface ByteTrackOptions {
  /** Score from which a detection is high, 0 to 1. Higher: fewer false tracks, more gaps. Default 0.5. */
  readonly scoreThreshold?: number;
  /** Least score of a low detection. Lower: fewer gaps, more drift. Default 0.1. */
  readonly lowScore?: number;
  /** Track activation threshold: how far above the score threshold a new track must start. Higher: fewer false tracks. Default 0.1. */
  readonly activationMargin?: number;
  /** Lost-track buffer: how long a track waits unseen. Longer: bridges occlusions, may pick up somebody else. Default 1. */
  readonly lostTrackSeconds?: number;
  /** Least score-fused IoU of the first pass. Higher: fewer switches, more broken tracks. Default 0.2. */
  readonly minimumIou?: number;
}

const VERSION = 'bytetrack 1';
/** Deviations as shares of the height, a frame: place, and velocity. The aspect ratio has its own, absolute. */
const PLACE = 1 / 20;
const SPEED = 1 / 160;
const ASPECT = 1e-2;
const ASPECT_SPEED = 1e-5;
const ASPECT_OBSERVED = 1e-1;
const MINIMUM_LOW_IOU = 0.5;
const MINIMUM_NEW_IOU = 0.3;
/** IoU from which a lost and a followed track are the same person. */
const DUPLICATE_IOU = 0.85;

interface ByteTrackTrack {
  readonly id: number;
  /** Axes: centre x, centre y, aspect ratio, height. */
  readonly state: Float64Array;
  readonly box: Float64Array;
  readonly born: number;
  lastSeen: number;
  activated: boolean;
  /** Whether matched in the last sample. */
  seen: boolean;
}

interface ByteTrackSnapshot {
  readonly clock: ClockSnapshot;
  readonly nextId: number;
  readonly tracks: readonly (Omit<ByteTrackTrack, 'state' | 'box'> & {
    state: number[];
    box: number[];
  })[];
}

/**
 * ByteTrack: high detections are matched first, by IoU times score; what is left of the tracks seen a moment ago
 * is matched with low detections; new tracks count from their second detection. Memory is in seconds, and the
 * filter knows time. It reports the filtered box. Zhang et al., "ByteTrack: Multi-Object Tracking by Associating
 * Every Detection Box", arXiv 2110.06864, algorithm 1, with the settings of its section 4.1.
 * @param options knobs
 */
export function createByteTrack(options: ByteTrackOptions = {}): Tracker {
  return new ByteTrack(options);
}

class ByteTrack implements Tracker {
  readonly name = 'bytetrack';
  readonly #scoreThreshold: number;
  readonly #lowScore: number;
  readonly #activationScore: number;
  readonly #lostTrackSeconds: number;
  readonly #minimumIou: number;
  readonly #clock = new SampleClock();
  readonly #sample = new SampleBoxes();
  readonly #pairs = new GatedAssignment();
  readonly #output = new AssignmentsBuffer();
  #tracks: ByteTrackTrack[] = [];
  #nextId = 1;

  constructor(options: ByteTrackOptions) {
    this.#scoreThreshold = options.scoreThreshold ?? 0.5;
    this.#lowScore = Math.min(options.lowScore ?? 0.1, this.#scoreThreshold);
    this.#activationScore = Math.min(1, this.#scoreThreshold + (options.activationMargin ?? 0.1));
    this.#lostTrackSeconds = options.lostTrackSeconds ?? 1;
    this.#minimumIou = options.minimumIou ?? 0.2;
  }

  update(detections: Detections, timeSeconds: number): Assignments {
    this.#sample.load(detections, this.#lowScore);
    const { count, scores } = this.#sample;
    const isFirst = Number.isNaN(this.#clock.last);
    const step = this.#clock.tick(timeSeconds);
    const high: number[] = [];
    const low: number[] = [];
    for (let j = 0; j < count; j++) {
      (scores[j]! >= this.#scoreThreshold ? high : low).push(j);
    }
    this.#output.clear();
    for (const track of this.#tracks) predict(track, step);
    const activated = this.#tracks.filter((track) => track.activated);
    const tentative = this.#tracks.filter((track) => !track.activated);
    const followed = new Set(activated.filter((track) => track.seen));
    for (const track of this.#tracks) track.seen = false;

    const second = this.#associate(activated, high, this.#minimumIou, true);
    const unmatched = activated.filter((track) => !track.seen && followed.has(track));
    this.#associate(unmatched, low, MINIMUM_LOW_IOU, false);
    const left = this.#associate(tentative, second, MINIMUM_NEW_IOU, true);
    for (const j of left) this.#begin(j, isFirst);

    this.#tracks = this.#tracks.filter(
      (track) =>
        track.seen ||
        (track.activated && timeSeconds - track.lastSeen <= this.#lostTrackSeconds + 1e-9),
    );
    this.#dropDuplicates();
    return this.#output;
  }

  /** Matches and corrects; returns the detections nobody took. */
  #associate(
    tracks: readonly ByteTrackTrack[],
    candidates: readonly number[],
    gate: number,
    fuse: boolean,
  ): number[] {
    if (tracks.length === 0) return [...candidates];
    const { boxes, scores } = this.#sample;
    this.#pairs.reset(tracks.length, candidates.length);
    for (const [i, track] of tracks.entries()) {
      for (const [k, j] of candidates.entries()) {
        const overlap = iou(track.box, 0, boxes, j);
        const score = fuse ? scores[j]! : 1;
        this.#pairs.set(i, k, overlap * score - gate);
      }
    }
    const match = this.#pairs.solve();
    const taken = new Set<number>();
    for (const [i, track] of tracks.entries()) {
      const k = match[i]!;
      if (k < 0) continue;
      const j = candidates[k]!;
      taken.add(j);
      correct(track, boxes, j);
      track.lastSeen = this.#clock.last;
      track.seen = true;
      track.activated = true;
      this.#report(track, j);
    }
    return candidates.filter((j) => !taken.has(j));
  }

  #begin(j: number, isFirst: boolean): void {
    if (this.#sample.scores[j]! < this.#activationScore) return;
    const track: ByteTrackTrack = {
      id: this.#nextId++,
      state: new Float64Array(4 * AXIS),
      box: new Float64Array(4),
      born: this.#clock.last,
      lastSeen: this.#clock.last,
      activated: isFirst,
      seen: true,
    };
    start(track, this.#sample.boxes, j);
    this.#tracks.push(track);
    this.#report(track, j);
  }

  #report(track: ByteTrackTrack, j: number): void {
    const { scores, indices } = this.#sample;
    const state = track.activated ? CONFIRMED : TENTATIVE;
    this.#output.add(track.id, track.box, 0, scores[j]!, indices[j]!, state);
  }

  /** Of a followed and a lost track on the same person, the one that lived longer stays. */
  #dropDuplicates(): void {
    const dropped = new Set<ByteTrackTrack>();
    const lost = this.#tracks.filter((track) => !track.seen);
    for (const track of this.#tracks) {
      if (!track.seen || !track.activated) continue;
      for (const other of lost) {
        if (iou(track.box, 0, other.box, 0) <= DUPLICATE_IOU) continue;
        const isOlder = track.lastSeen - track.born > other.lastSeen - other.born;
        dropped.add(isOlder ? other : track);
      }
    }
    if (dropped.size > 0) this.#tracks = this.#tracks.filter((track) => !dropped.has(track));
  }

  snapshot(): TrackerSnapshot {
    const state: ByteTrackSnapshot = {
      clock: this.#clock.snapshot(),
      nextId: this.#nextId,
      tracks: this.#tracks.map((track) => ({
        ...track,
        state: Array.from(track.state),
        box: Array.from(track.box),
      })),
    };
    return { tracker: VERSION, state };
  }

  restore(snapshot: TrackerSnapshot): void {
    const state = ownState(snapshot, VERSION) as ByteTrackSnapshot;
    this.#clock.restore(state.clock);
    this.#nextId = state.nextId;
    this.#tracks = state.tracks.map((track) => ({
      ...track,
      state: Float64Array.from(track.state),
      box: Float64Array.from(track.box),
    }));
  }
}

function observe(boxes: Float64Array, box: number): [number, number, number, number] {
  const o = 4 * box;
  const width = boxes[o + 2]! - boxes[o]!;
  const height = boxes[o + 3]! - boxes[o + 1]!;
  return [boxes[o]! + width / 2, boxes[o + 1]! + height / 2, width / height, height];
}

function start(track: ByteTrackTrack, boxes: Float64Array, box: number): void {
  const observed = observe(boxes, box);
  const place = 2 * PLACE * observed[3];
  const speed = 10 * SPEED * observed[3];
  for (let axis = 0; axis < 4; axis++) {
    const deviation = axis === 2 ? ASPECT : place;
    const velocity = axis === 2 ? ASPECT_SPEED : speed;
    const variance = deviation * deviation;
    startAxis(track.state, axis * AXIS, observed[axis]!, variance, velocity * velocity);
  }
  toBox(track);
}

function predict(track: ByteTrackTrack, step: number): void {
  const { state } = track;
  // While lost, a height that was changing would run away: it stays.
  if (!track.seen) state[3 * AXIS + 1] = 0;
  const height = state[3 * AXIS]!;
  for (let axis = 0; axis < 4; axis++) {
    const place = axis === 2 ? ASPECT : PLACE * height;
    const speed = axis === 2 ? ASPECT_SPEED : SPEED * height;
    predictAxis(state, axis * AXIS, step, place * place * step, speed * speed * step);
  }
  toBox(track);
}

function correct(track: ByteTrackTrack, boxes: Float64Array, box: number): void {
  const observed = observe(boxes, box);
  const place = PLACE * track.state[3 * AXIS]!;
  for (let axis = 0; axis < 4; axis++) {
    const deviation = axis === 2 ? ASPECT_OBSERVED : place;
    correctAxis(track.state, axis * AXIS, observed[axis]!, deviation * deviation);
  }
  toBox(track);
}

function toBox({ state, box }: ByteTrackTrack): void {
  const halfHeight = Math.max(1, state[3 * AXIS]!) / 2;
  const halfWidth = Math.max(0.5, halfHeight * state[2 * AXIS]!);
  box[0] = state[0]! - halfWidth;
  box[1] = state[AXIS]! - halfHeight;
  box[2] = state[0]! + halfWidth;
  box[3] = state[AXIS]! + halfHeight;
}
