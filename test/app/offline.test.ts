import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { OpenApp, runSample, startLong, stopJob } from './open-app.ts';

const SHELL_MAX_BYTES = 150_000;

let app: OpenApp;
beforeAll(async () => {
  app = await OpenApp.start();
}, 180_000);
afterAll(() => app.close());

test('the first load is at most 150 kB, gzipped, and asks for no thread and no model', async () => {
  const context = await app.profile({ serviceWorkers: 'block' });
  const sizes = new Map<string, number>();
  context.on('response', async (response) => {
    sizes.set(new URL(response.url()).pathname, gzipSync(await response.body()).length);
  });
  const { page, errors } = await app.page(context);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForLoadState('networkidle');
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  console.log(`first load: ${total} bytes gzipped in ${sizes.size} answers`);
  expect(total).toBeGreaterThan(10_000);
  expect(total).toBeLessThanOrEqual(SHELL_MAX_BYTES);
  expect([...sizes.keys()].filter((path) => /engine|models|tfjs/.test(path))).toEqual([]);
  expect(errors).toEqual([]);
  await context.close();
});

test('it can be installed: manifest, icons and worker are as browsers want them', async () => {
  const context = await app.profile();
  const { page } = await app.page(context);
  const session = await context.newCDPSession(page);
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  const { errors } = await session.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  // A profile like a private window may not install anything: the one complaint that is not about us.
  expect(
    installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito'),
  ).toEqual([]);
  await context.close();
});

test('a new version waits until it is asked for, and never while a job runs', async () => {
  const context = await app.profile();
  const { page } = await app.page(context);
  await takenOver(page);
  const folder = await mkdtemp(join(tmpdir(), 'footpath-'));
  const newer = join(folder, 'service-worker.js');
  const built = join(inject('root'), 'dist/app/service-worker.js');
  await writeFile(newer, `${await readFile(built, 'utf8')}\n// another version`);
  app.replaced.set('/service-worker.js', newer);

  await startLong(page);
  await page.evaluate(async () => {
    const registration = (await navigator.serviceWorker.getRegistration())!;
    await registration.update();
    while (!registration.waiting) await new Promise((soon) => setTimeout(soon, 50));
  });
  const offer = page.getByRole('button', { name: 'Use it now' });
  expect(await offer.count()).toBe(0);
  await stopJob(page);

  await page.evaluate(() => Object.assign(globalThis, { isOld: true }));
  await offer.click();
  await expect.poll(() => page.evaluate(() => 'isOld' in globalThis)).toBe(false);
  await page.locator('result-screen').waitFor();
  app.replaced.clear();
  await rm(folder, { recursive: true });
  await context.close();
});

test('with the network gone, the app opens and works through another video', async () => {
  const context = await app.profile();
  const { page } = await app.page(context);
  await takenOver(page);
  await runSample(page);
  const people = await page.locator('footpath-people li').count();

  await app.stopServing();
  await page.goto(app.url);
  await page.reload();
  await page.getByRole('heading', { name: 'See where everyone walked' }).waitFor();
  await runSample(page);
  expect(await page.locator('footpath-people li').count()).toBe(people);
  await context.close();
}, 900_000);

/** Waits until the service worker answers for the page. */
function takenOver(page: Page): Promise<void> {
  return page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (navigator.serviceWorker.controller) return;
    await new Promise((taken) =>
      navigator.serviceWorker.addEventListener('controllerchange', taken),
    );
  });
}
