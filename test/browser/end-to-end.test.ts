import { afterEach, expect, inject, test } from 'vitest';
import type { PersonTracking } from '../../src/client/api.ts';
import { createPersonTracking } from '../../src/client/person-tracking.ts';

const shared = inject('shared');
let tracking: PersonTracking | undefined;

afterEach(async () => {
  await tracking?.close();
});

test.skipIf(shared === '')('a real video, start to end', { timeout: 240_000 }, async () => {
  tracking = createPersonTracking({
    database: `test-${crypto.randomUUID()}`,
    assets: '/',
    backend: 'wasm',
  });
  const answer = await fetch(`/@fs${shared}/data/videos/TUD-Campus.mp4`);
  await tracking.putObject({ Bucket: 'videos', Key: 'campus.mp4', Body: await answer.blob() });
  const stages: string[] = [];
  tracking.addEventListener('progress', (event) => {
    if (stages.at(-1) !== event.detail.stage) stages.push(event.detail.stage);
  });
  const t = performance.now();
  const { JobId } = await tracking.startPersonTracking({
    Video: { S3Object: { Bucket: 'videos', Name: 'campus.mp4' } },
  });
  const job = await tracking.waitForJob(JobId);
  console.log(JSON.stringify(job, null, 1), performance.now() - t, stages);
  expect(job.failure).toBeUndefined();
  const page = await tracking.getPersonTracking({ JobId });
  console.log(JSON.stringify(page.Persons.slice(0, 3)), page.Persons.length, page.VideoMetadata);
  expect(page.JobStatus).toBe('SUCCEEDED');
});
