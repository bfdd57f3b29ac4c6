/** Results of one job: pages, tokens and requests for another. */
import { beforeAll, describe, expect, test } from 'vitest';
import { namedRevision } from '../../src/client/named-revision.ts';
import { collectPaths } from '../../src/client/paths.ts';
import { ResultPages } from '../../src/client/result-pages.ts';
import { askForRetrack, hasCome } from '../../src/client/retrack.ts';
import { memoryStorage } from '../../src/client/storage.ts';
import { validateGetPersonTracking } from '../../src/contract/validate.ts';
import { retrackJob } from '../../src/engine/retrack-job.ts';
import { REVISIONS_MAX } from '../../src/engine/revisions.ts';
import { runJob } from '../../src/engine/run-job.ts';
import { engineHost } from '../fixtures/engine-host.ts';
import { jobRecord } from '../fixtures/job-record.ts';

const storage = memoryStorage();
const { jobs } = storage;
const pages = new ResultPages(storage);
let jobId: string;

beforeAll(async () => {
  const job = jobRecord();
  jobId = job.jobId;
  await jobs.create(job, undefined, 20);
  await runJob(jobId, engineHost(jobs));
});

const jobNow = async () => (await jobs.get(jobId))!;
const page = async (request: object, revision?: number) =>
  pages.page(await jobNow(), validateGetPersonTracking({ JobId: jobId, ...request }), revision);
async function retrack(changes: Parameters<typeof askForRetrack>[2]): Promise<number> {
  const revision = await askForRetrack(jobs, await jobNow(), changes);
  expect(hasCome(await jobNow(), revision)).toBe(false);
  await retrackJob(jobId, engineHost(jobs));
  expect(hasCome(await jobNow(), revision)).toBe(true);
  return revision;
}
/** Every page from a token on, of one result. */
async function rest(NextToken: string | undefined, revision?: number): Promise<unknown[]> {
  const found: unknown[] = [];
  for (let next = NextToken; next !== undefined; ) {
    const answer = await page({ MaxResults: 40, NextToken: next }, revision);
    found.push(...answer.Persons!);
    next = answer.NextToken;
  }
  return found;
}

test('the latest answers, a token goes on with its own, and an option names another', async () => {
  const before = await page({ MaxResults: 40 });
  const whole = [...before.Persons!, ...(await rest(before.NextToken))];
  expect(whole).toHaveLength((await jobNow()).elements!);
  expect(await retrack({ refine: false })).toBe(2);
  // A reader in the middle of the first result reads on in it, to its end.
  expect([...before.Persons!, ...(await rest(before.NextToken))]).toEqual(whole);
  const latest = await page({});
  expect(latest.Persons).not.toEqual(whole);
  expect(latest).toEqual(await page({}, 2));
  expect((await page({}, 1)).Persons).toEqual(whole);
  await expect(page({ NextToken: before.NextToken }, 2)).rejects.toMatchObject({
    name: 'InvalidPaginationTokenException',
    message: expect.stringContaining('of the result 1, not 2'),
  });
  for (const revision of [0, 3, 1.5, '1' as never]) {
    await expect(page({}, revision)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringMatching(/results of the job .* \(1, 2\)/),
    });
  }
  const elements = async (revision?: number) => {
    const paths = await collectPaths(jobs, jobId, namedRevision(await jobNow(), revision));
    return paths.reduce((sum, { frames }) => sum + frames.length, 0);
  };
  expect(await elements(1)).toBe(whole.length);
  expect(await elements()).toBe(latest.Persons!.length);
});

test('a token of a result that went says so', async () => {
  const first = await page({ MaxResults: 10 }, 1);
  expect((await page({ NextToken: first.NextToken })).Persons).not.toEqual([]);
  for (let i = 0; i < REVISIONS_MAX; i++) await retrack({ rejoinSeconds: i });
  await expect(page({ NextToken: first.NextToken })).rejects.toMatchObject({
    name: 'InvalidPaginationTokenException',
    message: expect.stringContaining('not kept any more'),
  });
});

describe('another result is refused', () => {
  const refused = (members: Parameters<typeof jobRecord>[0]) =>
    askForRetrack(jobs, jobRecord(members), {});
  const video = { width: 1, height: 1 } as never;

  test.each([
    ['a job that waits', {}, /must have ended; it is queued/],
    ['one that runs', { state: 'running' }, /must have ended; it is running/],
    [
      'one that can go on',
      { state: 'failed', failure: { kind: 'quota-exceeded', message: '' } },
      /can go on: let it go on first/,
    ],
    [
      'one that is tracked again',
      { state: 'succeeded', retrack: { revision: 2 } as never },
      /wait for that, or stop it/,
    ],
    [
      'one that never saw its video',
      { state: 'failed', failure: { kind: 'not-a-video', message: '' } },
      /it failed before that/,
    ],
  ] as const)('of %s', async (_, members, message) => {
    await expect(refused(members)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringMatching(message),
    });
  });

  test('whose detections are gone, or over', async () => {
    const gone = {
      kind: 'detections-missing',
      message: expect.stringMatching(/new job.*clip\.mp4/),
    };
    const had = { state: 'succeeded', video, chunks: 1 } as const;
    await expect(refused(had)).rejects.toMatchObject(gone);
    // Its record has not heard of it.
    await expect(refused({ ...had, keptDetections: {} })).rejects.toMatchObject(gone);
    const job = await jobNow();
    const over = { ...job, keptDetections: { expiresAtMs: Date.now() } };
    await expect(askForRetrack(jobs, over, {})).rejects.toMatchObject(gone);
  });

  test('by settings that need the video', async () => {
    const settings = { quality: 'accurate' } as object;
    await expect(askForRetrack(jobs, await jobNow(), settings)).rejects.toThrow(/^quality: /);
    expect((await jobNow()).retrack).toBeUndefined();
  });
});

test('a job that is deleted while it is read gives no part of its result', async () => {
  const job = jobRecord();
  await jobs.create(job, undefined, 20);
  await runJob(job.jobId, engineHost(jobs));
  const read = (await jobs.get(job.jobId))!;
  await jobs.delete(job.jobId);
  const gone = { name: 'ResourceNotFoundException' };
  const request = validateGetPersonTracking({ JobId: job.jobId });
  await expect(pages.page(read, request)).rejects.toMatchObject(gone);
  await expect(collectPaths(jobs, job.jobId, namedRevision(read, 1))).rejects.toMatchObject(gone);
});
