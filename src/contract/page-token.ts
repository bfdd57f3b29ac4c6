/**
 * NextToken: where the next page begins, sealed. 64 characters of base64 over 48 bytes:
 * version (1), sort order (1), time of issue in ms (6), revision of the result (2), position (6), HMAC-SHA-256 (32) over
 * these and the JobId.
 * The JobId is sealed without being carried: another job's token fails as a forged one does.
 */
import { invalidPaginationToken } from './exceptions.ts';
import { PAGE_TOKEN_LIFE_MS } from './limits.ts';
import type { PersonTrackingSortBy } from './types.ts';

/** HMAC-SHA-256 with a secret of the store: 32 bytes for the same bytes every time, unknown to anyone else. */
export interface Signer {
  sign(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array>;
}

/** What a token is good for. */
export interface PageTokenScope {
  readonly jobId: string;
  readonly sortBy: PersonTrackingSortBy;
}

/** Where a page begins. */
export interface PageStart {
  /** Which of the job's results, an integer from 1 to 65535: a token goes on giving pages of the one that it began with. */
  readonly revision: number;
  /** Ordinal of the page's first element in the scope's order, an integer from 0, below 2^48. */
  readonly position: number;
}

/** Of the layout: a token of another one is refused. */
const VERSION = 2;
const HEAD_BYTES = 16;
const SEAL_BYTES = 32;
const ORDERS: readonly PersonTrackingSortBy[] = ['TIMESTAMP', 'INDEX'];

function seal(head: Uint8Array, jobId: string, signer: Signer): Promise<Uint8Array> {
  const job = new TextEncoder().encode(jobId);
  const bytes = new Uint8Array(HEAD_BYTES + job.length);
  bytes.set(head);
  bytes.set(job, HEAD_BYTES);
  return signer.sign(bytes);
}

/**
 * A token for the page that begins there.
 * @param nowMs Unix time in milliseconds
 */
export async function issuePageToken(
  { revision, position }: PageStart,
  scope: PageTokenScope,
  nowMs: number,
  signer: Signer,
): Promise<string> {
  const bytes = new Uint8Array(HEAD_BYTES + SEAL_BYTES);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(Math.trunc(nowMs)));
  // The time needs 6 of its 8 bytes until the year 10889: the first two are free.
  view.setUint8(0, VERSION);
  view.setUint8(1, ORDERS.indexOf(scope.sortBy));
  view.setBigUint64(8, BigInt(position));
  // So does a position, of 2^48.
  view.setUint16(8, revision);
  bytes.set(await seal(bytes.subarray(0, HEAD_BYTES), scope.jobId, signer), HEAD_BYTES);
  return btoa(String.fromCharCode(...bytes));
}

function decode(token: string): Uint8Array | undefined {
  let text: string;
  try {
    text = atob(token);
  } catch {
    return undefined;
  }
  // atob forgives blanks and missing padding; one page has one token.
  if (text.length !== HEAD_BYTES + SEAL_BYTES || btoa(text) !== token) return undefined;
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Takes the same time wherever the difference is, so that a seal cannot be found byte by byte. */
function equal(left: Uint8Array, right: Uint8Array): boolean {
  let difference = left.length ^ right.length;
  for (let i = 0; i < left.length; i++) difference |= left[i]! ^ right[i]!;
  return difference === 0;
}

/**
 * Where the page of a token of `issuePageToken` begins.
 * @throws ServiceException `InvalidPaginationTokenException`: not a token of this store, of another job or of the
 *   other order, or issued more than 24 hours away from `nowMs`
 */
export async function readPageToken(
  token: string,
  scope: PageTokenScope,
  nowMs: number,
  signer: Signer,
): Promise<PageStart> {
  const bytes = decode(token);
  const head = bytes?.subarray(0, HEAD_BYTES);
  if (
    bytes === undefined ||
    head === undefined ||
    head[0] !== VERSION ||
    !equal(bytes.subarray(HEAD_BYTES), await seal(head, scope.jobId, signer))
  ) {
    throw invalidPaginationToken('NextToken is not one that this job gave out');
  }
  const order = ORDERS[head[1]!]!;
  if (order !== scope.sortBy) {
    throw invalidPaginationToken(`NextToken is of the order ${order}, not ${scope.sortBy}`);
  }
  const view = new DataView(head.slice().buffer);
  const revision = view.getUint16(8);
  view.setUint16(8, 0);
  const position = Number(view.getBigUint64(8));
  view.setUint16(0, 0);
  if (Math.abs(nowMs - Number(view.getBigUint64(0))) > PAGE_TOKEN_LIFE_MS) {
    throw invalidPaginationToken('NextToken is older than 24 hours');
  }
  return { revision, position };
}
