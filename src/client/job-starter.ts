import { idempotentParameterMismatch, limitExceeded } from '../contract/exceptions.ts';
import { JOB_ID_BYTES, newJobId, requestFingerprint } from '../contract/identity.ts';
import { REQUEST_TOKEN_LIFE_MS } from '../contract/limits.ts';
import type { ValidStartRequest } from '../contract/validate.ts';
import type { JobRecord } from '../engine/job.ts';
import { DEFAULT_SETTINGS, type TrackingSettings } from '../engine/settings.ts';
import { isTokenInUse } from '../store/job-rules.ts';
import type { JobSettings } from './api.ts';
import { recordSettings } from './own-model.ts';
import type { PageStorage } from './storage.ts';
import type { StoredVideos } from './stored-videos.ts';

/** How new jobs are kept, and how many. */
export interface StartLimits {
  /** Milliseconds that results are kept; absent: for ever. */
  readonly keepMs?: number;
  /** Milliseconds that detections are kept after a job's end; absent: as long as its results. 0: not at all. */
  readonly keepDetectionsMs?: number;
  /** Whether videos stay once the last result about them is over. */
  readonly keepVideos: boolean;
  /** Jobs that may be open at once. */
  readonly maxOpenJobs: number;
}

/** Makes a job of each request: one of each token. */
export class JobStarter {
  readonly #jobs: PageStorage['jobs'];
  readonly #videos: StoredVideos;
  readonly #limits: StartLimits;
  #lastCreatedMs = 0;

  constructor(jobs: PageStorage['jobs'], videos: StoredVideos, limits: StartLimits) {
    this.#jobs = jobs;
    this.#videos = videos;
    this.#limits = limits;
  }

  /**
   * Stores the job of a request, unless its token has one.
   * @throws ServiceException `IdempotentParameterMismatchException`, `InvalidS3ObjectException`, `LimitExceededException`,
   *   `VideoTooLargeException`
   */
  async start(
    request: ValidStartRequest,
    settings: JobSettings,
  ): Promise<{ jobId: string; isNew: boolean }> {
    const { settings: recorded, modelFile } = await recordSettings(settings);
    const nowMs = Date.now();
    const { ClientRequestToken: token } = request;
    const used = await this.#tokenInUse(token, nowMs);
    const input = inputOf(request, recorded);
    if (used) return sameJob(used, input);

    const object = await this.#videos.find(request.Video.S3Object);
    const { keepMs, keepDetectionsMs, keepVideos, maxOpenJobs } = this.#limits;
    const job: JobRecord = {
      jobId: newJobId(crypto.getRandomValues(new Uint8Array(JOB_ID_BYTES))),
      request,
      object: { bucket: object.bucket, key: object.key, version: object.version },
      settings: recorded,
      state: 'queued',
      createdAtMs: this.#creationTime(nowMs),
      ...(keepMs === undefined ? {} : { keepMs }),
      ...(keepDetectionsMs === undefined ? {} : { keepDetectionsMs }),
      ...(keepVideos ? {} : { keepVideo: false }),
      attempts: 0,
      chunks: 0,
      samplesDone: 0,
      samplesTotal: 0,
      stage: 'waiting',
      report: { elapsedMs: 0, resumed: 0 },
    };
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
      maxOpenJobs,
      modelFile,
    );
    if (created.kind === 'token') return sameJob(created.record, input);
    if (created.kind === 'full') throw limitExceeded(created.open + 1, maxOpenJobs);
    return { jobId: job.jobId, isNew: true };
  }

  async #tokenInUse(token: string | undefined, nowMs: number) {
    const record = token === undefined ? undefined : await this.#jobs.token(token);
    if (!record) return undefined;
    const job = await this.#jobs.get(record.jobId);
    return isTokenInUse(record, job, nowMs) ? record : undefined;
  }

  /** A time that no other job of this page has: jobs run in the order in which they were started. */
  #creationTime(nowMs: number): number {
    this.#lastCreatedMs = Math.max(nowMs, this.#lastCreatedMs + 1);
    return this.#lastCreatedMs;
  }
}

/**
 * What a token stands for. Our settings are input too: a token means one request with one answer. Those that are as usual are left
 * out, so that a release with one more, or another usual one, knows the tokens of the one before it.
 */
export function inputOf(request: ValidStartRequest, settings: Partial<TrackingSettings>): string {
  const usual: Readonly<Record<string, unknown>> = { ...DEFAULT_SETTINGS };
  const unusual = Object.entries(settings).filter(([name, value]) => value !== usual[name]);
  return `${requestFingerprint(request)}${JSON.stringify(unusual.sort())}`;
}

/** The answer to a token in use: its job when the input is the same. */
function sameJob(used: { token: string; jobId: string; fingerprint: string }, input: string) {
  if (used.fingerprint !== input) throw idempotentParameterMismatch(used.token);
  return { jobId: used.jobId, isNew: false };
}
