#!/usr/bin/env node
/** Starts the command line, building it first in a fresh checkout. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = resolve(import.meta.dirname, '..');
const isCheckout = existsSync(resolve(root, 'src'));
if (isCheckout) {
  const isSetUp = ['node_modules', 'public/models'].every((name) =>
    existsSync(resolve(root, name)),
  );
  if (!isSetUp) await import('../scripts/setup.mjs');
  const { ensureBuilt } = await import('../scripts/build.mjs');
  // Standard output belongs to the command; bundlers tell there of their work.
  const { write } = process.stdout;
  process.stdout.write = process.stderr.write.bind(process.stderr);
  await ensureBuilt(['app', 'cli'], (text) => console.error(`footpath: ${text}`));
  process.stdout.write = write;
}
const { main } = await import(pathToFileURL(resolve(root, 'dist/cli/main.js')).href);
process.exitCode = await main(process.argv.slice(2));
