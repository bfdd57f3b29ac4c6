import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { PersonTracking } from '../../src/client/api.ts';
import { createPersonTracking } from '../../src/client/person-tracking.ts';
import { CHUNK_ELEMENTS } from '../../src/engine/results.ts';
import { storeBigJob } from '../fixtures/big-job.ts';

const database = `test-${crypto.randomUUID()}`;
/** 30,000 elements: 15 chunks an order. */
const PEOPLE = 50;
const ELEMENTS = 600 * PEOPLE;
let JobId: string;
let tracking: PersonTracking;

beforeAll(async () => {
  JobId = await storeBigJob(database, PEOPLE);
  tracking = createPersonTracking({ database });
  return () => tracking.close();
});
afterEach(() => vi.restoreAllMocks());

/** Keys of the results store that are read from now on, and how many chunks they bring. */
function watchReads(): { requests: number; chunks: number } {
  const seen = { requests: 0, chunks: 0 };
  for (const name of ['get', 'getAll', 'openCursor'] as const) {
    const real = IDBObjectStore.prototype[name] as (...args: unknown[]) => IDBRequest;
    vi.spyOn(IDBObjectStore.prototype, name).mockImplementation(function (
      this: IDBObjectStore,
      ...args: unknown[]
    ) {
      const request = real.apply(this, args);
      if (this.name === 'results') {
        seen.requests++;
        request.addEventListener('success', () => {
          seen.chunks += Array.isArray(request.result) ? request.result.length : 1;
        });
      }
      return request;
    });
  }
  return seen;
}

test.each(['INDEX', 'TIMESTAMP'] as const)(
  'by %s, every page reads the chunks it lies in and no others',
  async (SortBy) => {
    const seen = watchReads();
    let elements = 0;
    let last = { time: -1, index: -1 };
    for (let NextToken: string | undefined = ''; NextToken !== undefined; ) {
      const before = { ...seen };
      const page = await tracking.getPersonTracking({ JobId, SortBy, NextToken, MaxResults: 1000 });
      const first = Math.floor(elements / CHUNK_ELEMENTS);
      const final = Math.floor((elements + page.Persons.length - 1) / CHUNK_ELEMENTS);
      expect(seen.requests - before.requests).toBe(1);
      expect(seen.chunks - before.chunks).toBe(final - first + 1);
      for (const { Timestamp: time, Person } of page.Persons) {
        const now = { time, index: Person.Index };
        const [a, b] =
          SortBy === 'INDEX' ? (['index', 'time'] as const) : (['time', 'index'] as const);
        expect(now[a] > last[a] || (now[a] === last[a] && now[b] > last[b])).toBe(true);
        last = now;
      }
      elements += page.Persons.length;
      NextToken = page.NextToken;
    }
    expect(elements).toBe(ELEMENTS);
  },
);
