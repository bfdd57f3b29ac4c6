/** A graphics card that goes away in the middle, with the real GPU process ended. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JobSummary, PersonTracking } from '../../src/client/api.ts';
import type { createPersonTracking } from '../../src/client/person-tracking.ts';
import { OpenApp, shortSample } from './open-app.ts';

interface Globals {
  createPersonTracking: typeof createPersonTracking;
  tracking: PersonTracking;
}

let app: OpenApp;
beforeAll(async () => {
  app = await OpenApp.start([]);
}, 180_000);
afterAll(() => app.close());

test('a job on WebGL whose GPU process dies is not waited for in vain', async () => {
  const context = await app.profile({ serviceWorkers: 'block' });
  // A card in software takes seconds for a frame: of three it has to compute.
  app.replaced.set('/short.mp4', await shortSample(60));
  const page = await context.newPage();
  await page.goto(`${app.url}headless.html`);
  await page.evaluate(async () => {
    const globals = globalThis as unknown as Globals;
    globals.tracking = globals.createPersonTracking({
      backend: 'webgl',
      quality: 'fast',
      sampleRate: 1,
    });
    const Body = new URL('short.mp4', location.href);
    await globals.tracking.putObject({ Bucket: 'videos', Key: 'sample.mp4', Body });
  });
  const start = () =>
    page.evaluate(async () => {
      const Video = { S3Object: { Bucket: 'videos', Name: 'sample.mp4' } };
      const { tracking } = globalThis as unknown as Globals;
      return (await tracking.startPersonTracking({ Video })).JobId!;
    });
  const jobId = await start();
  const job = (id = jobId) =>
    page.evaluate(
      (asked) => (globalThis as unknown as Globals).tracking.getJob(asked),
      id,
    ) as Promise<JobSummary>;
  const personsOf = (id: string) =>
    page.evaluate(
      async (JobId) =>
        (await (globalThis as unknown as Globals).tracking.getPersonTracking({ JobId })).Persons,
      id,
    );
  const isLoaded = async () => {
    const { stage, modelBytes } = (await job()).progress;
    return stage === 'tracking' || (modelBytes && modelBytes.loaded === modelBytes.total);
  };
  await expect.poll(isLoaded, { timeout: 60_000 }).toBe(true);

  // A busy machine takes minutes to start the network in software, and the process dies while it does: once more then.
  // Chromium gives its process up after the third time.
  const browser = await app.browser.newBrowserCDPSession();
  for (const waitMs of [3000, 15_000]) {
    await page.waitForTimeout(waitMs);
    if ((await job()).status === 'IN_PROGRESS') await browser.send('Browser.crashGpuProcess');
  }
  const ends = (id = jobId) =>
    expect.poll(async () => (await job(id)).status, { timeout: 240_000 }).not.toBe('IN_PROGRESS');
  await ends();
  const { status, failure, canGoOn, report } = await job();
  if (status === 'SUCCEEDED') {
    // Where the process came back a fresh thread went on with it, and finds what is found without a loss.
    if (report?.detector?.backend === 'webgl') {
      const undisturbed = await start();
      await ends(undisturbed);
      const persons = await personsOf(jobId);
      expect(persons?.length).toBeGreaterThan(0);
      expect(persons).toEqual(await personsOf(undisturbed));
    } else expect(report?.detector?.notes.join()).toContain('webgl: lost during the job');
  } else {
    expect(failure).toMatchObject({ kind: 'worker-crashed' });
    expect(failure!.message).toContain('device was lost');
    expect(canGoOn).toBe(true);
  }
  await context.close();
}, 600_000);
