/** AWS's clients over the real tracker: store, worker, decoder, model. */
import * as current from '@aws-sdk/client-rekognition';
import * as old from 'aws-sdk-rekognition-3600';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { PersonTracking, PersonTrackingOptions } from '../../src/client/api.ts';
import { createPersonTracking } from '../../src/client/person-tracking.ts';
import { cutVideo } from '../fixtures/copy-video.ts';
import { makeVideo } from '../fixtures/make-video.ts';

type Sdk = typeof current;
const BUCKET = 'MyVideoS3Bucket';
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:AmazonRekognitionDone';
const CHANNEL = { SNSTopicArn: TOPIC, RoleArn: 'arn:aws:iam::123456789012:role/any' };

const open: PersonTracking[] = [];
let databases = 0;
function tracker(options: Partial<PersonTrackingOptions> = {}): PersonTracking {
  const database = `sdk-tracking-${databases++}`;
  const tracking = createPersonTracking({ database, assets: '/', backend: 'int8', ...options });
  open.push(tracking);
  return tracking;
}
afterEach(() => Promise.all(open.splice(0).map((tracking) => tracking.close())));

function clientOf(tracking: PersonTracking, sdk: Sdk = current) {
  return new sdk.RekognitionClient({
    region: 'local',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    requestHandler: tracking.requestHandler,
    maxAttempts: 1,
  });
}
const videoOf = (Name: string) => ({ S3Object: { Bucket: BUCKET, Name } });

/** As most published code does it. */
async function poll(client: current.RekognitionClient, JobId: string, sdk: Sdk = current) {
  for (;;) {
    const answer = await client.send(new sdk.GetPersonTrackingCommand({ JobId }));
    if (answer.JobStatus !== 'IN_PROGRESS') return answer;
    expect(answer.Persons).toEqual([]);
    expect(answer.VideoMetadata).toBeUndefined();
    await new Promise((done) => setTimeout(done, 200));
  }
}

/** One second without people. */
let emptyRoom: Blob;
beforeAll(async () => {
  emptyRoom = await makeVideo({ seconds: 1, width: 320, height: 240 });
});

test.each<[string, Sdk]>([
  ['the current SDK', current],
  ['SDK 3.600', old as unknown as Sdk],
])('%s starts a job, polls it and gets its answer', async (_, sdk) => {
  const tracking = tracker();
  const client = clientOf(tracking, sdk);
  await tracking.putObject({ Bucket: BUCKET, Key: 'empty.webm', Body: emptyRoom });
  const heard: unknown[] = [];
  const channel = new BroadcastChannel(TOPIC);
  channel.onmessage = ({ data }) => heard.push(data);

  const Video = videoOf('empty.webm');
  const { JobId } = await client.send(
    new sdk.StartPersonTrackingCommand({ Video, NotificationChannel: CHANNEL, JobTag: 'monday' }),
  );
  expect(JobId).toMatch(/^[0-9a-f]{64}$/);
  const answer = await poll(client, JobId!, sdk);
  expect(answer).toMatchObject({
    JobStatus: 'SUCCEEDED',
    VideoMetadata: { Codec: 'vp8', FrameHeight: 240, FrameWidth: 320 },
    Persons: [],
  });
  expect(answer.NextToken).toBeUndefined();
  if (sdk === current) expect(answer).toMatchObject({ JobId, Video, JobTag: 'monday' });
  await expect.poll(() => heard).toHaveLength(1);
  channel.close();
  const message = heard[0] as object;
  expect(Object.keys(message)).toEqual(['JobId', 'Status', 'API', 'JobTag', 'Timestamp', 'Video']);
  expect(message).toMatchObject({
    JobId,
    Status: 'SUCCEEDED',
    API: 'StartPersonTracking',
    Video: { S3ObjectName: 'empty.webm', S3Bucket: BUCKET },
  });
});

