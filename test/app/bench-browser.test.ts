import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ensureBuilt } from '../../scripts/build.mjs';
import { startBenchBrowser } from '../bench/bench-browser.ts';

test('a bench whose page’s thread throws ends with the error, whatever it waits for', async () => {
  await ensureBuilt(['app'], () => {});
  const folder = mkdtempSync(join(tmpdir(), 'fp-bench-'));
  const thread = join(folder, 'thread.js');
  writeFileSync(
    thread,
    `onmessage = async ({ data }) => {
  if (data === 'answer') return postMessage('here');
  throw new Error('no such network');
};`,
  );
  const browser = await startBenchBrowser(thread);
  try {
    const page = await browser.open('headless.html');
    const ask = (what: string) =>
      page.evaluate(
        (message) =>
          new Promise((answer) => {
            const worker = new Worker('/video', { type: 'module' });
            worker.onmessage = ({ data }) => answer(data);
            worker.postMessage(message);
          }),
        what,
      );
    expect(await ask('answer')).toBe('here');
    await expect(ask('fail')).rejects.toThrow(/headless\.html: Error: no such network/);
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
