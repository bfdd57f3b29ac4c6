import { expect, test } from 'vitest';
import type { JobHost } from '../../src/engine/job-host.ts';
import { runJob } from '../../src/engine/run-job.ts';
import { MemoryJobStore } from '../../src/store/memory-jobs.ts';
import { engineHost } from '../fixtures/engine-host.ts';
import { jobRecord } from '../fixtures/job-record.ts';

test('a video that turns out longer than it said is as long as it is, though the page is closed once it was read', async () => {
  class ClosedOnce extends MemoryJobStore {
    #isClosed = false;
    override async writeResults(...given: Parameters<MemoryJobStore['writeResults']>) {
      if (this.#isClosed) return super.writeResults(...given);
      this.#isClosed = true;
      return new Promise<never>(() => {});
    }
  }
  const jobs = new ClosedOnce();
  const job = jobRecord();
  await jobs.create(job, undefined, 20);
  const host = engineHost(jobs);
  const openVideo: JobHost<number>['openVideo'] = async (...given) => {
    const source = await host.openVideo(...given);
    let isRead = false;
    return {
      ...source,
      get info() {
        return { ...source.info, durationMs: isRead ? 10_000 : 1000 };
      },
      async *samples(...asked) {
        yield* source.samples(...asked);
        isRead = true;
      },
    };
  };
  void runJob(job.jobId, { ...host, openVideo });
  await expect.poll(async () => (await jobs.get(job.jobId))?.stage).toBe('refining');
  expect(await jobs.get(job.jobId)).toMatchObject({ video: { durationMs: 10_000 } });
  const ended = await runJob(job.jobId, { ...host, openVideo });
  expect(ended?.job).toMatchObject({ state: 'succeeded', video: { durationMs: 10_000 } });
});
