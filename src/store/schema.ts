import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import type { PersonTrackingSortBy } from '../contract/types.ts';
import type { JobRecord } from '../engine/job.ts';
import type { ResultChunk } from '../engine/results.ts';
import type { SampleChunk } from '../engine/sample-chunk.ts';

/**
 * Where the bytes of an object are. `page`: an open file of one page, gone with it. `handle`: the same as long as that page
 * lives; after it the handle, for which browsers ask the user.
 */
export type ObjectLocation =
  | { readonly kind: 'copy' }
  | { readonly kind: 'handle'; readonly handle: FileSystemFileHandle; readonly pageId?: string }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'page'; readonly pageId: string };

/** One version of a stored object. */
export interface ObjectRecord {
  readonly bucket: string;
  readonly key: string;
  readonly version: string;
  readonly sizeBytes: number;
  readonly contentType: string;
  /** Place among the puts of this bucket and key, from 1: the last is the one that counts, whatever any clock says. */
  readonly sequence: number;
  /** Unix milliseconds of the last put of this version, for people. */
  readonly storedAtMs: number;
  readonly location: ObjectLocation;
}

/** A ClientRequestToken in use. */
export interface TokenRecord {
  readonly token: string;
  readonly jobId: string;
  /** The canonical form of the request's input. */
  readonly fingerprint: string;
  readonly expiresAtMs: number;
  /** See `JobRecord.overSinceMs`. */
  readonly overSinceMs?: number;
}

/** Layout of the database. */
export interface FootpathSchema extends DBSchema {
  objects: { key: [bucket: string, key: string, version: string]; value: ObjectRecord };
  /** Bytes of copied objects, apart, so that listing does not touch them. */
  copies: { key: [bucket: string, key: string, version: string]; value: Blob };
  jobs: { key: string; value: JobRecord; indexes: { state: string } };
  tokens: { key: string; value: TokenRecord };
  samples: { key: [jobId: string, chunk: number]; value: SampleChunk };
  results: { key: [jobId: string, order: PersonTrackingSortBy, chunk: number]; value: ResultChunk };
  /** Detectors of the user's own, each by the job that needs it, until that has ended. */
  models: { key: string; value: Blob };
  /** Bytes that say nothing: room for the end of a job that is open, see reserve.ts. */
  reserves: { key: [jobId: string, block: number]; value: Uint8Array };
  /** Single values by name: the key that signs page tokens. */
  secrets: { key: string; value: CryptoKey };
}

/** Version of the layout; {@link migrate} brings any older one here. */
export const SCHEMA_VERSION = 3;

/** Creates or upgrades the layout, version by version. */
export async function migrate(
  db: IDBPDatabase<FootpathSchema>,
  fromVersion: number,
  tx: IDBPTransaction<FootpathSchema, StoreNames<FootpathSchema>[], 'versionchange'>,
): Promise<void> {
  if (fromVersion < 1) {
    db.createObjectStore('objects', { keyPath: ['bucket', 'key', 'version'] });
    db.createObjectStore('copies');
    db.createObjectStore('jobs', { keyPath: 'jobId' }).createIndex('state', 'state');
    db.createObjectStore('tokens', { keyPath: 'token' });
    db.createObjectStore('samples');
    db.createObjectStore('results');
    db.createObjectStore('secrets');
  }
  if (fromVersion < 2) db.createObjectStore('models');
  if (fromVersion < 3) {
    db.createObjectStore('reserves');
    const objects = tx.objectStore('objects');
    const inTheirOrder = (await objects.getAll()).sort((a, b) => a.storedAtMs - b.storedAtMs);
    for (const [i, object] of inTheirOrder.entries()) {
      await objects.put({ ...object, sequence: i + 1 });
    }
  }
}
