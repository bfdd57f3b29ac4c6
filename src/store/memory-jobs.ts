import { lookForOver } from '../contract/second-look.ts';
import type { PersonTrackingSortBy } from '../contract/types.ts';
import { isOpen, type JobRecord } from '../engine/job.ts';
import type { ResultChunk, ResultChunks } from '../engine/results.ts';
import { chunkIndex, type SampleChunk } from '../engine/sample-chunk.ts';
import {
  type ChunkSlice,
  chunksOf,
  inBothOrders,
  isLeftOver,
  type JobStore,
  lookAtJob,
  marked,
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

  /** See {@link JobStore.reopen}; there is always room. */
  async reopen(
    jobId: string,
    openLimit: number,
    change: (job: JobRecord) => JobRecord | undefined,
  ): ReturnType<JobStore['reopen']> {
    const changed = this.#changed(jobId, change);
    if (!changed) return { kind: 'job', job: await this.get(jobId) };
    const open = (await this.open()).length;
    if (open >= openLimit) return { kind: 'full', open };
    return { kind: 'job', job: await this.update(jobId, change) };
  }

  /** See {@link JobStore.update}. */
  async update(
    jobId: string,
    change: (job: JobRecord) => JobRecord | undefined,
  ): Promise<JobRecord | undefined> {
    const changed = this.#changed(jobId, change);
    if (!changed) return this.get(jobId);
    return this.write(() => {
      this.#jobs.set(jobId, structuredClone(changed));
      return changed;
    });
  }

  #changed(
    jobId: string,
    change: (job: JobRecord) => JobRecord | undefined,
  ): JobRecord | undefined {
    const job = this.#jobs.get(jobId);
    return job && change(structuredClone(job));
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
      const changed = change(structuredClone(job));
      const chunks = this.#samples.get(jobId) ?? [];
      this.#samples.set(jobId, chunks);
      chunks[chunkIndex(chunk)] = structuredClone(chunk);
      this.#jobs.set(jobId, structuredClone(changed));
      return changed;
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

  /** Nothing is set aside: what is full is the computer's memory. */
  async makeRoom(): Promise<void> {}

  /** See {@link JobStore.writeResults}. */
  async writeResults(jobId: string, results: ResultChunks): Promise<void> {
    const stored: Record<PersonTrackingSortBy, ResultChunk[]> = { INDEX: [], TIMESTAMP: [] };
    await this.write(() => void this.#results.delete(jobId));
    for (const { order, ordinal, chunk } of inBothOrders(results)) {
      await this.write(() => {
        if (!this.#jobs.has(jobId)) return;
        this.#results.set(jobId, stored);
        stored[order][ordinal] = structuredClone(chunk);
      });
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
    const removed: string[] = [];
    for (const job of await this.list()) {
      const look = lookAtJob(job, nowMs);
      if (look === 'remove') {
        await this.delete(job.jobId);
        removed.push(job.jobId);
      } else if (look !== 'keep') {
        await this.update(job.jobId, (found) => marked(found, look, nowMs));
      }
    }
    await this.write(() => {
      for (const [token, record] of this.#tokens) {
        const look = lookForOver(record, nowMs);
        if (look === 'remove') this.#tokens.delete(token);
        else if (look !== 'keep') this.#tokens.set(token, marked(record, look, nowMs));
      }
    });
    return removed;
  }

  /** See {@link JobStore.tidy}. */
  tidy(): Promise<void> {
    const belongings = { samples: this.#samples, results: this.#results, models: this.#models };
    return this.write(() => {
      for (const name of ['samples', 'results', 'models'] as const) {
        for (const jobId of [...belongings[name].keys()]) {
          if (isLeftOver(name, this.#jobs.get(jobId))) belongings[name].delete(jobId);
        }
      }
    });
  }
}
