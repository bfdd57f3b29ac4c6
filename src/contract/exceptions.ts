/**
 * The exceptions of the operations, and the two of the wire protocol.
 * Each message starts with AWS's documented text, then says what was wrong and what helps.
 * Source: Amazon Rekognition API reference, "Errors" of StartPersonTracking and GetPersonTracking; developer guide, "Error handling".
 */
import { Failure } from './failure.ts';

/** HTTP status of each exception that the operations are modelled with, those included that nothing here ends with. */
const STATUS = {
  AccessDeniedException: 400,
  IdempotentParameterMismatchException: 400,
  InternalServerError: 500,
  InvalidPaginationTokenException: 400,
  InvalidParameterException: 400,
  InvalidS3ObjectException: 400,
  LimitExceededException: 400,
  ProvisionedThroughputExceededException: 400,
  ResourceNotFoundException: 400,
  SerializationException: 400,
  ThrottlingException: 500,
  UnknownOperationException: 400,
  VideoTooLargeException: 400,
} as const;

/** Names of all exceptions that a call can end with: a closed set. */
export type ServiceExceptionName = keyof typeof STATUS;

/** Rekognition's two operations, and Footpath's own. */
export type OperationName = 'StartPersonTracking' | 'GetPersonTracking' | 'AnalyzePersonTracking';

/** Rekognition's messages name the caller; on the device there is one, under this name. */
const LOCAL_USER_ARN = 'arn:aws:iam::000000000000:user/local';

/**
 * An exception of the contract. `name` is AWS's name of it, so code that compares `error.name` needs no change;
 * with the AWS SDK's client the caller gets the SDK's own class instead.
 */
export class ServiceException extends Error {
  override readonly name: ServiceExceptionName;
  /** Who is at fault: `client` for a 4xx status, `server` for a 5xx one. */
  readonly $fault: 'client' | 'server';
  /** Where the AWS SDK keeps the HTTP status. */
  readonly $metadata: { readonly httpStatusCode: number };

  /**
   * @param name AWS's name of the exception
   * @param message for people: the member or object, the rule, the value
   * @param options `cause`: the error underneath, kept for the log; `httpStatusCode`: where it is not the usual one
   */
  constructor(
    name: ServiceExceptionName,
    message: string,
    options: { cause?: unknown; httpStatusCode?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = name;
    const httpStatusCode = options.httpStatusCode ?? STATUS[name];
    this.$fault = httpStatusCode < 500 ? 'client' : 'server';
    this.$metadata = { httpStatusCode };
  }

  /** AWS's name of the exception, as the model's member. */
  get Code(): ServiceExceptionName {
    return this.name;
  }

  /** The text, as the model's member. */
  get Message(): string {
    return this.message;
  }

  /**
   * Any thrown value as one of ours; what is none becomes InternalServerError with its cause kept. The text of a
   * Failure is meant for people and goes along, any other stays on our side.
   */
  static from(error: unknown): ServiceException {
    return error instanceof ServiceException ? error : internalServerError(error);
  }
}

/** The token was given before, with other input. @param token the ClientRequestToken */
export function idempotentParameterMismatch(token: string): ServiceException {
  return new ServiceException(
    'IdempotentParameterMismatchException',
    `The ClientRequestToken: ${token} you have supplied is already in use. It started a job with other input; ` +
      'repeat that input, or use a new token.',
  );
}

/** The call could not be done. @param cause what was thrown, kept for the log; only a Failure's text is shown */
export function internalServerError(cause: unknown): ServiceException {
  const detail = cause instanceof Failure ? `: ${cause.message}` : '';
  return new ServiceException('InternalServerError', `Internal server error${detail}`, { cause });
}

/** The NextToken cannot be used. @param reason completes the sentence, without a full stop */
export function invalidPaginationToken(reason: string): ServiceException {
  return new ServiceException(
    'InvalidPaginationTokenException',
    `Invalid Pagination Token: ${reason}. Ask for the first page again, without NextToken.`,
  );
}

/** A member breaks its rule. @param reason names member, rule and value, without a full stop */
export function invalidParameter(reason: string): ServiceException {
  return new ServiceException(
    'InvalidParameterException',
    `Request has invalid parameters: ${reason}.`,
  );
}

/** The request does not name a stored video at all. @param reason names the member, without a full stop */
export function incompleteS3Object(reason: string): ServiceException {
  return new ServiceException(
    'InvalidS3ObjectException',
    `Request has invalid S3 object: ${reason}.`,
  );
}

/**
 * The named video is not there or cannot be read.
 * @param object what was asked for
 * @param reason why, as a sentence of its own
 */
export function unavailableS3Object(
  object: { Bucket: string; Name: string; Version?: string },
  reason: string,
): ServiceException {
  const version = object.Version === undefined ? '' : `, Version ${object.Version}`;
  return new ServiceException(
    'InvalidS3ObjectException',
    'Unable to get object metadata from S3. Check object key, region and/or access permissions. ' +
      `(Bucket ${object.Bucket}, Name ${object.Name}${version}: ${reason})`,
  );
}

/** The video is larger than allowed. @param sizeBytes its size; @param maxBytes the limit */
export function videoTooLarge(sizeBytes: number, maxBytes: number): ServiceException {
  return new ServiceException(
    'VideoTooLargeException',
    `Video size in bytes: ${sizeBytes} is more than the maximum limit of: ${maxBytes} bytes.`,
  );
}

/** Too many jobs wait or run. @param open jobs there would be with this one; @param max the limit */
export function limitExceeded(open: number, max: number): ServiceException {
  return new ServiceException(
    'LimitExceededException',
    `${open} open Jobs for User ${LOCAL_USER_ARN} Maximum limit: ${max}`,
  );
}

/** No such job, or its results have expired: the one modelled exception that fits either. */
export function jobNotFound(jobId: string): ServiceException {
  return new ServiceException(
    'ResourceNotFoundException',
    `The JobId: ${jobId} does not exist, or its results have expired.`,
  );
}

/** The body is not a JSON object in UTF-8. @param reason completes the sentence, without a full stop */
export function unreadableBody(reason: string): ServiceException {
  return new ServiceException('SerializationException', `The request body ${reason}.`);
}

/** The x-amz-target names no operation of ours. @param target the header, or null without one */
export function unknownOperation(target: string | null): ServiceException {
  return new ServiceException(
    'UnknownOperationException',
    target === null
      ? 'The request has no X-Amz-Target header.'
      : `The operation ${JSON.stringify(target.slice(0, 200))} does not exist here. ` +
          'RekognitionService.StartPersonTracking, RekognitionService.GetPersonTracking and ' +
          'Footpath_2026_01.AnalyzePersonTracking do.',
  );
}
