/** The endpoint that the installed app's service worker answers, for the AWS SDK in a page of its origin. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { serveStatic } from '../../cli/serve-static.mjs';
import { ensureBuilt } from '../../scripts/build.mjs';
import type { Sent, sendToEndpoint } from '../fixtures/sdk-page.ts';
import { sharedChromium, WAIT_MS, type WatchedChromium } from '../fixtures/shared-chromium.ts';

const root = inject('root');
let folder: string;
let server: Awaited<ReturnType<typeof serveStatic>>;
let chromium: WatchedChromium;
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  await ensureBuilt(['app'], console.info);
  folder = await mkdtemp(join(tmpdir(), 'footpath-sdk-'));
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    build: {
      outDir: folder,
      lib: {
        entry: join(root, 'test/fixtures/sdk-page.ts'),
        formats: ['es'],
        fileName: () => 'sdk.js',
      },
    },
  });
  // Only what the test adds lies outside of the app's folder.
  const extra = (path: string) =>
    path.startsWith('/sdk/') ? join(folder, path.slice(5)) : undefined;
  server = await serveStatic(join(root, 'dist/app'), { extra });
  chromium = await sharedChromium();
  ({ browser } = chromium);
}, 180_000);
afterAll(async () => {
  await chromium?.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await context?.close();
  context = await browser.newContext();
  context.setDefaultTimeout(WAIT_MS);
});

async function openApp(): Promise<Page> {
  const page = await context.newPage();
  await page.goto(server.url);
  await page.locator('footpath-app').waitFor();
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (navigator.serviceWorker.controller) return;
    await new Promise((done) =>
      navigator.serviceWorker.addEventListener('controllerchange', done, { once: true }),
    );
  });
  return page;
}

/** Calls the endpoint with the real SDK, in the page, whose policy lets nobody write a script's element. */
async function send(page: Page, command: string, input: object): Promise<Sent> {
  // In words: Vite would turn an import written here into one of the test's own.
  await page.evaluate("import('/sdk/sdk.js').then(() => {})");
  return page.evaluate(
    ([name, members]) =>
      (globalThis as unknown as { sendToEndpoint: typeof sendToEndpoint }).sendToEndpoint(
        name,
        members,
      ),
    [command, input] as const,
  );
}

test('a page of the app answers, whichever page asks', async () => {
  await openApp();
  const page = await openApp();
  expect(await send(page, 'getPersonTracking', { JobId: 'unknown' })).toEqual({
    thrown: 'ResourceNotFoundException',
    message: 'The JobId: unknown does not exist, or its results have expired.',
    status: 400,
    isClass: true,
  });
  const Video = { S3Object: { Bucket: 'shop', Name: 'none.mp4' } };
  expect(await send(page, 'startPersonTracking', { Video })).toMatchObject({
    thrown: 'InvalidS3ObjectException',
    isClass: true,
  });
  expect(await send(page, 'listCollections', {})).toMatchObject({
    thrown: 'UnknownOperationException',
  });
});

test('a job started there is the app’s own', async () => {
  const page = await openApp();
  await page.evaluate(async () => {
    const app = document.querySelector('footpath-app') as unknown as {
      tracking: { putObject(request: object): Promise<unknown> };
    };
    const Body = new Blob(['not a video at all']);
    await app.tracking.putObject({ Bucket: 'shop', Key: 'notes.mp4', Body });
  });
  const Video = { S3Object: { Bucket: 'shop', Name: 'notes.mp4' } };
  const started = await send(page, 'startPersonTracking', { Video, JobTag: 'monday' });
  const { JobId } = started.output as { JobId: string };
  await expect
    .poll(() => send(page, 'getPersonTracking', { JobId }), { timeout: 60_000 })
    .toMatchObject({ output: { JobStatus: 'FAILED', JobTag: 'monday', Persons: [] } });
});

test('without a page that has a tracker, the answer says what to open', async () => {
  const page = await openApp();
  // A page of the same origin that is not the app.
  await page.goto(`${server.url}models/coco-ssd-person/manifest.json`);
  expect(await send(page, 'getPersonTracking', { JobId: 'unknown' })).toMatchObject({
    thrown: 'ThrottlingException',
    message: expect.stringContaining('open Footpath in a tab'),
    status: 500,
  });
});
