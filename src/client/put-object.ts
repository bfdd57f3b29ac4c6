import { invalidParameter } from '../contract/exceptions.ts';
import { fingerprint } from '../store/fingerprint.ts';
import type { NewObject, ObjectStore } from '../store/objects.ts';
import type { ObjectLocation, ObjectRecord } from '../store/schema.ts';
import type { ObjectSummary, PutObjectRequest } from './api.ts';
import type { PageFileKeeper } from './page-files.ts';

/** Files up to this size are copied when nothing is said: a few minutes of video, little of any quota. */
const COPY_MAX_BYTES = 256 * 1024 ** 2;

/**
 * Stores a video under a name, as a new version unless this very version is there already.
 * @throws ServiceException `InvalidParameterException`; Failure `quota-exceeded`
 */
export async function putObject(
  request: PutObjectRequest,
  objects: ObjectStore,
  files: PageFileKeeper,
): Promise<ObjectRecord> {
  const { Bucket, Key, Body, Keep, VersionId } = request;
  if (typeof Bucket !== 'string' || !/^[0-9A-Za-z.\-_]{3,255}$/.test(Bucket)) {
    throw invalidParameter(
      `Bucket must be 3 to 255 of the characters 0-9A-Za-z.-_, but is ${JSON.stringify(Bucket)}`,
    );
  }
  for (const [member, value] of [
    ['Key', Key],
    ['VersionId', VersionId ?? '-'],
  ] as const) {
    if (typeof value === 'string' && value.length >= 1 && value.length <= 1024) continue;
    throw invalidParameter(
      `${member} must be 1 to 1024 characters, but is ${JSON.stringify(value)}`,
    );
  }
  if (Keep !== undefined && Keep !== 'copy' && Keep !== 'reference') {
    throw invalidParameter(`Keep must be "copy" or "reference", but is ${JSON.stringify(Keep)}`);
  }
  const body = await inspect(Body, Keep, files);
  const object: NewObject = {
    bucket: Bucket,
    key: Key,
    version: VersionId ?? body.version,
    sizeBytes: body.sizeBytes,
    contentType: body.contentType,
    storedAtMs: Date.now(),
    location: body.location,
  };
  return objects.put(object, body.copy);
}

interface Body {
  readonly location: ObjectLocation;
  readonly version: string;
  readonly sizeBytes: number;
  readonly contentType: string;
  readonly copy?: Blob;
}

async function inspect(
  body: PutObjectRequest['Body'],
  keep: PutObjectRequest['Keep'],
  files: PageFileKeeper,
): Promise<Body> {
  if (body instanceof Blob) {
    const asCopy = keep === undefined ? body.size <= COPY_MAX_BYTES : keep === 'copy';
    return {
      location: asCopy ? { kind: 'copy' } : { kind: 'page', pageId: await files.add(body) },
      version: await fingerprint(body),
      sizeBytes: body.size,
      contentType: body.type,
      ...(asCopy ? { copy: body } : {}),
    };
  }
  if (!isHandle(body) && !(body instanceof URL)) {
    throw invalidParameter('Body must be a File, Blob, FileSystemFileHandle or URL');
  }
  if (keep === 'copy') {
    throw invalidParameter('Keep "copy" needs a Body that is a File or Blob');
  }
  if (!(body instanceof URL)) {
    const file = await body.getFile();
    return {
      location: { kind: 'handle', handle: body },
      version: await fingerprint(file),
      sizeBytes: file.size,
      contentType: file.type,
    };
  }
  const url = new URL(body, document.baseURI);
  if (url.origin !== location.origin) {
    throw invalidParameter(
      `Body must be of this page's origin, ${location.origin}, but is ${url.href}: nothing is loaded from elsewhere`,
    );
  }
  return {
    location: { kind: 'url', url: url.href },
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
