/** What the service worker keeps beside the shell: the list that the build writes, and the cache that it answers from. */
import { hexadecimal } from '../contract/hexadecimal.ts';

/** Cache of everything that is too large for the shell. */
export const ENGINE_CACHE = 'footpath-engine';

/** Address of the list, beside the page. */
export const OFFLINE_LIST = 'offline.json';

/** A file of the list. */
export interface OfflineFile {
  /** Relative to the page. */
  readonly url: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
  /** Whether a job needs it where there is no network, so that it is fetched before anybody asks for it. */
  readonly ahead?: true;
}

/** Whether bytes are those of a file, whole and undamaged. */
export async function isFile({ sha256 }: OfflineFile, bytes: ArrayBuffer): Promise<boolean> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return sha256 === hexadecimal(digest);
}
