import {
  copyFile,
  mkdir,
  mkdtemp,
  open,
  readFile,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { cutVideo, repeatVideo } from '../fixtures/copy-video.ts';
import { chooseQuick, OpenApp, RUN_MS } from './open-app.ts';

/** Above this the app keeps no copy of a video. */
const COPY_MAX_BYTES = 256 * 2 ** 20;

let app: OpenApp;
let folder: string;
let context: BrowserContext;
let page: Page;
let errors: string[];

beforeAll(async () => {
  app = await OpenApp.start(['--js-flags=--expose-gc']);
  folder = await mkdtemp(join(tmpdir(), 'footpath-'));
  const sample = await readFile(join(inject('root'), 'public/samples/footpath-sample.mp4'));
  await writeFile(join(folder, 'b.mp4'), await cutVideo(new Uint8Array(sample), 40));
  await copyFile(join(folder, 'b.mp4'), join(folder, 'a.mp4'));
  await enlarge(join(folder, 'b.mp4'), join(folder, 'large.mp4'));
  await writeFile(join(folder, 'broken.mp4'), 'This is no video. '.repeat(100));
  await writeFile(join(folder, 'notes.txt'), 'Nor is this.');
  context = await app.profile({ serviceWorkers: 'block', viewport: { width: 1280, height: 800 } });
  ({ page, errors } = await app.page(context));
}, 180_000);
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

/** The same video too large for a copy: an MP4 may end with as much free space as it likes, which no disk has to hold. */
async function enlarge(from: string, to: string): Promise<void> {
  await copyFile(from, to);
  const file = await open(to, 'a');
  const { size } = await file.stat();
  const header = Buffer.alloc(8);
  header.writeUInt32BE(COPY_MAX_BYTES + 1);
  header.write('free', 4);
  await file.write(header);
  await file.close();
  await truncate(to, size + COPY_MAX_BYTES + 1);
}

/** Drops files or folders onto the page, as the system does. */
const drop = (...names: string[]): Promise<void> => dropFrom(300, ...names);

/** Drops them where videos are asked for, from where they came into the page: so many pixels below its top. */
async function dropFrom(enteredAt: number, ...names: string[]): Promise<void> {
  const session = await context.newCDPSession(page);
  const data = { items: [], files: names.map((name) => join(folder, name)), dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    const y = type === 'drop' ? 300 : enteredAt;
    await session.send('Input.dispatchDragEvent', { type, x: 640, y, data });
  }
  await session.detach();
}

/** Forces collections, in the page and its threads, until whatever nobody holds is gone. */
async function collect(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    const collectIn = () => (globalThis as { gc?: () => void }).gc!();
    await page.evaluate(collectIn);
    // A thread may end meanwhile.
    await Promise.allSettled(page.workers().map((worker) => worker.evaluate(collectIn)));
    await new Promise((soon) => setTimeout(soon, 300));
  }
}

/** What the list says of a video. */
async function listed(name: string): Promise<string> {
  const entry = page.locator('job-list li', { has: page.getByRole('link', { name, exact: true }) });
  return (await entry.first().textContent())!.replace(/\s+/g, ' ').trim();
}

test('a large video that was dropped is shown when its job ends, and the one behind it in the queue runs', async () => {
  await chooseQuick(page);
  await drop('large.mp4');
  await page.getByRole('heading', { name: 'large.mp4' }).waitFor();
  await collect();
  await page.getByRole('link', { name: 'All videos' }).click();
  await page.locator('job-list li').waitFor();
  await enlarge(join(folder, 'b.mp4'), join(folder, 'second.mp4'));
  // Let go of in the moment in which it comes over another part of the page, as when the screen has just changed.
  await dropFrom(30, 'second.mp4');
  await page.getByRole('heading', { name: 'second.mp4' }).waitFor();
  await collect();
  await page.locator('result-screen').waitFor({ timeout: RUN_MS });
  await collect();
  await page.getByRole('link', { name: 'All videos' }).click();
  expect(await listed('large.mp4')).toMatch(/^Done/);
  expect(await listed('second.mp4')).toMatch(/^Done/);
  await page.getByRole('link', { name: 'large.mp4' }).click();
  const video = page.locator('footpath-player video');
  await expect.poll(() => video.evaluate((v: HTMLVideoElement) => v.readyState)).toBe(4);
  expect(await page.locator('missing-video').count()).toBe(0);
  // Whoever looks at a result drops the next video there.
  await copyFile(join(folder, 'b.mp4'), join(folder, 'third.mp4'));
  await drop('third.mp4');
  await page.getByRole('heading', { name: 'third.mp4' }).waitFor();
  await page.locator('result-screen').waitFor({ timeout: RUN_MS });
  expect(errors).toEqual([]);
}, 900_000);

