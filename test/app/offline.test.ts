import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { LitElement } from 'lit';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { chooseQuick, OpenApp, RUN_MS, runSample, startLong, stopJob } from './open-app.ts';

const SHELL_MAX_BYTES = 150_000;

let app: OpenApp;
beforeAll(async () => {
  app = await OpenApp.start();
}, 180_000);
afterAll(() => app.close());
afterEach(() => app.replaced.clear());

test('the first load is at most 150 kB, gzipped, and asks for no thread and no model', async () => {
  const context = await app.profile({ serviceWorkers: 'block' });
  const answers = new Map<string, Promise<Buffer>>();
  context.on('response', (response) => {
    answers.set(new URL(response.url()).pathname, response.body());
  });
  const { page, errors } = await app.page(context);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForLoadState('networkidle');
  const bodies = await Promise.all(answers.values());
  const total = bodies.reduce((sum, body) => sum + gzipSync(body).length, 0);
  console.log(`first load: ${total} bytes gzipped in ${bodies.length} answers`);
  expect(total).toBeGreaterThan(10_000);
  expect(total).toBeLessThanOrEqual(SHELL_MAX_BYTES);
  expect([...answers.keys()].filter((path) => /engine|models|tfjs/.test(path))).toEqual([]);
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
  // Chromium changes workers once the old one has nothing under way.
  await page.getByText('Ready to work offline', { exact: true }).waitFor({ timeout: 60_000 });
  const { page: other } = await app.page(context);

  await startLong(page);
  await replace('service-worker.js', (built) => `${built}\n// another version`);
  expect(await update(page)).toBe('waiting');
  const offer = page.getByRole('button', { name: 'Use it now' });
  expect(await offer.count()).toBe(0);
  await stopJob(page);

  for (const tab of [page, other]) {
    await tab.evaluate(() => Object.assign(globalThis, { isOld: true }));
  }
  const isOld = (tab: Page) => tab.evaluate(() => 'isOld' in globalThis).catch(() => true);
  await offer.click();
  await expect.poll(() => isOld(page)).toBe(false);
  await page.locator('result-screen').waitFor();
  // The other tab is still of the version before.
  expect(await isOld(other)).toBe(true);
  await other.getByRole('button', { name: 'Use it now' }).click();
  await expect.poll(() => isOld(other)).toBe(false);
  await context.close();
});

test('who clears the site’s data is not told of a new version', async () => {
  const context = await app.profile();
  const { page } = await app.page(context);
  await takenOver(page);
  const gone = await page.evaluateHandle(() => ({
    seen: new Promise((seen) => {
      navigator.serviceWorker.addEventListener('controllerchange', seen, { once: true });
    }),
  }));
  const session = await context.newCDPSession(page);
  const { origin } = new URL(app.url);
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'service_workers' });
  await gone.evaluate(async ({ seen }) => void (await seen));
  await page.evaluate(() => document.querySelector<LitElement>('footpath-app')!.updateComplete);
  expect(await page.getByRole('button', { name: 'Use it now' }).count()).toBe(0);
  await context.close();
});

test('a release of which the server has only a part is not installed, and what it gives is not kept', async () => {
  const context = await app.profile();
  await context.addInitScript(() => {
    Object.defineProperty(navigator, 'connection', { value: { saveData: true } });
  });
  const { page } = await app.page(context);
  await takenOver(page);
  // The new worker; the page, and then the list of files, are of the release before.
  await replace('service-worker.js', (built) => built.replaceAll(/"[0-9a-f]{32}"/g, '"newer"'));
  await replace('index.html', (built) => built.replaceAll(/index-[^.]+\.js/g, 'index-older.js'));
  expect(await update(page)).toBe('redundant');
  app.replaced.delete('/index.html');
  await replace('offline.json', (built) => built.replace(/"bytes":\d+/, '"bytes":1'));
  expect(await update(page)).toBe('redundant');
  app.replaced.delete('/offline.json');
  // What servers add to pages of their own accord.
  await replace('index.html', (built) => `${built}<script src="/cdn/assets/count.js"></script>`);
  expect(await update(page)).toBe('waiting');

  // A server of single-page apps, to a job.
  const manifest = '/models/nanodet-person/manifest.json';
  await replace('index.html', String, manifest);
  await page.getByRole('button', { name: 'Try the sample' }).click();
  await page.getByText('This video could not be followed').waitFor({ timeout: 60_000 });
  expect((await stored(page)).filter((path) => path === manifest)).toEqual([]);
  await context.close();
});

test('where data is dear, a click with its size makes ready for offline', async () => {
  const context = await app.profile();
  await context.addInitScript(() => {
    Object.defineProperty(navigator, 'connection', { value: { saveData: true } });
  });
  const { page } = await app.page(context);
  const button = page.getByRole('button', { name: /^Make ready for offline \(\d+ MB\)$/ });
  await button.waitFor();
  expect(await stored(page)).toEqual([]);
  await button.click();
  await page.getByText('Ready to work offline', { exact: true }).waitFor({ timeout: 60_000 });
  expect((await stored(page)).length).toBeGreaterThan(10);
  await context.close();
});

