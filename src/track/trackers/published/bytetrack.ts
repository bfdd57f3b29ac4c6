import { GatedAssignment } from '../../association/gated-assignment.ts';
import { boxCoordinate, CENTRE_X, CENTRE_Y, HEIGHT, iou, WIDTH, writeBox } from '../../box.ts';
import { AXIS, correctAxis, predictAxis, startAxis } from '../../filter/kalman.ts';
import { TIME_EPSILON } from '../../time.ts';
import { DEFAULT_SCORE_THRESHOLD, type Tracker } from '../../tracker.ts';
import { PublishedTracker } from './published-tracker.ts';

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

const VERSION = 'bytetrack 2';
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

type PlainTrack = Omit<ByteTrackTrack, 'state' | 'box'> & {
  readonly state: readonly number[];
  readonly box: readonly number[];
};

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

class ByteTrack extends PublishedTracker<ByteTrackTrack, PlainTrack> {
  readonly name = 'bytetrack';
  readonly #scoreThreshold: number;
  readonly #activationScore: number;
  readonly #lostTrackSeconds: number;
  readonly #minimumIou: number;
  readonly #pairs = new GatedAssignment();

  constructor(options: ByteTrackOptions) {
    const scoreThreshold = options.scoreThreshold ?? DEFAULT_SCORE_THRESHOLD;
    super(VERSION, Math.min(options.lowScore ?? 0.1, scoreThreshold));
    this.#scoreThreshold = scoreThreshold;
    this.#activationScore = Math.min(1, this.#scoreThreshold + (options.activationMargin ?? 0.1));
    this.#lostTrackSeconds = options.lostTrackSeconds ?? 1;
    this.#minimumIou = options.minimumIou ?? 0.2;
  }

  protected override follow(step: number): void {
    const { count, scores } = this.sample;
    const high: number[] = [];
    const low: number[] = [];
    for (let j = 0; j < count; j++) {
      (scores[j]! >= this.#scoreThreshold ? high : low).push(j);
    }
    for (const track of this.tracks) predict(track, step);
    const activated = this.tracks.filter((track) => track.activated);
    const tentative = this.tracks.filter((track) => !track.activated);
    const followed = new Set(activated.filter((track) => track.seen));
    for (const track of this.tracks) track.seen = false;

    const second = this.#associate(activated, high, this.#minimumIou, true);
    const unmatched = activated.filter((track) => !track.seen && followed.has(track));
    this.#associate(unmatched, low, MINIMUM_LOW_IOU, false);
    const left = this.#associate(tentative, second, MINIMUM_NEW_IOU, true);
    for (const j of left) this.#begin(j);

    this.tracks = this.tracks.filter(
      (track) =>
        track.seen ||
        (track.activated &&
          this.clock.last - track.lastSeen <= this.#lostTrackSeconds + TIME_EPSILON),
    );
    this.#dropDuplicates();
  }

  /** Matches and corrects; returns the detections nobody took. */
  #associate(
    tracks: readonly ByteTrackTrack[],
    candidates: readonly number[],
    gate: number,
    fuse: boolean,
  ): number[] {
    if (tracks.length === 0) return [...candidates];
    const { boxes, scores } = this.sample;
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
      track.lastSeen = this.clock.last;
      track.seen = true;
      track.activated = true;
      this.#report(track, j);
    }
    return candidates.filter((j) => !taken.has(j));
  }

  #begin(j: number): void {
    if (this.sample.scores[j]! < this.#activationScore) return;
    const track: ByteTrackTrack = {
      id: this.newId(),
      state: new Float64Array(4 * AXIS),
      box: new Float64Array(4),
      born: this.clock.last,
      lastSeen: this.clock.last,
      activated: this.samples === 1,
      seen: true,
    };
    start(track, this.sample.boxes, j);
    this.tracks.push(track);
    this.#report(track, j);
  }

  #report(track: ByteTrackTrack, j: number): void {
    this.report(track, track.box, 0, j, track.activated);
  }

  /** Of a followed and a lost track on the same person, the one that lived longer stays. */
  #dropDuplicates(): void {
    const dropped = new Set<ByteTrackTrack>();
    const lost = this.tracks.filter((track) => !track.seen);
    for (const track of this.tracks) {
      if (!track.seen || !track.activated) continue;
      for (const other of lost) {
        if (iou(track.box, 0, other.box, 0) <= DUPLICATE_IOU) continue;
        const isOlder = track.lastSeen - track.born > other.lastSeen - other.born;
        dropped.add(isOlder ? other : track);
      }
    }
    if (dropped.size > 0) this.tracks = this.tracks.filter((track) => !dropped.has(track));
  }

  protected override toPlain(track: ByteTrackTrack): PlainTrack {
    return { ...track, state: Array.from(track.state), box: Array.from(track.box) };
  }

  protected override fromPlain(plain: PlainTrack): ByteTrackTrack {
    return {
      ...plain,
      state: Float64Array.from(plain.state),
      box: Float64Array.from(plain.box),
    };
  }
}

function observe(boxes: Float64Array, box: number): [number, number, number, number] {
  const height = boxCoordinate(boxes, box, HEIGHT);
  return [
    boxCoordinate(boxes, box, CENTRE_X),
    boxCoordinate(boxes, box, CENTRE_Y),
    boxCoordinate(boxes, box, WIDTH) / height,
    height,
  ];
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
  const height = Math.max(1, state[3 * AXIS]!);
  const width = Math.max(1, height * state[2 * AXIS]!);
  writeBox(box, 0, state[0]!, state[AXIS]!, width, height);
}
