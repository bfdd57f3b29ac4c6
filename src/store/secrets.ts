import type { Database } from './database.ts';

/**
 * Stores a secret of this database unless there is one of that name already: of two pages that come at once, the first
 * decides. Throws what {@link Database.write} throws.
 * @returns the secret that counts
 */
export function keepSecret(database: Database, name: string, fresh: CryptoKey): Promise<CryptoKey> {
  return database.write(['secrets'], async (tx) => {
    const secrets = tx.objectStore('secrets');
    const known = await secrets.get(name);
    if (!known) await secrets.put(fresh, name);
    return known ?? fresh;
  });
}
