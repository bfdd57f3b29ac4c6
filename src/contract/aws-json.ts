/**
 * awsJson1_1, the wire protocol of Rekognition: one POST whose X-Amz-Target names the operation, JSON both ways.
 * Source: Smithy, "AWS JSON 1.1 protocol"; Amazon Rekognition API reference, "Errors".
 */
import {
  type OperationName,
  type ServiceException,
  unknownOperation,
  unreadableBody,
} from './exceptions.ts';
import { REQUEST_BODY_MAX_BYTES } from './limits.ts';

/** Content type of requests and answers. */
const AWS_JSON_CONTENT_TYPE = 'application/x-amz-json-1.1';

/** The header that names the operation. */
export const TARGET_HEADER = 'x-amz-target';

/** The header in which an answer's id comes back. */
export const REQUEST_ID_HEADER = 'x-amzn-requestid';

/** Targets by the operations that they name; the last is Footpath's own, under a prefix of its own. */
const TARGETS: Readonly<Record<OperationName, string>> = {
  StartPersonTracking: 'RekognitionService.StartPersonTracking',
  GetPersonTracking: 'RekognitionService.GetPersonTracking',
  AnalyzePersonTracking: 'Footpath_2026_01.AnalyzePersonTracking',
};

/** The deepest request of the contract has three levels; whoever writes or compares one calls itself for each. */
const NESTING_MAX = 32;

/** An answer on its way out. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

/**
 * The operation that a target names.
 * @param target value of the X-Amz-Target header, or null without one
 * @throws ServiceException `UnknownOperationException`
 */
export function operationOf(target: string | null): OperationName {
  for (const [operation, name] of Object.entries(TARGETS)) {
    if (name === target) return operation as OperationName;
  }
  throw unknownOperation(target);
}

/** The value of the X-Amz-Target header that names an operation. */
export function targetOf(operation: OperationName): string {
  return TARGETS[operation];
}

/**
 * The input that a request's body holds; an empty body is an empty input.
 * @throws ServiceException `SerializationException`: more than 1 MiB, not UTF-8, not JSON, not a JSON object, or nested
 *   deeper than 32 levels
 */
export function decodeInput(body: Uint8Array): object {
  if (body.length > REQUEST_BODY_MAX_BYTES) {
    throw unreadableBody(
      `has ${body.length} bytes, but at most ${REQUEST_BODY_MAX_BYTES} are read`,
    );
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw unreadableBody('is not UTF-8');
  }
  if (text.trim() === '') return {};
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch (error) {
    throw unreadableBody(`is not JSON (${(error as Error).message.slice(0, 200)})`);
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw unreadableBody('is not a JSON object');
  }
  if (isDeeperThan(NESTING_MAX, input)) {
    throw unreadableBody(`is nested more than ${NESTING_MAX} levels deep`);
  }
  return input;
}

/** Whether objects and lists lie in one another more often than `levels`, the outermost counted. */
function isDeeperThan(levels: number, value: object): boolean {
  let row: object[] = [value];
  for (let depth = 0; row.length > 0; depth++) {
    if (depth === levels) return true;
    row = row.flatMap((outer) =>
      Object.values(outer).filter((inner) => typeof inner === 'object' && inner !== null),
    );
  }
  return false;
}

function wireAnswer(status: number, requestId: string, content: object): WireAnswer {
  return {
    status,
    headers: { 'content-type': AWS_JSON_CONTENT_TYPE, [REQUEST_ID_HEADER]: requestId },
    body: new TextEncoder().encode(JSON.stringify(content)),
  };
}

/** The answer of a call that succeeded. @param requestId a UUID, new for each request */
export function encodeOutput(output: object, requestId: string): WireAnswer {
  return wireAnswer(200, requestId, output);
}

/**
 * The answer of a call that failed. `__type` is what botocore reads, `Code` and `Logref` what AWS documents.
 * @param requestId a UUID, new for each request; it is the Logref too
 */
export function encodeException(exception: ServiceException, requestId: string): WireAnswer {
  return wireAnswer(exception.$metadata.httpStatusCode, requestId, {
    __type: exception.name,
    Code: exception.name,
    Logref: requestId,
    Message: exception.message,
  });
}
