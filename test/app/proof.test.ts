/** What the app shows of itself: every request since it was opened, and what a result was computed from. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { readManifest } from '../../src/export/result-manifest.ts';
import { OpenApp, RUN_MS, runSample } from './open-app.ts';

const STRANGER = 'https://stranger.example/pixel.gif';
let app: OpenApp;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  app = await OpenApp.start();
  context = await app.profile();
  ({ page } = await app.page(context));
}, 180_000);
afterAll(async () => {
  // Those that the tests made on purpose.
  for (const list of [app.foreign])
    list.splice(0, list.length, ...list.filter((asked) => !asked.includes('stranger.example')));
  await app.close();
});

const record = (from: Page) => from.locator('footpath-app footpath-requests');
const said = async (from: Page) =>
  (await record(from).evaluate((it) => it.shadowRoot!.textContent!)).replace(/\s+/g, ' ');

test(
  'every request is told of, by whom it was made, and that none left the site',
  async () => {
    await runSample(page);
    await record(page).locator('summary').click();
    // Each thread tells of its own requests a moment later.
    for (const [what, text] of Object.entries({
      'of the model': /weights|int8\.bin/,
      'that none left': /Nothing has left this site: \d+ requests since the page was opened/,
      'by the thread that finds people, which the page itself does not see':
        /models\/nanodet-person\/\S+ thread that finds people/,
      'by the page': /assets\/\S+\.js page/,
      'by the service worker': /service worker/,
    }))
      await expect.poll(() => said(page), { message: what }).toMatch(text);
    // What the server was asked for comes into the record, whoever asked.
    const missing = async () => {
      const told = await said(page);
      return [...new Set(app.asked)].filter(
        (path) =>
          !/favicon|\.map$|service-worker\.js|manifest\.webmanifest|icons/.test(path) &&
          !told.includes(path),
      );
    };
    await expect.poll(missing).toEqual([]);
  },
  RUN_MS,
);

test('what the service worker asks for while the page is too busy to be drawn is told of, too', async () => {
  const busy = await app.profile();
  await busy.addInitScript(() => {
    const { serviceWorker } = navigator;
    const register = serviceWorker.register.bind(serviceWorker);
    serviceWorker.register = (...how) => {
      const registering = register(...how);
      const end = performance.now() + 3000;
      while (performance.now() < end);
      return registering;
    };
  });
  const { page: other } = await app.page(busy);
  await record(other).locator('summary').click();
  await expect.poll(() => said(other)).toMatch(/index\.html service worker/);
  await busy.close();
});

test('no text becomes markup or code, nor the address of another site a script', async () => {
  for (const name of ['', 'embed.html', 'headless.html']) {
    const other = await context.newPage();
    await other.goto(app.url + name);
    const outcomes = await other.evaluate((stranger) => {
      const tries: Record<string, () => unknown> = {
        markup: () => {
          document.createElement('div').innerHTML = '<b>x</b>';
        },
        address: () => {
          document.createElement('script').src = stranger;
        },
        thread: () => new Worker(stranger),
        'own thread': () => new Worker('/engine/job.worker.js', { type: 'module' }).terminate(),
      };
      return Object.entries(tries).map(([what, run]) => {
        try {
          run();
          return `${what}: let through`;
        } catch (error) {
          return `${what}: ${(error as Error).name}`;
        }
      });
    }, STRANGER);
    expect(outcomes, name).toEqual([
      'markup: TypeError',
      'address: TypeError',
      'thread: TypeError',
      // The frame makes its rule for threads when it starts one.
      name === 'embed.html' ? 'own thread: TypeError' : 'own thread: let through',
    ]);
    await other.close();
  }
});

test('what a policy stopped on its way to another site is told of, and so is what was not stopped', async () => {
  const ask = (address: string) => fetch(address, { mode: 'no-cors' }).catch(() => undefined);
  await page.evaluate(ask, STRANGER);
  await expect.poll(() => said(page)).toMatch(/1 request went to another site/);
  await expect.poll(() => said(page)).toContain('stopped by the page’s policy');

  // A page without the policy, as if a script had come in that sends things away.
  const open = await app.profile({ bypassCSP: true });
  await open.route(STRANGER, (route) => route.fulfill({ body: '' }));
  const { page: other } = await app.page(open);
  await other.evaluate(ask, STRANGER);
  await expect.poll(() => said(other)).toMatch(/1 request went to another site/);
  await expect.poll(() => said(other)).toContain(`${STRANGER} page`);
  await open.close();
});

test('a result comes with its manifest', async () => {
  await page.locator('job-report summary').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download manifest' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('footpath-sample-manifest.json');
  const manifest = readManifest(await readFile(await download.path(), 'utf8'));
  const sample = await readFile(resolve(inject('root'), 'public/samples/footpath-sample.mp4'));
  expect(manifest.video).toMatchObject({
    name: 'footpath-sample.mp4',
    bytes: sample.length,
    sha256: createHash('sha256').update(sample).digest('hex'),
  });
  expect(manifest.settings).toMatchObject({ sampleRate: 5, quality: 'fast' });
  expect(manifest.result.people).toBe(await page.locator('footpath-people li').count());
});
