import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ServiceException } from '../../src/contract/exceptions.ts';
import type {
  GetPersonTrackingRequest,
  StartPersonTrackingRequest,
} from '../../src/contract/types.ts';
import {
  validateGetPersonTracking,
  validateStartPersonTracking,
} from '../../src/contract/validate.ts';

const VIDEO = { S3Object: { Bucket: 'shop', Name: 'door.mp4' } };
const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:AmazonRekognitionDone';
const ROLE = 'arn:aws:iam::123456789012:role/service-role/Rekognition';

function failure(run: () => unknown): ServiceException {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(ServiceException);
    return error as ServiceException;
  }
  throw new Error('nothing was thrown');
}
const start = (members: object) => validateStartPersonTracking({ Video: VIDEO, ...members });
const object = (members: object) =>
  validateStartPersonTracking({ Video: { S3Object: { ...VIDEO.S3Object, ...members } } });
const channel = (members: object) =>
  start({ NotificationChannel: { SNSTopicArn: TOPIC, RoleArn: ROLE, ...members } });
const get = (members: object) => validateGetPersonTracking({ JobId: 'job', ...members });

describe('StartPersonTracking', () => {
  test('keeps every member it knows and drops the rest', () => {
    const request = {
      Video: { S3Object: { Bucket: 'shop', Name: 'door.mp4', Version: 'v1' } },
      ClientRequestToken: 'a-Z_0',
      NotificationChannel: { SNSTopicArn: TOPIC, RoleArn: ROLE },
      JobTag: 'Monday_1.-:+=/',
    };
    expect(
      validateStartPersonTracking({
        ...request,
        Video: { S3Object: { ...request.Video.S3Object, Region: 'x' }, Bytes: 'x' },
        NotificationChannel: { ...request.NotificationChannel, Extra: 1 },
        Unknown: {},
      }),
    ).toEqual(request);
  });

  test('leaves out what is absent or null', () => {
    const absent = { ClientRequestToken: null, NotificationChannel: null, JobTag: undefined };
    const answer = start(absent);
    expect(Object.keys(answer)).toEqual(['Video']);
    expect(Object.keys(object({ Version: null }).Video.S3Object)).toEqual(['Bucket', 'Name']);
  });

  test.each([
    [undefined, 'The input is required, but is missing'],
    [null, 'The input is required, but is missing'],
    ['text', 'The input must be a structure, but is "text"'],
    [[], 'The input must be a structure, but is a list'],
    [{}, 'Video is required, but is missing'],
    [{ Video: null }, 'Video is required, but is missing'],
    [{ Video: 7 }, 'Video must be a structure, but is 7'],
    [{ Video: { S3Object: [] } }, 'Video.S3Object must be a structure, but is a list'],
  ])('%j is InvalidParameterException', (request, reason) => {
    expect(failure(() => validateStartPersonTracking(request))).toMatchObject({
      name: 'InvalidParameterException',
      message: `Request has invalid parameters: ${reason}.`,
    });
  });

  test.each([
    [{}, 'Video.S3Object is missing'],
    [{ S3Object: null }, 'Video.S3Object is missing'],
    [{ S3Object: {} }, 'Video.S3Object.Bucket is missing'],
    [{ S3Object: { Name: 'door.mp4' } }, 'Video.S3Object.Bucket is missing'],
    [{ S3Object: { Bucket: 'shop' } }, 'Video.S3Object.Name is missing'],
  ])('Video %j is InvalidS3ObjectException', (video, reason) => {
    expect(failure(() => validateStartPersonTracking({ Video: video }))).toMatchObject({
      name: 'InvalidS3ObjectException',
      message: `Request has invalid S3 object: ${reason}.`,
    });
  });

  const texts: [string, (value: unknown) => unknown, string[], [unknown, string][]][] = [
    [
      'Video.S3Object.Bucket',
      (Bucket) => object({ Bucket }),
      ['abc', 'A.b-c_9', 'b'.repeat(255)],
      [
        ['ab', 'must have 3 to 255 characters, but has 2'],
        ['', 'must have 3 to 255 characters, but has 0'],
        ['b'.repeat(256), 'must have 3 to 255 characters, but has 256'],
        ['b!!', 'must have only letters, digits, ".", "-" and "_", but is "b!!"'],
        ['abc\n', 'must have only letters, digits, ".", "-" and "_", but is "abc\\n"'],
        [123, 'must be a string, but is 123'],
        [{}, 'must be a string, but is of type object'],
      ],
    ],
    [
      'Video.S3Object.Name',
      (Name) => object({ Name }),
      ['a', 'any thing/\n?', '🚶'.repeat(1024)],
      [
        ['', 'must have 1 to 1024 characters, but has 0'],
        ['🚶'.repeat(1025), 'must have 1 to 1024 characters, but has 1025'],
        ['x'.repeat(5000), 'must have 1 to 1024 characters, but has 5000'],
        [false, 'must be a string, but is of type boolean'],
      ],
    ],
    [
      'Video.S3Object.Version',
      (Version) => object({ Version }),
      ['v', 'x'.repeat(1024)],
      [
        ['', 'must have 1 to 1024 characters, but has 0'],
        ['x'.repeat(1025), 'must have 1 to 1024 characters, but has 1025'],
        [['v'], 'must be a string, but is a list'],
      ],
    ],
    [
      'ClientRequestToken',
      (ClientRequestToken) => start({ ClientRequestToken }),
      ['1', 'a-Z_0', 'x'.repeat(64)],
      [
        ['', 'must have 1 to 64 characters, but has 0'],
        ['x'.repeat(65), 'must have 1 to 64 characters, but has 65'],
        ['bad token!', 'must have only letters, digits, "-" and "_", but is "bad token!"'],
        ['token\n', 'must have only letters, digits, "-" and "_", but is "token\\n"'],
        [1, 'must be a string, but is 1'],
      ],
    ],
    [
      'JobTag',
      (JobTag) => start({ JobTag }),
      ['t', 'a_.-:+=/9', 'x'.repeat(1024)],
      [
        ['', 'must have 1 to 1024 characters, but has 0'],
        ['x'.repeat(1025), 'must have 1 to 1024 characters, but has 1025'],
        ['a b', 'must have only letters, digits and "_.-:+=/", but is "a b"'],
        [0, 'must be a string, but is 0'],
      ],
    ],
    [
      'NotificationChannel.SNSTopicArn',
      (SNSTopicArn) => channel({ SNSTopicArn }),
      [TOPIC, 'arn:aws:sns::abcdefghij_9:t', 'arn:aws:sns:a:b:123456789012:topic:sub'],
      [
        [undefined, 'is required, but is missing'],
        [null, 'is required, but is missing'],
        ['', 'must have 1 to 2048 characters, but has 0'],
        ['arn:aws-cn:sns:cn-north-1:123456789012:t', 'must have the form arn:aws:sns:REGION:'],
        ['arn:aws:sns:eu-west-1:12345678901:t', 'must have the form arn:aws:sns:REGION:'],
        ['arn:aws:sns:eu-west-1:123456789012:', 'must have the form arn:aws:sns:REGION:'],
        [`x${TOPIC}`, 'must have the form arn:aws:sns:REGION:'],
        [5, 'must be a string, but is 5'],
      ],
    ],
    [
      'NotificationChannel.RoleArn',
      (RoleArn) => channel({ RoleArn }),
      [ROLE, 'arn:aws:iam::123456789012:roleName', 'arn:aws:iam::123456789012:role/a+=,.@-_/b'],
      [
        [undefined, 'is required, but is missing'],
        ['arn:aws:iam::abcdefghijkl:role/x', 'must have the form arn:aws:iam::ACCOUNT:role/NAME'],
        ['arn:aws:iam::123456789012:role/a b', 'must have the form arn:aws:iam::ACCOUNT:role/NAME'],
        ['arn:aws:iam::123456789012:user/x', 'must have the form arn:aws:iam::ACCOUNT:role/NAME'],
      ],
    ],
  ];
  const title = (value: unknown) => (JSON.stringify(value) ?? 'absent').slice(0, 70);
  for (const [member, run, good, bad] of texts) {
    for (const value of good) {
      test(`${member} may be ${title(value)}`, () => {
        expect(JSON.stringify(run(value))).toContain(JSON.stringify(value));
      });
    }
    for (const [value, reason] of bad) {
      test(`${member} may not be ${title(value)}`, () => {
        const thrown = failure(() => run(value));
        expect(thrown.name).toBe('InvalidParameterException');
        expect(thrown.message).toContain(`Request has invalid parameters: ${member} ${reason}`);
        expect(thrown.message.length).toBeLessThan(300);
      });
    }
  }

  test('an ARN without end is refused before its pattern is tried', () => {
    const SNSTopicArn = `arn:aws:sns${':123456789012'.repeat(80_000)}\n`;
    expect(failure(() => channel({ SNSTopicArn })).message).toContain('1 to 2048 characters');
  });
});

