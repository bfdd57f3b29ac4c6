import { type IDBPDatabase, openDB } from 'idb';
import { Failure } from '../contract/failure.ts';
import { type FootpathSchema, migrate, SCHEMA_VERSION } from './schema.ts';

/** An open database of the layout in schema.ts. */
export type Handle = IDBPDatabase<FootpathSchema>;

/**
 * The connection to IndexedDB. Browsers drop connections of background tabs, so a lost one is opened again and the
 * work done once more; a full disk becomes a Failure that says so.
 */
export class Database {
  /** Name of the database; locks and channels are named after it too. */
  readonly name: string;
  #opening: Promise<Handle> | undefined;

  constructor(name: string) {
    this.name = name;
  }

  /**
   * Runs one piece of work, which must bear being run twice.
   * @throws Failure `quota-exceeded`, `store-unavailable`
   */
  async run<T>(work: (db: Handle) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#open());
    } catch (error) {
      if (!isLostConnection(error)) throw asFailure(error);
    }
    await this.close();
    try {
      return await work(await this.#open());
    } catch (error) {
      throw asFailure(error);
    }
  }

  /** Closes the connection; the next `run` opens another. */
  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    const db = await opening?.catch(() => undefined);
    db?.close();
  }

  #open(): Promise<Handle> {
    const forget = () => {
      this.#opening = undefined;
    };
    this.#opening ??= openDB<FootpathSchema>(this.name, SCHEMA_VERSION, {
      upgrade: (db, fromVersion) => migrate(db, fromVersion),
      // A newer version waits in another tab: let it have the database, and open again on the next call.
      blocking: () => void this.close(),
      terminated: forget,
    }).catch((error: unknown) => {
      forget();
      throw new Failure(
        'store-unavailable',
        'This browser does not let the page store data (private window, or storage blocked for this site). Allow storage and load the page again.',
        error,
      );
    });
    return this.#opening;
  }
}

function isLostConnection(error: unknown): boolean {
  return (
    error instanceof DOMException &&
    (error.name === 'InvalidStateError' || error.name === 'UnknownError')
  );
}

function asFailure(error: unknown): unknown {
  if (error instanceof DOMException && error.name === 'QuotaExceededError') {
    return new Failure(
      'quota-exceeded',
      'The browser has no room left for this site. Delete old jobs or stored videos, or free disk space, and try again.',
      error,
    );
  }
  if (isLostConnection(error)) {
    return new Failure(
      'store-unavailable',
      'The connection to the browser’s storage was lost. Load the page again; unfinished jobs go on from their last checkpoint.',
      error,
    );
  }
  return error;
}
