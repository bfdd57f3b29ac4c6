/**
 * What the installed app does in its system, as far as Chromium lets itself be driven: see docs/installed-app.md.
 * Long because one installed app in one browser serves all of it.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { chromiumSettings } from '../../cli/chromium.mjs';
import { VIDEO_EXTENSIONS } from '../../src/element/video-files.ts';
import { WAIT_MS } from '../fixtures/shared-chromium.ts';
import { chooseQuick, OpenApp, RUN_MS, startLong, stopJob } from './open-app.ts';

const sample = join(inject('root'), 'public/samples/footpath-sample.mp4');

let app: OpenApp;
beforeAll(async () => {
  app = await OpenApp.start();
}, 180_000);
afterAll(() => app.close());

/** A page that the service worker answers for. */
async function openControlled(context: BrowserContext): Promise<{ page: Page; errors: string[] }> {
  const opened = await app.page(context);
  await opened.page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (navigator.serviceWorker.controller) return;
    await new Promise((taken) =>
      navigator.serviceWorker.addEventListener('controllerchange', taken),
    );
  });
  return opened;
}

test('Chromium understands the manifest: files, shares, shortcuts, and pictures that are what it says', async () => {
  const context = await app.profile();
  const { page } = await app.page(context);
  const session = await context.newCDPSession(page);
  const { errors, data } = await session.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  const manifest = JSON.parse(data!);
  const opened = Object.values<string[]>(manifest.file_handlers[0].accept).flat();
  expect(opened.sort()).toEqual([...VIDEO_EXTENSIONS].sort());
  expect(manifest.share_target.params.files[0].accept).toEqual(
    expect.arrayContaining(['video/*', ...VIDEO_EXTENSIONS]),
  );
  for (const { src, sizes, type } of manifest.screenshots) {
    const size = await page.evaluate(async (url) => {
      const answer = await fetch(url);
      const { width, height } = await createImageBitmap(await answer.blob());
      return { type: answer.headers.get('content-type'), sizes: `${width}x${height}` };
    }, src as string);
    expect(size).toEqual({ type, sizes });
  }
  for (const { url } of manifest.shortcuts) {
    expect(new URL(url, app.url).href.startsWith(app.url)).toBe(true);
  }
  await context.close();
});

test('a video that another app shares becomes a job, and what is no video is named', async () => {
  // The system posts a form; here a page of the origin does, whose policy would keep it from that.
  const context = await app.profile({ bypassCSP: true });
  await showAsInstalled(context);
  const { page, errors } = await openControlled(context);
  await share(page, [sample]);
  await page.getByRole('heading', { level: 1, name: 'footpath-sample.mp4' }).waitFor();
  // What was shared is used up: loading again starts nothing.
  await page.goBack().catch(() => undefined);
  await page.goto(app.url);
  await page.reload();
  // The list comes a moment after the page.
  await page.locator('job-list li').first().waitFor();
  expect(await page.locator('job-list li').count()).toBe(1);

  await share(page, [join(inject('root'), 'package.json')]);
  await page.getByText('package.json is no video and was left out.').waitFor();
  await share(page, []);
  await page.getByText('There was no file in it.').waitFor();
  // Somebody comes back to an address whose files are gone.
  await page.goto(`${app.url}#/shared/${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}`);
  await page.getByText('What was shared did not arrive. Share it once more.').waitFor();
  expect(errors).toEqual([]);
  await context.close();
});

test('files that another site posts as a share are left out, though it hides where they come from', async () => {
  const context = await app.profile();
  const { page, errors } = await openControlled(context);
  await page.goto('about:blank');
  await page.setContent(`<form method="post" enctype="multipart/form-data" action="${app.url}share">
    <input type="file" name="videos">
  </form>`);
  await page.locator('input').setInputFiles(sample);
  await page.locator('form').evaluate((form: HTMLFormElement) => form.submit());
  await page.getByText('Another site or app sent files to this tab.').waitFor();
  expect(await page.locator('job-list li').count()).toBe(0);
  expect(errors).toEqual([]);
  await context.close();
});

test('a file that the system opens with the installed app becomes a job', async () => {
  // Only a profile of its own has apps.
  const profile = await mkdtemp(join(tmpdir(), 'footpath-'));
  const context = await chromium.launchPersistentContext(profile, {
    ...chromiumSettings(),
    locale: 'en-US',
  });
  context.setDefaultTimeout(WAIT_MS);
  const page = context.pages()[0]!;
  await page.goto(app.url);
  await page.locator('start-screen').waitFor();
  const session = await context.newCDPSession(page);
  await session.send('PWA.install', { manifestId: app.url, installUrlOrBundleUrl: app.url });
  const launched = context.waitForEvent('page');
  await session.send('PWA.launchFilesInApp', { manifestId: app.url, files: [sample] });
  const window = await launched;
  await window.getByRole('heading', { name: 'footpath-sample.mp4' }).waitFor();
  expect(window.url()).toContain('#/job/');
  await context.close();
  await rm(profile, { recursive: true, force: true, maxRetries: 5 });
});

