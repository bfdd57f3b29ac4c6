/** Tracking again: from what was found in a video, without it. */
import { describe, expect, test } from 'vitest';
import { Failure } from '../../src/contract/failure.ts';
import type { JobRecord } from '../../src/engine/job.ts';
import { retrackJob } from '../../src/engine/retrack-job.ts';
import { askedAgain, REVISIONS_MAX, withoutRetrack } from '../../src/engine/revisions.ts';
import { runJob } from '../../src/engine/run-job.ts';
import {
  DEFAULT_SETTINGS,
  followingSettings,
  type TrackingSettings,
} from '../../src/engine/settings.ts';
import { MemoryJobStore } from '../../src/store/memory-jobs.ts';
import { engineHost } from '../fixtures/engine-host.ts';
import { jobRecord } from '../fixtures/job-record.ts';

/** A job that has ended. */
async function ended(changes: Partial<TrackingSettings> = {}, members: Partial<JobRecord> = {}) {
  const jobs = new MemoryJobStore();
  const { jobId } = await run(jobs, changes, members);
  return { jobs, jobId };
}

async function run(
  jobs: MemoryJobStore,
  changes: Partial<TrackingSettings>,
  members: Partial<JobRecord> = {},
): Promise<JobRecord> {
  const job = jobRecord({ settings: { ...DEFAULT_SETTINGS, ...changes }, ...members });
  await jobs.create(job, undefined, 20);
  return (await runJob(job.jobId, engineHost(jobs)))!.job;
}

/** Everything of one result. */
async function resultOf(jobs: MemoryJobStore, jobId: string, revision: number) {
  const most = Number.MAX_SAFE_INTEGER;
  return {
    byIndex: await jobs.results(jobId, revision, 'INDEX', 0, most),
    byTimestamp: await jobs.results(jobId, revision, 'TIMESTAMP', 0, most),
  };
}

async function ask(jobs: MemoryJobStore, jobId: string, changes: Partial<TrackingSettings>) {
  await jobs.update(jobId, (job) => askedAgain(job, followingSettings(job.settings, changes)));
}

const WAYS: Partial<TrackingSettings>[] = [
  {},
  { fillGaps: false },
  { rejoinSeconds: 0 },
  { refine: false },
  { tracker: 'sort', refine: false },
  { tracker: 'bytetrack', refine: false },
  { tracker: 'ocsort', refine: true },
  { scoreThreshold: 0.95 },
  { scoreThreshold: 0.3, refine: false },
];

test.each([...WAYS, { detectEvery: 3 }])(
  'by the settings of the job itself, %j, it gives the same bits',
  async (way) => {
    const { jobs, jobId } = await ended(way);
    const first = await resultOf(jobs, jobId, 1);
    if (way.scoreThreshold !== 0.95) expect(first.byIndex).not.toEqual([]);
    await ask(jobs, jobId, {});
    const again = await retrackJob(jobId, engineHost(jobs));
    expect(again).toMatchObject({ isNew: true, job: { state: 'succeeded', revision: 2 } });
    expect(await resultOf(jobs, jobId, 2)).toEqual(first);
    expect(await resultOf(jobs, jobId, 1)).toEqual(first);
  },
);

test.each(WAYS)('by others, %j, it gives what a job by those gives', async (way) => {
  const { jobs, jobId } = await ended({ tracker: 'ocsort', refine: false });
  await ask(jobs, jobId, { refine: true, tracker: 'footpath', ...way });
  const { job } = (await retrackJob(jobId, engineHost(jobs)))!;
  const other = await run(jobs, way);
  expect(job).toMatchObject({
    people: other.people,
    elements: other.elements,
    settings: other.settings,
  });
  expect(await resultOf(jobs, jobId, 2)).toEqual(await resultOf(jobs, other.jobId, 1));
  // What a look at it needs is whole, and it is to be told of once more.
  expect(job.earlier).toMatchObject([{ revision: 1, settings: { tracker: 'ocsort' } }]);
  expect(job.retrack).toBeUndefined();
  expect(job.notifiedAtMs).toBeUndefined();
});

