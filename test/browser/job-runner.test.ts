/**
 * Which page runs which job, and what it makes of those that cannot be run.
 * Long because one clip and the pages that share it serve all of it.
 */
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { PersonTracking, PersonTrackingOptions } from '../../src/client/api.ts';
import { createPersonTracking } from '../../src/client/person-tracking.ts';
import type { CompletionMessage } from '../../src/contract/types.ts';
import { Database } from '../../src/store/database.ts';
import { JobStore } from '../../src/store/jobs.ts';
import { jobRecord } from '../fixtures/job-record.ts';
import { makeVideo } from '../fixtures/make-video.ts';

const open: PersonTracking[] = [];
const Video = { S3Object: { Bucket: 'videos', Name: 'clip.webm' } };
const Long = { S3Object: { Bucket: 'videos', Name: 'long.webm' } };
let database: string;
let clip: Blob;
let long: Blob;

beforeAll(async () => {
  clip = await makeVideo({ seconds: 0.5 });
  // As many pictures as samples, of which there are enough for a job that is met in the middle.
  long = await makeVideo({ seconds: 60, framesPerSecond: 15 });
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((tracking) => tracking.close()));
  vi.restoreAllMocks();
});

async function start(options: PersonTrackingOptions = {}): Promise<PersonTracking> {
  if (open.length === 0) database = `test-${crypto.randomUUID()}`;
  const tracking = createPersonTracking({
    assets: '/',
    backend: 'wasm',
    quality: 'fast',
    workers: 1,
    database,
    ...options,
  });
  open.push(tracking);
  if (open.length > 1) return tracking;
  await tracking.putObject({ Bucket: 'videos', Key: 'clip.webm', Body: clip });
  await tracking.putObject({ Bucket: 'videos', Key: 'long.webm', Body: long });
  return tracking;
}

/** JobIds whose lock somebody holds. */
async function owned(): Promise<string[]> {
  const prefix = `footpath:${database}:job:`;
  const { held = [] } = await navigator.locks.query();
  return held.flatMap(({ name = '' }) =>
    name.startsWith(prefix) ? name.slice(prefix.length) : [],
  );
}

async function jobIds(tracking: PersonTracking, ...videos: (typeof Video)[]): Promise<string[]> {
  const ids: string[] = [];
  for (const video of videos) {
    ids.push((await tracking.startPersonTracking({ Video: video })).JobId);
  }
  return ids;
}

async function withStore<T>(work: (jobs: JobStore) => Promise<T>): Promise<T> {
  const connection = new Database(database);
  try {
    return await work(new JobStore(connection));
  } finally {
    await connection.close();
  }
}

test('as many jobs run at once as are allowed over all pages, and each once', async () => {
  const first = await start({ concurrency: 2 });
  const second = await start({ concurrency: 2 });
  const ids = [...(await jobIds(first, Long, Long)), ...(await jobIds(second, Long, Video))];
  await expect.poll(owned).toHaveLength(2);
  const most = { jobs: 2 };
  const watch = setInterval(async () => {
    most.jobs = Math.max(most.jobs, (await owned()).length);
  }, 20);
  for (const jobId of ids.slice(0, 3)) await first.stopJob(jobId);
  for (const jobId of ids) {
    const job = await second.waitForJob(jobId);
    expect(job).toMatchObject({ report: { resumed: 0 } });
    expect(job.failure?.kind).toBe(jobId === ids[3] ? undefined : 'stopped');
  }
  clearInterval(watch);
  expect(most.jobs).toBe(2);
});

test('where the browser clears its storage under a job, every page hears that it is gone', async () => {
  const first = await start();
  const second = await start();
  const [jobId = ''] = await jobIds(first, Long);
  await expect.poll(async () => (await first.getJob(jobId)).progress.stage).toBe('tracking');
  await new Promise((cleared) => {
    indexedDB.deleteDatabase(database).onsuccess = cleared;
  });
  const heard = vi.fn();
  second.addEventListener('change', heard);
  await expect(first.waitForJob(jobId)).rejects.toThrow('does not exist');
  await expect.poll(() => heard.mock.calls.length).toBeGreaterThan(0);
  expect(await second.listJobs()).toEqual([]);
  expect(await owned()).toEqual([]);
});

test('closing lets every running job go, and the next page goes on with all of them', async () => {
  const first = await start({ concurrency: 3 });
  const ids = await jobIds(first, Long, Long, Long);
  await expect.poll(owned).toHaveLength(3);
  // One ends before: the others' slots are still known.
  await first.stopJob(ids[0]!);
  await first.waitForJob(ids[0]!);
  await first.close();
  expect(await owned()).toEqual([]);
  await withStore(async (jobs) => {
    for (const jobId of ids.slice(1)) {
      expect(await jobs.get(jobId)).toMatchObject({ state: 'running', attempts: 0 });
    }
  });
  const second = await start({ concurrency: 3 });
  await expect.poll(async () => (await owned()).sort()).toEqual(ids.slice(1).sort());
  for (const jobId of ids.slice(1)) await second.stopJob(jobId);
});

