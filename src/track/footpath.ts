import type { Look } from './appearance.ts';
import { AssignmentsBuffer } from './assignments-buffer.ts';
import { bufferedIou, heightOverlap, iou } from './box.ts';
import {
  correctMotion,
  MOTION,
  type MotionNoise,
  motionBox,
  predictMotion,
  startMotion,
} from './box-motion.ts';
import { CameraShift } from './camera-shift.ts';
import type { Detections } from './detections.ts';
import { FOOTPATH_DEFAULTS, type FootpathOptions } from './footpath-options.ts';
import { GatedAssignment } from './gated-assignment.ts';
import { AXIS } from './kalman.ts';
import { MotionMeter, TRAIL } from './motion-meter.ts';
import { SampleLooks } from './sample-looks.ts';
import {
  type Assignments,
  CONFIRMED,
  ownState,
  TENTATIVE,
  type Tracker,
  type TrackerSnapshot,
} from './tracker.ts';
import { usableDetections } from './usable-detections.ts';

const VERSION = 'footpath 3';
/** Matches from which a velocity is known well enough to tell the camera's motion by it. */
const SETTLED_HITS = 3;

interface Person {
  readonly id: number;
  readonly motion: Float64Array;
  /** Last observed box. */
  readonly box: Float64Array;
  /** What {@link MotionMeter} needs of it. */
  readonly trail: Float64Array;
  /** Where the person is expected in this sample. */
  readonly expected: Float64Array;
  lastSeen: number;
  hits: number;
  meanScore: number;
  /** Past its second match, or there from the first sample on. */
  trusted: boolean;
  /** Whether matched in the last sample. */
  seen: boolean;
  /** How the person looked of late; undefined before they were well seen. */
  look: Look | undefined;
}

interface FootpathSnapshot {
  readonly time: number | null;
  readonly nextId: number;
  readonly meter: readonly number[];
  readonly people: readonly (Omit<Person, 'motion' | 'box' | 'trail' | 'expected' | 'look'> & {
    motion: number[];
    box: number[];
    trail: number[];
    look: number[] | null;
  })[];
}

/**
 * Our online tracker: a Kalman filter on centre, width and height with noise in heights and true time steps;
 * sure detections first, unsure ones second (ByteTrack, arXiv 2110.06864); similarity by buffered overlap (C-BIoU,
 * arXiv 2211.14317), overlap in height (Hybrid-SORT, arXiv 2308.00783) and score; unlike looks, where the detector describes them; camera jumps taken
 * out; gates inside the assignment. Each part is there because it pays: docs/accuracy.md has the table.
 * @param options knobs; what is left out is {@link FOOTPATH_DEFAULTS}
 */
export function createFootpath(options: Partial<FootpathOptions> = {}): Tracker {
  return new Footpath({ ...FOOTPATH_DEFAULTS, ...options }, options.noise === undefined);
}

class Footpath implements Tracker {
  readonly name = 'footpath';
  readonly #options: FootpathOptions;
  readonly #learns: boolean;
  readonly #meter: MotionMeter;
  readonly #camera = new CameraShift();
  readonly #pairs = new GatedAssignment();
  readonly #looks = new SampleLooks();
  readonly #output = new AssignmentsBuffer();
  #people: Person[] = [];
  #noise: MotionNoise;
  #time = Number.NaN;
  #step = 0;
  #nextId = 1;
  // Scratch of one update: the usable detections, and which of them are sure, unsure, still free.
  #usable = new Int32Array(16);
  #boxes = new Float64Array(64);
  #scores = new Float64Array(16);
  #free = new Uint8Array(16);
  #candidates = new Int32Array(16);
  #gathered = new Float64Array(64);

  /** @param learns whether the acceleration is learnt */
  constructor(options: FootpathOptions, learns: boolean) {
    this.#options = options;
    this.#learns = learns;
    this.#meter = new MotionMeter(options.noise.acceleration);
    this.#noise = options.noise;
  }

