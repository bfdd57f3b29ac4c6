import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FootpathApp } from '../../src/app/footpath-app.ts';
import { LANGUAGE_NAMES, type LanguageTag } from '../../src/language/languages.ts';
import { OpenApp, RUN_MS } from './open-app.ts';
import { brokenLayouts } from './page-layout.ts';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
/** Latin letters that stand in an Arabic page rightly: names of things, of files and of formats. */
const NAMES =
  /footpath-sample(\.mp4)?|PDF|nanodet-person|Footpath|Apache|QuickTime|Amazon|Rekognition|GetPersonTracking|Index|MP4|MOV|WebM|MKV|CSV|JSON|ONNX|YOLOX|RTMDet|WebGPU|WebGL|NanoDet|COCO-SSD|nanodet-person|avc1\.\w+|mp4|h264|Shift|English|Deutsch|Español|CAVIAR|MOTChallenge|WebSocket|WebRTC|verify|SHA-256|[0-9a-f]{64}/gi;

let app: OpenApp;
let page: Page;
let errors: string[];

beforeAll(async () => {
  app = await OpenApp.start();
  // axe is put into the page by the test; the page's own policy would refuse it.
  const context = await app.profile({
    serviceWorkers: 'block',
    locale: 'de-DE',
    viewport: { width: 390, height: 740 },
    bypassCSP: true,
  });
  ({ page, errors } = await app.page(context));
}, 180_000);
afterAll(() => app.close());

const choice = () => page.locator('language-choice select');

async function choose(tag: LanguageTag): Promise<void> {
  await choice().selectOption(tag);
  await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe(tag);
}

/** Every text of the page that is to be seen or read out, in order. */
function texts(): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const visit = (node: Node) => {
      if (node instanceof Text) found.push(node.data);
      if (node instanceof Element) {
        // Addresses and names of files keep their own letters.
        // What the engine itself says is English, and marked so.
        if (node.matches('style, script, noscript, bdi, dd > [lang=en]')) return;
        for (const name of ['aria-label', 'title', 'alt', 'aria-valuetext'])
          found.push(node.getAttribute(name) ?? '');
      }
      if (node instanceof HTMLElement && node.shadowRoot) visit(node.shadowRoot);
      for (const child of node.childNodes) visit(child);
    };
    visit(document.body);
    return [document.title, ...found].map((text) => text.trim()).filter((text) => text !== '');
  });
}

async function leftInLatin(): Promise<string[]> {
  return (await texts()).filter((text) => /[A-Za-z]{2}/.test(text.replace(NAMES, '')));
}

