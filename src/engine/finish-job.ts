import { Failure } from '../contract/failure.ts';
import { DEFAULT_SCORE_THRESHOLD } from '../track/tracker.ts';
import { finishTracks } from './finish-tracks.ts';
import { canGoOn, isOpen, type JobRecord, type JobReport } from './job.ts';
import type { JobStorePort, WorkHost } from './job-host.ts';
import type { VideoInfo } from './ports.ts';
import { ProgressMeter } from './progress.ts';
import { Results } from './results.ts';
import { latestRevision } from './revisions.ts';
import type { SampleChunk } from './sample-chunk.ts';
import { scoreThresholdOf } from './settings.ts';

/** How a job ended. */
export interface EndedJob {
  readonly job: JobRecord;
  /** False where not even that could be stored: the store has the job as running, at its last checkpoint. */
  readonly isStored: boolean;
}

/** What is known of a job by now; stored with each checkpoint and at the end. */
export interface Ledger {
  report?: JobReport;
  /** As it is known once it was read. */
  video?: VideoInfo;
}

/** @throws Failure `store-unavailable` where it is gone */
export async function storedChunk(
  store: JobStorePort,
  jobId: string,
  index: number,
): Promise<SampleChunk> {
  const chunk = await store.sampleChunk(jobId, index);
  if (chunk) return chunk;
  throw new Failure(
    'store-unavailable',
    'Part of what was found is gone from the browser’s storage. Start the job again.',
  );
}

/** Makes the results of what was stored and ends the job. */
export async function finishJob(
  jobId: string,
  host: WorkHost,
  meter: ProgressMeter,
  ledger: Ledger,
  failure: Failure | undefined,
): Promise<EndedJob | undefined> {
  const { store } = host;
  const job = await store.get(jobId);
  if (!job) return undefined;
  // What was set aside for now; where that fails, what comes next says so.
  await store.makeRoom(jobId).catch(() => {});
  let results: Results | undefined;
  let ending = failure;
  try {
    if (job.chunks > 0 && job.video) {
      meter.enter('refining');
      // A full disk may have no room for this, which must not keep the job from its end.
      await store.update(jobId, (found) => ({ ...found, stage: 'refining' })).catch(() => {});
      const { tracks, times } = await finishTracks(
        job.settings,
        {
          chunkCount: job.chunks,
          chunk: (index) => storedChunk(store, jobId, index),
        },
        scoreThresholdOf(
          job.settings,
          job.report.detector?.scoreThreshold ?? DEFAULT_SCORE_THRESHOLD,
        ),
        job.report.detector?.identity?.spreads,
      );
      results = new Results(tracks, times, job.video);
      await store.writeResults(jobId, latestRevision(job), results);
    }
  } catch (error) {
    results = undefined;
    ending ??= Failure.from(error);
  }
  const end = endOf(host.wallClock(), ledger, results, ending);
  let isStored = true;
  let ended: JobRecord | undefined;
  try {
    ended = await store.update(jobId, end);
  } catch (error) {
    isStored = false;
    ended = endOf(host.wallClock(), ledger, undefined, ending ?? Failure.from(error))(job);
  }
  // What a crash or a full disk keeps here goes when a page next tidies up.
  if (ended && isStored && !canGoOn(ended)) {
    await store.dropCheckpoints(jobId).catch(() => {});
    if (!ended.keptDetections) await store.dropDetections(jobId).catch(() => {});
  }
  meter.enter('done');
  return ended && { job: ended, isStored };
}

/** Turns an open job's record into that of an ended one. */
function endOf(
  finishedAtMs: number,
  { report, video }: Ledger,
  results: Results | undefined,
  failure: Failure | undefined,
): (job: JobRecord) => JobRecord {
  return (job) => {
    const ended: JobRecord = {
      ...job,
      state: failure ? 'failed' : 'succeeded',
      stage: 'done',
      finishedAtMs,
      ...(job.keepMs === undefined ? {} : { expiresAtMs: finishedAtMs + job.keepMs }),
      samplesTotal: failure ? job.samplesTotal : job.samplesDone,
      people: results?.people ?? 0,
      elements: results?.elements ?? 0,
      report: report ?? job.report,
      ...(video && { video }),
      ...(failure ? { failure: failure.toRecord() } : {}),
    };
    if (!canGoOn(ended) && job.video && job.chunks > 0 && job.keepDetectionsMs !== 0) {
      const { keepDetectionsMs } = job;
      const expires = keepDetectionsMs && { expiresAtMs: finishedAtMs + keepDetectionsMs };
      return { ...ended, keptDetections: { ...expires } };
    }
    // Where it may go on, from its last checkpoint, what was read beyond that will be read again.
    const { decode } = job.report;
    return canGoOn(ended) && decode ? { ...ended, report: { ...ended.report, decode } } : ended;
  };
}

/**
 * Ends a job that cannot be run on, for a reason that lies outside of it; what it had found is kept.
 * @returns how it ended; undefined when the job was deleted, or had ended
 */
export async function failJob(
  jobId: string,
  host: WorkHost,
  failure: Failure,
): Promise<EndedJob | undefined> {
  const job = await host.store.get(jobId);
  if (!job || !isOpen(job)) return undefined;
  const meter = new ProgressMeter(jobId, host.now, host.onProgress);
  return finishJob(jobId, host, meter, {}, failure);
}