describe('exceptions of the real service', () => {
  const send = (tracking: PersonTracking, input: current.StartPersonTrackingCommandInput) =>
    clientOf(tracking).send(new current.StartPersonTrackingCommand(input));

  test('a token names one job and one input', async () => {
    const tracking = tracker();
    await tracking.putObject({ Bucket: BUCKET, Key: 'empty.webm', Body: emptyRoom });
    const input = { Video: videoOf('empty.webm'), ClientRequestToken: 'monday', JobTag: 'a' };
    const first = await send(tracking, input);
    expect((await send(tracking, { ...input })).JobId).toBe(first.JobId);
    await expect(send(tracking, { ...input, JobTag: 'b' })).rejects.toThrow(
      current.IdempotentParameterMismatchException,
    );
    expect(await tracking.listJobs()).toHaveLength(1);
  });

  test('a video that is not there', async () => {
    const tracking = tracker();
    await tracking.putObject({ Bucket: BUCKET, Key: 'empty.webm', Body: emptyRoom });
    const other = { S3Object: { Bucket: BUCKET, Name: 'empty.webm', Version: 'other' } };
    for (const Video of [videoOf('none.webm'), other, {}]) {
      await expect(send(tracking, { Video })).rejects.toThrow(current.InvalidS3ObjectException);
    }
  });

  test('more open jobs than the limit', async () => {
    const tracking = tracker({ maxOpenJobs: 2 });
    await tracking.putObject({ Bucket: BUCKET, Key: 'empty.webm', Body: emptyRoom });
    const Video = videoOf('empty.webm');
    const starts = [1, 2, 3].map(() => send(tracking, { Video }));
    const outcomes = await Promise.allSettled(starts);
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(1);
    expect(refused[0]!.reason).toBeInstanceOf(current.LimitExceededException);
    expect(refused[0]!.reason.message).toMatch(/^3 open Jobs for User \S+ Maximum limit: 2$/);
  });

  test('a job that nobody knows, or whose results have expired', async () => {
    const tracking = tracker({ keepResultsDays: 0.5 / 86_400 });
    const client = clientOf(tracking);
    const get = (JobId: string) => client.send(new current.GetPersonTrackingCommand({ JobId }));
    await expect(get('f'.repeat(64))).rejects.toThrow(current.ResourceNotFoundException);
    await tracking.putObject({ Bucket: BUCKET, Key: 'empty.webm', Body: emptyRoom });
    const { JobId } = await send(tracking, { Video: videoOf('empty.webm') });
    // Whoever is too busy to hear of its end within half a second finds it gone already.
    await tracking.waitForJob(JobId!).catch(() => {});
    const thrown = () => get(JobId!).catch((error: unknown) => error);
    await expect.poll(thrown).toBeInstanceOf(current.ResourceNotFoundException);
  });

  test('a file that is no video ends as a failed job, told with HTTP 200', async () => {
    const tracking = tracker();
    const Body = new Blob(['not a video at all']);
    await tracking.putObject({ Bucket: BUCKET, Key: 'notes.mp4', Body });
    const { JobId } = await send(tracking, { Video: videoOf('notes.mp4') });
    const answer = await poll(clientOf(tracking), JobId!);
    expect(answer).toMatchObject({ JobStatus: 'FAILED', Persons: [] });
    expect(answer.$metadata.httpStatusCode).toBe(200);
    expect(answer.StatusMessage?.length).toBeGreaterThan(20);
  });
});

test('people of a real video come in pages of both orders', async () => {
  const tracking = tracker();
  const client = clientOf(tracking);
  const sample = await (await fetch('/samples/footpath-sample.mp4')).arrayBuffer();
  const Body = new Blob([await cutVideo(new Uint8Array(sample), 75)]);
  await tracking.putObject({ Bucket: BUCKET, Key: 'sample.mp4', Body });
  const { JobId } = await client.send(
    new current.StartPersonTrackingCommand({ Video: videoOf('sample.mp4') }),
  );
  const whole = await poll(client, JobId!);
  expect(whole.StatusMessage).toBeUndefined();
  expect(whole).toMatchObject({
    JobStatus: 'SUCCEEDED',
    VideoMetadata: { Codec: 'h264', Format: 'QuickTime / MOV', FrameWidth: 640, FrameHeight: 360 },
  });
  const persons = whole.Persons!;
  // One person is there in every one of the 45 samples, another in the last third.
  expect(persons.length).toBeGreaterThanOrEqual(40);

  for (const { Timestamp, Person } of persons) {
    expect(Number.isInteger(Timestamp) && Number.isInteger(Person!.Index)).toBe(true);
    const { Left, Top, Width, Height } = Person!.BoundingBox!;
    for (const value of [Left!, Top!, Width!, Height!]) expect(value).toBe(Math.fround(value));
    expect(Left).toBeGreaterThanOrEqual(0);
    expect(Top).toBeGreaterThanOrEqual(0);
    expect(Left! + Width!).toBeLessThanOrEqual(1.000001);
    expect(Top! + Height!).toBeLessThanOrEqual(1.000001);
  }
  const indices = persons.map(({ Person }) => Person!.Index!);
  const firstSeen = [...new Set(indices)];
  expect(firstSeen).toEqual(firstSeen.map((_, i) => i));

  const key = (person: current.PersonDetection) => JSON.stringify(person);
  for (const SortBy of ['TIMESTAMP', 'INDEX'] as const) {
    const paged: current.PersonDetection[] = [];
    const pages = current.paginateGetPersonTracking({ client, pageSize: 7 }, { JobId, SortBy });
    for await (const page of pages) {
      expect(page.VideoMetadata).toEqual(whole.VideoMetadata);
      paged.push(...page.Persons!);
    }
    const order = (a: current.PersonDetection, b: current.PersonDetection) =>
      SortBy === 'TIMESTAMP'
        ? a.Timestamp! - b.Timestamp! || a.Person!.Index! - b.Person!.Index!
        : a.Person!.Index! - b.Person!.Index! || a.Timestamp! - b.Timestamp!;
    expect(paged.map(key)).toEqual(persons.toSorted(order).map(key));
  }

  const first = await client.send(new current.GetPersonTrackingCommand({ JobId, MaxResults: 5 }));
  const again = { JobId, NextToken: first.NextToken, SortBy: 'INDEX' } as const;
  await expect(client.send(new current.GetPersonTrackingCommand(again))).rejects.toThrow(
    current.InvalidPaginationTokenException,
  );
});
