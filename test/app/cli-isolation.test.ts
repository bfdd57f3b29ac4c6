/** `footpath track` keeps to itself: its browser is sandboxed and asks nobody, its files are whole or gone. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { findChromium } from '../../cli/chromium.mjs';
import { ensureBuilt } from '../../scripts/build.mjs';
import { browserOf, filtersOf, renderersOf } from '../fixtures/process-tree.ts';

const root = inject('root');
const sample = resolve(root, 'public/samples/footpath-sample.mp4');
const folder = mkdtempSync(join(tmpdir(), 'fp-'));
const temporary = join(folder, 'tmp');
const NOBODY = 65534;
const isLinux = process.platform === 'linux';

beforeAll(async () => {
  await ensureBuilt(['app', 'cli'], console.info);
  mkdirSync(temporary);
  for (const path of [folder, temporary]) chmodSync(path, 0o777);
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A run with temporary files of its own, and what it says. */
function track(
  args: string[],
  options: { env?: NodeJS.ProcessEnv; uid?: number; through?: string[] } = {},
) {
  const { env, uid, through = [] } = options;
  const [program = '', ...rest] = [...through, process.execPath];
  const child = spawn(
    program,
    [...rest, resolve(root, 'cli/footpath.mjs'), 'track', '--backend', 'wasm', ...args],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, TMPDIR: temporary, ...env },
      ...(uid === undefined ? {} : { uid, gid: uid }),
    },
  );
  let stderr = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, ended, stderr: () => stderr };
}

async function until<T>(find: () => T | undefined, ended: Promise<unknown>): Promise<T> {
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    if (isOver) throw new Error('the program ended too early');
    await sleep(50);
  }
}

const WARNING = 'WARNING: Chromium runs without its sandbox';
/** Where no user namespace can be made, Chromium has no sandbox, unless a program with the right of root makes it. */
const mayHaveSandbox = (uid?: number) =>
  spawnSync('unshare', ['--user', '--map-user=65533', 'true'], { ...(uid ? { uid } : {}) })
    .status === 0;

async function expectSandbox(run: ReturnType<typeof track>, uid?: number) {
  await until(() => /tracking/.test(run.stderr()) || undefined, run.ended);
  if (run.stderr().includes(WARNING)) expect(mayHaveSandbox(uid)).toBe(false);
  // 2: system calls are filtered.
  else await expect.poll(() => filtersOf(run.child.pid!)).toEqual(['2']);
}

/** A Chromium that writes its net log, as a program of its own. */
function loggingChromium(log: string): string {
  const program = join(folder, 'logging-chromium');
  const flags = `--log-net-log='${log}' --net-log-capture-mode=Everything`;
  writeFileSync(program, `#!/bin/sh\nexec '${findChromium()}' "$@" ${flags}\n`, { mode: 0o755 });
  return program;
}

/** What a net log tells of connections, look-ups and requests. */
function readNetLog(log: string) {
  const { constants, events } = JSON.parse(readFileSync(log, 'utf8')) as {
    constants: { logEventTypes: Record<string, number> };
    events: { type: number; params?: Record<string, unknown> }[];
  };
  const of = (name: string, member: string) => {
    const type = constants.logEventTypes[name];
    expect(type, `${name} is an event of this Chromium`).toBeTypeOf('number');
    return events
      .filter((event) => event.type === type && event.params?.[member] !== undefined)
      .map((event) => String(event.params![member]));
  };
  return {
    queries: of('DNS_TRANSACTION', 'hostname'),
    connections: of('TCP_CONNECT_ATTEMPT', 'address'),
    requests: of('URL_REQUEST_START_JOB', 'url'),
  };
}