describe('GetPersonTracking', () => {
  test('a member that is undefined is absent, by the types too, as in those of AWS', () => {
    const next: GetPersonTrackingRequest = {
      JobId: 'j',
      MaxResults: undefined,
      NextToken: undefined,
      SortBy: undefined,
    };
    expect(validateGetPersonTracking(next)).toEqual(validateGetPersonTracking({ JobId: 'j' }));
    const S3Object = { Bucket: 'shop', Name: 'door.mp4' };
    const started: StartPersonTrackingRequest = {
      Video: { S3Object: { ...S3Object, Version: undefined } },
      ClientRequestToken: undefined,
      NotificationChannel: undefined,
      JobTag: undefined,
    };
    expect(validateStartPersonTracking(started)).toStrictEqual({ Video: { S3Object } });
  });

  test('fills in the defaults', () => {
    const defaults = { JobId: 'job', MaxResults: 1000, NextToken: '', SortBy: 'TIMESTAMP' };
    expect(get({})).toEqual(defaults);
    expect(get({ MaxResults: null, NextToken: null, SortBy: null })).toEqual(defaults);
    expect(get({ NextToken: '', Unknown: 1 })).toEqual(defaults);
  });

  test('keeps what is given; more than 1000 results count as 1000', () => {
    const given = { MaxResults: 10, NextToken: '+/='.repeat(85), SortBy: 'INDEX' };
    expect(get(given)).toEqual({ JobId: 'job', ...given });
    expect(get({ MaxResults: 1 }).MaxResults).toBe(1);
    expect(get({ MaxResults: 1001 }).MaxResults).toBe(1000);
    expect(get({ MaxResults: 2 ** 40 }).MaxResults).toBe(1000);
  });

  test.each([
    [{ JobId: undefined }, 'JobId is required, but is missing'],
    [{ JobId: null }, 'JobId is required, but is missing'],
    [{ JobId: '' }, 'JobId must have 1 to 64 characters, but has 0'],
    [{ JobId: 'x'.repeat(65) }, 'JobId must have 1 to 64 characters, but has 65'],
    [{ JobId: 'a/b' }, 'JobId must have only letters, digits, "-" and "_", but is "a/b"'],
    [{ JobId: 1 }, 'JobId must be a string, but is 1'],
    [{ MaxResults: 0 }, 'MaxResults must be an integer of at least 1, but is 0'],
    [{ MaxResults: -5 }, 'MaxResults must be an integer of at least 1, but is -5'],
    [{ MaxResults: 1.5 }, 'MaxResults must be an integer of at least 1, but is 1.5'],
    [{ MaxResults: '7' }, 'MaxResults must be an integer of at least 1, but is "7"'],
    [{ MaxResults: Number.NaN }, 'MaxResults must be an integer of at least 1, but is NaN'],
    [{ MaxResults: Infinity }, 'MaxResults must be an integer of at least 1, but is Infinity'],
    [{ NextToken: 'x'.repeat(256) }, 'NextToken must have 0 to 255 characters, but has 256'],
    [{ NextToken: 9 }, 'NextToken must be a string, but is 9'],
    [{ SortBy: 'NAME' }, 'SortBy must be INDEX or TIMESTAMP, but is "NAME"'],
    [{ SortBy: 'index' }, 'SortBy must be INDEX or TIMESTAMP, but is "index"'],
    [{ SortBy: '' }, 'SortBy must be INDEX or TIMESTAMP, but is ""'],
  ])('is refused with InvalidParameterException, case %#', (members, reason) => {
    expect(failure(() => get(members))).toMatchObject({
      name: 'InvalidParameterException',
      message: `Request has invalid parameters: ${reason}.`,
    });
  });

  test('the input itself must be a structure', () => {
    expect(failure(() => validateGetPersonTracking(undefined)).message).toContain('The input is');
    expect(failure(() => validateGetPersonTracking([])).message).toContain('The input must be');
  });
});

test('any value ends in a request or in an exception of the contract', () => {
  const outcome = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      expect(error).toBeInstanceOf(ServiceException);
      expect((error as ServiceException).$fault).toBe('client');
    }
  };
  fc.assert(
    fc.property(fc.anything(), (value) => {
      outcome(() => validateStartPersonTracking(value));
      outcome(() => validateGetPersonTracking(value));
      outcome(() => start({ JobTag: value, ClientRequestToken: value }));
      outcome(() => get({ MaxResults: value, SortBy: value }));
    }),
  );
});
