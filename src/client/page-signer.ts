import type { Signer } from '../contract/page-token.ts';
import type { PageStorage } from './storage.ts';

const NAME = 'page-token';
const ALGORITHM = { name: 'HMAC', hash: 'SHA-256', length: 256 } as const;

/** Signs page tokens with a key that never leaves its storage: made once, not extractable. */
export class PageSigner implements Signer {
  readonly #storage: Pick<PageStorage, 'keepSecret'>;
  #key: Promise<CryptoKey> | undefined;

  constructor(storage: Pick<PageStorage, 'keepSecret'>) {
    this.#storage = storage;
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
      return await this.#storage.keepSecret(NAME, fresh);
    } catch (error) {
      // The tokens of this page last as long as it does: better than none.
      console.warn('footpath: page tokens are good for this page only', error);
      return fresh;
    }
  }
}
