/**
 * The library's client and the job runner in Node: real requests, stores, locks, threads' messages and jobs. Only what
 * decodes and detects is known beforehand (engine-host.ts); in Chromium all of it is real (test/browser). Long because one
 * page, one clip and one gate serve all of it.
 */
import 'fake-indexeddb/auto';
import { createHash } from 'node:crypto';
import {
  afterAll,
  afterEach,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
  vi,
} from 'vitest';
import type { JobSettings, PersonTracking, PersonTrackingOptions } from '../../src/client/api.ts';
import { assetsFolder } from '../../src/client/assets-folder.ts';
import { canStore } from '../../src/client/can-store.ts';
import { createPersonTracking } from '../../src/client/person-tracking.ts';
import { resultManifest } from '../../src/client/result-manifest.ts';
import { startJobWorker } from '../../src/client/start-copied-worker.ts';
import { Tidying } from '../../src/client/tidying.ts';
import type { CompletionMessage } from '../../src/contract/types.ts';
import { analysisJson } from '../../src/export/analysis-json.ts';
import { differencesOf } from '../../src/export/result-manifest.ts';
import { Database } from '../../src/store/database.ts';
import { JobStore } from '../../src/store/jobs.ts';
import type { SampleDetections } from '../../src/track/detections.ts';
import { engineHost, SAMPLES } from '../fixtures/engine-host.ts';
import { type NodePage, openNodePage, PAGE } from '../fixtures/node-page.ts';

/** Held back until it is let go, so that a job can be met while it runs. */
let gate: Promise<void>;
let openGate: () => void;
/** Sample that is not detected before the gate opens. */
let heldSample: { readonly sample: number; readonly until: Promise<void> } | undefined;
/** Videos opened by jobs so far. */
let videosOpened: number;

// Files share a thread: what others have loaded is loaded anew upon what is known beforehand, and the other way about.
vi.hoisted(() => vi.resetModules());
afterAll(() => {
  vi.doUnmock('../../src/media/open-video.ts');
  vi.doUnmock('../../workers/detector/pool/detector-pool.ts');
  vi.resetModules();
});
vi.mock('../../src/media/open-video.ts', () => ({
  openVideo: async () => {
    videosOpened++;
    await gate;
    return engineHost({} as never).openVideo({} as never);
  },
}));
vi.mock('../../workers/detector/pool/detector-pool.ts', () => ({
  createDetectorPool: async () => {
    const pool = await engineHost({} as never).openDetector({} as never, {} as never, () => {});
    return {
      ...pool,
      detect: async (sample: number) => {
        if (sample === heldSample?.sample) await heldSample.until;
        return pool.detect(sample, {} as never);
      },
    };
  },
}));

const Video = { S3Object: { Bucket: 'videos', Name: 'clip.mp4' } };
const topic = 'arn:aws:sns:eu-west-1:123456789012:AmazonRekognitionDone';
const role = 'arn:aws:iam::123456789012:role/rekognition';
const clip = new Blob(['a clip'], { type: 'video/mp4' });
const MODEL_RULE = /model must be one of nanodet-person, coco-ssd-person, or/;
const unknownJob = 'f'.repeat(64);
const open: PersonTracking[] = [];
let page: NodePage;

function start(options: PersonTrackingOptions = {}): PersonTracking {
  const tracking = createPersonTracking({ database: `t-${crypto.randomUUID()}`, ...options });
  open.push(tracking);
  return tracking;
}

async function withClip(options: PersonTrackingOptions = {}): Promise<PersonTracking> {
  const tracking = start(options);
  await tracking.putObject({ Bucket: 'videos', Key: 'clip.mp4', Body: clip });
  return tracking;
}

/** Keeps jobs from reading their video until {@link openGate}. */
function hold(): void {
  gate = new Promise((done) => {
    openGate = done;
  });
}

beforeEach(() => {
  page = openNodePage();
  gate = Promise.resolve();
  openGate = () => {};
  videosOpened = 0;
  heldSample = undefined;
  vi.spyOn(console, 'error').mockImplementation(() => {});
});

