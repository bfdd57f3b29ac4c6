import { boxArea, intersectionArea } from '../../box.ts';
import type { FootpathOptions } from './footpath-options.ts';
import type { Person } from './footpath-person.ts';
import type { Survival } from './survival.ts';

/** Share of a box within somebody else's from which it counts as covered. */
const COVERED_SHARE = 0.4;

/**
 * Whether the footpath tracker trusts a person of this sample's track: one that is not known to last yet must be of a
 * kind that does in this video. Notes the kind of a new one.
 * @param person seen in this sample
 * @param people all of them
 * @param survival what was learnt of earlier tracks
 * @param options of the tracker
 */
export function isCredible(
  person: Person,
  people: readonly Person[],
  survival: Survival,
  options: FootpathOptions,
): boolean {
  const { minimumChance, immediateChance } = options;
  if (person.lasts) return true;
  const isNew = person.hits === 1;
  const kind = survival.kindOf(person.meanScore, isCovered(person, people));
  if (isNew) person.kind = kind;
  return survival.chance(kind, person.hits) >= (isNew ? immediateChance : minimumChance);
}

/** Whether much of a box lies on somebody else's. */
function isCovered(person: Person, people: readonly Person[]): boolean {
  const enough = COVERED_SHARE * boxArea(person.box, 0);
  return people.some(
    (other) =>
      other.seen && other !== person && intersectionArea(other.box, 0, person.box, 0) > enough,
  );
}
