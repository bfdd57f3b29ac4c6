import type { BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FootpathApp } from '../../src/app/footpath-app.ts';
import { brokenRules } from './broken-rules.ts';
import { chooseFile, chooseQuick, OpenApp, RUN_MS, startLong, stopJob } from './open-app.ts';
import { brokenLayouts } from './page-layout.ts';

const SCHEMES = ['light', 'dark'] as const;
/** As long as file systems allow, near enough, and without a place to break it. */
const LONG_NAME = `walk${'ing'.repeat(74)}.mp4`;

let app: OpenApp;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  app = await OpenApp.start();
  // axe is put into the page by the test; the page's own policy would refuse it.
  context = await app.profile({ viewport: { width: 1280, height: 800 }, bypassCSP: true });
  ({ page } = await app.page(context));
}, 180_000);
afterAll(() => app.close());

/** Presses Tab until the focus is on something with that accessible name. */
async function tabTo(name: string): Promise<void> {
  const seen: string[] = [];
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    const label = await page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return (element?.getAttribute('aria-label') ?? element?.textContent ?? '')
        .replace(/\s+/g, ' ')
        .trim();
    });
    if (label.startsWith(name)) return;
    seen.push(label);
  }
  throw new Error(`Tab never came to "${name}", only to: ${seen.join(' | ')}`);
}

// Understanding WCAG 2.2, success criterion 2.2.2; and a page that somebody leaves open takes no processor.
test('what moves of itself on the first page stands within five seconds', async () => {
  // What moves has not come far then, however long the page takes to be there.
  const session = await context.newCDPSession(page);
  await session.send('Animation.enable');
  await session.send('Animation.setPlaybackRate', { playbackRate: 0 });
  await page.reload();
  await page.locator('start-screen').waitFor();
  const ends = await page.evaluate(() => {
    const all: number[] = [];
    const visit = (root: Document | ShadowRoot) => {
      all.push(
        ...root.getAnimations().map(({ effect }) => Number(effect!.getComputedTiming().endTime)),
      );
      for (const { shadowRoot } of root.querySelectorAll('*')) if (shadowRoot) visit(shadowRoot);
    };
    visit(document);
    return all;
  });
  await session.detach();
  expect(ends.length).toBeGreaterThan(0);
  expect(Math.max(...ends)).toBeLessThanOrEqual(5000);
});

test('the whole way works from the keyboard alone', async () => {
  await chooseQuick(page);
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await tabTo('Try the sample');
  await page.keyboard.press('Enter');
  const now = page.locator('footpath-player .now');
  await now.waitFor({ timeout: RUN_MS });
  await page.locator('footpath-player video').evaluate(async (video: HTMLVideoElement) => {
    if (video.readyState < 2)
      await new Promise((ready) => video.addEventListener('loadeddata', ready));
  });

  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => now.textContent()).not.toBe('0:00.0');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => now.textContent()).toBe('0:00.0');
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Play' }).waitFor();

  await tabTo('Person 1');
  await page.keyboard.press('Enter');
  const first = page.locator('footpath-people button').first();
  await expect.poll(() => first.getAttribute('aria-pressed')).toBe('true');
  await page.keyboard.press('Escape');
  await expect.poll(() => first.getAttribute('aria-pressed')).toBe('false');
}, 450_000);

test.each(SCHEMES)('no screen breaks an accessibility rule (%s)', async (scheme) => {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
  const result = page.url();
  await page.reload();
  await page.locator('footpath-people button').first().waitFor();
  expect(await brokenRules(page), 'result').toEqual([]);
  await page.locator('job-report summary').click();
  expect(await brokenRules(page), 'details').toEqual([]);
  await page.goto(app.url);
  await page.locator('job-list li').waitFor();
  await openOptions();
  expect(await brokenRules(page), 'start').toEqual([]);
  await page.getByRole('button', { name: /^Delete/ }).click();
  expect(await brokenRules(page), 'dialogue').toEqual([]);
  await page.keyboard.press('Escape');
  await page.goto(`${app.url}#/job/unknown`);
  await page.getByRole('heading', { name: 'This result is gone' }).waitFor();
  expect(await brokenRules(page), 'gone').toEqual([]);
  await page.goto(result);
  await page.locator('footpath-people button').first().waitFor();
});

test.each(SCHEMES)('progress and failure break no accessibility rule (%s)', async (scheme) => {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
  await page.goto(app.url);
  await startLong(page);
  expect(await brokenRules(page), 'progress').toEqual([]);
  await stopJob(page);
  expect(await brokenRules(page), 'stopped').toEqual([]);
});

test('no screen is wider than a phone, whatever the font and the size of text', async () => {
  await page.setViewportSize({ width: 390, height: 740 });
  await page.goto(app.url);
  await page.locator('job-list li').first().waitFor();
  await openOptions();
  expect(await brokenLayouts(page), 'start, list and options').toEqual([]);
  await page
    .getByRole('button', { name: /^Delete/ })
    .last()
    .click();
  expect(await brokenLayouts(page), 'dialogue').toEqual([]);
  await page.keyboard.press('Escape');
  await page.locator('job-list a').last().click();
  await page.locator('footpath-people button').first().waitFor();
  await page.locator('job-report summary').click();
  expect(await brokenLayouts(page), 'result').toEqual([]);
  await page
    .locator('footpath-app')
    .evaluate(({ tracking }: FootpathApp) =>
      tracking.deleteObject({ Bucket: 'videos', Key: 'footpath-sample.mp4' }),
    );
  await page.reload();
  await page.getByRole('button', { name: 'Choose the video' }).waitFor();
  expect(await brokenLayouts(page), 'result without its video').toEqual([]);
  await page.goto(`${app.url}#/job/unknown`);
  await page.getByRole('heading', { name: 'This result is gone' }).waitFor();
  expect(await brokenLayouts(page), 'gone').toEqual([]);
  await page.goto(app.url);
  await startLong(page);
  await page.locator('progress-screen summary').click();
  await page.getByText('Pictures looked at').waitFor();
  expect(await brokenLayouts(page), 'progress, with details').toEqual([]);
  await stopJob(page);
  await page.locator('job-report summary').click();
  expect(await brokenLayouts(page), 'stopped').toEqual([]);
  await page.goto(app.url);
  await chooseFile(page, LONG_NAME, 'This is not a video at all. '.repeat(200));
  await page.locator('result-screen .notice.bad').waitFor({ timeout: 60_000 });
  await page.locator('job-report summary').click();
  expect(await brokenLayouts(page), 'failed, with a long name').toEqual([]);
  expect(await linesOf(page.getByRole('heading', { level: 1 }))).toBe(2);
  await page.goto(app.url);
  await page.locator('job-list li').first().waitFor();
  expect(await brokenLayouts(page), 'list with a long name').toEqual([]);
  await page.getByRole('button', { name: /^Delete walk/ }).click();
  expect(await brokenLayouts(page), 'dialogue with a long name').toEqual([]);
  await page.keyboard.press('Escape');
}, 450_000);

/** Unfolds everything that can be chosen. */
async function openOptions(): Promise<void> {
  await page.locator('job-options summary').first().click();
  await page.getByText('Advanced').click();
  await page.getByLabel('What finds people').selectOption('own');
  await page.getByLabel('Detector file (ONNX)').waitFor();
}

/** Lines that an element's text takes. */
function linesOf(element: Locator): Promise<number> {
  return element.evaluate((found) =>
    Math.round(found.clientHeight / Number.parseFloat(getComputedStyle(found).lineHeight)),
  );
}
