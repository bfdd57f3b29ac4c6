import { AssignmentsBuffer } from '../../assignments-buffer.ts';
import { boxCoordinate, HEIGHT, iou } from '../../box.ts';
import type { Detections } from '../../detections.ts';
import {
  correctMotion,
  type MotionNoise,
  motionBox,
  predictMotion,
  startMotion,
} from '../../filter/box-motion.ts';
import { AXIS } from '../../filter/kalman.ts';
import { SampleBoxes } from '../../sample-boxes.ts';
import { assertLater, TIME_EPSILON } from '../../time.ts';
import {
  type Assignments,
  CONFIRMED,
  ownState,
  TENTATIVE,
  type Tracker,
  type TrackerSnapshot,
} from '../../tracker.ts';
import { AdaptiveThreshold } from './adaptive-threshold.ts';
import { type Pass, PeopleAssociation } from './associate-people.ts';
import { ConfirmationModel } from './confirmation-model.ts';
import { CameraFollower } from './follow-camera.ts';
import { FOOTPATH_DEFAULTS, type FootpathOptions } from './footpath-options.ts';
import {
  type Person,
  type PersonSnapshot,
  personArrays,
  personSnapshot,
  restorePerson,
} from './footpath-person.ts';
import { MotionMeter } from './motion-meter.ts';
import { beginningOf, isConfirmed } from './track-confirmation.ts';

const VERSION = 'footpath 7';
/** Samples that a track waits unseen at least, however far apart they are: one missed sight must not end it. */
export const LEAST_LOST_SAMPLES = 2;

/** Least similarity of a track's second detection at any rate. */
const LEAST_NEW_GATE = 0.1;

interface FootpathSnapshot {
  readonly time: number | null;
  readonly nextId: number;
  readonly meter: readonly number[];
  readonly confirmation: readonly number[];
  readonly adaptiveThreshold: readonly number[];
  readonly people: readonly PersonSnapshot[];
}

