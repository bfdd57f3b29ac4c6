import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

const root = import.meta.dirname;
const realSample = resolve(root, 'public/samples/real/sample.json');
const pages = ['index.html', 'headless.html'].filter((page) => existsSync(resolve(root, page)));

/** The installable app. Addresses are relative, so that any folder of any site can hold it. */
export default defineConfig({
  root,
  base: './',
  define: {
    // Set-up fetches the real scene where it can; a page must not ask for what is not there.
    __REAL_SAMPLE__: existsSync(realSample) ? readFileSync(realSample, 'utf8') : 'null',
  },
  build: {
    outDir: 'dist/app',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    // Small pictures would become data: addresses, which the content security policy keeps out of scripts.
    assetsInlineLimit: 0,
    rolldownOptions: { input: pages.map((page) => resolve(root, page)) },
  },
  worker: {
    format: 'es',
    // The threads and their libraries lie apart: the service worker keeps them when first used, not at installation.
    rolldownOptions: {
      output: {
        entryFileNames: 'engine/[name]-[hash].js',
        chunkFileNames: 'engine/[name]-[hash].js',
        assetFileNames: 'engine/[name]-[hash][extname]',
      },
    },
  },
  plugins: [
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'workers',
      filename: 'service-worker.ts',
      injectRegister: false,
      injectManifest: {
        globPatterns: ['index.html', 'boot.js', 'assets/**/*.{js,css}', 'icons/*'],
        globIgnores: ['assets/headless-*'],
        rollupFormat: 'iife',
      },
      includeManifestIcons: false,
      manifest: {
        id: './',
        name: 'Footpath',
        short_name: 'Footpath',
        description: 'Follows every person through a video, on your own device.',
        start_url: './',
        scope: './',
        display: 'standalone',
        background_color: '#f6f8f4',
        theme_color: '#17694c',
        categories: ['business', 'productivity', 'utilities'],
        icons: [
          { src: 'icons/footpath-192.png', sizes: '192x192', type: 'image/png' },
          { src: 'icons/footpath-512.png', sizes: '512x512', type: 'image/png' },
          {
            src: 'icons/footpath-maskable-512.png',
            sizes: '512x512',
            type: 'image/png',
            purpose: 'maskable',
          },
          { src: 'icons/footpath.svg', sizes: 'any', type: 'image/svg+xml' },
        ],
      },
    }),
  ],
});