afterEach(async () => {
  openGate();
  await Promise.all(open.splice(0).map((tracking) => tracking.close()));
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe.each(['browser', 'memory'] as const)('a job kept in %s', (storage) => {
  test('is tracked again without its video, in front of its first result', async () => {
    const tracking = await withClip({ storage });
    const { JobId } = await tracking.startPersonTracking({ Video });
    const job = await tracking.waitForJob(JobId);
    const first = await tracking.getPersonTracking({ JobId });
    expect(job.detections?.bytes).toBeGreaterThan(24 * SAMPLES);
    await tracking.deleteObject({ Bucket: 'videos', Key: 'clip.mp4' });
    const told: string[] = [];
    tracking.addEventListener('completion', ({ detail }) => told.push(detail.Status));
    const again = await tracking.retrack(JobId, { refine: false });
    expect(again).toMatchObject({ status: 'SUCCEEDED', settings: { refine: false } });
    expect(again.revisions.map(({ revision, settings }) => [revision, settings.refine])).toEqual([
      [1, true],
      [2, false],
    ]);
    expect(await tracking.getPersonTracking({ JobId })).not.toEqual(first);
    expect(await tracking.getPersonTracking({ JobId }, { revision: 1 })).toEqual(first);
    const same = await tracking.retrack(JobId, { refine: true });
    expect(same.people).toBe(job.people);
    expect(await tracking.getPersonTracking({ JobId })).toEqual(first);
    expect(told).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    await expect(tracking.retrack(JobId, { sampleRate: 3 } as object)).rejects.toThrow(
      /^sampleRate: another value/,
    );
    await expect(tracking.retrack(unknownJob, {})).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('gives what was found in it, sample by sample, while that is kept', async () => {
    const tracking = await withClip({ storage });
    hold();
    const { JobId } = await tracking.startPersonTracking({ Video });
    await expect(tracking.getDetections(JobId).next()).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    openGate();
    const job = await tracking.waitForJob(JobId);
    const found: SampleDetections[] = [];
    for await (const sample of tracking.getDetections(JobId)) found.push(sample);
    expect(found).toHaveLength(SAMPLES);
    const times = found.map(({ timeSeconds }) => timeSeconds);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    const boxes = found.reduce((sum, { count }) => sum + count, 0);
    expect(boxes).toBeGreaterThan(SAMPLES);
    expect(
      found.every(
        ({ count, boxes, scores }) => boxes.length === 4 * count && scores.length === count,
      ),
    ).toBe(true);
    expect(job.detections?.bytes).toBeGreaterThan(20 * boxes);
    await expect(tracking.getDetections(unknownJob).next()).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('has a manifest that tells finding people from following them', async () => {
    const tracking = await withClip({ storage });
    const { JobId } = await tracking.startPersonTracking({ Video });
    await tracking.waitForJob(JobId);
    // What the page's server has of the model.
    const model = '{"name": "nanodet-person"}';
    const asked: string[] = [];
    vi.stubGlobal('fetch', async (url: string) => {
      asked.push(url);
      return new Response(model);
    });
    const first = await resultManifest(tracking, JobId);
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    expect(asked).toEqual([`${PAGE}models/nanodet-person/manifest.json`]);
    const paths = await tracking.getPaths(JobId);
    let boxes = 0;
    for await (const { count } of tracking.getDetections(JobId)) boxes += count;
    expect(first).toMatchObject({
      video: { name: 'clip.mp4', bytes: clip.size, sha256: sha256('a clip') },
      model: { name: 'nanodet-person', sha256: sha256(model) },
      result: {
        status: 'SUCCEEDED',
        people: 2,
        boxes: paths.reduce((sum, { timestampsMs }) => sum + timestampsMs.length, 0),
      },
      detections: { boxes },
    });
    expect(differencesOf(first, await resultManifest(tracking, JobId))).toEqual([]);

    // Tracked again while the video is being read: the manifest is of the result that it began with.
    const meanwhile = {
      getJob: (id: string) => tracking.getJob(id),
      getObject: async (name: Parameters<PersonTracking['getObject']>[0]) => {
        await tracking.retrack(JobId, { refine: false });
        return tracking.getObject(name);
      },
      getPaths: (...args: Parameters<PersonTracking['getPaths']>) => tracking.getPaths(...args),
      getDetections: (id: string) => tracking.getDetections(id),
    } as PersonTracking;
    expect(differencesOf(first, await resultManifest(meanwhile, JobId))).toEqual([]);
    const otherwise = await resultManifest(tracking, JobId);
    expect(otherwise.detections).toEqual(first.detections);
    const kinds = differencesOf(first, otherwise).map(({ what }) => what);
    expect(new Set(kinds)).toEqual(new Set(['settings', 'boxes']));
  });

  test('keeps nothing to be tracked again where that is not wanted', async () => {
    const tracking = await withClip({ storage, keepDetectionsDays: 0 });
    const { JobId } = await tracking.startPersonTracking({ Video });
    expect((await tracking.waitForJob(JobId)).detections).toBeUndefined();
    const gone = { kind: 'detections-missing' };
    await expect(tracking.retrack(JobId, {})).rejects.toMatchObject(gone);
    await expect(tracking.getDetections(JobId).next()).rejects.toMatchObject(gone);
    vi.stubGlobal('fetch', async () => new Response(null, { status: 404 }));
    const manifest = await resultManifest(tracking, JobId);
    expect(manifest).toMatchObject({ model: { name: 'nanodet-person' }, result: { people: 2 } });
    expect([manifest.model.sha256, manifest.detections]).toEqual([undefined, undefined]);
  });

  test('goes from request to result, in both orders, page by page', async () => {
    const tracking = await withClip({ storage });
    const { JobId } = await tracking.startPersonTracking({ Video, JobTag: 'entrance' });
    const job = await tracking.waitForJob(JobId);
    expect(job).toMatchObject({ status: 'SUCCEEDED', people: 2, key: 'clip.mp4' });
    const byIndex: number[] = [];
    let NextToken: string | undefined;
    do {
      const answer = await tracking.getPersonTracking({
        JobId,
        SortBy: 'INDEX',
        MaxResults: 100,
        ...(NextToken && { NextToken }),
      });
      expect(answer).toMatchObject({ JobStatus: 'SUCCEEDED', JobTag: 'entrance', Video });
      byIndex.push(...(answer.Persons ?? []).map(({ Person }) => Person!.Index!));
      NextToken = answer.NextToken;
    } while (NextToken);
    expect(byIndex).toHaveLength(job.elements!);
    expect(byIndex).toEqual([...byIndex].sort((a, b) => a - b));
    const byTime = await tracking.getPersonTracking({ JobId, SortBy: 'TIMESTAMP' });
    const times = byTime.Persons!.map(({ Timestamp }) => Timestamp!);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    const paths = await tracking.getPaths(JobId);
    expect(paths.map(({ index }) => index)).toEqual([0, 1]);
    expect(paths[0]!.frames).toHaveLength(SAMPLES);
    expect((await tracking.listJobs()).map(({ jobId }) => jobId)).toEqual([JobId]);
  });

  test('counts who crosses a line', async () => {
    const tracking = await withClip({ storage });
    const { JobId } = await tracking.startPersonTracking({ Video });
    await tracking.waitForJob(JobId);
    const points = [
      [0.3, 0],
      [0.3, 1],
    ];
    const line = { id: 'middle', name: 'Middle', points, left: 'shop', right: 'street' };
    const scene = { version: 1, lines: [{ ...line, inside: 'left' }] };
    const analysis = await tracking.analyze(JobId, scene);
    const answered = async (input: object) => {
      const headers = { 'x-amz-target': 'Footpath_2026_01.AnalyzePersonTracking' };
      const body = JSON.stringify(input);
      const response = await tracking.handle(new Request(PAGE, { method: 'POST', headers, body }));
      return [response.status, await response.json()];
    };
    const plain = JSON.parse(JSON.stringify(analysisJson(analysis, 'hour')));
    expect(await answered({ JobId, Scene: scene })).toEqual([
      200,
      { JobStatus: 'SUCCEEDED', Analysis: plain },
    ]);
    expect(await answered({ JobId, Scene: { version: 2 } })).toMatchObject([
      400,
      { __type: 'InvalidParameterException', Message: expect.stringMatching(/version must be 1/) },
    ]);
    expect(JSON.stringify(analysis)).toContain('middle');
    await expect(tracking.analyze(JobId, { lines: 'none' })).rejects.toThrow();
  });
});

test('completion is told to the callback, as an event and on the channel of the topic', async () => {
  const heard: CompletionMessage[] = [];
  const channel = new BroadcastChannel(topic);
  const onTopic = new Promise<void>((done) => {
    channel.onmessage = ({ data }) => {
      heard.push(data);
      done();
    };
  });
  const tracking = await withClip({ onCompletion: (message) => heard.push(message) });
  tracking.addEventListener('completion', ({ detail }) => heard.push(detail));
  const { JobId } = await tracking.startPersonTracking({
    Video,
    NotificationChannel: { SNSTopicArn: topic, RoleArn: role },
  });
  await tracking.waitForJob(JobId);
  await onTopic;
  channel.close();
  expect(heard).toHaveLength(3);
  for (const message of heard) expect(message).toMatchObject({ JobId, Status: 'SUCCEEDED' });
});

describe('requests', () => {
  test('the same token and input give the same job, other input an exception', async () => {
    const tracking = await withClip();
    const request = { Video, ClientRequestToken: 'once' };
    const [first, second] = await Promise.all([
      tracking.startPersonTracking(request),
      tracking.startPersonTracking(request),
    ]);
    expect(second).toEqual(first);
    expect(await tracking.listJobs()).toHaveLength(1);
    await expect(
      tracking.startPersonTracking({ ...request, JobTag: 'other' }),
    ).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
    // It names a job that can be asked for: deleted, that could be neither read nor started again.
    await tracking.deleteJob(first.JobId);
    const { JobId } = await tracking.startPersonTracking({ ...request, JobTag: 'other' });
    expect(await tracking.waitForJob(JobId)).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('are refused by name', async () => {
    hold();
    const tracking = await withClip({ maxOpenJobs: 1 });
    const nobody = { Video: { S3Object: { Bucket: 'videos', Name: 'none.mp4' } } };
    await expect(tracking.startPersonTracking(nobody)).rejects.toMatchObject({
      name: 'InvalidS3ObjectException',
      message: expect.stringContaining('none.mp4'),
    });
    const { JobId } = await tracking.startPersonTracking({ Video });
    await expect(tracking.startPersonTracking({ Video })).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: expect.stringContaining('Maximum limit: 1'),
    });
    const early = await tracking.getPersonTracking({ JobId });
    expect(early).toMatchObject({ JobStatus: 'IN_PROGRESS', Persons: [] });
    for (const call of [
      tracking.getPersonTracking({ JobId: unknownJob }),
      tracking.getJob(unknownJob),
      tracking.getPaths(unknownJob),
      tracking.stopJob(unknownJob),
      tracking.resumeJob(unknownJob),
      tracking.deleteJob(unknownJob),
    ]) {
      await expect(call).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    }
    // As browsers read a folder that was dropped, or a file that is gone.
    const gone = new Blob(['x']);
    gone.slice = () => {
      throw new DOMException('It could not be found.', 'NotFoundError');
    };
    await expect(
      tracking.putObject({ Bucket: 'videos', Key: 'holiday', Body: gone }),
    ).rejects.toMatchObject({
      kind: 'object-unreadable',
      message: expect.stringMatching(/is a folder, was moved/),
    });
    openGate();
    await tracking.waitForJob(JobId);
    for (const NextToken of ['made up', btoa('x'.repeat(48))]) {
      const forged = tracking.getPersonTracking({ JobId, NextToken });
      await expect(forged).rejects.toMatchObject({ name: 'InvalidPaginationTokenException' });
    }
  });

  test.each([
    [{ concurrency: 0 }, /concurrency/],
    [{ workers: 0 }, /workers must be an integer/],
    [{ workers: 1.5 }, /workers must be an integer/],
    [{ maxOpenJobs: 0 }, /maxOpenJobs/],
    [{ keepResultsDays: -1 }, /keepResultsDays/],
    [{ keepResultsDays: '7' }, /keepResultsDays must be a number above 0, but is "7"/],
    [{ qualtiy: 'fast' }, /qualtiy is no option\. There are assets, .*sampleRate, .*quality/],
    [{ asset: '/footpath/' }, /asset is no option\. There are assets, database, .*onCompletion/],
    [{ sampleRate: 0 }, /sampleRate must be/],
    [{ sampleRate: -1 }, /sampleRate must be/],
    [{ detectEvery: 11 }, /detectEvery must be a whole/],
    [{ detectEvery: 2, refine: false }, /detectEvery must be 1 without refine and fillGaps/],
    [{ model: 'best' }, MODEL_RULE],
    [{ model: { onnx: new Blob([]), family: 'resnet' } }, MODEL_RULE],
    [{ model: { onnx: 'https://models.example/yolox.onnx', family: 'yolox' } }, MODEL_RULE],
  ])('the option %j is refused', (options, words) => {
    expect(() => createPersonTracking(options as PersonTrackingOptions)).toThrow(words);
  });

  test('a detector of one’s own is kept with the job, or named by its address', async () => {
    hold();
    const tracking = await withClip();
    const models: JobSettings['model'][] = [
      { onnx: new Blob(['weights']), family: 'yolox' },
      { onnx: '/models/mine.onnx', family: 'rtmdet' },
    ];
    for (const model of models) await tracking.startPersonTracking({ Video }, { model });
    const names = (await tracking.listJobs()).map(({ settings }) => settings.model);
    expect(names).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'model.onnx', family: 'yolox' }),
        expect.objectContaining({
          name: 'mine.onnx',
          from: { url: `${new URL('/models/mine.onnx', PAGE)}` },
        }),
      ]),
    );
    const elsewhere = { onnx: 'https://elsewhere.example/a.onnx', family: 'yolox' } as const;
    await expect(tracking.startPersonTracking({ Video }, { model: elsewhere })).rejects.toThrow(
      /model/,
    );
  });
});

describe('videos', () => {
  test('are kept as copies, by reference or by address, version by version', async () => {
    const tracking = start();
    const put = (Key: string, Body: Blob | URL, Keep?: 'copy' | 'reference') =>
      tracking.putObject({ Bucket: 'videos', Key, Body, ...(Keep && { Keep }) });
    const copy = await put('copy.mp4', clip, 'copy');
    expect(copy).toMatchObject({ Kept: 'copy', IsLatest: true, Size: clip.size });
    const page = await put('page.mp4', clip, 'reference');
    expect(page.Kept).toBe('page');
    const url = await put('url.mp4', new URL('/sample.mp4', PAGE));
    expect(url.Kept).toBe('url');
    const newer = await put('copy.mp4', new Blob(['another']), 'copy');
    const listed = await tracking.listObjects({ Bucket: 'videos' });
    expect(listed.filter(({ IsLatest }) => IsLatest)).toHaveLength(3);
    expect(listed).toHaveLength(4);
    expect(await tracking.listObjects({ Bucket: 'other' })).toEqual([]);
    const name = { Bucket: 'videos', Key: 'copy.mp4' };
    expect(await ((await tracking.getObject(name)) as Blob).text()).toBe('another');
    const old = await tracking.getObject({ ...name, VersionId: copy.VersionId });
    expect(await (old as Blob).text()).toBe('a clip');
    const held = await tracking.getObject({ Bucket: 'videos', Key: 'page.mp4' });
    expect(await (held as Blob).text()).toBe('a clip');
    const address = await tracking.getObject({ Bucket: 'videos', Key: 'url.mp4' });
    expect(`${address}`).toBe(`${new URL('/sample.mp4', PAGE)}`);
    await tracking.deleteObject({ ...name, VersionId: newer.VersionId });
    expect(await ((await tracking.getObject(name)) as Blob).text()).toBe('a clip');
    await tracking.deleteObject({ Bucket: 'videos', Key: 'page.mp4' });
    await expect(tracking.getObject({ Bucket: 'videos', Key: 'page.mp4' })).rejects.toMatchObject({
      kind: 'object-missing',
    });
  });

  test.each([
    [{ Bucket: 'x' }, /Bucket/],
    [{ Key: '' }, /Key/],
    [{ Key: 'x'.repeat(2000) }, /^.{0,200}$/],
    [{ Keep: 'for ever' }, /Keep/],
    [{ Body: 'text' }, /Body/],
    [{ Body: new URL('https://elsewhere.example/v.mp4') }, /origin/],
    [{ Body: new URL('/v.mp4', PAGE), Keep: 'copy' }, /copy/],
  ])('%j is refused', async (members, words) => {
    const request = { Bucket: 'videos', Key: 'a.mp4', Body: clip, ...members };
    await expect(start().putObject(request as never)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringMatching(words),
    });
  });

  test('the user’s leave is asked for where a handle needs it', async () => {
    let state = 'prompt';
    let answer = 'granted';
    class FileSystemFileHandle {
      readonly kind = 'file';
      async getFile() {
        return clip;
      }
      async queryPermission() {
        return state;
      }
      async requestPermission() {
        state = answer;
        return state;
      }
    }
    vi.stubGlobal('FileSystemFileHandle', FileSystemFileHandle);
    const tracking = start({ storage: 'memory' });
    const Body = new FileSystemFileHandle() as never;
    const { Kept } = await tracking.putObject({
      Bucket: 'videos',
      Key: 'clip.mp4',
      Body,
      Keep: 'reference',
    });
    expect(Kept).toBe('handle');
    const name = { Bucket: 'videos', Key: 'clip.mp4' };
    expect(await tracking.allowObject(name)).toBe(true);
    const { JobId } = await tracking.startPersonTracking({ Video });
    expect((await tracking.waitForJob(JobId)).status).toBe('SUCCEEDED');
    const missing = tracking.allowObject({ ...name, Key: 'none.mp4' });
    await expect(missing).rejects.toMatchObject({ kind: 'object-missing' });
    answer = 'denied';
    expect(await tracking.allowObject(name)).toBe(false);
  });
});

