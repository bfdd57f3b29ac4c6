/**
 * Footpath in Firefox and in WebKitGTK, the engine of Safari, as Debian has them; skipped where they are not installed.
 * They are started as a user would, and their page sends its result by an address: the protocols of automation change how
 * they start threads.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { afterEach, beforeAll, expect, inject, test } from 'vitest';
import { serveStatic } from '../../cli/serve-static.mjs';
import { ensureBuilt } from '../../scripts/build.mjs';
import { sharedChromium } from '../fixtures/shared-chromium.ts';
import { shortSample } from './open-app.ts';

const root = inject('root');
/** What the page says of its job. */
interface Said {
  readonly error?: string;
  readonly storage: string;
  readonly status?: string;
  readonly failure?: unknown;
  readonly backend?: string;
  readonly people?: number;
  /** Digest of the whole answer. */
  readonly digest?: string;
}

const PAGE = `
import { canStore, createPersonTracking } from './lib/index.js';
const said = { storage: (await canStore()) ? 'browser' : 'memory' };
try {
  if (location.search === '?offline') await leaveNetwork();
  const tracking = createPersonTracking({ assets: './', quality: 'fast', sampleRate: 5, storage: said.storage });
  const JobId = location.search === '?back' ? localStorage.getItem('job') : await start(tracking);
  if (location.search === '?leave') await leave(tracking, JobId);
  const { status, failure, report } = await tracking.waitForJob(JobId);
  const { Persons } = await tracking.getPersonTracking({ JobId });
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(Persons)));
  Object.assign(said, {
    status, failure, backend: report?.detector?.backend, people: new Set(Persons.map(({ Person }) => Person.Index)).size,
    digest: Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join(''),
  });
} catch (error) {
  said.error = String(error);
}
await fetch('/said/' + encodeURIComponent(JSON.stringify(said)));

async function start(tracking) {
  await tracking.putObject({ Bucket: 'videos', Key: 'clip.mp4', Body: await (await fetch('clip.mp4')).blob() });
  const { JobId } = await tracking.startPersonTracking({ Video: { S3Object: { Bucket: 'videos', Name: 'clip.mp4' } } });
  return JobId;
}
/** In the midst of the job, for a page that may be kept meanwhile. */
async function leave(tracking, JobId) {
  localStorage.setItem('job', JobId);
  while ((await tracking.getJob(JobId)).progress.stage !== 'tracking') await soon();
  location.href = '?back';
  await new Promise(() => {});
}
/** From then on the app's service worker alone has what finds people. */
async function leaveNetwork() {
  globalThis.trustedTypes?.createPolicy('default', { createScriptURL: (address) => address });
  const { serviceWorker } = navigator;
  await serviceWorker.register('./service-worker.js');
  while (!serviceWorker.controller) await soon();
  const files = (await (await fetch('./offline.json')).json()).filter(({ url }) => /^engine\\/.*\\.js$|nanodet/.test(url));
  for (const { url } of files) await (await fetch('./' + url)).arrayBuffer();
  const kept = await caches.open('footpath-engine');
  while ((await kept.keys()).length < files.length) await soon();
  await fetch('/gone');
}
function soon() {
  return new Promise((later) => setTimeout(later, 50));
}
`;

function find(...places: readonly string[]): string | undefined {
  return places.find((place) => existsSync(place));
}
const FIREFOX = find('/usr/bin/firefox-esr', '/usr/bin/firefox');
const XVFB = find('/usr/bin/xvfb-run');
const WEBKIT = find(
  ...['x86_64', 'aarch64'].map(
    (processor) => `/usr/lib/${processor}-linux-gnu/webkit2gtk-4.1/MiniBrowser`,
  ),
);

/** A job's limit in a browser that this machine may run for the first time, beside other tests. */
const RUN_MS = 240_000;
const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
beforeAll(() => ensureBuilt(['app', 'lib'], () => {}), 180_000);

