/**
 * Checks of every member of the requests. Patterns hold for the whole value, lengths count characters (Unicode
 * code points), members we do not know are dropped and `null` counts as absent, as in AWS's own clients.
 * Source: Amazon Rekognition API reference, request parameters of StartPersonTracking and GetPersonTracking.
 */
import { incompleteS3Object, invalidParameter } from './exceptions.ts';
import { PAGE_MAX_RESULTS, PAGE_TOKEN_MAX_LENGTH } from './limits.ts';
import type {
  AnalyzePersonTrackingRequest,
  GetPersonTrackingRequest,
  NamedVideo,
  NotificationChannel,
  PersonTrackingSortBy,
  StartPersonTrackingRequest,
} from './types.ts';

/** A checked StartPersonTrackingRequest: it names its video, and both ends of a channel. */
export interface ValidStartRequest extends StartPersonTrackingRequest {
  Video: NamedVideo;
  NotificationChannel?: Record<keyof NotificationChannel, string>;
}

/** A checked GetPersonTrackingRequest with its defaults filled in; NextToken `''` is the first page. */
export type ValidGetRequest = {
  [Member in keyof GetPersonTrackingRequest]-?: NonNullable<GetPersonTrackingRequest[Member]>;
};

interface TextRule {
  readonly min: number;
  readonly max: number;
  /** Anchored at both ends. */
  readonly pattern?: RegExp;
  /** The pattern in words, for the message. */
  readonly form?: string;
}

const BUCKET: TextRule = {
  min: 3,
  max: 255,
  pattern: /^[0-9A-Za-z.\-_]*$/,
  form: 'only letters, digits, ".", "-" and "_"',
};
const OBJECT_NAME: TextRule = { min: 1, max: 1024 };
const TOKEN: TextRule = {
  min: 1,
  max: 64,
  pattern: /^[a-zA-Z0-9\-_]+$/,
  form: 'only letters, digits, "-" and "_"',
};
/** The wider of the two rules that AWS published. */
const JOB_TAG: TextRule = {
  min: 1,
  max: 1024,
  pattern: /^[a-zA-Z0-9_.\-:+=/]+$/,
  form: 'only letters, digits and "_.-:+=/"',
};
const PAGE_TOKEN: TextRule = { min: 0, max: PAGE_TOKEN_MAX_LENGTH };
/** The model gives no length; this one keeps a hostile value from costing time. */
const ARN_MAX = 2048;
const TOPIC_ARN: TextRule = {
  min: 1,
  max: ARN_MAX,
  pattern: /^arn:aws:sns:.*:\w{12}:.+$/,
  form: 'the form arn:aws:sns:REGION:ACCOUNT:TOPIC with an account of 12 characters',
};
const ROLE_ARN: TextRule = {
  min: 1,
  max: ARN_MAX,
  pattern: /^arn:aws:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/,
  form: 'the form arn:aws:iam::ACCOUNT:role/NAME with an account of 12 digits',
};

type Members = Readonly<Record<string, unknown>>;

/** A value as a message shows it: short, and on one line. */
export function shown(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value !== 'string') return Array.isArray(value) ? 'a list' : `of type ${typeof value}`;
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
}

function structure(value: unknown, member: string): Members | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object' && !Array.isArray(value)) return value as Members;
  throw invalidParameter(`${member} must be a structure, but is ${shown(value)}`);
}

function text(value: unknown, member: string, rule: TextRule): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') {
    throw invalidParameter(`${member} must be a string, but is ${shown(value)}`);
  }
  let length = 0;
  for (const _ of value) length++;
  if (length < rule.min || length > rule.max) {
    throw invalidParameter(
      `${member} must have ${rule.min} to ${rule.max} characters, but has ${length}`,
    );
  }
  if (rule.pattern !== undefined && !rule.pattern.test(value)) {
    throw invalidParameter(`${member} must have ${rule.form}, but is ${shown(value)}`);
  }
  return value;
}

function required<Value>(value: Value | undefined, member: string): Value {
  if (value !== undefined) return value;
  throw invalidParameter(`${member} is required, but is missing`);
}

function input(value: unknown): Members {
  return required(structure(value, 'The input'), 'The input');
}

/** AWS's model requires none of these members; its documented answer to their absence is this exception. */
function video(value: unknown): ValidStartRequest['Video'] {
  const members = required(structure(value, 'Video'), 'Video');
  const object = structure(members.S3Object, 'Video.S3Object');
  if (object === undefined) throw incompleteS3Object('Video.S3Object is missing');
  const Bucket = text(object.Bucket, 'Video.S3Object.Bucket', BUCKET);
  const Name = text(object.Name, 'Video.S3Object.Name', OBJECT_NAME);
  const Version = text(object.Version, 'Video.S3Object.Version', OBJECT_NAME);
  if (Bucket === undefined) throw incompleteS3Object('Video.S3Object.Bucket is missing');
  if (Name === undefined) throw incompleteS3Object('Video.S3Object.Name is missing');
  return { S3Object: { Bucket, Name, ...(Version === undefined ? {} : { Version }) } };
}

