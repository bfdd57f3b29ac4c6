import { openDB, unwrap, wrap } from 'idb';
import { Failure } from '../contract/failure.ts';
import { forgetOldestDetections } from './kept-detections.ts';
import { type FootpathSchema, migrate, SCHEMA_VERSION } from './schema.ts';
import { abort, type Handle, inTransaction, type StoreName, type Writing } from './transaction.ts';

/** A connection, or the way to it. */
interface Opening {
  readonly handle: Promise<Handle>;
  /** Rejects with {@link BLOCKED} when an older page has been in the way for too long. */
  readonly blocked: Promise<never>;
  /** The first of the two, and the connection once it is there. */
  answer: Promise<Handle>;
}

/** How long an older page may take to let the database go, before the newer one says what it waits for. */
const BLOCKED_MS = 5000;

/**
 * The connection to IndexedDB. Browsers drop connections of background tabs and abort what was under way, so a lost
 * one is opened again and the work done once more; a full disk becomes a Failure that says so.
 */
export class Database {
  /** Name of the database; locks and channels are named after it too. */
  readonly name: string;
  #opening: Opening | undefined;

  constructor(name: string) {
    this.name = name;
  }

  /**
   * Runs one piece of work, which must bear being run twice: the first time may have been lost, or only its answer.
   * @throws Failure `quota-exceeded`, `store-unavailable`
   */
  async run<T>(work: (db: Handle) => Promise<T>): Promise<T> {
    const opening = this.#opened();
    try {
      return await work(await this.#answer(opening));
    } catch (error) {
      if (!isLostConnection(error)) throw asFailure(error);
    }
    // Not the next one, which somebody else who lost this one may have opened already.
    await this.#close(opening);
    try {
      return await work(await this.#answer(this.#opened()));
    } catch (error) {
      throw asFailure(error);
    }
  }

  /**
   * Runs work in one transaction: all of it is stored when this settles, or nothing. It must bear being run twice. Where
   * there is no room for it, kept detections go, those of the oldest job first, until there is.
   * @param names of the stores that it touches
   * @param durability `relaxed` where the computer's own crash may cost it
   * @throws Failure `quota-exceeded`, `store-unavailable`
   */
  write<const Names extends StoreName, T>(
    names: readonly Names[],
    work: (tx: Writing<Names>) => Promise<T>,
    durability: 'strict' | 'relaxed' = 'strict',
  ): Promise<T> {
    return this.run(async (db) => {
      for (;;) {
        try {
          return await inTransaction(db, names, work, durability);
        } catch (error) {
          const isFull = isNamed(error, 'QuotaExceededError');
          if (!isFull || !(await forgetOldestDetections(db))) throw error;
        }
      }
    });
  }

  /**
   * Runs work that only deletes, in one transaction. It needs no room, so nothing is given up for it.
   * @throws Failure `quota-exceeded`, `store-unavailable`
   */
  erase<const Names extends StoreName>(
    names: readonly Names[],
    work: (tx: Writing<Names>) => Promise<void>,
  ): Promise<void> {
    return this.run((db) => inTransaction(db, names, work));
  }

  /** Closes the connection; the next `run` opens another. */
  close(): Promise<void> {
    return this.#close(this.#opening);
  }

  async #close(opening: Opening | undefined): Promise<void> {
    this.#forget(opening);
    // Should it come late, it must not be in another's way.
    const closed = opening?.handle.then(
      (db) => db.close(),
      () => {},
    );
    await Promise.race([closed, opening?.blocked.catch(() => {})]);
  }

  #forget(opening: Opening | undefined): void {
    if (this.#opening === opening) this.#opening = undefined;
  }

  #opened(): Opening {
    this.#opening ??= this.#connect();
    return this.#opening;
  }

  async #answer(opening: Opening): Promise<Handle> {
    try {
      return await opening.answer;
    } catch (error) {
      // One that waits for an older page is waited for; a second would only stand in line behind it.
      if (error !== BLOCKED) this.#forget(opening);
      throw whyNotOpen(error);
    }
  }

  #connect(): Opening {
    let block: (reason: unknown) => void = () => {};
    const blocked = new Promise<never>((_, reject) => {
      block = reject;
    });
    blocked.catch(() => {});
    // Where storage is refused, some browsers throw here and now.
    const open = async () => {
      const db = await openDB<FootpathSchema>(this.name, SCHEMA_VERSION, {
        upgrade: (db, fromVersion, _, tx) => {
          // Where it fails the opening does, too.
          migrate(db, fromVersion, tx).catch(() => abort(tx));
        },
        blocked: () => void setTimeout(block, BLOCKED_MS, BLOCKED),
        // A newer version waits in another tab: let it have the database, and open again on the next call.
        blocking: () => void this.#close(opening),
        terminated: () => this.#forget(opening),
      });
      heedEnds(db);
      return db;
    };
    const handle = open();
    // One race for all: each leaves something behind on a promise that never settles, and pages live for months.
    const opening: Opening = { handle, blocked, answer: Promise.race([handle, blocked]) };
    handle.then(
      () => {
        opening.answer = handle;
      },
      () => {},
    );
    return opening;
  }
}

/**
 * idb tells of each transaction's end by a promise, for which nobody waits where something is only read: whoever reads
 * hears by the request what went wrong.
 */
function heedEnds(db: Handle): void {
  const raw = unwrap(db);
  const begin = raw.transaction.bind(raw);
  raw.transaction = (...args) => {
    const tx = begin(...args);
    wrap(tx).done.catch(() => {});
    return tx;
  };
}

/** Rejected with where an older page holds the database and does not let it go. */
const BLOCKED = Symbol('blocked');

function isNamed(error: unknown, ...names: string[]): boolean {
  return error instanceof DOMException && names.includes(error.name);
}

function isLostConnection(error: unknown): boolean {
  return isNamed(error, 'InvalidStateError', 'UnknownError', 'AbortError');
}

function whyNotOpen(error: unknown): Failure {
  if (isNamed(error, 'QuotaExceededError')) return noRoom(error);
  const reason =
    error === BLOCKED
      ? 'Another tab with an older Footpath holds the browser’s storage. Close that tab, or load it again.'
      : isNamed(error, 'VersionError')
        ? 'A newer Footpath has changed the browser’s storage. Load this page again. Where this site itself went back to an older Footpath, everything is kept for the newer one.'
        : // Chromium's, of a disk that takes nothing.
          isNamed(error, 'UnknownError')
          ? 'The browser could not open its storage: the disk is full or damaged, or this is a private window. Free disk space, and load the page again.'
          : 'This browser does not let the page store data (private window, or storage blocked for this site). Allow storage and load the page again.';
  return new Failure('store-unavailable', reason, error);
}

function noRoom(cause: unknown): Failure {
  return new Failure(
    'quota-exceeded',
    'The browser has no room left for this site. Delete old jobs or stored videos, or free disk space, and try again.',
    cause,
  );
}

function asFailure(error: unknown): unknown {
  if (isNamed(error, 'QuotaExceededError')) return noRoom(error);
  // A lost connection comes back; this came twice. WebKit's private windows answer so to a file.
  if (isNamed(error, 'UnknownError')) {
    return new Failure(
      'store-unavailable',
      'The browser could not store or read this: a private window that keeps no files, or a damaged disk. Use an ordinary window, or load the page again; unfinished jobs go on from their last checkpoint.',
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
