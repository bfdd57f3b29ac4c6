import {
  afterLook,
  missingCopy,
  type NewObject,
  newestFirst,
  type ObjectName,
  type ObjectStore,
  placed,
} from './objects.ts';
import type { ObjectLocation, ObjectRecord } from './schema.ts';

/** Videos kept in memory, for as long as their page lives. It behaves as {@link ObjectStore} does. */
export class MemoryObjectStore implements Pick<ObjectStore, keyof ObjectStore> {
  readonly #objects = new Map<string, ObjectRecord>();
  readonly #copies = new Map<string, Blob>();

  /** See {@link ObjectStore.put}. */
  async put(object: NewObject, copy?: Blob): Promise<ObjectRecord> {
    const { bucket, key } = object;
    const others = (await this.list(bucket)).filter((other) => other.key === key);
    const record = placed(object, others);
    const name = keyOf(record);
    this.#objects.set(name, record);
    if (copy) this.#copies.set(name, copy);
    else this.#copies.delete(name);
    return record;
  }

  /** See {@link ObjectStore.move}. */
  async move(record: ObjectRecord, location: ObjectLocation): Promise<void> {
    const found = this.#objects.get(keyOf(record));
    if (found) this.#objects.set(keyOf(record), { ...found, location });
  }

  /** See {@link ObjectStore.find}. */
  async find(name: ObjectName): Promise<ObjectRecord | undefined> {
    return (await this.list(name.bucket)).find((record) => isMeant(record, name));
  }

  /** See {@link ObjectStore.list}. */
  async list(bucket?: string): Promise<ObjectRecord[]> {
    return [...this.#objects.values()]
      .filter((record) => bucket === undefined || record.bucket === bucket)
      .sort(newestFirst);
  }

  /** See {@link ObjectStore.copy}. */
  async copy(record: ObjectRecord): Promise<Blob> {
    const blob = this.#copies.get(keyOf(record));
    if (blob) return blob;
    throw missingCopy(record);
  }

  /** See {@link ObjectStore.delete}. */
  async delete(name: ObjectName): Promise<void> {
    for (const record of await this.list(name.bucket)) {
      if (!isMeant(record, name)) continue;
      this.#objects.delete(keyOf(record));
      this.#copies.delete(keyOf(record));
    }
  }

  /** See {@link ObjectStore.sweep}. */
  async sweep(nowMs: number, isUsed: (record: ObjectRecord) => boolean): Promise<ObjectRecord[]> {
    const removed: ObjectRecord[] = [];
    for (const [name, record] of this.#objects) {
      const after = afterLook(record, nowMs, isUsed(record));
      if (after) this.#objects.set(name, after);
      else {
        this.#objects.delete(name);
        this.#copies.delete(name);
        removed.push(record);
      }
    }
    return removed;
  }
}

function isMeant(record: ObjectRecord, { bucket, key, version }: ObjectName): boolean {
  return (
    record.bucket === bucket &&
    record.key === key &&
    (version === undefined || record.version === version)
  );
}

function keyOf({ bucket, key, version }: ObjectRecord): string {
  return JSON.stringify([bucket, key, version]);
}
