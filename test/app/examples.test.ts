/** The live examples of the widget, each in real Chromium as a visitor of the page has it. */
import { createRequire } from 'node:module';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OpenApp, RUN_MS } from './open-app.ts';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
let app: OpenApp;
let context: BrowserContext;

beforeAll(async () => {
  app = await OpenApp.start();
  context = await app.profile({ serviceWorkers: 'block', viewport: { width: 1000, height: 800 } });
}, 180_000);
afterAll(() => app.close());

async function open(name: string): Promise<{ page: Page; errors: string[] }> {
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(new URL(`examples/${name}.html`, app.url).href);
  return { page, errors };
}

const people = (page: Page) => page.locator('footpath-tracker .count');

test.for([
  ['example-one-line', 'Find the people', /^\d+ people$/],
  ['example-counts', 'Find the people', /^\d+ people$/],
  ['example-looks', 'Find the people', /^\d+ people$/],
  ['example-language', 'البحث عن الأشخاص', /أشخاص|شخص/],
] as const)('%s finds the people at a click', async ([name, button, found]) => {
  const { page, errors } = await open(name);
  await page.getByRole('button', { name: button }).click();
  await people(page).waitFor({ timeout: RUN_MS });
  expect((await people(page).textContent())!.trim()).toMatch(found);
  if (name === 'example-counts') {
    const counts = await page.locator('footpath-tracker .counts li').allTextContents();
    expect(counts[0]).toMatch(/^\s*Door: \d+ in, \d+ out/);
    expect(counts[1]).toMatch(/^\s*Left half: \d+ pe/);
  }
  if (name === 'example-language')
    expect(await people(page).evaluate((it) => getComputedStyle(it).direction)).toBe('rtl');
  if (name === 'example-looks')
    expect(
      await page.locator('footpath-tracker').evaluate((it) => getComputedStyle(it).fontFamily),
    ).toContain('Georgia');
  expect(errors).toEqual([]);
  await page.close();
});

test('example-events is given a file and is told of its end and of a choice', async () => {
  const { page, errors } = await open('example-events');
  await page.getByRole('button', { name: 'Give the element a file' }).click();
  const log = page.locator('#log li');
  await log.first().waitFor({ timeout: RUN_MS });
  expect(await log.first().textContent()).toMatch(/^footpath-complete: \d+ people$/);
  await page.locator('footpath-people button').first().click();
  await expect.poll(() => log.last().textContent()).toBe('footpath-select: 0');
  expect(errors).toEqual([]);
  await page.close();
});

test('example-viewer shows an answer without a video and without a job', async () => {
  const { page, errors } = await open('example-viewer');
  await expect.poll(() => page.locator('footpath-people li').count()).toBe(2);
  expect(await page.locator('footpath-player .time').textContent()).toContain('0:06.0');
  expect(errors).toEqual([]);
  await page.close();
});

test('the page of all examples shows each with the code that it runs', async () => {
  const bypass = await app.profile({ serviceWorkers: 'block', bypassCSP: true });
  const page = await bypass.newPage();
  await page.goto(new URL('examples/examples.html', app.url).href);
  const codes = page.locator('pre');
  await expect.poll(() => codes.last().textContent()).toContain('<footpath-tracker');
  for (const code of await codes.allTextContents())
    expect(code).toContain("import 'footpath/element/define';");
  expect(await page.locator('iframe').count()).toBe(await codes.count());
  await page.addScriptTag({ path: axePath });
  const violations = await page.evaluate(async () =>
    (
      await (globalThis as unknown as { axe: typeof import('axe-core') }).axe.run(document, {
        iframes: false,
      })
    ).violations.map(({ id, nodes }) => `${id} ${nodes[0]!.target}`),
  );
  expect(violations).toEqual([]);
  await bypass.close();
});
