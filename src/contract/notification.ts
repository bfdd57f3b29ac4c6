/**
 * The message that tells of a job's end, and the envelope in which Amazon SNS delivers messages.
 * Source: Amazon Rekognition developer guide, "Reference: Video analysis results notification" and messages
 * that users published; Amazon SNS developer guide, "HTTP/HTTPS notification JSON format".
 */
import type { CompletionMessage } from './types.ts';
import type { ValidStartRequest } from './validate.ts';

/**
 * The message's body in Rekognition's order of keys; JobTag only where the request had one.
 * @param job `completedAtMs`: Unix time in milliseconds
 */
export function completionMessage(job: {
  readonly jobId: string;
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly completedAtMs: number;
  readonly request: ValidStartRequest;
}): CompletionMessage {
  const { JobTag } = job.request;
  const { Bucket, Name } = job.request.Video.S3Object;
  return {
    JobId: job.jobId,
    Status: job.status,
    API: 'StartPersonTracking',
    ...(JobTag === undefined ? {} : { JobTag }),
    Timestamp: Math.trunc(job.completedAtMs),
    Video: { S3ObjectName: Name, S3Bucket: Bucket },
  };
}

/** What Amazon SNS posts to a subscriber. */
export interface SnsEnvelope {
  Type: 'Notification';
  MessageId: string;
  TopicArn: string;
  /** The message as a JSON text: subscribers parse twice. */
  Message: string;
  /** ISO 8601, UTC. */
  Timestamp: string;
  SignatureVersion: '1';
  /** Empty: only AWS can sign as AWS. */
  Signature: '';
  /** Empty, as the signature is. */
  SigningCertURL: '';
  /** Empty: there is no subscription to end. */
  UnsubscribeURL: '';
}

/**
 * A completion message in its envelope.
 * @param delivery `messageId`: a UUID, the same when delivery is tried again; `sentAtMs`: Unix time in milliseconds
 */
export function snsEnvelope(
  message: CompletionMessage,
  delivery: {
    readonly messageId: string;
    readonly topicArn: string;
    readonly sentAtMs: number;
  },
): SnsEnvelope {
  return {
    Type: 'Notification',
    MessageId: delivery.messageId,
    TopicArn: delivery.topicArn,
    Message: JSON.stringify(message),
    Timestamp: new Date(delivery.sentAtMs).toISOString(),
    SignatureVersion: '1',
    Signature: '',
    SigningCertURL: '',
    UnsubscribeURL: '',
  };
}
