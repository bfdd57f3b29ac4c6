import * as Comlink from 'comlink';
import type { JobWorkerConfig } from '../src/protocol/worker-api.ts';
import { Database } from '../src/store/database.ts';
import { JobStore } from '../src/store/jobs.ts';
import type { Locks } from '../src/store/locks.ts';
import { ObjectStore } from '../src/store/objects.ts';
import {
  type MemoryHost,
  type RunnerJobs,
  type RunnerObjects,
  SharedMemoryJobs,
  SharedMemoryLocks,
  SharedMemoryObjects,
} from '../src/store/shared-memory.ts';

/** Where a thread that runs jobs finds them, and how it keeps out of others' way. */
export interface ThreadStorage {
  /** Names locks and channel. */
  readonly name: string;
  readonly jobs: RunnerJobs;
  readonly objects: RunnerObjects;
  readonly locks: Locks;
  close(): Promise<void>;
}

/** The storage that the page wants: the database, or its own memory. */
export function threadStorage({ database: name, memory }: JobWorkerConfig): ThreadStorage {
  if (memory) {
    const host = Comlink.wrap<MemoryHost>(memory);
    return {
      name,
      jobs: new SharedMemoryJobs(host),
      objects: new SharedMemoryObjects(host),
      locks: new SharedMemoryLocks(host),
      async close() {
        host[Comlink.releaseProxy]();
      },
    };
  }
  const database = new Database(name);
  return {
    name,
    jobs: new JobStore(database),
    objects: new ObjectStore(database),
    locks: navigator.locks,
    close: () => database.close(),
  };
}
