import type { PersonTrackingSortBy } from '../contract/types.ts';
import type { JobRecord } from '../engine/job.ts';
import { CHUNK_ELEMENTS, type ResultChunk, type Results } from '../engine/results.ts';
import { chunkIndex, type SampleChunk } from '../engine/sample-chunk.ts';
import type { Database } from './database.ts';
import type { TokenRecord } from './schema.ts';

/** A result's chunk and where the wanted elements lie in it: `from` to `to`, without `to`. */
export interface ChunkSlice {
  readonly chunk: ResultChunk;
  readonly from: number;
  readonly to: number;
}

/** Whether a job waits or runs. */
export function isOpen({ state }: JobRecord): boolean {
  return state === 'queued' || state === 'running';
}

/** Whether a job has ended and its results' time is over. */
export function hasExpired(job: JobRecord, nowMs: number): boolean {
  return !isOpen(job) && job.expiresAtMs !== undefined && job.expiresAtMs <= nowMs;
}

/** The order in which jobs are run. */
export function oldestFirst(a: JobRecord, b: JobRecord): number {
  return a.createdAtMs - b.createdAtMs || (a.jobId < b.jobId ? -1 : 1);
}

/** The result chunks in which elements `from` to `to` (without `to`) lie, and how each of them is cut. */
export function chunksOf(
  from: number,
  to: number,
): { first: number; last: number; slice: (chunk: ResultChunk, i: number) => ChunkSlice } {
  const first = Math.floor(from / CHUNK_ELEMENTS);
  return {
    first,
    last: Math.floor((to - 1) / CHUNK_ELEMENTS),
    slice: (chunk, i) => {
      const start = (first + i) * CHUNK_ELEMENTS;
      return {
        chunk,
        from: Math.max(0, from - start),
        to: Math.min(chunk.indices.length, to - start),
      };
    },
  };
}