test('once its page is gone it is asked for, with the reason, in the list too, and holds up nobody', async () => {
  await page.getByRole('link', { name: 'All videos' }).click();
  const sample = await readFile(join(inject('root'), 'public/samples/footpath-sample.mp4'));
  const long = await repeatVideo(new Uint8Array(sample), 40);
  await writeFile(join(folder, 'long.mp4'), long);
  await enlarge(join(folder, 'long.mp4'), join(folder, 'endless.mp4'));
  await drop('endless.mp4', 'large.mp4');
  const status = (name: string) =>
    page.locator('job-list li', { hasText: name }).first().locator('.status');
  await expect.poll(() => status('endless.mp4').textContent()).toContain('Running');
  await expect.poll(() => status('large.mp4').textContent()).toContain('Waiting');
  await page.close();
  ({ page, errors } = await app.page(context));
  for (const name of ['endless.mp4', 'large.mp4']) {
    await expect.poll(() => status(name).textContent()).toContain('Needs you');
    expect(await listed(name)).toContain(`loaded anew since you chose ${name}`);
    await page.getByRole('button', { name: `Allow reading ${name}` }).waitFor();
  }
  await page.getByRole('link', { name: 'endless.mp4' }).click();
  await page.getByRole('button', { name: 'Allow and go on' }).waitFor();
  await page.getByRole('link', { name: 'All videos' }).click();

  // Whoever waits for the user holds up nobody.
  await chooseQuick(page);
  await drop('b.mp4', 'broken.mp4', 'notes.txt', 'a.mp4');
  await expect
    .poll(() => page.locator('video-drop .problem').textContent())
    .toBe('notes.txt is no video and was left out.');
  await expect.poll(() => status('b.mp4').textContent(), { timeout: RUN_MS }).toContain('Done');
  await expect.poll(() => status('broken.mp4').textContent()).toContain('Failed');
  expect(await listed('broken.mp4')).toContain('text file');
  // Newest first: they were started in order of name.
  const names = await page.locator('job-list li a').allTextContents();
  expect(names.slice(0, 3)).toEqual(['broken.mp4', 'b.mp4', 'a.mp4']);

  for (const name of ['endless.mp4', 'large.mp4']) {
    await page
      .getByRole('button', { name: `Delete ${name}` })
      .first()
      .click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await expect.poll(() => page.getByText(`Allow reading ${name}`).count()).toBe(0);
  }
}, 900_000);

test('a folder gives its videos, wherever in it they lie, and what cannot be read beside it keeps none back', async () => {
  await mkdir(join(folder, 'holiday/beach'), { recursive: true });
  for (const name of ['10.mp4', '9.mp4', 'beach/1.mp4']) {
    await copyFile(join(folder, 'b.mp4'), join(folder, 'holiday', name));
  }
  for (const name of ['.hidden', 'list.csv', 'photo.jpg', 'thumbs', 'beach/words.txt']) {
    await writeFile(join(folder, 'holiday', name), 'no video');
  }
  await symlink(join(folder, 'nowhere.mp4'), join(folder, 'lost.mp4'));
  await drop('lost.mp4', 'holiday');
  await expect
    .poll(() => page.locator('video-drop .problem').textContent())
    .toMatch(
      /^4 files are no videos and were left out: holiday\/.*, .*, .* and 1 more\. lost\.mp4 cannot be read and was left out\.$/,
    );
  const first = page.locator('job-list .status').first();
  await expect.poll(() => first.textContent(), { timeout: RUN_MS }).toContain('Done');
  const names = await page.locator('job-list li a').allTextContents();
  expect(names.slice(0, 3)).toEqual(['holiday/beach/1.mp4', 'holiday/10.mp4', 'holiday/9.mp4']);
}, 900_000);
