import { lookForOver } from '../contract/second-look.ts';
import type { PersonTrackingSortBy } from '../contract/types.ts';
import { canGoOn, isOpen, type JobRecord } from '../engine/job.ts';
import { CHUNK_ELEMENTS, type ResultChunk, type ResultChunks } from '../engine/results.ts';
import { chunkIndex, type SampleChunk } from '../engine/sample-chunk.ts';
import type { Database } from './database.ts';
import { reserveBlock, reserveBlocks } from './reserve.ts';
import type { TokenRecord } from './schema.ts';

/** A result's chunk and where the wanted elements lie in it: `from` to `to`, without `to`. */
export interface ChunkSlice {
  readonly chunk: ResultChunk;
  readonly from: number;
  readonly to: number;
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
  async create(
    job: JobRecord,
    token: TokenRecord | undefined,
    openLimit: number,
    modelFile?: Blob,
  ): Promise<
    { kind: 'created' } | { kind: 'token'; record: TokenRecord } | { kind: 'full'; open: number }
  > {
    const created = await this.#database.write(['jobs', 'tokens', 'models'], async (tx) => {
      const tokens = tx.objectStore('tokens');
      const jobs = tx.objectStore('jobs');
      const used = token && (await tokens.get(token.token));
      if (used && used.expiresAtMs > job.createdAtMs) {
        return { kind: 'token', record: used } as const;
      }
      const open = await countOpen(jobs.index('state'));
      if (open >= openLimit) return { kind: 'full', open } as const;
      if (token) await tokens.put(token);
      if (modelFile) await tx.objectStore('models').put(modelFile, job.jobId);
      await jobs.put(job);
      return { kind: 'created' } as const;
    });
    // Where there is none now, there may be at its first checkpoint.
    if (created.kind === 'created') await this.#setRoomAside(job).catch(() => {});
    return created;
  }

  /**
   * Lets a failed job run again, with its samples; its place among the open ones is that of its age.
   * @param change answers the record of a job that waits, or undefined to leave it
   * @returns the record as it stands afterwards; undefined when there is none
   * @throws Failure `quota-exceeded` while there is no room to set aside for its end
   */
  reopen(
    jobId: string,
    openLimit: number,
    change: (job: JobRecord) => JobRecord | undefined,
  ): Promise<{ kind: 'job'; job: JobRecord | undefined } | { kind: 'full'; open: number }> {
    return this.#database.write(['jobs', 'reserves'], async (tx) => {
      const jobs = tx.objectStore('jobs');
      const job = await jobs.get(jobId);
      const changed = job && change(job);
      if (!changed) return { kind: 'job', job };
      const open = await countOpen(jobs.index('state'));
      if (open >= openLimit) return { kind: 'full', open };
      await jobs.put(changed);
      const reserves = tx.objectStore('reserves');
      for (let i = 0; i < reserveBlocks(changed.elementsAtMost ?? 0); i++) {
        await reserves.put(reserveBlock(), [jobId, i]);
      }
      return { kind: 'job', job: changed };
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
    return this.#database.write(['jobs'], async (tx) => {
      const jobs = tx.objectStore('jobs');
      const job = await jobs.get(jobId);
      const changed = job && change(job);
      if (changed) await jobs.put(changed);
      return changed ?? job;
    });
  }

  /**
   * Stores a chunk of samples, in place of what was stored of it, and the job's progress together: a checkpoint. Then
   * room for the job's end is set aside; where that fails the checkpoint stands.
   * @returns the record as it stands afterwards; undefined when the job was deleted
   */
  async checkpoint(
    jobId: string,
    chunk: SampleChunk,
    change: (job: JobRecord) => JobRecord,
  ): Promise<JobRecord | undefined> {
    const changed = await this.#database.write(
      ['jobs', 'samples'],
      async (tx) => {
        const jobs = tx.objectStore('jobs');
        const job = await jobs.get(jobId);
        // Deleted meanwhile: leave nothing behind.
        if (!job) return undefined;
        await tx.objectStore('samples').put(chunk, [jobId, chunkIndex(chunk)]);
        const after = change(job);
        await jobs.put(after);
        return after;
      },
      'relaxed',
    );
    if (changed) await this.#setRoomAside(changed);
    return changed;
  }

  /** Sets aside what the job's end may need by now; nothing for a job that was deleted. */
  async #setRoomAside({ jobId, elementsAtMost = 0 }: JobRecord): Promise<void> {
    const wanted = reserveBlocks(elementsAtMost);
    const aside = await this.#database.run((db) => db.count('reserves', everythingOf(jobId)));
    if (aside >= wanted) return;
    await this.#database.write(['jobs', 'reserves'], async (tx) => {
      if ((await tx.objectStore('jobs').count(jobId)) === 0) return;
      for (let i = aside; i < wanted; i++) {
        await tx.objectStore('reserves').put(reserveBlock(), [jobId, i]);
      }
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
  dropSamples(jobId: string): Promise<void> {
    return this.#database.write(['samples', 'models'], async (tx) => {
      await tx.objectStore('samples').delete(everythingOf(jobId));
      await tx.objectStore('models').delete(jobId);
    });
  }

  /** Frees the room that was set aside for a job's end. */
  makeRoom(jobId: string): Promise<void> {
    return this.#database.write(['reserves'], (tx) =>
      tx.objectStore('reserves').delete(everythingOf(jobId)),
    );
  }

  /**
   * Stores results in both orders, chunk by chunk, in place of what was there; nothing of a job that was deleted. They
   * count once the job's record says so.
   */
  async writeResults(jobId: string, results: ResultChunks): Promise<void> {
    await this.#database.write(['results'], (tx) =>
      tx.objectStore('results').delete(everythingOf(jobId)),
    );
    for (const { order, ordinal, chunk } of inBothOrders(results)) {
      await this.#database.write(['jobs', 'results'], async (tx) => {
        if ((await tx.objectStore('jobs').count(jobId)) === 0) return;
        await tx.objectStore('results').put(chunk, [jobId, order, ordinal]);
      });
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
  delete(jobId: string): Promise<void> {
    return this.#database.write(['jobs', ...BELONGINGS], async (tx) => {
      await tx.objectStore('jobs').delete(jobId);
      await tx.objectStore('models').delete(jobId);
      for (const name of ['samples', 'results', 'reserves'] as const) {
        await tx.objectStore(name).delete(everythingOf(jobId));
      }
    });
  }

  /**
   * Removes ended jobs and tokens whose time is over, and was over at an earlier look too (`lookForOver`).
   * @returns ids of the jobs removed
   */
  async sweep(nowMs: number): Promise<string[]> {
    const removed: string[] = [];
    for (const { jobId } of await this.list()) {
      let look: ReturnType<typeof lookAtJob> | undefined;
      await this.update(jobId, (job) => {
        look = lookAtJob(job, nowMs);
        return look === 'mark' || look === 'unmark' ? marked(job, look, nowMs) : undefined;
      });
      if (look !== 'remove') continue;
      await this.delete(jobId);
      removed.push(jobId);
    }
    await this.#database.write(['tokens'], async (tx) => {
      const tokens = tx.objectStore('tokens');
      for (const record of await tokens.getAll()) {
        const look = lookForOver(record, nowMs);
        if (look === 'remove') await tokens.delete(record.token);
        else if (look !== 'keep') await tokens.put(marked(record, look, nowMs));
      }
    });
    return removed;
  }

  /**
   * Removes what a crash left behind: samples, models and room of jobs that have ended and cannot go on, and everything
   * of jobs that are gone.
   */
  tidy(): Promise<void> {
    return this.#database.write(['jobs', ...BELONGINGS], async (tx) => {
      for (const name of BELONGINGS) {
        const store = tx.objectStore(name);
        let cursor = await store.openKeyCursor();
        while (cursor) {
          const key: string | (string | number)[] = cursor.key;
          const jobId = typeof key === 'string' ? key : (key[0] as string);
          if (isLeftOver(name, await tx.objectStore('jobs').get(jobId))) {
            await store.delete(typeof key === 'string' ? key : everythingOf(jobId));
          }
          // Behind the last of the job's.
          cursor = await store.openKeyCursor(
            IDBKeyRange.lowerBound(typeof key === 'string' ? key : [jobId, []], true),
          );
        }
      }
    });
  }
}

