import { Failure } from '../contract/failure.ts';
import { DEFAULT_SCORE_THRESHOLD } from '../track/tracker.ts';
import { followDetections } from './follow-detections.ts';
import { type JobRecord, MAX_ATTEMPTS, type RetrackRequest, type Revision } from './job.ts';
import type { WorkHost } from './job-host.ts';
import { ProgressMeter } from './progress.ts';
import type { Results } from './results.ts';
import {
  detectionsGone,
  isAskedFor,
  latestRevision,
  withoutRetrack,
  withRevision,
} from './revisions.ts';
import type { DetectionChunk } from './sample-chunk.ts';
import { wholeSettings } from './settings.ts';

/** Detections of up to so many bytes are read once and held; more are read anew each time that they are gone through. */
const HELD_BYTES = 128 * 1024 ** 2;

/** How a request ended. */
export interface EndedRetrack {
  readonly job: JobRecord;
  /** Whether there is a new result; otherwise `retrackFailure` of the job says why not. */
  readonly isNew: boolean;
}

/**
 * Makes the result that a job was asked for, from its detections. Until it is whole the one before it counts, whatever
 * happens. The caller owns the job: nobody else works on it.
 *
 * @returns how it ended; undefined when nothing is asked for, or not any more
 * @throws the signal's reason when the thread is being ended: it is asked for still; Failure `quota-exceeded`,
 *   `store-unavailable` where not even its failure can be stored
 */
export async function retrackJob(jobId: string, host: WorkHost): Promise<EndedRetrack | undefined> {
  const { store, signal } = host;
  const meter = new ProgressMeter(jobId, host.now, host.onProgress);
  const job = await begin(jobId, host);
  const request = job?.retrack;
  if (!job || !request) return undefined;
  try {
    if (request.attempts > MAX_ATTEMPTS) {
      throw new Failure(
        'worker-crashed',
        `Tracking again stopped ${MAX_ATTEMPTS} times, most likely for want of memory. The result from before stays. Close other tabs and try again.`,
      );
    }
    const results = await follow(job, request, host, meter);
    meter.enter('refining');
    await store.writeResults(jobId, request.revision, results);
    signal.throwIfAborted();
    return await takeOver(jobId, request, results, host);
  } catch (error) {
    // The answer to the last write may be all that was lost.
    const now = await store.get(jobId);
    if (now && latestRevision(now) === request.revision) return { job: now, isNew: true };
    await store.dropResults(jobId, request.revision).catch(() => {});
    const { aborted, reason } = signal;
    if (aborted && !(reason instanceof Failure)) {
      await store.update(jobId, (found) => attempted(found, request, -1)).catch(() => {});
      throw reason;
    }
    const failure = Failure.from(aborted ? reason : error);
    const ended = await store.update(jobId, (found) =>
      isAskedFor(found, request) ? withoutRetrack(found, failure) : undefined,
    );
    return ended && { job: ended, isNew: false };
  } finally {
    meter.enter('done');
  }
}

function begin(jobId: string, { store }: WorkHost): Promise<JobRecord | undefined> {
  return store.update(jobId, (job) => job.retrack && attempted(job, job.retrack, 1));
}

/** The job with so many attempts more. */
function attempted(job: JobRecord, request: RetrackRequest, more: number): JobRecord | undefined {
  const { retrack } = job;
  if (!retrack || !isAskedFor(job, request)) return undefined;
  return { ...job, retrack: { ...retrack, attempts: Math.max(0, retrack.attempts + more) } };
}

function follow(
  job: JobRecord,
  { settings }: RetrackRequest,
  { store, signal }: WorkHost,
  meter: ProgressMeter,
): Promise<Results> {
  const { jobId, chunks, video, samplesDone, detectionBytes = Number.POSITIVE_INFINITY } = job;
  if (!video || !job.keptDetections) throw detectionsGone(jobId, job.object.key);
  meter.enter('tracking');
  const held: DetectionChunk[] = [];
  let done = 0;
  const history = {
    chunkCount: chunks,
    chunk: async (index: number) => {
      signal.throwIfAborted();
      const chunk = held[index] ?? (await store.detectionChunk(jobId, index));
      if (!chunk) throw detectionsGone(jobId, job.object.key);
      if (detectionBytes <= HELD_BYTES) held[index] = chunk;
      return chunk;
    },
    frame: video,
    modelThreshold: job.report.detector?.scoreThreshold ?? DEFAULT_SCORE_THRESHOLD,
    ...(job.report.detector?.identity && { reid: job.report.detector.identity.spreads }),
  };
  return followDetections(history, wholeSettings(settings), (chunk, people) => {
    done += chunk.frames.length;
    if (done === samplesDone) meter.enter('refining');
    else meter.advance(done, samplesDone, people);
  });
}

/** Puts the new result in the place of the one before it, in one write. */
async function takeOver(
  jobId: string,
  request: RetrackRequest,
  { people, elements }: Results,
  { store, wallClock }: WorkHost,
): Promise<EndedRetrack | undefined> {
  const { revision, settings } = request;
  let over: readonly Revision[] = [];
  const job = await store.update(jobId, (found) => {
    if (!isAskedFor(found, request)) return undefined;
    const next = { revision, settings, finishedAtMs: wallClock(), people, elements };
    const taken = withRevision(found, next);
    over = taken.over;
    return taken.job;
  });
  if (!job || latestRevision(job) !== revision) {
    // Stopped or deleted meanwhile.
    await store.dropResults(jobId, revision).catch(() => {});
    return undefined;
  }
  // What a crash keeps here goes when a page next tidies up.
  for (const { revision: old } of over) await store.dropResults(jobId, old).catch(() => {});
  return { job, isNew: true };
}
