import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

test('without a network a fresh clone says so in seconds, not after npm has tried for each package', async () => {
  const clone = await mkdtemp(join(tmpdir(), 'fp-clone-'));
  try {
    for (const part of ['package.json', 'package-lock.json', 'scripts', 'cli'])
      await cp(join(root, part), join(clone, part), { recursive: true });
    const setup = spawn(process.execPath, [join(clone, 'scripts/setup.mjs')], {
      // Nobody listens there.
      env: {
        ...process.env,
        npm_config_registry: 'http://127.0.0.1:1/',
        npm_config_cache: join(clone, 'cache'),
        npm_config_fetch_retry_mintimeout: '10',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    setup.stderr.on('data', (text) => {
      said += text;
    });
    const [status] = await once(setup, 'close');
    expect(status).toBe(1);
    expect(said).toContain('npm cannot reach its registry');
    expect(said).toMatch(/What to do: connect to the network/);
  } finally {
    await rm(clone, { recursive: true, force: true });
  }
}, 120_000);
