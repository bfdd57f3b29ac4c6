/** deploy/parallel with GNU parallel itself: five parts, a worker that is killed, parts that are there, a part that is missing. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { ensureBuilt } from '../../scripts/build.mjs';
import { type Ended, runFootpath } from './run-footpath.ts';

const root = inject('root');
const sample = resolve(root, 'public/samples/footpath-sample.mp4');
const folder = mkdtempSync(join(tmpdir(), 'fp deploy-'));
const hasParallel = spawnSync('parallel', ['--version'], { encoding: 'utf8' }).stdout?.startsWith(
  'GNU parallel',
);
const DETECT = '--backend int8 --quality fast --sample-rate 1 --workers 1';

beforeAll(() => ensureBuilt(['app', 'cli'], console.info), 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the script. @param program in place of footpath */
function trackInParts(program: string, parts: string, out: string): Promise<Ended> {
  return new Promise((done, failed) => {
    const script = resolve(root, 'deploy/parallel/track-in-parts.sh');
    const run = spawn('sh', [script, sample, parts, out, '5'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, FOOTPATH: program, DETECT, JOBS: '2' },
    });
    let stderr = '';
    run.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    run.once('error', failed);
    run.once('close', (code) => done({ code, stdout: '', stderr }));
  });
}

/** A program that is footpath, but for what is said. @returns how it is called from the folder: FOOTPATH is split at blanks */
function program(name: string, before: string): string {
  const footpath = `'${process.execPath}' '${resolve(root, 'cli/footpath.mjs')}'`;
  writeFileSync(
    join(folder, `${name}.sh`),
    `echo "$*" >> '${join(folder, name)}'\n${before}\nexec ${footpath} "$@"\n`,
  );
  return `sh ${name}.sh`;
}

const callsOf = (name: string) =>
  readFileSync(join(folder, name), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('detect'));

test.skipIf(!hasParallel)(
  'GNU parallel gives the bytes of one machine, though a worker is killed (skipped: parallel is not installed)',
  async () => {
    const parts = join(folder, 'parts');
    const out = join(folder, 'people.json');
    // The third part's worker dies at its first attempt, as by a machine that goes.
    const dies = `case "$*" in *"--part 3/5"*) test -e '${folder}/died' || { : > '${folder}/died'; kill -KILL $$; };; esac`;
    const first = await trackInParts(program('first', dies), parts, out);
    expect(first.stderr).toMatch(/\d+ people, \d+ boxes\n$/);
    expect(first.code, first.stderr).toBe(0);
    expect(existsSync(join(folder, 'died'))).toBe(true);
    expect(callsOf('first')).toHaveLength(6);
    expect(readdirSync(parts).sort()).toEqual(['1', '2', '3', '4', '5']);
    const options = DETECT.split(' ');
    const whole = await runFootpath(root, 'track', sample, ...options);
    expect(whole.code, whole.stderr).toBe(0);
    expect(whole.stdout.length).toBeGreaterThan(1000);
    expect(readFileSync(out, 'utf8') === whole.stdout).toBe(true);

    // Called again, it does what is missing; a part that never comes is named, and nothing is written.
    rmSync(join(parts, '2'), { recursive: true });
    const broken = 'case "$*" in *"--part 2/5"*) exit 1;; esac';
    const later = join(folder, 'later.json');
    const second = await trackInParts(program('second', broken), parts, later);
    expect(second.code).not.toBe(0);
    expect(new Set(callsOf('second')).size).toBe(1);
    expect(callsOf('second')).toHaveLength(3);
    expect(existsSync(later)).toBe(false);
    const hole = await runFootpath(root, 'track', '--from-detections', parts, '--out', later);
    expect(hole).toMatchObject({ code: 1 });
    expect(hole.stderr).toMatch(
      /parts.1 \(0 to 3\.6 s\) and .*parts.3 \(7\.2 to 10\.8 s\) there is a hole/,
    );
    expect(existsSync(later)).toBe(false);
  },
);