describe('a running job', () => {
  test('stops when told, with what was found, and can be deleted', async () => {
    hold();
    const tracking = await withClip();
    const { JobId } = await tracking.startPersonTracking({ Video });
    await expect.poll(async () => (await tracking.getJob(JobId)).progress.stage).toBe('opening');
    await tracking.stopJob(JobId);
    openGate();
    const job = await tracking.waitForJob(JobId);
    expect(job).toMatchObject({ status: 'FAILED', failure: { kind: 'stopped' } });
    expect(await tracking.getPersonTracking({ JobId })).toMatchObject({ JobStatus: 'FAILED' });
    await expect(tracking.resumeJob(JobId)).rejects.toThrow(/ended for good|cannot go on/);
    await tracking.deleteJob(JobId);
    expect(await tracking.listJobs()).toEqual([]);
  });

  test('is waited for until the caller no longer wants to', async () => {
    hold();
    const tracking = await withClip();
    const { JobId } = await tracking.startPersonTracking({ Video });
    const ending = new AbortController();
    const waited = tracking.waitForJob(JobId, { signal: ending.signal });
    ending.abort(new Error('enough'));
    await expect(waited).rejects.toThrow('enough');
  });

  test('is waited for no longer, and nothing is started, once the page’s tracker is closed', async () => {
    hold();
    const database = `t-${crypto.randomUUID()}`;
    const tracking = await withClip({ database });
    const { JobId } = await tracking.startPersonTracking({ Video });
    const waited = tracking.waitForJob(JobId);
    waited.catch(() => {});
    await tracking.close();
    for (const call of [
      waited,
      tracking.startPersonTracking({ Video }),
      tracking.putObject({ Bucket: 'videos', Key: 'other.mp4', Body: clip }),
      tracking.deleteJob(JobId),
    ]) {
      await expect(call).rejects.toMatchObject({
        kind: 'stopped',
        message: expect.stringContaining('was closed'),
      });
    }
    const next = start({ database });
    expect((await next.listJobs()).map(({ jobId }) => jobId)).toEqual([JobId]);
    expect(await next.listObjects()).toHaveLength(1);
  });

  test('is named by its id, not by the answer of its start', async () => {
    const tracking = await withClip();
    const started = (await tracking.startPersonTracking({ Video })) as unknown as string;
    for (const call of [
      tracking.waitForJob(started),
      tracking.getPaths(started),
      tracking.stopJob(started),
    ]) {
      await expect(call).rejects.toMatchObject({
        name: 'InvalidParameterException',
        message: expect.stringContaining('JobId must be a string, but is of type object'),
      });
    }
  });

  test('runs in one page only, and goes on in another when its own is closed', async () => {
    hold();
    const database = `t-${crypto.randomUUID()}`;
    const first = await withClip({ database, concurrency: 2 });
    const { JobId } = await first.startPersonTracking({ Video });
    await expect.poll(async () => (await first.getJob(JobId)).progress.stage).toBe('opening');
    const second = start({ database, concurrency: 2 });
    const heard = vi.fn();
    second.addEventListener('progress', heard);
    await expect.poll(() => page.threads).toHaveLength(2);
    // A job of its own shows that the second page's thread has looked at what there is to do.
    await second.putObject({ Bucket: 'videos', Key: 'other.mp4', Body: clip });
    const Other = { S3Object: { Bucket: 'videos', Name: 'other.mp4' } };
    const other = await second.startPersonTracking({ Video: Other });
    await expect
      .poll(async () => (await second.getJob(other.JobId)).progress.stage)
      .toBe('opening');
    // The stage is told just before the video is opened.
    await expect.poll(() => videosOpened).toBe(2);
    expect((await second.getJob(JobId)).report?.resumed).toBe(0);
    const leaving = first.close();
    openGate();
    await leaving;
    const job = await second.waitForJob(JobId);
    expect(job).toMatchObject({ status: 'SUCCEEDED', people: 2, report: { resumed: 1 } });
    expect(heard).toHaveBeenCalled();
  });

  test('is told when somebody watches, for as long as they do', async () => {
    hold();
    const database = `t-${crypto.randomUUID()}`;
    const tracking = await withClip({ database });
    const { JobId } = await tracking.startPersonTracking({ Video });
    const channel = new BroadcastChannel(`footpath:${database}`);
    const ending = new AbortController();
    const watched = new Promise((done) => {
      channel.onmessage = ({ data }) => data.type === 'watch' && done(data.jobId);
    });
    tracking.watchJob(JobId, () => {}, { signal: ending.signal });
    expect(await watched).toBe(JobId);
    ending.abort();
    channel.close();
  });
});