/** Stores that hold what belongs to a job. */
const BELONGINGS = ['samples', 'results', 'models', 'reserves'] as const;

/** Whether what such a store holds of a job is of no use any more. @param job undefined when it is gone */
export function isLeftOver(
  store: (typeof BELONGINGS)[number],
  job: JobRecord | undefined,
): boolean {
  if (!job) return true;
  if (isOpen(job) || store === 'results') return false;
  return store === 'reserves' || !canGoOn(job);
}

/** What to do with a job whose results' time may be over; an open one is kept. */
export function lookAtJob(job: JobRecord, nowMs: number): ReturnType<typeof lookForOver> {
  return isOpen(job) ? 'keep' : lookForOver(job, nowMs);
}

/** A record with the mark of a look, or without. */
export function marked<T extends { readonly overSinceMs?: number }>(
  record: T,
  look: 'mark' | 'unmark',
  nowMs: number,
): T {
  if (look === 'mark') return { ...record, overSinceMs: nowMs };
  const { overSinceMs: _, ...unmarked } = record;
  return unmarked as T;
}

/** The chunks of results as they are stored: in both orders, numbered in each from 0. */
export function* inBothOrders(
  results: ResultChunks,
): Generator<{ order: PersonTrackingSortBy; ordinal: number; chunk: ResultChunk }> {
  for (const [order, chunks] of [
    ['INDEX', results.byIndex()],
    ['TIMESTAMP', results.byTimestamp()],
  ] as const) {
    let ordinal = 0;
    for (const chunk of chunks) yield { order, ordinal: ordinal++, chunk };
  }
}

function everythingOf(jobId: string): IDBKeyRange {
  return IDBKeyRange.bound([jobId], [jobId, []]);
}

async function countOpen(states: { count(state: string): Promise<number> }): Promise<number> {
  return (await states.count('queued')) + (await states.count('running'));
}
