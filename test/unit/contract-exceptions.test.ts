import { expect, test } from 'vitest';
import {
  idempotentParameterMismatch,
  incompleteS3Object,
  internalServerError,
  invalidPaginationToken,
  invalidParameter,
  jobNotFound,
  limitExceeded,
  ServiceException,
  unavailableS3Object,
  unknownOperation,
  unreadableBody,
  videoTooLarge,
} from '../../src/contract/exceptions.ts';
import { Failure } from '../../src/contract/failure.ts';

const cases: [ServiceException, string, number, string][] = [
  [
    idempotentParameterMismatch('monday'),
    'IdempotentParameterMismatchException',
    400,
    'The ClientRequestToken: monday you have supplied is already in use. It started a job with other input; repeat that input, or use a new token.',
  ],
  [
    invalidParameter('MaxResults must be an integer of at least 1, but is 0'),
    'InvalidParameterException',
    400,
    'Request has invalid parameters: MaxResults must be an integer of at least 1, but is 0.',
  ],
  [
    incompleteS3Object('Video.S3Object is missing'),
    'InvalidS3ObjectException',
    400,
    'Request has invalid S3 object: Video.S3Object is missing.',
  ],
  [
    unavailableS3Object({ Bucket: 'shop', Name: 'door.mp4', Version: 'v1' }, 'no such version'),
    'InvalidS3ObjectException',
    400,
    'Unable to get object metadata from S3. Check object key, region and/or access permissions. (Bucket shop, Name door.mp4, Version v1: no such version)',
  ],
  [
    videoTooLarge(11, 10),
    'VideoTooLargeException',
    400,
    'Video size in bytes: 11 is more than the maximum limit of: 10 bytes.',
  ],
  [
    limitExceeded(21, 20),
    'LimitExceededException',
    400,
    '21 open Jobs for User arn:aws:iam::000000000000:user/local Maximum limit: 20',
  ],
  [internalServerError(new Error('secret')), 'InternalServerError', 500, 'Internal server error'],
  [
    invalidPaginationToken('NextToken is older than 24 hours'),
    'InvalidPaginationTokenException',
    400,
    'Invalid Pagination Token: NextToken is older than 24 hours. Ask for the first page again, without NextToken.',
  ],
  [
    jobNotFound('abc'),
    'ResourceNotFoundException',
    400,
    'The JobId: abc does not exist, or its results have expired.',
  ],
  [unreadableBody('is not JSON'), 'SerializationException', 400, 'The request body is not JSON.'],
  [
    unknownOperation(null),
    'UnknownOperationException',
    400,
    'The request has no X-Amz-Target header.',
  ],
];

test.each(cases)('%s', (exception, name, status, message) => {
  expect(exception).toBeInstanceOf(Error);
  expect(exception).toMatchObject({
    name,
    message,
    Code: name,
    Message: message,
    $fault: status < 500 ? 'client' : 'server',
    $metadata: { httpStatusCode: status },
  });
});

test('what is no exception of the contract becomes InternalServerError and keeps its cause out of the text', () => {
  const cause = new TypeError('secret path');
  expect(ServiceException.from(cause)).toMatchObject({ name: 'InternalServerError', cause });
  expect(ServiceException.from(cause).message).not.toContain('secret');
  const full = new Failure('quota-exceeded', 'The disk is full.');
  expect(ServiceException.from(full).message).toBe('Internal server error: The disk is full.');
  const own = jobNotFound('abc');
  expect(ServiceException.from(own)).toBe(own);
});
