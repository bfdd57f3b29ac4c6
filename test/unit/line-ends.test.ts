import { spawnSync } from 'node:child_process';
import { expect, inject, test } from 'vitest';

/** Files whose reader goes by line feeds: a shell, the linter, tests that read a guide. */
const FILES = ['deploy/parallel/track-in-parts.sh', 'src/index.ts', 'docs/architecture.md'];

test('git gives files of text line feeds on every system, whatever its user set', ({ skip }) => {
  const git = (...args: string[]) =>
    spawnSync('git', ['-c', 'core.autocrlf=true', ...args], {
      cwd: inject('root'),
      encoding: 'utf8',
    });
  if (git('rev-parse', '--git-dir').status !== 0) skip('this is no checkout of git');
  const { stdout } = git('check-attr', 'text', 'eol', '--', ...FILES);
  expect(stdout.trim().split('\n')).toEqual(
    FILES.flatMap((file) => [`${file}: text: auto`, `${file}: eol: lf`]),
  );
});