describe.skipIf(!isLinux)('the browser of footpath track (skipped: needs /proc)', () => {
  test('is sandboxed, and neither connects nor asks for names beyond this machine', async () => {
    const log = join(folder, 'net.json');
    const out = join(folder, 'people.json');
    const env = { CHROMIUM_PATH: loggingChromium(log), http_proxy: 'http://proxy.example:3128' };
    const settings = ['--quality', 'fast', '--sample-rate', '2', '--out', out];
    const run = track([sample, ...settings], { env });
    await expectSandbox(run);
    expect(await run.ended).toBe(0);
    const { queries, connections, requests } = readNetLog(log);
    expect(queries).toEqual([]);
    expect(connections.length).toBeGreaterThan(0);
    expect(connections.filter((address) => !address.startsWith('127.0.0.1:'))).toEqual([]);
    expect(requests).toContain('http://footpath.localhost/headless.html');
    // Addresses within the page and the browser itself are no requests to anybody.
    const foreign = /^(?!http:\/\/footpath\.localhost\/|blob:|data:|chrome|devtools:|about:)/;
    expect(requests.filter((url) => foreign.test(url))).toEqual([]);
    expect(JSON.parse(readFileSync(out, 'utf8')).JobStatus).toBe('SUCCEEDED');
    expect(readdirSync(temporary)).toEqual([]);
  });

  const mayForbid = mayHaveSandbox() && process.getuid?.() === 0;
  test.skipIf(!mayForbid)(
    'is said to have no sandbox where the system allows none (skipped: needs root and user namespaces)',
    async () => {
      // Inside this one no further user namespace can be made, as in most containers.
      const forbid = 'echo 0 > /proc/sys/user/max_user_namespaces; exec "$@"';
      const inside = ['--user', '--map-root-user', 'sh', '-c', forbid, 'sh'];
      const out = join(folder, 'without.json');
      const settings = ['--sample-rate', '1', '--quality', 'fast', '--out', out];
      const run = track([sample, ...settings], { through: ['unshare', ...inside] });
      expect(await run.ended).toBe(0);
      expect(run.stderr()).toContain(WARNING);
      expect(JSON.parse(readFileSync(out, 'utf8')).JobStatus).toBe('SUCCEEDED');
    },
  );

  const readAll = `require('fs').readdirSync(process.argv[1])`;
  const canBeNobody =
    process.getuid?.() === 0 &&
    spawnSync(process.execPath, ['-e', readAll, root], { uid: NOBODY, gid: NOBODY }).status === 0;
  test.skipIf(!canBeNobody)(
    'is sandboxed for a user without rights too (skipped: needs root and a checkout that all may read)',
    async () => {
      const home = join(folder, 'home');
      mkdirSync(home);
      chownSync(home, NOBODY, NOBODY);
      const run = track([sample, '--sample-rate', '15'], { uid: NOBODY, env: { HOME: home } });
      await expectSandbox(run, NOBODY);
      run.child.kill('SIGTERM');
      expect(await run.ended).toBe(143);
      expect(readdirSync(temporary)).toEqual([]);
    },
  );
});

