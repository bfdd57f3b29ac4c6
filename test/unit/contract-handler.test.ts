import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { createHandler, type PersonTrackingService } from '../../src/client/handler.ts';
import { createRequestHandler } from '../../src/client/request-handler.ts';
import { encodeException } from '../../src/contract/aws-json.ts';
import { jobNotFound, limitExceeded, ServiceException } from '../../src/contract/exceptions.ts';
import {
  validateAnalyzePersonTracking,
  validateGetPersonTracking,
  validateStartPersonTracking,
} from '../../src/contract/validate.ts';

const JOB_ID = 'f'.repeat(64);
const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** Answers every valid request; what the codec and the checks let through shows in the answer. */
const service: PersonTrackingService = {
  async startPersonTracking(request) {
    validateStartPersonTracking(request);
    return { JobId: JOB_ID };
  },
  async getPersonTracking(request) {
    const { JobId } = validateGetPersonTracking(request);
    if (JobId !== JOB_ID) throw jobNotFound(JobId);
    const Video = { S3Object: { Bucket: 'shop', Name: 'door.mp4' } };
    return { JobStatus: 'IN_PROGRESS', Persons: [], JobId, Video };
  },
  async analyzePersonTracking(request) {
    const { By } = validateAnalyzePersonTracking(request);
    return { JobStatus: 'SUCCEEDED', Analysis: { By } };
  },
};
const failing = (exception: unknown): PersonTrackingService => {
  const fail = () => Promise.reject(exception);
  return { startPersonTracking: fail, getPersonTracking: fail, analyzePersonTracking: fail };
};
const START = '{"Video": {"S3Object": {"Bucket": "shop", "Name": "door.mp4"}}}';

async function post(
  body: BodyInit | null,
  target: string | null = 'RekognitionService.StartPersonTracking',
  handler = createHandler(service),
) {
  const headers: Record<string, string> = target === null ? {} : { 'X-AMZ-Target': target };
  const response = await handler(
    new Request('http://localhost/', { method: 'POST', headers, body }),
  );
  expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.1');
  expect(response.headers.get('x-amzn-RequestId')).toMatch(UUID);
  return { status: response.status, headers: response.headers, answer: await response.json() };
}

