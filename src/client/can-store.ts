import { deleteDB, openDB } from 'idb';

/** A database of no use but to be opened: whether one may be is a matter of the page, not of its name. */
const PROBE = 'footpath-probe';
/** Names of errors by which browsers refuse a page storage; a full disk, say, has others. */
const REFUSALS = ['SecurityError', 'UnknownError', 'InvalidStateError'];

/**
 * Whether the browser lets this page store anything: not in some frames of other sites, and nowhere where all of a
 * site's data are blocked. Where it does not, `storage: 'memory'` of `createPersonTracking` works. Never rejects; trouble
 * of another kind than a refusal is left to whoever stores.
 */
export async function canStore(): Promise<boolean> {
  try {
    // Refused along with the rest, and needed as much.
    await navigator.locks.query();
    (await openDB(PROBE)).close();
    void deleteDB(PROBE).catch(() => {});
    return true;
  } catch (error) {
    return !(error instanceof DOMException && REFUSALS.includes(error.name));
  }
}
