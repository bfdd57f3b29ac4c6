import { Failure } from '../contract/failure.ts';
import { createTracker } from '../track/trackers/create-tracker.ts';
import { decodedUpTo } from './decoded-up-to.ts';
import type { Glimpse } from './detect-samples.ts';
import { finishTracks } from './finish-tracks.ts';
import {
  canGoOn,
  isOpen,
  type JobProgress,
  type JobRecord,
  type JobReport,
  type JobStage,
} from './job.ts';
import { PeopleSoFar } from './people-so-far.ts';
import { type Checkpoint, trackSamples } from './pipeline.ts';
import type { DetectorPool, FrameSource, VideoInfo } from './ports.ts';
import { ProgressMeter } from './progress.ts';
import { type ResultChunks, Results } from './results.ts';
import { chunkIndex, type SampleChunk } from './sample-chunk.ts';

/** Deaths of its thread without a checkpoint in between after which a job is given up. */
export const MAX_ATTEMPTS = 3;

/**
 * What a job is stored in; see `JobStore` of the store folder. Each call is stored whole or not at all, `writeResults`
 * chunk by chunk. All throw Failure `quota-exceeded`, `store-unavailable`.
 */
export interface JobStorePort {
  get(jobId: string): Promise<JobRecord | undefined>;
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
  /** Frees the room that was set aside for the job's end. */
  makeRoom(jobId: string): Promise<void>;
  writeResults(jobId: string, results: ResultChunks): Promise<void>;
}

/** What a job runs on: its host's threads, clocks and storage. */
export interface JobHost<Image> {
  readonly store: JobStorePort;
  /** Names this host among all that ever ran jobs of the store. */
  readonly runner: string;
  /** Whether another host was closed or its page left, as opposed to having died while it ran a job. */
  hasLeft(runner: string | undefined): Promise<boolean>;
  /** @throws Failure when the video cannot be had or read */
  openVideo(job: JobRecord): Promise<FrameSource<Image>>;
  /** @throws Failure when no detector can be had */
  openDetector(
    job: JobRecord,
    video: VideoInfo,
    onModelBytes: (loaded: number, total: number) => void,
  ): Promise<DetectorPool<Image>>;
  /** See {@link Glimpse}. */
  readonly glimpse?: (image: Image) => Glimpse | undefined;
  /** Closes the image of a sample passed over. */
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

/** How a job ended. */
export interface EndedJob {
  readonly job: JobRecord;
  /** False where not even that could be stored: the store has the job as running, at its last checkpoint. */
  readonly isStored: boolean;
}

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
    await track(job, host, meter, ledger);
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
  return finish(jobId, host, meter, ledger, failure);
}

/** Takes a job over. An attempt that another host left counts no more than one that was never begun. */
async function begin<Image>(jobId: string, host: JobHost<Image>): Promise<JobRecord | undefined> {
  const before = await host.store.get(jobId);
  if (!before || !isOpen(before)) return undefined;
  const wasLeft = before.state === 'running' && (await host.hasLeft(before.runner));
  return host.store.update(jobId, (found) => ({
    ...found,
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
  report?: JobReport;
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
  const note = (changes: Partial<JobReport>): JobReport => {
    ledger.report = { ...job.report, ...ledger.report, ...changes };
    return ledger.report;
  };

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
    const report = note({ detector: opened.report });
    let total = Math.max(video.expectedSamples, job.samplesDone);
    const people = new PeopleSoFar();
    const elements: number[] = [];
    let chunk: SampleChunk | undefined;
    for (let i = 0; i < job.chunks; i++) {
      chunk = await storedChunk(store, job.jobId, i);
      people.add(chunk.observations);
      elements[i] = elementsAtMost(chunk);
    }
    const { decode = source.report() } = job.report;
    const checkpoint: Checkpoint | undefined = chunk && {
      read: {
        samples: job.samplesDone,
        timeSeconds: chunk.times[chunk.times.length - 1]!,
        decode,
        ...(chunk.keySeconds !== undefined && { keySeconds: chunk.keySeconds }),
      },
      chunk,
    };
    meter.advance(job.samplesDone, total, people.count);
    await enter('tracking', { video, samplesTotal: total, report });
    isReading = true;
    total = await trackSamples(
      {
        source,
        detector: opened,
        tracker: createTracker(job.settings.tracker, {
          scoreThreshold: opened.report.scoreThreshold,
        }),
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
          const report = note({
            detector: opened.report,
            decode: decodedUpTo(source.report(), lastSample),
            elapsedMs: spent(),
          });
          elements[chunkIndex(chunk)] = elementsAtMost(chunk);
          const stored = await store.checkpoint(job.jobId, chunk, (found) => ({
            ...found,
            attempts: 1,
            chunks: chunkIndex(chunk) + 1,
            samplesDone: lastSample.sample + 1,
            elementsAtMost: elements.reduce((sum, more) => sum + more, 0),
            report,
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
    note({
      // Before it reads on, what was read before a crash is not known to the source.
      ...(isReading && { decode: source.report() }),
      elapsedMs: spent(),
    });
  }
}

/** Elements that a chunk's people can come to: each box seen, in each of the samples passed over before it too. */
function elementsAtMost({ scores, frames, times }: SampleChunk): number {
  return Math.ceil((scores.length * frames.length) / times.length);
}

/** Makes the results of what was stored and ends the job. */
async function finish<Image>(
  jobId: string,
  host: JobHost<Image>,
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
        job.report.detector?.scoreThreshold ?? 0.5,
      );
      results = new Results(tracks, times, job.video);
      await store.writeResults(jobId, results);
    }
  } catch (error) {
    results = undefined;
    ending ??= Failure.from(error);
  }
  const end = endOf(host.wallClock(), ledger.report, results, ending);
  let isStored = true;
  let ended: JobRecord | undefined;
  try {
    ended = await store.update(jobId, end);
  } catch (error) {
    isStored = false;
    ended = endOf(host.wallClock(), ledger.report, undefined, ending ?? Failure.from(error))(job);
  }
  // What a crash or a full disk keeps here goes when a page next tidies up.
  if (ended && isStored && !canGoOn(ended)) await store.dropSamples(jobId).catch(() => {});
  meter.enter('done');
  return ended && { job: ended, isStored };
}

/** Turns an open job's record into that of an ended one. */
function endOf(
  finishedAtMs: number,
  report: JobReport | undefined,
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
      ...(failure ? { failure: failure.toRecord() } : {}),
    };
    // Where it may go on, from its last checkpoint, what was read beyond that will be read again.
    const { decode } = job.report;
    return canGoOn(ended) && decode ? { ...ended, report: { ...ended.report, decode } } : ended;
  };
}

/**
 * Ends a job that cannot be run on, for a reason that lies outside of it; what it had found is kept.
 * @returns how it ended; undefined when the job was deleted, or had ended
 */
export async function failJob<Image>(
  jobId: string,
  host: JobHost<Image>,
  failure: Failure,
): Promise<EndedJob | undefined> {
  const job = await host.store.get(jobId);
  if (!job || !isOpen(job)) return undefined;
  const meter = new ProgressMeter(jobId, host.now, host.onProgress);
  return finish(jobId, host, meter, {}, failure);
}
