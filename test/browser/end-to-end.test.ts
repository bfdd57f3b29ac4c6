import { afterEach, expect, inject, test } from 'vitest';
import type { JobSettings, PersonTracking } from '../../src/client/api.ts';
import { createPersonTracking } from '../../src/client/person-tracking.ts';
import type { GetPersonTrackingResponse, PersonDetection } from '../../src/contract/types.ts';
import { motRows } from '../../src/export/mot-rows.ts';
import { parseMot, parseMotTruth } from '../../src/metrics/mot-text.ts';
import { scoreTracking, trackingFigures } from '../../src/metrics/tracking-score.ts';
import type { PersonPath } from '../../src/track/path.ts';

const shared = inject('shared');
const open: PersonTracking[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((tracking) => tracking.close()));
});

async function run(url: string, workers: number, settings: Partial<JobSettings> = {}) {
  const tracking = createPersonTracking({
    database: `test-${crypto.randomUUID()}`,
    assets: '/',
    backend: 'int8',
    quality: 'fast',
    workers,
    ...settings,
  });
  open.push(tracking);
  const body = await (await fetch(url)).blob();
  await tracking.putObject({ Bucket: 'videos', Key: 'video.mp4', Body: body });
  const { JobId } = await tracking.startPersonTracking({
    Video: { S3Object: { Bucket: 'videos', Name: 'video.mp4' } },
  });
  const job = await tracking.waitForJob(JobId);
  return { tracking, JobId, job };
}

async function everyPage(
  tracking: PersonTracking,
  JobId: string,
  SortBy: 'INDEX' | 'TIMESTAMP',
  MaxResults: number,
): Promise<PersonDetection[]> {
  const persons: PersonDetection[] = [];
  let NextToken = '';
  do {
    const page: GetPersonTrackingResponse = await tracking.getPersonTracking({
      JobId,
      SortBy,
      MaxResults,
      NextToken,
    });
    persons.push(...page.Persons);
    NextToken = page.NextToken ?? '';
  } while (NextToken !== '');
  return persons;
}

function sameElements(a: PersonPath[], b: PersonPath[]): void {
  expect(b.length).toBe(a.length);
  a.forEach((path, i) => {
    expect(b[i]).toEqual(path);
  });
}

/** The truth is of every frame: only those on the grid are asked for. */
async function gradeSample(paths: PersonPath[]) {
  const sampled = new Set(Array.from({ length: 270 }, (_, i) => Math.floor((i * 25) / 15) + 1));
  const truthText = await (await fetch('/samples/footpath-sample/gt/gt.txt')).text();
  const truthLines = truthText
    .split('\n')
    .filter((line) => sampled.has(Number(line.split(',')[0])));
  const results = [...motRows(paths, { width: 640, height: 360 })].join('');
  return trackingFigures(
    scoreTracking(parseMotTruth(truthLines.join('\n'), 'truth'), parseMot(results, 'results'), 450),
  );
}

test('the sample: people found, pages in both orders, one answer whatever the number of threads', {
  timeout: 300_000,
}, async () => {
  const { tracking, JobId, job } = await run('/samples/footpath-sample.mp4', 2);
  expect(job).toMatchObject({ status: 'SUCCEEDED', progress: { samplesDone: 270 } });
  expect(job.report?.decode).toMatchObject({
    framesExpected: 450,
    framesDecoded: 450,
    framesDamaged: 0,
    framesOpen: 0,
  });

  const byTime = await everyPage(tracking, JobId, 'TIMESTAMP', 97);
  const byPerson = await everyPage(tracking, JobId, 'INDEX', 1000);
  expect(byTime.length).toBe(job.elements);
  expect(byPerson.length).toBe(job.elements);
  const key = ({ Timestamp, Person }: PersonDetection) => Timestamp * 1000 + Person.Index;
  expect(byTime.map(key)).toEqual(byPerson.map(key).sort((a, b) => a - b));
  const indices = byPerson.map(({ Person }) => Person.Index);
  expect(indices).toEqual([...indices].sort((a, b) => a - b));
  expect(new Set(indices)).toEqual(new Set(Array.from({ length: job.people! }, (_, i) => i)));
  const grid = new Set(
    Array.from({ length: 270 }, (_, i) => Math.floor((Math.floor((i * 25) / 15) * 1000) / 25)),
  );
  for (const { Timestamp } of byTime) expect(grid).toContain(Timestamp);

  const paths = await tracking.getPaths(JobId);
  const figures = await gradeSample(paths);
  console.log('sample:', job.people, 'people', figures);
  expect(figures.HOTA).toBeGreaterThan(48);
  expect(figures.IDF1).toBeGreaterThan(62);

  const again = await run('/samples/footpath-sample.mp4', 1);
  sameElements(paths, await again.tracking.getPaths(again.JobId));
  await retracked(again, paths);
});

