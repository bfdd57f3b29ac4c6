/** Detections in 8-bit integers are the same to the bit, whatever the processor can do and however code is translated. */
import type { Browser } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { hashSampleDetections } from '../fixtures/sample-detections.ts';
import { launchChromium, WAIT_MS } from '../fixtures/shared-chromium.ts';

/** Of the sample as it is and the model as it is prepared: any change of a bit anywhere between them shows. */
const HASH = '61ae49bf2aa3b9864adf81615097c612a82d9985a2b9a50faad7d546b90690f9';

let server: ViteDevServer;
beforeAll(async () => {
  server = await createServer({
    root: inject('root'),
    configFile: false,
    logLevel: 'error',
    cacheDir: 'node_modules/.vite-equal',
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
    optimizeDeps: { noDiscovery: true, include: ['mediabunny'] },
  });
  await server.listen();
}, 180_000);
afterAll(() => server?.close());

/** The hash as a Chromium with such flags finds it. */
async function findHash(flags: readonly string[], threads: number) {
  let browser: Browser | undefined;
  try {
    browser = await launchChromium(flags);
    const page = await browser.newPage();
    page.setDefaultTimeout(WAIT_MS);
    const origin = server.resolvedUrls!.local[0]!;
    await page.route(`${origin}blank`, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>blank</title>' }),
    );
    await page.goto(`${origin}blank`);
    await page.addScriptTag({ type: 'module', url: '/test/fixtures/sample-detections.ts' });
    await page.waitForFunction(() => 'hashSampleDetections' in globalThis);
    return await page.evaluate(
      (count) =>
        (
          globalThis as unknown as { hashSampleDetections: typeof hashSampleDetections }
        ).hashSampleDetections(count),
      threads,
    );
  } finally {
    await browser?.close();
  }
}

test.each([
  ['as it is', [], 2],
  ['without the instruction for dot products', ['--js-flags=--no-enable-avx-vnni'], 1],
  ['without wide instructions', ['--js-flags=--no-enable-avx'], 1],
  ['by the quick translation alone', ['--js-flags=--liftoff-only'], 2],
] as const)('a browser %s finds the same to the bit', async (_, flags, threads) => {
  const { hash, people, backend } = await findHash(flags, threads);
  expect(backend).toBe('int8');
  expect(people).toBeGreaterThan(50);
  expect(hash).toBe(HASH);
});
