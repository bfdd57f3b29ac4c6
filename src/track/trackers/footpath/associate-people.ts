import type { Appearance } from '../../appearance/appearance.ts';
import { SampleEmbeddings } from '../../appearance/sample-embeddings.ts';
import { GatedAssignment } from '../../association/gated-assignment.ts';
import { boxCoordinate, bufferedIou, HEIGHT, heightOverlap, WIDTH } from '../../box.ts';
import { withRoom } from '../../columns.ts';
import type { Detections } from '../../detections.ts';
import type { SampleBoxes } from '../../sample-boxes.ts';
import type { FootpathOptions } from './footpath-options.ts';
import type { Person } from './footpath-person.ts';

/** Which detections one pass of association is about, and how alike they must be. */
export interface Pass {
  /** Least score. */
  readonly from: number;
  /** Score below which they are; above 1: no end. */
  readonly below: number;
  /** Least similarity. */
  readonly gate: number;
  /** What the gate gains for each second a person was not seen. */
  readonly penaltyPerSecond?: number;
}

/** Gives people the detections of a sample, in passes; what one pass took is not free in the next. */
export class PeopleAssociation {
  readonly embeddings = new SampleEmbeddings();
  readonly #options: FootpathOptions;
  readonly #sample: SampleBoxes;
  readonly #pairs = new GatedAssignment();
  #free = new Uint8Array(16);
  #candidates = new Int32Array(16);

  /** @param sample of which the boxes are, loaded anew for each */
  constructor(options: FootpathOptions, sample: SampleBoxes) {
    this.#options = options;
    this.#sample = sample;
  }

  /** Begins with the sample's detections, all of them free. */
  load(detections: Detections): void {
    const { count } = this.#sample;
    this.#free = withRoom(this.#free, count).fill(1, 0, count);
    this.#candidates = withRoom(this.#candidates, count);
    this.embeddings.load(detections, this.#sample);
  }

  /** Whether nobody took a detection yet. */
  isFree(detection: number): boolean {
    return this.#free[detection] === 1;
  }

  /**
   * One pass: the sum of similarities above the gate becomes the largest possible.
   * @param people who may take a detection
   * @param pass of which detections
   * @param time of the sample in seconds
   * @param take told who takes which
   */
  run(
    people: readonly Person[],
    { from, below, gate, penaltyPerSecond = 0 }: Pass,
    time: number,
    take: (person: Person, detection: number) => void,
  ): void {
    const { count, boxes, scores } = this.#sample;
    const candidates = this.#candidates;
    let columns = 0;
    for (let j = 0; j < count; j++) {
      const score = scores[j]!;
      if (this.#free[j] === 1 && score >= from && score < below) candidates[columns++] = j;
    }
    const rows = people.length;
    if (rows === 0 || columns === 0) return;
    this.#pairs.reset(rows, columns);
    const { buffer, bufferPerSecond, appearance } = this.#options;
    for (let i = 0; i < rows; i++) {
      const person = people[i]!;
      const { expected, lastSeen } = person;
      const unseen = time - lastSeen;
      const grown = Math.max(buffer + bufferPerSecond * unseen, this.#reach(person, unseen));
      const least = gate + penaltyPerSecond * unseen;
      const pad = grown * boxCoordinate(expected, 0, WIDTH);
      const left = expected[0]! - pad;
      const right = expected[2]! + pad;
      for (let k = 0; k < columns; k++) {
        const j = candidates[k]!;
        // Most pairs are apart from left to right: they are done with here.
        const start = boxes[4 * j]!;
        const end = boxes[4 * j + 2]!;
        const reach = grown * (end - start);
        if (end + reach <= left || start - reach >= right) continue;
        this.#pairs.set(i, k, this.#similarity(person, j, grown, appearance) - least);
      }
    }
    const match = this.#pairs.solve();
    for (let i = 0; i < rows; i++) {
      if (match[i]! < 0) continue;
      const detection = candidates[match[i]!]!;
      this.#free[detection] = 0;
      take(people[i]!, detection);
    }
  }

  /**
   * Buffer that a person seen once needs: which way they go is not known yet. It bears where samples are so far apart
   * that a walker's boxes do not meet; by the second sight their velocity is known.
   */
  #reach({ hits, expected }: Person, unseenSeconds: number): number {
    if (hits > 1) return 0;
    const heights = this.#options.startReach * unseenSeconds;
    return (heights * boxCoordinate(expected, 0, HEIGHT)) / (2 * boxCoordinate(expected, 0, WIDTH));
  }

  #similarity(
    { expected, embedding }: Person,
    detection: number,
    buffer: number,
    appearance: Appearance,
  ): number {
    const { boxes, scores } = this.#sample;
    const overlap = bufferedIou(expected, 0, boxes, detection, buffer);
    if (overlap === 0) return 0;
    const { heightWeight, scoreWeight } = this.#options;
    const height = heightWeight ? Math.sqrt(heightOverlap(expected, 0, boxes, detection)) : 1;
    const score = 1 - scoreWeight + scoreWeight * scores[detection]!;
    return overlap * height * score * this.embeddings.factor(embedding, detection, appearance);
  }
}
