import { boxArea, intersectionArea } from '../../box.ts';
import type { ConfirmationModel } from './confirmation-model.ts';
import type { FootpathOptions } from './footpath-options.ts';
import type { Person } from './footpath-person.ts';

/**
 * Share of a box within somebody else's from which it counts as covered. Doubles, shadows and reflections lie in a
 * person's box by half and more, two people side by side by a quarter; between the two any share does about as well.
 */
const COVERED_SHARE = 0.4;

/**
 * The kind of a track's beginning, for the confirmation model.
 * @param person seen in this sample
 * @param people all of them
 * @param model what was learnt of earlier tracks
 */
export function beginningOf(
  person: Person,
  people: readonly Person[],
  model: ConfirmationModel,
): number {
  return model.kindOf(person.meanScore, isCovered(person, people));
}

/**
 * Whether the footpath tracker reports a person of this sample as confirmed: one whose track has not lasted yet must be
 * of a kind that does in this video.
 * @param person seen in this sample
 * @param people all of them
 * @param model what was learnt of earlier tracks
 * @param options of the tracker
 */
export function isConfirmed(
  person: Person,
  people: readonly Person[],
  model: ConfirmationModel,
  { minimumChance, immediateChance }: FootpathOptions,
): boolean {
  if (person.confirmed) return true;
  const chance = model.chance(beginningOf(person, people, model), person.hits);
  return chance >= (person.hits === 1 ? immediateChance : minimumChance);
}

/** Whether much of a box lies on somebody else's. */
function isCovered(person: Person, people: readonly Person[]): boolean {
  const enough = COVERED_SHARE * boxArea(person.box, 0);
  return people.some(
    (other) =>
      other.seen && other !== person && intersectionArea(other.box, 0, person.box, 0) > enough,
  );
}
