/** What both stores of jobs go by. */
import { isExpired, lookForOver } from '../contract/second-look.ts';
import { canGoOn, isOpen, type JobRecord } from '../engine/job.ts';
import { latestRevision } from '../engine/revisions.ts';
import type { TokenRecord } from './schema.ts';

/** The order in which jobs are run. */
export function oldestFirst(a: JobRecord, b: JobRecord): number {
  return a.createdAtMs - b.createdAtMs || (a.jobId < b.jobId ? -1 : 1);
}

/**
 * Whether a ClientRequestToken names its job: for its time, and as long as the job can be asked for. Whoever was answered with one
 * that is gone could neither read it nor start it again.
 * @param job that of the token; undefined when it is gone
 */
export function isTokenInUse(
  token: TokenRecord,
  job: JobRecord | undefined,
  nowMs: number,
): boolean {
  return token.expiresAtMs > nowMs && job !== undefined && !isExpired(job, nowMs);
}

/** Stores that hold what belongs to a job. */
export const BELONGINGS = ['detections', 'checkpoints', 'results', 'models', 'reserves'] as const;

/**
 * Whether what such a store holds of a job is of no use any more.
 * @param job undefined when it is gone
 * @param revision of results: which
 */
export function isLeftOver(
  store: (typeof BELONGINGS)[number],
  job: JobRecord | undefined,
  revision?: number,
): boolean {
  if (!job) return true;
  if (isOpen(job)) return false;
  if (store === 'results') {
    const earlier = (job.earlier ?? []).map((known) => known.revision);
    return ![...earlier, latestRevision(job), job.retrack?.revision].includes(revision);
  }
  if (store === 'reserves') return true;
  return !canGoOn(job) && !(store === 'detections' && job.keptDetections);
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

/** What to do with a job's detections, whose own time may be over; those that are wanted now are kept. */
export function lookAtDetections(job: JobRecord, nowMs: number): ReturnType<typeof lookForOver> {
  const { keptDetections, retrack } = job;
  return keptDetections && !retrack ? lookForOver(keptDetections, nowMs) : 'keep';
}

/** A job's record with the mark of a look at its detections, or without. */
export function markedDetections(
  job: JobRecord,
  look: 'mark' | 'unmark',
  nowMs: number,
): JobRecord {
  return { ...job, keptDetections: marked(job.keptDetections ?? {}, look, nowMs) };
}

/** The job without its detections. */
export function withoutDetections({ keptDetections: _, ...job }: JobRecord): JobRecord {
  return job;
}
