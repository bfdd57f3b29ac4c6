import type { PersonTrackingSortBy } from '../contract/types.ts';
import type { JobRecord } from '../engine/job.ts';
import type { ResultChunk, Results } from '../engine/results.ts';
import { chunkIndex, type SampleChunk } from '../engine/sample-chunk.ts';
import {
  type ChunkSlice,
  chunksOf,
  hasExpired,
  isOpen,
  type JobStore,
  oldestFirst,
} from './jobs.ts';
import type { TokenRecord } from './schema.ts';

/**
 * Jobs kept in memory, for as long as their page lives: where the browser lets nothing be stored. It behaves as
 * {@link JobStore} does, step for step; what is handed in or out is a copy.
 */
export class MemoryJobStore implements Pick<JobStore, keyof JobStore> {
  readonly #jobs = new Map<string, JobRecord>();
  readonly #tokens = new Map<string, TokenRecord>();
  readonly #samples = new Map<string, SampleChunk[]>();
  readonly #results = new Map<string, Record<PersonTrackingSortBy, ResultChunk[]>>();
  readonly #models = new Map<string, Blob>();

  /** Every change goes through here, whole or not at all: the place to refuse one. */
  protected async write<T>(change: () => T): Promise<T> {
    return change();
  }

  /** @returns undefined for an unknown id */
  async get(jobId: string): Promise<JobRecord | undefined> {
    return structuredClone(this.#jobs.get(jobId));
  }

  /** Every job, in no order. */
  async list(): Promise<JobRecord[]> {
    return structuredClone([...this.#jobs.values()]);
  }

  /** The record of a ClientRequestToken, expired or not. */
  async token(token: string): Promise<TokenRecord | undefined> {
    return this.#tokens.get(token);
  }

  /** Jobs that wait or run, oldest first. */
  async open(): Promise<JobRecord[]> {
    return (await this.list()).filter(isOpen).sort(oldestFirst);
  }

  /** See {@link JobStore.create}. */
  create(
    job: JobRecord,
    token: TokenRecord | undefined,
    openLimit: number,
    modelFile?: Blob,
  ): ReturnType<JobStore['create']> {
    return this.write(() => {
      const used = token && this.#tokens.get(token.token);
      if (used && used.expiresAtMs > job.createdAtMs) return { kind: 'token', record: used };
      const open = [...this.#jobs.values()].filter(isOpen).length;
      if (open >= openLimit) return { kind: 'full', open };
      if (token) this.#tokens.set(token.token, token);
      if (modelFile) this.#models.set(job.jobId, modelFile);
      this.#jobs.set(job.jobId, structuredClone(job));
      return { kind: 'created' };
    });
  }

  /** See {@link JobStore.update}. */
  async update(
    jobId: string,
    change: (job: JobRecord) => JobRecord | undefined,
  ): Promise<JobRecord | undefined> {
    const job = this.#jobs.get(jobId);
    const changed = job && change(structuredClone(job));
    if (!changed) return structuredClone(job);
    return this.write(() => {
      this.#jobs.set(jobId, structuredClone(changed));
      return changed;
    });
  }

  /** See {@link JobStore.checkpoint}. */
  checkpoint(
    jobId: string,
    chunk: SampleChunk,
    change: (job: JobRecord) => JobRecord,
  ): Promise<JobRecord | undefined> {
    return this.write(() => {
      const job = this.#jobs.get(jobId);
      if (!job) return undefined;
      const chunks = this.#samples.get(jobId) ?? [];
      this.#samples.set(jobId, chunks);
      chunks[chunkIndex(chunk)] = structuredClone(chunk);
      this.#jobs.set(jobId, structuredClone(change(structuredClone(job))));
      return job;
    });
  }

  /** A stored chunk of samples. */
  async sampleChunk(jobId: string, chunk: number): Promise<SampleChunk | undefined> {
    return structuredClone(this.#samples.get(jobId)?.[chunk]);
  }

  /** The detector file that a job brought along; undefined when it brought none, or has ended. */
  async modelFile(jobId: string): Promise<Blob | undefined> {
    return this.#models.get(jobId);
  }

  /** See {@link JobStore.dropSamples}. */
  dropSamples(jobId: string): Promise<void> {
    return this.write(() => {
      this.#samples.delete(jobId);
      this.#models.delete(jobId);
    });
  }

  /** See {@link JobStore.writeResults}. */
  async writeResults(jobId: string, results: Results): Promise<void> {
    const orders = [
      ['INDEX', results.byIndex()],
      ['TIMESTAMP', results.byTimestamp()],
    ] as const;
    for (const [order, chunks] of orders) {
      let ordinal = 0;
      for (const chunk of chunks) {
        const at = ordinal++;
        await this.write(() => {
          const stored = this.#results.get(jobId) ?? { INDEX: [], TIMESTAMP: [] };
          this.#results.set(jobId, stored);
          stored[order][at] = structuredClone(chunk);
        });
      }
    }
  }

  /** See {@link JobStore.results}. */
  async results(
    jobId: string,
    order: PersonTrackingSortBy,
    from: number,
    to: number,
  ): Promise<ChunkSlice[]> {
    if (to <= from) return [];
    const { first, last, slice } = chunksOf(from, to);
    const chunks = this.#results.get(jobId)?.[order].slice(first, last + 1) ?? [];
    return structuredClone(chunks).map(slice);
  }

  /** See {@link JobStore.delete}. */
  delete(jobId: string): Promise<void> {
    return this.write(() => {
      for (const map of [this.#jobs, this.#samples, this.#results, this.#models]) map.delete(jobId);
    });
  }

  /** See {@link JobStore.sweep}. */
  async sweep(nowMs: number): Promise<string[]> {
    const expired = (await this.list()).filter((job) => hasExpired(job, nowMs));
    for (const { jobId } of expired) await this.delete(jobId);
    await this.write(() => {
      for (const [token, { expiresAtMs }] of this.#tokens) {
        if (expiresAtMs <= nowMs) this.#tokens.delete(token);
      }
    });
    return expired.map(({ jobId }) => jobId);
  }
}