describe('a finished job', () => {
  test('is tracked again from what was found in it, as a revision of its own', async () => {
    const tracking = await withClip();
    const { JobId } = await tracking.startPersonTracking({ Video });
    await tracking.waitForJob(JobId);
    const before = await tracking.getPaths(JobId);
    const job = await tracking.retrack(JobId, { tracker: 'sort' });
    expect(job).toMatchObject({ status: 'SUCCEEDED', settings: { tracker: 'sort' } });
    expect(videosOpened).toBe(1);
    expect(await tracking.getPaths(JobId, { revision: 1 })).toEqual(before);
    await expect(tracking.getPaths(JobId, { revision: 9 })).rejects.toThrow(/revision/i);
  });

  test('goes when its time is over', async () => {
    const tracking = await withClip({ keepResultsDays: 1e-8 });
    const { JobId } = await tracking.startPersonTracking({ Video });
    const gone = { name: 'ResourceNotFoundException' };
    // In the millisecond in which it ends it is there still.
    await tracking.waitForJob(JobId).catch(() => {});
    const thrown = () => tracking.getPersonTracking({ JobId }).catch((error: unknown) => error);
    await expect.poll(thrown).toMatchObject(gone);
    await expect(tracking.waitForJob(JobId)).rejects.toMatchObject(gone);
  });

  test.each([
    [true, false],
    [false, false],
    [false, true],
  ])(
    'takes its video with it when its time is over and no other is about it, where that is wished (keepVideos: %s), unless it is just given again (%s)',
    async (keepVideos, isGivenAgain) => {
      vi.useFakeTimers({ toFake: ['Date'] });
      onTestFinished(() => void vi.useRealTimers());
      const began = Date.now();
      const options = { database: `t-${crypto.randomUUID()}`, keepResultsDays: 1, keepVideos };
      let tracking = await withClip(options);
      await tracking.putObject({ Bucket: 'videos', Key: 'new.mp4', Body: new Blob(['new']) });
      const run = async () => {
        const { JobId } = await tracking.startPersonTracking({ Video });
        await tracking.waitForJob(JobId);
      };
      /** A page that is opened so many days later, and has tidied up. */
      const open = async (days: number, others: PersonTrackingOptions = {}) => {
        vi.setSystemTime(began + days * 86_400_000);
        const tidied = vi.spyOn(Tidying.prototype, 'tidy');
        tracking = start({ ...options, ...others });
        await expect.poll(() => tidied.mock.settledResults[0]?.type).toBe('fulfilled');
        tidied.mockRestore();
        return (await tracking.listObjects()).map(({ Key }) => Key).sort();
      };
      await run();
      expect(await open(1.5), 'seen to be over').toEqual(['clip.mp4', 'new.mp4']);
      await run();
      expect(await open(2.6), 'another is about it').toEqual(['clip.mp4', 'new.mp4']);
      vi.setSystemTime(began + 4 * 86_400_000 - 60_000);
      if (isGivenAgain) await tracking.putObject({ Bucket: 'videos', Key: 'clip.mp4', Body: clip });
      const left = keepVideos || isGivenAgain ? ['clip.mp4', 'new.mp4'] : ['new.mp4'];
      // A page that wishes otherwise, as of another program of the site, goes by the wish of who started the job.
      expect(await open(4, { keepVideos: !keepVideos }), 'that is over too').toEqual(left);
    },
  );

  test('that was removed by a page which closed before it removed the video takes the video with it later', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const began = Date.now();
    const database = `t-${crypto.randomUUID()}`;
    let tracking = await withClip({ database });
    const put = (Key: string) =>
      tracking.putObject({ Bucket: 'videos', Key, Body: new Blob([Key]), WithJobs: true });
    await put('left.mp4');
    await put('counted.mp4');
    const begin = (Name: string) =>
      tracking.startPersonTracking({ Video: { S3Object: { Bucket: 'videos', Name } } });
    const { JobId } = await begin('left.mp4');
    await begin('counted.mp4').then((job) => tracking.waitForJob(job.JobId));
    await tracking.waitForJob(JobId);
    await tracking.deleteJob(JobId);
    const open = async (days: number) => {
      vi.setSystemTime(began + days * 86_400_000);
      const tidied = vi.spyOn(Tidying.prototype, 'tidy');
      tracking = start({ database });
      await expect.poll(() => tidied.mock.settledResults[0]?.type).toBe('fulfilled');
      tidied.mockRestore();
      return (await tracking.listObjects()).map(({ Key }) => Key).sort();
    };
    expect(await open(1.5)).toEqual(['clip.mp4', 'counted.mp4', 'left.mp4']);
    expect(await open(2.6)).toEqual(['clip.mp4', 'counted.mp4']);
  });

  test('is kept for ever where its time ends beyond all dates', async () => {
    const days = Number.MAX_SAFE_INTEGER;
    const tracking = await withClip({ keepResultsDays: days, keepDetectionsDays: days });
    const { JobId } = await tracking.startPersonTracking({ Video });
    const { expiresAt, detections } = await tracking.waitForJob(JobId);
    expect([expiresAt, detections?.expiresAt]).toEqual([undefined, undefined]);
  });

  test('of which not even the beginning could be stored is told as ended, and can go on', async () => {
    const tracking = await withClip();
    const { put: real } = IDBObjectStore.prototype;
    const put = vi.spyOn(IDBObjectStore.prototype, 'put');
    put.mockImplementation(function full(this: IDBObjectStore, value, key) {
      if (value.state === 'running' || value.state === 'failed')
        throw new DOMException('full', 'QuotaExceededError');
      return real.call(this, value, key);
    });
    const { JobId } = await tracking.startPersonTracking({ Video });
    const ended = await tracking.waitForJob(JobId);
    expect(ended).toMatchObject({ failure: { kind: 'quota-exceeded' }, canGoOn: true });
    put.mockRestore();
    await tracking.resumeJob(JobId);
    expect((await tracking.waitForJob(JobId)).status).toBe('SUCCEEDED');
  });

  test('whose end the store had no room for is told as ended', async () => {
    hold();
    const database = `t-${crypto.randomUUID()}`;
    const tracking = await withClip({ database });
    const { JobId } = await tracking.startPersonTracking({ Video });
    await expect(tracking.analyze(JobId, { version: 1, lines: [] })).rejects.toThrow();
    const stored = new Database(database);
    const runner = async () => (await new JobStore(stored).get(JobId))?.runner;
    await expect.poll(runner).toBeDefined();
    const taken = await runner();
    await stored.close();
    const failure = { kind: 'quota-exceeded', message: 'No room.' };
    const channel = new BroadcastChannel(`footpath:${database}`);
    const end = { jobId: JobId, runner: taken, finishedAtMs: Date.now(), failure };
    channel.postMessage({ type: 'unstored', end });
    await expect.poll(() => tracking.getJob(JobId)).toMatchObject({ status: 'FAILED', failure });
    channel.close();
  });
});

