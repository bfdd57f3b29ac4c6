import { Failure } from '../contract/failure.ts';
import type { Database } from './database.ts';
import type { ObjectRecord } from './schema.ts';

/** Names an object; without `version` the newest is meant. */
export interface ObjectName {
  readonly bucket: string;
  readonly key: string;
  readonly version?: string;
}

/** Stored videos by bucket, key and version. Throws what {@link Database.run} throws. */
export class ObjectStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Stores a version, in place of one of the same name. @param copy the bytes, when they are to be kept */
  async put(record: ObjectRecord, copy?: Blob): Promise<void> {
    await this.#database.run(async (db) => {
      const tx = db.transaction(['objects', 'copies'], 'readwrite', { durability: 'strict' });
      const name: [string, string, string] = [record.bucket, record.key, record.version];
      await Promise.all([
        tx.objectStore('objects').put(record),
        copy ? tx.objectStore('copies').put(copy, name) : tx.objectStore('copies').delete(name),
        tx.done,
      ]);
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
    await this.#database.run(async (db) => {
      const tx = db.transaction(['objects', 'copies'], 'readwrite');
      await Promise.all([
        tx.objectStore('objects').delete(range),
        tx.objectStore('copies').delete(range),
        tx.done,
      ]);
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
  return compare(a.bucket, b.bucket) || compare(a.key, b.key) || b.storedAtMs - a.storedAtMs;
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
