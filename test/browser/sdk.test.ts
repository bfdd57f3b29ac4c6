/** The handler under AWS's own clients, current and old, in a real browser. */
import * as current from '@aws-sdk/client-rekognition';
import * as old from 'aws-sdk-rekognition-3600';
import { beforeEach, describe, expect, test } from 'vitest';
import { createHandler } from '../../src/client/handler.ts';
import { createRequestHandler } from '../../src/client/request-handler.ts';
import {
  EXCEPTIONS,
  elements,
  inOrder,
  JOB_ID,
  THROUGHPUT_EXCEEDED,
  VIDEO,
  WireService,
} from '../fixtures/wire-service.ts';

type Sdk = typeof current;
const sdks: [string, Sdk][] = [
  ['the current SDK', current],
  // Its types differ in members that these tests do not touch.
  ['SDK 3.600', old as unknown as Sdk],
];

const service = new WireService();
const requestHandler = createRequestHandler(createHandler(service));

test('both SDKs take the request handler as their types have it', () => {
  const config = { region: 'local', requestHandler };
  new current.RekognitionClient(config).destroy();
  new old.RekognitionClient(config).destroy();
});

describe.each(sdks)('%s', (_, sdk) => {
  const config = {
    region: 'eu-west-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    requestHandler,
  };
  const client = new sdk.RekognitionClient(config);
  const once = new sdk.RekognitionClient({ ...config, maxAttempts: 1 });
  const start = new sdk.StartPersonTrackingCommand({ Video: VIDEO });
  const caught = (call: Promise<unknown>) =>
    call.then(
      () => expect.unreachable('the call succeeded'),
      (error: unknown) => error as current.RekognitionServiceException & { Logref?: string },
    );

  beforeEach(() => {
    service.exception = undefined;
    service.calls = 0;
  });

  test('starts a job with every member', async () => {
    const answer = await client.send(
      new sdk.StartPersonTrackingCommand({
        Video: { S3Object: { ...VIDEO.S3Object, Version: 'v1' } },
        ClientRequestToken: 'token-1',
        NotificationChannel: {
          SNSTopicArn: 'arn:aws:sns:eu-west-1:123456789012:done',
          RoleArn: 'arn:aws:iam::123456789012:role/r',
        },
        JobTag: 'monday',
      }),
    );
    expect(answer.JobId).toBe(JOB_ID);
    expect(answer.$metadata).toMatchObject({ httpStatusCode: 200, attempts: 1 });
    expect(answer.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('gets the result with numbers as Rekognition wrote them', async () => {
    const answer = await client.send(
      new sdk.GetPersonTrackingCommand({ JobId: JOB_ID, MaxResults: 1, NextToken: '' }),
    );
    expect(answer.JobStatus).toBe('SUCCEEDED');
    expect(answer.VideoMetadata).toEqual({
      Codec: 'h264',
      DurationMillis: 600,
      Format: 'QuickTime / MOV',
      FrameRate: 29.970029830932617,
      FrameHeight: 240,
      FrameWidth: 320,
    });
    const BoundingBox = { Width: 0.22499999403953552, Height: 0.5, Left: 0, Top: 0 };
    expect(answer.Persons).toEqual([{ Timestamp: 0, Person: { Index: 0, BoundingBox } }]);
    expect(answer.NextToken).toMatch(/^.{1,255}$/);
  });

  test.each(['TIMESTAMP', 'INDEX'] as const)('pages to the end by %s', async (SortBy) => {
    const pages = sdk.paginateGetPersonTracking(
      { client, pageSize: 10 },
      { JobId: JOB_ID, SortBy },
    );
    const sizes: number[] = [];
    const seen: [number, number][] = [];
    for await (const { Persons = [] } of pages) {
      sizes.push(Persons.length);
      for (const { Timestamp, Person } of Persons) seen.push([Timestamp!, Person!.Index!]);
    }
    expect(sizes).toEqual([10, 10, 5]);
    expect(seen).toEqual(inOrder(elements, SortBy).map((e) => [e.timestampMs, e.index]));
  });

  test('one page of the default size holds it all and carries no token', async () => {
    const answer = await new sdk.Rekognition(config).getPersonTracking({ JobId: JOB_ID });
    expect(answer.Persons).toHaveLength(25);
    expect(answer).not.toHaveProperty('NextToken');
  });

  test('what the SDK does not check, we do', async () => {
    const input = { JobId: JOB_ID, MaxResults: 1.5 };
    const error = await caught(client.send(new sdk.GetPersonTrackingCommand(input)));
    expect(error).toBeInstanceOf(sdk.InvalidParameterException);
    expect(error.message).toContain('MaxResults must be an integer of at least 1, but is 1.5');
    const forged = { JobId: JOB_ID, NextToken: 'x' };
    expect(await caught(client.send(new sdk.GetPersonTrackingCommand(forged)))).toBeInstanceOf(
      sdk.InvalidPaginationTokenException,
    );
  });

  test.each(EXCEPTIONS)('%s can end with %s', async (operation, name, thrown) => {
    service.exception = thrown;
    const error = await caught(
      operation === 'StartPersonTracking'
        ? once.send(start)
        : once.send(new sdk.GetPersonTrackingCommand({ JobId: JOB_ID })),
    );
    expect(error).toBeInstanceOf(sdk[name as 'InternalServerError']);
    expect(error).toBeInstanceOf(sdk.RekognitionServiceException);
    expect(error).toMatchObject({ name, message: thrown.message, Code: name });
    expect(error.Logref).toBe(error.$metadata.requestId);
    expect(error.$metadata.httpStatusCode).toBe(thrown.$metadata.httpStatusCode);
    expect(service.calls).toBe(1);
  });

  test('the SDK tries again where Rekognition wanted it to', async () => {
    service.exception = THROUGHPUT_EXCEEDED;
    await caught(client.send(start));
    expect(service.calls).toBe(3);
  });

  test('an operation that is not ours is refused by name', async () => {
    const error = await caught(client.send(new sdk.ListCollectionsCommand({})));
    expect(error).toMatchObject({ name: 'UnknownOperationException' });
    expect(error).toBeInstanceOf(sdk.RekognitionServiceException);
  });

  test('a signature is not needed', async () => {
    const sign = { sign: async <R>(request: R) => request };
    const unsigned = new sdk.RekognitionClient({ ...config, signer: sign });
    expect((await unsigned.send(start)).JobId).toBe(JOB_ID);
  });

  test('an abort signal ends the call', async () => {
    const aborted = { abortSignal: AbortSignal.abort() };
    expect(await caught(client.send(start, aborted))).toMatchObject({ name: 'AbortError' });
    expect(service.calls).toBe(0);

    const waiting = new sdk.RekognitionClient({
      ...config,
      requestHandler: createRequestHandler(() => new Promise(() => undefined)),
    });
    const controller = new AbortController();
    const call = caught(waiting.send(start, { abortSignal: controller.signal }));
    setTimeout(() => controller.abort(), 20);
    expect(await call).toMatchObject({ name: 'AbortError' });
  });
});

// Version 3.600 has no handler for its extensions to set, whatever the handler is.
test('an extension of the current SDK may set what connections have, of which there are none', async () => {
  const heard: unknown[] = [];
  const extension: NonNullable<current.RekognitionClientConfig['extensions']>[number] = {
    configure(extended) {
      const http = extended as unknown as Record<string, (...args: unknown[]) => unknown>;
      http.updateHttpClientConfig!('requestTimeout', 5000);
      heard.push(http.httpHandlerConfigs!());
    },
  };
  const client = new current.RekognitionClient({
    region: 'local',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    requestHandler,
    extensions: [extension],
  });
  const { JobId } = await client.send(new current.StartPersonTrackingCommand({ Video: VIDEO }));
  expect(JobId).toBe(JOB_ID);
  expect(heard).toEqual([{}]);
});

test('no request left the page’s origin', () => {
  const addresses = performance.getEntriesByType('resource').map(({ name }) => new URL(name));
  const elsewhere = addresses.filter(
    ({ origin, protocol }) => origin !== location.origin && protocol.startsWith('http'),
  );
  expect(elsewhere).toEqual([]);
});
