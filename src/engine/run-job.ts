import { Failure } from '../contract/failure.ts';
import type { Tracker } from '../track/tracker.ts';
import { createTracker } from '../track/trackers/create-tracker.ts';
import { ChunkTotals } from './chunk-totals.ts';
import { decodedUpTo } from './decoded-up-to.ts';
import { type EndedJob, finishJob, type Ledger, storedChunk } from './finish-job.ts';
import { followedAgain, isOwnSnapshot } from './follow-again.ts';
import { isOpen, type JobRecord, type JobReport, type JobStage, MAX_ATTEMPTS } from './job.ts';
import type { JobHost } from './job-host.ts';
import { type OpenParts, openParts } from './open-parts.ts';
import { PeopleSoFar } from './people-so-far.ts';
import { type Checkpoint, trackSamples } from './pipeline.ts';
import { ProgressMeter } from './progress.ts';
import { chunkIndex, type SampleChunk } from './sample-chunk.ts';
import { scoreThresholdOf, wholeSettings } from './settings.ts';

/**
 * Runs a job to its end, from its last checkpoint if it has one. The caller owns the job: nobody else runs it.
 *
 * Whatever write fails, the job then is in one of three states: `succeeded` with its whole result; `failed` with what was
 * found, and where another try may help (`canGoOn`) with its samples too; or still open, at its last checkpoint.
 *
 * @returns how it ended, `succeeded` or `failed`; undefined when the job was deleted meanwhile, or
 *   had ended
 * @throws the signal's reason when the thread is being ended and the job stays resumable; Failure `store-unavailable`
 *   when the store cannot even be read
 */
export async function runJob<Image>(
  jobId: string,
  host: JobHost<Image>,
): Promise<EndedJob | undefined> {
  const meter = new ProgressMeter(jobId, host.now, host.onProgress);
  const ledger: Ledger = {};
  let failure: Failure | undefined;
  try {
    const job = await begin(jobId, host);
    if (!job) return undefined;
    ledger.report = job.report;
    if (job.stopRequested) throw stopped();
    if (job.attempts > MAX_ATTEMPTS) {
      throw new Failure(
        'worker-crashed',
        `The job stopped ${MAX_ATTEMPTS} times at the same place, most likely for want of memory. Close other tabs or choose a lower quality, and start it again.`,
      );
    }
    if ((await track(job, host, meter, ledger)) === 'other networks') {
      await track(await beginAnew(job, host), host, meter, ledger);
    }
  } catch (error) {
    const { aborted, reason } = host.signal;
    if (aborted && !(reason instanceof Failure)) {
      await host.store
        .update(jobId, (job) => ({ ...job, attempts: Math.max(0, job.attempts - 1) }))
        .catch(() => {});
      throw reason;
    }
    failure = Failure.from(aborted ? reason : error);
  }
  return finishJob(jobId, host, meter, ledger, failure);
}

/** Takes a job over. An attempt that another host left counts no more than one that was never begun. */
async function begin<Image>(jobId: string, host: JobHost<Image>): Promise<JobRecord | undefined> {
  const before = await host.store.get(jobId);
  if (!before || !isOpen(before)) return undefined;
  const wasLeft = before.state === 'running' && (await host.hasLeft(before.runner));
  return host.store.update(jobId, (found) => ({
    ...found,
    settings: wholeSettings(found.settings),
    state: 'running',
    stage: 'opening',
    runner: host.runner,
    attempts: wasLeft ? Math.max(1, found.attempts) : found.attempts + 1,
    report: {
      ...found.report,
      resumed: found.report.resumed + (found.state === 'running' ? 1 : 0),
    },
  }));
}

/** Forgets what other networks found: no network finds a result of which they found the first half. */
async function beginAnew<Image>(
  { jobId }: JobRecord,
  { store }: JobHost<Image>,
): Promise<JobRecord> {
  const job = await store.update(jobId, (found) => {
    const { elementsAtMost: _elements, detectionBytes: _bytes, ...kept } = found;
    const { elapsedMs, resumed } = found.report;
    return { ...kept, chunks: 0, samplesDone: 0, report: { elapsedMs, resumed } };
  });
  if (!job) throw stopped();
  await store.dropDetections(jobId);
  return job;
}

/** What ends a job that its user stopped. */
export function stopped(): Failure {
  return new Failure('stopped', 'The job was stopped. The people found up to there are kept.');
}

/**
 * The costly part: video to stored samples.
 * @returns `other networks` where what is stored was found by others than there are now, as in another release
 */
