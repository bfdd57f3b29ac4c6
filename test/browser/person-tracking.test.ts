/** Long because two clips and one way to start a page serve all of it. */
import { openDB } from 'idb';
import { afterEach, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import type { PersonTracking, PersonTrackingOptions } from '../../src/client/api.ts';
import { createPersonTracking } from '../../src/client/person-tracking.ts';
import type { CompletionMessage } from '../../src/contract/types.ts';
import { Database } from '../../src/store/database.ts';
import { JobStore } from '../../src/store/jobs.ts';
import { makeVideo } from '../fixtures/make-video.ts';

const shared = inject('shared');
const open: PersonTracking[] = [];
const workers: Worker[] = [];
const NativeWorker = globalThis.Worker;
const Video = { S3Object: { Bucket: 'videos', Name: 'clip.webm' } };
const topic = 'arn:aws:sns:eu-west-1:123456789012:AmazonRekognitionDone';
const role = 'arn:aws:iam::123456789012:role/rekognition';
/** Slow enough for a job to be met in the middle. */
const SLOW = { backend: 'wasm' } as const;
let clip: Blob;
let medium: Blob;
let long: Blob;

function start(options: PersonTrackingOptions & { database: string }): PersonTracking {
  const tracking = createPersonTracking({
    assets: '/',
    backend: 'auto',
    quality: 'fast',
    workers: 1,
    ...options,
  });
  open.push(tracking);
  return tracking;
}

async function withClip(options: Partial<PersonTrackingOptions> = {}): Promise<PersonTracking> {
  const { database = `test-${crypto.randomUUID()}` } = options;
  const tracking = start({ ...options, database });
  await tracking.putObject({ Bucket: 'videos', Key: 'clip.webm', Body: clip });
  return tracking;
}

beforeAll(async () => {
  clip = await makeVideo({ seconds: 0.5 });
  medium = await makeVideo({ seconds: 8 });
  long = await makeVideo({ seconds: 12 });
});

afterEach(async () => {
  globalThis.Worker = NativeWorker;
  workers.length = 0;
  await Promise.all(open.splice(0).map((tracking) => tracking.close()));
});

test('a job without people succeeds with metadata and an empty list', async () => {
  const tracking = await withClip();
  const { JobId } = await tracking.startPersonTracking({ Video, JobTag: 'shop/entrance' });
  expect(JobId).toMatch(/^[0-9a-f]{64}$/);
  const early = await tracking.getPersonTracking({ JobId });
  expect(early).toMatchObject({ JobStatus: 'IN_PROGRESS', Persons: [], Video });
  await tracking.waitForJob(JobId);
  const answer = await tracking.getPersonTracking({ JobId });
  expect(answer).toEqual({
    JobStatus: 'SUCCEEDED',
    VideoMetadata: expect.objectContaining({
      Codec: 'vp8',
      Format: 'Matroska / WebM',
      DurationMillis: 500,
      FrameWidth: 160,
      FrameHeight: 120,
    }),
    Persons: [],
    JobId,
    JobTag: 'shop/entrance',
    Video,
  });
  const { report } = await tracking.getJob(JobId);
  expect(report?.decode).toMatchObject({ framesDecoded: 15, framesDamaged: 0, framesOpen: 0 });
});

test('completion is told to the callback, as an event, and on the channel of the topic', async () => {
  const heard: Record<string, CompletionMessage> = {};
  const other = new BroadcastChannel(topic);
  onTestFinished(() => other.close());
  const onTopic = new Promise<void>((done) => {
    other.onmessage = (event) => {
      heard.topic = event.data;
      done();
    };
  });
  const tracking = await withClip({
    onCompletion: (message) => {
      heard.callback = message;
    },
  });
  tracking.addEventListener('completion', (event) => {
    heard.event = event.detail;
  });
  const { JobId } = await tracking.startPersonTracking({
    Video,
    NotificationChannel: { SNSTopicArn: topic, RoleArn: role },
  });
  await tracking.waitForJob(JobId);
  await onTopic;
  expect(Object.keys(heard.topic!)).toEqual(['JobId', 'Status', 'API', 'Timestamp', 'Video']);
  expect(heard.topic).toMatchObject({ JobId, Status: 'SUCCEEDED', API: 'StartPersonTracking' });
  await expect.poll(() => heard.event).toEqual(heard.topic);
  await expect.poll(() => heard.callback).toEqual(heard.topic);
});

test('a video that cannot be read ends as FAILED with words for people', async () => {
  const tracking = await withClip();
  const text = new Blob(['this is no video']);
  await tracking.putObject({ Bucket: 'videos', Key: 'notes.mp4', Body: text });
  const { JobId } = await tracking.startPersonTracking({
    Video: { S3Object: { Bucket: 'videos', Name: 'notes.mp4' } },
  });
  const job = await tracking.waitForJob(JobId);
  expect(job.failure?.kind).toBe('not-a-video');
  const answer = await tracking.getPersonTracking({ JobId });
  expect(answer).toMatchObject({ JobStatus: 'FAILED', Persons: [] });
  expect(answer.StatusMessage).toContain('not a video');
});

test('a missing model ends the job as FAILED and names the address', async () => {
  const tracking = await withClip({ assets: '/nowhere/' });
  const { JobId } = await tracking.startPersonTracking({ Video });
  const job = await tracking.waitForJob(JobId);
  expect(job.failure?.kind).toBe('model-missing');
  expect(job.failure?.message).toContain('/nowhere/models/');
});

describe('what finds the people', () => {
  test('is NanoDet, or the other that comes along', async () => {
    const tracking = await withClip();
    const { JobId } = await tracking.startPersonTracking({ Video }, { model: 'coco-ssd-person' });
    const { JobId: usual } = await tracking.startPersonTracking({ Video });
    expect((await tracking.waitForJob(JobId)).report?.detector?.model).toBe('coco-ssd-person');
    expect((await tracking.waitForJob(usual)).report?.detector?.model).toBe('nanodet-person');
  });

  test.skipIf(shared === '').each([
    ['yolox_nano_416', 'yolox', { width: 416, height: 416 }],
    ['yolox_nano_480x640', 'yolox', { width: 640, height: 480 }],
    ['rtmdet_nano_person', 'rtmdet', { width: 384, height: 288 }],
  ] as const)(
    'can be a file of the user: %s (skipped: no folder of models)',
    async (name, family, input) => {
      const bytes = await (await fetch(`/@fs${shared}/data/models/${name}.onnx`)).blob();
      const onnx = new File([bytes], `${name}.onnx`);
      const tracking = await withClip();
      const { JobId } = await tracking.startPersonTracking(
        { Video },
        { quality: 'balanced', model: { onnx, family } },
      );
      const job = await tracking.waitForJob(JobId);
      expect(job.failure).toBeUndefined();
      expect(job.report?.detector).toMatchObject({ model: `${name}.onnx`, inputs: [input] });
      expect(job.settings.model).toEqual({
        name: `${name}.onnx`,
        family,
        from: { file: expect.stringMatching(/^[0-9a-f]{32}$/) },
      });
    },
  );

  test('a file that is no network ends the job with words for people', async () => {
    const tracking = await withClip();
    const onnx = new File(['bread, milk, eggs'], 'list.onnx');
    const { JobId } = await tracking.startPersonTracking(
      { Video },
      { model: { onnx, family: 'yolox' } },
    );
    expect((await tracking.waitForJob(JobId)).failure).toMatchObject({
      kind: 'model-damaged',
      message: expect.stringMatching(/list\.onnx cannot be used: ONNX Runtime does not read it/),
    });
  });

  test.skipIf(shared === '')(
    'an address is read from there, and another family is refused',
    async () => {
      const tracking = await withClip();
      const onnx = `/@fs${shared}/data/models/rtmdet_nano_person.onnx`;
      const { JobId } = await tracking.startPersonTracking(
        { Video },
        { model: { onnx, family: 'yolox' } },
      );
      expect((await tracking.waitForJob(JobId)).failure).toMatchObject({
        kind: 'model-damaged',
        message: expect.stringMatching(/rtmdet_nano_person\.onnx .*it has no input images/),
      });
    },
  );

  test.skipIf(shared === '')(
    'a file is kept with its job until that has ended, over a crash too',
    async () => {
      const database = `test-${crypto.randomUUID()}`;
      globalThis.Worker = class extends NativeWorker {
        constructor(url: string | URL, options?: WorkerOptions) {
          super(url, options);
          workers.push(this);
        }
      };
      const onnx = await (await fetch(`/@fs${shared}/data/models/rtmdet_nano_person.onnx`)).blob();
      const first = start({ database });
      await first.putObject({ Bucket: 'videos', Key: 'clip.webm', Body: long });
      const { JobId } = await first.startPersonTracking(
        { Video },
        { sampleRate: 2, model: { onnx, family: 'rtmdet' } },
      );
      await new Promise<void>((begun) => {
        first.addEventListener('progress', ({ detail }) => {
          if (detail.samplesDone > 0) begun();
        });
      });
      for (const worker of workers) worker.terminate();
      const job = await start({ database }).waitForJob(JobId);
      expect(job).toMatchObject({
        status: 'SUCCEEDED',
        report: { resumed: 1, detector: { model: 'model.onnx' } },
      });
      const connection = new Database(database);
      expect(await new JobStore(connection).modelFile(JobId)).toBeUndefined();
      await connection.close();
    },
  );
});

test('a database of the first layout is brought up to date, with what is in it', async () => {
  const database = `test-${crypto.randomUUID()}`;
  const old = await openDB(database, 1, {
    upgrade(db) {
      db.createObjectStore('objects', { keyPath: ['bucket', 'key', 'version'] });
      for (const name of ['copies', 'samples', 'results', 'secrets']) db.createObjectStore(name);
      db.createObjectStore('jobs', { keyPath: 'jobId' }).createIndex('state', 'state');
      db.createObjectStore('tokens', { keyPath: 'token' });
    },
  });
  const other = `test-${crypto.randomUUID()}`;
  const stored = await withClip({ database: other });
  const { JobId } = await stored.startPersonTracking({ Video });
  await stored.waitForJob(JobId);
  // A finished job as that layout held it.
  const connection = new Database(other);
  await old.put('jobs', await new JobStore(connection).get(JobId));
  await connection.close();
  old.close();
  const tracking = start({ database });
  expect((await tracking.listJobs()).map(({ jobId }) => jobId)).toEqual([JobId]);
  await tracking.deleteJob(JobId);
  expect(await tracking.listJobs()).toEqual([]);
});

test('a stopped job ends as FAILED and keeps its place in the list', async () => {
  const tracking = await withClip(SLOW);
  await tracking.putObject({ Bucket: 'videos', Key: 'clip.webm', Body: long });
  const { JobId } = await tracking.startPersonTracking({ Video });
  await new Promise<void>((running) => {
    tracking.addEventListener('progress', ({ detail }) => {
      if (detail.samplesDone > 3) running();
    });
  });
  await tracking.stopJob(JobId);
  const job = await tracking.waitForJob(JobId);
  expect(job).toMatchObject({ status: 'FAILED', failure: { kind: 'stopped' } });
  await tracking.deleteJob(JobId);
  expect(await tracking.listJobs()).toEqual([]);
});

/** Starts a job whose threads all die after its first chunk. @returns its JobId */
async function killedPastCheckpoint(
  options: Parameters<typeof start>[0] & { database: string },
): Promise<string> {
  globalThis.Worker = class extends NativeWorker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      workers.push(this);
    }
  };
  const first = start(options);
  await first.putObject({ Bucket: 'videos', Key: 'clip.webm', Body: medium });
  const { JobId } = await first.startPersonTracking({ Video });
  const connection = new Database(options.database);
  const store = new JobStore(connection);
  // Not by its progress, which is told five times a second: what is left might be done by then.
  const done = async () => (await store.get(JobId))!.samplesDone;
  await expect.poll(done, { interval: 10 }).toBeGreaterThanOrEqual(64);
  for (const worker of workers) worker.terminate();
  await connection.close();
  return JobId;
}

