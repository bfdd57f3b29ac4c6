/** Draws the app's icons from public/icons/footpath.svg with Chromium: `node scripts/make-icons.mjs`. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { chromiumSettings, findChromium } from '../cli/chromium.mjs';

const folder = resolve(import.meta.dirname, '../public/icons');
const drawing = readFileSync(resolve(folder, 'footpath.svg'), 'utf8');
/** Systems cut maskable icons to any shape inside the middle 80 %: no round corners, and the mark drawn smaller. */
const maskable = drawing
  .replace('rx="15"', '')
  .replace('viewBox="0 0 64 64"', 'viewBox="-8 -8 80 80"')
  .replace('<rect width="64" height="64" ', '<rect x="-8" y="-8" width="80" height="80" ');

if (!findChromium()) throw new Error('No Chromium found: install one or set CHROMIUM_PATH.');
const browser = await chromium.launch(chromiumSettings());
for (const [name, size, svg] of /** @type {const} */ ([
  ['footpath-192.png', 192, drawing],
  ['footpath-512.png', 512, drawing],
  ['footpath-maskable-512.png', 512, maskable],
])) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:100vw}</style>${svg}`);
  await page.screenshot({ path: resolve(folder, name), omitBackground: true });
  await page.close();
}
await browser.close();