async function track<Image>(
  job: JobRecord,
  host: JobHost<Image>,
  meter: ProgressMeter,
  ledger: Ledger,
): Promise<'tracked' | 'other networks'> {
  const { store, signal } = host;
  const startedMs = host.now();
  const spent = () => job.report.elapsedMs + (host.now() - startedMs);
  const note = (changes: Partial<JobReport>): JobReport => {
    ledger.report = { ...job.report, ...ledger.report, ...changes };
    return ledger.report;
  };

  const enter = async (stage: JobStage, changes: Partial<JobRecord> = {}): Promise<void> => {
    await store.update(job.jobId, (found) => ({ ...found, ...changes, stage }));
    meter.enter(stage);
  };

  meter.enter('opening');
  let parts: OpenParts<Image> | undefined;
  let isReading = false;
  try {
    parts = await openParts(job, host, meter, () => enter('loading-model'));
    const { source, detector } = parts;
    const began = job.report.detector?.fingerprint;
    if (job.chunks > 0 && detector.report.fingerprint !== began) return 'other networks';
    const video = source.info;
    const report = note({ detector: detector.report });
    let total = Math.max(video.expectedSamples, job.samplesDone);
    const soFar: SoFar = {
      people: new PeopleSoFar(),
      totals: new ChunkTotals(),
      tracker: createTracker(job.settings.tracker, {
        scoreThreshold: scoreThresholdOf(job.settings, detector.report.scoreThreshold),
      }),
    };
    const { people, totals, tracker } = soFar;
    const last = await restore(job, host, soFar);
    const { decode = source.report() } = job.report;
    const checkpoint: Checkpoint | undefined = last && {
      read: {
        samples: job.samplesDone,
        timeSeconds: last.times[last.times.length - 1]!,
        decode,
        ...(last.keySeconds !== undefined && { keySeconds: last.keySeconds }),
      },
      chunk: last,
    };
    meter.advance(job.samplesDone, total, people.count);
    await enter('tracking', { video, samplesTotal: total, report });
    isReading = true;
    total = await trackSamples(
      {
        source,
        detector,
        tracker,
        detectEvery: job.settings.detectEvery,
        ...(host.glimpse && { glimpse: host.glimpse }),
        release: host.release,
        signal,
        now: host.now,
        timeout: host.timeout,
        onSample: (done, assignments) => {
          people.add(assignments);
          meter.advance(done, total, people.count);
        },
        store: async (chunk, lastSample) => {
          totals.set(chunk);
          const shares = detector.report.motionGate && totals.shares;
          const report = note({
            ...(shares && { shares }),
            detector: detector.report,
            decode: decodedUpTo(source.report(), lastSample),
            elapsedMs: spent(),
          });
          const stored = await store.checkpoint(job.jobId, chunk, (found) => ({
            ...found,
            attempts: 1,
            // Some videos are longer than was known when they were opened.
            video: source.info,
            chunks: chunkIndex(chunk) + 1,
            samplesDone: lastSample.sample + 1,
            elementsAtMost: totals.elementsAtMost,
            detectionBytes: totals.detectionBytes,
            report,
          }));
          if (!stored) throw stopped();
        },
      },
      checkpoint,
    );
    meter.advance(total, total, people.count);
    return 'tracked';
  } finally {
    await parts?.detector.close();
    await parts?.source.close();
    if (parts && isReading) ledger.video = parts.source.info;
    note({
      // Before it reads on, what was read before a crash is not known to the source.
      ...(parts && isReading && { decode: parts.source.report() }),
      elapsedMs: spent(),
    });
  }
}

/** What a job knows of its people between two samples. */
interface SoFar {
  readonly people: PeopleSoFar;
  readonly totals: ChunkTotals;
  readonly tracker: Tracker;
}

/**
 * Takes up what earlier runs stored. Where another tracker followed the people, as in another release, this one follows them again.
 * @returns the last chunk; undefined where nothing is stored yet
 */
async function restore<Image>(
  { jobId, chunks }: JobRecord,
  { store, signal }: JobHost<Image>,
  { people, totals, tracker }: SoFar,
): Promise<SampleChunk | undefined> {
  let chunk: SampleChunk | undefined;
  // The last is stored last, so that a job which dies here begins with all of them again.
  const isOther =
    chunks > 0 && !isOwnSnapshot(await storedChunk(store, jobId, chunks - 1), tracker);
  for (let i = 0; i < chunks; i++) {
    chunk = await storedChunk(store, jobId, i);
    if (isOther) {
      signal.throwIfAborted();
      chunk = followedAgain(chunk, tracker);
      if (!(await store.checkpoint(jobId, chunk, (found) => found))) throw stopped();
    }
    people.add(chunk.observations);
    totals.set(chunk);
  }
  return chunk;
}