test('a running job is counted as far as it has come, by the scene of its camera', async () => {
  const tracking = await withClip();
  const points = [
    [0.3, 0],
    [0.3, 1],
  ];
  const line = { id: 'middle', name: 'Middle', points, left: 'shop', right: 'street' };
  const scene = { version: 1, camera: 'door', lines: [{ ...line, inside: 'left' }] };
  await tracking.saveScene(scene);
  expect(await tracking.listScenes()).toMatchObject([
    { camera: 'door', lines: [{ id: 'middle' }] },
  ]);
  await expect(tracking.saveScene({ ...scene, camera: undefined })).rejects.toThrow(/camera/);
  let letGo = () => {};
  const until = new Promise<void>((done) => {
    letGo = done;
  });
  heldSample = { sample: 120, until };
  const { JobId } = await tracking.startPersonTracking({ Video });
  const soFar = async () => JSON.stringify(await tracking.analyzeSoFar(JobId, scene));
  await expect.poll(soFar).toContain('middle');
  letGo();
  await tracking.waitForJob(JobId);
  expect(await tracking.analyzeSoFar(JobId, scene)).toBeUndefined();
  await tracking.describeRecording(JobId, { camera: 'door' });
  await tracking.deleteScene('door');
  expect(await tracking.listScenes()).toEqual([]);
});