async function broken(): Promise<string[]> {
  await page.addScriptTag({ path: axePath });
  const rules = await page.evaluate(async () => {
    const { violations } = await (
      globalThis as unknown as { axe: typeof import('axe-core') }
    ).axe.run(document);
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.target.join(' ')}`);
  });
  return [...rules, ...(await brokenLayouts(page))];
}

test('the page speaks the language of the browser, and keeps the one that is chosen', async () => {
  await page.getByRole('heading', { name: 'Sehen, wer wo entlangging' }).waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('de-DE');
  expect(await page.title()).toBe('Footpath: sehen, wer wo entlangging');
  expect(await choice().inputValue()).toBe('de');
  expect(await choice().locator('option').allTextContents()).toEqual(Object.values(LANGUAGE_NAMES));
  await choose('es');
  await page.getByRole('heading', { name: 'Mira por dónde pasó cada persona' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Mira por dónde pasó cada persona' }).waitFor();
  await choose('de');
});

test(
  'with German’s long words every screen fits a phone, and no rule of access is broken',
  async () => {
    await page.locator('job-options summary').first().click();
    await page.getByLabel('Wie oft hingesehen wird').selectOption('5');
    await page.getByRole('radio', { name: 'Schnell' }).check();
    await page.getByText('Erweitert').click();
    await page.getByLabel('Was Personen findet').selectOption('own');
    expect(await broken(), 'start and options').toEqual([]);
    await page.getByLabel('Was Personen findet').selectOption('nanodet-person');
    await page.getByRole('button', { name: 'Beispiel ausprobieren' }).click();
    await page.getByRole('progressbar', { name: 'Fortschritt' }).waitFor();
    await page.locator('result-screen footpath-people button').first().waitFor({ timeout: RUN_MS });
    await page.locator('job-report summary').click();
    expect(await broken(), 'result').toEqual([]);
    await page.getByRole('button', { name: 'Dieses Ergebnis löschen' }).click();
    expect(await broken(), 'dialogue').toEqual([]);
    await page.keyboard.press('Escape');
    expect(errors).toEqual([]);
  },
  RUN_MS + 60_000,
);

test('in Arabic every screen runs from right to left, fits a phone, and has no word of English left', async () => {
  await choose('ar');
  expect(await page.evaluate(() => document.documentElement.dir)).toBe('rtl');
  await page.getByText('من كان حاضرًا ومتى').waitFor();
  expect(await broken(), 'result').toEqual([]);
  expect(await leftInLatin(), 'result').toEqual([]);
  const [number, bar] = await Promise.all([
    page.locator('footpath-timeline .number').first().boundingBox(),
    page.locator('footpath-timeline .line svg').first().boundingBox(),
  ]);
  expect(number!.x).toBeGreaterThan(bar!.x + bar!.width - 1);
  await page.locator('footpath-app header a.button[href="#/"]').click();
  await page.locator('job-list li').first().waitFor();
  await page.locator('job-options summary').first().click();
  await page.locator('advanced-options summary').click();
  await page.getByLabel('ما يعثر على الأشخاص').selectOption('own');
  expect(await broken(), 'start, list and options').toEqual([]);
  expect(await leftInLatin(), 'start, list and options').toEqual([]);
  await page.goto(`${app.url}#/job/unknown`);
  await page.getByRole('heading', { name: 'لم تعد هذه النتيجة موجودة' }).waitFor();
  expect(await leftInLatin(), 'gone').toEqual([]);
});

test('time runs from left to right in Arabic too: the click, the cursor and the arrow keys agree', async () => {
  await page.goBack();
  await page.locator('job-list a').first().click();
  const rows = page.locator('footpath-timeline .rows');
  await rows.waitFor();
  const duration = await page
    .locator('footpath-timeline')
    .evaluate((it) => (it as HTMLElement & { durationMs: number }).durationMs);
  const time = () =>
    page
      .locator('footpath-player')
      .evaluate((it) => (it as HTMLElement & { timeMs: number }).timeMs);
  await page.setViewportSize({ width: 1280, height: 900 });
  const track = page.locator('footpath-timeline .line svg').first();
  // A bar that is picked has the player brought into view: at once, so that places hold still.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const share of [0.75, 0.25]) {
    await track.scrollIntoViewIfNeeded();
    let bar = (await track.boundingBox())!;
    await page.mouse.click(bar.x + share * bar.width, bar.y + bar.height / 2);
    await expect.poll(async () => Math.abs((await time()) / duration - share)).toBeLessThan(0.02);
    bar = (await track.boundingBox())!;
    const head = (await page.locator('footpath-timeline .head').boundingBox())!;
    expect(Math.abs((head.x + 1 - bar.x) / bar.width - share)).toBeLessThan(0.02);
    const slider = page.locator('footpath-player input');
    const { fraction, direction } = await slider.evaluate((it) => ({
      fraction: (it as HTMLInputElement).valueAsNumber / Number((it as HTMLInputElement).max),
      direction: getComputedStyle(it).direction,
    }));
    expect(direction).toBe('ltr');
    expect(Math.abs(fraction - share)).toBeLessThan(0.02);
  }
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  const before = await time();
  await page.keyboard.press('ArrowRight');
  await expect.poll(time).toBeGreaterThan(before);
});

test('what goes wrong is told in the language of the page, also once that changes', async () => {
  await page
    .locator('footpath-app')
    .evaluate(({ tracking }: FootpathApp) =>
      tracking.deleteObject({ Bucket: 'videos', Key: 'footpath-sample.mp4' }),
    );
  await page.reload();
  const missing = page.locator('missing-video');
  await missing.getByText('لم يعد الفيديو موجودًا').waitFor();
  expect(await leftInLatin()).toEqual([]);
  await choose('de');
  await missing.getByText('Das Video ist nicht mehr da').waitFor();
});
