/** What names a job, and what makes two requests the same. */
import { hexadecimal } from './hexadecimal.ts';
import { JOB_ID_LENGTH } from './limits.ts';
import type { ValidStartRequest } from './validate.ts';

/** Random bytes that `newJobId` needs. */
export const JOB_ID_BYTES = JOB_ID_LENGTH / 2;

/**
 * A JobId as Rekognition's looked: 64 lower-case hexadecimal characters.
 * @param random 32 bytes of a cryptographic generator
 * @throws RangeError another number of bytes
 */
export function newJobId(random: Uint8Array): string {
  if (random.length !== JOB_ID_BYTES) {
    throw new RangeError(`newJobId needs ${JOB_ID_BYTES} random bytes, but got ${random.length}`);
  }
  return hexadecimal(random);
}

/** Random bytes that `newRequestId` needs. */
export const REQUEST_ID_BYTES = 16;

/**
 * The id of an answer, a UUID of version 4. (`crypto.randomUUID` is kept from pages that came unencrypted, whose calls are to be
 * answered too.)
 * @param random 16 bytes of a cryptographic generator
 */
export function newRequestId(random: Uint8Array): string {
  const bytes = random.slice(0, REQUEST_ID_BYTES);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return hexadecimal(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/**
 * The input of a start as one string: equal for two requests exactly when AWS calls them the same. The values
 * count, not how they were written; video, channel and tag are input, the token itself is not.
 */
export function requestFingerprint(request: ValidStartRequest): string {
  const { Bucket, Name, Version } = request.Video.S3Object;
  const { SNSTopicArn, RoleArn } = request.NotificationChannel ?? {};
  const values = [Bucket, Name, Version, SNSTopicArn, RoleArn, request.JobTag];
  return JSON.stringify(values.map((value) => value ?? null));
}
