import type { JobRecord } from '../engine/job.ts';
import type { ResultChunk, ResultChunks } from '../engine/results.ts';
import type { DetectionChunk, SampleChunk } from '../engine/sample-chunk.ts';
import type { JobStore } from './jobs.ts';
import { MemoryLocks } from './locks.ts';
import type { MemoryJobStore } from './memory-jobs.ts';
import type { MemoryObjectStore } from './memory-objects.ts';
import { missingCopy, type ObjectName, type ObjectStore } from './objects.ts';
import type { ObjectRecord } from './schema.ts';

/** What a thread that runs jobs needs of the store of jobs. */
export type RunnerJobs = Pick<
  JobStore,
  | 'get'
  | 'list'
  | 'open'
  | 'update'
  | 'checkpoint'
  | 'sampleChunk'
  | 'detectionChunk'
  | 'modelFile'
  | 'dropCheckpoints'
  | 'dropDetections'
  | 'makeRoom'
  | 'writeResults'
  | 'dropResults'
>;
/** What a thread that runs jobs needs of the store of objects. */
export type RunnerObjects = Pick<ObjectStore, 'find' | 'copy'>;

/**
 * The page's memory as a thread of its own may use it, over Comlink: data goes in and out, and no function. The memory is
 * the page's, so that what was found outlives a thread that dies.
 */
export class MemoryHost {
  readonly #jobs: MemoryJobStore;
  readonly #objects: MemoryObjectStore;
  readonly #locks: MemoryLocks;

  constructor(jobs: MemoryJobStore, objects: MemoryObjectStore, locks: MemoryLocks) {
    this.#jobs = jobs;
    this.#objects = objects;
    this.#locks = locks;
  }

  /** The page's locks: for the files that it has open and may not have handed over yet. */
  locks(): ReturnType<MemoryLocks['query']> {
    return this.#locks.query();
  }

  get(jobId: string): Promise<JobRecord | undefined> {
    return this.#jobs.get(jobId);
  }

  list(): Promise<JobRecord[]> {
    return this.#jobs.list();
  }

  open(): Promise<JobRecord[]> {
    return this.#jobs.open();
  }

  /**
   * Puts a record in the place of the one that it was made from, with the chunk that came along.
   * @returns whether it did: not where the record was changed or deleted meanwhile
   */
  async replace(before: JobRecord, after: JobRecord, chunk?: SampleChunk): Promise<boolean> {
    let replaced = false;
    const change = (found: JobRecord): JobRecord => {
      replaced = JSON.stringify(found) === JSON.stringify(before);
      return replaced ? after : found;
    };
    // A chunk whose record was refused is stored again, in the same place, with the next attempt.
    if (chunk) await this.#jobs.checkpoint(before.jobId, chunk, change);
    else await this.#jobs.update(before.jobId, change);
    return replaced;
  }

  sampleChunk(jobId: string, chunk: number): Promise<SampleChunk | undefined> {
    return this.#jobs.sampleChunk(jobId, chunk);
  }

  detectionChunk(jobId: string, chunk: number): Promise<DetectionChunk | undefined> {
    return this.#jobs.detectionChunk(jobId, chunk);
  }

  modelFile(jobId: string): Promise<Blob | undefined> {
    return this.#jobs.modelFile(jobId);
  }

  dropCheckpoints(jobId: string): Promise<void> {
    return this.#jobs.dropCheckpoints(jobId);
  }

  dropDetections(jobId: string): Promise<void> {
    return this.#jobs.dropDetections(jobId);
  }

  dropResults(jobId: string, revision: number): Promise<void> {
    return this.#jobs.dropResults(jobId, revision);
  }

  makeRoom(): Promise<void> {
    return this.#jobs.makeRoom();
  }

