import { Failure } from '../src/contract/failure.ts';
import { completionMessage } from '../src/contract/notification.ts';
import type { JobRecord, TrackingSettings } from '../src/engine/job.ts';
import { STALLED } from '../src/engine/pipeline.ts';
import type { VideoInfo } from '../src/engine/ports.ts';
import { storedProgress } from '../src/engine/progress.ts';
import { type JobHost, runJob, stopped } from '../src/engine/run-job.ts';
import type { DecodedImage } from '../src/media/decoded-image.ts';
import { openVideo } from '../src/media/open-video.ts';
import { fetchPatiently } from '../src/media/patient-fetch.ts';
import { openChannel } from '../src/protocol/channel.ts';
import type { JobWorkerConfig } from '../src/protocol/worker-api.ts';
import { Database } from '../src/store/database.ts';
import { JobStore } from '../src/store/jobs.ts';
import { readability, readObject } from '../src/store/object-body.ts';
import { ObjectStore } from '../src/store/objects.ts';
import {
  createDetectorPool,
  type OnnxModel,
  type PreparedModel,
} from './detector/pool/detector-pool.ts';

/** Quality `auto` lets the search for people take so many times the video's length. */
const AUTO_PATIENCE = 2;

function millisecondsBetweenLooks({ detectEvery }: TrackingSettings, video: VideoInfo): number {
  return (detectEvery * video.durationMs) / Math.max(1, video.expectedSamples);
}

/**
 * Starts what takes scripts from this page's server. Where that is away just then, a failure says nothing about the
 * job: once it is back the start is made again, and where a page dies with its server nothing has failed.
 */
async function outlastingTheServer<T>(signal: AbortSignal, start: () => Promise<T>): Promise<T> {
  // Not what a cache would answer.
  const ask = { method: 'HEAD', cache: 'no-store', signal } as const;
  try {
    return await start();
  } catch (failure) {
    const isAway = await fetch(location.href, ask).then(
      ({ status }) => status >= 500,
      () => true,
    );
    if (!isAway) throw failure;
    const isBack = await fetchPatiently(location.href, ask, async ({ ok }) => ok).catch(
      () => false,
    );
    if (!isBack) throw failure;
    return await start();
  }
}

/** Why a thread lets its job go: not a Failure, so that the job stays resumable. */
const CLOSING = Symbol('closing');

/**
 * Runs the jobs of a database, oldest first, as far as this page can read their videos. Locks see to it that no job
 * runs twice and that no more run at once than configured, over all pages; a page that dies lets its locks go, and
 * the next in line takes its job over from the last checkpoint.
 */
export class JobRunner {
  readonly #config: JobWorkerConfig;
  readonly #database: Database;
  readonly #jobs: JobStore;
  readonly #objects: ObjectStore;
  readonly #files = new Map<string, Blob>();
  readonly #channel: ReturnType<typeof openChannel>;
  readonly #running = new Map<string, AbortController>();
  readonly #closing = new AbortController();
  readonly #slots: Promise<void>[] = [];
  #news = 0;