test('a file that came damaged is fetched again, and nothing is called ready with it', async () => {
  const context = await app.profile();
  await replace('models/nanodet-person/weights.bin', (built) => built.replaceAll('a', 'b'));
  const { page } = await app.page(context);
  await page.getByText('weights.bin comes damaged from the server').waitFor({ timeout: 60_000 });
  expect((await stored(page)).filter((path) => path.endsWith('weights.bin'))).toEqual([]);
  app.replaced.clear();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('Ready to work offline', { exact: true }).waitFor({ timeout: 60_000 });
  await context.close();
});

test('without a network, what is missing is told with what to do', async () => {
  const { context, page } = await offlineWithoutEngine();
  await page.getByRole('button', { name: 'Try the sample' }).click();
  const notice = page.locator('start-screen .notice.bad');
  await expect.poll(() => notice.textContent()).toMatch(/This device is offline, and the sample/);
  await context.close();
});

test('a job whose thread is not kept here waits, in words, and runs once there is a connection again', async () => {
  const { context, page } = await offlineWithoutEngine();
  await chooseQuick(page);
  const notice = page.locator('footpath-app .notice.bad').first();
  await page
    .locator('video-drop input[type=file]')
    .setInputFiles(join(inject('root'), 'public/samples/footpath-sample.mp4'));
  await expect
    .poll(async () => (await notice.textContent())?.replace(/\s+/g, ' ').trim())
    .toBe(
      'This device is offline, and the file of the background thread is not kept on it. Connect it and load the page again. Load the page again',
    );
  await page.locator('progress-screen').waitFor();
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('footpath-sample.mp4');

  await context.setOffline(false);
  await page.getByRole('button', { name: 'Load the page again' }).click();
  await page.locator('result-screen footpath-people button').first().waitFor({ timeout: RUN_MS });
  expect(await notice.count()).toBe(0);
  await context.close();
}, 500_000);

test('with the network gone after the first visit, a first job runs to its end', async () => {
  const context = await app.profile();
  const before = app.asked.length;
  const { page } = await app.page(context);
  await takenOver(page);
  // A job of the first visit wants the same files at the same time.
  await runSample(page);
  const people = await page.locator('footpath-people li').count();
  await page.getByRole('link', { name: 'All videos' }).click();
  await page.getByText('Ready to work offline', { exact: true }).waitFor({ timeout: 60_000 });
  expect(new Set((await stored(page)).map((path) => path.split('/')[1]))).toEqual(
    new Set(['engine', 'models', 'samples']),
  );
  const engine = app.asked.slice(before).filter((path) => /engine|models|samples/.test(path));
  expect(engine.length).toBeGreaterThan(10);
  expect(engine.filter((path, i) => engine.indexOf(path) < i)).toEqual([]);
  await context.close();

  // Another visitor, who ran nothing.
  const visitor = await app.profile();
  const first = await app.page(visitor);
  await first.page.getByText('Ready to work offline', { exact: true }).waitFor({ timeout: 60_000 });
  await app.stopServing();
  await visitor.setOffline(true);
  await first.page.goto(app.url);
  await first.page.reload();
  await first.page.getByRole('heading', { name: 'See where everyone walked' }).waitFor();
  await first.page.getByText('Ready to work offline', { exact: true }).waitFor();
  await first.page.getByRole('link', { name: 'what it is built of' }).click();
  await first.page.getByText('Packages that are part of these files').waitFor();
  await first.page.goBack();
  await runSample(first.page);
  expect(await first.page.locator('footpath-people li').count()).toBe(people);
  await visitor.close();
}, 900_000);

/** Has the server give a changed file of the app in place of another, or of itself. */
async function replace(
  name: string,
  change: (built: string) => string,
  path = `/${name}`,
): Promise<void> {
  const built = await readFile(join(inject('root'), 'dist/app', name), 'latin1');
  const file = join(await mkdtemp(join(inject('runFolder'), 'replaced-')), basename(name));
  await writeFile(file, change(built), 'latin1');
  app.replaced.set(path, file);
}

/** Looks for a new version. @returns what became of its service worker */
function update(page: Page): Promise<ServiceWorkerState | 'waiting'> {
  return page.evaluate(async () => {
    const registration = (await navigator.serviceWorker.getRegistration())!;
    for (let tries = 0; tries < 10; tries++) {
      const { installing } = await registration.update();
      while (installing?.state === 'installing') await new Promise((soon) => setTimeout(soon, 50));
      if (registration.waiting) return 'waiting';
      if (installing) return installing.state;
      // Taken for one with an update that the browser began by itself, and which had its answer before the new version was there.
      await new Promise((soon) => setTimeout(soon, 200));
    }
    return 'redundant';
  });
}

/** Paths of what is kept beside the shell. */
function stored(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const keys = await (await caches.open('footpath-engine')).keys();
    return keys.map(({ url }) => new URL(url).pathname);
  });
}

/** The app in a profile of its own, offline, once its shell is kept and nothing else: no engine, no model, no sample. */
async function offlineWithoutEngine() {
  const context = await app.profile();
  await context.addInitScript(() => {
    Object.defineProperty(navigator, 'connection', { value: { saveData: true } });
  });
  const { page } = await app.page(context);
  await takenOver(page);
  await page.getByRole('button', { name: /^Make ready for offline/ }).waitFor();
  await context.setOffline(true);
  await page.reload();
  return { context, page };
}

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
