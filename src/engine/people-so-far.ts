import type { Observations } from '../track/observations.ts';
import { type Assignments, CONFIRMED } from '../track/tracker.ts';

/** Counts the people of a running job: the ids that its tracker is sure of, as it stands. */
export class PeopleSoFar {
  readonly #ids = new Set<number>();

  /** People so far. */
  get count(): number {
    return this.#ids.size;
  }

  /** Takes what the tracker said of a sample, or of many. */
  add({ count, ids, states }: Pick<Assignments | Observations, 'count' | 'ids' | 'states'>): void {
    for (let i = 0; i < count; i++) if (states[i] === CONFIRMED) this.#ids.add(ids[i]!);
  }
}