  constructor(config: JobWorkerConfig) {
    this.#config = config;
    this.#database = new Database(config.database);
    this.#jobs = new JobStore(this.#database);
    this.#objects = new ObjectStore(this.#database);
    this.#channel = openChannel(config.database, (message) => {
      if (message.type === 'wake') this.wake();
      if (message.type === 'stop') this.#running.get(message.jobId)?.abort(stopped());
    });
  }

  addFile(pageId: string, file: Blob): void {
    this.#files.set(pageId, file);
    this.wake();
  }

  /** Looks for work. */
  wake(): void {
    this.#news++;
    for (let slot = this.#slots.length; slot < this.#config.concurrency; slot++) {
      this.#slots.push(this.#work(slot));
    }
  }

  /** Lets the running jobs go at once; they stay resumable. */
  async close(): Promise<void> {
    this.#closing.abort(CLOSING);
    for (const controller of this.#running.values()) controller.abort(CLOSING);
    await Promise.allSettled(this.#slots);
    this.#channel.close();
    await this.#database.close();
  }

  /** One line of work: waits for a slot, runs what can be run, gives the slot back. */
  async #work(slot: number): Promise<void> {
    let seen: number;
    do {
      seen = this.#news;
      const name = `footpath:${this.#config.database}:slot:${slot}`;
      await navigator.locks
        .request(name, { signal: this.#closing.signal }, async () => {
          await this.#sendUnsentNews();
          while (!this.#closing.signal.aborted && (await this.#runNext())) {
            // until nothing is left that this page can run
          }
        })
        .catch((error: unknown) => {
          if (!this.#closing.signal.aborted) console.error('footpath: job runner', error);
        });
    } while (seen !== this.#news && !this.#closing.signal.aborted);
    this.#slots.splice(slot);
  }

  /** Runs the oldest job that nobody runs and whose video can be read here. @returns whether there was one */
  async #runNext(): Promise<boolean> {
    for (const job of await this.#jobs.open()) {
      const lock = `footpath:${this.#config.database}:job:${job.jobId}`;
      const ran = await navigator.locks.request(lock, { ifAvailable: true }, async (held) => {
        if (!held || !(await this.#isReady(job))) return false;
        await this.#run(job.jobId);
        return true;
      });
      if (ran) return true;
    }
    return false;
  }

  /** Whether the job can go on here: it can also go to its end as failed. */
  async #isReady(job: JobRecord): Promise<boolean> {
    if (job.stopRequested) return true;
    const { bucket, key, version } = job.object;
    const record = await this.#objects.find({ bucket, key, version });
    if (!record) return true;
    const state = await readability(record, this.#config.database, this.#files);
    if (state === 'yes' || state === 'gone') return true;
    await this.#wait(job.jobId, state === 'ask' ? 'needs-permission' : 'waiting');
    return false;
  }

  /** Says why a job does not go on here, whatever was done with it before. */
  async #wait(jobId: string, stage: 'needs-permission' | 'waiting'): Promise<void> {
    let isNews = false;
    const job = await this.#jobs.update(jobId, (found) => {
      isNews = found.stage !== stage;
      return isNews ? { ...found, stage } : undefined;
    });
    if (job && isNews) this.#channel.post({ type: 'progress', progress: storedProgress(job) });
  }

  async #run(jobId: string): Promise<void> {
    const controller = new AbortController();
    this.#running.set(jobId, controller);
    try {
      const ended = await runJob(jobId, this.#host(controller.signal));
      if (ended) await this.#sendNews(ended);
    } catch (error) {
      if (error !== CLOSING) throw error;
    } finally {
      this.#running.delete(jobId);
    }
  }

  #host(signal: AbortSignal): JobHost<DecodedImage> {
    return {
      store: this.#jobs,
      openVideo: async (job) => {
        const { bucket, key, version } = job.object;
        const record = await this.#objects.find({ bucket, key, version });
        if (!record) {
          throw new Failure(
            'object-missing',
            `The video ${bucket}/${key} was deleted before the job could read it. Add it again.`,
          );
        }
        const body = await readObject(record, this.#objects, this.#files);
        return openVideo(body instanceof URL ? { url: body.href } : body, {
          sampleRate: job.settings.sampleRate,
        });
      },
      openDetector: async (job, video, onProgress) =>
        outlastingTheServer(signal, async () =>
          createDetectorPool({
            ...(await this.#model(job)),
            backend: job.settings.backend,
            quality: job.settings.quality,
            frameBudgetMs: AUTO_PATIENCE * millisecondsBetweenLooks(job.settings, video),
            video,
            onProgress,
            ...(job.chunks > 0 && job.report.detector ? { began: job.report.detector } : {}),
            ...(this.#config.workers === undefined ? {} : { threads: this.#config.workers }),
          }),
        ),
      release: ({ frame }) => frame.close(),
      onProgress: (progress) => this.#channel.post({ type: 'progress', progress }),
      signal,
      now: () => performance.now(),
      wallClock: () => Date.now(),
      timeout: (milliseconds) => {
        let timer = 0;
        const expired = new Promise<never>((_, reject) => {
          timer = self.setTimeout(() => reject(STALLED), milliseconds);
        });
        expired.catch(() => {});
        return { expired, cancel: () => clearTimeout(timer) };
      },
    };
  }

  async #model({ jobId, settings }: JobRecord): Promise<PreparedModel | OnnxModel> {
    const { model } = settings;
    if (typeof model === 'string') {
      return { manifestUrl: new URL(`models/${model}/manifest.json`, this.#config.assets).href };
    }
    const { name, family, from } = model;
    if ('url' in from) return { onnx: from.url, family };
    const file = await this.#jobs.modelFile(jobId);
    if (file) return { onnx: new File([file], name), family };
    throw new Failure(
      'model-missing',
      `The people finder ${name} is gone: the browser cleared it. Choose its file again and start the job anew.`,
    );
  }

  /** Sends completion messages that a crash kept back. */
  async #sendUnsentNews(): Promise<void> {
    for (const job of await this.#jobs.list()) {
      const ended = job.state === 'succeeded' || job.state === 'failed';
      if (ended && job.notifiedAtMs === undefined) await this.#sendNews(job);
    }
  }

  /** Tells of a job's end, at least once. */
  async #sendNews(job: JobRecord): Promise<void> {
    const message = completionMessage({
      jobId: job.jobId,
      status: job.state === 'succeeded' ? 'SUCCEEDED' : 'FAILED',
      completedAtMs: job.finishedAtMs ?? Date.now(),
      request: job.request,
    });
    this.#channel.post({ type: 'completion', message });
    const topic = job.request.NotificationChannel?.SNSTopicArn;
    if (topic !== undefined) {
      const channel = new BroadcastChannel(topic);
      channel.postMessage(message);
      channel.close();
    }
    await this.#jobs.update(job.jobId, (found) => ({ ...found, notifiedAtMs: Date.now() }));
  }
}