test('a job whose thread dies goes on in another page from its checkpoint, with the same result', async () => {
  const database = `test-${crypto.randomUUID()}`;
  const JobId = await killedPastCheckpoint({ database, ...SLOW });
  const connection = new Database(database);
  const record = (await new JobStore(connection).get(JobId))!;
  await connection.close();
  expect(record).toMatchObject({ state: 'running', stage: 'tracking' });
  // The first chunk is whole; where the machine is slow, a part of the next is stored too.
  expect(record.samplesDone).toBeGreaterThanOrEqual(64);

  const second = start({ database });
  const seen: number[] = [];
  second.addEventListener('progress', ({ detail }) => {
    if (detail.stage === 'tracking') seen.push(detail.samplesDone);
  });
  const job = await second.waitForJob(JobId);
  expect(job).toMatchObject({ status: 'SUCCEEDED', progress: { samplesDone: 120 } });
  expect(job.report?.resumed).toBe(1);
  expect(job.report?.decode).toMatchObject({ framesExpected: 240, framesDecoded: 240 });
  expect(Math.min(...seen)).toBe(record.samplesDone);
});

test('a job that goes on keeps the backend and the inputs that it began with', async () => {
  const database = `test-${crypto.randomUUID()}`;
  const JobId = await killedPastCheckpoint({ database, backend: 'auto' });
  // As if it had begun on another machine's choice: `auto` never takes cpu, and no quality looks so small.
  const connection = new Database(database);
  const began = { backend: 'cpu', inputs: [{ width: 32, height: 32 }] } as const;
  await new JobStore(connection).update(JobId, (job) => ({
    ...job,
    report: { ...job.report, detector: { ...job.report.detector!, ...began } },
  }));
  await connection.close();

  const job = await start({ database, backend: 'auto' }).waitForJob(JobId);
  expect(job).toMatchObject({ status: 'SUCCEEDED', report: { resumed: 1, detector: began } });
});