test('a job that somebody else runs is left alone, and taken over when that one is gone', async () => {
  const tracking = await start({ concurrency: 2 });
  // As a page that runs a job and dies: its record says running, and the lock is held until then.
  const foreign = jobRecord({
    object: {
      bucket: 'videos',
      key: 'clip.webm',
      version: (await tracking.listObjects())[0]!.VersionId,
    },
    state: 'running',
    attempts: 1,
  });
  let die!: () => void;
  const alive = new Promise<void>((resolve) => {
    die = resolve;
  });
  const lock = `footpath:${database}:job:${foreign.jobId}`;
  await new Promise<void>((held) => {
    void navigator.locks.request(lock, () => {
      held();
      return alive;
    });
  });
  await withStore((jobs) => jobs.create(foreign, undefined, 20));
  const [own] = await jobIds(tracking, Video);
  expect((await tracking.waitForJob(own!)).status).toBe('SUCCEEDED');
  expect((await tracking.getJob(foreign.jobId)).status).toBe('IN_PROGRESS');
  // Nothing else is said: whoever stands in line notices.
  die();
  expect(await tracking.waitForJob(foreign.jobId)).toMatchObject({
    status: 'SUCCEEDED',
    report: { resumed: 1 },
  });
});

test('tracking again waits for nobody’s job, can be stopped, and is taken up by the next page', async () => {
  const first = await start();
  const [jobId] = await jobIds(first, Video);
  await first.waitForJob(jobId!);
  const [busy] = await jobIds(first, Long);
  await expect.poll(owned).toEqual([busy]);
  const again = await first.retrack(jobId!, { tracker: 'sort' });
  expect(again).toMatchObject({ status: 'SUCCEEDED', settings: { tracker: 'sort' } });
  // The end is told while the job is still held, for the moment of its last write.
  await expect.poll(owned).toEqual([busy]);
  await first.stopJob(busy!);
  await first.waitForJob(busy!);

  // As a page that tracks another job again, and dies later.
  let die!: () => void;
  const alive = new Promise<void>((resolve) => {
    die = resolve;
  });
  await new Promise<void>((held) => {
    void navigator.locks.request(`footpath:${database}:retrack`, () => {
      held();
      return alive;
    });
  });
  const stopped = expect(first.retrack(jobId!, {})).rejects.toMatchObject({ kind: 'stopped' });
  await expect.poll(async () => (await first.getJob(jobId!)).retracking?.revision).toBe(3);
  expect(await first.getJob(jobId!)).toMatchObject({
    status: 'SUCCEEDED',
    progress: { stage: 'waiting', samplesDone: 0 },
  });
  await expect(first.retrack(jobId!, {})).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
  await first.stopJob(jobId!);
  await stopped;
  expect(await first.getJob(jobId!)).toMatchObject({
    settings: { tracker: 'sort' },
    retrackFailure: { kind: 'stopped', revision: 3 },
  });

  first.retrack(jobId!, { refine: true }).catch(() => {});
  await expect.poll(async () => (await first.getJob(jobId!)).retracking?.revision).toBe(4);
  await first.close();
  const told: string[] = [];
  const second = await start({ onCompletion: ({ JobId }) => told.push(JobId) });
  die();
  await expect
    .poll(async () => (await second.getJob(jobId!)).revisions.map(({ revision }) => revision))
    .toEqual([1, 2, 4]);
  await expect.poll(() => told).toEqual([jobId]);
});

test('a job that cannot even be looked at fails in words, and those behind it run', async () => {
  const tracking = await start();
  const heard: CompletionMessage[] = [];
  tracking.addEventListener('completion', ({ detail }) => heard.push(detail));
  const broken = jobRecord({ createdAtMs: 1, object: null as never });
  await withStore((jobs) => jobs.create(broken, undefined, 20));
  const [next] = await jobIds(tracking, Video);
  expect((await tracking.waitForJob(next!)).status).toBe('SUCCEEDED');
  await withStore(async (jobs) => {
    expect(await jobs.get(broken.jobId)).toMatchObject({
      state: 'failed',
      failure: { kind: 'internal' },
    });
  });
  const told = () => heard.map(({ JobId, Status }) => [JobId, Status]);
  await expect.poll(told).toContainEqual([broken.jobId, 'FAILED']);
});