describe('the handler', () => {
  test('starts and gets', async () => {
    expect(await post(START)).toMatchObject({ status: 200, answer: { JobId: JOB_ID } });
    const get = await post(`{"JobId":"${JOB_ID}"}`, 'RekognitionService.GetPersonTracking');
    expect(get).toMatchObject({ status: 200, answer: { JobStatus: 'IN_PROGRESS', Persons: [] } });
  });

  test('counts under a prefix of its own', async () => {
    const ask = (input: object, target = 'Footpath_2026_01.AnalyzePersonTracking') =>
      post(JSON.stringify(input), target);
    const Scene = { version: 1 };
    expect(await ask({ JobId: JOB_ID, Scene })).toMatchObject({
      status: 200,
      answer: { JobStatus: 'SUCCEEDED', Analysis: { By: 'hour' } },
    });
    expect(await ask({ JobId: JOB_ID, Scene, StandMillis: null, By: null })).toMatchObject({
      status: 200,
      answer: { Analysis: { By: 'hour' } },
    });
    const wrong = [
      [{ Scene }, /JobId/],
      [{ JobId: JOB_ID }, /Scene is required/],
      [{ JobId: JOB_ID, Scene: null }, /Scene is required/],
      [{ JobId: JOB_ID, Scene, By: 'week' }, /By must be one of minute, .*but is "week"/],
      [{ JobId: JOB_ID, Scene, StandMillis: 0 }, /StandMillis must be a number above 0, but is 0/],
    ] as const;
    for (const [input, message] of wrong) {
      const { status, answer } = await ask(input);
      expect([status, answer.__type]).toEqual([400, 'InvalidParameterException']);
      expect(answer.Message).toMatch(message);
    }
    const foreign = await ask({ JobId: JOB_ID, Scene }, 'RekognitionService.AnalyzePersonTracking');
    expect(foreign.answer.__type).toBe('UnknownOperationException');
  });

  test.each([
    ['lists', '['.repeat(200_000) + ']'.repeat(200_000)],
    ['objects', `${'{"a":'.repeat(100_000)}0${'}'.repeat(100_000)}`],
    ['both', `${'[{"a":'.repeat(20)}0${'}]'.repeat(20)}`],
  ])('refuses %s that are nested deeper than any request, wherever they are', async (_, deep) => {
    for (const body of [
      `{"Video":${deep}}`,
      `{"Other":${deep},"Video":{"S3Object":{"Bucket":"shop","Name":"door.mp4"}}}`,
    ]) {
      expect(await post(body)).toMatchObject({
        status: 400,
        answer: {
          __type: 'SerializationException',
          Message: expect.stringMatching(/32 levels deep|not JSON/),
        },
      });
    }
  });

  test('reads bytes as it reads text, and a byte order mark is no matter', async () => {
    expect(await post(new TextEncoder().encode(`\ufeff${START}`))).toMatchObject({ status: 200 });
  });

  test.each([
    ['RekognitionService.DetectFaces', 'does not exist here'],
    ['StartPersonTracking', 'does not exist here'],
    ['__proto__', 'does not exist here'],
    [null, 'no X-Amz-Target header'],
  ])('target %s is UnknownOperationException', async (target, text) => {
    expect(await post(START, target)).toMatchObject({
      status: 400,
      answer: { __type: 'UnknownOperationException', Message: expect.stringContaining(text) },
    });
  });

  test('only POST is served', async () => {
    const response = await createHandler(service)(new Request('http://localhost/'));
    expect(response.status).toBe(405);
    expect(await response.json()).toMatchObject({ __type: 'UnknownOperationException' });
  });

  test.each([
    ['{', 'is not JSON'],
    ['[]', 'is not a JSON object'],
    ['null', 'is not a JSON object'],
    ['"text"', 'is not a JSON object'],
    [new Uint8Array([0x22, 0xff, 0x22]), 'is not UTF-8'],
    [`{"JobTag":"${'x'.repeat(1024 ** 2)}"}`, 'has 1048589 bytes, but at most 1048576 are read'],
  ])('an unreadable body is SerializationException, case %#', async (body, text) => {
    expect(await post(body)).toMatchObject({
      status: 400,
      answer: { __type: 'SerializationException', Message: expect.stringContaining(text) },
    });
  });

  test('an empty body is an empty input', async () => {
    expect(await post('')).toMatchObject({
      status: 400,
      answer: {
        __type: 'InvalidParameterException',
        Message: 'Request has invalid parameters: Video is required, but is missing.',
      },
    });
  });

  test.each([
    [limitExceeded(21, 20), 400],
    [new ServiceException('ThrottlingException', 'Not now.'), 500],
    [new ServiceException('ThrottlingException', 'Slow down.', { httpStatusCode: 400 }), 400],
  ])('an exception has its status and the documented members: %s', async (exception, status) => {
    const { headers, ...reply } = await post(START, undefined, createHandler(failing(exception)));
    expect(reply.status).toBe(status);
    expect(reply.answer).toEqual({
      __type: exception.name,
      Code: exception.name,
      Logref: headers.get('x-amzn-requestid'),
      Message: exception.message,
    });
  });

  test('a defect is InternalServerError, and its text stays on our side', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const defect = new TypeError('secret path');
    const reply = await post(START, undefined, createHandler(failing(defect)));
    expect(reply).toMatchObject({ status: 500, answer: { Message: 'Internal server error' } });
    expect(log).toHaveBeenCalledWith(reply.answer.Logref, defect);
    log.mockRestore();
  });

  const modelled = [
    'InvalidParameterException',
    'InvalidS3ObjectException',
    'ResourceNotFoundException',
    'SerializationException',
  ];
  const anyRequest = fc.record(
    {
      Video: fc.option(
        fc.record(
          { S3Object: fc.oneof(fc.record({ Bucket: fc.string(), Name: fc.string() }), fc.json()) },
          { requiredKeys: [] },
        ),
      ),
      JobId: fc.oneof(fc.constant(JOB_ID), fc.string(), fc.integer()),
      MaxResults: fc.jsonValue(),
      NextToken: fc.jsonValue(),
      JobTag: fc.jsonValue(),
      NotificationChannel: fc.jsonValue(),
      SortBy: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  test.each([
    ['JSON', fc.json()],
    ['near-request', anyRequest.map((value) => JSON.stringify(value))],
    ['bytes', fc.uint8Array()],
  ] as [string, fc.Arbitrary<string | Uint8Array<ArrayBuffer>>][])(
    'any %s in, a modelled answer out',
    async (_, bodies) => {
      const target = fc.constantFrom('StartPersonTracking', 'GetPersonTracking');
      await fc.assert(
        fc.asyncProperty(bodies, target, async (body, operation) => {
          const { status, answer } = await post(body, `RekognitionService.${operation}`);
          if (status === 200) expect(answer.JobId).toBe(JOB_ID);
          else {
            expect(status).toBe(400);
            expect(modelled).toContain(answer.__type);
            expect(answer.Code).toBe(answer.__type);
            expect(answer.Message).toMatch(/\.\)?$/);
          }
        }),
        { numRuns: 500 },
      );
    },
  );

  test('any text survives the codec of exceptions', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (jobId) => {
        const { body } = encodeException(jobNotFound(jobId), 'id');
        const { Message } = JSON.parse(new TextDecoder().decode(body));
        expect(Message).toBe(jobNotFound(jobId).message);
      }),
    );
  });
});

describe('the SDK’s request handler', () => {
  const requestHandler = createRequestHandler(createHandler(service));
  const request = (body: unknown) => ({
    method: 'POST',
    headers: { 'X-Amz-Target': 'RekognitionService.StartPersonTracking', host: 'rekognition' },
    body,
  });

  test('takes strings and bytes and answers bytes', async () => {
    for (const body of [START, new TextEncoder().encode(START)]) {
      const { response } = await requestHandler.handle(request(body));
      expect(response).toMatchObject({
        statusCode: 200,
        headers: { 'content-type': 'application/x-amz-json-1.1' },
      });
      expect(response.body).toBeInstanceOf(Uint8Array);
      expect(new TextDecoder().decode(response.body)).toBe(`{"JobId":"${JOB_ID}"}`);
    }
  });

  test('a body that is missing is an answer, too', async () => {
    const { response } = await requestHandler.handle(request(undefined));
    expect(response.statusCode).toBe(400);
  });

  test('an aborted call ends at once', async () => {
    const never = createRequestHandler(() => new Promise(() => undefined));
    const aborted = { name: 'AbortError' } satisfies Partial<ServiceException | Error>;
    const before = { abortSignal: AbortSignal.abort() };
    await expect(never.handle(request(START), before)).rejects.toMatchObject(aborted);

    const controller = new AbortController();
    const call = never.handle(request(START), { abortSignal: controller.signal });
    controller.abort();
    await expect(call).rejects.toMatchObject(aborted);

    const older = { aborted: false, onabort: null as null | (() => void) };
    const olderCall = never.handle(request(START), { abortSignal: older });
    older.onabort?.();
    await expect(olderCall).rejects.toMatchObject(aborted);
  });
});
