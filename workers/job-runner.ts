import { Failure } from '../src/contract/failure.ts';
import { completionMessage } from '../src/contract/notification.ts';
import { STALLED } from '../src/engine/detect-samples.ts';
import { isOpen, type JobRecord } from '../src/engine/job.ts';
import type { VideoInfo } from '../src/engine/ports.ts';
import { storedProgress } from '../src/engine/progress.ts';
import { type EndedJob, failJob, type JobHost, runJob, stopped } from '../src/engine/run-job.ts';
import type { TrackingSettings } from '../src/engine/settings.ts';
import type { DecodedImage } from '../src/media/decoded-image.ts';
import { openVideo } from '../src/media/open-video.ts';
import { fetchPatiently } from '../src/media/patient-fetch.ts';
import { openChannel } from '../src/protocol/channel.ts';
import { afterSilence } from '../src/protocol/silence.ts';
import type { JobWorkerConfig } from '../src/protocol/worker-api.ts';
import { readability, readObject } from '../src/store/object-body.ts';
import type { RunnerJobs, RunnerObjects } from '../src/store/shared-memory.ts';
import {
  createDetectorPool,
  type OnnxModel,
  type PreparedModel,
} from './detector/pool/detector-pool.ts';
import { JobPictures } from './job-pictures.ts';
import { type ThreadStorage, threadStorage } from './thread-storage.ts';

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
    if (!isBack) throw outOfReach(failure);
    return await start();
  }
}

/** What comes of the engine's own files being out of reach: those that read files themselves name them already. */
function outOfReach(error: unknown): Failure {
  const failure = Failure.from(error);
  if (failure.kind === 'model-missing') return failure;
  const where = navigator.onLine ? 'The server of this page is away' : 'This device is offline';
  return new Failure(
    failure.kind,
    `${where}, and part of what finds people is not kept on this device. Connect it and start again.`,
    failure,
  );
}

/** Why a thread lets its job go: not a Failure, so that the job stays resumable. */
const CLOSING = Symbol('closing');

/** How often an end that the store had no room for is tried again. */
const STORE_AGAIN_MS = 30_000;

/** Whether a runner was closed or its page left, as opposed to having died. */
export type HasLeft = (runner: string) => Promise<boolean>;

/**
 * Runs the jobs of a database, oldest first, as far as this page can read their videos. Locks see to it that no job
 * runs twice and that no more run at once than configured, over all pages; a page that dies lets its locks go, and
 * the next in line takes its job over from the last checkpoint.
 */