test.each(['browser', 'memory'] as const)(
  'a page that came unencrypted says so, kept in %s',
  async (storage) => {
    vi.stubGlobal('isSecureContext', false);
    vi.spyOn(crypto, 'randomUUID').mockImplementation(() => {
      throw new TypeError('crypto.randomUUID is not a function');
    });
    const tracking = createPersonTracking({ storage, database: 'unencrypted' });
    open.push(tracking);
    const insecure = { kind: 'page-insecure', message: expect.stringMatching(/https:.*localhost/) };
    await expect.poll(() => tracking.trouble).toEqual(insecure);
    const object = { Bucket: 'videos', Key: 'a.mp4', Body: clip };
    await expect(tracking.putObject(object)).rejects.toMatchObject(insecure);
    const Video = { S3Object: { Bucket: 'videos', Name: 'a.mp4' } };
    await expect(tracking.startPersonTracking({ Video })).rejects.toMatchObject(insecure);
    const headers = { 'x-amz-target': 'RekognitionService.StartPersonTracking' };
    const body = JSON.stringify({ Video });
    const call = new Request('http://shop.test/', { method: 'POST', headers, body });
    expect(await (await tracking.handle(call)).json()).toMatchObject({
      __type: 'InternalServerError',
      Message: expect.stringContaining('unencrypted'),
    });
  },
);