/** Opens the page in a browser, and waits for its word. @param clip path of its video */
async function say(
  open: (url: string, folder: string) => Promise<void> | void,
  clip?: string,
): Promise<Said> {
  const folder = await mkdtemp(join(inject('runFolder'), 'other-browser-'));
  await writeFile(
    join(folder, 'page.html'),
    '<!doctype html><script src="page.js" type="module"></script>',
  );
  await writeFile(join(folder, 'page.js'), PAGE);
  clip ??= await shortSample();
  let hear: (said: Said) => void = () => {};
  const heard = new Promise<Said>((resolved) => {
    hear = resolved;
  });
  let isGone = false;
  const server = await serveStatic(join(root, 'dist/app'), {
    extra(path: string) {
      if (path === '/clip.mp4') return clip;
      if (path.startsWith('/said/')) hear(JSON.parse(path.slice('/said/'.length)) as Said);
      if (path === '/gone') isGone = true;
      if (isGone && /^\/(engine|models)\//.test(path)) return join(folder, 'gone');
      if (path.startsWith('/page.')) return join(folder, path);
      return path.startsWith('/lib/') ? normalize(join(root, 'dist', path)) : undefined;
    },
  });
  ends.push(() => server.close());
  await open(new URL('page.html', server.url).href, folder);
  return heard;
}

function run(program: string, args: readonly string[], home: string): void {
  const child: ChildProcess = spawn(program, args, {
    detached: true,
    stdio: 'ignore',
    env: {
      ...process.env,
      HOME: home,
      // The sandbox of WebKit's threads wants more of the machine than a container may have.
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
    },
  });
  ends.push(async () => {
    const ended = new Promise((done) => child.once('exit', done));
    // With its own processes, which are of its group.
    process.kill(-child.pid!, 'SIGKILL');
    await ended;
  });
}

const inWebKit = (flags: readonly string[] = [], clip?: string, search = '') =>
  say(async (url, folder) => {
    const home = join(folder, 'home');
    await mkdir(home);
    run(XVFB!, ['-a', WEBKIT!, ...flags, url + search], home);
  }, clip);

const inChromium = () =>
  say(async (url) => {
    const chromium = await sharedChromium();
    ends.push(() => chromium.close());
    await (await chromium.browser.newPage()).goto(url);
  });

test.skipIf(!WEBKIT || !XVFB)(
  'WebKit, without relaxed SIMD and without a network, gives the answer of Chromium to the bit (skipped: needs webkit2gtk-driver and xvfb)',
  async () => {
    const expected = await inChromium();
    expect(expected).toMatchObject({ status: 'SUCCEEDED', backend: 'int8', storage: 'browser' });
    expect(expected.people).toBeGreaterThan(0);
    expect(await inWebKit([], undefined, '?offline')).toEqual(expected);
  },
  2 * RUN_MS,
);

test.skipIf(!WEBKIT || !XVFB)(
  'a private window of WebKit, which stores no files, keeps its job in memory (skipped: needs webkit2gtk-driver and xvfb)',
  async () => {
    expect(await inWebKit(['--private'])).toMatchObject({ status: 'SUCCEEDED', storage: 'memory' });
  },
  RUN_MS,
);

test.skipIf(!WEBKIT || !XVFB)(
  'a job goes on in the next page of WebKit, which keeps the one that is left with its threads (skipped: needs webkit2gtk-driver and xvfb)',
  async () => {
    expect(await inWebKit([], undefined, '?leave')).toMatchObject({ status: 'SUCCEEDED' });
  },
  RUN_MS,
);

test.skipIf(!WEBKIT || !XVFB)(
  'WebKit ends a job of a damaged video, with what can be read of it (skipped: needs webkit2gtk-driver and xvfb)',
  async () => {
    const bytes = await readFile(await shortSample());
    const from = bytes.indexOf('mdat') + 4;
    // Lengths of the pictures' parts, too, from the middle on.
    for (let at = from + ((bytes.length - from) >> 1); at < bytes.length; at++) bytes[at]! ^= 0x5a;
    const clip = join(await mkdtemp(join(inject('runFolder'), 'damaged-')), 'damaged.mp4');
    await writeFile(clip, bytes);
    const said = await inWebKit([], clip);
    expect(said).toMatchObject({ status: 'FAILED', failure: { kind: 'video-truncated' } });
    expect(said.people).toBeGreaterThan(0);
  },
  RUN_MS,
);

test.skipIf(!FIREFOX).each([
  ['a window', []],
  ['a private window', ['--private-window']],
])(
  '%s of Firefox (skipped: needs firefox-esr)',
  async (_, flags) => {
    const said = await say(async (url, folder) => {
      const profile = join(folder, 'profile');
      await mkdir(profile);
      run(FIREFOX!, ['--headless', '--no-remote', '--profile', profile, ...flags, url], folder);
    });
    expect(said).toMatchObject({ status: 'SUCCEEDED', backend: 'int8', storage: 'browser' });
    expect(said.people).toBeGreaterThan(0);
  },
  RUN_MS,
);
