import { afterEach, beforeAll, expect, test } from 'vitest';
import type { PersonTracking, PersonTrackingOptions } from '../../src/client/api.ts';
import { canStore } from '../../src/client/can-store.ts';
import { createPersonTracking } from '../../src/client/person-tracking.ts';
import { makeVideo } from '../fixtures/make-video.ts';

const Video = { S3Object: { Bucket: 'videos', Name: 'clip.webm' } };
const NativeWorker = globalThis.Worker;
const open: PersonTracking[] = [];
let clip: Blob;
let long: Blob;

function start(options: PersonTrackingOptions): PersonTracking {
  const usual = { assets: '/', backend: 'int8', quality: 'fast', workers: 1 } as const;
  const tracking = createPersonTracking({ ...usual, ...options });
  open.push(tracking);
  return tracking;
}

beforeAll(async () => {
  clip = await makeVideo({ seconds: 2 });
  long = await makeVideo({ seconds: 8 });
});

afterEach(async () => {
  globalThis.Worker = NativeWorker;
  await Promise.all(open.splice(0).map((tracking) => tracking.close()));
});

test.each(['copy', 'reference'] as const)(
  'in memory a job runs as it does on a database, and nobody else sees it (%s)',
  async (Keep) => {
    const database = `test-${crypto.randomUUID()}`;
    const [memory, another] = [
      start({ database, storage: 'memory' }),
      start({ storage: 'memory' }),
    ];
    await memory.putObject({ Bucket: 'videos', Key: 'clip.webm', Body: clip, Keep });
    const { JobId } = await memory.startPersonTracking({ Video });
    const job = await memory.waitForJob(JobId);
    expect(job.status).toBe('SUCCEEDED');
    expect(memory.storage).toBe('memory');
    expect(await another.listJobs()).toEqual([]);
    const names = (await indexedDB.databases()).map(({ name }) => name);
    expect(names).not.toContain(database);

    const stored = start({ database });
    expect(await stored.listJobs()).toEqual([]);
    await stored.putObject({ Bucket: 'videos', Key: 'clip.webm', Body: clip });
    const { JobId: storedId } = await stored.startPersonTracking({ Video });
    await stored.waitForJob(storedId);
    const answer = await stored.getPersonTracking({ JobId: storedId });
    expect(await memory.getPersonTracking({ JobId })).toEqual({ ...answer, JobId });
    const again = await memory.retrack(JobId, { tracker: 'sort' });
    expect(again.revisions.map(({ settings }) => settings.tracker)).toEqual(['footpath', 'sort']);
  },
);

test('a job in memory outlives the thread that ran it', async () => {
  const threads: Worker[] = [];
  globalThis.Worker = class extends NativeWorker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      threads.push(this);
    }
  };
  // Slow enough to be met in the middle.
  const memory = start({ storage: 'memory', backend: 'wasm' });
  await memory.putObject({ Bucket: 'videos', Key: 'clip.webm', Body: long, Keep: 'reference' });
  const began = new Promise<void>((done) =>
    memory.addEventListener('progress', ({ detail }) => {
      if (detail.samplesDone > 0) done();
    }),
  );
  const { JobId } = await memory.startPersonTracking({ Video });
  await began;
  threads[0]!.dispatchEvent(new ErrorEvent('error', { message: 'out of memory' }));
  const job = await memory.waitForJob(JobId);
  expect(job.status).toBe('SUCCEEDED');
  expect(job.report?.resumed).toBe(1);
  expect(threads.length).toBe(2);
});

test('stopping and deleting reach a job in memory', async () => {
  const memory = start({ storage: 'memory' });
  await memory.putObject({ Bucket: 'videos', Key: 'clip.webm', Body: clip });
  const { JobId } = await memory.startPersonTracking({ Video });
  await memory.stopJob(JobId);
  expect(await memory.waitForJob(JobId)).toMatchObject({ failure: { kind: 'stopped' } });
  await memory.deleteJob(JobId);
  expect(await memory.listJobs()).toEqual([]);
});

test('where there is storage a page may store, and another kind of it is refused by name', async () => {
  expect(await canStore()).toBe(true);
  const names = async () => (await indexedDB.databases()).map(({ name }) => name);
  await expect.poll(names).not.toContain('footpath-probe');
  const storage = 'disk' as 'memory';
  expect(() => createPersonTracking({ storage })).toThrow(/storage.*disk/);
});