function notificationChannel(value: unknown): ValidStartRequest['NotificationChannel'] {
  const members = structure(value, 'NotificationChannel');
  if (members === undefined) return undefined;
  const topic = 'NotificationChannel.SNSTopicArn';
  const role = 'NotificationChannel.RoleArn';
  return {
    SNSTopicArn: required(text(members.SNSTopicArn, topic, TOPIC_ARN), topic),
    RoleArn: required(text(members.RoleArn, role, ROLE_ARN), role),
  };
}

/**
 * The request of StartPersonTracking, checked: members we know, nothing else.
 * @throws ServiceException `InvalidParameterException`: a member breaks its rule;
 *   `InvalidS3ObjectException`: S3Object, its Bucket or its Name is missing
 */
export function validateStartPersonTracking(request: unknown): ValidStartRequest {
  const members = input(request);
  const ClientRequestToken = text(members.ClientRequestToken, 'ClientRequestToken', TOKEN);
  const JobTag = text(members.JobTag, 'JobTag', JOB_TAG);
  const NotificationChannel = notificationChannel(members.NotificationChannel);
  return {
    Video: video(members.Video),
    ...(ClientRequestToken === undefined ? {} : { ClientRequestToken }),
    ...(NotificationChannel === undefined ? {} : { NotificationChannel }),
    ...(JobTag === undefined ? {} : { JobTag }),
  };
}

/** A JobId by its rule. @throws ServiceException `InvalidParameterException` */
export function checkedJobId(value: unknown): string {
  return required(text(value, 'JobId', TOKEN), 'JobId');
}

function maxResults(value: unknown): number {
  if (value === undefined || value === null) return PAGE_MAX_RESULTS;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1) {
    throw invalidParameter(`MaxResults must be an integer of at least 1, but is ${shown(value)}`);
  }
  return Math.min(value, PAGE_MAX_RESULTS);
}

function sortBy(value: unknown): PersonTrackingSortBy {
  if (value === undefined || value === null) return 'TIMESTAMP';
  if (value === 'INDEX' || value === 'TIMESTAMP') return value;
  throw invalidParameter(`SortBy must be INDEX or TIMESTAMP, but is ${shown(value)}`);
}

/**
 * The request of GetPersonTracking, checked, with every default filled in and MaxResults at most 1000.
 * @throws ServiceException `InvalidParameterException`: a member breaks its rule. A NextToken of fitting length
 *   is checked where it is read (page-token.ts).
 */
export function validateGetPersonTracking(request: unknown): ValidGetRequest {
  const members = input(request);
  return {
    JobId: checkedJobId(members.JobId),
    MaxResults: maxResults(members.MaxResults),
    NextToken: text(members.NextToken, 'NextToken', PAGE_TOKEN) ?? '',
    SortBy: sortBy(members.SortBy),
  };
}

/** Input of AnalyzePersonTracking with its defaults. */
export interface ValidAnalyzeRequest {
  readonly JobId: string;
  /** Its own rules are checked where it is read (parseScene). */
  readonly Scene: unknown;
  readonly StandMillis: number;
  readonly By: NonNullable<AnalyzePersonTrackingRequest['By']>;
}

const STRETCHES: readonly ValidAnalyzeRequest['By'][] = ['minute', 'quarter-hour', 'hour', 'day'];

/**
 * Checks the input of AnalyzePersonTracking.
 * @throws ServiceException `InvalidParameterException`: a member breaks its rule
 */
export function validateAnalyzePersonTracking(request: unknown): ValidAnalyzeRequest {
  const members = input(request);
  const StandMillis = members.StandMillis ?? 20_000;
  if (typeof StandMillis !== 'number' || !(StandMillis > 0))
    throw invalidParameter(`StandMillis must be a number above 0, but is ${shown(StandMillis)}`);
  const By = STRETCHES.find((name) => name === (members.By ?? 'hour'));
  if (By === undefined)
    throw invalidParameter(
      `By must be one of ${STRETCHES.join(', ')}, but is ${shown(members.By)}`,
    );
  return {
    JobId: checkedJobId(members.JobId),
    Scene: required(members.Scene ?? undefined, 'Scene'),
    StandMillis,
    By,
  };
}
