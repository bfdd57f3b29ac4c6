/** The connection's troubles, over an IndexedDB in Node; Chromium's own has them in test/browser/database.test.ts. */
import 'fake-indexeddb/auto';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openDB } from 'idb';
import { afterEach, expect, test, vi } from 'vitest';
import { Database } from '../../src/store/database.ts';
import { SCHEMA_VERSION } from '../../src/store/schema.ts';

const open: Database[] = [];
function database(name: string = crypto.randomUUID()): Database {
  const opened = new Database(name);
  open.push(opened);
  return opened;
}

afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  await Promise.all(open.splice(0).map((opened) => opened.close()));
});

test('work whose connection was lost is done once more, and no more than that', async () => {
  const stored = database();
  let tries = 0;
  const lose = (times: number) =>
    stored.run(async () => {
      if (++tries <= times) throw new DOMException('gone', 'InvalidStateError');
      return tries;
    });
  expect(await lose(1)).toBe(2);
  tries = 0;
  await expect(lose(9)).rejects.toMatchObject({ kind: 'store-unavailable' });
  expect(tries).toBe(2);
});

test('work leaves nothing behind in a page that goes on for months', async () => {
  const stored = database();
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heapAfter = async (works: number) => {
    for (let i = 0; i < works; i++) await stored.run(async () => {});
    collect();
    return getHeapStatistics().used_heap_size;
  };
  const before = await heapAfter(100);
  expect((await heapAfter(50_000)) - before).toBeLessThan(1_000_000);
});

test('a full disk is told as such, and any other error as it is', async () => {
  const stored = database();
  const fail = (error: unknown) => stored.run(() => Promise.reject(error));
  await expect(fail(new DOMException('', 'QuotaExceededError'))).rejects.toMatchObject({
    kind: 'quota-exceeded',
  });
  const odd = new TypeError('odd');
  await expect(fail(odd)).rejects.toBe(odd);
});

test('a transaction keeps all or nothing', async () => {
  const stored = database();
  const write = stored.write(['secrets'], async (tx) => {
    await tx.objectStore('secrets').put('kept?' as never, 'name');
    throw new TypeError('no');
  });
  await expect(write).rejects.toThrow('no');
  expect(await stored.run((db) => db.get('secrets', 'name'))).toBeUndefined();
  await stored.write(['secrets'], (tx) => tx.objectStore('secrets').put('kept' as never, 'name'));
  expect(await stored.run((db) => db.get('secrets', 'name'))).toBe('kept');
});

test('a newer release gets the database, and the one that had it says why it stops', async () => {
  const stored = database();
  await stored.run(async () => {});
  const newer = await openDB(stored.name, SCHEMA_VERSION + 1);
  await expect(stored.run(async () => {})).rejects.toMatchObject({
    kind: 'store-unavailable',
    message: expect.stringContaining('newer Footpath'),
  });
  newer.close();
});

test('who waits for an older release says for what', async () => {
  const name = crypto.randomUUID();
  const older = await openDB(name, 1);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const stored = database(name);
  const waiting = stored.run(async () => 'opened');
  const told = expect(waiting).rejects.toMatchObject({
    message: expect.stringContaining('older Footpath'),
  });
  await expect.poll(() => vi.getTimerCount()).toBeGreaterThan(0);
  await vi.advanceTimersByTimeAsync(5000);
  await told;
  older.close();
});

test.each([
  ['is refused', 'SecurityError', 'does not let the page store data'],
  ['cannot be opened, as on a disk without any room', 'UnknownError', 'disk is full or damaged'],
])('where storage %s the page is told what to do', async (_, name, words) => {
  vi.stubGlobal('indexedDB', {
    open: () => {
      throw new DOMException('refused', name);
    },
  });
  await expect(database().run(async () => {})).rejects.toMatchObject({
    kind: 'store-unavailable',
    message: expect.stringContaining(words),
  });
});
