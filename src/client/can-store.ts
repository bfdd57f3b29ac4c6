import { deleteDB, openDB } from 'idb';

/** A database of no use but to be opened: whether one may be is a matter of the page, not of its name. */
const PROBE = 'footpath-probe';
/** Names of errors by which browsers refuse a page storage; a full disk, say, has others. */
const REFUSALS = ['SecurityError', 'UnknownError', 'InvalidStateError'];

/**
 * Whether the browser lets this page store what it has to, files among it: not in some frames of other sites, nowhere
 * where all of a site's data are blocked, and not in WebKit's private windows, which store everything but files. Where it
 * does not, `storage: 'memory'` of `createPersonTracking` works. Never rejects; trouble of another kind than a refusal is
 * left to whoever stores.
 */
export async function canStore(): Promise<boolean> {
  try {
    // Refused along with the rest, and needed as much.
    await navigator.locks.query();
    await storeFile();
    return true;
  } catch (error) {
    return !(error instanceof DOMException && REFUSALS.includes(error.name));
  }
}

async function storeFile(): Promise<void> {
  const db = await openDB(PROBE, 1, { upgrade: (opened) => void opened.createObjectStore(PROBE) });
  try {
    await db.put(PROBE, new Blob([PROBE]), PROBE);
  } finally {
    db.close();
    void deleteDB(PROBE).catch(() => {});
  }
}
