/**
 * Builds and runs a bench of test/bench: `node scripts/bench.mjs NAME [arguments]` runs test/bench/NAME.bench.ts.
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './build.mjs';

const [name, ...rest] = process.argv.slice(2);
if (!name) {
  console.error('usage: node scripts/bench.mjs NAME [arguments]');
  process.exit(2);
}
await ensureBuilt(['app', 'bench', 'bench-page'], (text) => console.error(text));
const file = resolve(import.meta.dirname, `../dist/bench/${name}.js`);
process.argv = [process.argv[0] ?? 'node', file, ...rest];
await import(pathToFileURL(file).href);
