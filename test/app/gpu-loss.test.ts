/** A graphics card that goes away in the middle, with the real GPU process ended. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JobSummary, PersonTracking } from '../../src/client/api.ts';
import type { createPersonTracking } from '../../src/client/person-tracking.ts';
import { OpenApp } from './open-app.ts';

interface Globals {
  createPersonTracking: typeof createPersonTracking;
  tracking: PersonTracking;
}

let app: OpenApp;
beforeAll(async () => {
  app = await OpenApp.start();
}, 180_000);
afterAll(() => app.close());

test('a job on WebGL whose GPU process dies is not waited for in vain', async () => {
  const context = await app.profile({ serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.goto(`${app.url}headless.html`);
  const jobId = await page.evaluate(async () => {
    const globals = globalThis as unknown as Globals;
    globals.tracking = globals.createPersonTracking({
      backend: 'webgl',
      quality: 'fast',
      sampleRate: 0.2,
    });
    const Body = new URL('samples/footpath-sample.mp4', location.href);
    await globals.tracking.putObject({ Bucket: 'videos', Key: 'sample.mp4', Body });
    const Video = { S3Object: { Bucket: 'videos', Name: 'sample.mp4' } };
    return (await globals.tracking.startPersonTracking({ Video })).JobId;
  });
  const job = () =>
    page.evaluate(
      (id) => (globalThis as unknown as Globals).tracking.getJob(id),
      jobId,
    ) as Promise<JobSummary>;
  const isLoaded = async () => {
    const { stage, modelBytes } = (await job()).progress;
    return stage === 'tracking' || (modelBytes && modelBytes.loaded === modelBytes.total);
  };
  await expect.poll(isLoaded, { timeout: 60_000 }).toBe(true);

  // In software the network takes minutes to start, so that the process dies while it does. Where it is quicker than that, it
  // dies on the way; where it is slower, once more: Chromium gives its process up after the third time.
  const browser = await app.browser.newBrowserCDPSession();
  for (const waitMs of [3000, 15_000]) {
    await page.waitForTimeout(waitMs);
    if ((await job()).status === 'IN_PROGRESS') await browser.send('Browser.crashGpuProcess');
  }
  await expect.poll(async () => (await job()).status, { timeout: 60_000 }).not.toBe('IN_PROGRESS');
  const { status, failure, canGoOn, report } = await job();
  if (status === 'SUCCEEDED') {
    expect(report?.detector?.notes.join()).toContain('webgl: lost during the job');
  } else {
    expect(failure).toMatchObject({ kind: 'worker-crashed' });
    expect(failure!.message).toContain('device was lost');
    expect(canGoOn).toBe(true);
  }
  await context.close();
}, 300_000);
