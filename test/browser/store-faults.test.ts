/** Writes to IndexedDB that fail, at every write of a job. */
import { afterEach, expect, test } from 'vitest';
import { askedAgain } from '../../src/engine/revisions.ts';
import { runJob } from '../../src/engine/run-job.ts';
import { Database } from '../../src/store/database.ts';
import { JobStore } from '../../src/store/jobs.ts';
import { ObjectStore } from '../../src/store/objects.ts';
import { engineHost } from '../fixtures/engine-host.ts';
import { type FaultyStore, type Outcome, surviveFault } from '../fixtures/fault-loop.ts';
import { jobRecord } from '../fixtures/job-record.ts';

/** How a write fails: the disk is full, its transaction is aborted, or the connection is gone; alone or with all others. */
type Way =
  | 'full'
  | 'full from then on'
  | 'aborted'
  | 'aborted from then on'
  | 'closed'
  | 'closed from then on';

const native = {
  put: IDBObjectStore.prototype.put,
  delete: IDBObjectStore.prototype.delete,
  transaction: IDBDatabase.prototype.transaction,
};

function mend(): void {
  IDBObjectStore.prototype.put = native.put;
  IDBObjectStore.prototype.delete = native.delete;
  IDBDatabase.prototype.transaction = native.transaction;
}

afterEach(mend);

class FaultyIndexedDb implements FaultyStore<Way> {
  readonly jobs: JobStore;
  #hasFailed = false;

  constructor(database: Database) {
    this.jobs = new JobStore(database);
  }

  failWrite(ordinal: number, way: Way): void {
    let writes = 0;
    const isMeant = () => {
      const behind = writes++ - ordinal;
      const meant = behind === 0 || (behind > 0 && way.endsWith('from then on'));
      this.#hasFailed ||= meant;
      return meant;
    };
    const fail = (store: IDBObjectStore) => {
      if (way.startsWith('full')) throw new DOMException('full', 'QuotaExceededError');
      store.transaction.abort();
      if (!way.startsWith('closed')) return;
      IDBDatabase.prototype.transaction = function (...args): IDBTransaction {
        if (!way.endsWith('from then on')) IDBDatabase.prototype.transaction = native.transaction;
        else if (args[1] !== 'readwrite') return native.transaction.apply(this, args);
        throw new DOMException('closed', 'InvalidStateError');
      };
    };
    IDBObjectStore.prototype.put = function (...args): IDBRequest<IDBValidKey> {
      const request = way.startsWith('full') ? undefined : native.put.apply(this, args);
      if (isMeant()) fail(this);
      return request ?? native.put.apply(this, args);
    };
    IDBObjectStore.prototype.delete = function (...args): IDBRequest<undefined> {
      const request = way.startsWith('full') ? undefined : native.delete.apply(this, args);
      if (isMeant()) fail(this);
      return request ?? native.delete.apply(this, args);
    };
  }

  mend(): boolean {
    mend();
    return this.#hasFailed;
  }
}

test('where room is short what was found in old videos goes first, oldest first, and no more than it takes', async () => {
  const database = new Database(`test-${crypto.randomUUID()}`);
  const jobs = new JobStore(database);
  const ids: string[] = [];
  for (const finishedAtMs of [2, 1, 3, 0]) {
    const job = jobRecord();
    await jobs.create(job, undefined, 20);
    await runJob(job.jobId, engineHost(jobs, { wallClock: () => finishedAtMs }));
    ids.push(job.jobId);
  }
  // One that is tracked again at the moment needs it.
  const { settings } = jobRecord();
  await jobs.update(ids[3]!, (job) => askedAgain(job, settings));
  const left = async () => {
    const chunks = await Promise.all(ids.map((jobId) => jobs.detectionChunk(jobId, 0)));
    return chunks.map((chunk) => chunk !== undefined);
  };
  expect(await left()).toEqual([true, true, true, true]);
  let room = 0;
  IDBObjectStore.prototype.delete = function (...args): IDBRequest<undefined> {
    if (this.name === 'detections') room++;
    return native.delete.apply(this, args);
  };
  IDBObjectStore.prototype.put = function (...args): IDBRequest<IDBValidKey> {
    if (this.name === 'objects' && room < 2) throw new DOMException('full', 'QuotaExceededError');
    return native.put.apply(this, args);
  };
  const object = {
    bucket: 'videos',
    key: 'new.mp4',
    version: '1',
    sizeBytes: 1,
    contentType: '',
    storedAtMs: 1,
    location: { kind: 'copy' },
  } as const;
  await new ObjectStore(database).put(object, new Blob(['x']));
  expect(await left()).toEqual([false, false, true, true]);
  const kept = await Promise.all(ids.map(async (jobId) => (await jobs.get(jobId))?.keptDetections));
  expect(kept).toEqual([undefined, undefined, {}, {}]);
  // There is no end to what is wanted: it says so, and what is needed now is still there.
  room = Number.NEGATIVE_INFINITY;
  await expect(new ObjectStore(database).put(object, new Blob(['x']))).rejects.toMatchObject({
    kind: 'quota-exceeded',
  });
  expect(await left()).toEqual([false, false, false, true]);
  await database.close();
});

test.each<[Way, Outcome[]]>([
  ['full', ['succeeded', 'failed, goes on', 'open, goes on']],
  ['full from then on', ['succeeded', 'open, goes on']],
  ['aborted', ['succeeded']],
  ['aborted from then on', ['succeeded', 'open, goes on']],
  ['closed', ['succeeded', 'failed, goes on', 'open, goes on']],
  ['closed from then on', ['succeeded', 'open, goes on']],
])(
  'whichever write is %s, the job ends in a stated way, and goes on to the same result',
  async (way, stated) => {
    const database = new Database(`test-${crypto.randomUUID()}`);
    const outcomes: Outcome[] = [];
    for (let ordinal = 0; ; ordinal++) {
      const store = new FaultyIndexedDb(database);
      const outcome = await surviveFault(store, ordinal, way, new Promise(() => {}));
      if (outcome === undefined) break;
      outcomes.push(outcome);
    }
    await database.close();
    expect(outcomes.length).toBeGreaterThan(12);
    expect(new Set(outcomes)).toEqual(new Set(stated));
  },
);
