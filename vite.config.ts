import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import packageJson from './package.json' with { type: 'json' };
import { offlineFiles } from './scripts/offline-files.mjs';
import { collectLicences } from './scripts/third-party.mjs';
import { webAppManifest } from './scripts/web-app-manifest.mjs';
import { writtenModules } from './scripts/written-modules.mjs';

const root = import.meta.dirname;
const reidentification = resolve(root, 'public/models/person-reidentification/manifest.json');
const realSample = resolve(root, 'public/samples/real/sample.json');
const pages = [
  ...['index.html', 'headless.html', 'embed.html'],
  ...readdirSync(resolve(root, 'examples'))
    .filter((name) => name.endsWith('.html'))
    .map((name) => `examples/${name}`),
];

const licences = collectLicences();

/**
 * Makes the engine's folder of use to pages that others build: names the job worker without its hash, and lists the
 * files, so that `footpath copy-assets` knows its own and a page can tell which is missing.
 */
const engineFolder: Plugin = {
  name: 'engine-folder',
  generateBundle: {
    order: 'post',
    handler(_, bundle) {
      const prefix = 'engine/';
      const names = Object.keys(bundle)
        .filter((name) => name.startsWith(prefix) && !name.endsWith('.map'))
        .map((name) => name.slice(prefix.length));
      const worker = names.find((name) => /^job\.worker-.*\.js$/.test(name));
      if (worker === undefined) throw new Error('the build has no job worker');
      const entry = 'job.worker.js';
      const files = { version: packageJson.version, files: [entry, ...names].sort() };
      const emit = (name: string, source: string) =>
        this.emitFile({ type: 'asset', fileName: prefix + name, source });
      emit(entry, `import './${worker}';\n`);
      emit('files.json', `${JSON.stringify(files, null, 2)}\n`);
    },
  },
};

/** Of a file that was built, as `integrity` of a request has it. */
function checksum(url: string): string {
  const content = readFileSync(resolve(root, 'dist/app', url));
  return `sha256-${createHash('sha256').update(content).digest('base64')}`;
}

/** The installable app. Addresses are relative, so that any folder of any site can hold it. */
export default defineConfig({
  root,
  base: './',
  define: {
    // Set-up fetches the real scene where it can; a page must not ask for what is not there.
    __REIDENTIFICATION__: existsSync(reidentification),
    __REAL_SAMPLE__: existsSync(realSample) ? readFileSync(realSample, 'utf8') : 'null',
  },
  resolve: {
    // Examples are written as a page would.
    alias: { 'footpath/element/define': resolve(root, 'src/element-define.ts') },
  },
  build: {
    outDir: 'dist/app',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    // Small pictures would become data: addresses, which the content security policy keeps out of scripts.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: pages.map((page) => resolve(root, page)),
      checks: { bundlerTimings: false },
    },
  },
  worker: {
    format: 'es',
    plugins: () => [licences.plugin(), writtenModules()],
    // The threads and their libraries lie apart: the service worker keeps them when first used, not at installation.
    rolldownOptions: {
      checks: { bundlerTimings: false },
      output: {
        entryFileNames: 'engine/[name]-[hash].js',
        chunkFileNames: 'engine/[name]-[hash].js',
        assetFileNames: 'engine/[name]-[hash][extname]',
      },
    },
  },
  plugins: [
    engineFolder,
    licences.plugin(),
    offlineFiles(),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'workers',
      filename: 'service-worker.ts',
      injectRegister: false,
      injectManifest: {
        globPatterns: ['index.html', 'boot.js', 'offline.json', 'assets/**/*.{js,css}', 'icons/*'],
        globIgnores: ['assets/headless-*', 'assets/embed-*', 'assets/example*', 'assets/looks*'],
        // A server that is being given another release mixes the two. Pages may be added to, and are checked otherwise.
        manifestTransforms: [
          async (entries) => ({
            manifest: entries.map((entry) =>
              entry.url.endsWith('.html') ? entry : { ...entry, integrity: checksum(entry.url) },
            ),
          }),
        ],
        rollupFormat: 'iife',
        buildPlugins: { vite: [licences.plugin()] },
      },
      includeManifestIcons: false,
      manifest: webAppManifest,
    }),
    {
      name: 'write-licences',
      // After the service worker, which is bundled last.
      closeBundle: {
        order: 'post',
        sequential: true,
        handler: () => licences.write(resolve(root, 'dist/app')),
      },
    },
  ],
});