/** Tracks a job's people again, without its video. @param paths of its first result */
async function retracked(
  { tracking, JobId, job }: Awaited<ReturnType<typeof run>>,
  paths: PersonPath[],
): Promise<void> {
  await tracking.deleteObject({ Bucket: 'videos', Key: 'video.mp4' });
  const told: string[] = [];
  tracking.addEventListener('completion', ({ detail }) => told.push(detail.JobId));
  const boxes = paths.reduce((sum, { frames }) => sum + frames.length, 0);
  expect(job.detections?.bytes).toBeGreaterThan(20 * boxes);
  const same = await tracking.retrack(JobId, {});
  const { people, elements, report } = job;
  expect(same).toMatchObject({ status: 'SUCCEEDED', people, elements, report });
  sameElements(paths, await tracking.getPaths(JobId));
  const other = await tracking.retrack(JobId, { tracker: 'sort' });
  expect(other.settings).toMatchObject({ tracker: 'sort', refine: false });
  expect(other.revisions.map(({ revision, settings }) => [revision, settings.tracker])).toEqual([
    [1, 'footpath'],
    [2, 'footpath'],
    [3, 'sort'],
  ]);
  expect((await tracking.getPaths(JobId)).length).toBe(other.people);
  expect(await tracking.getPaths(JobId)).not.toEqual(paths);
  sameElements(paths, await tracking.getPaths(JobId, { revision: 1 }));
  expect(told).toEqual([JobId, JobId]);
  await expect(tracking.retrack(JobId, { quality: 'accurate' } as object)).rejects.toThrow(
    /^quality: another value needs people to be looked for anew/,
  );
}

test('looking at every third sample gives boxes in all of them, estimated in between', {
  timeout: 200_000,
}, async () => {
  const { tracking, JobId, job } = await run('/samples/footpath-sample.mp4', 2, { detectEvery: 3 });
  // Samples 0, 3, … 267 are looked at; nothing is known of the two behind the last one.
  expect(job).toMatchObject({ status: 'SUCCEEDED', progress: { samplesDone: 268 } });
  const grid = Array.from({ length: 270 }, (_, i) => Math.floor((i * 25) / 15));
  const paths = await tracking.getPaths(JobId);
  const boxes = { seen: 0, estimated: 0 };
  for (const { frames, flags, timestampsMs } of paths) {
    frames.forEach((frame, i) => {
      const sample = grid.indexOf(frame);
      expect(timestampsMs[i]).toBe(Math.floor((frame * 1000) / 25));
      if (flags[i] === 1) boxes.estimated++;
      else {
        boxes.seen++;
        expect(sample % 3).toBe(0);
      }
    });
  }
  expect(boxes.seen).toBeGreaterThan(150);
  expect(boxes.estimated).toBeGreaterThan(1.8 * boxes.seen);
  const figures = await gradeSample(paths);
  console.log('every third sample:', job.people, 'people', figures);
  expect(figures.HOTA).toBeGreaterThan(30);
});

test.skipIf(shared === '')('a real scene', { timeout: 240_000 }, async () => {
  const { job } = await run(`/@fs${shared}/data/videos/TUD-Campus.mp4`, 2);
  expect(job.failure).toBeUndefined();
  expect(job.progress.samplesDone).toBe(43);
  expect(job.people).toBeGreaterThanOrEqual(4);
  expect(job.people).toBeLessThan(25);
});
