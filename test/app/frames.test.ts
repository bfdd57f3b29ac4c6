import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type BrowserContext, chromium, type Frame, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { chromiumSettings, DISABLED_FEATURES, findChromium } from '../../cli/chromium.mjs';
import { serveStatic } from '../../cli/serve-static.mjs';
import { ensureBuilt } from '../../scripts/build.mjs';
import type { FootpathApp } from '../../src/app/footpath-app.ts';
import { WAIT_MS } from '../fixtures/shared-chromium.ts';
import { runSample, runShort } from './open-app.ts';
import { brokenLayouts } from './page-layout.ts';

/** The usual flags turn off that storage is kept apart by surrounding site, as Chromium does since 115. This takes their place. */
const APART = [
  `--disable-features=${DISABLED_FEATURES.filter((name) => name !== 'ThirdPartyStoragePartitioning')}`,
];
/** What whoever uses Chromium, or sets it up for them, may choose: preferences of its profile, and flags. */
const CHOICES = {
  'third parties get no cookies': { profile: { cookie_controls_mode: 1 }, flags: APART },
  'third parties may not store': { profile: { cookie_controls_mode: 1 }, flags: [] },
  'nobody may store': { profile: { default_content_setting_values: { cookies: 2 } }, flags: APART },
};
const SANDBOX = 'sandbox="allow-scripts allow-same-origin"';
/** Host names of this machine: one is the app's site, the other a foreign one, whatever the port. */
const SITES = { 'same-site': '127.0.0.1', 'cross-site': 'localhost' };

type Chosen = keyof typeof CHOICES;
type Site = keyof typeof SITES;

let app: Awaited<ReturnType<typeof serveStatic>>;
let embedder: Server;
/** Attributes of the frame on the embedder's page. */
let attributes = '';
const open: (() => Promise<void>)[] = [];
/** Browsers in which nothing is stored that another test would find. */
const lasting = new Map<Chosen, Promise<BrowserContext>>();

beforeAll(async () => {
  await ensureBuilt(['app'], (text) => console.log(text));
  app = await serveStatic(resolve(inject('root'), 'dist/app'));
  embedder = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(`<!doctype html><title>Somebody’s page</title>
      <iframe ${attributes} src="${app.url}" width="1200" height="780"></iframe>`);
  });
  await new Promise<void>((done) => embedder.listen(0, '127.0.0.1', done));
}, 180_000);
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});
afterAll(async () => {
  for (const browser of lasting.values()) await closeBrowser(await browser);
  await app.close();
  embedder.close();
});

const folders = new WeakMap<BrowserContext, string>();

async function openBrowser(chosen: Chosen): Promise<BrowserContext> {
  if (!findChromium()) throw new Error('No Chromium: set CHROMIUM_PATH or run npm run setup.');
  const folder = await mkdtemp(join(tmpdir(), 'footpath-test-'));
  await mkdir(join(folder, 'Default'));
  const { profile, flags } = CHOICES[chosen];
  await writeFile(join(folder, 'Default/Preferences'), JSON.stringify({ profile }));
  const context = await chromium.launchPersistentContext(folder, {
    ...chromiumSettings(flags),
    viewport: { width: 1280, height: 800 },
    locale: 'en-US',
  });
  context.setDefaultTimeout(WAIT_MS);
  folders.set(context, folder);
  return context;
}

async function closeBrowser(browser: BrowserContext): Promise<void> {
  await browser.close();
  await rm(folders.get(browser)!, { recursive: true, force: true, maxRetries: 5 });
}

/** One that has stored nothing, for this test alone. */
async function freshBrowser(chosen: Chosen): Promise<BrowserContext> {
  const browser = await openBrowser(chosen);
  open.push(() => closeBrowser(browser));
  return browser;
}

/** For tests that store nothing, or do not mind. */
function lastingBrowser(chosen: Chosen): Promise<BrowserContext> {
  const browser = lasting.get(chosen) ?? openBrowser(chosen);
  lasting.set(chosen, browser);
  return browser;
}

async function openFrame(
  browser: BrowserContext,
  site: Site,
  wanted = '',
): Promise<{ page: Page; frame: Frame }> {
  const page = await browser.newPage();
  attributes = wanted;
  const { port } = embedder.address() as AddressInfo;
  await page.goto(`http://${SITES[site]}:${port}/`);
  return { page, frame: page.frames()[1]! };
}

