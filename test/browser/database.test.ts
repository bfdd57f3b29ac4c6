/** Storage that is refused, held by another release, or changed by one. */
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { PersonTracking } from '../../src/client/api.ts';
import { createPersonTracking } from '../../src/client/person-tracking.ts';
import { Database } from '../../src/store/database.ts';
import { JobStore } from '../../src/store/jobs.ts';
import { SCHEMA_VERSION } from '../../src/store/schema.ts';

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

function openRaw(name: string, version: number): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = ({ oldVersion }) => {
      // The layout of the first release.
      const { result: db } = request;
      if (oldVersion > 0) return;
      db.createObjectStore('objects', { keyPath: ['bucket', 'key', 'version'] });
      for (const store of ['copies', 'samples', 'results', 'secrets']) db.createObjectStore(store);
      db.createObjectStore('jobs', { keyPath: 'jobId' }).createIndex('state', 'state');
      db.createObjectStore('tokens', { keyPath: 'token' });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
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
