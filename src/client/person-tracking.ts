/**
 * Long because the facade has a method for every call of the interface, of a few lines each; what they do lies beside
 * it.
 */
import type { Analysis, AnalysisOptions } from '../analytics/analyze.ts';
import type { Scene } from '../analytics/scene.ts';
import { jobNotFound, limitExceeded } from '../contract/exceptions.ts';
import { Failure, type FailureRecord } from '../contract/failure.ts';
import { completionMessage } from '../contract/notification.ts';
import type {
  AnalyzePersonTrackingResponse,
  GetPersonTrackingRequest,
  GetPersonTrackingResponse,
  StartPersonTrackingRequest,
  StartPersonTrackingResponse,
} from '../contract/types.ts';
import {
  checkedJobId,
  validateGetPersonTracking,
  validateStartPersonTracking,
} from '../contract/validate.ts';
import { canGoOn, isOpen, type JobRecord, type RecordingRecord, reopened } from '../engine/job.ts';
import { storedProgress } from '../engine/progress.ts';
import { retrackStopped, withoutRetrack } from '../engine/revisions.ts';
import type { Given } from '../engine/settings.ts';
import { type ChannelMessage, openChannel } from '../protocol/channel.ts';
import type { JobPicture } from '../protocol/job-picture.ts';
import type { SampleDetections } from '../track/detections.ts';
import type { PersonPath } from '../track/path.ts';
import { analyzeJob } from './analyze-job.ts';
import type {
  JobSettings,
  JobSummary,
  ObjectSummary,
  PersonTracking,
  PersonTrackingOptions,
  PutObjectRequest,
  RetrackSettings,
  RevisionOption,
} from './api.ts';
import { failWaiting } from './fail-waiting.ts';
import { createHandler, type Handler } from './handler.ts';
import { JobStarter } from './job-starter.ts';
import { JobWorker } from './job-worker.ts';
import { readDetections } from './kept-detections.ts';
import { KnownJobs } from './known-jobs.ts';
import { namedRevision } from './named-revision.ts';
import { PageFileKeeper } from './page-files.ts';
import { collectPaths } from './paths.ts';
import { CountsSoFar } from './paths-so-far.ts';
import { PictureWatch } from './picture-watch.ts';
import { createRequestHandler, type SdkRequestHandler } from './request-handler.ts';
import { ResultPages } from './result-pages.ts';
import { askForRetrack, hasCome } from './retrack.ts';
import { checkedRecording, listScenes, saveScene } from './scenes.ts';
import { mergeSettings } from './settings.ts';
import { browserStorage, memoryStorage, type PageStorage } from './storage.ts';
import { type NamedObject, StoredVideos } from './stored-videos.ts';
import { Tidying } from './tidying.ts';
import { type CheckedOptions, checkOptions } from './tracking-options.ts';
import { assertFitPage, unfitPage } from './unfit-page.ts';
import { nextNews, waitForJob } from './wait-for-job.ts';

/** Beside it, for views that check a scene before hours of computing, and look whether a job is there already. */
export { parseScene } from '../analytics/scene.ts';
export { likeSettings } from './settings.ts';

/**
 * People pathing on this device, with Rekognition's requests, answers and exceptions.
 *
 * Several pages may use one database: each sees the jobs of all, and a job runs in exactly one of them. Jobs that a
 * closed page left behind go on here.
 *
 * @throws RangeError for an option out of range, naming it
 */
export function createPersonTracking(options: PersonTrackingOptions = {}): PersonTracking {
  return new LocalPersonTracking(options) as PersonTracking;
}

class LocalPersonTracking extends EventTarget implements Omit<PersonTracking, keyof EventTarget> {
  readonly storage: 'browser' | 'memory';
  readonly handle: Handler;
  readonly requestHandler: SdkRequestHandler;
  readonly #options: CheckedOptions;
  readonly #storage: PageStorage;
  readonly #jobs: PageStorage['jobs'];
  readonly #known: KnownJobs;
  readonly #pages: ResultPages;
  readonly #starter: JobStarter;
  readonly #videos: StoredVideos;
  readonly #files: PageFileKeeper;
  readonly #worker: JobWorker;
  readonly #channel: { post: (message: ChannelMessage) => void; close: () => void };
  readonly #pictures = new PictureWatch((jobId) => this.#channel.post({ type: 'watch', jobId }));
  /** Jobs that were started or let go on here. */
  readonly #started = new Set<string>();
  /** Aborted by `close`, after which nothing can be told to other pages, nor be run here. */
  readonly #closed = new AbortController();
  #trouble: FailureRecord | undefined;
  readonly #tidying: Tidying;
  readonly #soFar: CountsSoFar;

