/** The built library as a web page takes it: files of its own origin, no bundler, the strictest policy. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, normalize, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { serveStatic } from '../../cli/serve-static.mjs';
import { ensureBuilt } from '../../scripts/build.mjs';
import type { createPersonTracking } from '../../src/index.ts';
import { sharedChromium, type WatchedChromium } from '../fixtures/shared-chromium.ts';

const root = inject('root');
let folder: string;
let server: { url: string; close: () => Promise<void> };
let chromium: WatchedChromium;
let browser: Browser;

beforeAll(async () => {
  await ensureBuilt(['app', 'lib'], () => {});
  folder = await mkdtemp(join(tmpdir(), 'footpath-library-'));
  await writeFile(
    join(folder, 'index.html'),
    '<!doctype html><script src="page.js" type="module"></script>',
  );
  await writeFile(
    join(folder, 'page.js'),
    "import * as footpath from './lib/index.js'; globalThis.footpath = footpath;",
  );
  const places = {
    '/lib/': 'dist/lib',
    '/assets/engine/': 'dist/app/engine',
    '/assets/models/': 'public/models',
    '/videos/': 'public/samples',
  };
  server = await serveStatic(folder, {
    extra: (path) => {
      const place = Object.entries(places).find(([prefix]) => path.startsWith(prefix));
      return place && normalize(resolve(root, place[1], path.slice(place[0].length)));
    },
  });
  chromium = await sharedChromium();
  ({ browser } = chromium);
}, 180_000);

afterAll(async () => {
  await chromium?.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

test('the README’s lines find the people of the sample, and ask no other origin', async () => {
  const context = await browser.newContext();
  const foreign: string[] = [];
  context.on('request', (request) => {
    if (!request.url().startsWith(server.url) && !request.url().startsWith('blob:')) {
      foreign.push(request.url());
    }
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(server.url);
  const answer = await page.evaluate(async () => {
    const { footpath } = globalThis as unknown as {
      footpath: { createPersonTracking: typeof createPersonTracking };
    };
    const tracking = footpath.createPersonTracking({ assets: '/assets/', quality: 'fast' });
    const file = await (await fetch('/videos/footpath-sample.mp4')).blob();
    await tracking.putObject({ Bucket: 'videos', Key: 'entrance.mp4', Body: file });
    const { JobId } = await tracking.startPersonTracking(
      { Video: { S3Object: { Bucket: 'videos', Name: 'entrance.mp4' } } },
      { sampleRate: 2 },
    );
    await tracking.waitForJob(JobId);
    const found = await tracking.getPersonTracking({ JobId, SortBy: 'INDEX' });
    await tracking.close();
    return found;
  });
  expect(answer.StatusMessage).toBeUndefined();
  expect(answer.JobStatus).toBe('SUCCEEDED');
  expect(answer.VideoMetadata).toMatchObject({ FrameWidth: 640, FrameHeight: 360 });
  expect(answer.Persons.length).toBeGreaterThan(20);
  expect(foreign).toEqual([]);
  expect(errors).toEqual([]);
  await context.close();
});
