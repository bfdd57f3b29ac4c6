import { Failure } from '../contract/failure.ts';
import { lookForOver } from '../contract/second-look.ts';
import type { Database } from './database.ts';
import { marked } from './job-rules.ts';
import type { ObjectLocation, ObjectRecord } from './schema.ts';

/** Names an object; without `version` the newest is meant. */
export interface ObjectName {
  readonly bucket: string;
  readonly key: string;
  readonly version?: string;
}

/** An object that is not stored yet. */
export type NewObject = Omit<ObjectRecord, 'sequence'>;

/** A new object behind every other of its name. One that was to stay stays, whoever stores it again. */
export function placed(object: NewObject, others: readonly ObjectRecord[]): ObjectRecord {
  const before = others.find(({ version }) => version === object.version);
  const { expiresAtMs, ...lasting } = object;
  return {
    ...(before && before.expiresAtMs === undefined ? lasting : object),
    sequence: 1 + others.reduce((last, { sequence }) => Math.max(last, sequence), 0),
  };
}

/** A record as a look at it leaves it: the same, another, or undefined where its time was over at an earlier look, too. */
export function afterLook(
  record: ObjectRecord,
  nowMs: number,
  isUsed: boolean,
): ObjectRecord | undefined {
  const { expiresAtMs, ...lasting } = record;
  const look = lookForOver(isUsed ? lasting : record, nowMs);
  if (look === 'remove') return undefined;
  return look === 'keep' ? record : marked(record, look, nowMs);
}

/** Stored videos by bucket, key and version. Throws what {@link Database.run} throws. */
export class ObjectStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Stores a version, in place of one of the same name: from now on it is the newest.
   * @param copy the bytes, when they are to be kept
   * @returns the record with its place in the order of puts
   */
  put(object: NewObject, copy?: Blob): Promise<ObjectRecord> {
    return this.#database.write(['objects', 'copies'], async (tx) => {
      const objects = tx.objectStore('objects');
      const { bucket, key, version } = object;
      const others = await objects.getAll(IDBKeyRange.bound([bucket, key], [bucket, key, []]));
      const record = placed(object, others);
      const name: [string, string, string] = [bucket, key, version];
      await objects.put(record);
      if (copy) await tx.objectStore('copies').put(copy, name);
      else await tx.objectStore('copies').delete(name);
      return record;
    });
  }

  /** Says where the bytes of a version are now, unless it was deleted meanwhile. It gets no newer by that. */
  move({ bucket, key, version }: ObjectRecord, location: ObjectLocation): Promise<void> {
    return this.#database.write(['objects'], async (tx) => {
      const objects = tx.objectStore('objects');
      const found = await objects.get([bucket, key, version]);
      if (found) await objects.put({ ...found, location });
    });
  }

  /** The version named, or the newest; undefined when there is none. */
  async find(name: ObjectName): Promise<ObjectRecord | undefined> {
    const versions = await this.#versions(name);
    return name.version === undefined
      ? versions[0]
      : versions.find((record) => record.version === name.version);
  }

  /** Every version, newest first within a key. @param bucket only of this bucket */
  async list(bucket?: string): Promise<ObjectRecord[]> {
    const range = bucket === undefined ? undefined : IDBKeyRange.bound([bucket], [bucket, []]);
    const found = await this.#database.run((db) => db.getAll('objects', range));
    return found.sort(newestFirst);
  }

  /** Bytes of a copied object. @throws Failure `object-missing` */
  async copy(record: ObjectRecord): Promise<Blob> {
    const name: [string, string, string] = [record.bucket, record.key, record.version];
    const blob = await this.#database.run((db) => db.get('copies', name));
    if (blob) return blob;
    throw missingCopy(record);
  }

  /** Removes one version, or all. */
  async delete(name: ObjectName): Promise<void> {
    const range =
      name.version === undefined
        ? IDBKeyRange.bound([name.bucket, name.key], [name.bucket, name.key, []])
        : IDBKeyRange.only([name.bucket, name.key, name.version]);
    await this.#database.write(['objects', 'copies'], async (tx) => {
      await tx.objectStore('objects').delete(range);
      await tx.objectStore('copies').delete(range);
    });
  }

  /**
   * Removes what is kept for jobs alone, and had none at an earlier look too (`lookForOver`).
   * @param isUsed whether a job is about it
   * @returns what went
   */
  sweep(nowMs: number, isUsed: (record: ObjectRecord) => boolean): Promise<ObjectRecord[]> {
    return this.#database.write(['objects', 'copies'], async (tx) => {
      const objects = tx.objectStore('objects');
      const removed: ObjectRecord[] = [];
      for (const record of await objects.getAll()) {
        const name: [string, string, string] = [record.bucket, record.key, record.version];
        const after = afterLook(record, nowMs, isUsed(record));
        if (after === record) continue;
        if (after) await objects.put(after);
        else {
          await objects.delete(name);
          await tx.objectStore('copies').delete(name);
          removed.push(record);
        }
      }
      return removed;
    });
  }

  async #versions({ bucket, key }: ObjectName): Promise<ObjectRecord[]> {
    const range = IDBKeyRange.bound([bucket, key], [bucket, key, []]);
    const found = await this.#database.run((db) => db.getAll('objects', range));
    return found.sort(newestFirst);
  }
}

/** The order of lists: by bucket and key, the newest version first. */
export function newestFirst(a: ObjectRecord, b: ObjectRecord): number {
  return compare(a.bucket, b.bucket) || compare(a.key, b.key) || b.sequence - a.sequence;
}

/** What reading a copy that is gone ends with. */
export function missingCopy({ bucket, key }: ObjectRecord): Failure {
  return new Failure(
    'object-missing',
    `The stored copy of ${bucket}/${key} is gone: the browser cleared it. Add the video again.`,
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