async function expectKept(frame: Frame): Promise<void> {
  expect(await frame.getByText('Nothing will be kept').count()).toBe(0);
  await frame.goto(app.url);
  await frame.locator('job-list li').waitFor();
}

/** Jobs that the app has stored where one in a tab of its own finds them. */
async function jobsOfTab(page: Page): Promise<number> {
  await page.goto(app.url);
  await page.locator('start-screen').waitFor();
  return page
    .locator('footpath-app')
    .evaluate(async ({ tracking }: FootpathApp) => (await tracking.listJobs()).length);
}

async function expectShared(frame: Frame): Promise<void> {
  await expectKept(frame);
  expect(await jobsOfTab(frame.page())).toBe(1);
}

async function expectKeptApart(frame: Frame): Promise<void> {
  await expectKept(frame);
  expect(await jobsOfTab(frame.page())).toBe(0);
}

async function expectNotKept(frame: Page | Frame): Promise<void> {
  await frame.getByText('Nothing will be kept').waitFor();
  expect(await frame.locator('result-screen .title').textContent()).toMatch(
    /while this page is open/,
  );
  await frame.getByRole('link', { name: 'All videos' }).click();
  await frame.locator('job-list li').waitFor();
  await frame.goto(app.url);
  await frame.locator('start-screen').waitFor();
  await frame.getByText('Nothing will be kept').waitFor();
  expect(await frame.locator('job-list li').count()).toBe(0);
}

test.each([
  ['third parties may not store', 'same-site', '', expectShared],
  ['third parties get no cookies', 'same-site', SANDBOX, expectShared],
  ['third parties get no cookies', 'cross-site', '', expectKeptApart],
  ['third parties may not store', 'cross-site', '', expectNotKept],
  ['third parties may not store', 'cross-site', SANDBOX, expectNotKept],
] as const)(
  'where %s, a video is followed in a %s frame %s',
  async (chosen, site, wanted, outcome) => {
    const { frame } = await openFrame(await freshBrowser(chosen), site, wanted);
    await runShort(frame);
    await outcome(frame);
  },
  450_000,
);

test('where nobody may store, the sample runs in a tab of its own', async () => {
  const page = await (await freshBrowser('nobody may store')).newPage();
  await page.goto(app.url);
  await runSample(page);
  expect(await brokenLayouts(page)).toEqual([]);
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save a table' }).click();
  await page.getByRole('button', { name: /^Everybody/ }).click();
  expect((await downloading).suggestedFilename()).toBe('footpath-sample-persons.csv');
  await page.keyboard.press('Escape');
  expect(await page.getByText('tab of its own').count()).toBe(0);
  await expectNotKept(page);
}, 450_000);

test.each(['same-site', 'cross-site'] as const)(
  'in a %s frame, where the browser refuses its picker, the file field serves',
  async (site) => {
    const browser = await lastingBrowser('third parties may not store');
    const { page, frame } = await openFrame(browser, site);
    const choosing = page.waitForEvent('filechooser');
    await frame.locator('video-drop button.primary').click();
    const buffer = Buffer.from('This is not a video at all. '.repeat(200));
    await (await choosing).setFiles({ name: 'notes.mp4', mimeType: 'video/mp4', buffer });
    await frame.locator('result-screen .notice.bad').waitFor({ timeout: 60_000 });
    expect(await frame.getByRole('heading', { level: 1 }).textContent()).toBe('notes.mp4');
  },
);

test.each(['same-site', 'cross-site'] as const)(
  'a %s frame with a sandbox that takes its origin says what to add',
  async (site) => {
    const browser = await lastingBrowser('third parties get no cookies');
    const { frame } = await openFrame(browser, site, 'sandbox="allow-scripts"');
    await frame.getByRole('alert').waitFor();
    expect(await frame.getByRole('alert').textContent()).toContain('allow-same-origin');
  },
);

test('a frame without scripts says what to add', async () => {
  const browser = await lastingBrowser('third parties get no cookies');
  const { frame } = await openFrame(browser, 'same-site', 'sandbox');
  await frame.locator('.boot').waitFor();
  expect(await frame.locator('.boot').textContent()).toContain('allow-scripts allow-same-origin');
});
