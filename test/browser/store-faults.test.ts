/** Writes to IndexedDB that fail, at every write of a job. */
import { afterEach, expect, test } from 'vitest';
import { Database } from '../../src/store/database.ts';
import { JobStore } from '../../src/store/jobs.ts';
import { type FaultyStore, type Outcome, surviveFault } from '../fixtures/fault-loop.ts';

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
