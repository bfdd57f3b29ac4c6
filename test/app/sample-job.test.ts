/** Jobs of the app, from the click to the files. Long because one browser and one job serve all of it. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { FootpathApp } from '../../src/app/footpath-app.ts';
import type { GetPersonTrackingResponse } from '../../src/contract/types.ts';
import {
  chooseQuick,
  FILE_FIELD,
  giveShort,
  OpenApp,
  RUN_MS,
  startLong,
  stopJob,
} from './open-app.ts';

const shared = inject('shared');
let app: OpenApp;
let context: BrowserContext;
let page: Page;
let errors: string[];

beforeAll(async () => {
  app = await OpenApp.start();
  context = await app.profile({ viewport: { width: 1280, height: 800 }, acceptDownloads: true });
  ({ page, errors } = await app.page(context));
}, 180_000);
afterAll(() => app.close());

test('the sample goes from a click over progress to people', async () => {
  await chooseQuick(page);
  await page.getByRole('button', { name: 'Try the sample' }).click();
  await page.getByRole('progressbar', { name: 'Progress' }).waitFor();
  expect(await page.title()).toMatch(/^\d+ % · footpath-sample\.mp4/);
  await page.locator('result-screen footpath-people button').first().waitFor({ timeout: RUN_MS });
  expect(await page.title()).toBe('footpath-sample.mp4 – Footpath');
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('footpath-sample.mp4');
  await page.locator('job-report summary').click();
  expect(await page.locator('job-report dl').textContent()).toContain('5 pictures a second · fast');
  // The sample's people are large enough.
  expect(await page.getByText('people are small').count()).toBe(0);
  expect(errors).toEqual([]);
}, 450_000);

test.skipIf(shared === '')(
  'a detector file of the visitor finds the people (skipped: no folder of models)',
  async () => {
    const visitor = await app.profile();
    const other = await app.page(visitor);
    await chooseQuick(other.page);
    await other.page.getByText('Advanced').click();
    await other.page.getByLabel('What finds people').selectOption('own');
    await other.page.getByLabel('Kind of detector').selectOption('rtmdet');
    const file = resolve(shared, 'data/models/rtmdet_nano_person.onnx');
    await other.page.getByLabel('Detector file (ONNX)').setInputFiles(file);
    await giveShort(other.page);
    await other.page.locator('job-report summary').click();
    const report = await other.page.locator('job-report dl').textContent();
    expect(report).toContain(
      '5 pictures a second · fast · whatever is fastest · rtmdet_nano_person.onnx',
    );
    expect(other.errors).toEqual([]);
    await visitor.close();
  },
  450_000,
);

test('the download is the merged answer of GetPersonTracking', async () => {
  await page.getByRole('button', { name: 'Save a table' }).click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download JSON' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('footpath-sample-people.json');
  const answer = JSON.parse(
    await readFile(await download.path(), 'utf8'),
  ) as GetPersonTrackingResponse;
  expect(Object.keys(answer)).toEqual(['JobStatus', 'VideoMetadata', 'Persons']);
  expect(answer.JobStatus).toBe('SUCCEEDED');
  const times = answer.Persons.map(({ Timestamp }) => Timestamp);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  const listed = await page.locator('footpath-people li').count();
  const indexes = new Set(answer.Persons.map(({ Person }) => Person.Index));
  expect([...indexes].sort((a, b) => a - b)).toEqual(Array.from({ length: listed }, (_, i) => i));
  for (const { Person } of answer.Persons) {
    const { Left, Top, Width, Height } = Person.BoundingBox!;
    for (const value of [Left, Top, Width, Height]) expect(value).toBeGreaterThanOrEqual(0);
    expect(Left + Width).toBeLessThanOrEqual(1.000001);
    expect(Top + Height).toBeLessThanOrEqual(1.000001);
  }
});

test('the table has one line a person and sample', async () => {
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Every position (CSV)' }).click();
  const lines = (await readFile(await (await downloading).path(), 'utf8')).trimEnd().split('\r\n');
  expect(lines[0]).toBe('Index,TimestampMillis,Left,Top,Width,Height,Score,Seen');
  expect(lines[1]).toMatch(/^0,\d+(,[\d.]+){5},(yes|estimated)$/);
  await page.keyboard.press('Escape');
});

test('the overlay shows the moment on screen, and a person goes to their first appearance', async () => {
  const person = page.locator('footpath-people button').last();
  const first = /(\d+:\d\d\.\d)/.exec((await person.textContent())!)![1]!;
  await person.click();
  await expect.poll(() => page.locator('footpath-player .now').textContent()).toBe(first);
  await expect.poll(() => person.getAttribute('aria-pressed')).toBe('true');
  await expect.poll(() => person.getAttribute('class')).toContain('present');
  expect(await drawnPixels(page)).toBeGreaterThan(500);
  const video = page.locator('footpath-player video');
  // Less while a place that was asked for is being looked for.
  const state = () => video.evaluate(({ readyState }: HTMLVideoElement) => readyState);
  await expect.poll(state).toBeGreaterThanOrEqual(2);
});

test('playing moves the time, and pausing stops it', async () => {
  // Slowly, from the start: it is to play still when a busy machine comes to pause it.
  await page.getByRole('slider').press('Home');
  await page.getByLabel('Speed').selectOption('0.25');
  await page.getByRole('button', { name: 'Play' }).click();
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  const before = await page.locator('footpath-player .now').textContent();
  await expect.poll(() => page.locator('footpath-player .now').textContent()).not.toBe(before);
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: 'Play' }).waitFor();
  await page.getByLabel('Speed').selectOption('1');
});

test('people are tracked again without the video, and as before', async () => {
  const people = page.locator('footpath-people li');
  const before = await people.count();
  const again = page.locator('track-again');
  await again.locator('summary').click();
  await again.getByLabel('How sure a person must be').selectOption('0.75');
  await again.getByRole('button', { name: 'Track again' }).click();
  const said = () => again.getByRole('status').textContent();
  await expect.poll(said).toMatch(new RegExp(`^\\d+ (person|people) now, ${before} people before`));
  const [now] = /\d+/.exec((await said())!)!;
  await expect.poll(() => people.count()).toBe(Number(now));
  expect(Number(now)).toBeLessThanOrEqual(before);
  await again.getByRole('button', { name: `As before (${before} people)` }).click();
  await expect.poll(said).toMatch(new RegExp(`^${before} people now, ${now} `));
  await expect.poll(() => people.count()).toBe(before);
  expect(errors).toEqual([]);
});

test('a reload stays at the result, and the start lists it', async () => {
  await page.reload();
  await page.locator('result-screen footpath-people button').first().waitFor();
  const head = await page.locator('result-screen .title p').textContent();
  expect(head).toMatch(/long · looked at .* · kept/);
  await page.getByRole('link', { name: 'All videos' }).click();
  const entry = page.locator('job-list li');
  await entry.waitFor();
  const text = (await entry.textContent())!.replace(/\s+/g, ' ');
  expect(text).toMatch(
    /Done.*footpath-sample\.mp4.*\d+ (person|people).*looked at .*kept 62 more days/,
  );
});

test('a running job can be looked at: its picture with boxes, its paths so far, the time left', async () => {
  const other = await app.page(context);
  await startLong(other.page);
  const image = other.page.locator('job-picture img');
  await image.waitFor({ timeout: 60_000 });
  const paths = other.page.locator('progress-screen .paths');
  await expect.poll(async () => Number(await paths.textContent())).toBeGreaterThan(0);
  await expect.poll(() => drawnPixels(other.page, 'job-picture canvas')).toBeGreaterThan(200);
  const width = () => image.evaluate(({ naturalWidth }: HTMLImageElement) => naturalWidth);
  await expect.poll(width).toBeGreaterThan(200);
  const facts = other.page.locator('progress-screen dl').first();
  await expect.poll(() => facts.textContent()).toMatch(/Time left\s+about/);
  const place = other.page.locator('job-picture figcaption');
  const before = await place.textContent();
  await expect.poll(() => place.textContent()).not.toBe(before);
  await stopJob(other.page);
  expect(other.errors).toEqual([]);
  await other.page.close();
});

test('a second tab hears of a job, and stopping it keeps the list in step', async () => {
  const other = await app.page(context);
  await other.page.locator('job-list li').first().waitFor();
  await startLong(page);
  const inList = other.page.locator('job-list').getByRole('button', { name: 'Stop long.mp4' });
  const dialog = other.page.getByRole('dialog');
  await inList.click();
  await expect.poll(() => dialog.textContent()).toContain('in long.mp4 so far is kept');
  await dialog.getByRole('button', { name: 'Go on' }).click();
  expect(await page.getByRole('progressbar', { name: 'Progress' }).isVisible()).toBe(true);
  await inList.click();
  await dialog.getByRole('button', { name: 'Stop' }).click();
  await page.locator('result-screen').waitFor({ timeout: 60_000 });
  expect(await page.locator('.notice').first().textContent()).toContain('Stopped before the end');
  await expect
    .poll(() => other.page.locator('job-list .status').first().textContent())
    .toContain('Stopped');
  expect(other.errors).toEqual([]);
  await other.page.close();
});

test('a sample that cannot be had is told of, and may be tried again', async () => {
  const visitor = await app.profile({ serviceWorkers: 'block' });
  const other = await app.page(visitor);
  app.replaced.set('/samples/footpath-sample.mp4', resolve(inject('root'), 'nowhere.mp4'));
  const sample = other.page.getByRole('button', { name: 'Try the sample' });
  await sample.press('Enter');
  const notice = other.page.locator('start-screen .notice.bad');
  await expect.poll(() => notice.textContent()).toMatch(/sample/);
  const hasFocus = () => sample.evaluate((one) => one.matches(':focus'));
  await expect.poll(hasFocus).toBe(true);
  app.replaced.clear();
  await sample.click();
  await other.page.getByRole('progressbar', { name: 'Progress' }).waitFor();
  await visitor.close();
});

test.each(['chosen', 'dropped', 'pasted'])(
  'a %s file that is no video fails with what to do',
  async (way) => {
    await page.goto(app.url);
    await page.locator('job-list li').first().waitFor();
    const name = 'notes.mp4';
    const text = 'This is not a video at all. '.repeat(200);
    if (way === 'chosen') {
      const file = { name, mimeType: 'video/mp4', buffer: Buffer.from(text) };
      await page.locator('video-drop input[type=file]').setInputFiles(file);
    } else {
      const dataTransfer = await page.evaluateHandle(
        (file) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([file.text], file.name, { type: 'video/mp4' }));
          return transfer;
        },
        { name, text },
      );
      // Beside the zone: the whole page takes it.
      if (way === 'dropped') await page.dispatchEvent('footpath-app h1', 'drop', { dataTransfer });
      else
        await page.locator('footpath-app h1').evaluate((heading, clipboardData) => {
          const how = { clipboardData, bubbles: true, composed: true };
          heading.dispatchEvent(new ClipboardEvent('paste', how));
        }, dataTransfer);
    }
    const notice = page.locator('result-screen .notice.bad');
    await notice.waitFor({ timeout: 60_000 });
    const told = (await notice.textContent())!;
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('notes.mp4');
    expect(told).toContain('text file');
    expect(told).toContain('MP4');
  },
);

test('deleting asks first, then forgets', async () => {
  await page.goto(app.url);
  await page.locator('job-list li').first().waitFor();
  const before = await page.locator('job-list li').count();
  await page.getByRole('button', { name: 'Delete notes.mp4' }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Keep' }).click();
  expect(await page.locator('job-list li').count()).toBe(before);
  await page.getByRole('button', { name: 'Delete notes.mp4' }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect.poll(() => page.locator('job-list li').count()).toBe(before - 1);
  expect(errors).toEqual([]);
});

test('a result that is read slowly never stands in another’s place', async () => {
  const hashes = await page.locator('job-list li').evaluateAll((rows) => {
    const of = (name: string) =>
      rows.find((row) => row.textContent!.includes(name))!.querySelector('a')!.hash;
    return { slow: of('footpath-sample.mp4'), next: of('notes.mp4') };
  });
  await page.locator('footpath-app').evaluate((element, { slow, next }) => {
    const { tracking } = element as FootpathApp;
    const real = tracking.getPaths.bind(tracking);
    tracking.getPaths = async (jobId, ...rest) => {
      const paths = await real(jobId, ...rest);
      if (!slow.endsWith(jobId)) return paths;
      location.hash = next;
      await new Promise<void>((go) => Object.assign(globalThis, { go }));
      tracking.getPaths = real;
      setTimeout(() => document.body.classList.add('read'));
      return paths;
    };
    location.hash = slow;
  }, hashes);
  await page.getByRole('heading', { name: 'notes.mp4' }).waitFor();
  await page.evaluate(() => (globalThis as unknown as { go: () => void }).go());
  await page.locator('body.read').waitFor();
  expect(await page.locator('footpath-people').count()).toBe(0);
  expect(errors).toEqual([]);
});

test('who goes back to a long list finds it where it was left', async () => {
  await page.setViewportSize({ width: 600, height: 300 });
  await page.goto(app.url);
  // It comes a moment after the page, above the list.
  await page.getByText('Ready to work offline', { exact: true }).waitFor();
  const last = page.locator('job-list a').last();
  await last.focus();
  const top = await page.evaluate(() => scrollY);
  expect(top).toBeGreaterThan(300);
  await last.press('Enter');
  await page.locator('result-screen').waitFor();
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(0);
  await page.goBack();
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(top);
  await page.setViewportSize({ width: 1280, height: 800 });
});

test('an unknown job says that its result is gone', async () => {
  await page.goto(`${app.url}#/job/${'0'.repeat(64)}`);
  await page.getByRole('heading', { name: 'This result is gone' }).waitFor();
});

/** Pixels of the overlay that are not transparent. */
function drawnPixels(on: Page, selector = 'footpath-player canvas'): Promise<number> {
  return on.locator(selector).evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let drawn = 0;
    for (let i = 3; i < data.length; i += 4) if (data[i]! > 0) drawn++;
    return drawn;
  });
}