export class JobRunner {
  readonly #config: JobWorkerConfig;
  readonly #hasLeft: HasLeft;
  readonly #storage: ThreadStorage;
  readonly #jobs: RunnerJobs;
  readonly #objects: RunnerObjects;
  readonly #files = new Map<string, Blob>();
  readonly #channel: ReturnType<typeof openChannel>;
  readonly #pictures = new JobPictures((picture) => {
    if (!this.#closing.signal.aborted) this.#channel.post({ type: 'picture', picture });
  });
  readonly #running = new Map<string, AbortController>();
  readonly #closing = new AbortController();
  readonly #slots = new Map<number, Promise<void>>();
  /** Aborted by news: whoever waits looks again. */
  #news = new AbortController();

  constructor(config: JobWorkerConfig, hasLeft: HasLeft) {
    this.#config = config;
    this.#hasLeft = hasLeft;
    this.#storage = threadStorage(config);
    this.#jobs = this.#storage.jobs;
    this.#objects = this.#storage.objects;
    this.#channel = openChannel(config.database, (message) => {
      if (message.type === 'wake') this.wake();
      if (message.type === 'watch') this.#pictures.watch(message.jobId);
      if (message.type === 'stop') this.#running.get(message.jobId)?.abort(stopped());
    });
  }

  addFile(pageId: string, file: Blob): void {
    this.#files.set(pageId, file);
    this.wake();
  }

  /** Looks for work. */
  wake(): void {
    if (this.#closing.signal.aborted) return;
    this.#news.abort();
    this.#news = new AbortController();
    for (let slot = 0; slot < this.#config.concurrency; slot++) {
      if (!this.#slots.has(slot)) this.#slots.set(slot, this.#work(slot));
    }
  }

  /** Lets the running jobs go at once; they stay resumable. */
  async close(): Promise<void> {
    this.#closing.abort(CLOSING);
    this.#news.abort();
    for (const controller of this.#running.values()) controller.abort(CLOSING);
    await Promise.allSettled(this.#slots.values());
    this.#channel.close();
    await this.#storage.close();
  }

  /** One line of work: waits for a slot, runs what can be run, gives the slot back, until there is nothing to wait for. */
  async #work(slot: number): Promise<void> {
    const closing = this.#closing.signal;
    const name = `footpath:${this.#config.database}:slot:${slot}`;
    for (let idle = false; !idle && !closing.aborted; ) {
      const news = this.#news.signal;
      let elsewhere: string[] = [];
      try {
        await this.#storage.locks.request(name, { signal: closing }, async () => {
          elsewhere = await this.#runAll();
        });
      } catch (error) {
        if (!closing.aborted) console.error('footpath: job runner', error);
      }
      // Of a page that dies a slot may come free before its job does.
      if (elsewhere.length > 0) await this.#untilFree(elsewhere, news);
      else idle = !news.aborted;
    }
    this.#slots.delete(slot);
  }

  /** Settles when one of the jobs has no owner any more, or there are news. */
  async #untilFree(jobIds: readonly string[], news: AbortSignal): Promise<void> {
    if (news.aborted) return;
    const free = new AbortController();
    const end = () => free.abort();
    news.addEventListener('abort', end);
    await Promise.all(
      jobIds.map((jobId) =>
        this.#storage.locks
          .request(this.#lock(jobId), { signal: free.signal }, end)
          .catch(() => {}),
      ),
    );
    news.removeEventListener('abort', end);
  }

  #lock(jobId: string): string {
    return `footpath:${this.#config.database}:job:${jobId}`;
  }

  /** Runs every job that nobody runs and whose video can be read here. @returns those that are run elsewhere */
  async #runAll(): Promise<string[]> {
    await this.#sendUnsentNews();
    const done = new Set<string>();
    for (;;) {
      const elsewhere: string[] = [];
      let ran: string | undefined;
      for (const { jobId } of await this.#jobs.open()) {
        if (this.#closing.signal.aborted) return [];
        if (done.has(jobId) || this.#running.has(jobId)) continue;
        const found = await this.#storage.locks.request(
          this.#lock(jobId),
          { ifAvailable: true },
          async (held) => (held ? this.#runIfReady(jobId) : 'elsewhere'),
        );
        if (found === 'elsewhere') elsewhere.push(jobId);
        if (found !== 'ran') continue;
        ran = jobId;
        break;
      }
      if (ran === undefined) return elsewhere;
      done.add(ran);
    }
  }

  async #runIfReady(jobId: string): Promise<'ran' | 'not ready'> {
    try {
      // It may have ended since it was listed.
      const job = await this.#jobs.get(jobId);
      if (!job || !isOpen(job) || !(await this.#isReady(job))) return 'not ready';
      await this.#run(jobId);
    } catch (error) {
      if (error !== CLOSING) await this.#fail(jobId, error);
    }
    return 'ran';
  }

  /** Whether the job can go on here: it can also go to its end as failed. */
  async #isReady(job: JobRecord): Promise<boolean> {
    if (job.stopRequested) return true;
    const { bucket, key, version } = job.object;
    const record = await this.#objects.find({ bucket, key, version });
    if (!record) return true;
    const state = await readability(record, this.#storage, this.#files);
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
      await this.#tell(await runJob(jobId, this.#host(jobId, controller.signal)));
    } finally {
      this.#running.delete(jobId);
    }
  }

  async #tell(ended: EndedJob | undefined): Promise<void> {
    if (!ended) return;
    if (!ended.isStored && !this.#keepUnstored(ended.job)) return;
    await this.#sendNews(ended.job);
  }

  /** What went wrong lies outside of the job's work: the store's trouble leaves it open, anything else ends it. */
  async #fail(jobId: string, error: unknown): Promise<void> {
    const failure = Failure.from(error);
    console.error('footpath: job', jobId, failure);
    if (failure.kind === 'store-unavailable' || failure.kind === 'quota-exceeded') return;
    try {
      await this.#tell(await failJob(jobId, this.#host(jobId, this.#closing.signal), failure));
    } catch (again) {
      console.error('footpath: job', jobId, again);
    }
  }

  /**
   * Tells of an end that the store has no room for, and keeps the job, so that nobody begins it again, until it has: its
   * record then says so.
   * @returns false where not even the job's beginning is stored: it waits still
   */
  #keepUnstored(job: JobRecord): boolean {
    const { jobId, finishedAtMs, failure, runner } = job;
    if (!failure || !runner || finishedAtMs === undefined) return false;
    const closing = this.#closing.signal;
    this.#channel.post({ type: 'unstored', end: { jobId, runner, finishedAtMs, failure } });
    const untilStored = async () => {
      for (let isStored = false; !isStored; ) {
        await this.#newsOr(STORE_AGAIN_MS);
        if (closing.aborted) return;
        isStored = await this.#jobs
          .update(jobId, (found) =>
            found.state === 'running' && found.runner === runner ? { ...found, ...job } : undefined,
          )
          .then(
            () => true,
            () => false,
          );
      }
      this.#channel.post({ type: 'change' });
    };
    this.#storage.locks.request(this.#lock(jobId), { signal: closing }, untilStored).then(
      () => this.wake(),
      () => {},
    );
    return true;
  }

  /** Settles with the next news, or after a while. */
  #newsOr(milliseconds: number): Promise<void> {
    const news = this.#news.signal;
    return new Promise((done) => {
      const end = () => {
        clearTimeout(timer);
        news.removeEventListener('abort', end);
        done();
      };
      const timer = setTimeout(end, milliseconds);
      news.addEventListener('abort', end);
    });
  }

  #host(jobId: string, signal: AbortSignal): JobHost<DecodedImage> {
    return {
      store: this.#jobs,
      runner: this.#config.runner,
      hasLeft: async (runner) => runner !== undefined && (await this.#hasLeft(runner)),
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
            // Jobs of earlier versions do not know it.
            motionGate: job.settings.motionGate ?? false,
            video,
            onProgress,
            ...(job.chunks > 0 && job.report.detector ? { began: job.report.detector } : {}),
            ...(this.#config.workers === undefined ? {} : { threads: this.#config.workers }),
          }),
        ),
      glimpse: (image) => this.#pictures.glimpse(jobId, image),
      release: ({ frame }) => frame.close(),
      onProgress: (progress) => this.#channel.post({ type: 'progress', progress }),
      signal,
      now: () => performance.now(),
      wallClock: () => Date.now(),
      timeout: (milliseconds) => {
        let cancel = () => {};
        const expired = new Promise<never>((_, reject) => {
          cancel = afterSilence(milliseconds, () => reject(STALLED));
        });
        expired.catch(() => {});
        return { expired, cancel };
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
      if (!isOpen(job) && job.notifiedAtMs === undefined) await this.#sendNews(job);
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
    // Where this cannot be stored it is told once more.
    await this.#jobs
      .update(job.jobId, (found) =>
        isOpen(found) ? undefined : { ...found, notifiedAtMs: Date.now() },
      )
      .catch(() => {});
  }
}
