import { expect, test } from 'vitest';
import type { SampleChunk } from '../../src/engine/sample-chunk.ts';
import { MemoryLocks } from '../../src/store/locks.ts';
import { MemoryJobStore } from '../../src/store/memory-jobs.ts';
import { MemoryObjectStore } from '../../src/store/memory-objects.ts';
import {
  MemoryHost,
  SharedMemoryJobs,
  SharedMemoryObjects,
} from '../../src/store/shared-memory.ts';
import { jobRecord } from '../fixtures/job-record.ts';

const CHUNK = { firstSample: 0, frames: Int32Array.of(0) } as SampleChunk;

async function shared() {
  const jobs = new MemoryJobStore();
  const objects = new MemoryObjectStore();
  const host = new MemoryHost(jobs, objects, new MemoryLocks());
  const job = jobRecord();
  await jobs.create(job, undefined, 20);
  return { jobs, host, job, thread: new SharedMemoryJobs(host) };
}

test('a thread and its page change one record, and neither change is lost', async () => {
  const { jobs, host, job, thread } = await shared();
  let changes = 0;
  const updated = await thread.update(job.jobId, (found) => {
    // The page's change comes between the thread's reading and its writing.
    if (changes++ === 0) void jobs.update(job.jobId, (now) => ({ ...now, stopRequested: true }));
    return { ...found, stage: 'tracking' };
  });
  expect(changes).toBe(2);
  expect(updated).toMatchObject({ stage: 'tracking', stopRequested: true });
  expect(await host.get(job.jobId)).toEqual(updated);
});

test('a checkpoint is stored with its record, or neither where the job is gone', async () => {
  const { jobs, job, thread } = await shared();
  const change = (found: typeof job) => ({ ...found, chunks: found.chunks + 1 });
  let raced = false;
  await thread.checkpoint(job.jobId, CHUNK, (found) => {
    if (!raced) void jobs.update(job.jobId, (now) => ({ ...now, stopRequested: true }));
    raced = true;
    return change(found);
  });
  expect(await jobs.get(job.jobId)).toMatchObject({ chunks: 1, stopRequested: true });
  expect(await thread.sampleChunk(job.jobId, 0)).toEqual(CHUNK);
  await jobs.delete(job.jobId);
  expect(await thread.checkpoint(job.jobId, CHUNK, change)).toBeUndefined();
  expect(await thread.update(job.jobId, change)).toBeUndefined();
  expect(await thread.sampleChunk(job.jobId, 0)).toBeUndefined();
});

test('a copy that is gone fails with its kind, through another thread too', async () => {
  const objects = new MemoryObjectStore();
  const thread = new SharedMemoryObjects(
    new MemoryHost(new MemoryJobStore(), objects, new MemoryLocks()),
  );
  const record = {
    bucket: 'videos',
    key: 'walk.mp4',
    version: '1',
    sizeBytes: 3,
    contentType: 'video/mp4',
    storedAtMs: 0,
    sequence: 1,
    location: { kind: 'copy' },
  } as const;
  const bytes = new Blob(['abc']);
  await objects.put(record, bytes);
  expect(await thread.find({ bucket: 'videos', key: 'walk.mp4' })).toMatchObject({
    key: 'walk.mp4',
  });
  expect(await (await thread.copy(record)).text()).toBe('abc');
  await objects.delete(record);
  await expect(thread.copy(record)).rejects.toMatchObject({ kind: 'object-missing' });
});

test('a lock is held by one at a time, in turn, and is free after a failure', async () => {
  const locks = new MemoryLocks();
  const order: string[] = [];
  let release = () => {};
  const first = locks.request('a', {}, async (lock) => {
    order.push(`first ${lock?.name}`);
    await new Promise<void>((done) => {
      release = done;
    });
    throw new Error('broken');
  });
  const second = locks.request('a', {}, async () => order.push('second'));
  expect(await locks.request('a', { ifAvailable: true }, async (lock) => lock)).toBeNull();
  expect(await locks.request('b', { ifAvailable: true }, async (lock) => lock)).not.toBeNull();
  expect((await locks.query()).held).toEqual([{ name: 'a' }]);
  const waiting = new AbortController();
  const third = locks.request('a', { signal: waiting.signal }, async () => order.push('third'));
  waiting.abort(new Error('closed'));
  await expect(third).rejects.toThrow('closed');
  release();
  await expect(first).rejects.toThrow('broken');
  await second;
  expect(order).toEqual(['first a', 'second']);
  expect((await locks.query()).held).toEqual([]);
});
