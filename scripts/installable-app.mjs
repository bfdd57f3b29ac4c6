/**
 * A Vite plugin that makes the app installable: every page names the web app manifest, and once all else is written the
 * service worker is bundled with the list of what it stores at installation, as workbox-precaching wants it.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';

const MANIFEST = 'manifest.webmanifest';
/** Vite puts a hash of the content into the names of these: they need no checksum. */
const HASHED = /^assets\//;

/**
 * @param {object} options
 * @param {object} options.manifest what the operating system is told
 * @param {string} options.serviceWorker its source; its file lies beside the pages, under the same name
 * @param {(url: string) => boolean} options.isStored says of a built file, by its address, whether installation stores it
 * @param {() => import('vite').Plugin[]} options.plugins for the service worker's own bundle
 * @returns {import('vite').Plugin}
 */
export function installableApp({ manifest, serviceWorker, isStored, plugins }) {
  let root = '';
  let outDir = '';
  return {
    name: 'installable-app',
    apply: 'build',
    configResolved(config) {
      root = config.root;
      outDir = resolve(root, config.build.outDir);
    },
    transformIndexHtml: () => [
      { tag: 'link', attrs: { rel: 'manifest', href: `./${MANIFEST}` }, injectTo: 'head' },
    ],
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: MANIFEST, source: JSON.stringify(manifest) });
    },
    closeBundle: {
      // The public folder is copied, and every other plugin has written its files.
      order: 'post',
      sequential: true,
      async handler() {
        const stored = readdirSync(outDir, { recursive: true, encoding: 'utf8' })
          .map((path) => path.replaceAll('\\', '/'))
          .filter((url) => url === MANIFEST || isStored(url))
          .sort();
        await build({
          root,
          configFile: false,
          publicDir: false,
          logLevel: 'warn',
          define: { 'self.__WB_MANIFEST': JSON.stringify(stored.map((url) => entry(outDir, url))) },
          plugins: plugins(),
          build: {
            outDir,
            emptyOutDir: false,
            target: 'es2022',
            rolldownOptions: {
              input: resolve(root, serviceWorker),
              output: { format: 'iife', entryFileNames: '[name].js' },
            },
          },
        });
      },
    },
  };
}

/** @param {string} folder @param {string} url @returns {{ url: string, revision: string | null }} */
function entry(folder, url) {
  if (HASHED.test(url)) return { url, revision: null };
  const revision = createHash('md5')
    .update(readFileSync(join(folder, url)))
    .digest('hex');
  return { url, revision };
}
