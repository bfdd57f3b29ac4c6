/**
 * Reads many damaged videos: `node scripts/fuzz-media.mjs [SEEDS]`, so many of each container and kind of damage
 * (default 100), as test/browser/media-fuzz.test.ts does a few. Says what came of them, and where ffprobe, if it is
 * installed, shows more frames of a file that is read without a complaint.
 */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const seeds = Number(process.argv[2] ?? 100);
if (!Number.isSafeInteger(seeds) || seeds < 1) {
  console.error('usage: node scripts/fuzz-media.mjs [SEEDS]');
  process.exit(2);
}
const { status } = spawnSync(
  join(root, 'node_modules', '.bin', 'vitest'),
  ['run', '--project', 'browser', 'test/browser/media-fuzz.test.ts'],
  {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, FOOTPATH_FUZZ: String(seeds) },
  },
);
process.exit(status ?? 1);
