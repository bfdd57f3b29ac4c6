/** The results of a job: one for each way in which its detections were followed, the latest of which counts. */
import { Failure } from '../contract/failure.ts';
import type { JobRecord, RetrackRequest, Revision } from './job.ts';

/** Results of one job that are kept: with one more, the oldest goes. */
export const REVISIONS_MAX = 10;

/** The number of the result that counts, from 1. */
export function latestRevision({ revision = 1 }: Pick<JobRecord, 'revision'>): number {
  return revision;
}

/** Every result that can be read, oldest first; none of a job that has not ended. */
export function revisionsOf(job: JobRecord): readonly Revision[] {
  const { earlier = [], settings, finishedAtMs, people, elements } = job;
  if (finishedAtMs === undefined || people === undefined || elements === undefined) return [];
  return [...earlier, { revision: latestRevision(job), settings, finishedAtMs, people, elements }];
}

/** Whether the request that a job waits for is this one still. */
export function isAskedFor(job: JobRecord, { revision }: RetrackRequest): boolean {
  return job.retrack?.revision === revision;
}

/** The job with a request for another result. */
export function askedAgain(job: JobRecord, settings: JobRecord['settings']): JobRecord {
  const { retrackFailure: _, ...kept } = job;
  // A number that was ever given out is given out once: a token of it must not open another result.
  const last = Math.max(latestRevision(job), job.retrackFailure?.revision ?? 0);
  return { ...kept, retrack: { revision: last + 1, settings, attempts: 0 } };
}

/**
 * The job with its new result in the first place, still to be told of.
 * @returns with it the results that are one too many now
 */
export function withRevision(
  job: JobRecord,
  next: Revision,
): { job: JobRecord; over: readonly Revision[] } {
  const { retrack: _, retrackFailure: __, notifiedAtMs: ___, ...kept } = job;
  const before = revisionsOf(job);
  const over = before.slice(0, Math.max(0, before.length + 1 - REVISIONS_MAX));
  return { job: { ...kept, ...next, earlier: before.slice(over.length) }, over };
}

/** The job without the request, and why nothing came of it. */
export function withoutRetrack(job: JobRecord, failure: Failure): JobRecord {
  const { retrack, ...kept } = job;
  if (!retrack) return job;
  return { ...kept, retrackFailure: { ...failure.toRecord(), revision: retrack.revision } };
}

/** What becomes of a request whose job has no detections any more. @param key the video's */
export function detectionsGone(jobId: string, key: string): Failure {
  return new Failure(
    'detections-missing',
    `What was found in the video of the job ${jobId} is not kept any more: its time was over, or room was short. Start a new job with the video ${key}; its result can then be tracked again.`,
  );
}

/** What ends tracking again that its user stopped. */
export function retrackStopped(): Failure {
  return new Failure('stopped', 'Tracking again was stopped. The result from before stays.');
}
