import { type Analysis, type AnalysisOptions, analyze } from '../analytics/analyze.ts';
import { parseScene } from '../analytics/scene.ts';
import { getPersonTrackingResponse, type Page, videoMetadata } from '../contract/answer.ts';
import {
  idempotentParameterMismatch,
  invalidParameter,
  jobNotFound,
  limitExceeded,
  unavailableS3Object,
  videoTooLarge,
} from '../contract/exceptions.ts';
import { Failure, type FailureRecord } from '../contract/failure.ts';
import { JOB_ID_BYTES, newJobId, requestFingerprint } from '../contract/identity.ts';
import {
  OPEN_JOBS_MAX,
  REQUEST_TOKEN_LIFE_MS,
  RESULT_LIFE_MS,
  VIDEO_MAX_BYTES,
} from '../contract/limits.ts';
import { completionMessage } from '../contract/notification.ts';
import { issuePageToken, readPageToken } from '../contract/page-token.ts';
import type {
  CompletionMessage,
  GetPersonTrackingRequest,
  GetPersonTrackingResponse,
  PersonTrackingSortBy,
  StartPersonTrackingRequest,
  StartPersonTrackingResponse,
} from '../contract/types.ts';
import { validateGetPersonTracking, validateStartPersonTracking } from '../contract/validate.ts';
import {
  canGoOn,
  failedWaiting,
  isOpen,
  type JobProgress,
  type JobRecord,
  reopened,
} from '../engine/job.ts';
import { storedProgress } from '../engine/progress.ts';
import { DEFAULT_SETTINGS } from '../engine/settings.ts';
import { type ChannelMessage, openChannel, type UnstoredEnd } from '../protocol/channel.ts';
import { type JobPicture, WATCH_EVERY_MS } from '../protocol/job-picture.ts';
import { readability, readObject, requestRead } from '../store/object-body.ts';
import type { ObjectRecord } from '../store/schema.ts';
import type { PersonPath } from '../track/path.ts';
import type {
  JobSettings,
  JobSummary,
  ObjectSummary,
  PersonTracking,
  PersonTrackingOptions,
  PutObjectRequest,
} from './api.ts';
import { createHandler, type Handler } from './handler.ts';
import { jobSummary } from './job-summary.ts';
import { JobWorker } from './job-worker.ts';
import { recordSettings } from './own-model.ts';
import { PageFileKeeper } from './page-files.ts';
import { PageSigner } from './page-signer.ts';
import { collectPaths } from './paths.ts';
import { objectSummary, putObject } from './put-object.ts';
import { createRequestHandler, type SdkRequestHandler } from './request-handler.ts';
import { mergeSettings } from './settings.ts';
import { browserStorage, memoryStorage, type PageStorage } from './storage.ts';

const DAY_MS = 86_400_000;
/** How often a page looks for results whose time is over. */
const SWEEP_EVERY_MS = 3_600_000;
/** How long another page may take to stand in line for a new job. */
const OTHERS_MS = 2000;
/** How often a waiting caller looks by itself, should a message between pages be lost. */
const LOOK_AGAIN_MS = 2000;

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

class LocalPersonTracking extends EventTarget implements Omit<PersonTracking, 'addEventListener'> {
  readonly storage: 'browser' | 'memory';
  readonly handle: Handler;
  readonly requestHandler: SdkRequestHandler;
  readonly #settings: JobSettings;
  readonly #keepMs: number | undefined;
  readonly #maxOpenJobs: number;
  readonly #onCompletion: ((message: CompletionMessage) => void) | undefined;
  readonly #storage: PageStorage;
  readonly #jobs: PageStorage['jobs'];
  readonly #objects: PageStorage['objects'];
  readonly #signer: PageSigner;
  readonly #files: PageFileKeeper;
  readonly #worker: JobWorker;
  readonly #channel: { post: (message: ChannelMessage) => void; close: () => void };
  readonly #progress = new Map<string, JobProgress>();
  readonly #unstored = new Map<string, UnstoredEnd>();
  /** Jobs that were started or let go on here. */
  readonly #started = new Set<string>();
  #trouble: FailureRecord | undefined;
  readonly #watchers = new Map<Watcher, () => void>();
  #lastCreatedMs = 0;
  readonly #sweeping: ReturnType<typeof setInterval>;

