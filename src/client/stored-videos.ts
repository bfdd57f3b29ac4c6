import { unavailableS3Object, videoTooLarge } from '../contract/exceptions.ts';
import { Failure } from '../contract/failure.ts';
import { VIDEO_MAX_BYTES } from '../contract/limits.ts';
import type { JobRecord } from '../engine/job.ts';
import { readability, readObject, requestRead } from '../store/object-body.ts';
import type { ObjectRecord } from '../store/schema.ts';
import type { ObjectSummary, PutObjectRequest } from './api.ts';
import type { PageFileKeeper } from './page-files.ts';
import { objectSummary, putObject } from './put-object.ts';
import type { PageStorage } from './storage.ts';

/** A stored object by its name; without a version the latest. */
export interface NamedObject {
  readonly Bucket: string;
  readonly Key: string;
  readonly VersionId?: string;
}

/** The videos that jobs read: stored under names, some as no more than a file that this page has open. */
export class StoredVideos {
  readonly #storage: PageStorage;
  readonly #files: PageFileKeeper;

  constructor(storage: PageStorage, files: PageFileKeeper) {
    this.#storage = storage;
    this.#files = files;
  }

  /** See {@link putObject}. */
  async put(request: PutObjectRequest): Promise<ObjectSummary> {
    return objectSummary(await putObject(request, this.#storage.objects, this.#files), true);
  }

  /** Every version of every object, or of one bucket. */
  async list(bucket?: string): Promise<ObjectSummary[]> {
    const records = await this.#storage.objects.list(bucket);
    return records.map((record, i) => {
      const before = records[i - 1];
      const isLatest = before?.bucket !== record.bucket || before.key !== record.key;
      return objectSummary(record, isLatest);
    });
  }

  /** The bytes of an object. @throws Failure `object-missing`, `object-unreadable` */
  async body(name: NamedObject): Promise<Blob | URL> {
    return readObject(await this.#existing(name), this.#storage.objects, this.#files.files);
  }

  /**
   * Asks the user to allow a handle's file; only from a click.
   * @returns the object; undefined where it was not allowed
   * @throws Failure `object-missing`
   */
  async allow(name: NamedObject): Promise<ObjectRecord | undefined> {
    const object = await this.#existing(name);
    if (!(await requestRead(object))) return undefined;
    // Where the file is gone, its jobs find out and say so.
    await this.#reopen(object).catch(() => {});
    return object;
  }

  /** Removes one version, or all of them. */
  async delete(name: NamedObject): Promise<void> {
    const { Bucket, Key, VersionId } = name;
    for (const record of await this.#storage.objects.list(Bucket)) {
      const isMeant = record.key === Key && (VersionId ?? record.version) === record.version;
      if (isMeant) this.#files.release(record);
    }
    await this.#storage.objects.delete(objectName(name));
  }

  /** Removes what is kept for jobs alone and has none: see {@link PutObjectRequest.WithJobs}. @returns whether anything went */
  async sweep(nowMs: number): Promise<boolean> {
    // First: whoever stores a video and starts its job meanwhile puts its time off.
    const used = new Set((await this.#storage.jobs.list()).map(({ object }) => nameOf(object)));
    const removed = await this.#storage.objects.sweep(nowMs, (it) => used.has(nameOf(it)));
    for (const record of removed) this.#files.release(record);
    return removed.length > 0;
  }

  /** The video of a request. @throws ServiceException `InvalidS3ObjectException`, `VideoTooLargeException` */
  async find(name: { Bucket: string; Name: string; Version?: string }): Promise<ObjectRecord> {
    const { Bucket, Name, Version } = name;
    const record = await this.#storage.objects.find({
      bucket: Bucket,
      key: Name,
      ...(Version === undefined ? {} : { version: Version }),
    });
    if (!record) throw unavailableS3Object(name, 'no object of that name is stored here');
    if (record.sizeBytes > VIDEO_MAX_BYTES) throw videoTooLarge(record.sizeBytes, VIDEO_MAX_BYTES);
    if ((await readability(record, this.#storage, this.#files.files)) === 'gone') {
      throw unavailableS3Object(name, 'the page that had the file open was closed');
    }
    return record;
  }

  async #existing(name: NamedObject): Promise<ObjectRecord> {
    const record = await this.#storage.objects.find(objectName(name));
    if (record) return record;
    throw new Failure(
      'object-missing',
      `No object ${name.Bucket}/${name.Key} is stored here. Add the video again.`,
    );
  }

  /** Holds on to a handle's file that the user just allowed, so that it is asked for once a visit. */
  async #reopen(object: ObjectRecord): Promise<void> {
    if (object.location.kind !== 'handle') return;
    const { handle } = object.location;
    const file = await readObject(object, this.#storage.objects, this.#files.files);
    if (file instanceof URL) return;
    this.#files.release(object);
    const pageId = await this.#files.add(file, handle);
    await this.#storage.objects.move(object, { kind: 'handle', handle, pageId });
  }
}

function nameOf({ bucket, key, version }: JobRecord['object']): string {
  return JSON.stringify([bucket, key, version]);
}

function objectName({ Bucket, Key, VersionId }: NamedObject) {
  return { bucket: Bucket, key: Key, ...(VersionId === undefined ? {} : { version: VersionId }) };
}