test('its shortcuts start the sample and show the latest video, once', async () => {
  const context = await app.profile();
  const { page, errors } = await app.page(context, '#/latest');
  await page.locator('start-screen').waitFor();
  await page.evaluate(() => {
    location.hash = '#/sample';
  });
  await page.getByRole('heading', { name: 'footpath-sample.mp4' }).waitFor();
  const job = page.url();
  expect(job).toContain('#/job/');
  await page.goto(`${app.url}#/latest`);
  await expect.poll(() => page.url()).toBe(job);
  await page.getByRole('link', { name: 'All videos' }).click();
  await page.reload();
  await page.locator('job-list li').first().waitFor();
  expect(await page.locator('job-list li').count()).toBe(1);
  expect(errors).toEqual([]);
  await context.close();
});

/** What a page did with what its system offers, and whether it is seen. */
interface SystemCalls {
  badges: number[];
  locks: WakeLockSentinel[];
  asked: number;
  shown: number;
  look: (isSeen: boolean) => void;
}

test('while a job runs the screen stays on and the icon counts it; of its end the system tells whoever wants it', async () => {
  const context = await app.profile({
    permissions: ['notifications', 'screen-wake-lock'],
  });
  await context.addInitScript(() => {
    const calls: SystemCalls = {
      badges: [],
      locks: [],
      asked: 0,
      shown: 0,
      look: (isSeen) => {
        visibility = isSeen ? 'visible' : 'hidden';
        document.dispatchEvent(new Event('visibilitychange'));
      },
    };
    let visibility: DocumentVisibilityState = 'visible';
    Object.defineProperty(document, 'visibilityState', { get: () => visibility });
    Object.assign(globalThis, { calls });
    const setAppBadge = navigator.setAppBadge.bind(navigator);
    navigator.setAppBadge = (count) => {
      calls.badges.push(count ?? 0);
      return setAppBadge(count);
    };
    const request = navigator.wakeLock.request.bind(navigator.wakeLock);
    navigator.wakeLock.request = async (type) => {
      const lock = await request(type);
      calls.locks.push(lock);
      return lock;
    };
    const show = ServiceWorkerRegistration.prototype.showNotification;
    ServiceWorkerRegistration.prototype.showNotification = async function (...notice) {
      await show.apply(this, notice);
      calls.shown++;
    };
    const ask = Notification.requestPermission.bind(Notification);
    Notification.requestPermission = () => {
      calls.asked++;
      return ask();
    };
  });
  const { page, errors } = await openControlled(context);
  const calls = <Found>(read: (calls: SystemCalls) => Found | Promise<Found>) =>
    page.evaluate(`(${read})(calls)`) as Promise<Found>;
  const locks = () => calls(({ locks }) => locks.map(({ released }) => released));
  const badge = () => calls(({ badges }) => badges.at(-1));

  await chooseSlow(page);
  await startLong(page);
  await expect.poll(locks).toEqual([false]);
  await expect.poll(badge).toBe(1);
  // Browsers take the lock from a page that is not seen.
  await calls(({ locks }) => locks[0]!.release());
  await calls(({ look }) => look(false));
  expect(await locks()).toEqual([true]);
  await calls(({ look }) => look(true));
  await expect.poll(locks).toEqual([true, false]);

  const tell = page.getByRole('checkbox', { name: 'Tell me when it is done' });
  await tell.waitFor({ timeout: 120_000 });
  expect(await tell.isChecked()).toBe(false);
  await tell.check();
  // Leave was given before: it is not asked for again.
  expect(await calls(({ asked }) => asked)).toBe(0);
  await page.reload();
  await expect.poll(() => tell.isChecked()).toBe(true);
  await calls(({ look }) => look(false));
  await stopJob(page);
  const told = () =>
    page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      const notices = await registration.getNotifications();
      return notices.map(({ title, body }) => `${title}: ${body}`);
    });
  // Chromium takes away what it is asked for while it is being shown.
  await expect.poll(() => calls(({ shown }) => shown)).toBe(1);
  expect(await told()).toEqual([expect.stringMatching(/^Footpath: long\.mp4 was stopped/)]);
  await expect.poll(locks).toEqual([true]);
  await expect.poll(badge).toBe(0);

  // A click on it leads there, from wherever one is.
  const job = page.url();
  await page.getByRole('link', { name: 'All videos' }).click();
  const [worker] = context.serviceWorkers();
  await worker!.evaluate(`(async () => {
    const [notification] = await registration.getNotifications();
    dispatchEvent(new NotificationEvent('notificationclick', { notification }));
  })()`);
  await expect.poll(() => page.url()).toBe(job);
  await expect.poll(told).toEqual([]);
  expect(errors).toEqual([]);
  await context.close();
}, 400_000);

