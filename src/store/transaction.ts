import type { IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import type { FootpathSchema } from './schema.ts';

/** An open database of the layout in schema.ts. */
export type Handle = IDBPDatabase<FootpathSchema>;

/** Names of its object stores. */
export type StoreName = StoreNames<FootpathSchema>;

/** A transaction that may write to the stores named. */
export type Writing<Names extends StoreName> = IDBPTransaction<
  FootpathSchema,
  Names[],
  'readwrite'
>;

/** Runs work in one transaction: all of it is stored when this settles, or nothing. Throws what the browser throws. */
export async function inTransaction<const Names extends StoreName, T>(
  db: Handle,
  names: readonly Names[],
  work: (tx: Writing<Names>) => Promise<T>,
  durability: 'strict' | 'relaxed' = 'strict',
): Promise<T> {
  const tx = db.transaction([...names], 'readwrite', { durability });
  try {
    const result = await work(tx);
    await tx.done;
    return result;
  } catch (error) {
    // Its own reason says more than that of a request which it took along: a full disk, for example.
    throw (await abort(tx)) ?? error;
  }
}

/** Ends a transaction. @returns why it had ended before, if the browser says so */
export async function abort(tx: {
  abort(): void;
  done: Promise<void>;
  error: unknown;
}): Promise<unknown> {
  try {
    tx.abort();
  } catch {
    // It has ended.
    await tx.done.catch(() => {});
    return tx.error ?? undefined;
  }
  await tx.done.catch(() => {});
  return undefined;
}