/** Records a still of the page's sample, small, six times in a larger picture: people as a camera far away sees them. */
async function recordSmall(page: Page, seconds: number): Promise<Buffer> {
  const bytes = await page.evaluate(async (pictures) => {
    const video = document.createElement('video');
    video.src = 'samples/footpath-sample.mp4';
    video.currentTime = 6;
    await new Promise((resolve) => (video.onseeked = resolve));
    const canvas = document.createElement('canvas');
    canvas.width = 960;
    canvas.height = 540;
    const context = canvas.getContext('2d')!;
    let drawn = 0;
    const draw = () => {
      drawn++;
      for (let i = 0; i < 6; i++) {
        const width = 156 + 4 * i;
        context.drawImage(video, 60 + 310 * (i % 3), i < 3 ? 80 : 330, width, (width * 9) / 16);
      }
    };
    const timer = setInterval(draw, 40);
    const recorder = new MediaRecorder(canvas.captureStream(25), {
      mimeType: 'video/webm;codecs=vp8',
      videoBitsPerSecond: 2e6,
    });
    const pieces: Blob[] = [];
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    const ended = new Promise((resolve) => (recorder.onstop = resolve));
    recorder.start();
    // By pictures, not by the clock: a busy machine draws fewer in the same time.
    while (drawn < pictures) await new Promise((resolve) => setTimeout(resolve, 40));
    recorder.stop();
    await ended;
    clearInterval(timer);
    return [...new Uint8Array(await new Blob(pieces).arrayBuffer())];
  }, 25 * seconds);
  return Buffer.from(bytes);
}

test('where people are small the result says that others may be missing, and what finds them', async () => {
  const visitor = await app.profile();
  const { page: other } = await app.page(visitor);
  await chooseQuick(other);
  const buffer = await recordSmall(other, 3);
  await other
    .locator(FILE_FIELD)
    .setInputFiles({ name: 'far away.webm', mimeType: 'video/webm', buffer });
  await other.locator('result-screen footpath-people button').first().waitFor({ timeout: RUN_MS });
  await other.getByText('“Accurate” in the options finds more').waitFor();
  await visitor.close();
}, 450_000);
