import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { chromiumSettings } from './cli/chromium.mjs';
import { foreignRequests, limitStorage, probeFrames } from './test/fixtures/browser-commands.ts';
import { bundledThreads } from './test/fixtures/bundled-threads.ts';

const root = import.meta.dirname;
/** Optional real videos, detections and ground truth; tests that need them skip without. */
const shared = resolve(root, process.env.FOOTPATH_SHARED ?? '../shared');
/** Damaged videos of each kind and container: more in `npm run fuzz:media`. */
const fuzz = Math.max(1, Math.floor(Number(process.env.FOOTPATH_FUZZ)) || 1);
const provide = { shared: existsSync(shared) ? shared : '', root, fuzz };

const reidentification = resolve(root, 'public/models/person-reidentification/manifest.json');

export default defineConfig({
  define: { __REIDENTIFICATION__: existsSync(reidentification), __REAL_SAMPLE__: null },
  server: { fs: { allow: [root, shared] } },
  test: {
    provide,
    // What is waited for comes in milliseconds; a busy machine may take many seconds.
    expect: { poll: { timeout: 60_000 } },
    // Measured by `npm run test:coverage` alone, over the unit run: it would slow every other.
    coverage: {
      provider: 'v8',
      include: ['src/{engine,store,client}/**/*.ts'],
      reporter: ['text'],
      thresholds: {
        'src/engine/**': { lines: 90 },
        'src/store/**': { lines: 90 },
        'src/client/**': { lines: 90 },
      },
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          environment: 'node',
          provide,
          // Eighty files of a tenth of a second each: a thread a core runs them all, one after the other. What a file
          // puts in place of a global or a module it takes away again.
          pool: 'threads',
          isolate: false,
          maxWorkers: availableParallelism(),
          sequence: { groupOrder: 0 },
          unstubGlobals: true,
          unstubEnvs: true,
          // Property tests take seconds on a busy machine; nothing here measures time.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        plugins: [bundledThreads(root, ['workers/job.worker.ts', 'workers/detector.worker.ts'])],
        optimizeDeps: {
          include: [
            '@tensorflow/tfjs-core',
            '@tensorflow/tfjs-converter',
            '@tensorflow/tfjs-backend-cpu',
            '@tensorflow/tfjs-backend-webgl',
            '@tensorflow/tfjs-backend-wasm',
            '@tensorflow/tfjs-backend-webgpu',
            '@tensorflow-models/coco-ssd',
            'onnxruntime-web/wasm',
            'comlink',
            'idb',
            'mediabunny',
            'lit',
            'lit/directives/guard.js',
            'lit/directives/live.js',
            'lit/directives/repeat.js',
            'uplot',
            'workbox-window',
            'axe-core',
            'fast-check',
            'hash-wasm',
            '@aws-sdk/client-rekognition',
            'aws-sdk-rekognition-3600',
          ],
        },
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          setupFiles: ['test/browser/setup.ts'],
          provide,
          testTimeout: 120_000,
          // Beside the app's, whose group must have the same number here; its own files follow one another all the same.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          browser: {
            enabled: true,
            // By number: `localhost` is a name that not every system knows.
            api: { host: '127.0.0.1' },
            headless: true,
            fileParallelism: false,
            screenshotFailures: false,
            commands: { foreignRequests, limitStorage, probeFrames },
            provider: playwright({
              // The texts that tests look for are English, whatever language the machine's user reads.
              contextOptions: { locale: 'en-US' },
              launchOptions: chromiumSettings(),
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      {
        extends: true,
        test: {
          name: 'app',
          globalSetup: ['test/fixtures/run-folder.ts'],
          include: ['test/app/**/*.test.ts', 'test/conformance/**/*.test.ts'],
          environment: 'node',
          provide,
          testTimeout: 400_000,
          hookTimeout: 60_000,
          // Files of a process follow one another, with one browser and what they import in common.
          isolate: false,
          // Each waits for its browser for more than half of its time.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
