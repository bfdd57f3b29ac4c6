/** Long because who owns a job, when it waits and how its end is told are one protocol over the locks. */
import { Failure } from '../src/contract/failure.ts';
import { type EndedJob, failJob } from '../src/engine/finish-job.ts';
import { isOpen, type JobRecord } from '../src/engine/job.ts';
import { storedProgress } from '../src/engine/progress.ts';
import { retrackJob } from '../src/engine/retrack-job.ts';
import { retrackStopped } from '../src/engine/revisions.ts';
import { runJob, stopped } from '../src/engine/run-job.ts';
import { openChannel } from '../src/protocol/channel.ts';
import type { JobWorkerConfig } from '../src/protocol/worker-api.ts';
import { readability } from '../src/store/object-body.ts';
import { KeptThreads } from './detector/pool/kept-threads.ts';
import { createJobHost, type HasLeft, type HostParts } from './job-host.ts';
import { JobNews } from './job-news.ts';
import { JobPictures } from './job-pictures.ts';
import { threadStorage } from './thread-storage.ts';
import { WorkLines } from './work-lines.ts';

/** Why a thread lets its job go: not a Failure, so that the job stays resumable. */
const CLOSING = Symbol('closing');

/** How often what the store had no room for is tried again. */
const STORE_AGAIN_MS = 30_000;

/**
 * Runs the jobs of a database, oldest first, as far as this page can read their videos. Locks see to it that no job
 * runs twice and that no more run at once than configured, over all pages; a page that dies lets its locks go, and
 * the next in line takes its job over from the last checkpoint.
 */
export class JobRunner {
  readonly #parts: HostParts;
  readonly #files = new Map<string, Blob>();
  readonly #channel: ReturnType<typeof openChannel>;
  readonly #news: JobNews;
  readonly #running = new Map<string, { readonly stop: () => void; readonly leave: () => void }>();
  readonly #closing = new AbortController();
  readonly #lines: WorkLines;

