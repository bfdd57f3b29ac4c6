import type { PersonTrackingSortBy } from '../contract/types.ts';
import type { JobRecord } from '../engine/job.ts';
import type { ResultChunks } from '../engine/results.ts';
import {
  chunkIndex,
  type DetectionChunk,
  type SampleChunk,
  splitChunk,
} from '../engine/sample-chunk.ts';
import type { Database } from './database.ts';
import { BELONGINGS, isTokenInUse, oldestFirst } from './job-rules.ts';
import { forgetDetections } from './kept-detections.ts';
import { everythingOf } from './key-range.ts';
import { reserveBlock, reserveBlocks } from './reserve.ts';
import { type ChunkSlice, chunksOf, inBothOrders } from './result-chunks.ts';
import type { TokenRecord } from './schema.ts';
import { sweepJobs, sweepTokens } from './sweep-jobs.ts';
import { tidyJobs } from './tidy-jobs.ts';

/**
 * Jobs, what was found in their videos, what they need to go on, and their results. Throws what {@link Database.run}
 * throws.
 */
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

  /** The record of a ClientRequestToken, in use or not. */
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
   * Adds a job unless its token is in use ({@link isTokenInUse}); one transaction, so that two tabs with one token start one job.
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
      if (used && isTokenInUse(used, await jobs.get(used.jobId), job.createdAtMs)) {
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
    const [detections, tracked] = splitChunk(chunk);
    const changed = await this.#database.write(
      ['jobs', 'detections', 'checkpoints'],
      async (tx) => {
        const jobs = tx.objectStore('jobs');
        const job = await jobs.get(jobId);
        // Deleted meanwhile: leave nothing behind.
        if (!job) return undefined;
        const key: [string, number] = [jobId, chunkIndex(chunk)];
        await tx.objectStore('detections').put(detections, key);
        await tx.objectStore('checkpoints').put(tracked, key);
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

  /** A stored chunk of samples, of a job that may go on. */
  sampleChunk(jobId: string, chunk: number): Promise<SampleChunk | undefined> {
    return this.#database.run(async (db) => {
      const tx = db.transaction(['detections', 'checkpoints']);
      const [detections, tracked] = await Promise.all([
        tx.objectStore('detections').get([jobId, chunk]),
        tx.objectStore('checkpoints').get([jobId, chunk]),
      ]);
      return detections && tracked && { ...detections, ...tracked };
    });
  }

  /** What was found in a chunk of samples. */
  detectionChunk(jobId: string, chunk: number): Promise<DetectionChunk | undefined> {
    return this.#database.run((db) => db.get('detections', [jobId, chunk]));
  }

  /** The detector file that a job brought along; undefined when it brought none, or has ended. */
  modelFile(jobId: string): Promise<Blob | undefined> {
    return this.#database.run((db) => db.get('models', jobId));
  }

  /** Forgets what a job needs to go on, its detections aside: the tracker's checkpoints and a model of its own. */
  dropCheckpoints(jobId: string): Promise<void> {
    return this.#database.erase(['checkpoints', 'models'], async (tx) => {
      await tx.objectStore('checkpoints').delete(everythingOf(jobId));
      await tx.objectStore('models').delete(jobId);
    });
  }

  /** Forgets a job's detections. */
  async dropDetections(jobId: string): Promise<void> {
    await this.#database.run((db) => forgetDetections(db, jobId));
  }

  /** Frees the room that was set aside for a job's end. */
  makeRoom(jobId: string): Promise<void> {
    return this.#database.erase(['reserves'], (tx) =>
      tx.objectStore('reserves').delete(everythingOf(jobId)),
    );
  }

  /**
   * Stores a result in both orders, chunk by chunk, in place of what was there of it; nothing of a job that was deleted.
   * It counts once the job's record says so.
   */
  async writeResults(jobId: string, revision: number, results: ResultChunks): Promise<void> {
    await this.dropResults(jobId, revision);
    for (const { order, ordinal, chunk } of inBothOrders(results)) {
      await this.#database.write(['jobs', 'results'], async (tx) => {
        if ((await tx.objectStore('jobs').count(jobId)) === 0) return;
        await tx.objectStore('results').put(chunk, [jobId, revision, order, ordinal]);
      });
    }
  }

  /** Forgets one result of a job. */
  dropResults(jobId: string, revision: number): Promise<void> {
    return this.#database.erase(['results'], (tx) =>
      tx.objectStore('results').delete(everythingOf(jobId, revision)),
    );
  }

  /**
   * Elements `from` to `to` (without `to`) of one result of a job, reading only the chunks they lie in.
   */
  async results(
    jobId: string,
    revision: number,
    order: PersonTrackingSortBy,
    from: number,
    to: number,
  ): Promise<ChunkSlice[]> {
    if (to <= from) return [];
    const { first, last, slice } = chunksOf(from, to);
    const stretch = IDBKeyRange.bound(
      [jobId, revision, order, first],
      [jobId, revision, order, last],
    );
    const chunks = await this.#database.run((db) => db.getAll('results', stretch));
    return chunks.map(slice);
  }

  /** Forgets a job with everything of it. Its token stays in use until it expires. */
  delete(jobId: string): Promise<void> {
    return this.#database.erase(['jobs', ...BELONGINGS], async (tx) => {
      await tx.objectStore('jobs').delete(jobId);
      await tx.objectStore('models').delete(jobId);
      for (const name of ['detections', 'checkpoints', 'results', 'reserves'] as const) {
        await tx.objectStore(name).delete(everythingOf(jobId));
      }
    });
  }

  /** See {@link sweepJobs} and {@link sweepTokens}. */
  async sweep(nowMs: number): Promise<JobRecord[]> {
    const removed = await sweepJobs(this, nowMs);
    await sweepTokens(this.#database, nowMs);
    return removed;
  }

  /** See {@link tidyJobs}. */
  tidy(): Promise<void> {
    return tidyJobs(this.#database);
  }
}

async function countOpen(states: { count(state: string): Promise<number> }): Promise<number> {
  return (await states.count('queued')) + (await states.count('running'));
}
