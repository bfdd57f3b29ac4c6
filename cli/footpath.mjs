#!/usr/bin/env node
/** Starts the command line, building it first in a fresh checkout. */
import './require-node.mjs';
import { spawnSync } from 'node:child_process';
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
  const { staleTargets } = await import('../scripts/build.mjs');
  const stale = staleTargets(['app', 'cli']);
  if (stale.length > 0) {
    // A program of its own: bundlers tell of their work on standard output, which belongs to the command.
    const build = spawnSync(process.execPath, [resolve(root, 'scripts/build.mjs'), ...stale], {
      stdio: ['ignore', 2, 2],
    });
    if (build.status !== 0) process.exit(1);
  }
}
const { heedBrokenOutputs, main } = await import(
  pathToFileURL(resolve(root, 'dist/cli/main.js')).href
);
heedBrokenOutputs();
process.exitCode = await main(process.argv.slice(2));
