/**
 * Makes the pictures of the app that its manifest shows before it is installed (public/screenshots), from the sample.
 *
 *   node scripts/make-screenshots.mjs
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { chromiumSettings, findChromium } from '../cli/chromium.mjs';
import { serveStatic } from '../cli/serve-static.mjs';
import { ensureBuilt } from './build.mjs';

const root = resolve(import.meta.dirname, '..');
const folder = join(root, 'public/screenshots');
/** A picture of the video is drawn within that. */
const DRAWN_MS = 1000;
const SCREENS = {
  wide: { viewport: { width: 1280, height: 800 } },
  narrow: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 },
};

await ensureBuilt(['app'], (text) => console.log(text));
mkdirSync(folder, { recursive: true });
const server = await serveStatic(join(root, 'dist/app'));
if (!findChromium()) throw new Error('No Chromium: set CHROMIUM_PATH or run npm run setup.');
const browser = await chromium.launch(chromiumSettings());
for (const [name, options] of Object.entries(SCREENS)) {
  const page = await browser.newPage({ locale: 'en-US', ...options });
  await page.goto(`${server.url}#/sample`);
  await page.locator('footpath-people button').first().waitFor({ timeout: 300_000 });
  // Five seconds on, where there are people in the sample.
  await page.keyboard.press('Shift+ArrowRight');
  await page.waitForTimeout(DRAWN_MS);
  await page.screenshot({ path: join(folder, `${name}.jpg`), type: 'jpeg', quality: 80 });
  await page.close();
}
await browser.close();
await server.close();
