import { Failure } from '../contract/failure.ts';
import { createTracker } from '../track/trackers/create-tracker.ts';
import { decodedUpTo } from './decoded-up-to.ts';
import { finishTracks } from './finish-tracks.ts';
import type { JobProgress, JobRecord, JobReport, JobStage } from './job.ts';
import { PeopleSoFar } from './people-so-far.ts';
import { type Checkpoint, trackSamples } from './pipeline.ts';
import type { DetectorPool, FrameSource, VideoInfo } from './ports.ts';
import { ProgressMeter } from './progress.ts';
import { Results } from './results.ts';
import { chunkIndex, type SampleChunk } from './sample-chunk.ts';

/** Starts without a checkpoint in between after which a job is given up: it kills its thread each time. */
export const MAX_ATTEMPTS = 3;

/** What a job is stored in; see `JobStore` of the store folder. */
export interface JobStorePort {
  update(
    jobId: string,
    change: (job: JobRecord) => JobRecord | undefined,
  ): Promise<JobRecord | undefined>;
  checkpoint(
    jobId: string,
    chunk: SampleChunk,
    change: (job: JobRecord) => JobRecord,
  ): Promise<JobRecord | undefined>;
  sampleChunk(jobId: string, chunk: number): Promise<SampleChunk | undefined>;
  dropSamples(jobId: string): Promise<void>;
  writeResults(jobId: string, results: Results): Promise<void>;
}

/** What a job runs on: its host's threads, clocks and storage. */
export interface JobHost<Image> {
  readonly store: JobStorePort;
  /** @throws Failure when the video cannot be had or read */
  openVideo(job: JobRecord): Promise<FrameSource<Image>>;
  /** @throws Failure when no detector can be had */
  openDetector(
    job: JobRecord,
    video: VideoInfo,
    onModelBytes: (loaded: number, total: number) => void,
  ): Promise<DetectorPool<Image>>;
  /** Closes an image that nobody looks at. */
  readonly release: (image: Image) => void;
  readonly onProgress: (progress: JobProgress) => void;
  /** Aborted with a Failure to stop the job, with anything else to leave it resumable. */
  readonly signal: AbortSignal;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Unix milliseconds. */
  readonly wallClock: () => number;
  readonly timeout: (milliseconds: number) => { expired: Promise<never>; cancel: () => void };
}

/**
 * Runs a job to its end, from its last checkpoint if it has one. The caller owns the job: nobody else runs it.
 *
 * @returns the record as it ended, `succeeded` or `failed`; undefined when the job was deleted meanwhile
 * @throws the signal's reason when the thread is being ended and the job stays resumable
 */
export async function runJob<Image>(
  jobId: string,
  host: JobHost<Image>,
): Promise<JobRecord | undefined> {
  const { store } = host;
  const job = await store.update(jobId, (found) => ({
    ...found,
    state: 'running',
    stage: 'opening',
    attempts: found.attempts + 1,
    report: {
      ...found.report,
      resumed: found.report.resumed + (found.state === 'running' && found.attempts > 0 ? 1 : 0),
    },
  }));
  if (!job) return undefined;
  const meter = new ProgressMeter(jobId, host.now, host.onProgress);
  const ledger: Ledger = { report: job.report };
  try {
    if (job.stopRequested) throw stopped();
    if (job.attempts > MAX_ATTEMPTS) {
      throw new Failure(
        'worker-crashed',
        `The job stopped ${MAX_ATTEMPTS} times at the same place, most likely for want of memory. Close other tabs or choose a lower quality, and start it again.`,
      );
    }
    await track(job, host, meter, ledger);
    return await finish(jobId, host, meter, ledger, undefined);
  } catch (error) {
    if (host.signal.aborted && !(host.signal.reason instanceof Failure)) throw error;
    const failure = Failure.from(host.signal.aborted ? host.signal.reason : error);
    return await finish(jobId, host, meter, ledger, failure);
  }
}

