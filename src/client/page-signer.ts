import type { Signer } from '../contract/page-token.ts';
import type { Database } from '../store/database.ts';

const NAME = 'page-token';
const ALGORITHM = { name: 'HMAC', hash: 'SHA-256', length: 256 } as const;

/** Signs page tokens with a key that never leaves this browser's storage: made once, not extractable. */
export class PageSigner implements Signer {
  readonly #database: Database;
  #key: Promise<CryptoKey> | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  async sign(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
    return new Uint8Array(await crypto.subtle.sign('HMAC', await this.prepare(), bytes));
  }

  /** Makes the key, if there is none, while there is room for it. */
  prepare(): Promise<CryptoKey> {
    this.#key ??= this.#load();
    return this.#key;
  }

  async #load(): Promise<CryptoKey> {
    const fresh = await crypto.subtle.generateKey(ALGORITHM, false, ['sign']);
    try {
      // Two pages may come here at once: the key that was stored first is the one.
      return await this.#database.write(['secrets'], async (tx) => {
        const secrets = tx.objectStore('secrets');
        const known = await secrets.get(NAME);
        if (!known) await secrets.put(fresh, NAME);
        return known ?? fresh;
      });
    } catch (error) {
      // The tokens of this page last as long as it does: better than none.
      console.warn('footpath: page tokens are good for this page only', error);
      return fresh;
    }
  }
}