  update(detections: Detections, timeSeconds: number): Assignments {
    const options = this.#options;
    const lowest = Math.min(options.lowScore, options.scoreThreshold);
    const usable = usableDetections(detections, lowest, this.#usable);
    this.#usable = usable.indices;
    const { count } = usable;
    const isFirst = Number.isNaN(this.#time);
    this.#tick(timeSeconds);
    this.#load(detections, count);
    this.#output.clear();
    if (this.#learns) {
      this.#noise = { ...options.noise, acceleration: this.#meter.acceleration };
    }
    for (const person of this.#people) this.#expect(person);

    const trusted = this.#people.filter((person) => person.trusted);
    const fresh = this.#people.filter((person) => !person.trusted);
    if (options.cameraShift) this.#followCamera(trusted, count);
    for (const person of this.#people) person.seen = false;

    const sure = options.scoreThreshold;
    this.#associate(trusted, count, sure, 2, options.minimumSimilarity, 0);
    const unseen = trusted.filter((person) => !person.seen);
    const penalty = options.unsurePenaltyPerSecond;
    this.#associate(unseen, count, lowest, sure, options.minimumUnsureSimilarity, penalty);
    this.#associate(fresh, count, sure, 2, options.minimumNewSimilarity, 0);
    this.#begin(count, isFirst);
    this.#people = this.#people.filter(
      (person) =>
        person.seen ||
        (person.trusted && timeSeconds - person.lastSeen <= options.memorySeconds + 1e-9),
    );
    return this.#output;
  }

  #tick(timeSeconds: number): void {
    if (!Number.isFinite(timeSeconds) || timeSeconds <= this.#time) {
      throw new RangeError(
        `timeSeconds is ${timeSeconds}; it must be a finite number above the last one, ${this.#time}`,
      );
    }
    this.#step = Number.isNaN(this.#time) ? 0 : timeSeconds - this.#time;
    this.#time = timeSeconds;
  }

  #load(detections: Detections, count: number): void {
    const most = Math.max(count, this.#people.length);
    if (this.#candidates.length < most) {
      this.#candidates = new Int32Array(2 * most);
      this.#free = new Uint8Array(2 * most);
      this.#scores = new Float64Array(2 * most);
      this.#boxes = new Float64Array(8 * most);
      this.#gathered = new Float64Array(16 * most);
    }
    for (let j = 0; j < count; j++) {
      const index = this.#usable[j]!;
      for (let k = 0; k < 4; k++) this.#boxes[4 * j + k] = detections.boxes[4 * index + k]!;
      this.#scores[j] = detections.scores[index]!;
      this.#free[j] = 1;
    }
    this.#looks.load(detections, this.#usable, this.#boxes, this.#scores, count);
  }

  /** Moves a person on to this sample. */
  #expect(person: Person): void {
    // While unseen, a size that was growing or shrinking would run away: it stays.
    if (!person.seen) {
      person.motion[2 * AXIS + 1] = 0;
      person.motion[3 * AXIS + 1] = 0;
    }
    predictMotion(person.motion, this.#step, person.box[3]! - person.box[1]!, this.#noise);
    motionBox(person.motion, person.expected);
  }

  #followCamera(trusted: readonly Person[], count: number): void {
    const gathered = this.#gathered;
    let expected = 0;
    for (const person of trusted) {
      if (person.seen && person.hits >= SETTLED_HITS) gathered.set(person.expected, 4 * expected++);
    }
    const found = gathered.subarray(4 * expected);
    let sure = 0;
    for (let j = 0; j < count; j++) {
      if (this.#scores[j]! < this.#options.scoreThreshold) continue;
      for (let k = 0; k < 4; k++) found[4 * sure + k] = this.#boxes[4 * j + k]!;
      sure++;
    }
    if (!this.#camera.estimate(gathered, expected, found, sure)) return;
    for (const person of trusted) {
      person.motion[0]! += this.#camera.x;
      person.motion[AXIS]! += this.#camera.y;
      motionBox(person.motion, person.expected);
    }
  }

  /**
   * Gives people the free detections with a score from `lowest` to below `highest`, so that the sum of
   * similarities above the gate is the largest possible.
   * @param penalty what the gate gains for each second a person was not seen
   */
  #associate(
    people: readonly Person[],
    count: number,
    lowest: number,
    highest: number,
    gate: number,
    penalty: number,
  ): void {
    const candidates = this.#candidates;
    let columns = 0;
    for (let j = 0; j < count; j++) {
      const score = this.#scores[j]!;
      if (this.#free[j] === 1 && score >= lowest && score < highest) candidates[columns++] = j;
    }
    const rows = people.length;
    if (rows === 0 || columns === 0) return;
    this.#pairs.reset(rows, columns);
    const boxes = this.#boxes;
    const { buffer, bufferPerSecond } = this.#options;
    for (let i = 0; i < rows; i++) {
      const person = people[i]!;
      const { expected, lastSeen } = person;
      const unseen = this.#time - lastSeen;
      const grown = buffer + bufferPerSecond * unseen;
      const least = gate + penalty * unseen;
      const pad = grown * (expected[2]! - expected[0]!);
      const left = expected[0]! - pad;
      const right = expected[2]! + pad;
      for (let k = 0; k < columns; k++) {
        const j = candidates[k]!;
        // Most pairs are apart from left to right: they are done with here.
        const from = boxes[4 * j]!;
        const to = boxes[4 * j + 2]!;
        const reach = grown * (to - from);
        if (to + reach <= left || from - reach >= right) continue;
        this.#pairs.set(i, k, this.#similarity(person, j, grown) - least);
      }
    }
    const match = this.#pairs.solve();
    for (let i = 0; i < rows; i++) {
      if (match[i]! >= 0) this.#see(people[i]!, candidates[match[i]!]!);
    }
  }

  #similarity({ expected, look }: Person, detection: number, buffer: number): number {
    const overlap = bufferedIou(expected, 0, this.#boxes, detection, buffer);
    if (overlap === 0) return 0;
    const { heightWeight, scoreWeight, appearance } = this.#options;
    const height = heightWeight ? Math.sqrt(heightOverlap(expected, 0, this.#boxes, detection)) : 1;
    const score = 1 - scoreWeight + scoreWeight * this.#scores[detection]!;
    return overlap * height * score * this.#looks.factor(look, detection, appearance);
  }

  #see(person: Person, detection: number): void {
    const { smoothing, scoreThreshold, meanScoreCheck } = this.#options;
    const score = this.#scores[detection]!;
    this.#free[detection] = 0;
    correctMotion(person.motion, this.#boxes, detection, this.#noise);
    for (let k = 0; k < 4; k++) person.box[k] = this.#boxes[4 * detection + k]!;
    this.#measure(person);
    person.lastSeen = this.#time;
    person.seen = true;
    person.hits++;
    person.meanScore += (score - person.meanScore) / person.hits;
    person.trusted = true;
    person.look = this.#looks.remember(person.look, detection);
    const isSure = score >= scoreThreshold || !meanScoreCheck || person.meanScore >= scoreThreshold;
    motionBox(person.motion, person.expected);
    for (let k = 0; k < 4; k++) {
      person.expected[k] = person.box[k]! + smoothing * (person.expected[k]! - person.box[k]!);
    }
    this.#report(person, person.expected, detection, isSure ? CONFIRMED : TENTATIVE);
  }

  #measure({ trail, box }: Person): void {
    if (this.#learns) this.#meter.observe(trail, this.#time, this.#step, box);
  }

  /** Starts tracks on sure detections that nobody took. */
  #begin(count: number, isFirst: boolean): void {
    const { scoreThreshold, birthMargin, duplicateIou } = this.#options;
    const least = scoreThreshold + birthMargin * (1 - scoreThreshold);
    const known = this.#people.length;
    for (let j = 0; j < count; j++) {
      if (this.#free[j] === 0 || this.#scores[j]! < least) continue;
      let isDouble = false;
      for (let i = 0; i < known && !isDouble; i++) {
        const person = this.#people[i]!;
        isDouble = person.seen && iou(person.box, 0, this.#boxes, j) > duplicateIou;
      }
      if (isDouble) continue;
      const person: Person = {
        id: this.#nextId++,
        motion: new Float64Array(MOTION),
        box: this.#boxes.slice(4 * j, 4 * j + 4),
        trail: new Float64Array(TRAIL),
        expected: new Float64Array(4),
        lastSeen: this.#time,
        hits: 1,
        meanScore: this.#scores[j]!,
        trusted: isFirst,
        seen: true,
        look: this.#looks.remember(undefined, j),
      };
      startMotion(person.motion, this.#boxes, j, this.#noise);
      this.#measure(person);
      this.#people.push(person);
      this.#report(person, person.box, j, isFirst ? CONFIRMED : TENTATIVE);
    }
  }

  #report(person: Person, box: Float64Array, detection: number, state: number): void {
    const index = this.#usable[detection]!;
    this.#output.add(person.id, box, 0, this.#scores[detection]!, index, state);
  }

  snapshot(): TrackerSnapshot {
    const state: FootpathSnapshot = {
      time: Number.isNaN(this.#time) ? null : this.#time,
      nextId: this.#nextId,
      meter: this.#meter.snapshot(),
      people: this.#people.map(({ expected: _, ...person }) => ({
        ...person,
        motion: Array.from(person.motion),
        box: Array.from(person.box),
        trail: Array.from(person.trail),
        look: person.look ? Array.from(person.look) : null,
      })),
    };
    return { tracker: VERSION, state };
  }

  restore(snapshot: TrackerSnapshot): void {
    const state = ownState(snapshot, VERSION) as FootpathSnapshot;
    this.#time = state.time ?? Number.NaN;
    this.#nextId = state.nextId;
    this.#meter.restore(state.meter);
    this.#people = state.people.map((person) => ({
      ...person,
      motion: Float64Array.from(person.motion),
      box: Float64Array.from(person.box),
      trail: Float64Array.from(person.trail),
      expected: new Float64Array(4),
      look: person.look ? Float32Array.from(person.look) : undefined,
    }));
  }
}
