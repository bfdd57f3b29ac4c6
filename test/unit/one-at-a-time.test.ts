import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { oneAtATime } from '../../scripts/one-at-a-time.mjs';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fp-turns-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('of several processes each works alone', async () => {
  const [lock, count] = [join(folder, 'dist/.working'), join(folder, 'count')];
  writeFileSync(count, '0');
  const module = pathToFileURL(join(inject('root'), 'scripts/one-at-a-time.mjs'));
  const program = `
    import { readFileSync, writeFileSync } from 'node:fs';
    import { setTimeout } from 'node:timers/promises';
    import { oneAtATime } from ${JSON.stringify(module)};
    const [lock, count] = ${JSON.stringify([lock, count])};
    await oneAtATime(lock, async () => {
      const before = Number(readFileSync(count));
      await setTimeout(100);
      writeFileSync(count, String(before + 1));
    });`;
  const run = promisify(execFile);
  const one = () => run(process.execPath, ['--input-type=module', '--eval', program]);
  await Promise.all([one(), one(), one()]);
  expect(readFileSync(count, 'utf8')).toBe('3');
  expect(existsSync(lock)).toBe(false);
});

test('work that fails lets the next one in, and so does a process that was killed at it', async () => {
  const lock = join(folder, 'left');
  const failing = oneAtATime(lock, () => Promise.reject(new Error('no room')));
  await expect(failing).rejects.toThrow('no room');
  mkdirSync(lock);
  const twoMinutesAgo = Date.now() / 1000 - 120;
  utimesSync(lock, twoMinutesAgo, twoMinutesAgo);
  expect(await oneAtATime(lock, async () => 'done')).toBe('done');
});
