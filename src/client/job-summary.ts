import { videoMetadata } from '../contract/answer.ts';
import {
  canGoOn,
  isOpen,
  type JobProgress,
  type JobRecord,
  type KeptDetections,
  type Revision,
} from '../engine/job.ts';
import { storedProgress } from '../engine/progress.ts';
import { revisionsOf } from '../engine/revisions.ts';
import type { JobSummary, RevisionSummary } from './api.ts';

const STATUS = {
  queued: 'IN_PROGRESS',
  running: 'IN_PROGRESS',
  succeeded: 'SUCCEEDED',
  failed: 'FAILED',
} as const;

/** A job as listed. @param live progress heard from the worker that runs it, newer than the record's */
export function jobSummary(job: JobRecord, live: JobProgress | undefined): JobSummary {
  const { request, object } = job;
  const stored = storedProgress(job);
  return {
    jobId: job.jobId,
    status: STATUS[job.state],
    bucket: object.bucket,
    key: object.key,
    version: object.version,
    ...(request.JobTag === undefined ? {} : { jobTag: request.JobTag }),
    createdAt: new Date(job.createdAtMs),
    ...(job.finishedAtMs === undefined ? {} : { finishedAt: new Date(job.finishedAtMs) }),
    ...(job.expiresAtMs === undefined ? {} : { expiresAt: new Date(job.expiresAtMs) }),
    settings: job.settings,
    ...(job.video ? { metadata: videoMetadata(job.video) } : {}),
    ...(job.video?.startMs === undefined ? {} : { videoStartMs: job.video.startMs }),
    ...(job.video?.recordedAtMs === undefined
      ? {}
      : { recordedAt: new Date(job.video.recordedAtMs) }),
    ...(job.recording ? { recording: job.recording } : {}),
    ...(job.failure ? { failure: job.failure } : {}),
    ...(canGoOn(job) ? { canGoOn: true } : {}),
    progress: !isOpen(job) && !job.retrack ? stored : (live ?? stored),
    ...(job.people === undefined ? {} : { people: job.people }),
    ...(job.elements === undefined ? {} : { elements: job.elements }),
    report: job.report,
    revisions: revisionsOf(job).map(revisionSummary),
    ...(job.retrack
      ? { retracking: { revision: job.retrack.revision, settings: job.retrack.settings } }
      : {}),
    ...(job.retrackFailure ? { retrackFailure: job.retrackFailure } : {}),
    ...(job.keptDetections ? { detections: detectionsSummary(job, job.keptDetections) } : {}),
  };
}

function revisionSummary({ finishedAtMs, ...members }: Revision): RevisionSummary {
  return { ...members, finishedAt: new Date(finishedAtMs) };
}

function detectionsSummary(
  { detectionBytes: bytes = 0, expiresAtMs }: JobRecord,
  kept: KeptDetections,
): NonNullable<JobSummary['detections']> {
  const until = kept.expiresAtMs ?? expiresAtMs;
  return { bytes, ...(until === undefined ? {} : { expiresAt: new Date(until) }) };
}
