import { createRequire } from 'node:module';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chooseQuick, OpenApp, RUN_MS, startLong, stopJob } from './open-app.ts';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const SCHEMES = ['light', 'dark'] as const;

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

  await tabTo('Person 0');
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
  expect(await axe(), 'result').toEqual([]);
  await page.locator('job-report summary').click();
  expect(await axe(), 'details').toEqual([]);
  await page.goto(app.url);
  await page.locator('job-list li').waitFor();
  await openOptions();
  expect(await axe(), 'start').toEqual([]);
  await page.getByRole('button', { name: /^Delete/ }).click();
  expect(await axe(), 'dialogue').toEqual([]);
  await page.keyboard.press('Escape');
  await page.goto(`${app.url}#/job/unknown`);
  await page.getByRole('heading', { name: 'This result is gone' }).waitFor();
  expect(await axe(), 'gone').toEqual([]);
  await page.goto(result);
  await page.locator('footpath-people button').first().waitFor();
});

test.each(SCHEMES)('progress and failure break no accessibility rule (%s)', async (scheme) => {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
  await page.goto(app.url);
  await startLong(page);
  expect(await axe(), 'progress').toEqual([]);
  await stopJob(page);
  expect(await axe(), 'stopped').toEqual([]);
});

test('nothing is wider than a phone of 360 pixels', async () => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(app.url);
  await page.locator('job-list li').first().waitFor();
  await openOptions();
  expect(await overflow(), 'start').toBe(0);
  await page.locator('job-list a').last().click();
  await page.locator('footpath-people button').first().waitFor();
  await page.locator('job-report summary').click();
  expect(await overflow(), 'result').toBe(0);
  await page.goto(app.url);
  await startLong(page);
  expect(await overflow(), 'progress').toBe(0);
});

/** Unfolds everything that can be chosen. */
async function openOptions(): Promise<void> {
  await page.locator('job-options summary').first().click();
  await page.getByText('Advanced').click();
  await page.getByLabel('What finds people').selectOption('own');
  await page.getByLabel('Detector file (ONNX)').waitFor();
}

/** Broken rules with the first place each, as text. */
async function axe(): Promise<string[]> {
  await page.addScriptTag({ path: axePath });
  return page.evaluate(async () => {
    const { violations } = await (
      globalThis as unknown as { axe: typeof import('axe-core') }
    ).axe.run(document);
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes[0]!.target.join(' ')} ${nodes[0]!.failureSummary}`,
    );
  });
}

function overflow(): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}
