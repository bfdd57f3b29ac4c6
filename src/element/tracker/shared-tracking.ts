import type { PersonTracking } from '../../client/api.ts';

/** What elements of a page share: one database, one queue, one set of threads. */
export interface SharedOptions {
  /** Folder of this origin that holds `models/`. */
  readonly assets: string;
  /** Name of the IndexedDB database. */
  readonly database: string;
}

interface Shared {
  readonly tracking: Promise<PersonTracking>;
  users: number;
  closing: ReturnType<typeof setTimeout> | undefined;
}

/** How long threads outlive the last element that used them: one that is moved in the page keeps them. */
const LINGER_MS = 10_000;

const shared = new Map<string, Shared>();

/**
 * The tracking of this page for a database, loaded when it is first asked for. Each call wants one {@link release}.
 * @throws what the engine's code cannot be loaded for; the next call tries again
 */
export function acquire(options: SharedOptions): Promise<PersonTracking> {
  const key = keyOf(options);
  const found = shared.get(key);
  if (found) {
    clearTimeout(found.closing);
    found.users++;
    return found.tracking;
  }
  const tracking = import('../../client/person-tracking.ts').then(({ createPersonTracking }) =>
    createPersonTracking(options),
  );
  shared.set(key, { tracking, users: 1, closing: undefined });
  tracking.catch(() => shared.delete(key));
  return tracking;
}

/** Gives back what {@link acquire} gave. Jobs at work go on; without one, the threads end some seconds later. */
export function release(options: SharedOptions): void {
  const key = keyOf(options);
  const found = shared.get(key);
  if (!found || --found.users > 0) return;
  const close = async () => {
    const tracking = await found.tracking;
    const jobs = await tracking.listJobs().catch(() => []);
    if (found.users > 0) return;
    if (jobs.some(({ status }) => status === 'IN_PROGRESS')) {
      found.closing = setTimeout(close, LINGER_MS);
      return;
    }
    shared.delete(key);
    await tracking.close();
  };
  found.closing = setTimeout(close, LINGER_MS);
}

function keyOf({ assets, database }: SharedOptions): string {
  return JSON.stringify([new URL(assets, document.baseURI).href, database]);
}
