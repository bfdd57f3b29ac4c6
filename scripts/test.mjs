/** Every check and every test, one after the other; stops at the first that fails and says which it was. */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const bin = (/** @type {string} */ name) => join(root, 'node_modules', '.bin', name);

/** @type {[string, string, string[]][]} */
const steps = [
  ['types', bin('tsc'), ['-b']],
  ['format and lint', bin('biome'), ['check', '.']],
  ['build', process.execPath, [join(root, 'scripts/build.mjs')]],
  ['tests', bin('vitest'), ['run']],
];
for (const [name, program, args] of steps) {
  console.log(`\n== ${name}`);
  const { status } = spawnSync(program, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    console.error(`\n${name}: failed (see above).`);
    process.exit(status ?? 1);
  }
}
