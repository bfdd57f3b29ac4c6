import { jobNotFound } from '../contract/exceptions.ts';
import { isExpired } from '../contract/second-look.ts';
import { checkedJobId } from '../contract/validate.ts';
import { failedWithoutResult, isOpen, type JobProgress, type JobRecord } from '../engine/job.ts';
import type { UnstoredEnd } from '../protocol/channel.ts';
import type { JobSummary } from './api.ts';
import { jobSummary } from './job-summary.ts';
import type { PageStorage } from './storage.ts';

/** The jobs as this page knows them: by the store, and by what it heard that the store does not say yet. */
export class KnownJobs {
  readonly #jobs: PageStorage['jobs'];
  readonly #progress = new Map<string, JobProgress>();
  readonly #unstored = new Map<string, UnstoredEnd>();

  constructor(jobs: PageStorage['jobs']) {
    this.#jobs = jobs;
  }

  /**
   * A job whose time is not over.
   * @throws ServiceException `ResourceNotFoundException`; `InvalidParameterException` for what is no text, such as the answer of a start
   */
  async get(jobId: string): Promise<JobRecord> {
    checkedJobId(jobId);
    const job = await this.#jobs.get(jobId);
    if (!job || isExpired(job, Date.now())) throw jobNotFound(jobId);
    return this.asEnded(job);
  }

  /** A job as listed. @throws ServiceException `ResourceNotFoundException` */
  async summary(jobId: string): Promise<JobSummary> {
    return jobSummary(await this.get(jobId), this.#progress.get(jobId));
  }

  /** Every job whose time is not over, newest first. */
  async list(): Promise<JobSummary[]> {
    const jobs = await this.#jobs.list();
    const nowMs = Date.now();
    return jobs
      .map((job) => this.asEnded(job))
      .filter((job) => !isExpired(job, nowMs))
      .sort((a, b) => b.createdAtMs - a.createdAtMs || (a.jobId < b.jobId ? -1 : 1))
      .map((job) => jobSummary(job, this.#progress.get(job.jobId)));
  }

  /** A job as it ended, where the store has no room for that. */
  asEnded(job: JobRecord): JobRecord {
    const end = this.#unstored.get(job.jobId);
    if (!end || !isOpen(job) || job.runner !== end.runner) return job;
    return failedWithoutResult(job, end.failure, end.finishedAtMs);
  }

  /** Takes news of a running job. */
  hearProgress(progress: JobProgress): void {
    this.#progress.set(progress.jobId, progress);
  }

  /** Takes news of an end that the store has no room for. */
  hearUnstored(end: UnstoredEnd): void {
    this.#unstored.set(end.jobId, end);
  }

  /** Forgets the news of a job that has ended, or goes on. */
  forgetNews(jobId: string): void {
    this.#progress.delete(jobId);
  }

  /** Forgets an end that the store had no room for: the job goes on. */
  forgetEnd(jobId: string): void {
    this.#unstored.delete(jobId);
  }
}
