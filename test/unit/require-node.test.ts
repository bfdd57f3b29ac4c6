import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';

const root = inject('root');
/** The Node of Debian 12, as programs see its version. */
const OLD = `data:text/javascript,Object.defineProperty(process, 'versions', { value: { node: '18.20.8' } })`;

test.for(['scripts/setup.mjs', 'cli/footpath.mjs'])('%s refuses an old Node in words', (file) => {
  const { status, stderr } = spawnSync(process.execPath, ['--import', OLD, join(root, file)], {
    encoding: 'utf8',
  });
  expect(stderr).toMatch(
    /^footpath: Node 18\.20\.8 is too old\.\n {2}What to do: install Node 20\.19 or newer from https:\S+ and run the command again\.\n$/,
  );
  expect(status).toBe(1);
  // Before anything that an old one does not know, as `import.meta.dirname` is.
  const [first] = /^import .*$/m.exec(readFileSync(join(root, file), 'utf8'))!;
  expect(first).toMatch(/^import '.*\/require-node\.mjs';$/);
});

test('no command of package.json needs one that npm leaves out where it runs no scripts of packages', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const isHook = (name: string) =>
    /^(pre|post)/.test(name) && name.replace(/^(pre|post)/, '') in scripts;
  expect(Object.keys(scripts).filter(isHook)).toEqual([]);
});
