import { lookForOver } from '../contract/second-look.ts';
import type { PersonTrackingSortBy } from '../contract/types.ts';
import { isOpen, type JobRecord } from '../engine/job.ts';
import type { ResultChunk, ResultChunks } from '../engine/results.ts';
import {
  chunkIndex,
  type DetectionChunk,
  type SampleChunk,
  splitChunk,
  type TrackedChunk,
} from '../engine/sample-chunk.ts';
import { isLeftOver, isTokenInUse, marked, oldestFirst, withoutDetections } from './job-rules.ts';
import type { JobStore } from './jobs.ts';
import { type ChunkSlice, chunksOf, inBothOrders } from './result-chunks.ts';
import type { TokenRecord } from './schema.ts';
import { sweepJobs } from './sweep-jobs.ts';

/**
 * Jobs kept in memory, for as long as their page lives: where the browser lets nothing be stored. It behaves as
 * {@link JobStore} does, step for step; what is handed in or out is a copy.
 */
export class MemoryJobStore implements Pick<JobStore, keyof JobStore> {
  readonly #jobs = new Map<string, JobRecord>();
  readonly #tokens = new Map<string, TokenRecord>();
  readonly #detections = new Map<string, DetectionChunk[]>();
  readonly #checkpoints = new Map<string, TrackedChunk[]>();
  /** Of each job by revision. */
  readonly #results = new Map<string, Map<number, InBothOrders>>();
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

  /** The record of a ClientRequestToken, in use or not. */
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
      if (used && isTokenInUse(used, this.#jobs.get(used.jobId), job.createdAtMs))
        return { kind: 'token', record: used };
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
      const [detections, tracked] = splitChunk(structuredClone(chunk));
      membersOf(this.#detections, jobId, () => [])[chunkIndex(chunk)] = detections;
      membersOf(this.#checkpoints, jobId, () => [])[chunkIndex(chunk)] = tracked;
      this.#jobs.set(jobId, structuredClone(changed));
      return changed;
    });
  }

  /** See {@link JobStore.sampleChunk}. */
  async sampleChunk(jobId: string, chunk: number): Promise<SampleChunk | undefined> {
    const detections = this.#detections.get(jobId)?.[chunk];
    const tracked = this.#checkpoints.get(jobId)?.[chunk];
    return detections && tracked && structuredClone({ ...detections, ...tracked });
  }

  /** See {@link JobStore.detectionChunk}. */
  async detectionChunk(jobId: string, chunk: number): Promise<DetectionChunk | undefined> {
    return structuredClone(this.#detections.get(jobId)?.[chunk]);
  }

  /** The detector file that a job brought along; undefined when it brought none, or has ended. */
  async modelFile(jobId: string): Promise<Blob | undefined> {
    return this.#models.get(jobId);
  }

  /** See {@link JobStore.dropCheckpoints}. */
  dropCheckpoints(jobId: string): Promise<void> {
    return this.write(() => {
      this.#checkpoints.delete(jobId);
      this.#models.delete(jobId);
    });
  }

  /** See {@link JobStore.dropDetections}. */
  dropDetections(jobId: string): Promise<void> {
    return this.write(() => {
      this.#detections.delete(jobId);
      const job = this.#jobs.get(jobId);
      if (job?.keptDetections) this.#jobs.set(jobId, withoutDetections(job));
    });
  }

  /** Nothing is set aside: what is full is the computer's memory. */
  async makeRoom(): Promise<void> {}

  /** See {@link JobStore.writeResults}. */
  async writeResults(jobId: string, revision: number, results: ResultChunks): Promise<void> {
    const stored: InBothOrders = { INDEX: [], TIMESTAMP: [] };
    await this.dropResults(jobId, revision);
    for (const { order, ordinal, chunk } of inBothOrders(results)) {
      await this.write(() => {
        if (!this.#jobs.has(jobId)) return;
        membersOf(this.#results, jobId, () => new Map()).set(revision, stored);
        stored[order][ordinal] = structuredClone(chunk);
      });
    }
  }

  /** See {@link JobStore.dropResults}. */
  dropResults(jobId: string, revision: number): Promise<void> {
    return this.write(() => void this.#results.get(jobId)?.delete(revision));
  }

  /** See {@link JobStore.results}. */
  async results(
    jobId: string,
    revision: number,
    order: PersonTrackingSortBy,
    from: number,
    to: number,
  ): Promise<ChunkSlice[]> {
    if (to <= from) return [];
    const { first, last, slice } = chunksOf(from, to);
    const chunks =
      this.#results
        .get(jobId)
        ?.get(revision)
        ?.[order].slice(first, last + 1) ?? [];
    return structuredClone(chunks).map(slice);
  }

  /** See {@link JobStore.delete}. */
  delete(jobId: string): Promise<void> {
    return this.write(() => {
      this.#jobs.delete(jobId);
      for (const map of Object.values(this.#belongings)) map.delete(jobId);
    });
  }

  /** See {@link JobStore.sweep}. */
  async sweep(nowMs: number): Promise<JobRecord[]> {
    const removed = await sweepJobs(this, nowMs);
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
    return this.write(() => {
      for (const name of ['detections', 'checkpoints', 'models'] as const) {
        for (const jobId of [...this.#belongings[name].keys()]) {
          if (isLeftOver(name, this.#jobs.get(jobId))) this.#belongings[name].delete(jobId);
        }
      }
      for (const [jobId, revisions] of this.#results) {
        for (const revision of [...revisions.keys()]) {
          if (isLeftOver('results', this.#jobs.get(jobId), revision)) revisions.delete(revision);
        }
      }
    });
  }

  get #belongings() {
    return {
      detections: this.#detections,
      checkpoints: this.#checkpoints,
      results: this.#results,
      models: this.#models,
    };
  }
}

/** A result's chunks. */
type InBothOrders = Record<PersonTrackingSortBy, ResultChunk[]>;

/** The value of a key, made where there is none. */
function membersOf<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