  constructor(options: PersonTrackingOptions) {
    super();
    this.#options = checkOptions(options);
    const { storage, database, assets, concurrency, workers, workerUrl, limits } = this.#options;
    this.storage = storage;
    this.#storage = storage === 'memory' ? memoryStorage() : browserStorage(database);
    this.#jobs = this.#storage.jobs;
    this.#known = new KnownJobs(this.#jobs);
    this.#pages = new ResultPages(this.#storage);
    this.#worker = new JobWorker(
      {
        database: this.#storage.name,
        assets,
        concurrency,
        ...(workers === undefined ? {} : { workers }),
      },
      workerUrl,
      this.#storage.memory,
      () => this.#wake(),
      (failure) => void this.#lose(failure),
    );
    this.#files = new PageFileKeeper(this.#storage, (id, file) => this.#worker.addFile(id, file));
    this.#videos = new StoredVideos(this.#storage, this.#files);
    this.#starter = new JobStarter(this.#jobs, this.#videos, limits);
    this.#channel = openChannel(this.#storage.name, (message) => this.#hear(message));
    this.handle = createHandler(this);
    this.requestHandler = createRequestHandler(this.handle);
    this.#tidying = new Tidying(this.#jobs, this.#videos, (removed) => this.#onOver(removed));
    this.#soFar = new CountsSoFar(this.#jobs);
    void this.#begin();
  }

  get trouble(): FailureRecord | undefined {
    return this.#trouble;
  }

  async startPersonTracking(
    request: StartPersonTrackingRequest,
    settings: Given<JobSettings> = {},
  ): Promise<StartPersonTrackingResponse> {
    this.#closed.signal.throwIfAborted();
    assertFitPage();
    const valid = validateStartPersonTracking(request);
    await this.#pages.prepare();
    const merged = mergeSettings(this.#options.settings, settings);
    // Its script loads while the job is being stored.
    this.#worker.start();
    const { jobId, isNew } = await this.#starter.start(valid, merged);
    if (!isNew) return { JobId: jobId };
    this.#started.add(jobId);
    this.#tell({ type: 'change' });
    this.#wake();
    return { JobId: jobId };
  }

  async getPersonTracking(
    request: GetPersonTrackingRequest,
    options: RevisionOption = {},
  ): Promise<GetPersonTrackingResponse> {
    const valid = validateGetPersonTracking(request);
    return this.#pages.page(await this.#known.get(valid.JobId), valid, options.revision);
  }

  async putObject(request: PutObjectRequest): Promise<ObjectSummary> {
    this.#closed.signal.throwIfAborted();
    assertFitPage();
    const stored = await this.#videos.put(request);
    this.#tell({ type: 'change' });
    return stored;
  }

  listObjects(filter: { Bucket?: string | undefined } = {}): Promise<ObjectSummary[]> {
    return this.#videos.list(filter.Bucket);
  }

  getObject(name: NamedObject): Promise<Blob | URL> {
    return this.#videos.body(name);
  }

  async allowObject(name: NamedObject): Promise<boolean> {
    this.#closed.signal.throwIfAborted();
    const object = await this.#videos.allow(name);
    if (!object) return false;
    for (const job of await this.#jobs.open()) {
      if (job.stage === 'needs-permission' && isAbout(job, object)) await this.#queue(job.jobId);
    }
    this.#wake();
    return true;
  }

  async deleteObject(name: NamedObject): Promise<void> {
    this.#closed.signal.throwIfAborted();
    await this.#videos.delete(name);
    this.#tell({ type: 'change' });
  }

  listJobs(): Promise<JobSummary[]> {
    return this.#known.list();
  }

  getJob(jobId: string): Promise<JobSummary> {
    return this.#known.summary(jobId);
  }

  async getPaths(jobId: string, options: RevisionOption = {}): Promise<PersonPath[]> {
    return this.#pathsOf(await this.#known.get(jobId), options.revision);
  }

  analyze(
    jobId: string,
    scene: unknown,
    options: AnalysisOptions & RevisionOption = {},
  ): Promise<Analysis> {
    const { revision, ...how } = options;
    const job = () => this.#known.get(jobId);
    return analyzeJob(scene, job, (found) => this.#pathsOf(found, revision), how);
  }

  analyzeSoFar(jobId: string, scene: unknown): Promise<Analysis | undefined> {
    return this.#soFar.analyze(scene, () => this.#known.get(jobId));
  }

  /** AnalyzePersonTracking, for the handler. @throws ServiceException */
  async analyzePersonTracking(request: unknown): Promise<AnalyzePersonTrackingResponse> {
    const { answerAnalysis } = await import('./answer-analysis.ts');
    return answerAnalysis(request, this);
  }

  async describeRecording(jobId: string, recording: RecordingRecord): Promise<void> {
    this.#closed.signal.throwIfAborted();
    const said = checkedRecording(recording);
    const job = await this.#jobs.update(checkedJobId(jobId), (found) => ({
      ...found,
      recording: said,
    }));
    if (!job) throw jobNotFound(jobId);
    this.#tell({ type: 'change' });
  }

  async saveScene(scene: unknown): Promise<void> {
    await saveScene(this.#storage.scenes, scene);
    this.#tell({ type: 'change' });
  }

  listScenes(): Promise<Scene[]> {
    return listScenes(this.#storage.scenes);
  }

  async deleteScene(camera: string): Promise<void> {
    await this.#storage.scenes.delete(camera);
    this.#tell({ type: 'change' });
  }

  #pathsOf(job: JobRecord, revision: number | undefined): Promise<PersonPath[]> {
    return collectPaths(this.#jobs, job.jobId, namedRevision(job, revision));
  }

  async *getDetections(jobId: string): AsyncGenerator<SampleDetections, void, void> {
    yield* readDetections(this.#jobs, await this.#known.get(jobId));
  }

  async retrack(jobId: string, settings: RetrackSettings): Promise<JobSummary> {
    this.#closed.signal.throwIfAborted();
    const revision = await askForRetrack(this.#jobs, await this.#known.get(jobId), settings);
    this.#known.forgetNews(jobId);
    this.#tell({ type: 'change' });
    this.#wake();
    while (!hasCome(await this.#known.get(jobId), revision)) {
      await nextNews(this, [this.#closed.signal]);
      this.#closed.signal.throwIfAborted();
    }
    return this.getJob(jobId);
  }

  watchJob(
    jobId: string,
    onPicture: (picture: JobPicture) => void,
    { signal }: { signal: AbortSignal },
  ): void {
    this.#pictures.add(jobId, onPicture, signal);
  }

  async stopJob(jobId: string): Promise<void> {
    this.#closed.signal.throwIfAborted();
    checkedJobId(jobId);
    // First, should the disk be so full that its record cannot be changed.
    this.#tell({ type: 'stop', jobId });
    const job = await this.#jobs.update(jobId, (found) =>
      isOpen(found)
        ? { ...found, stopRequested: true }
        : found.retrack && withoutRetrack(found, retrackStopped()),
    );
    if (!job) throw jobNotFound(jobId);
    if (!isOpen(job)) this.#tell({ type: 'change' });
    // A job without an owner is ended by the next worker that looks for work.
    if (isOpen(job)) this.#wake();
  }

  async resumeJob(jobId: string): Promise<void> {
    this.#closed.signal.throwIfAborted();
    const before = await this.#known.get(jobId);
    if (isOpen(before)) return;
    if (!canGoOn(before)) {
      throw new Failure(
        before.failure?.kind ?? 'internal',
        `The job ${jobId} has ended for good and cannot go on. Start a new one.`,
      );
    }
    // Where its end could not be stored, it is now, or there is no room to go on with either.
    await this.#jobs.update(jobId, (found) =>
      isOpen(found) ? this.#known.asEnded(found) : undefined,
    );
    const opened = await this.#jobs.reopen(jobId, this.#options.limits.maxOpenJobs, (found) =>
      canGoOn(found) ? reopened(found) : undefined,
    );
    if (opened.kind === 'full')
      throw limitExceeded(opened.open + 1, this.#options.limits.maxOpenJobs);
    this.#known.forgetEnd(jobId);
    this.#started.add(jobId);
    this.#tell({ type: 'change' });
    this.#wake();
  }

  async deleteJob(jobId: string): Promise<void> {
    this.#closed.signal.throwIfAborted();
    await this.#known.get(jobId);
    await this.#jobs.delete(jobId);
    this.#known.forgetNews(jobId);
    this.#tell({ type: 'stop', jobId });
    this.#tell({ type: 'change' });
  }

  waitForJob(
    jobId: string,
    options: { signal?: AbortSignal | undefined } = {},
  ): Promise<JobSummary> {
    const { signal } = options;
    const signals = [this.#closed.signal, ...(signal ? [signal] : [])];
    return waitForJob((id) => this.getJob(id), this, jobId, signals);
  }

  async close(): Promise<void> {
    this.#closed.abort(
      new Failure(
        'stopped',
        'This PersonTracking was closed. Make another with createPersonTracking.',
      ),
    );
    this.#tidying.close();
    this.#pictures.close();
    await this.#worker.close();
    this.#channel.close();
    this.#files.close();
    await this.#storage.close();
  }

  /** Says of a job that waited for the user that it waits for its turn now. */
  async #queue(jobId: string): Promise<void> {
    const job = await this.#jobs.update(jobId, (found) => ({ ...found, stage: 'waiting' }));
    if (job) this.#tell({ type: 'progress', progress: storedProgress(job) });
  }

  /** Says to every page, this one included. */
  #tell(message: ChannelMessage): void {
    this.#channel.post(message);
    this.#hear(message);
  }

  #wake(): void {
    this.#worker.start();
    this.#channel.post({ type: 'wake' });
  }

  #hear(message: ChannelMessage): void {
    switch (message.type) {
      case 'wake':
        // Should the page that runs the job die, this one's worker stands in line for it.
        this.#worker.start();
        break;
      case 'progress':
        this.#known.hearProgress(message.progress);
        this.dispatchEvent(new CustomEvent('progress', { detail: message.progress }));
        break;
      case 'picture':
        this.#pictures.hear(message.picture);
        break;
      case 'completion':
        void this.#hearOfEnd(message.message.JobId);
        break;
      case 'unstored':
        this.#known.hearUnstored(message.end);
        break;
      case 'change':
        this.dispatchEvent(new Event('change'));
        break;
      case 'stop':
        void this.#hearStop(message.jobId);
        break;
      case 'watch':
        break;
    }
  }

  /** Tells of a job's end, by what is known of the job: what was heard may come from anybody. */
  async #hearOfEnd(jobId: string): Promise<void> {
    const job = await this.#known.get(jobId).catch(() => undefined);
    if (!job || isOpen(job)) return;
    const message = completionMessage({
      jobId,
      status: job.state === 'succeeded' ? 'SUCCEEDED' : 'FAILED',
      completedAtMs: job.finishedAtMs ?? Date.now(),
      request: job.request,
    });
    this.#known.forgetNews(jobId);
    this.#started.delete(jobId);
    this.dispatchEvent(new CustomEvent('completion', { detail: message }));
    this.dispatchEvent(new Event('change'));
    this.#options.onCompletion?.(message);
  }

  /** Sees to it that the thread that does what was stopped hears of it, where that is this page's. */
  async #hearStop(jobId: string): Promise<void> {
    const job = await this.#jobs.get(jobId).catch(() => undefined);
    if (job) await this.#worker.hearStop(job);
  }

  /** Jobs went since their time is over, and with them, where who started them wished so, videos that no other is about. */
  async #onOver(removed: readonly JobRecord[]): Promise<void> {
    for (const { object, keepVideo = true, finishedAtMs = 0 } of removed) {
      if (keepVideo) continue;
      if ((await this.#jobs.list()).some((job) => isAbout(job, object))) continue;
      const stored = await this.#storage.objects.find(object);
      // Given once more since: another job is about to start.
      if (!stored || stored.storedAtMs > finishedAtMs) continue;
      const { bucket, key, version } = object;
      await this.#videos.delete({ Bucket: bucket, Key: key, VersionId: version });
    }
    this.#tell({ type: 'change' });
  }

  /** Goes on with what earlier pages left. */
  async #begin(): Promise<void> {
    const unfit = unfitPage();
    if (unfit) {
      this.#tellTrouble(unfit);
      return;
    }
    try {
      const jobs = await this.#jobs.list();
      if (jobs.some((job) => isOpen(job) || job.retrack || job.notifiedAtMs === undefined))
        this.#wake();
    } catch (error) {
      this.#tellTrouble(Failure.from(error));
      return;
    }
    await this.#tidying.tidy();
  }

  /**
   * No thread can be had. Where its files are missing and no other page is at work, waiting helps nobody: what was started
   * here ends, and can go on once they are there. Jobs of other visits wait for these.
   */
  async #lose(failure: Failure): Promise<void> {
    this.#tellTrouble(failure);
    if (failure.kind !== 'engine-missing') return;
    try {
      const isTriedAgain = () => this.#worker.isRunning;
      const ended = await failWaiting(this.#storage, this.#started, failure, isTriedAgain);
      for (const jobId of ended) await this.#hearOfEnd(jobId);
    } catch (error) {
      this.#tellTrouble(Failure.from(error));
    }
  }

  /** Says what is wrong with this page. Its jobs wait: another page may be well, or this one after it is loaded again. */
  #tellTrouble(failure: Failure): void {
    this.#trouble = failure.toRecord();
    console.error('footpath:', failure);
    this.dispatchEvent(new CustomEvent('trouble', { detail: this.#trouble }));
  }
}

function isAbout({ object }: JobRecord, { bucket, key, version }: JobRecord['object']): boolean {
  return object.bucket === bucket && object.key === key && object.version === version;
}
