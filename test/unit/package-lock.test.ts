import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, test } from 'vitest';

const root = inject('root');
const list = ['ls', '--package-lock-only', '--all', '--json', '--loglevel=silent'];

test.each(['.', 'test/fixtures/packaging-tools'])(
  'the lock in %s holds what its package.json asks for',
  async (folder) => {
    const { stdout } = await promisify(execFile)('npm', list, {
      cwd: join(root, folder),
      shell: process.platform === 'win32',
      maxBuffer: 2 ** 26,
    }).catch((failed: { stdout: string }) => failed);
    const { problems, dependencies } = JSON.parse(stdout) as {
      problems?: string[];
      dependencies: Record<string, { version: string }>;
    };
    expect(problems ?? []).toEqual([]);
    expect(Object.keys(dependencies)).not.toEqual([]);
  },
);

test('the lock names no registry', () => {
  expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toContain('"resolved": "http');
});
