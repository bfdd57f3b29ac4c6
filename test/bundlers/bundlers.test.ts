/**
 * The README's lines in fresh apps of every bundler that docs/bundlers.md names, built and in development, each with
 * its own program and its own newest release of the version named. Downloads them: `npm run test:bundlers`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { chromiumSettings } from '../../cli/chromium.mjs';
import { PAGE, readmeProgram, runPage } from '../fixtures/bundled-page.ts';
import { PackedProject, run } from '../fixtures/packed-project.ts';
import { startSite } from '../fixtures/site.ts';

const root = inject('root');

/** A way to build a page. */
interface Bundler {
  /** Packages, with their versions. */
  readonly packages: readonly string[];
  /** Files of the app, beside main.js and index.html. */
  readonly files?: Readonly<Record<string, string>>;
  /** The folder that its server shows as it is. */
  readonly shown: string;
  /** Builds, then the folder of the result, or what serves it. */
  readonly build: {
    readonly args: readonly string[];
    readonly out?: string;
    readonly start?: Args;
  };
  /** Serves while one develops. */
  readonly dev?: Args;
}
type Args = (port: number) => readonly string[];

const vite = (version: number): Bundler => ({
  packages: [`vite@${version}`],
  shown: 'public',
  build: { args: ['vite', 'build'], out: 'dist' },
  dev: (port) => ['vite', '--port', `${port}`, '--strictPort', '--host', '127.0.0.1'],
});

const BUNDLERS: Record<string, Bundler> = {
  'Vite 8': vite(8),
  'Vite 7': vite(7),
  'Vite 5': vite(5),
  'webpack 5': {
    packages: ['webpack@5', 'webpack-cli@6', 'webpack-dev-server@5'],
    shown: 'public',
    files: {
      'webpack.config.js': `export default { entry: './main.js', output: { filename: 'main.js' }, devServer: { hot: false, liveReload: false, client: false } };\n`,
      'public/index.html': PAGE('/main.js'),
    },
    build: { args: ['webpack', '--mode', 'production'], out: 'dist' },
    dev: (port) => [
      'webpack',
      'serve',
      '--mode',
      'development',
      '--port',
      `${port}`,
      '--host',
      '127.0.0.1',
    ],
  },
  'esbuild 0.28': {
    packages: ['esbuild@0.28'],
    shown: 'www',
    files: { 'www/index.html': PAGE('/main.js') },
    build: { args: ['esbuild', 'main.js', '--bundle', '--minify', '--outdir=www'], out: 'www' },
    dev: (port) => [
      'esbuild',
      'main.js',
      '--bundle',
      '--outdir=www',
      '--servedir=www',
      `--serve=127.0.0.1:${port}`,
    ],
  },
  'Rollup 4': {
    packages: ['rollup@4', '@rollup/plugin-node-resolve@16'],
    shown: 'dist',
    files: { 'dist/index.html': PAGE('/main.js') },
    build: {
      args: ['rollup', 'main.js', '-d', 'dist', '-f', 'es', '-p', 'node-resolve'],
      out: 'dist',
    },
  },
  'Next 16': {
    packages: ['next@16', 'react@19', 'react-dom@19'],
    shown: 'public',
    files: {
      'app/layout.js': `export default ({ children }) => <html lang="en"><body>{children}</body></html>;\n`,
      'app/page.js': `import Track from './track.js';\nexport default () => <Track />;\n`,
      'app/track.js': `'use client';\nimport 'footpath/element/define';\nimport '../main.js';\nexport default () => <p>ready</p>;\n`,
    },
    build: {
      args: ['next', 'build'],
      start: (port) => ['next', 'start', '-p', `${port}`, '-H', '127.0.0.1'],
    },
    dev: (port) => ['next', 'dev', '-p', `${port}`, '-H', '127.0.0.1'],
  },
  'Parcel 2': {
    packages: ['parcel@2'],
    shown: 'dist',
    build: { args: ['parcel', 'build', 'index.html', '--no-cache'], out: 'dist' },
    dev: (port) => [
      'parcel',
      'index.html',
      '--port',
      `${port}`,
      '--dist-dir',
      'dist',
      '--no-cache',
      '--no-hmr',
    ],
  },
};

