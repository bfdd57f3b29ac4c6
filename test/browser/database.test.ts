/** Storage that is refused, held by another release, or changed by one. */

import { openDB } from 'idb';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { PersonTracking } from '../../src/client/api.ts';
import { createPersonTracking } from '../../src/client/person-tracking.ts';
import { runJob } from '../../src/engine/run-job.ts';
import { Database } from '../../src/store/database.ts';
import { JobStore } from '../../src/store/jobs.ts';
import { SCHEMA_VERSION } from '../../src/store/schema.ts';
import { engineHost } from '../fixtures/engine-host.ts';
import { openRaw } from '../fixtures/first-layout.ts';
import { jobRecord } from '../fixtures/job-record.ts';

const native = IDBFactory.prototype.open;
/** Rejections that nobody took, which a host's page would hear of. */
let unhandled: unknown[];
const hear = (event: PromiseRejectionEvent) => {
  unhandled.push(event.reason);
  event.preventDefault();
};

beforeEach(() => {
  unhandled = [];
  addEventListener('unhandledrejection', hear);
  vi.spyOn(console, 'error').mockImplementation(() => {});
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});

afterEach(async () => {
  IDBFactory.prototype.open = native;
  // The browser tells of them in a task of its own.
  await new Promise((done) => setTimeout(done, 50));
  removeEventListener('unhandledrejection', hear);
  vi.restoreAllMocks();
  expect(unhandled).toEqual([]);
});

function start(database = `test-${crypto.randomUUID()}`): PersonTracking {
  const tracking = createPersonTracking({ assets: '/', database });
  onTestFinished(() => tracking.close());
  return tracking;
}

const Video = { S3Object: { Bucket: 'videos', Name: 'a.mp4' } };

/** Every call says why, and so does the page. */
async function expectTrouble(tracking: PersonTracking, words: RegExp): Promise<void> {
  const failure = expect.objectContaining({
    kind: 'store-unavailable',
    message: expect.stringMatching(words),
  });
  await expect.poll(() => tracking.trouble).toEqual(failure);
  const Body = new Blob(['abc']);
  const calls = await Promise.allSettled([
    tracking.listJobs(),
    tracking.listObjects(),
    tracking.putObject({ Bucket: 'videos', Key: 'a.mp4', Body }),
    tracking.startPersonTracking({ Video }),
    tracking.getJob('a'),
    tracking.resumeJob('a'),
    tracking.stopJob('a'),
  ]);
  for (const call of calls) expect(call).toEqual({ status: 'rejected', reason: failure });
  const answer = await tracking.handle(
    new Request('/', {
      method: 'POST',
      headers: { 'X-Amz-Target': 'RekognitionService.GetPersonTracking' },
      body: '{"JobId":"a"}',
    }),
  );
  expect(answer.status).toBe(500);
  expect((await answer.json()).Message).toMatch(words);
}

test('a transaction that is lost while it reads is read again, and nothing of it is left over', async () => {
  const database = new Database(`test-${crypto.randomUUID()}`);
  onTestFinished(() => database.close());
  const jobs = new JobStore(database);
  await jobs.list();
  const getAll = vi.spyOn(IDBObjectStore.prototype, 'getAll');
  getAll.mockImplementationOnce(function lost(this: IDBObjectStore) {
    const request = this.count() as IDBRequest;
    this.transaction.abort();
    return request;
  });
  expect(await jobs.list()).toEqual([]);
  expect(getAll).toHaveBeenCalledTimes(2);
});

test.each([
  [
    'thrown at once',
    () => {
      throw new DOMException('denied', 'SecurityError');
    },
  ],
  [
    'refused later',
    function (this: IDBFactory, name: string) {
      // A version that no database has asks for what cannot be.
      const request = native.call(this, name, 5);
      request.onupgradeneeded = () => request.transaction!.abort();
      return request;
    },
  ],
  [
    'not there at all',
    () => {
      throw new ReferenceError('indexedDB is not defined');
    },
  ],
] as [string, typeof native][])(
  'storage that is refused, %s, is told in words',
  async (_, open) => {
    IDBFactory.prototype.open = open;
    await expectTrouble(start(), /does not let the page store data/);
  },
);

test('a full disk at the first opening is told as such', async () => {
  IDBFactory.prototype.open = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  const tracking = start();
  await expect(tracking.listJobs()).rejects.toMatchObject({ kind: 'quota-exceeded' });
});

test('a newer release gets the database, and the page that had it says why it stops', async () => {
  const name = `test-${crypto.randomUUID()}`;
  const tracking = start(name);
  expect(await tracking.listJobs()).toEqual([]);
  const newer = await openRaw(name, SCHEMA_VERSION + 1);
  newer.close();
  await expect(tracking.listJobs()).rejects.toMatchObject({
    kind: 'store-unavailable',
    message: expect.stringMatching(/newer Footpath.*Load this page again/),
  });
  await expectTrouble(start(name), /newer Footpath/);
});