test('a job that failed on the way is tracked again as far as it came', async () => {
  const jobs = new MemoryJobStore();
  const job = jobRecord();
  await jobs.create(job, undefined, 20);
  const stopping = new AbortController();
  const host = engineHost(jobs, {
    signal: stopping.signal,
    onProgress: ({ samplesDone }) => {
      if (samplesDone > 100) stopping.abort(new Failure('stopped', 'stopped'));
    },
  });
  await runJob(job.jobId, host);
  await ask(jobs, job.jobId, {});
  const again = (await retrackJob(job.jobId, engineHost(jobs)))!;
  expect(again.job).toMatchObject({ state: 'failed', failure: { kind: 'stopped' }, revision: 2 });
  expect(await resultOf(jobs, job.jobId, 2)).toEqual(await resultOf(jobs, job.jobId, 1));
  expect(again.job.elements).toBeGreaterThan(100);
});

test('as many results are kept as are stated; the oldest goes, whole', async () => {
  const { jobs, jobId } = await ended();
  for (let i = 0; i <= REVISIONS_MAX; i++) {
    await ask(jobs, jobId, { rejoinSeconds: i });
    await retrackJob(jobId, engineHost(jobs));
  }
  const job = (await jobs.get(jobId))!;
  expect(job.revision).toBe(REVISIONS_MAX + 2);
  expect(job.earlier?.map(({ revision }) => revision)).toEqual(
    Array.from({ length: REVISIONS_MAX - 1 }, (_, i) => i + 3),
  );
  await jobs.tidy();
  for (let revision = 1; revision <= REVISIONS_MAX + 2; revision++) {
    const { byIndex } = await resultOf(jobs, jobId, revision);
    expect(byIndex.length > 0, `${revision}`).toBe(revision > 2);
  }
});

describe('what goes wrong leaves the result from before:', () => {
  const failed = async (
    { jobs, jobId }: { jobs: MemoryJobStore; jobId: string },
    kind: string,
    message: RegExp,
    members: Parameters<typeof engineHost>[1] = {},
  ) => {
    const before = await resultOf(jobs, jobId, 1);
    const done = await retrackJob(jobId, engineHost(jobs, members));
    expect(done).toMatchObject({
      isNew: false,
      job: { state: 'succeeded', retrackFailure: { kind, revision: 2 } },
    });
    expect(done?.job.retrackFailure?.message).toMatch(message);
    expect(done?.job.retrack).toBeUndefined();
    expect(done?.job.revision ?? 1).toBe(1);
    expect(await resultOf(jobs, jobId, 1)).toEqual(before);
    expect((await resultOf(jobs, jobId, 2)).byIndex).toEqual([]);
  };

  test('detections that went', async () => {
    const job = await ended();
    await ask(job.jobs, job.jobId, {});
    await job.jobs.dropDetections(job.jobId);
    await failed(job, 'detections-missing', /not kept any more.*new job.*clip\.mp4/);
  });

  test('detections that were never to be kept', async () => {
    const job = await ended({}, { keepDetectionsMs: 0 });
    expect(await job.jobs.detectionChunk(job.jobId, 0)).toBeUndefined();
    expect((await job.jobs.get(job.jobId))?.keptDetections).toBeUndefined();
    await ask(job.jobs, job.jobId, {});
    await failed(job, 'detections-missing', /not kept any more/);
  });

  test('its user, and the number that it had is given out no more', async () => {
    const job = await ended();
    await ask(job.jobs, job.jobId, {});
    const stopping = new AbortController();
    const onProgress = () => stopping.abort(new Failure('stopped', 'Stopped.'));
    await failed(job, 'stopped', /Stopped/, { signal: stopping.signal, onProgress });
    await ask(job.jobs, job.jobId, {});
    expect((await job.jobs.get(job.jobId))?.retrack?.revision).toBe(3);
  });

  test('a page that took the request back while it was under way', async () => {
    const { jobs, jobId } = await ended();
    await ask(jobs, jobId, {});
    let calls = 0;
    const onProgress = () => {
      if (calls++ > 0) return;
      void jobs.update(jobId, (job) => withoutRetrack(job, new Failure('stopped', 'x')));
    };
    expect(await retrackJob(jobId, engineHost(jobs, { onProgress }))).toBeUndefined();
    expect((await resultOf(jobs, jobId, 2)).byIndex).toEqual([]);
    expect((await jobs.get(jobId))?.revision ?? 1).toBe(1);
  });

  test('a thread that is ended in order, after which it goes on', async () => {
    const { jobs, jobId } = await ended();
    await ask(jobs, jobId, {});
    for (let i = 0; i < 5; i++) {
      const closing = new AbortController();
      const onProgress = () => closing.abort('closing');
      const host = engineHost(jobs, { signal: closing.signal, onProgress });
      await expect(retrackJob(jobId, host)).rejects.toBe('closing');
    }
    expect(await retrackJob(jobId, engineHost(jobs))).toMatchObject({ isNew: true });
  });

  test('threads that die of it: after three it is given up', async () => {
    const job = await ended();
    await ask(job.jobs, job.jobId, {});
    for (let i = 0; i < 3; i++) {
      const dead = new Proxy(job.jobs, {
        get: (jobs, name) =>
          name === 'detectionChunk'
            ? () => new Promise(() => {})
            : (Reflect.get(jobs, name, jobs) as () => unknown).bind(jobs),
      });
      void retrackJob(job.jobId, engineHost(dead));
      await expect.poll(async () => (await job.jobs.get(job.jobId))?.retrack?.attempts).toBe(i + 1);
    }
    await failed(job, 'worker-crashed', /3 times/);
  });
});