async function storedChunk(
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

/** What ends a job that its user stopped. */
export function stopped(): Failure {
  return new Failure('stopped', 'The job was stopped. The people found up to there are kept.');
}

/** The report as it grows; stored with each checkpoint and at the end. */
interface Ledger {
  report: JobReport;
}

/** The costly part: video to stored samples. */
async function track<Image>(
  job: JobRecord,
  host: JobHost<Image>,
  meter: ProgressMeter,
  ledger: Ledger,
): Promise<void> {
  const { store, signal } = host;
  const startedMs = host.now();
  const spent = () => job.report.elapsedMs + (host.now() - startedMs);

  const enter = async (stage: JobStage, changes: Partial<JobRecord> = {}): Promise<void> => {
    await store.update(job.jobId, (found) => ({ ...found, ...changes, stage }));
    meter.enter(stage);
  };

  meter.enter('opening');
  const source = await host.openVideo(job);
  let detector: DetectorPool<Image> | undefined;
  let isReading = false;
  try {
    const video = source.info;
    signal.throwIfAborted();
    await enter('loading-model');
    const opened = await host.openDetector(job, video, (loaded, bytes) =>
      meter.loadModel(loaded, bytes),
    );
    detector = opened;
    ledger.report = { ...ledger.report, detector: opened.report };
    let total = Math.max(video.expectedSamples, job.samplesDone);
    const people = new PeopleSoFar();
    let chunk: SampleChunk | undefined;
    for (let i = 0; i < job.chunks; i++) {
      chunk = await storedChunk(store, job.jobId, i);
      people.add(chunk.observations);
    }
    const { decode = source.report() } = job.report;
    const checkpoint: Checkpoint | undefined = chunk && {
      read: { samples: job.samplesDone, timeSeconds: chunk.times[chunk.times.length - 1]!, decode },
      chunk,
    };
    meter.advance(job.samplesDone, total, people.count);
    await enter('tracking', { video, samplesTotal: total, report: ledger.report });
    isReading = true;
    total = await trackSamples(
      {
        source,
        detector: opened,
        tracker: createTracker(job.settings.tracker, {
          scoreThreshold: opened.report.scoreThreshold,
        }),
        detectEvery: job.settings.detectEvery,
        release: host.release,
        signal,
        now: host.now,
        timeout: host.timeout,
        onSample: (done, assignments) => {
          people.add(assignments);
          meter.advance(done, total, people.count);
        },
        store: async (chunk, lastSample) => {
          ledger.report = {
            ...ledger.report,
            detector: opened.report,
            decode: decodedUpTo(source.report(), lastSample),
            elapsedMs: spent(),
          };
          const stored = await store.checkpoint(job.jobId, chunk, (found) => ({
            ...found,
            attempts: 1,
            chunks: chunkIndex(chunk) + 1,
            samplesDone: lastSample.sample + 1,
            report: ledger.report,
          }));
          if (!stored) throw stopped();
        },
      },
      checkpoint,
    );
    meter.advance(total, total, people.count);
  } finally {
    await detector?.close();
    await source.close();
    ledger.report = {
      ...ledger.report,
      // Before it reads on, what was read before a crash is not known to the source.
      ...(isReading && { decode: source.report() }),
      elapsedMs: spent(),
    };
  }
}

/** Makes the results of what was stored and ends the job. */
async function finish<Image>(
  jobId: string,
  host: JobHost<Image>,
  meter: ProgressMeter,
  ledger: Ledger,
  failure: Failure | undefined,
): Promise<JobRecord | undefined> {
  const { store } = host;
  const job = await store.update(jobId, () => undefined);
  if (!job) return undefined;
  let results: Results | undefined;
  let ending = failure;
  try {
    if (job.chunks > 0 && job.video) {
      meter.enter('refining');
      // A full disk has no room for this, and must not keep the job from its end.
      await store.update(jobId, (found) => ({ ...found, stage: 'refining' })).catch(() => {});
      const { tracks, times } = await finishTracks(
        job.settings,
        {
          chunkCount: job.chunks,
          chunk: (index) => storedChunk(store, jobId, index),
        },
        job.report.detector?.scoreThreshold ?? 0.5,
      );
      results = new Results(tracks, times, job.video);
      // A full disk gets its room from the samples, which the results in memory stand for.
      if (failure?.kind === 'quota-exceeded') await store.dropSamples(jobId);
      await store.writeResults(jobId, results);
    }
  } catch (error) {
    results = undefined;
    ending ??= Failure.from(error);
  }
  const finishedAtMs = host.wallClock();
  const ended = await store.update(jobId, (found) => {
    return {
      ...found,
      state: ending ? 'failed' : 'succeeded',
      stage: 'done',
      finishedAtMs,
      ...(found.keepMs === undefined ? {} : { expiresAtMs: finishedAtMs + found.keepMs }),
      samplesTotal: ending ? found.samplesTotal : found.samplesDone,
      people: results?.people ?? 0,
      elements: results?.elements ?? 0,
      report: ledger.report,
      ...(ending ? { failure: ending.toRecord() } : {}),
    };
  });
  await store.dropSamples(jobId);
  meter.enter('done');
  return ended;
}
