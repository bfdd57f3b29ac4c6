import { invalidParameter, jobNotFound } from '../contract/exceptions.ts';
import { Failure } from '../contract/failure.ts';
import { isExpired } from '../contract/second-look.ts';
import { canGoOn, isOpen, type JobRecord } from '../engine/job.ts';
import { askedAgain, detectionsGone, revisionsOf } from '../engine/revisions.ts';
import { followingSettings } from '../engine/settings.ts';
import type { RetrackSettings } from './api.ts';
import type { PageStorage } from './storage.ts';

/**
 * Asks whoever runs jobs for another result of one that has ended; see `PersonTracking.retrack`.
 * @returns the number that the result will have
 */
export async function askForRetrack(
  jobs: PageStorage['jobs'],
  job: JobRecord,
  changes: RetrackSettings,
): Promise<number> {
  const { jobId, chunks, keptDetections } = job;
  assertCanRetrack(job);
  const settings = followingSettings(job.settings, changes);
  // The record may say that they are kept where room was too short to say otherwise.
  const isKept = keptDetections !== undefined && !isExpired(keptDetections, Date.now());
  if (!isKept || !(await jobs.detectionChunk(jobId, chunks - 1))) {
    throw detectionsGone(jobId, job.object.key);
  }
  const asked = await jobs.update(jobId, (found) => {
    assertCanRetrack(found);
    return askedAgain(found, settings);
  });
  if (!asked?.retrack) throw jobNotFound(jobId);
  return asked.retrack.revision;
}

/**
 * What came of a result that was asked for.
 * @returns whether it is there; false while it is awaited
 * @throws Failure that says why it did not come
 */
export function hasCome(job: JobRecord, revision: number): boolean {
  if (job.retrack?.revision === revision) return false;
  if (job.retrackFailure?.revision === revision) throw Failure.fromRecord(job.retrackFailure);
  if (revisionsOf(job).some((known) => known.revision === revision)) return true;
  throw new Failure('stopped', 'It was tracked again in another way meanwhile.');
}

function assertCanRetrack(job: JobRecord): void {
  const why = isOpen(job)
    ? `must have ended; it is ${job.state}`
    : canGoOn(job)
      ? 'must have ended for good; it failed and can go on: let it go on first'
      : job.retrack
        ? 'must not be tracked again at the moment; wait for that, or stop it'
        : job.video === undefined || job.chunks === 0
          ? 'must have looked for people; it failed before that'
          : undefined;
  if (why !== undefined) throw invalidParameter(`the job ${job.jobId} ${why}`);
}
