import { type PageFiles, pageFileLock, pageIdOf } from '../store/object-body.ts';
import type { ObjectRecord } from '../store/schema.ts';
import type { PageStorage } from './storage.ts';

/**
 * Files that this page has open, for as long as it lives: browsers let one be read again only while the page holds on to
 * what the user gave it. A lock says for each that the page still lives, so that another page knows whether to wait for
 * this one or to give the file up.
 */
export class PageFileKeeper {
  readonly #storage: Pick<PageStorage, 'name' | 'locks'>;
  readonly #onAdd: (pageId: string, file: Blob) => void;
  readonly #files = new Map<string, Blob>();
  /** Never read: Chromium takes its leave to read a file back once no handle of it lives in any page. */
  readonly #handles = new Map<string, FileSystemFileHandle>();
  readonly #releases = new Map<string, () => void>();

  constructor(
    storage: Pick<PageStorage, 'name' | 'locks'>,
    onAdd: (pageId: string, file: Blob) => void,
  ) {
    this.#storage = storage;
    this.#onAdd = onAdd;
  }

  /** The files by id. */
  get files(): PageFiles {
    return this.#files;
  }

  /**
   * Keeps a file until it is released or the page ends.
   * @param handle that it came by
   * @returns its id
   */
  async add(file: Blob, handle?: FileSystemFileHandle): Promise<string> {
    const pageId = crypto.randomUUID();
    this.#files.set(pageId, file);
    if (handle) this.#handles.set(pageId, handle);
    this.#onAdd(pageId, file);
    const { name, locks } = this.#storage;
    await new Promise<void>((held, refused) => {
      locks
        .request(pageFileLock(name, pageId), {}, () => {
          held();
          return new Promise<void>((release) => this.#releases.set(pageId, release));
        })
        .catch(refused);
    });
    return pageId;
  }

  /** Lets the file of an object go. */
  release(record: ObjectRecord): void {
    const pageId = pageIdOf(record);
    if (pageId === undefined) return;
    this.#files.delete(pageId);
    this.#handles.delete(pageId);
    this.#releases.get(pageId)?.();
    this.#releases.delete(pageId);
  }

  /** Lets every file go. */
  close(): void {
    for (const release of this.#releases.values()) release();
    this.#releases.clear();
    this.#files.clear();
    this.#handles.clear();
  }
}
