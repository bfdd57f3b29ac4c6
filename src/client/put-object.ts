import { invalidParameter } from '../contract/exceptions.ts';
import { Failure } from '../contract/failure.ts';
import { shown } from '../contract/validate.ts';
import { fingerprint } from '../store/fingerprint.ts';
import type { ObjectStore } from '../store/objects.ts';
import type { ObjectLocation, ObjectRecord } from '../store/schema.ts';
import type { ObjectSummary, PutObjectRequest } from './api.ts';
import { baseAddress } from './base-address.ts';
import type { PageFileKeeper } from './page-files.ts';

/** Files up to this size are copied when nothing is said: a few minutes of video, little of any quota. */
const COPY_MAX_BYTES = 256 * 1024 ** 2;
/** How long an object that is kept for jobs may be without one at first. */
const WITHOUT_JOB_MS = 86_400_000;

/**
 * Stores a video under a name, as a new version unless this very version is there already.
 * @throws ServiceException `InvalidParameterException`; Failure `quota-exceeded`, `object-unreadable`
 */
export async function putObject(
  request: PutObjectRequest,
  objects: Pick<ObjectStore, 'put'>,
  files: PageFileKeeper,
): Promise<ObjectRecord> {
  const { Bucket, Key, Body, Keep, VersionId, WithJobs = false } = request;
  if (typeof Bucket !== 'string' || !/^[0-9A-Za-z.\-_]{3,255}$/.test(Bucket)) {
    throw invalidParameter(
      `Bucket must be 3 to 255 of the characters 0-9A-Za-z.-_, but is ${shown(Bucket)}`,
    );
  }
  for (const [member, value] of [
    ['Key', Key],
    ['VersionId', VersionId ?? '-'],
  ] as const) {
    if (typeof value === 'string' && value.length >= 1 && value.length <= 1024) continue;
    throw invalidParameter(`${member} must be 1 to 1024 characters, but is ${shown(value)}`);
  }
  if (Keep !== undefined && Keep !== 'copy' && Keep !== 'reference') {
    throw invalidParameter(`Keep must be "copy" or "reference", but is ${shown(Keep)}`);
  }
  if (typeof WithJobs !== 'boolean')
    throw invalidParameter(`WithJobs must be true or false, but is ${shown(WithJobs)}`);
  const body = await inspect(Body);
  if (Keep === 'copy' && 'url' in body) {
    throw invalidParameter('Keep "copy" needs a Body that is a File, Blob or FileSystemFileHandle');
  }
  const storedAtMs = Date.now();
  const object = {
    bucket: Bucket,
    key: Key,
    version: VersionId ?? body.version,
    sizeBytes: body.sizeBytes,
    contentType: body.contentType,
    storedAtMs,
    ...(WithJobs ? { expiresAtMs: storedAtMs + WITHOUT_JOB_MS } : {}),
  };
  const copies = Keep === undefined ? body.sizeBytes <= COPY_MAX_BYTES : Keep === 'copy';
  if ('file' in body && copies) {
    try {
      return await objects.put({ ...object, location: { kind: 'copy' } }, body.file);
    } catch (error) {
      // Where there is no room for a copy, the file itself does.
      if (Keep === 'copy' || Failure.from(error).kind !== 'quota-exceeded') throw error;
    }
  }
  return objects.put({ ...object, location: await refer(body, files) });
}

type Body = Pick<ObjectRecord, 'version' | 'sizeBytes' | 'contentType'> &
  ({ readonly url: URL } | { readonly file: Blob; readonly handle?: FileSystemFileHandle });

async function refer(body: Body, files: PageFileKeeper): Promise<ObjectLocation> {
  if ('url' in body) return { kind: 'url', url: body.url.href };
  const { file, handle } = body;
  const pageId = await files.add(file, handle);
  return handle ? { kind: 'handle', handle, pageId } : { kind: 'page', pageId };
}

async function inspect(body: PutObjectRequest['Body']): Promise<Body> {
  if (body instanceof Blob || isHandle(body)) {
    try {
      const file = body instanceof Blob ? body : await body.getFile();
      return {
        file,
        ...(isHandle(body) && { handle: body }),
        version: await fingerprint(file),
        sizeBytes: file.size,
        contentType: file.type,
      };
    } catch (error) {
      throw new Failure(
        'object-unreadable',
        'The file cannot be read: it is a folder, was moved, changed or deleted since it was chosen, or the browser may not read it. Choose it again.',
        error,
      );
    }
  }
  if (!(body instanceof URL)) {
    throw invalidParameter('Body must be a File, Blob, FileSystemFileHandle or URL');
  }
  const url = new URL(body, baseAddress());
  if (url.origin !== globalThis.origin) {
    throw invalidParameter(
      `Body must be of this page's origin, ${globalThis.origin}, but is ${url.href}: nothing is loaded from elsewhere`,
    );
  }
  return {
    url,
    version: await fingerprint(new Blob([url.href])),
    sizeBytes: 0,
    contentType: '',
  };
}

function isHandle(body: unknown): body is FileSystemFileHandle {
  return typeof FileSystemFileHandle !== 'undefined' && body instanceof FileSystemFileHandle;
}

/** A stored object as listed. */
export function objectSummary(record: ObjectRecord, isLatest: boolean): ObjectSummary {
  return {
    Bucket: record.bucket,
    Key: record.key,
    VersionId: record.version,
    IsLatest: isLatest,
    Size: record.sizeBytes,
    ContentType: record.contentType,
    LastModified: new Date(record.storedAtMs),
    Kept: record.location.kind,
  };
}
