import { hexadecimal } from '../contract/hexadecimal.ts';
import { Database } from '../store/database.ts';
import { JobStore } from '../store/jobs.ts';
import { type Locks, MemoryLocks } from '../store/locks.ts';
import { MemoryJobStore } from '../store/memory-jobs.ts';
import { MemoryObjectStore } from '../store/memory-objects.ts';
import { ObjectStore } from '../store/objects.ts';
import { MemorySceneStore, SceneStore } from '../store/scenes.ts';
import { keepSecret } from '../store/secrets.ts';
import { MemoryHost } from '../store/shared-memory.ts';

/** Where a page keeps its jobs and videos, and what its threads need to know of it. */
export interface PageStorage {
  /** Names its locks and its channel. */
  readonly name: string;
  readonly jobs: Pick<JobStore, keyof JobStore>;
  readonly objects: Pick<ObjectStore, keyof ObjectStore>;
  readonly scenes: Pick<SceneStore, keyof SceneStore>;
  readonly locks: Locks;
  /** The page's memory, for its threads; absent where they open the database themselves. */
  readonly memory?: MemoryHost;
  /** See {@link keepSecret}. */
  keepSecret(name: string, fresh: CryptoKey): Promise<CryptoKey>;
  close(): Promise<void>;
}

/** Jobs and videos in IndexedDB, which all pages of this origin share. @param name of the database */
export function browserStorage(name: string): PageStorage {
  const database = new Database(name);
  return {
    name,
    jobs: new JobStore(database),
    objects: new ObjectStore(database),
    scenes: new SceneStore(database),
    locks: navigator.locks,
    keepSecret: (secret, fresh) => keepSecret(database, secret, fresh),
    close: () => database.close(),
  };
}

/** Jobs and videos in this page's memory, gone with it. It needs nothing that a browser may refuse a page. */
export function memoryStorage(): PageStorage {
  const jobs = new MemoryJobStore();
  const objects = new MemoryObjectStore();
  const locks = new MemoryLocks();
  return {
    // Its own for each page: channels reach every page of an origin.
    name: `memory:${hexadecimal(crypto.getRandomValues(new Uint8Array(16)))}`,
    jobs,
    objects,
    scenes: new MemorySceneStore(),
    locks,
    memory: new MemoryHost(jobs, objects, locks),
    keepSecret: async (_secret, fresh) => fresh,
    async close() {},
  };
}