let browser: Browser;
let project: PackedProject | undefined;
const children: ChildProcess[] = [];

beforeAll(async () => {
  browser = await chromium.launch(chromiumSettings());
});

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null) continue;
    const ended = once(child, 'exit');
    process.kill(-child.pid!, 'SIGKILL');
    await ended;
  }
  await project?.close();
  project = undefined;
});

afterAll(() => browser?.close());

const cases = Object.entries(BUNDLERS).flatMap(([name, bundler]) => [
  { name, bundler, mode: 'built' },
  ...(bundler.dev ? [{ name, bundler, mode: 'in development' }] : []),
]);

test.for(cases)('$name, $mode', async ({ bundler, mode }) => {
  const fresh = await PackedProject.create();
  project = fresh;
  const install = ['install', '--no-audit', '--no-fund', '--prefer-offline', ...bundler.packages];
  await run('npm', install, fresh.folder, { NODE_ENV: 'development' });
  await fresh.write('main.js', readmeProgram());
  await fresh.write('index.html', PAGE('/main.js'));
  for (const [file, text] of Object.entries(bundler.files ?? {})) await fresh.write(file, text);
  const addFiles = async () => {
    await fresh.footpath('copy-assets', `${bundler.shown}/footpath`);
    const videos = join(fresh.folder, bundler.shown, 'videos');
    await mkdir(videos, { recursive: true });
    const sample = 'footpath-sample.mp4';
    await copyFile(join(root, 'public/samples', sample), join(videos, sample));
  };
  await addFiles();
  const { build, dev } = bundler;
  let url: string;
  if (mode === 'built') {
    const said = await runTool(fresh, build.args);
    expect(said).not.toMatch(/\b(warn(ing)?|error)\b/i);
    // Where the page lies in public/ of webpack's own server, and what a build empties.
    if (bundler.shown !== 'dist' && build.out === 'dist' && bundler.files) {
      await run('cp', ['-r', 'public/.', 'dist'], fresh.folder);
    }
    if (bundler.shown === 'dist') await addFiles();
    url = build.start
      ? await serve(fresh, build.start)
      : (await startSite({ folders: { '/': join(fresh.folder, build.out!) } })).url;
  } else url = await serve(fresh, dev!);
  const ended = await runPage(browser, url);
  expect(ended.job.failure).toBeUndefined();
  expect(ended.job.status).toBe('SUCCEEDED');
  expect(ended.elements).toBeGreaterThan(20);
  expect(ended.errors).toEqual([]);
});

function tool({ folder }: PackedProject, name: string): string {
  return join(folder, 'node_modules/.bin', name);
}

async function runTool(fresh: PackedProject, [name, ...args]: readonly string[]): Promise<string> {
  return run(tool(fresh, name!), args, fresh.folder, { NODE_ENV: 'production' });
}

/** Starts a server and waits until it answers. */
async function serve(fresh: PackedProject, args: Args): Promise<string> {
  const port = await freePort();
  const [name, ...rest] = args(port);
  const env = { ...process.env, NODE_ENV: undefined, NEXT_TELEMETRY_DISABLED: '1' };
  const child = spawn(tool(fresh, name!), rest, {
    cwd: fresh.folder,
    env: env as unknown as NodeJS.ProcessEnv,
    detached: true,
    // esbuild serves as long as somebody could type.
    stdio: 'pipe',
  });
  children.push(child);
  let said = '';
  child.stdout.on('data', (text) => (said += text));
  child.stderr.on('data', (text) => (said += text));
  const url = `http://127.0.0.1:${port}/`;
  for (let attempt = 0; attempt < 600; attempt++) {
    if (child.exitCode !== null) throw new Error(`${name} ended: ${said}`);
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return url;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error(`${name} does not answer at ${url}: ${said}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
