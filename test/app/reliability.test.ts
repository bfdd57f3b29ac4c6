/** Disks that are full, and pages that come and go, with the real sample. */
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { JobSummary, PersonTracking } from '../../src/client/api.ts';
import type { createPersonTracking } from '../../src/client/person-tracking.ts';
import { OpenApp } from './open-app.ts';

/** What the page without a screen has as globals, and what is kept there by the tests. */
interface Globals {
  createPersonTracking: typeof createPersonTracking;
  tracking: PersonTracking;
  completions: string[];
}

const JOB_MS = 300_000;
const QUOTA_BYTES = 780_000;
/** Three would be too many, did an interruption count. */
const INTERRUPTIONS = 4;

let app: OpenApp;
let context: BrowserContext;
beforeAll(async () => {
  app = await OpenApp.start();
}, 180_000);
afterAll(() => app.close());
beforeEach(async () => {
  context = await app.profile({ serviceWorkers: 'block' });
});
afterEach(() => context.close());

/** A page with a tracker, whose quick settings may be changed. */
async function open(settings: object = {}): Promise<Page> {
  const page = await openEmpty();
  await begin(page, settings);
  return page;
}

async function openEmpty(): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${app.url}headless.html`);
  return page;
}

async function begin(page: Page, settings: object = {}): Promise<void> {
  await page.evaluate((changes) => {
    const globals = globalThis as unknown as Globals;
    globals.completions = [];
    globals.tracking = globals.createPersonTracking({
      backend: 'int8',
      quality: 'fast',
      workers: 1,
      ...changes,
    });
    globals.tracking.addEventListener('completion', ({ detail }) => {
      globals.completions.push(`${detail.JobId} ${detail.Status}`);
    });
  }, settings);
}

/** Starts the sample's job. @returns its JobId */
function startSample(page: Page, settings: object = {}): Promise<string> {
  return page.evaluate(async (changes) => {
    const { tracking } = globalThis as unknown as Globals;
    const Body = new URL('samples/footpath-sample.mp4', location.href);
    await tracking.putObject({ Bucket: 'videos', Key: 'sample.mp4', Body });
    const Video = { S3Object: { Bucket: 'videos', Name: 'sample.mp4' } };
    return (await tracking.startPersonTracking({ Video }, changes)).JobId;
  }, settings);
}

function job(page: Page, jobId: string): Promise<JobSummary> {
  return page.evaluate((id) => (globalThis as unknown as Globals).tracking.getJob(id), jobId);
}

function ended(page: Page, jobId: string): Promise<JobSummary> {
  return page.evaluate((id) => (globalThis as unknown as Globals).tracking.waitForJob(id), jobId);
}

async function stage(page: Page, jobId: string, wanted: string): Promise<void> {
  const now = async () => (await job(page, jobId)).progress.stage;
  await expect.poll(now, { timeout: JOB_MS }).toBe(wanted);
}

/** Waits until a worker has taken the job over for the so-manieth time and loads its model. */
async function taken(page: Page, jobId: string, resumed: number): Promise<void> {
  const now = async () => {
    const { progress, report } = await job(page, jobId);
    return [progress.stage, report?.resumed];
  };
  await expect.poll(now, { timeout: JOB_MS }).toEqual(['loading-model', resumed]);
}

/** Every element of a job, page by page. */
function elements(page: Page, jobId: string): Promise<string> {
  return page.evaluate(async (JobId) => {
    const { tracking } = globalThis as unknown as Globals;
    const found: unknown[] = [];
    let NextToken = '';
    do {
      const MaxResults = 100;
      const answer = await tracking.getPersonTracking({ JobId, MaxResults, NextToken });
      found.push(...answer.Persons!);
      NextToken = answer.NextToken ?? '';
    } while (NextToken !== '');
    return JSON.stringify(found);
  }, jobId);
}

async function session(page: Page): Promise<CDPSession> {
  return context.newCDPSession(page);
}

/** Holds the model's files back. @returns lets them go */
async function holdModel(): Promise<() => Promise<void>> {
  const held = '**/models/**';
  await context.route(held, () => {});
  return () => context.unroute(held);
}

test('a full disk ends a job with what was found, and it goes on to the same end', async () => {
  const page = await openEmpty();
  const devtools = await session(page);
  const origin = new URL(app.url).origin;
  // Before anything is stored: Chromium goes by the room that it last asked for, until that is 30 seconds old. It is what
  // is set aside, and for a checkpoint or two: how many depends on the machine's speed.
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: QUOTA_BYTES });
  await begin(page);
  const jobId = await startSample(page);
  const failed = await ended(page, jobId);
  expect(failed).toMatchObject({ status: 'FAILED', failure: { kind: 'quota-exceeded' } });
  expect(failed.failure?.message).toContain('no room');
  expect(failed.canGoOn).toBe(true);
  expect(failed.elements).toBeGreaterThan(0);
  expect(JSON.parse(await elements(page, jobId))).toHaveLength(failed.elements!);
  const told = () => page.evaluate(() => (globalThis as unknown as Globals).completions);
  await expect.poll(told).toEqual([`${jobId} FAILED`]);

  // It is stored, and stays so while there is no room.
  await page.reload();
  await begin(page);
  expect(await job(page, jobId)).toMatchObject({ status: 'FAILED', elements: failed.elements });

  await devtools.send('Storage.overrideQuotaForOrigin', { origin });
  await page.evaluate((id) => (globalThis as unknown as Globals).tracking.resumeJob(id), jobId);
  expect(await ended(page, jobId)).toMatchObject({ status: 'SUCCEEDED', report: { resumed: 0 } });
  await expect.poll(told).toEqual([`${jobId} SUCCEEDED`]);
  const undisturbed = await startSample(page);
  await ended(page, undisturbed);
  expect(await elements(page, jobId)).toBe(await elements(page, undisturbed));
});

test('pages that are loaded again, closed or left while the model loads do not end a job', async () => {
  const release = await holdModel();
  let page = await open();
  const jobId = await startSample(page, { sampleRate: 2 });
  let times = 0;
  for (let i = 0; i < INTERRUPTIONS; i++) {
    await taken(page, jobId, times++);
    await page.reload();
    await begin(page);
  }
  for (let i = 0; i < INTERRUPTIONS; i++) {
    await taken(page, jobId, times++);
    await page.evaluate(() => (globalThis as unknown as Globals).tracking.close());
    await begin(page);
  }
  for (let i = 0; i < INTERRUPTIONS; i++) {
    await taken(page, jobId, times++);
    await page.close({ runBeforeUnload: false });
    page = await open();
  }
  await taken(page, jobId, times++);
  await release();
  await page.reload();
  await begin(page);
  expect(await ended(page, jobId)).toMatchObject({
    status: 'SUCCEEDED',
    report: { resumed: times },
  });
});

test('a job whose page dies three times in the same place is given up, and can go on', async () => {
  const release = await holdModel();
  let page = await open();
  const jobId = await startSample(page, { sampleRate: 2 });
  for (let i = 0; i < 3; i++) {
    await taken(page, jobId, i);
    const crashed = page.waitForEvent('crash');
    void (await session(page)).send('Page.crash').catch(() => {});
    await crashed;
    void page.close().catch(() => {});
    page = await open();
  }
  const given = await ended(page, jobId);
  expect(given).toMatchObject({ status: 'FAILED', failure: { kind: 'worker-crashed' } });
  await release();
  await page.evaluate((id) => (globalThis as unknown as Globals).tracking.resumeJob(id), jobId);
  expect((await ended(page, jobId)).status).toBe('SUCCEEDED');
});

test('a page that is frozen in the middle goes on when it wakes', async () => {
  const page = await open();
  const jobId = await startSample(page, { sampleRate: 4 });
  await stage(page, jobId, 'tracking');
  const devtools = await session(page);
  await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
  await new Promise((later) => setTimeout(later, 3000));
  await devtools.send('Page.setWebLifecycleState', { state: 'active' });
  expect(await ended(page, jobId)).toMatchObject({ status: 'SUCCEEDED', report: { resumed: 0 } });
});

test('a tab of an older release, whose worker is gone, leaves its jobs to a newer one', async () => {
  const newer = await open();
  const older = await openEmpty();
  await older.route(/\/job\.worker[^/]*\.js$/, (route) => route.fulfill({ status: 404 }));
  await begin(older);
  const jobId = await startSample(older, { sampleRate: 2 });
  const trouble = () => older.evaluate(() => (globalThis as unknown as Globals).tracking.trouble);
  await expect.poll(trouble).toMatchObject({ message: expect.stringMatching(/\w/) });
  expect((await ended(older, jobId)).status).toBe('SUCCEEDED');
  expect((await job(newer, jobId)).status).toBe('SUCCEEDED');
});
