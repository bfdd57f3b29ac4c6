/** Browsers that lack something, made by Chromium's flags: each job ends in an answer, or in words that say what is missing. */
import { afterEach, expect, test } from 'vitest';
import type { createPersonTracking } from '../../src/client/person-tracking.ts';
import { OpenApp, shortSample } from './open-app.ts';

let app: OpenApp | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

/** What comes of the sample's first seconds in a browser with such flags. */
async function runSample(flags: readonly string[], settings: object = {}) {
  app = await OpenApp.start(flags);
  app.replaced.set('/short.mp4', await shortSample());
  const context = await app.profile({ serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.goto(`${app.url}headless.html`);
  return page.evaluate(async (changes) => {
    const { createPersonTracking: create } = globalThis as unknown as {
      createPersonTracking: typeof createPersonTracking;
    };
    const tracking = create({ quality: 'fast', sampleRate: 1, workers: 1, ...changes });
    const Body = new URL('short.mp4', location.href);
    await tracking.putObject({ Bucket: 'videos', Key: 'sample.mp4', Body });
    const Video = { S3Object: { Bucket: 'videos', Name: 'sample.mp4' } };
    const { JobId } = await tracking.startPersonTracking({ Video });
    const { status, failure, report } = await tracking.waitForJob(JobId);
    const { Persons } = await tracking.getPersonTracking({ JobId });
    await tracking.close();
    return { status, failure, detector: report?.detector, elements: Persons.length };
  }, settings);
}

test('without vector instructions the network runs in single precision, and the report says why', async () => {
  const { status, detector, elements } = await runSample(['--js-flags=--no-enable-sse4-1']);
  expect(status).toBe('SUCCEEDED');
  expect(detector).toMatchObject({ backend: 'wasm' });
  expect(detector!.notes).toContain('int8: this browser has no SIMD');
  expect(elements).toBeGreaterThan(0);
}, 240_000);

test('without WebAssembly a job says so', async () => {
  const { status, failure } = await runSample(['--js-flags=--jitless']);
  expect(status).toBe('FAILED');
  expect(failure).toEqual({
    kind: 'backend-unavailable',
    message: expect.stringContaining(
      'this browser runs no WebAssembly, which its security settings may forbid',
    ),
  });
}, 240_000);

test.each([
  // Pages of 64 KiB that each thread gets: the network's weights alone take more.
  ['int8', 50],
  ['wasm', 300],
] as const)(
  'where memory is short for %s, at %d pages, a job says so',
  async (backend, pages) => {
    const flags = [`--js-flags=--wasm-max-mem-pages=${pages}`];
    const { status, failure } = await runSample(flags, { backend });
    expect(status).toBe('FAILED');
    expect(failure).toEqual({
      kind: 'worker-crashed',
      message: expect.stringMatching(/^There is not enough memory .* Close other tabs/),
    });
  },
  240_000,
);
