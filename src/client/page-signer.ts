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
    this.#key ??= this.#load();
    return new Uint8Array(await crypto.subtle.sign('HMAC', await this.#key, bytes));
  }

  async #load(): Promise<CryptoKey> {
    const fresh = await crypto.subtle.generateKey(ALGORITHM, false, ['sign']);
    // Two pages may come here at once: the key that was stored first is the one.
    return this.#database.run(async (db) => {
      const tx = db.transaction('secrets', 'readwrite', { durability: 'strict' });
      const known = await tx.store.get(NAME);
      if (!known) await tx.store.put(fresh, NAME);
      await tx.done;
      return known ?? fresh;
    });
  }
}