test('a page whose storage is refused says so', async () => {
  const { indexedDB } = globalThis;
  vi.stubGlobal('indexedDB', {
    ...indexedDB,
    open: () => {
      throw new DOMException('refused', 'SecurityError');
    },
  });
  const tracking = start();
  await expect.poll(() => tracking.trouble).toMatchObject({ kind: 'store-unavailable' });
});

describe('threads', () => {
  test('one that does not hear that its job is stopped is replaced, sooner than one that works', async () => {
    hold();
    const tracking = await withClip();
    const [first, second, third] = [
      await tracking.startPersonTracking({ Video }),
      await tracking.startPersonTracking({ Video }),
      await tracking.startPersonTracking({ Video }),
    ];
    await expect.poll(() => videosOpened).toBe(1);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    await tracking.stopJob(first.JobId);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(page.threads).toHaveLength(1);
    await expect.poll(() => videosOpened).toBe(2);
    page.isBusy = true;
    await tracking.stopJob(third.JobId);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(page.threads, 'it is at another job').toHaveLength(1);
    await tracking.stopJob(second.JobId);
    await vi.advanceTimersByTimeAsync(9_000);
    expect(page.threads).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(page.threads).toHaveLength(2);
  });

  test('one that dies is replaced, and its job goes on', async () => {
    hold();
    const tracking = await withClip();
    const { JobId } = await tracking.startPersonTracking({ Video });
    await expect.poll(async () => (await tracking.getJob(JobId)).progress.stage).toBe('opening');
    page.threads[0]!.fail('out of memory');
    openGate();
    const job = await tracking.waitForJob(JobId);
    expect(job.status).toBe('SUCCEEDED');
    expect(page.threads.length).toBeGreaterThan(1);
  });

  test('one of another release is refused, and the page says so', async () => {
    page.version = '0.0.0-other';
    const tracking = await withClip();
    const trouble = new Promise((done) =>
      tracking.addEventListener('trouble', done, { once: true }),
    );
    const { JobId } = await tracking.startPersonTracking({ Video });
    await trouble;
    expect(tracking.trouble).toMatchObject({ kind: 'engine-missing' });
    const job = await tracking.waitForJob(JobId);
    expect(job).toMatchObject({ status: 'FAILED', failure: { kind: 'engine-missing' } });
    page.version = (await import('../../src/protocol/version.ts')).VERSION;
    await tracking.resumeJob(JobId);
    expect((await tracking.waitForJob(JobId)).status).toBe('SUCCEEDED');
  });

  test('a job that is let go on waits for its new thread, whatever became of earlier ones', async () => {
    page.version = '0.0.0-other';
    const database = `t-${crypto.randomUUID()}`;
    const tracking = await withClip({ database });
    const { JobId } = await tracking.startPersonTracking({ Video });
    await expect.poll(() => tracking.trouble).toMatchObject({ kind: 'engine-missing' });
    await new Promise((later) => setTimeout(later, 1000));
    // A second thread is refused while the page still waits to give the job up for the first one.
    const refused = page.threads.length;
    const channel = new BroadcastChannel(`footpath:${database}`);
    channel.postMessage({ type: 'wake' });
    await expect.poll(() => page.threads.length).toBeGreaterThan(refused);
    expect((await tracking.waitForJob(JobId)).status).toBe('FAILED');
    page.version = undefined;
    await tracking.resumeJob(JobId);
    await new Promise((later) => setTimeout(later, 1500));
    expect((await tracking.getJob(JobId)).status).toBe('IN_PROGRESS');
    channel.close();
  });

  test('a thread that cannot be started is trouble', async () => {
    vi.stubGlobal('Worker', function refuse() {
      throw new DOMException('not here', 'SecurityError');
    });
    const tracking = await withClip();
    await tracking.startPersonTracking({ Video });
    await expect.poll(() => tracking.trouble).toMatchObject({ kind: 'worker-crashed' });
  });

  test.each([
    ['while offline', false, '', /offline/],
    ['with a reason', true, 'it broke', /it broke/],
  ])('a thread that fails at its start %s says why', async (_, onLine, message, words) => {
    Object.assign(navigator, { onLine });
    page.version = undefined;
    const tracking = await withClip();
    const begun = tracking.startPersonTracking({ Video });
    await expect.poll(() => page.threads).toHaveLength(1);
    page.threads[0]!.fail(message);
    page.threads[0]!.dispatchEvent(new Event('messageerror'));
    await begun;
    await expect.poll(() => tracking.trouble?.message).toMatch(words);
  });

  test('the copied one is started beside the assets, and of another site refused', () => {
    const { worker, file } = startJobWorker(new URL('footpath/', PAGE).href);
    expect(file!.href).toBe(`${PAGE}footpath/engine/job.worker.js`);
    worker.terminate();
    expect(() => startJobWorker('https://elsewhere.example/footpath/')).toThrow(/another site/);
  });

  test.each([
    ['/app/footpath', 'footpath/'],
    ['/app/footpath/', 'footpath/'],
    ['footpath-0.1.0', 'footpath-0.1.0/'],
    ['', ''],
    ['./', ''],
    [PAGE, ''],
    [`${PAGE}app/index.html`, 'app/'],
    [new URL('a/b?v=1', PAGE), 'a/b/'],
  ])('their folder %j is found', (assets, folder) => {
    expect(new URL('.', assetsFolder(assets)).href).toBe(`${PAGE}${folder}`);
  });

  test('their folder must be an address', () => {
    expect(() => createPersonTracking({ assets: 'http://[' })).toThrow(
      new RangeError('assets must be the address of a folder, but is http://[.'),
    );
  });

  test('a page that is left marks its worker; one that the browser keeps lets its job go until it is returned to', async () => {
    hold();
    const tracking = await withClip();
    const { JobId } = await tracking.startPersonTracking({ Video });
    await expect.poll(async () => (await tracking.getJob(JobId)).progress.stage).toBe('opening');
    page.window.dispatchEvent(new Event('pagehide'));
    expect(Object.keys(localStorage)).toHaveLength(1);
    page.window.dispatchEvent(Object.assign(new Event('pagehide'), { persisted: true }));
    openGate();
    const held = async () => ((await navigator.locks.query()).held ?? []).map(({ name }) => name);
    await expect.poll(held).not.toContainEqual(expect.stringMatching(/:(job|slot):/));
    expect((await tracking.getJob(JobId)).status).toBe('IN_PROGRESS');
    page.window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
    expect((await tracking.waitForJob(JobId)).status).toBe('SUCCEEDED');
    expect(page.threads).toHaveLength(2);
  });
});

test('whether anything can be stored is found out by trying', async () => {
  expect(await canStore()).toBe(true);
  vi.stubGlobal('navigator', {
    locks: { query: () => Promise.reject(new DOMException('no', 'SecurityError')) },
  });
  expect(await canStore()).toBe(false);
  vi.stubGlobal('navigator', { locks: { query: () => Promise.reject(new Error('odd')) } });
  expect(await canStore()).toBe(true);
});

test('where everything but files is stored, as in private windows of WebKit, nothing can be', async () => {
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('Error preparing Blob/File data', 'UnknownError');
  });
  expect(await canStore()).toBe(false);
});
