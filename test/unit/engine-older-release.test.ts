/** Jobs that another release began or was asked for, as this one goes on with them. */
import { expect, test } from 'vitest';
import { Failure } from '../../src/contract/failure.ts';
import type { JobHost } from '../../src/engine/job-host.ts';
import { runJob } from '../../src/engine/run-job.ts';
import { DEFAULT_SETTINGS, type TrackingSettings } from '../../src/engine/settings.ts';
import { MemoryJobStore } from '../../src/store/memory-jobs.ts';
import { closeInMidst } from '../fixtures/close-in-midst.ts';
import { engineHost, SAMPLES } from '../fixtures/engine-host.ts';
import { jobRecord } from '../fixtures/job-record.ts';

/** Everything of a job's result. */
async function resultOf(jobs: MemoryJobStore, jobId: string) {
  const { people } = (await jobs.get(jobId))!;
  return { people, byIndex: await jobs.results(jobId, 1, 'INDEX', 0, Number.MAX_SAFE_INTEGER) };
}

async function undisturbed(settings: TrackingSettings) {
  const jobs = new MemoryJobStore();
  const job = jobRecord({ settings });
  await jobs.create(job, undefined, 20);
  await runJob(job.jobId, engineHost(jobs));
  return resultOf(jobs, job.jobId);
}

/** Stores a job's checkpoints as another release's tracker of that name would have left them. */
async function ageCheckpoints(jobs: MemoryJobStore, jobId: string, chunks: number) {
  for (let i = 0; i < chunks; i++) {
    const chunk = (await jobs.sampleChunk(jobId, i))!;
    const ids = chunk.observations.ids.map((id) => id + 1000);
    const observations = { ...chunk.observations, ids };
    const snapshot = { tracker: 'footpath 0', state: null };
    await jobs.checkpoint(jobId, { ...chunk, observations, snapshot }, (job) => job);
  }
}

test.each([
  {},
  { refine: false },
  { tracker: 'bytetrack', refine: false },
] as Partial<TrackingSettings>[])(
  'a checkpoint with a state that this tracker does not know costs nothing: %j',
  async (changes) => {
    const settings = { ...DEFAULT_SETTINGS, ...changes };
    const jobs = new MemoryJobStore();
    const job = jobRecord({ settings });
    await jobs.create(job, undefined, 20);
    await closeInMidst(jobs, job.jobId, 130);
    const { chunks } = (await jobs.get(job.jobId))!;
    expect(chunks).toBe(3);
    await ageCheckpoints(jobs, job.jobId, chunks);
    const ended = await runJob(job.jobId, engineHost(jobs));
    expect(ended?.job).toMatchObject({ state: 'succeeded', samplesDone: SAMPLES });
    expect(await resultOf(jobs, job.jobId)).toEqual(await undisturbed(settings));
  },
);

/** Another release's detector: its network sees people larger. */
function otherHost(jobs: MemoryJobStore): JobHost<number> {
  const host = engineHost(jobs);
  return engineHost(jobs, {
    openDetector: async (...asked) => {
      const detector = await host.openDetector(...asked);
      return {
        ...detector,
        report: { ...detector.report, fingerprint: 'other' },
        async detect(image, ...how) {
          const found = await detector.detect(image, ...how);
          return { ...found, boxes: found.boxes.map((side, i) => side + (i % 4 < 2 ? -9 : 9)) };
        },
      };
    },
  });
}

test('a job of which other networks found a part begins anew, so that no result is half of each', async () => {
  const [jobs, whole] = [new MemoryJobStore(), new MemoryJobStore()];
  const job = jobRecord({ settings: DEFAULT_SETTINGS });
  for (const store of [jobs, whole]) await store.create(job, undefined, 20);
  await runJob(job.jobId, otherHost(whole));
  await closeInMidst(jobs, job.jobId, 130);
  const ended = await runJob(job.jobId, otherHost(jobs));
  expect(ended?.job).toMatchObject({
    ...{ state: 'succeeded', samplesDone: SAMPLES, chunks: 3 },
    report: { resumed: 1, detector: { fingerprint: 'other' } },
  });
  expect(ended?.job.report.decode).toMatchObject({ framesExpected: SAMPLES });
  expect(await resultOf(jobs, job.jobId)).toEqual(await resultOf(whole, job.jobId));
});

test('a job that began with other networks keeps what they found where the new ones cannot be had', async () => {
  const jobs = new MemoryJobStore();
  const job = jobRecord({ settings: DEFAULT_SETTINGS });
  await jobs.create(job, undefined, 20);
  await closeInMidst(jobs, job.jobId, 130);
  const { samplesDone } = (await jobs.get(job.jobId))!;
  const openDetector = () => Promise.reject(new Failure('model-missing', 'gone'));
  const ended = await runJob(job.jobId, engineHost(jobs, { openDetector }));
  expect(ended?.job).toMatchObject({ state: 'failed', samplesDone, people: 2 });
});

test('a job that waits, of a release with fewer settings, has the usual ones in their place', async () => {
  const jobs = new MemoryJobStore();
  const { sampleRate, tracker, refine, backend, quality, model } = DEFAULT_SETTINGS;
  const settings = { sampleRate, tracker, refine, backend, quality, model } as TrackingSettings;
  const job = jobRecord({ settings });
  await jobs.create(job, undefined, 20);
  const ended = await runJob(job.jobId, engineHost(jobs));
  expect(ended?.job.settings).toEqual({ ...DEFAULT_SETTINGS, motionGate: false });
  expect(await resultOf(jobs, job.jobId)).toEqual(await undisturbed(DEFAULT_SETTINGS));
});
