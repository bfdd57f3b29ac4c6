import type * as current from '@aws-sdk/client-rekognition';
import type * as old from 'aws-sdk-rekognition-3600';
import { expect, expectTypeOf, test } from 'vitest';
import {
  getPersonTrackingResponse,
  type PathElement,
  videoMetadata,
} from '../../src/contract/answer.ts';
import { newJobId, newRequestId, requestFingerprint } from '../../src/contract/identity.ts';
import { completionMessage, snsEnvelope } from '../../src/contract/notification.ts';
import type {
  GetPersonTrackingRequest,
  GetPersonTrackingResponse,
  StartPersonTrackingRequest,
} from '../../src/contract/types.ts';
import { validateStartPersonTracking } from '../../src/contract/validate.ts';

const jobId = 'a'.repeat(64);
const Video = { S3Object: { Bucket: 'shop', Name: 'door.mp4' } };
const request = validateStartPersonTracking({ Video });
const tagged = validateStartPersonTracking({ Video, JobTag: 'monday' });
const element = (timestampMs: number, index: number): PathElement => ({
  timestampMs,
  index,
  left: 0,
  top: 0.1,
  width: 54 / 240,
  height: 0.5,
});
const metadata = videoMetadata({
  codec: 'h264',
  format: 'QuickTime / MOV',
  durationMs: 4004.9,
  frameRate: 30000 / 1001,
  width: 320,
  height: 240,
});

test('a running job answers with an empty list and no metadata', () => {
  expect(
    JSON.stringify(getPersonTrackingResponse({ jobId, request }, { status: 'IN_PROGRESS' })),
  ).toBe(
    `{"JobStatus":"IN_PROGRESS","Persons":[],"JobId":"${jobId}","Video":{"S3Object":{"Bucket":"shop","Name":"door.mp4"}}}`,
  );
});

test('a failed job says why', () => {
  const answer = getPersonTrackingResponse(
    { jobId, request: tagged },
    { status: 'FAILED', message: 'No video track.', elements: [] },
  );
  expect(Object.keys(answer)).toEqual([
    'JobStatus',
    'StatusMessage',
    'Persons',
    'JobId',
    'Video',
    'JobTag',
  ]);
  expect(answer).toMatchObject({ StatusMessage: 'No video track.', Persons: [], JobTag: 'monday' });
});

test('a finished job answers in the model’s order, with 32-bit ratios and integer longs', () => {
  const answer = getPersonTrackingResponse(
    { jobId, request: tagged },
    { status: 'SUCCEEDED', metadata, elements: [element(66.7, 3)], nextToken: 'more' },
  );
  expect(JSON.stringify(answer)).toBe(
    '{"JobStatus":"SUCCEEDED",' +
      '"VideoMetadata":{"Codec":"h264","DurationMillis":4004,"Format":"QuickTime / MOV","FrameRate":29.970029830932617,"FrameHeight":240,"FrameWidth":320},' +
      '"NextToken":"more",' +
      '"Persons":[{"Timestamp":66,"Person":{"Index":3,"BoundingBox":{"Width":0.22499999403953552,"Height":0.5,"Left":0,"Top":0.10000000149011612}}}],' +
      `"JobId":"${jobId}","Video":{"S3Object":{"Bucket":"shop","Name":"door.mp4"}},"JobTag":"monday"}`,
  );
  const last = { status: 'SUCCEEDED', metadata, elements: [] } as const;
  expect(getPersonTrackingResponse({ jobId, request }, last)).not.toHaveProperty('NextToken');
  expect(videoMetadata({ ...Object(info), colorRange: 'LIMITED' })).toMatchObject({
    ColorRange: 'LIMITED',
  });
});
const info = { codec: '', format: '', durationMs: 0, frameRate: 0, width: 0, height: 0 };