  constructor(options: PersonTrackingOptions) {
    super();
    const {
      database = 'footpath',
      storage = 'browser',
      assets = './',
      workers,
      concurrency = 1,
      keepResultsDays = RESULT_LIFE_MS / DAY_MS,
      maxOpenJobs = OPEN_JOBS_MAX,
      workerUrl,
      onCompletion,
      ...settings
    } = options;
    this.#settings = mergeSettings(DEFAULT_SETTINGS, settings);
    if (workers !== undefined) assertCount('workers', workers);
    assertCount('concurrency', concurrency);
    assertCount('maxOpenJobs', maxOpenJobs);
    if (!(keepResultsDays > 0)) {
      throw new RangeError(`keepResultsDays must be above 0, but is ${keepResultsDays}.`);
    }
    this.#keepMs =
      keepResultsDays === Number.POSITIVE_INFINITY ? undefined : keepResultsDays * DAY_MS;
    this.#maxOpenJobs = maxOpenJobs;
    this.#onCompletion = onCompletion;
    if (storage !== 'browser' && storage !== 'memory') {
      throw new RangeError(`storage must be "browser" or "memory", but is ${storage}.`);
    }
    this.storage = storage;
    this.#storage = storage === 'memory' ? memoryStorage() : browserStorage(database);
    this.#jobs = this.#storage.jobs;
    this.#objects = this.#storage.objects;
    this.#signer = new PageSigner(this.#storage);
    this.#worker = new JobWorker(
      {
        database: this.#storage.name,
        assets: new URL(assets, document.baseURI).href,
        concurrency,
        ...(workers === undefined ? {} : { workers }),
      },
      workerUrl === undefined ? undefined : new URL(workerUrl, document.baseURI),
      this.#storage.memory,
      () => this.#wake(),
      (failure) => void this.#lose(failure),
    );
    this.#files = new PageFileKeeper(this.#storage, (id, file) => this.#worker.addFile(id, file));
    this.#channel = openChannel(this.#storage.name, (message) => this.#hear(message));
    this.handle = createHandler(this);
    this.requestHandler = createRequestHandler(this.handle);
    this.#sweeping = setInterval(() => void this.#tidy(), SWEEP_EVERY_MS);
    void this.#begin();
  }

  get trouble(): FailureRecord | undefined {
    return this.#trouble;
  }

  async startPersonTracking(
    request: StartPersonTrackingRequest,
    settings: Partial<JobSettings> = {},
  ): Promise<StartPersonTrackingResponse> {
    const valid = validateStartPersonTracking(request);
    await this.#signer.prepare();
    const { settings: recorded, modelFile } = await recordSettings(
      mergeSettings(this.#settings, settings),
    );
    const nowMs = Date.now();
    const used = await this.#tokenInUse(valid.ClientRequestToken, nowMs);
    // Our settings are input too: a token means one request with one answer.
    const input = `${requestFingerprint(valid)}${JSON.stringify(recorded)}`;
    if (used) return sameJob(used, input);

    const object = await this.#findVideo(valid.Video.S3Object);
    const job: JobRecord = {
      jobId: newJobId(crypto.getRandomValues(new Uint8Array(JOB_ID_BYTES))),
      request: valid,
      object: { bucket: object.bucket, key: object.key, version: object.version },
      settings: recorded,
      state: 'queued',
      createdAtMs: this.#creationTime(nowMs),
      ...(this.#keepMs === undefined ? {} : { keepMs: this.#keepMs }),
      attempts: 0,
      chunks: 0,
      samplesDone: 0,
      samplesTotal: 0,
      stage: 'waiting',
      report: { elapsedMs: 0, resumed: 0 },
    };
    const { ClientRequestToken: token } = valid;
    const created = await this.#jobs.create(
      job,
      token === undefined
        ? undefined
        : {
            token,
            jobId: job.jobId,
            fingerprint: input,
            expiresAtMs: nowMs + REQUEST_TOKEN_LIFE_MS,
          },
      this.#maxOpenJobs,
      modelFile,
    );
    if (created.kind === 'token') return sameJob(created.record, input);
    if (created.kind === 'full') throw limitExceeded(created.open + 1, this.#maxOpenJobs);
    this.#started.add(job.jobId);
    this.#tell({ type: 'change' });
    this.#wake();
    return { JobId: job.jobId };
  }

  async getPersonTracking(request: GetPersonTrackingRequest): Promise<GetPersonTrackingResponse> {
    const { JobId, MaxResults, NextToken, SortBy } = validateGetPersonTracking(request);
    const job = await this.#job(JobId);
    const identity = { jobId: JobId, request: job.request };
    if (job.state === 'queued' || job.state === 'running') {
      return getPersonTrackingResponse(identity, { status: 'IN_PROGRESS' });
    }
    const scope = { jobId: JobId, sortBy: SortBy };
    const from =
      NextToken === '' ? 0 : await readPageToken(NextToken, scope, Date.now(), this.#signer);
    const total = job.elements ?? 0;
    const to = Math.min(total, from + MaxResults);
    const page: Page = {
      elements: await this.#elements(JobId, SortBy, from, to),
      ...(to < total
        ? { nextToken: await issuePageToken(to, scope, Date.now(), this.#signer) }
        : {}),
    };
    const metadata = job.video && videoMetadata(job.video);
    if (job.state === 'succeeded' && metadata) {
      return getPersonTrackingResponse(identity, { status: 'SUCCEEDED', metadata, ...page });
    }
    return getPersonTrackingResponse(identity, {
      status: 'FAILED',
      message: job.failure?.message ?? 'The job failed.',
      ...(metadata ? { metadata } : {}),
      ...page,
    });
  }

  async putObject(request: PutObjectRequest): Promise<ObjectSummary> {
    const record = await putObject(request, this.#objects, this.#files);
    this.#tell({ type: 'change' });
    return objectSummary(record, true);
  }

  async listObjects(filter: { Bucket?: string } = {}): Promise<ObjectSummary[]> {
    const records = await this.#objects.list(filter.Bucket);
    return records.map((record, i) => {
      const before = records[i - 1];
      const isLatest = before?.bucket !== record.bucket || before.key !== record.key;
      return objectSummary(record, isLatest);
    });
  }

  async getObject(request: {
    Bucket: string;
    Key: string;
    VersionId?: string;
  }): Promise<Blob | URL> {
    return readObject(await this.#existingObject(request), this.#objects, this.#files.files);
  }

  async allowObject(request: {
    Bucket: string;
    Key: string;
    VersionId?: string;
  }): Promise<boolean> {
    const object = await this.#existingObject(request);
    const allowed = await requestRead(object);
    if (!allowed) return false;
    // Where the file is gone, its jobs find out and say so.
    await this.#reopen(object).catch(() => {});
    for (const job of await this.#jobs.open()) {
      if (job.stage === 'needs-permission' && isAbout(job, object)) await this.#queue(job.jobId);
    }
    this.#wake();
    return true;
  }

  async deleteObject(request: { Bucket: string; Key: string; VersionId?: string }): Promise<void> {
    const { Bucket, Key, VersionId } = request;
    for (const record of await this.#objects.list(Bucket)) {
      const isMeant = record.key === Key && (VersionId ?? record.version) === record.version;
      if (isMeant) this.#files.release(record);
    }
    await this.#objects.delete(objectName(request));
    this.#tell({ type: 'change' });
  }

  async listJobs(): Promise<JobSummary[]> {
    const jobs = await this.#jobs.list();
    const nowMs = Date.now();
    return jobs
      .map((job) => this.#asEnded(job))
      .filter((job) => !isExpired(job, nowMs))
      .sort((a, b) => b.createdAtMs - a.createdAtMs || (a.jobId < b.jobId ? -1 : 1))
      .map((job) => jobSummary(job, this.#progress.get(job.jobId)));
  }

  async getJob(jobId: string): Promise<JobSummary> {
    return jobSummary(await this.#job(jobId), this.#progress.get(jobId));
  }

  async getPaths(jobId: string): Promise<PersonPath[]> {
    const job = await this.#job(jobId);
    return collectPaths(this.#jobs, jobId, job.elements ?? 0);
  }

  async analyze(jobId: string, scene: unknown, options?: AnalysisOptions): Promise<Analysis> {
    const counted = parseScene(scene);
    const job = await this.#job(jobId);
    const metadata = job.video && videoMetadata(job.video);
    const hasEnded = job.state === 'succeeded' || job.state === 'failed';
    if (!hasEnded || !metadata)
      throw invalidParameter(
        `the job ${jobId} must have ended with its video read; it is ${job.state}`,
      );
    return analyze(
      await collectPaths(this.#jobs, jobId, job.elements ?? 0),
      counted,
      {
        frameWidth: metadata.FrameWidth,
        frameHeight: metadata.FrameHeight,
        durationMs: metadata.DurationMillis,
      },
      options,
    );
  }

  watchJob(
    jobId: string,
    onPicture: (picture: JobPicture) => void,
    { signal }: { signal: AbortSignal },
  ): void {
    if (signal.aborted) return;
    const watcher = { jobId, onPicture };
    const ask = () => this.#channel.post({ type: 'watch', jobId });
    ask();
    const asking = setInterval(ask, WATCH_EVERY_MS);
    const end = () => {
      clearInterval(asking);
      this.#watchers.delete(watcher);
    };
    this.#watchers.set(watcher, end);
    signal.addEventListener('abort', end);
  }

  async stopJob(jobId: string): Promise<void> {
    // First, should the disk be so full that its record cannot be changed.
    this.#tell({ type: 'stop', jobId });
    const job = await this.#jobs.update(jobId, (found) =>
      isOpen(found) ? { ...found, stopRequested: true } : undefined,
    );
    if (!job) throw jobNotFound(jobId);
    // A job without an owner is ended by the next worker that looks for work.
    if (isOpen(job)) this.#wake();
  }

  async resumeJob(jobId: string): Promise<void> {
    const before = await this.#job(jobId);
    if (isOpen(before)) return;
    if (!canGoOn(before)) {
      throw new Failure(
        before.failure?.kind ?? 'internal',
        `The job ${jobId} has ended for good and cannot go on. Start a new one.`,
      );
    }
    // Where its end could not be stored, it is now, or there is no room to go on with either.
    await this.#jobs.update(jobId, (found) => (isOpen(found) ? this.#asEnded(found) : undefined));
    const opened = await this.#jobs.reopen(jobId, this.#maxOpenJobs, (found) =>
      canGoOn(found) ? reopened(found) : undefined,
    );
    if (opened.kind === 'full') throw limitExceeded(opened.open + 1, this.#maxOpenJobs);
    this.#unstored.delete(jobId);
    this.#started.add(jobId);
    this.#tell({ type: 'change' });
    this.#wake();
  }

  async deleteJob(jobId: string): Promise<void> {
    await this.#job(jobId);
    await this.#jobs.delete(jobId);
    this.#progress.delete(jobId);
    this.#tell({ type: 'stop', jobId });
    this.#tell({ type: 'change' });
  }

  async waitForJob(jobId: string, options: { signal?: AbortSignal } = {}): Promise<JobSummary> {
    const { signal } = options;
    for (;;) {
      signal?.throwIfAborted();
      const job = await this.getJob(jobId);
      if (job.status !== 'IN_PROGRESS') return job;
      await this.#nextNews(signal);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeping);
    for (const end of this.#watchers.values()) end();
    await this.#worker.close();
    this.#channel.close();
    this.#files.close();
    await this.#storage.close();
  }

  /** Settles at the next completion, after a while, or when aborted. */
  #nextNews(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.removeEventListener('completion', done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, LOOK_AGAIN_MS);
      this.addEventListener('completion', done);
      signal?.addEventListener('abort', done);
    });
  }

  async #elements(jobId: string, order: PersonTrackingSortBy, from: number, to: number) {
    const slices = await this.#jobs.results(jobId, order, from, to);
    return slices.flatMap(({ chunk, from: first, to: end }) =>
      Array.from({ length: end - first }, (_, i) => {
        const k = first + i;
        return {
          timestampMs: chunk.timestampsMs[k]!,
          index: chunk.indices[k]!,
          left: chunk.boxes[4 * k]!,
          top: chunk.boxes[4 * k + 1]!,
          width: chunk.boxes[4 * k + 2]!,
          height: chunk.boxes[4 * k + 3]!,
        };
      }),
    );
  }

  async #job(jobId: string): Promise<JobRecord> {
    const job = await this.#jobs.get(jobId);
    if (!job || isExpired(job, Date.now())) throw jobNotFound(jobId);
    return this.#asEnded(job);
  }

  /** A job as it ended, where the store has no room for that. */
  #asEnded(job: JobRecord): JobRecord {
    const end = this.#unstored.get(job.jobId);
    if (!end || job.state !== 'running' || job.runner !== end.runner) return job;
    const { finishedAtMs, failure } = end;
    return {
      ...job,
      state: 'failed',
      stage: 'done',
      finishedAtMs,
      failure,
      people: 0,
      elements: 0,
    };
  }

  async #tokenInUse(token: string | undefined, nowMs: number) {
    const record = token === undefined ? undefined : await this.#jobs.token(token);
    return record && record.expiresAtMs > nowMs ? record : undefined;
  }

  async #findVideo(name: {
    Bucket: string;
    Name: string;
    Version?: string;
  }): Promise<ObjectRecord> {
    const { Bucket, Name, Version } = name;
    const record = await this.#objects.find({
      bucket: Bucket,
      key: Name,
      ...(Version === undefined ? {} : { version: Version }),
    });
    if (!record) throw unavailableS3Object(name, 'no object of that name is stored here');
    if (record.sizeBytes > VIDEO_MAX_BYTES) throw videoTooLarge(record.sizeBytes, VIDEO_MAX_BYTES);
    if ((await readability(record, this.#storage, this.#files.files)) === 'gone') {
      throw unavailableS3Object(name, 'the page that had the file open was closed');
    }
    return record;
  }

  async #existingObject(request: {
    Bucket: string;
    Key: string;
    VersionId?: string;
  }): Promise<ObjectRecord> {
    const record = await this.#objects.find(objectName(request));
    if (record) return record;
    throw new Failure(
      'object-missing',
      `No object ${request.Bucket}/${request.Key} is stored here. Add the video again.`,
    );
  }

  /** A time that no other job of this page has: jobs run in the order in which they were started. */
  #creationTime(nowMs: number): number {
    this.#lastCreatedMs = Math.max(nowMs, this.#lastCreatedMs + 1);
    return this.#lastCreatedMs;
  }

  /** Holds on to a handle's file that the user just allowed, so that it is asked for once a visit. */
  async #reopen(object: ObjectRecord): Promise<void> {
    if (object.location.kind !== 'handle') return;
    const { handle } = object.location;
    const file = await readObject(object, this.#objects, this.#files.files);
    if (file instanceof URL) return;
    this.#files.release(object);
    const pageId = await this.#files.add(file, handle);
    await this.#objects.move(object, { kind: 'handle', handle, pageId });
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
        this.#progress.set(message.progress.jobId, message.progress);
        this.dispatchEvent(new CustomEvent('progress', { detail: message.progress }));
        break;
      case 'picture':
        for (const { jobId, onPicture } of this.#watchers.keys()) {
          if (jobId === message.picture.jobId) onPicture(message.picture);
        }
        break;
      case 'completion':
        void this.#hearOfEnd(message.message.JobId);
        break;
      case 'unstored':
        this.#unstored.set(message.end.jobId, message.end);
        break;
      case 'change':
        this.dispatchEvent(new Event('change'));
        break;
      case 'stop':
      case 'watch':
        break;
    }
  }

  /** Tells of a job's end, by what is known of the job: what was heard may come from anybody. */
  async #hearOfEnd(jobId: string): Promise<void> {
    const job = await this.#job(jobId).catch(() => undefined);
    if (!job || isOpen(job)) return;
    const message = completionMessage({
      jobId,
      status: job.state === 'succeeded' ? 'SUCCEEDED' : 'FAILED',
      completedAtMs: job.finishedAtMs ?? Date.now(),
      request: job.request,
    });
    this.#progress.delete(jobId);
    this.#started.delete(jobId);
    this.dispatchEvent(new CustomEvent('completion', { detail: message }));
    this.dispatchEvent(new Event('change'));
    this.#onCompletion?.(message);
  }

  /** Goes on with what earlier pages left. */
  async #begin(): Promise<void> {
    try {
      const jobs = await this.#jobs.list();
      if (jobs.some((job) => isOpen(job) || job.notifiedAtMs === undefined)) this.#wake();
    } catch (error) {
      this.#tellTrouble(Failure.from(error));
      return;
    }
    await this.#tidy();
  }

  /** Removes what is over and what was left behind; where that fails, it is done another time. */
  async #tidy(): Promise<void> {
    try {
      const removed = await this.#jobs.sweep(Date.now());
      await this.#jobs.tidy();
      if (removed.length > 0) this.#tell({ type: 'change' });
    } catch (error) {
      console.warn('footpath: nothing was tidied up', error);
    }
  }

  /**
   * No thread can be had. Where its files are missing and no other page is at work, waiting helps nobody: what was started
   * here ends, and can go on once they are there. Jobs of other visits wait for these.
   */
  async #lose(failure: Failure): Promise<void> {
    this.#tellTrouble(failure);
    if (failure.kind !== 'engine-missing' || (await this.#othersWork())) return;
    for (const jobId of this.#started) {
      const waited = await this.#jobs
        .update(jobId, (job) =>
          job.state === 'queued' ? failedWaiting(job, failure.toRecord(), Date.now()) : undefined,
        )
        .catch((error: unknown) => this.#tellTrouble(Failure.from(error)));
      if (waited?.state === 'failed') await this.#hearOfEnd(jobId);
    }
  }

  /** Whether another page is at work or stands in line; one that was only just told of a job has a moment for that. */
  async #othersWork(): Promise<boolean> {
    await new Promise((later) => setTimeout(later, OTHERS_MS));
    const { held = [], pending = [] } = await this.#storage.locks.query();
    const slot = `footpath:${this.#storage.name}:slot:`;
    return [...held, ...pending].some(({ name }) => name?.startsWith(slot));
  }

  /** Says what is wrong with this page. Its jobs wait: another page may be well, or this one after it is loaded again. */
  #tellTrouble(failure: Failure): void {
    this.#trouble = failure.toRecord();
    console.error('footpath:', failure);
    this.dispatchEvent(new CustomEvent('trouble', { detail: this.#trouble }));
  }
}

interface Watcher {
  readonly jobId: string;
  readonly onPicture: (picture: JobPicture) => void;
}

/** The answer to a token in use: its job when the input is the same. */
function sameJob(
  used: { token: string; jobId: string; fingerprint: string },
  input: string,
): StartPersonTrackingResponse {
  if (used.fingerprint !== input) throw idempotentParameterMismatch(used.token);
  return { JobId: used.jobId };
}

function isAbout({ object }: JobRecord, { bucket, key, version }: ObjectRecord): boolean {
  return object.bucket === bucket && object.key === key && object.version === version;
}

function isExpired(job: JobRecord, nowMs: number): boolean {
  return job.expiresAtMs !== undefined && job.expiresAtMs <= nowMs;
}

function objectName(request: { Bucket: string; Key: string; VersionId?: string }) {
  const { Bucket, Key, VersionId } = request;
  return { bucket: Bucket, key: Key, ...(VersionId === undefined ? {} : { version: VersionId }) };
}

function assertCount(member: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new RangeError(`${member} must be an integer of at least 1, but is ${value}.`);
}
