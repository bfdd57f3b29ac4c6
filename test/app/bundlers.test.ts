/** The packed library in pages that others build: the README's lines and `copy-assets`, nothing else. Long because one packed project serves every page. */
import { copyFile, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { build as viteBuild } from 'vite';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { SECURITY_HEADERS } from '../../cli/serve-static.mjs';
import type { FailureKind } from '../../src/contract/failure.ts';
import { VERSION as version } from '../../src/protocol/version.ts';
import { type Ended, PAGE, readmeProgram, runPage } from '../fixtures/bundled-page.ts';
import { cutVideo } from '../fixtures/copy-video.ts';
import { installTools, PackedProject, run, type Tools } from '../fixtures/packed-project.ts';
import {
  sharedChromium,
  type WatchedChromium,
  watchedChromium,
} from '../fixtures/shared-chromium.ts';
import { type Site, type SiteOptions, startSite } from '../fixtures/site.ts';

const SAMPLE = 'footpath-sample.mp4';
let project: PackedProject;
let tools: Tools | string;
let chromium: WatchedChromium;
let browser: Browser;
let site: Site;

beforeAll(async () => {
  [project, tools] = await Promise.all([PackedProject.create(), installTools()]);
  chromium = await sharedChromium();
  ({ browser } = chromium);
  site = await startSite({ folders: {} });
  const sample = await readFile(join(inject('root'), 'public/samples', SAMPLE));
  await mkdir(join(project.folder, 'videos'));
  // Its first six seconds.
  const short = await cutVideo(new Uint8Array(sample), 150);
  await writeFile(join(project.folder, 'videos', SAMPLE), short);
  await project.write('main.js', readmeProgram());
  await project.write('index.html', PAGE('/main.js'));
  // What the README tells to run.
  const said = await project.footpath('copy-assets', 'public/footpath');
  expect(said).toContain(join(project.folder, 'public/footpath'));
}, 600_000);

afterAll(async () => {
  await chromium?.close();
  await site?.close();
  await project?.close();
});

/** The built page in `folder`, the copied files beside it unless it holds them itself. */
function shown(folder: string, more: Partial<SiteOptions> = {}): SiteOptions {
  const at = (path: string) => join(project.folder, path);
  const folders = {
    '/videos/': at('videos'),
    '/footpath/': at('public/footpath'),
    '/': at(folder),
  };
  return { folders, headers: SECURITY_HEADERS, ...more };
}

function expectPeople({ job, elements, width, errors, foreign }: Ended): void {
  expect(job.failure).toBeUndefined();
  expect(job.status).toBe('SUCCEEDED');
  expect(width).toBe(640);
  expect(elements).toBeGreaterThan(20);
  expect(errors).toEqual([]);
  expect(foreign).toEqual([]);
}

function requireTools(skip: (why: string) => void): Tools {
  if (typeof tools === 'string') skip(tools);
  return tools as Tools;
}

describe('finds the people of the sample, under the strictest policy, when built by', () => {
  test('Vite', async () => {
    await viteBuild({ root: project.folder, configFile: false, logLevel: 'error' });
    const at = (path: string) => join(project.folder, path);
    // The copied files come out of public/ by Vite's own doing.
    site.show(shown('dist', { folders: { '/videos/': at('videos'), '/': at('dist') } }));
    expectPeople(await runPage(browser, site.url));
  });

  test('webpack', async ({ skip }) => {
    const { default: webpack } = await requireTools(skip).load<{ default: Webpack }>('webpack');
    const output = { path: join(project.folder, 'webpack'), filename: 'main.js' };
    const stats = await new Promise<WebpackStats>((done, failed) =>
      webpack(
        { context: project.folder, mode: 'production', entry: './main.js', output },
        (error, result) => (result ? done(result) : failed(error)),
      ),
    );
    expect(stats.toJson({ errors: true, warnings: true })).toMatchObject({
      errors: [],
      warnings: [],
    });
    await copyFile(join(project.folder, 'index.html'), join(project.folder, 'webpack/index.html'));
    site.show(shown('webpack'));
    expectPeople(await runPage(browser, site.url));
  });

  test.for(['esm', 'iife'])('esbuild as %s', async (format, { skip }) => {
    const esbuild = await requireTools(skip).load<Esbuild>('esbuild');
    const outfile = join(project.folder, `esbuild-${format}/main.js`);
    const built = await esbuild.build({
      absWorkingDir: project.folder,
      entryPoints: ['main.js'],
      bundle: true,
      minify: true,
      format,
      outfile,
      logLevel: 'silent',
    });
    expect(built).toMatchObject({ errors: [], warnings: [] });
    await writeFile(join(project.folder, `esbuild-${format}/index.html`), PAGE('/main.js'));
    site.show(shown(`esbuild-${format}`));
    expectPeople(await runPage(browser, site.url));
  });

  test('nobody, as a plain page in a folder of an isolated site', async () => {
    const script = readmeProgram('./footpath/').replace(
      "'footpath'",
      "'../node_modules/footpath/dist/lib/index.js'",
    );
    await project.write('plain/main.js', script);
    await project.write('plain/index.html', PAGE('main.js'));
    const at = (path: string) => join(project.folder, path);
    site.show({
      folders: {
        '/videos/': at('videos'),
        '/some/node_modules/': at('node_modules'),
        '/some/where/footpath/': at('public/footpath'),
        '/some/where/': at('plain'),
      },
      headers: {
        ...SECURITY_HEADERS,
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
      },
    });
    expectPeople(await runPage(browser, `${site.url}some/where/`));
  });

  test('nobody, in a Web Worker, whose file addresses are relative to', async () => {
    const library = '/node_modules/footpath/dist/lib/index.js';
    const script = readmeProgram('./footpath/').replace("'footpath'", `'${library}'`);
    const answer = 'onmessage = async ({ data }) => postMessage(await run(data));';
    await project.write('thread/caller.js', script + answer);
    await project.write(
      'caller/main.js',
      `const caller = new Worker('/thread/caller.js', { type: 'module' });
globalThis.run = (file) =>
  new Promise((done, failed) => {
    caller.onmessage = ({ data }) => done(data);
    caller.onerror = ({ message }) => failed(new Error(message));
    caller.postMessage(file);
  });
`,
    );
    await project.write('caller/index.html', PAGE('/main.js'));
    const at = (path: string) => join(project.folder, path);
    const policy = SECURITY_HEADERS['Content-Security-Policy'];
    site.show({
      folders: {
        '/videos/': at('videos'),
        '/node_modules/': at('node_modules'),
        '/thread/footpath/': at('public/footpath'),
        '/thread/': at('thread'),
        '/': at('caller'),
      },
      // The page's own thread is started by a plain address.
      headers: { 'Content-Security-Policy': policy.replace(/; require-trusted.*/, '') },
    });
    expectPeople(await runPage(browser, site.url));
  });
});

describe('what is not there is named, with what helps', () => {
  const ENGINE = '/footpath/engine/';
  let page: SiteOptions;
  let engine: string[];

  beforeAll(async () => {
    const at = (path: string) => join(project.folder, path);
    const library = '/node_modules/footpath/dist/lib/index.js';
    await project.write('unbundled/main.js', readmeProgram().replace("'footpath'", `'${library}'`));
    await project.write('unbundled/index.html', PAGE('/main.js'));
    const list = await readFile(at('public/footpath/engine/files.json'), 'utf8');
    engine = (JSON.parse(list) as { files: string[] }).files;
    const folders = { '/node_modules/': at('node_modules'), ...shown('unbundled').folders };
    page = shown('unbundled', { folders });
  });

  async function expectFailure(kind: FailureKind, file: string, more: Partial<SiteOptions>) {
    site.show({ ...page, ...more });
    const { job } = await runPage(browser, site.url);
    expect(job.status).toBe('FAILED');
    expect(job.failure!.message).toContain(new URL(file, site.url).href);
    expect(job.failure!.kind).toBe(kind);
    return job.failure!.message;
  }

  async function expectMissing(kind: FailureKind, file: string, more: Partial<SiteOptions>) {
    const said = await expectFailure(kind, file, more);
    expect(said).toContain('npx footpath copy-assets');
    return said;
  }

  test.for([false, true])('nothing was copied; single page %s', async (singlePage) => {
    const missing = (path: string) => path.startsWith('/footpath/');
    const file = `${ENGINE}job.worker.js`;
    const said = await expectMissing('engine-missing', file, { missing, singlePage });
    expect(said).toContain(singlePage ? 'text/html' : 'HTTP 404');
  });

  test('any one file of the engine that a job loads', async () => {
    const asked = new Set<string>();
    const missing = (path: string) => {
      if (path.startsWith(ENGINE)) asked.add(path);
      return false;
    };
    site.show({ ...page, missing });
    expectPeople(await runPage(browser, site.url));
    expect(asked.size).toBeGreaterThan(3);
    for (const file of asked) {
      const isMissing = (path: string) => path === file;
      await expectMissing('engine-missing', file, { missing: isMissing, singlePage: true });
    }
  });

  test('the people finder', async () => {
    const file = '/footpath/models/nanodet-person/manifest.json';
    const missing = (path: string) => path === file;
    await expectMissing('model-missing', file, { missing, singlePage: true });
  });

  test('files of another release', async () => {
    const older = join(project.folder, 'older');
    await cp(join(project.folder, 'public/footpath'), older, { recursive: true });
    const worker = engine.find((name) => /^job\.worker-/.test(name))!;
    const text = await readFile(join(older, 'engine', worker), 'utf8');
    expect(text).toContain(version);
    await writeFile(join(older, 'engine', worker), text.replaceAll(version, '0.0.1-older'));
    const folders = { ...page.folders, '/footpath/': older };
    const said = await expectMissing('engine-missing', `${ENGINE}job.worker.js`, { folders });
    expect(said).toContain(`version 0.0.1-older, not ${version}`);
  });

  test('files of another site', async () => {
    const elsewhere = site.url.replace('127.0.0.1', 'localhost');
    const library = '/node_modules/footpath/dist/lib/index.js';
    const script = readmeProgram(`${elsewhere}footpath/`).replace("'footpath'", `'${library}'`);
    await project.write('elsewhere/main.js', script);
    await project.write('elsewhere/index.html', PAGE('/main.js'));
    const folders = { ...page.folders, '/': join(project.folder, 'elsewhere') };
    const said = await expectMissing(
      'engine-missing',
      `${elsewhere}footpath/engine/job.worker.js`,
      {
        folders,
      },
    );
    expect(said).toContain('another site');
  });

  test('a page whose policy refuses the thread says so', async () => {
    const policy = SECURITY_HEADERS['Content-Security-Policy'];
    const headers = {
      'Content-Security-Policy': policy.replace("worker-src 'self'", "worker-src 'none'"),
    };
    site.show({ ...page, headers });
    const { job } = await runPage(browser, site.url);
    expect(job.failure).toEqual({
      kind: 'engine-missing',
      message: expect.stringMatching(/policy refuses .*\/engine\/job\.worker\.js.*worker-src/),
    });
  });

  test('files whose policy lets no WebAssembly run say so', async () => {
    const policy = SECURITY_HEADERS['Content-Security-Policy'];
    const headers = { 'Content-Security-Policy': policy.replace(" 'wasm-unsafe-eval'", '') };
    site.show({ ...page, headers });
    const { job } = await runPage(browser, site.url);
    expect(job.failure).toEqual({
      kind: 'engine-missing',
      message: expect.stringMatching(/\/engine\/.*script-src must allow 'wasm-unsafe-eval'/),
    });
  });

  test('a page whose policy knows no trusted addresses of Footpath says so', async () => {
    const policy = SECURITY_HEADERS['Content-Security-Policy'];
    const headers = { 'Content-Security-Policy': policy.replace(' footpath', '') };
    site.show({ ...page, headers });
    const { job } = await runPage(browser, site.url);
    expect(job.failure).toEqual({
      kind: 'engine-missing',
      message: expect.stringMatching(
        /policy refuses .*\/engine\/job\.worker\.js: its trusted-types must name footpath/,
      ),
    });
  });

  test('a page that comes unencrypted from another machine says so', async () => {
    const host = 'shop.test';
    const own = await watchedChromium([
      `--host-resolver-rules=MAP ${host} 127.0.0.1`,
      `--proxy-bypass-list=${host}`,
    ]);
    try {
      site.show(page);
      const url = site.url.replace('127.0.0.1', host);
      const { origin } = new URL(url);
      await expect(runPage(own.browser, url)).rejects.toThrow(
        `This page came unencrypted from ${origin}`,
      );
    } finally {
      await own.close();
    }
  });

  test('the header that an isolated page asks of its threads', async () => {
    const isolating = {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    };
    const headers = (path: string) =>
      path.startsWith(ENGINE) ? SECURITY_HEADERS : { ...SECURITY_HEADERS, ...isolating };
    const file = `${ENGINE}job.worker.js`;
    const said = await expectFailure('engine-missing', file, { headers });
    expect(said).toContain('Cross-Origin-Embedder-Policy');
    // The files are there: copying them again would help nobody.
    expect(said).not.toContain('copy-assets');
  });
});

test('copying again leaves nothing of an older release, and nothing else alone', async () => {
  await project.write('site/engine/old-1234.js', '');
  await project.write('site/engine/own.js', 'mine');
  await project.write('site/engine/files.json', '{"files":["old-1234.js","../outside.js"]}');
  await project.write('site/outside.js', 'mine');
  await project.footpath('copy-assets', 'site');
  const left = await readdir(join(project.folder, 'site/engine'));
  expect(left).toContain('own.js');
  expect(left).not.toContain('old-1234.js');
  expect(await readFile(join(project.folder, 'site/outside.js'), 'utf8')).toBe('mine');
  for (const name of ['LICENSE', 'NOTICE', 'THIRD-PARTY-LICENSES.txt']) {
    expect((await readFile(join(project.folder, 'site', name), 'utf8')).length).toBeGreaterThan(99);
  }
});

test('every entry loads where there is no page, as servers do that render pages', async () => {
  const entries = ['', '/analytics', '/manifest', '/element', '/element/define', '/element/react'];
  await project.write(
    'load.mjs',
    `for (const entry of ${JSON.stringify(entries)}) console.log(Object.keys(await import('footpath' + entry)).join());
(await import('footpath/element')).defineFootpathElements();
console.log(typeof HTMLElement, typeof customElements, typeof document);`,
  );
  const said = await run(process.execPath, ['load.mjs'], project.folder);
  expect(said).toContain('createPersonTracking');
  expect(said).toContain('FootpathTracker');
  // What other packages tell a server by stays as it is.
  expect(said).toContain('undefined undefined undefined');
});

test.for(['track', 'serve'])('%s says what it lacks where playwright-core is not', async (name) => {
  await expect(project.footpath(name, 'video.mp4')).rejects.toThrow(
    /npm install playwright-core.*npx -p footpath -p playwright-core/,
  );
});

type WebpackStats = { toJson(what: object): object };
type Webpack = (
  options: object,
  done: (error: Error | null, stats?: WebpackStats) => void,
) => unknown;
interface Esbuild {
  build(options: object): Promise<object>;
}