describe('whichever write fails or kills', () => {
  class Faulty extends MemoryJobStore {
    ordinal = Number.POSITIVE_INFINITY;
    way: 'full' | 'killed' | 'made twice' = 'full';
    writes = 0;
    hasFailed = false;
    died!: () => void;
    readonly dead = new Promise<void>((resolve) => {
      this.died = resolve;
    });

    protected override async write<T>(change: () => T): Promise<T> {
      if (this.writes++ !== this.ordinal) return super.write(change);
      this.hasFailed = true;
      if (this.way === 'full') throw new Failure('quota-exceeded', 'full');
      if (this.way === 'made twice') await super.write(change);
      if (this.way === 'killed') {
        this.died();
        return new Promise<never>(() => {});
      }
      return super.write(change);
    }
  }

  test.each(['full', 'killed', 'made twice'] as const)(
    '%s: one result is whole, and the other comes when it is asked for again',
    async (way) => {
      for (let ordinal = 0; ; ordinal++) {
        const jobs = new Faulty();
        const { jobId } = await run(jobs, {});
        const first = await resultOf(jobs, jobId, 1);
        await ask(jobs, jobId, { refine: false });
        Object.assign(jobs, { ordinal, way, writes: 0 });
        const work = retrackJob(jobId, engineHost(jobs)).catch(() => undefined);
        await Promise.race([work, jobs.dead]);
        jobs.ordinal = Number.POSITIVE_INFINITY;
        if (!jobs.hasFailed) break;
        expect(await resultOf(jobs, jobId, 1)).toEqual(first);
        const now = (await jobs.get(jobId))!;
        if ((now.revision ?? 1) === 1 && !now.retrack) await ask(jobs, jobId, { refine: false });
        if ((now.revision ?? 1) === 1) await retrackJob(jobId, engineHost(jobs));
        const after = (await jobs.get(jobId))!;
        const { byIndex } = await resultOf(jobs, jobId, after.revision!);
        expect(byIndex.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(after.elements);
        expect(after).toMatchObject({ state: 'succeeded', settings: { refine: false } });
        await jobs.tidy();
        expect(await resultOf(jobs, jobId, 1)).toEqual(first);
      }
    },
  );
});

test('settings that need people to be looked for anew are named, and the job’s own are not', () => {
  const base = { ...DEFAULT_SETTINGS, sampleRate: 5 };
  expect(() => followingSettings(base, { sampleRate: 15, quality: 'fast', refine: false })).toThrow(
    /^sampleRate, quality: another value needs people to be looked for anew/,
  );
  expect(followingSettings(base, { sampleRate: 5, tracker: 'sort' })).toEqual({
    ...base,
    tracker: 'sort',
    refine: false,
  });
  expect(() => followingSettings(base, { rejoinSeconds: -1 })).toThrow(/rejoinSeconds must be/);
  expect(() => followingSettings(base, { scoreThreshold: 0 })).toThrow(/scoreThreshold must be/);
  expect(() => followingSettings({ ...base, detectEvery: 2 }, { fillGaps: false })).toThrow(
    /detectEvery must be 1 without/,
  );
});
