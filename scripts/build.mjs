/**
 * Builds what is stale: the app (dist/app), the library (dist/lib), the command line (dist/cli), the benches
 * (dist/bench) and their pages (dist/bench-page). A target is stale when a source is newer than its last build.
 *
 *   node scripts/build.mjs [app] [lib] [cli] [bench] [bench-page]     all but the benches when none is named
 */
import { readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { copyTypes } from './copy-types.mjs';
import { collectLicences } from './third-party.mjs';

const root = resolve(import.meta.dirname, '..');
const SOURCES = [
  'LICENSE',
  'NOTICE',
  'src',
  'workers',
  'cli',
  'public',
  'scripts',
  'test/bench',
  'test/browser/bench',
  'index.html',
  'headless.html',
  'embed.html',
  'examples',
  'vite.config.ts',
  'package.json',
  'package-lock.json',
];

/** @param {string} path @returns {number} */
function newest(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/**
 * Node programs: our code bundled, packages left to node_modules.
 * @param {Record<string, string>} entries
 * @param {string} outDir
 * @param {string[]} [bundled] packages that go into the bundle all the same
 */
async function buildNode(entries, outDir, bundled = []) {
  const { build } = await import('vite');
  const licences = collectLicences();
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    plugins: [licences.plugin()],
    ssr: { noExternal: [/^\./, ...bundled], external: true },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: 'node20',
      minify: false,
      sourcemap: true,
      rollupOptions: {
        input: entries,
        external: [...builtinModules, /^node:/],
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js', format: 'es' },
      },
    },
  });
  licences.write(outDir);
}

/**
 * What is imported later is imported, and no more: Vite's helper loads style sheets first, of which there are none, by addresses
 * that other bundlers warn of.
 * @type {import('vite').Plugin}
 */
const plainImports = {
  name: 'plain-imports',
  enforce: 'pre',
  load: (id) =>
    id.includes('vite/preload-helper')
      ? 'export const __vitePreload = (load) => load();'
      : undefined,
};

/** @type {Record<string, () => Promise<void>>} */
const TARGETS = {
  async app() {
    const { build } = await import('vite');
    await build({ root, logLevel: 'warn' });
    // What sites without a build put into their pages: a script of its own, no module, by a name that stays.
    await build({
      root,
      configFile: false,
      publicDir: false,
      logLevel: 'warn',
      build: {
        outDir: join(root, 'dist/app'),
        emptyOutDir: false,
        target: 'es2022',
        rolldownOptions: {
          input: { embed: join(root, 'src/embed/loader.ts') },
          output: { entryFileNames: '[name].js', format: 'iife' },
        },
      },
    });
  },
  async lib() {
    const { build } = await import('vite');
    const licences = collectLicences();
    const folder = join(root, 'dist/lib');
    const entries = {
      index: join(root, 'src/index.ts'),
      analytics: join(root, 'src/analytics.ts'),
      element: join(root, 'src/element.ts'),
      'element-define': join(root, 'src/element-define.ts'),
      manifest: join(root, 'src/manifest.ts'),
    };
    await build({
      root,
      configFile: false,
      base: './',
      publicDir: false,
      logLevel: 'warn',
      define: { 'process.env.NODE_ENV': '"production"' },
      resolve: {
        // Lit's files for Node, which work in pages as well: servers that render pages load what these import.
        conditions: ['module', 'node', 'development|production'],
        alias: {
          '@lit-labs/ssr-dom-shim': join(root, 'src/element/without-page.ts'),
          // The threads lie among the app's files: whatever bundles the library takes no part in them.
          './start-job-worker.ts': join(root, 'src/client/start-copied-worker.ts'),
        },
      },
      plugins: [plainImports, licences.plugin()],
      build: {
        outDir: folder,
        emptyOutDir: true,
        target: 'es2022',
        sourcemap: true,
        modulePreload: false,
        rolldownOptions: {
          input: entries,
          preserveEntrySignatures: 'exports-only',
          output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
        },
      },
    });
    licences.write(folder);
    copyTypes(Object.values(entries), join(folder, 'types'));
    // What reads the elements takes half a second to load, and only this needs it.
    const { writeCustomElements } = await import('./custom-elements.mjs');
    writeCustomElements(join(folder, 'custom-elements.json'));
  },
  async cli() {
    // What serves HTTP comes along: whoever uses the library in a page does not install it.
    const bundled = ['hono', '@hono/node-server'];
    await buildNode({ main: join(root, 'cli/main.ts') }, join(root, 'dist/cli'), bundled);
  },
  async bench() {
    const folder = join(root, 'test/bench');
    const entries = readdirSync(folder)
      .filter((name) => name.endsWith('.bench.ts'))
      .map((name) => [name.slice(0, -'.bench.ts'.length), join(folder, name)]);
    await buildNode(Object.fromEntries(entries), join(root, 'dist/bench'));
  },
  async 'bench-page'() {
    const { build } = await import('vite');
    const folder = join(root, 'test/browser/bench');
    const pages = readdirSync(folder).filter((name) => name.endsWith('.html'));
    await build({
      root: folder,
      base: './',
      configFile: false,
      publicDir: false,
      logLevel: 'warn',
      worker: { format: 'es' },
      build: {
        outDir: join(root, 'dist/bench-page'),
        emptyOutDir: true,
        target: 'es2022',
        modulePreload: { polyfill: false },
        assetsInlineLimit: 0,
        chunkSizeWarningLimit: 4096,
        rolldownOptions: { input: pages.map((page) => join(folder, page)) },
      },
    });
  },
};

/** @param {string} name of a target @returns {string} the file whose time is that of its last build */
const stampOf = (name) => join(root, 'dist', `.built-${name}`);

/**
 * Those of the named targets that were built before a source changed, or never.
 * @param {string[]} names
 * @returns {string[]}
 */
export function staleTargets(names) {
  const sources = Math.max(...SOURCES.map((path) => newest(join(root, path))));
  return names.filter((name) => newest(stampOf(name)) < sources);
}

/**
 * Builds the named targets that are stale. Whoever else of this checkout builds is waited for, and what it built is taken.
 * @param {string[]} names
 * @param {(text: string) => void} log
 */
export async function ensureBuilt(names, log) {
  for (const name of names) {
    if (!TARGETS[name])
      throw new Error(`unknown target ${name}; known: ${Object.keys(TARGETS).join(', ')}`);
  }
  if (staleTargets(names).length === 0) return;
  const { oneAtATime } = await import('./one-at-a-time.mjs');
  await oneAtATime(join(root, 'dist/.building'), () => buildStale(names, log));
}

/** @param {string[]} names @param {(text: string) => void} log */
async function buildStale(names, log) {
  for (const name of staleTargets(names)) {
    const target = /** @type {() => Promise<void>} */ (TARGETS[name]);
    const stamp = stampOf(name);
    const started = new Date();
    log(`building ${name} …`);
    // Vite builds for the NODE_ENV it finds, and a test runner sets its own.
    const { NODE_ENV } = process.env;
    process.env.NODE_ENV = 'production';
    await target().finally(() => {
      if (NODE_ENV === undefined) delete process.env.NODE_ENV;
      else process.env.NODE_ENV = NODE_ENV;
    });
    writeFileSync(stamp, '');
    // A source changed while it was being built makes the build stale again.
    utimesSync(stamp, started, started);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const named = process.argv.slice(2);
  await ensureBuilt(named.length > 0 ? named : ['app', 'lib', 'cli'], (text) => console.log(text));
}