describe('the files of footpath track', () => {
  test('a killed run’s go with the next run, and Ctrl-C leaves none', async () => {
    const place = join(folder, 'place');
    mkdirSync(place);
    const out = join(place, 'people.json');
    writeFileSync(out, 'older');
    const start = async (...more: string[]) => {
      const run = track([sample, '--sample-rate', 'all', '--out', out, ...more]);
      await until(() => (/tracking/.test(run.stderr()) ? true : undefined), run.ended);
      return run;
    };
    const killed = await start();
    const [left] = readdirSync(temporary);
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect(readdirSync(temporary)).toContain(left);
    expect(readdirSync(place)).toHaveLength(2);

    const next = await start();
    expect(readdirSync(temporary)).not.toContain(left);
    expect(readdirSync(place)).toHaveLength(2);
    for (let pressed = 0; pressed < 4; pressed++) {
      next.child.kill('SIGINT');
      await new Promise((later) => setTimeout(later, 50));
    }
    expect(await next.ended).toBe(130);
    expect(readdirSync(temporary)).toEqual([]);
    expect(readdirSync(place)).toEqual(['people.json']);
    expect(readFileSync(out, 'utf8')).toBe('older');
  });

  test.skipIf(!isLinux)(
    'a browser that is killed is said in a line, and nothing is left',
    async () => {
      const place = mkdtempSync(join(folder, 'browser-'));
      const run = track([sample, '--sample-rate', 'all', '--out', join(place, 'people.json')]);
      const [renderer] = await until(() => {
        const found = renderersOf(run.child.pid!);
        return found.length > 0 && /tracking/.test(run.stderr()) ? found : undefined;
      }, run.ended);
      process.kill(browserOf(renderer!)!, 'SIGKILL');
      expect(await run.ended).toBe(1);
      const told = run
        .stderr()
        .split('\n')
        .filter((line) => line.startsWith('footpath track: the'));
      expect(told).toEqual(['footpath track: the browser ended, most likely for want of memory']);
      expect(run.stderr()).not.toContain('Browser logs');
      expect(readdirSync(temporary)).toEqual([]);
      expect(readdirSync(place)).toEqual([]);
    },
  );

  test('an older result survives a job that fails, and what that found lies beside it', async () => {
    const place = mkdtempSync(join(folder, 'failing-'));
    const notes = join(place, 'notes.mp4');
    writeFileSync(notes, 'Bread, milk, eggs.\n'.repeat(100));
    const out = join(place, 'people.json');
    const failing = async () => {
      const run = track([notes, '--out', out]);
      expect(await run.ended).toBe(1);
      return run.stderr();
    };
    await failing();
    expect(JSON.parse(readFileSync(out, 'utf8')).JobStatus).toBe('FAILED');
    writeFileSync(out, 'older');
    expect(await failing()).toContain('people.failed.json');
    expect(readFileSync(out, 'utf8')).toBe('older');
    const found = readFileSync(join(place, 'people.failed.json'), 'utf8');
    expect(JSON.parse(found)).toMatchObject({ JobStatus: 'FAILED', Persons: [] });
    expect(readdirSync(place).sort()).toEqual(['notes.mp4', 'people.failed.json', 'people.json']);
  });

  test('an older manifest stays beside an older result', async () => {
    const place = mkdtempSync(join(folder, 'cut-'));
    const inPlace = (name: string) => join(place, name);
    const whole = readFileSync(sample);
    writeFileSync(inPlace('cut.mp4'), whole.subarray(0, Math.round(0.6 * whole.length)));
    const [out, manifest] = [inPlace('people.json'), inPlace('people.manifest.json')];
    for (const older of [out, manifest]) writeFileSync(older, 'older');
    const quick = ['--sample-rate', '1', '--quality', 'fast', '--backend', 'int8'];
    const run = track([inPlace('cut.mp4'), ...quick, '--out', out, '--manifest', manifest]);
    expect(await run.ended).toBe(1);
    for (const older of [out, manifest]) expect(readFileSync(older, 'utf8')).toBe('older');
    const found = readFileSync(inPlace('people.manifest.failed.json'), 'utf8');
    expect(JSON.parse(found).result).toMatchObject({ failure: 'video-truncated' });
    expect(existsSync(inPlace('people.failed.json'))).toBe(true);
  });

  test('an output that is the input is refused, by any name', async () => {
    const video = join(folder, 'video.mp4');
    copyFileSync(sample, video);
    linkSync(video, join(folder, 'hard.mp4'));
    symlinkSync('video.mp4', join(folder, 'soft.mp4'));
    for (const name of ['video.mp4', 'hard.mp4', 'soft.mp4', 'tmp/../video.mp4']) {
      const run = track([video, '--out', `${folder}/${name}`]);
      expect(await run.ended).toBe(2);
      expect(run.stderr()).toContain('it would be lost');
    }
    expect(readFileSync(video).equals(readFileSync(sample))).toBe(true);
    const into = track([video, '--out', folder]);
    expect(await into.ended).toBe(2);
    expect(into.stderr()).toContain('is a folder');
  });
});