test('a job that began with another network of the same name begins anew', async () => {
  const database = `test-${crypto.randomUUID()}`;
  const JobId = await killedPastCheckpoint({ database, backend: 'auto' });
  const connection = new Database(database);
  await new JobStore(connection).update(JobId, (job) => ({
    ...job,
    report: { ...job.report, detector: { ...job.report.detector!, fingerprint: 'older' } },
  }));
  await connection.close();

  const second = start({ database });
  const seen: number[] = [];
  second.addEventListener('progress', ({ detail }) => {
    if (detail.stage === 'tracking') seen.push(detail.samplesDone);
  });
  await expect.poll(() => seen.length).toBeGreaterThan(0);
  expect(seen[0]).toBe(0);
  const { detector } = (await second.getJob(JobId)).report!;
  expect(detector?.fingerprint).toMatch(/^[0-9a-f]{64}$/);
});

test('two pages never run one job: each of several jobs runs once', async () => {
  const database = `test-${crypto.randomUUID()}`;
  const [first, second] = [start({ database }), start({ database })];
  await first.putObject({ Bucket: 'videos', Key: 'clip.webm', Body: clip });
  const completions: string[] = [];
  first.addEventListener('completion', ({ detail }) => completions.push(detail.JobId));
  const jobs = await Promise.all(
    [first, second, first, second].map((tracking) => tracking.startPersonTracking({ Video })),
  );
  for (const { JobId } of jobs) {
    const job = await first.waitForJob(JobId);
    expect(job).toMatchObject({ status: 'SUCCEEDED', report: { resumed: 0 } });
  }
  expect(completions.sort()).toEqual(jobs.map(({ JobId }) => JobId).sort());
});