  constructor(config: JobWorkerConfig, hasLeft: HasLeft) {
    this.#channel = openChannel(config.database, (message) => {
      if (message.type === 'wake') this.wake();
      if (message.type === 'watch') this.#parts.pictures.watch(message.jobId);
      if (message.type === 'stop') this.#running.get(message.jobId)?.stop();
    });
    this.#parts = {
      config,
      storage: threadStorage(config),
      files: this.#files,
      hasLeft,
      pictures: new JobPictures((picture) => {
        if (!this.#closing.signal.aborted) this.#channel.post({ type: 'picture', picture });
      }),
      keptThreads: new KeptThreads(),
      onProgress: (progress) => this.#channel.post({ type: 'progress', progress }),
    };
    const { locks } = this.#parts.storage;
    this.#lines = new WorkLines(locks, `footpath:${config.database}:`, this.#closing.signal);
    this.#news = new JobNews(this.#parts.storage.jobs, this.#channel);
  }

  addFile(pageId: string, file: Blob): void {
    this.#files.set(pageId, file);
    this.wake();
  }

  /** Looks for work. */
  wake(): void {
    if (this.#closing.signal.aborted) return;
    this.#lines.call();
    for (let slot = 0; slot < this.#parts.config.concurrency; slot++) {
      this.#lines.begin(`slot:${slot}`, () => this.#runAll());
    }
    // Tracking again takes seconds: it stands in no line behind jobs that take an hour.
    this.#lines.begin('retrack', () => this.#retrackAll());
  }

  /** Lets the running jobs go at once; they stay resumable. */
  async close(): Promise<void> {
    this.#closing.abort(CLOSING);
    for (const { leave } of this.#running.values()) leave();
    await this.#lines.ended();
    this.#parts.keptThreads.close();
    this.#channel.close();
    await this.#parts.storage.close();
  }

  #lock(jobId: string): string {
    return this.#lines.lock(`job:${jobId}`);
  }

  /** Runs every job that nobody runs and whose video can be read here. @returns locks of those that are run elsewhere */
  async #runAll(): Promise<string[]> {
    const { jobs } = this.#parts.storage;
    await this.#news.sendUnsent();
    return this.#each(
      () => jobs.open(),
      (jobId) => this.#runIfReady(jobId),
    );
  }

  /** Tracks every job again of which that is asked. @returns locks of those that others work on */
  #retrackAll(): Promise<string[]> {
    const { jobs } = this.#parts.storage;
    return this.#each(
      async () => (await jobs.list()).filter((job) => job.retrack && !isOpen(job)),
      (jobId) => this.#retrack(jobId),
    );
  }

  /** Works once on each job that nobody works on, as long as there are any. @returns locks of those that others work on */
  async #each(
    list: () => Promise<JobRecord[]>,
    work: (jobId: string) => Promise<'done' | 'not ready'>,
  ): Promise<string[]> {
    const done = new Set<string>();
    for (;;) {
      const elsewhere: string[] = [];
      let worked: string | undefined;
      for (const { jobId } of await list()) {
        if (this.#closing.signal.aborted) return [];
        if (done.has(jobId) || this.#running.has(jobId)) continue;
        const found = await this.#parts.storage.locks.request(
          this.#lock(jobId),
          { ifAvailable: true },
          async (held) => (held ? work(jobId) : 'elsewhere'),
        );
        if (found === 'elsewhere') elsewhere.push(this.#lock(jobId));
        if (found !== 'done') continue;
        worked = jobId;
        break;
      }
      if (worked === undefined) return elsewhere;
      done.add(worked);
    }
  }

  async #retrack(jobId: string): Promise<'done'> {
    try {
      const ended = await this.#owning(jobId, retrackStopped, (signal) =>
        retrackJob(jobId, this.#host(jobId, signal)),
      );
      if (ended?.isNew) await this.#news.send(ended.job);
      this.#channel.post({ type: 'change' });
    } catch (error) {
      // It is asked for still.
      if (error === CLOSING) return 'done';
      console.error('footpath: tracking again', jobId, error);
      this.#wakeLater();
    }
    return 'done';
  }

  /** Looks for work again once the store may be well. */
  #wakeLater(): void {
    void this.#lines.callOr(STORE_AGAIN_MS).then(() => this.wake());
  }

  /** Does work that the page may stop. @param why it then ends */
  async #owning<T>(
    jobId: string,
    why: () => Failure,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const controller = new AbortController();
    this.#running.set(jobId, {
      stop: () => controller.abort(why()),
      leave: () => controller.abort(CLOSING),
    });
    try {
      return await work(controller.signal);
    } finally {
      this.#running.delete(jobId);
    }
  }

  async #runIfReady(jobId: string): Promise<'done' | 'not ready'> {
    try {
      // It may have ended since it was listed.
      const job = await this.#parts.storage.jobs.get(jobId);
      if (!job || !isOpen(job) || !(await this.#isReady(job))) return 'not ready';
      await this.#run(jobId);
    } catch (error) {
      if (error !== CLOSING) await this.#fail(jobId, error);
    }
    return 'done';
  }

  /** Whether the job can go on here: it can also go to its end as failed. */
  async #isReady(job: JobRecord): Promise<boolean> {
    if (job.stopRequested) return true;
    const { bucket, key, version } = job.object;
    const record = await this.#parts.storage.objects.find({ bucket, key, version });
    if (!record) return true;
    const state = await readability(record, this.#parts.storage, this.#files);
    if (state === 'yes' || state === 'gone') return true;
    await this.#wait(job.jobId, state === 'ask' ? 'needs-permission' : 'waiting');
    return false;
  }

  /** Says why a job does not go on here, whatever was done with it before. */
  async #wait(jobId: string, stage: 'needs-permission' | 'waiting'): Promise<void> {
    let isNews = false;
    const job = await this.#parts.storage.jobs.update(jobId, (found) => {
      isNews = found.stage !== stage;
      return isNews ? { ...found, stage } : undefined;
    });
    if (job && isNews) this.#channel.post({ type: 'progress', progress: storedProgress(job) });
  }

  async #run(jobId: string): Promise<void> {
    await this.#tell(
      await this.#owning(jobId, stopped, (signal) => runJob(jobId, this.#host(jobId, signal))),
    );
  }

  /** @param ended undefined where there is no such job any more: deleted, or cleared away with the site's data */
  async #tell(ended: EndedJob | undefined): Promise<void> {
    if (!ended) {
      this.#channel.post({ type: 'change' });
      return;
    }
    if (!ended.isStored && !this.#keepUnstored(ended.job)) return;
    await this.#news.send(ended.job);
  }

  /** What went wrong lies outside of the job's work: the store's trouble leaves it open, anything else ends it. */
  async #fail(jobId: string, error: unknown): Promise<void> {
    const failure = Failure.from(error);
    console.error('footpath: job', jobId, failure);
    if (failure.kind === 'store-unavailable' || failure.kind === 'quota-exceeded') {
      this.#wakeLater();
      return;
    }
    try {
      await this.#tell(await failJob(jobId, this.#host(jobId, this.#closing.signal), failure));
    } catch (again) {
      console.error('footpath: job', jobId, again);
    }
  }

  /**
   * Tells of an end that the store has no room for, and keeps the job, so that nobody begins it again, until it has: its
   * record then says so. Where there was no room for its beginning either, it begins then.
   * @returns false for one that has not failed
   */
  #keepUnstored(job: JobRecord): boolean {
    const { jobId, finishedAtMs, failure, runner } = job;
    if (!failure || finishedAtMs === undefined) return false;
    const from = runner === undefined ? {} : { runner };
    const closing = this.#closing.signal;
    this.#channel.post({ type: 'unstored', end: { jobId, ...from, finishedAtMs, failure } });
    const untilStored = async () => {
      for (let isStored = false; !isStored; ) {
        await this.#lines.callOr(STORE_AGAIN_MS);
        if (closing.aborted) return;
        isStored = await this.#parts.storage.jobs
          .update(jobId, (found) =>
            isOpen(found) && found.runner === runner
              ? { ...found, ...(runner !== undefined && job) }
              : undefined,
          )
          .then(
            () => true,
            () => false,
          );
      }
      this.#channel.post({ type: 'change' });
    };
    this.#parts.storage.locks.request(this.#lock(jobId), { signal: closing }, untilStored).then(
      () => this.wake(),
      () => {},
    );
    return true;
  }

  #host(jobId: string, signal: AbortSignal): ReturnType<typeof createJobHost> {
    return createJobHost(this.#parts, jobId, signal);
  }
}
