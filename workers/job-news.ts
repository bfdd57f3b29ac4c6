import { completionMessage } from '../src/contract/notification.ts';
import { isOpen, type JobRecord } from '../src/engine/job.ts';
import type { openChannel } from '../src/protocol/channel.ts';
import type { RunnerJobs } from '../src/store/shared-memory.ts';

/** Tells of jobs that ended: on the channel of their database, and on that of their topic. */
export class JobNews {
  readonly #jobs: RunnerJobs;
  readonly #channel: Pick<ReturnType<typeof openChannel>, 'post'>;

  constructor(jobs: RunnerJobs, channel: Pick<ReturnType<typeof openChannel>, 'post'>) {
    this.#jobs = jobs;
    this.#channel = channel;
  }

  /** Sends completion messages that a crash kept back. */
  async sendUnsent(): Promise<void> {
    for (const job of await this.#jobs.list()) {
      if (!isOpen(job) && job.notifiedAtMs === undefined) await this.send(job);
    }
  }

  /** Tells of a job's end, at least once. */
  async send(job: JobRecord): Promise<void> {
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