test('a page that cannot load its worker says so, and leaves its jobs to another', async () => {
  const silent = vi.spyOn(console, 'error').mockImplementation(() => {});
  const well = await start();
  const [busy] = await jobIds(well, Long);
  await expect.poll(owned).toEqual([busy]);
  const ill = await start({ workerUrl: '/nowhere/job.worker.js' });
  const told: string[] = [];
  ill.addEventListener('trouble', ({ detail }) => told.push(detail.message));
  const ids = await jobIds(ill, Video, Video);
  await expect.poll(() => ill.trouble?.message).toContain('/nowhere/job.worker.js');
  expect(told).toContain(ill.trouble?.message);
  await new Promise((later) => setTimeout(later, 3000));
  for (const jobId of ids) expect((await ill.getJob(jobId)).status).toBe('IN_PROGRESS');
  await well.stopJob(busy!);
  for (const jobId of ids) expect((await ill.waitForJob(jobId)).status).toBe('SUCCEEDED');
  expect(well.trouble).toBeUndefined();
  expect(silent).toHaveBeenCalled();
});

test('what others say on the channel is looked up: a forged end is none', async () => {
  const onCompletion = vi.fn();
  const tracking = await start({ onCompletion });
  const events = vi.fn();
  for (const name of ['completion', 'progress'] as const) tracking.addEventListener(name, events);
  const [jobId] = await jobIds(tracking, Long);
  await expect.poll(owned).toEqual([jobId]);
  const channel = new BroadcastChannel(`footpath:${database}`);
  const forged = { JobId: jobId, Status: 'SUCCEEDED', API: 'StartPersonTracking' };
  events.mockClear();
  for (const message of [
    null,
    'wake',
    { type: 'completion' },
    { type: 'completion', message: forged },
    { type: 'completion', message: { ...forged, JobId: 'f'.repeat(64) } },
    { type: 'progress', progress: { jobId, stage: 'flying' } },
    { type: 'unstored', end: { jobId, failure: null } },
  ]) {
    channel.postMessage(message);
  }
  channel.close();
  await tracking.stopJob(jobId!);
  await tracking.waitForJob(jobId!);
  await expect.poll(() => onCompletion.mock.calls.length).toBeGreaterThan(0);
  for (const [message] of onCompletion.mock.calls) {
    const Video = { S3ObjectName: 'long.webm', S3Bucket: 'videos' };
    expect(message).toMatchObject({ JobId: jobId, Status: 'FAILED', Video });
  }
  const stages = events.mock.calls.map(([{ detail }]) => detail.stage);
  expect(stages).not.toContain('flying');
});

test('the newest version is the one put last, whatever the clock says', async () => {
  const tracking = await start();
  const clock = vi.spyOn(Date, 'now');
  const put = (nowMs: number, text: string) => {
    clock.mockReturnValue(nowMs);
    return tracking.putObject({ Bucket: 'videos', Key: 'clip.webm', Body: new Blob([text]) });
  };
  await put(Date.UTC(2040, 0, 1), 'recorded under a clock years ahead');
  const last = await put(Date.UTC(2026, 0, 1), 'put after that was set right');
  clock.mockRestore();
  const { JobId } = await tracking.startPersonTracking({ Video });
  expect((await tracking.getJob(JobId)).version).toBe(last.VersionId);
  const latest = (await tracking.listObjects()).filter(
    ({ Key, IsLatest }) => Key === 'clip.webm' && IsLatest,
  );
  expect(latest.map(({ VersionId }) => VersionId)).toEqual([last.VersionId]);
});

test('a clock that is eight days fast for a visit costs no result', async () => {
  const first = await start();
  const [jobId] = await jobIds(first, Video);
  await first.waitForJob(jobId!);
  const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 8 * 86_400_000);
  const visit = await start();
  await expect
    .poll(() => withStore(async (jobs) => (await jobs.get(jobId!))?.overSinceMs))
    .toBeDefined();
  await expect(visit.getJob(jobId!)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  clock.mockRestore();
  const after = await start();
  expect((await after.getJob(jobId!)).status).toBe('SUCCEEDED');
  await expect
    .poll(() => withStore(async (jobs) => (await jobs.get(jobId!))?.overSinceMs))
    .toBeUndefined();
});

test('what a crash left behind goes when a page is next opened, also where results are kept for ever', async () => {
  const first = await start({ keepResultsDays: Number.POSITIVE_INFINITY });
  const [jobId] = await jobIds(first, Video);
  await first.waitForJob(jobId!);
  // As if the thread had died between the result and its tidying up.
  await withStore((jobs) => jobs.checkpoint(jobId!, { firstSample: 0 } as never, (job) => job));
  await start({ keepResultsDays: Number.POSITIVE_INFINITY });
  await expect.poll(() => withStore((jobs) => jobs.sampleChunk(jobId!, 0))).toBeUndefined();
  expect((await first.getJob(jobId!)).status).toBe('SUCCEEDED');
});