test('a JobId is 64 lower-case hexadecimal characters', () => {
  expect(newJobId(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(
    '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
  );
  expect(() => newJobId(new Uint8Array(16))).toThrow(RangeError);
});

test('requests are the same when their parsed input is, and only then', () => {
  const full = {
    Video: { S3Object: { Bucket: 'shop', Name: 'door.mp4', Version: 'v1' } },
    NotificationChannel: {
      SNSTopicArn: 'arn:aws:sns:eu-west-1:123456789012:done',
      RoleArn: 'arn:aws:iam::123456789012:role/r',
    },
    JobTag: 'monday',
  };
  const print = (request: unknown) => requestFingerprint(validateStartPersonTracking(request));
  const { Video, ...rest } = full;
  expect(print(full)).toBe(
    print({ ...rest, ClientRequestToken: 't', Video: { ...Video, Bytes: 1 }, Other: 2 }),
  );
  const S3Object = Video.S3Object;
  const others = [
    { ...full, Video: { S3Object: { ...S3Object, Bucket: 'shop2' } } },
    { ...full, Video: { S3Object: { ...S3Object, Name: 'v1', Version: 'door.mp4' } } },
    { ...full, Video: { S3Object: { ...S3Object, Version: null } } },
    { ...full, JobTag: 'tuesday' },
    { ...full, JobTag: null },
    { ...full, NotificationChannel: null },
    {
      ...full,
      NotificationChannel: {
        ...full.NotificationChannel,
        RoleArn: 'arn:aws:iam::123456789012:role/s',
      },
    },
  ].map(print);
  expect(new Set([print(full), ...others]).size).toBe(others.length + 1);
});

test('the completion message has Rekognition’s order of keys and leaves an absent tag out', () => {
  const job = { jobId, status: 'SUCCEEDED', completedAtMs: 1571136869013 } as const;
  expect(JSON.stringify(completionMessage({ ...job, request }))).toBe(
    `{"JobId":"${jobId}","Status":"SUCCEEDED","API":"StartPersonTracking","Timestamp":1571136869013,"Video":{"S3ObjectName":"door.mp4","S3Bucket":"shop"}}`,
  );
  expect(Object.keys(completionMessage({ ...job, request: tagged }))).toEqual([
    'JobId',
    'Status',
    'API',
    'JobTag',
    'Timestamp',
    'Video',
  ]);
});

test('the envelope carries the message as text', () => {
  const job = { jobId, status: 'FAILED', completedAtMs: 1571136869013 } as const;
  const message = completionMessage({ ...job, request });
  const envelope = snsEnvelope(message, {
    messageId: '7f000001-0000-4000-8000-000000000000',
    topicArn: 'arn:aws:sns:eu-west-1:123456789012:done',
    sentAtMs: 1571136869014,
  });
  expect(JSON.parse(envelope.Message)).toEqual(message);
  expect(envelope).toMatchObject({
    Type: 'Notification',
    TopicArn: 'arn:aws:sns:eu-west-1:123456789012:done',
    Timestamp: '2019-10-15T10:54:29.014Z',
  });
});

test('an answer’s id is a UUID of version 4', () => {
  const id = newRequestId(Uint8Array.from({ length: 16 }, () => 255));
  expect(id).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff');
});

test('what is written for the answers of the AWS SDK takes these, by their types', () => {
  expectTypeOf<GetPersonTrackingResponse>().toExtend<current.GetPersonTrackingResponse>();
  expectTypeOf<GetPersonTrackingResponse>().toExtend<old.GetPersonTrackingResponse>();
});

test('requests that are typed by the AWS SDK are taken', () => {
  expectTypeOf<current.StartPersonTrackingCommandInput>().toExtend<StartPersonTrackingRequest>();
  expectTypeOf<current.GetPersonTrackingCommandInput>().toExtend<GetPersonTrackingRequest>();
  expectTypeOf<old.StartPersonTrackingCommandInput>().toExtend<StartPersonTrackingRequest>();
  expectTypeOf<old.GetPersonTrackingCommandInput>().toExtend<GetPersonTrackingRequest>();
});
