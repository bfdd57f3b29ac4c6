import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import type { PersonTrackingSortBy } from '../contract/types.ts';
import type { JobRecord } from '../engine/job.ts';
import type { ResultChunk } from '../engine/results.ts';
import {
  type DetectionChunk,
  type SampleChunk,
  splitChunk,
  type TrackedChunk,
} from '../engine/sample-chunk.ts';

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
  /** Unix milliseconds from which on it goes unless a job is about it; absent: it stays. */
  readonly expiresAtMs?: number;
  /** See `JobRecord.overSinceMs`. */
  readonly overSinceMs?: number;
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

/** A camera's scene. */
export interface SceneRecord {
  readonly camera: string;
  /** The scene as JSON. */
  readonly json: string;
}

/** Layout of the database. */
export interface FootpathSchema extends DBSchema {
  objects: { key: [bucket: string, key: string, version: string]; value: ObjectRecord };
  /** Bytes of copied objects, apart, so that listing does not touch them. */
  copies: { key: [bucket: string, key: string, version: string]; value: Blob };
  jobs: { key: string; value: JobRecord; indexes: { state: string } };
  tokens: { key: string; value: TokenRecord };
  /** What was found in each job's video, kept beyond its end. */
  detections: { key: [jobId: string, chunk: number]; value: DetectionChunk };
  /** What the trackers of open jobs made of it. */
  checkpoints: { key: [jobId: string, chunk: number]; value: TrackedChunk };
  results: {
    key: [jobId: string, revision: number, order: PersonTrackingSortBy, chunk: number];
    value: ResultChunk;
  };
  /** Detectors of the user's own, each by the job that needs it, until that has ended. */
  models: { key: string; value: Blob };
  /** Bytes that say nothing: room for the end of a job that is open, see reserve.ts. */
  reserves: { key: [jobId: string, block: number]; value: Uint8Array };
  scenes: { key: string; value: SceneRecord };
  /** Single values by name: the key that signs page tokens. */
  secrets: { key: string; value: CryptoKey };
}

/** Version of the layout; {@link migrate} brings any older one here. */
export const SCHEMA_VERSION = 5;

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
  if (fromVersion < 4) {
    db.createObjectStore('detections');
    db.createObjectStore('checkpoints');
    if (fromVersion >= 1) {
      await moveResults(tx);
      await splitSamples(tx);
    }
  }
  if (fromVersion < 5) db.createObjectStore('scenes', { keyPath: 'camera' });
}

type Upgrade = IDBPTransaction<FootpathSchema, StoreNames<FootpathSchema>[], 'versionchange'>;

/** Results had no revisions: each is its job's first. New keys lie before the old ones, where the cursor has been. */
async function moveResults(tx: Upgrade): Promise<void> {
  const results = tx.objectStore('results');
  for (let cursor = await results.openCursor(); cursor; cursor = await cursor.continue()) {
    const [jobId, order, chunk] = cursor.key as unknown as [string, PersonTrackingSortBy, number];
    await results.put(cursor.value, [jobId, 1, order, chunk]);
    await cursor.delete();
  }
}

/** Detections and what the tracker made of them lay in one. */
async function splitSamples(tx: Upgrade): Promise<void> {
  // A store that the layout does not have any more.
  const before = tx as unknown as IDBPTransaction<unknown, string[], 'versionchange'>;
  const samples = before.objectStore('samples');
  for (let cursor = await samples.openCursor(); cursor; cursor = await cursor.continue()) {
    const [detections, tracked] = splitChunk(cursor.value as SampleChunk);
    const key = cursor.key as [string, number];
    await tx.objectStore('detections').put(detections, key);
    await tx.objectStore('checkpoints').put(tracked, key);
  }
  before.db.deleteObjectStore('samples');
}