  writeResults(
    jobId: string,
    revision: number,
    byIndex: readonly ResultChunk[],
    byTimestamp: readonly ResultChunk[],
  ): Promise<void> {
    return this.#jobs.writeResults(jobId, revision, {
      byIndex: () => byIndex,
      byTimestamp: () => byTimestamp,
    });
  }

  find(name: ObjectName): Promise<ObjectRecord | undefined> {
    return this.#objects.find(name);
  }

  /** @returns undefined where the bytes are gone: an error would lose its kind on the way */
  copy(record: ObjectRecord): Promise<Blob | undefined> {
    return this.#objects.copy(record).catch(() => undefined);
  }
}

/** {@link MemoryHost} as its thread sees it. */
export type MemoryPort = Pick<MemoryHost, keyof MemoryHost>;

/** Jobs in the memory of another thread. A change is made here and stored there unless the record moved meanwhile. */
export class SharedMemoryJobs implements RunnerJobs {
  readonly #host: MemoryPort;

  constructor(host: MemoryPort) {
    this.#host = host;
  }

  get(jobId: string): Promise<JobRecord | undefined> {
    return this.#host.get(jobId);
  }

  list(): Promise<JobRecord[]> {
    return this.#host.list();
  }

  open(): Promise<JobRecord[]> {
    return this.#host.open();
  }

  async update(
    jobId: string,
    change: (job: JobRecord) => JobRecord | undefined,
  ): Promise<JobRecord | undefined> {
    for (;;) {
      const job = await this.#host.get(jobId);
      const changed = job && change(job);
      if (!changed) return job;
      if (await this.#host.replace(job, changed)) return changed;
    }
  }

  async checkpoint(
    jobId: string,
    chunk: SampleChunk,
    change: (job: JobRecord) => JobRecord,
  ): Promise<JobRecord | undefined> {
    for (;;) {
      const job = await this.#host.get(jobId);
      const changed = job && change(job);
      if (!changed || (await this.#host.replace(job, changed, chunk))) return changed;
    }
  }

  sampleChunk(jobId: string, chunk: number): Promise<SampleChunk | undefined> {
    return this.#host.sampleChunk(jobId, chunk);
  }

  detectionChunk(jobId: string, chunk: number): Promise<DetectionChunk | undefined> {
    return this.#host.detectionChunk(jobId, chunk);
  }

  modelFile(jobId: string): Promise<Blob | undefined> {
    return this.#host.modelFile(jobId);
  }

  dropCheckpoints(jobId: string): Promise<void> {
    return this.#host.dropCheckpoints(jobId);
  }

  dropDetections(jobId: string): Promise<void> {
    return this.#host.dropDetections(jobId);
  }

  dropResults(jobId: string, revision: number): Promise<void> {
    return this.#host.dropResults(jobId, revision);
  }

  makeRoom(): Promise<void> {
    return this.#host.makeRoom();
  }

  writeResults(jobId: string, revision: number, results: ResultChunks): Promise<void> {
    const [byIndex, byTimestamp] = [[...results.byIndex()], [...results.byTimestamp()]];
    return this.#host.writeResults(jobId, revision, byIndex, byTimestamp);
  }
}

/** Locks of a thread that works on the memory of another: its own to take, the other's to see. */
export class SharedMemoryLocks extends MemoryLocks {
  readonly #host: Pick<MemoryPort, 'locks'>;

  constructor(host: Pick<MemoryPort, 'locks'>) {
    super();
    this.#host = host;
  }

  override query(): ReturnType<MemoryLocks['query']> {
    return this.#host.locks();
  }
}

/** Objects in the memory of another thread. */
export class SharedMemoryObjects implements RunnerObjects {
  readonly #host: MemoryPort;

  constructor(host: MemoryPort) {
    this.#host = host;
  }

  find(name: ObjectName): Promise<ObjectRecord | undefined> {
    return this.#host.find(name);
  }

  async copy(record: ObjectRecord): Promise<Blob> {
    const blob = await this.#host.copy(record);
    if (blob) return blob;
    throw missingCopy(record);
  }
}
