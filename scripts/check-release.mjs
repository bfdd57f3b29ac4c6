/** What must hold before the package is published: `prepublishOnly`. Tests are run by whoever releases. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const { version, repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

if (!repository) {
  console.error('package.json has no "repository": say where these sources are published.');
  process.exitCode = 1;
}
if (!readFileSync(join(root, 'CHANGELOG.md'), 'utf8').includes(`\n## ${version}`)) {
  console.error(`CHANGELOG.md has no section for ${version}.`);
  process.exitCode = 1;
}