/**
 * Our online tracker: a Kalman filter on centre, width and height with noise in heights and true time steps;
 * detections of high confidence first, of low confidence second (ByteTrack, arXiv 2110.06864); similarity by buffered
 * overlap (C-BIoU, arXiv 2211.14317), overlap in height (Hybrid-SORT, arXiv 2308.00783) and score, less where appearance
 * embeddings are unlike; global motion compensation; gates inside the assignment. It learns as it goes how briskly people
 * of this video move, from which score detections are to be trusted and which beginnings of tracks. Each part is
 * there because it pays: docs/tracking.md has the table.
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
  readonly #confirmation: ConfirmationModel;
  readonly #adaptiveThreshold: AdaptiveThreshold;
  readonly #sample = new SampleBoxes();
  readonly #camera = new CameraFollower();
  readonly #association: PeopleAssociation;
  readonly #output = new AssignmentsBuffer();
  #people: Person[] = [];
  #noise: MotionNoise;
  #time = Number.NaN;
  #step = 0;
  #nextId = 1;

  /** @param learns whether the acceleration is learnt */
  constructor(options: FootpathOptions, learns: boolean) {
    this.#options = options;
    this.#learns = learns;
    this.#meter = new MotionMeter(options.noise.acceleration);
    this.#confirmation = new ConfirmationModel(options.scoreThreshold);
    this.#adaptiveThreshold = new AdaptiveThreshold(
      options.scoreThreshold,
      options.adaptiveThresholdShare,
    );
    this.#noise = options.noise;
    this.#association = new PeopleAssociation(options, this.#sample);
  }

  update(detections: Detections, timeSeconds: number): Assignments {
    const options = this.#options;
    const lowest = Math.min(options.lowScore, options.scoreThreshold);
    this.#sample.load(detections, lowest);
    const isFirst = Number.isNaN(this.#time);
    this.#tick(timeSeconds);
    this.#prepare(detections);
    this.#output.clear();
    if (this.#learns) {
      this.#noise = { ...options.noise, acceleration: this.#meter.acceleration };
    }
    for (const person of this.#people) this.#expect(person);

    const activated = this.#people.filter((person) => person.activated);
    const tentative = this.#people.filter((person) => !person.activated);
    if (options.compensateGlobalMotion) {
      this.#camera.follow(activated, this.#sample, options.scoreThreshold);
    }
    for (const person of this.#people) person.seen = false;

    const high = options.scoreThreshold;
    const adaptive = this.#adaptiveThreshold.leastScore;
    this.#associate(activated, { from: adaptive, below: 2, gate: options.minimumSimilarity });
    const unseen = activated.filter((person) => !person.seen);
    this.#associate(unseen, {
      from: lowest,
      below: adaptive,
      gate: options.minimumLowSimilarity,
      penaltyPerSecond: options.lowPenaltyPerSecond,
    });
    const lost = unseen.filter((person) => !person.seen);
    const recovery = { from: adaptive, below: high, gate: options.minimumRecoverySimilarity };
    this.#associate(lost, recovery);
    this.#associate(tentative, { from: high, below: 2, gate: this.#newGate() });
    this.#adaptThreshold();
    this.#begin(isFirst);
    for (const person of this.#people) if (person.seen) this.#report(person, adaptive);
    this.#people = this.#people.filter((person) => this.#keep(person));
    return this.#output;
  }

  #tick(timeSeconds: number): void {
    assertLater(timeSeconds, this.#time);
    this.#step = Number.isNaN(this.#time) ? 0 : timeSeconds - this.#time;
    this.#time = timeSeconds;
  }

  #prepare(detections: Detections): void {
    const { count, scores } = this.#sample;
    for (let j = 0; j < count; j++) {
      if (scores[j]! >= this.#options.scoreThreshold) this.#confirmation.addScore(scores[j]!);
    }
    this.#association.load(detections);
  }

  /** Moves a person on to this sample. */
  #expect(person: Person): void {
    // While unseen, a size that was growing or shrinking would run away: it stays.
    if (!person.seen) {
      person.motion[2 * AXIS + 1] = 0;
      person.motion[3 * AXIS + 1] = 0;
    }
    predictMotion(person.motion, this.#step, boxCoordinate(person.box, 0, HEIGHT), this.#noise);
    motionBox(person.motion, person.expected);
  }

  #associate(people: readonly Person[], pass: Pass): void {
    this.#association.run(people, pass, this.#time, this.#see);
  }

  readonly #see = (person: Person, detection: number): void => {
    const { boxes, scores } = this.#sample;
    correctMotion(person.motion, boxes, detection, this.#noise);
    for (let k = 0; k < 4; k++) person.box[k] = boxes[4 * detection + k]!;
    this.#measure(person);
    person.lastSeen = this.#time;
    person.seen = true;
    person.hits++;
    person.meanScore += (scores[detection]! - person.meanScore) / person.hits;
    person.activated = true;
    const { embeddings } = this.#association;
    person.embedding = embeddings.remember(person.embedding, detection, this.#step);
    person.detection = detection;
  };

  /** Least similarity of a track's second detection: the sooner it comes, the nearer it is, whichever way somebody walks. */
  #newGate(): number {
    const { minimumNewSimilarity, newAllowancePerSecond } = this.#options;
    return Math.max(LEAST_NEW_GATE, minimumNewSimilarity - newAllowancePerSecond * this.#step);
  }

  /** The brisker people move, the further the filter's estimate lags behind, and the less it counts. */
  #smoothing(): number {
    const { smoothing, calmAcceleration } = this.#options;
    return smoothing * Math.min(1, calmAcceleration / this.#noise.acceleration);
  }

  #measure({ trail, box }: Person): void {
    if (this.#learns) this.#meter.observe(trail, this.#time, this.#step, box);
  }

  #adaptThreshold(): void {
    const { count, scores } = this.#sample;
    for (let j = 0; j < count; j++)
      this.#adaptiveThreshold.observe(scores[j]!, !this.#association.isFree(j));
  }

  /** Starts tracks on detections of high confidence that nobody took. */
  #begin(isFirst: boolean): void {
    const { count, boxes, scores } = this.#sample;
    const { scoreThreshold, activationMargin, duplicateIou, confirmationSeconds } = this.#options;
    // Samples may be so far apart that one stands for as long as a track takes to prove itself.
    const confirmed = isFirst || this.#step >= confirmationSeconds - TIME_EPSILON;
    const least = scoreThreshold + activationMargin * (1 - scoreThreshold);
    const known = this.#people.length;
    for (let j = 0; j < count; j++) {
      if (!this.#association.isFree(j) || scores[j]! < least) continue;
      let isDouble = false;
      for (let i = 0; i < known && !isDouble; i++) {
        const person = this.#people[i]!;
        isDouble = person.seen && iou(person.box, 0, boxes, j) > duplicateIou;
      }
      if (isDouble) continue;
      const person: Person = {
        id: this.#nextId++,
        ...personArrays(boxes.slice(4 * j, 4 * j + 4)),
        born: this.#time,
        kind: 0,
        detection: j,
        lastSeen: this.#time,
        hits: 1,
        meanScore: scores[j]!,
        activated: isFirst,
        seen: true,
        confirmed,
        embedding: this.#association.embeddings.remember(undefined, j, this.#step),
      };
      startMotion(person.motion, boxes, j, this.#noise);
      this.#measure(person);
      this.#people.push(person);
    }
  }

  /** Whether a person stays for the next sample; what became of a young track is learnt. */
  #keep(person: Person): boolean {
    const { lostTrackSeconds, confirmationSeconds } = this.#options;
    const memory = Math.max(lostTrackSeconds, LEAST_LOST_SAMPLES * this.#step);
    const isRemembered = person.activated && this.#time - person.lastSeen <= memory + TIME_EPSILON;
    const stays = person.seen || isRemembered;
    if (person.confirmed) return stays;
    person.confirmed = person.lastSeen - person.born >= confirmationSeconds - TIME_EPSILON;
    if (person.confirmed || !stays) {
      this.#confirmation.record(person.kind, person.hits, person.confirmed);
    }
    return stays;
  }

  /**
   * Reports a person that was just seen.
   * @param adaptive the adaptive threshold before this sample
   */
  #report(person: Person, adaptive: number): void {
    const { detection, expected, box } = person;
    const score = this.#sample.scores[detection]!;
    if (person.hits === 1) person.kind = beginningOf(person, this.#people, this.#confirmation);
    const isConfident = score >= adaptive || person.meanScore >= adaptive;
    const isReported =
      (isConfident || !this.#options.meanScoreCheck) &&
      isConfirmed(person, this.#people, this.#confirmation, this.#options);
    const state = isReported ? CONFIRMED : TENTATIVE;
    motionBox(person.motion, expected);
    const smoothing = this.#smoothing();
    for (let k = 0; k < 4; k++) expected[k] = box[k]! + smoothing * (expected[k]! - box[k]!);
    this.#output.add(person.id, expected, 0, score, this.#sample.indices[detection]!, state);
  }

  snapshot(): TrackerSnapshot {
    const state: FootpathSnapshot = {
      time: Number.isNaN(this.#time) ? null : this.#time,
      nextId: this.#nextId,
      meter: this.#meter.snapshot(),
      confirmation: this.#confirmation.snapshot(),
      adaptiveThreshold: this.#adaptiveThreshold.snapshot(),
      people: this.#people.map(personSnapshot),
    };
    return { tracker: VERSION, state };
  }

  restore(snapshot: TrackerSnapshot): void {
    const state = ownState(snapshot, VERSION) as FootpathSnapshot;
    this.#time = state.time ?? Number.NaN;
    this.#nextId = state.nextId;
    this.#meter.restore(state.meter);
    this.#confirmation.restore(state.confirmation);
    this.#adaptiveThreshold.restore(state.adaptiveThreshold);
    this.#people = state.people.map(restorePerson);
  }
}