/** Jobs, their samples while they run and their results once they are done. Throws what {@link Database.run} throws. */
export class JobStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @returns undefined for an unknown id */
  get(jobId: string): Promise<JobRecord | undefined> {
    return this.#database.run((db) => db.get('jobs', jobId));
  }

  /** Every job, in no order. */
  list(): Promise<JobRecord[]> {
    return this.#database.run((db) => db.getAll('jobs'));
  }

  /** The record of a ClientRequestToken, expired or not. */
  token(token: string): Promise<TokenRecord | undefined> {
    return this.#database.run((db) => db.get('tokens', token));
  }

  /** Jobs that wait or run, oldest first. */
  async open(): Promise<JobRecord[]> {
    const found = await this.#database.run(async (db) => {
      const store = db.transaction('jobs').store.index('state');
      return [...(await store.getAll('queued')), ...(await store.getAll('running'))];
    });
    return found.sort(oldestFirst);
  }

  /**
   * Adds a job unless its token is in use; one transaction, so that two tabs with one token start one job.
   * @param token absent without a ClientRequestToken
   * @param openLimit jobs that may be open at once, this one included
   * @param modelFile the detector of the user's own that it needs
   * @returns the token's record when it is in use, the number of open jobs when there are too many
   */
  create(
    job: JobRecord,
    token: TokenRecord | undefined,
    openLimit: number,
    modelFile?: Blob,
  ): Promise<
    { kind: 'created' } | { kind: 'token'; record: TokenRecord } | { kind: 'full'; open: number }
  > {
    return this.#database.run(async (db) => {
      const tx = db.transaction(['jobs', 'tokens', 'models'], 'readwrite', {
        durability: 'strict',
      });
      const tokens = tx.objectStore('tokens');
      const jobs = tx.objectStore('jobs');
      const used = token && (await tokens.get(token.token));
      if (used && used.expiresAtMs > job.createdAtMs) {
        await tx.done;
        return { kind: 'token', record: used };
      }
      const states = jobs.index('state');
      const open = (await states.count('queued')) + (await states.count('running'));
      if (open >= openLimit) {
        await tx.done;
        return { kind: 'full', open };
      }
      if (token) await tokens.put(token);
      if (modelFile) await tx.objectStore('models').put(modelFile, job.jobId);
      await jobs.put(job);
      await tx.done;
      return { kind: 'created' };
    });
  }

  /**
   * Changes a job in one transaction with its reading, so that no other thread's change is lost.
   * @param change answers the new record, or undefined to leave it
   * @returns the record as it stands afterwards; undefined when there is none
   */
  update(
    jobId: string,
    change: (job: JobRecord) => JobRecord | undefined,
  ): Promise<JobRecord | undefined> {
    return this.#database.run(async (db) => {
      const tx = db.transaction('jobs', 'readwrite', { durability: 'strict' });
      const job = await tx.store.get(jobId);
      const changed = job && change(job);
      if (changed) await tx.store.put(changed);
      await tx.done;
      return changed ?? job;
    });
  }

  /** Stores a chunk of samples, in place of what was stored of it, and the job's progress together: a checkpoint. */
  async checkpoint(
    jobId: string,
    chunk: SampleChunk,
    change: (job: JobRecord) => JobRecord,
  ): Promise<JobRecord | undefined> {
    return this.#database.run(async (db) => {
      const tx = db.transaction(['jobs', 'samples'], 'readwrite');
      const job = await tx.objectStore('jobs').get(jobId);
      // Deleted meanwhile: leave nothing behind.
      if (job) {
        await tx.objectStore('samples').put(chunk, [jobId, chunkIndex(chunk)]);
        await tx.objectStore('jobs').put(change(job));
      }
      await tx.done;
      return job;
    });
  }

  /** A stored chunk of samples. */
  sampleChunk(jobId: string, chunk: number): Promise<SampleChunk | undefined> {
    return this.#database.run((db) => db.get('samples', [jobId, chunk]));
  }

  /** The detector file that a job brought along; undefined when it brought none, or has ended. */
  modelFile(jobId: string): Promise<Blob | undefined> {
    return this.#database.run((db) => db.get('models', jobId));
  }

  /** Forgets the samples of a job and its own model: they are of no use once its results stand. */
  async dropSamples(jobId: string): Promise<void> {
    await this.#database.run(async (db) => {
      await db.delete('samples', IDBKeyRange.bound([jobId], [jobId, []]));
      await db.delete('models', jobId);
    });
  }

  /** Stores results in both orders, chunk by chunk. They count once the job's record says so. */
  async writeResults(jobId: string, results: Results): Promise<void> {
    const orders = [
      ['INDEX', results.byIndex()],
      ['TIMESTAMP', results.byTimestamp()],
    ] as const;
    for (const [order, chunks] of orders) {
      let ordinal = 0;
      for (const chunk of chunks) {
        const key: [string, PersonTrackingSortBy, number] = [jobId, order, ordinal++];
        await this.#database.run((db) => db.put('results', chunk, key));
      }
    }
  }

  /**
   * Elements `from` to `to` (without `to`) of a finished job, reading only the chunks they lie in.
   */
  async results(
    jobId: string,
    order: PersonTrackingSortBy,
    from: number,
    to: number,
  ): Promise<ChunkSlice[]> {
    if (to <= from) return [];
    const { first, last, slice } = chunksOf(from, to);
    const chunks = await this.#database.run((db) =>
      db.getAll('results', IDBKeyRange.bound([jobId, order, first], [jobId, order, last])),
    );
    return chunks.map(slice);
  }

  /** Forgets a job with everything of it. Its token stays in use until it expires. */
  async delete(jobId: string): Promise<void> {
    await this.#database.run(async (db) => {
      const tx = db.transaction(['jobs', 'samples', 'results', 'models'], 'readwrite');
      const everything = IDBKeyRange.bound([jobId], [jobId, []]);
      await Promise.all([
        tx.objectStore('jobs').delete(jobId),
        tx.objectStore('samples').delete(everything),
        tx.objectStore('results').delete(everything),
        tx.objectStore('models').delete(jobId),
        tx.done,
      ]);
    });
  }

  /** Removes ended jobs and tokens whose time is over. @returns ids of the jobs removed */
  async sweep(nowMs: number): Promise<string[]> {
    const expired = (await this.list()).filter((job) => hasExpired(job, nowMs));
    for (const job of expired) await this.delete(job.jobId);
    await this.#database.run(async (db) => {
      const tx = db.transaction('tokens', 'readwrite');
      for (const record of await tx.store.getAll()) {
        if (record.expiresAtMs <= nowMs) await tx.store.delete(record.token);
      }
      await tx.done;
    });
    return expired.map((job) => job.jobId);
  }
}