test('a page that waits for an older release says for what, and goes on once that is gone', async () => {
  const name = `test-${crypto.randomUUID()}`;
  // One that does not let go: it is frozen, or knows no better.
  const older = await openRaw(name, 1);
  const tracking = start(name);
  await expectTrouble(tracking, /older Footpath.*Close that tab/);
  older.close();
  await expect.poll(() => tracking.listJobs().catch(() => 'waits')).toEqual([]);
});

test('a database of the layout before revisions is brought up to date: results are there, jobs go on', async () => {
  const from = new Database(`test-${crypto.randomUUID()}`);
  const name = `test-${crypto.randomUUID()}`;
  onTestFinished(() => from.close());
  const now = new JobStore(from);
  const [ended, open] = [jobRecord(), jobRecord()];
  for (const job of [ended, open]) await now.create(job, undefined, 20);
  await runJob(ended.jobId, engineHost(now));
  const closing = new AbortController();
  const onProgress = ({ samplesDone }: { samplesDone: number }) => {
    if (samplesDone > 100) closing.abort('closing');
  };
  const interrupted = runJob(open.jobId, engineHost(now, { onProgress, signal: closing.signal }));
  await expect(interrupted).rejects.toBe('closing');

  // The same, as that layout held it.
  const old = await openDB(name, 3, {
    upgrade(db) {
      db.createObjectStore('objects', { keyPath: ['bucket', 'key', 'version'] });
      db.createObjectStore('jobs', { keyPath: 'jobId' }).createIndex('state', 'state');
      db.createObjectStore('tokens', { keyPath: 'token' });
      for (const store of ['copies', 'samples', 'results', 'secrets', 'models', 'reserves']) {
        db.createObjectStore(store);
      }
    },
  });
  for (const { jobId } of [ended, open]) {
    const { keptDetections: _, ...job } = (await now.get(jobId))!;
    await old.put('jobs', job);
  }
  const elements = (await now.get(ended.jobId))!.elements!;
  for (const order of ['INDEX', 'TIMESTAMP'] as const) {
    const slices = await now.results(ended.jobId, 1, order, 0, elements);
    for (const [i, { chunk }] of slices.entries()) {
      await old.put('results', chunk, [ended.jobId, order, i]);
    }
  }
  const { chunks } = (await now.get(open.jobId))!;
  expect(chunks).toBe(2);
  for (let i = 0; i < chunks; i++) {
    await old.put('samples', await now.sampleChunk(open.jobId, i), [open.jobId, i]);
  }
  old.close();

  const database = new Database(name);
  onTestFinished(() => database.close());
  const jobs = new JobStore(database);
  const resultOf = async (store: JobStore, jobId: string) => [
    await store.results(jobId, 1, 'INDEX', 0, elements),
    await store.results(jobId, 1, 'TIMESTAMP', 0, elements),
  ];
  const whole = await resultOf(now, ended.jobId);
  expect(await resultOf(jobs, ended.jobId)).toEqual(whole);
  expect((await runJob(open.jobId, engineHost(jobs)))?.job).toMatchObject({
    state: 'succeeded',
    report: { resumed: 1 },
    keptDetections: {},
  });
  expect(await resultOf(jobs, open.jobId)).toEqual(whole);
});

test('what is under way when the connection is lost is done once more', async () => {
  const database = new Database(`test-${crypto.randomUUID()}`);
  onTestFinished(() => database.close());
  const jobs = new JobStore(database);
  expect(await jobs.list()).toEqual([]);
  let runs = 0;
  const done = await database.write(['tokens'], async (tx) => {
    const record = { token: 't', jobId: 'j', fingerprint: `${++runs}`, expiresAtMs: 1 };
    await tx.objectStore('tokens').put(record);
    if (runs === 1) tx.abort();
    await tx.objectStore('tokens').count();
    return runs;
  });
  expect(done).toBe(2);
  expect(await jobs.token('t')).toMatchObject({ fingerprint: '2' });
  // What fails for a reason of its own leaves nothing half done.
  const broken = database.write(['tokens'], async (tx) => {
    await tx.objectStore('tokens').delete('t');
    throw new TypeError('no such thing');
  });
  await expect(broken).rejects.toThrow('no such thing');
  expect(await jobs.token('t')).toBeDefined();
});

test('two that lose one connection do not take the next one from each other', async () => {
  const database = new Database(`test-${crypto.randomUUID()}`);
  onTestFinished(() => database.close());
  let isReopened = () => {};
  const reopened = new Promise<void>((done) => {
    isReopened = done;
  });
  let tries = 0;
  const second = database.run(async (db) => {
    await reopened;
    return db.count('jobs');
  });
  const first = database.run(async (db) => {
    if (++tries === 1) db.close();
    await db.count('jobs');
    isReopened();
    await second;
    return db.count('jobs');
  });
  expect(await second).toBe(0);
  expect(await first).toBe(0);
});