test('nobody is asked for notifications before a long job and a click, and a refusal is explained', async () => {
  const context = await app.profile();
  const { page, errors } = await app.page(context);
  await chooseSlow(page);
  await startLong(page);
  const tell = page.getByRole('checkbox', { name: 'Tell me when it is done' });
  await tell.waitFor({ timeout: 120_000 });
  // Whoever is not there to answer, as nobody is here, has refused.
  await tell.click();
  await page.getByText('Your browser keeps this page from telling you.').waitFor();
  expect(await tell.isChecked()).toBe(false);
  await stopJob(page);
  expect(errors).toEqual([]);
  await context.close();
}, 400_000);

test('a result is saved where its video lies, once somebody has said so', async () => {
  const context = await app.profile();
  // The dialogue cannot be driven: what it is asked is looked at, and the handle that it answers with is a real one.
  await context.addInitScript(() => {
    Object.assign(globalThis, {
      saves: [],
      showOpenFilePicker: async () => {
        const folder = await navigator.storage.getDirectory();
        const handle = await folder.getFileHandle('entrance.mp4', { create: true });
        const stream = await handle.createWritable();
        await stream.write(await (await fetch('samples/footpath-sample.mp4')).blob());
        await stream.close();
        return [handle];
      },
      showSaveFilePicker: async (options: { startIn: FileSystemHandle; suggestedName: string }) => {
        const asked = `${options.startIn.name} ${options.suggestedName}`;
        const { saves } = globalThis as unknown as { saves: string[] };
        saves.push(asked);
        if (saves.length === 1) throw new DOMException('dismissed', 'AbortError');
        const folder = await navigator.storage.getDirectory();
        return folder.getFileHandle(options.suggestedName, { create: true });
      },
    });
  });
  const { page, errors } = await app.page(context);
  await chooseQuick(page);
  await page.getByRole('button', { name: 'Choose videos' }).click();
  const save = async () => {
    await page.getByRole('button', { name: 'Save a table' }).click({ timeout: RUN_MS });
    await page.getByRole('dialog').getByRole('button', { name: 'Every position (CSV)' }).click();
    await page.keyboard.press('Escape');
  };
  await save();
  await save();
  const saved = () =>
    page.evaluate(async () => {
      const folder = await navigator.storage.getDirectory();
      const handle = await folder.getFileHandle('entrance-people.csv').catch(() => undefined);
      return (await handle?.getFile())?.text();
    });
  await expect.poll(saved).toMatch(/^Index,TimestampMillis,/);
  expect(await page.evaluate(() => (globalThis as { saves?: string[] }).saves)).toEqual([
    'entrance.mp4 entrance-people.csv',
    'entrance.mp4 entrance-people.csv',
  ]);
  // In another visit nobody knows where it lies.
  await page.reload();
  const download = page.waitForEvent('download');
  await save();
  expect((await download).suggestedFilename()).toBe('entrance-people.csv');
  expect(errors).toEqual([]);
  await context.close();
}, 500_000);

/** Chooses the options that take the most time. */
async function chooseSlow(page: Page): Promise<void> {
  await page.locator('job-options summary').first().click();
  await page.getByLabel('How often to look').selectOption('all');
  await page.getByRole('radio', { name: 'Accurate' }).check();
}

/** Makes tabs take themselves for the window of the installed app, which Chromium without a window does not have. */
async function showAsInstalled(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const ask = matchMedia.bind(globalThis);
    globalThis.matchMedia = (query) => ask(query.includes('display-mode') ? 'all' : query);
  });
}

/** Posts files as the system does with a share. */
async function share(page: Page, files: string[]): Promise<void> {
  await page.goto(app.url);
  await page.evaluate(() => {
    const form = Object.assign(document.createElement('form'), {
      id: 'share',
      action: 'share',
      method: 'POST',
      enctype: 'multipart/form-data',
    });
    form.append(
      Object.assign(document.createElement('input'), {
        type: 'file',
        name: 'videos',
        multiple: true,
      }),
    );
    document.body.append(form);
  });
  if (files.length > 0) await page.locator('#share input').setInputFiles(files);
  else await page.locator('#share input').evaluate((input) => input.remove());
  await page.locator('#share').evaluate((form: HTMLFormElement) => form.submit());
}
