import type { PersonTracking } from '../../client/api.ts';
import { assetsFolder } from '../../client/assets-folder.ts';

/** What elements of a page share: one database, one queue, one set of threads. */
export interface SharedOptions {
  /** Folder of this origin that holds `models/`. */
  readonly assets: string;
  /** Name of the IndexedDB database. */
  readonly database: string;
}

/** A hold on the tracking that elements share. */
export interface Hold {
  /** Rejects with what the engine's code cannot be loaded for; the next {@link acquire} tries again. */
  readonly tracking: Promise<PersonTracking>;
  /** Gives it back, once. Jobs at work go on; without one, the threads end some seconds later. */
  release(): void;
}

interface Shared {
  readonly database: string;
  readonly tracking: Promise<PersonTracking>;
  users: number;
  closing: ReturnType<typeof setTimeout> | undefined;
}

/** How long threads outlive the last element that used them: one that is moved in the page keeps them. */
const LINGER_MS = 10_000;

const shared = new Map<string, Shared>();

/** The tracking of this page for a database, loaded when it is first asked for. */
export function acquire(options: SharedOptions): Hold {
  const key = keyOf(options);
  const found = shared.get(key) ?? open(key, options);
  clearTimeout(found.closing);
  found.users++;
  return { tracking: found.tracking, release: () => release(key, found) };
}

function open(key: string, options: SharedOptions): Shared {
  const { database } = options;
  const load = async () => {
    await closeUnused(database);
    const { createPersonTracking } = await import('../../client/person-tracking.ts');
    // Once its result is over, nobody could see or delete a visitor's video there.
    return createPersonTracking({ ...options, keepVideos: false });
  };
  const opened: Shared = { database, tracking: load(), users: 0, closing: undefined };
  shared.set(key, opened);
  opened.tracking.catch(() => {
    if (shared.get(key) === opened) shared.delete(key);
  });
  return opened;
}

/**
 * Ends those of a database that no element uses any more: they look for the engine's files elsewhere, and would take the jobs that
 * are started now. A job at work goes on with the files of the next.
 */
async function closeUnused(database: string): Promise<void> {
  const unused = [...shared].filter(([, it]) => it.database === database && it.users === 0);
  for (const [key, { closing }] of unused) {
    clearTimeout(closing);
    shared.delete(key);
  }
  for (const [, { tracking }] of unused)
    await tracking.then((opened) => opened.close()).catch(() => {});
}

function release(key: string, found: Shared): void {
  if (shared.get(key) !== found || --found.users > 0) return;
  const close = async () => {
    const tracking = await found.tracking;
    const jobs = await tracking.listJobs().catch(() => []);
    if (found.users > 0 || shared.get(key) !== found) return;
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
  return JSON.stringify([assetsFolder(assets).href, database]);
}