test('an open file that is kept by the page alone is read there, and lost with it', async () => {
  const database = `test-${crypto.randomUUID()}`;
  const first = start({ database });
  await first.putObject({ Bucket: 'videos', Key: 'clip.webm', Body: clip, Keep: 'reference' });
  const { JobId } = await first.startPersonTracking({ Video });
  expect((await first.waitForJob(JobId)).status).toBe('SUCCEEDED');
  await first.close();
  const second = start({ database });
  await expect(second.startPersonTracking({ Video })).rejects.toMatchObject({
    name: 'InvalidS3ObjectException',
  });
});

test('objects have versions, are listed newest first, and are deleted', async () => {
  const tracking = await withClip();
  const newer = await tracking.putObject({ Bucket: 'videos', Key: 'clip.webm', Body: long });
  const listed = await tracking.listObjects();
  expect(listed.map(({ IsLatest, VersionId }) => [IsLatest, VersionId])).toEqual([
    [true, newer.VersionId],
    [false, expect.any(String)],
  ]);
  const older = await tracking.getObject({
    Bucket: 'videos',
    Key: 'clip.webm',
    VersionId: listed[1]!.VersionId,
  });
  expect((older as Blob).size).toBe(clip.size);
  await tracking.deleteObject({ Bucket: 'videos', Key: 'clip.webm' });
  expect(await tracking.listObjects()).toEqual([]);
});
