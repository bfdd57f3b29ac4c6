import { GlobalMotion } from '../../association/global-motion.ts';
import { withRoom } from '../../columns.ts';
import { motionBox } from '../../filter/box-motion.ts';
import { AXIS } from '../../filter/kalman.ts';
import type { SampleBoxes } from '../../sample-boxes.ts';
import type { Person } from './footpath-person.ts';

/** Matches from which a velocity is known well enough to tell the camera's motion by it: two tell one, a third checks it. */
const SETTLED_HITS = 3;

/** Global motion compensation: moves people along with the picture where the camera jumped. */
export class CameraFollower {
  readonly #motion = new GlobalMotion();
  /** Scratch: boxes expected, then boxes found. */
  #gathered = new Float64Array(64);

  /**
   * Moves where people are expected by the camera's jump, if there was one.
   * @param people activated ones, moved on to this sample, seen or not in the one before
   * @param sample its detections
   * @param scoreThreshold score from which they are of high confidence
   */
  follow(
    people: readonly Person[],
    { count, boxes, scores }: SampleBoxes,
    scoreThreshold: number,
  ): void {
    this.#gathered = withRoom(this.#gathered, 4 * (people.length + count));
    const gathered = this.#gathered;
    let expected = 0;
    for (const person of people) {
      if (person.seen && person.hits >= SETTLED_HITS) gathered.set(person.expected, 4 * expected++);
    }
    const found = gathered.subarray(4 * expected);
    let confident = 0;
    for (let j = 0; j < count; j++) {
      if (scores[j]! < scoreThreshold) continue;
      for (let k = 0; k < 4; k++) found[4 * confident + k] = boxes[4 * j + k]!;
      confident++;
    }
    if (!this.#motion.estimate(gathered, expected, found, confident)) return;
    for (const person of people) {
      person.motion[0]! += this.#motion.x;
      person.motion[AXIS]! += this.#motion.y;
      motionBox(person.motion, person.expected);
    }
  }
}
