import { type PageFiles, pageFileLock } from '../store/object-body.ts';
import type { ObjectRecord } from '../store/schema.ts';

/**
 * Open files that are kept by this page alone. A lock says for each that the page still lives, so that another page
 * knows whether to wait for this one or to give the file up.
 */
export class PageFileKeeper {
  readonly #database: string;
  readonly #onAdd: (pageId: string, file: Blob) => void;
  readonly #files = new Map<string, Blob>();
  readonly #releases = new Map<string, () => void>();

  constructor(database: string, onAdd: (pageId: string, file: Blob) => void) {
    this.#database = database;
    this.#onAdd = onAdd;
  }

  /** The files by id. */
  get files(): PageFiles {
    return this.#files;
  }

  /** Keeps a file until it is released or the page ends. @returns its id */
  async add(file: Blob): Promise<string> {
    const pageId = crypto.randomUUID();
    this.#files.set(pageId, file);
    this.#onAdd(pageId, file);
    await new Promise<void>((held) => {
      void navigator.locks.request(pageFileLock(this.#database, pageId), () => {
        held();
        return new Promise<void>((release) => this.#releases.set(pageId, release));
      });
    });
    return pageId;
  }

  /** Lets the file of an object go. */
  release(record: ObjectRecord): void {
    if (record.location.kind !== 'page') return;
    const { pageId } = record.location;
    this.#files.delete(pageId);
    this.#releases.get(pageId)?.();
    this.#releases.delete(pageId);
  }

  /** Lets every file go. */
  close(): void {
    for (const release of this.#releases.values()) release();
    this.#releases.clear();
    this.#files.clear();
  }
}
