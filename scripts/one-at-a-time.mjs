/** Work that two processes of this checkout must not do at the same time. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { lock } from 'proper-lockfile';

/** Milliseconds after which the lock of a process that was killed is taken over: longer than a build keeps its thread busy. */
const STALE_MS = 60_000;

/**
 * Does `work` once no other process is at it; who died at it is waited for a minute.
 * @template T
 * @param {string} file the same for all who must take turns; nothing is there but while one of them works
 * @param {() => Promise<T>} work
 * @returns {Promise<T>} what `work` answers
 */
export async function oneAtATime(file, work) {
  mkdirSync(dirname(file), { recursive: true });
  const release = await lock(dirname(file), {
    lockfilePath: file,
    stale: STALE_MS,
    update: 5_000,
    retries: { forever: true, factor: 1, minTimeout: 250, maxTimeout: 250 },
  });
  try {
    return await work();
  } finally {
    await release();
  }
}
