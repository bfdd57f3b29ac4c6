import type { ReactiveController, ReactiveControllerHost } from 'lit';
import {
  ENGINE_CACHE,
  isFile,
  OFFLINE_LIST,
  type OfflineFile,
} from '../../client/offline-files.ts';
import { messageOf } from '../../contract/message-of.ts';

/** How far the app is from working without a network. `unknown`: not looked yet, or no service worker keeps it. */
export type OfflineState =
  | { readonly kind: 'unknown' }
  /** Data is dear here: it waits for a click. */
  | { readonly kind: 'offered'; readonly bytes: number }
  | { readonly kind: 'loading'; readonly loaded: number; readonly bytes: number }
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly problem: OfflineProblem };

/** Why the app does not work without a network yet. */
export type OfflineProblem =
  | { readonly kind: 'is-offline' | 'lost' | 'no-room' }
  | { readonly kind: 'damaged'; readonly file: string }
  | { readonly kind: 'missing'; readonly file: string; readonly status: number }
  | { readonly kind: 'other'; readonly message: string };

/** A file cannot be kept, and why. */
class NotKept extends Error {
  readonly problem: OfflineProblem;

  constructor(problem: OfflineProblem) {
    super(problem.kind);
    this.problem = problem;
  }
}

/** What Chromium knows of the connection. */
interface NetworkInformation {
  readonly saveData?: boolean;
  readonly type?: string;
  readonly effectiveType?: string;
}

/** Waits for a stored answer: the service worker puts it away while the page still reads it. */
const STORED_WITHIN_MS = 5000;
const LOOK_EVERY_MS = 100;
/** People see progress at this pace. */
const TELL_EVERY_MS = 100;

/**
 * Fetches at the first visit what a job needs later, so that it needs no network from then on. Every file goes through
 * the service worker, which keeps it where it is whole and fetches nothing twice; here it is told what is wrong.
 */
export class OfflineCopy implements ReactiveController {
  /** Replaced at each change. */
  state: OfflineState = { kind: 'unknown' };

  readonly #host: ReactiveControllerHost;
  #isLooking = false;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    window.addEventListener('online', this.#onOnline);
    if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return;
    void this.#look(!isDataDear());
  }

  hostDisconnected(): void {
    window.removeEventListener('online', this.#onOnline);
  }

  /** Fetches what is missing. Never rejects: the state tells. */
  load(): Promise<void> {
    return this.#look(true);
  }

  readonly #onOnline = (): void => {
    if (this.state.kind === 'failed') void this.#look(!isDataDear());
  };

  async #look(mayLoad: boolean): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      await controlled();
      const files = (await (await fetch(OFFLINE_LIST)).json()) as OfflineFile[];
      const missing = await missingOf(files.filter(({ ahead }) => ahead));
      if (missing.length > 0 && !mayLoad) {
        this.#set({ kind: 'offered', bytes: bytesOf(missing) });
        return;
      }
      await this.#load(missing);
      this.#set({ kind: 'ready' });
    } catch (error) {
      // Where the browser keeps nothing, as in frames of other sites, there is nothing to be had by trying.
      const isRefused = error instanceof DOMException && error.name === 'SecurityError';
      this.#set(isRefused ? { kind: 'unknown' } : { kind: 'failed', problem: problemOf(error) });
    } finally {
      this.#isLooking = false;
    }
  }

  async #load(missing: readonly OfflineFile[]): Promise<void> {
    const bytes = bytesOf(missing);
    let loaded = 0;
    let toldAt = Number.NEGATIVE_INFINITY;
    const onBytes = (more: number) => {
      loaded += more;
      // They come in hundreds of pieces, and each would have the page drawn anew.
      if (performance.now() - toldAt < TELL_EVERY_MS) return;
      toldAt = performance.now();
      this.#set({ kind: 'loading', loaded, bytes });
    };
    if (bytes > 0) onBytes(0);
    for (const file of missing) {
      if (await fetchFile(file, 'default', onBytes)) continue;
      onBytes(-file.bytes);
      if (await fetchFile(file, 'reload', onBytes)) continue;
      throw new NotKept({ kind: 'damaged', file: file.url });
    }
  }

  #set(state: OfflineState): void {
    this.state = state;
    this.#host.requestUpdate();
  }
}

/** Whether whoever pays for the data should be asked before megabytes are fetched. */
function isDataDear(): boolean {
  const { connection } = navigator as { connection?: NetworkInformation };
  if (!connection) return false;
  const { saveData, type, effectiveType = '' } = connection;
  return saveData === true || type === 'cellular' || /^(slow-)?2g$/.test(effectiveType);
}

/** Settles once the service worker answers for this page; on a page without one, never. */
async function controlled(): Promise<void> {
  await navigator.serviceWorker.ready;
  if (navigator.serviceWorker.controller) return;
  await new Promise((taken) =>
    navigator.serviceWorker.addEventListener('controllerchange', taken, { once: true }),
  );
}

async function missingOf(files: readonly OfflineFile[]): Promise<OfflineFile[]> {
  const cache = await caches.open(ENGINE_CACHE);
  const isKept = await Promise.all(
    files.map(async ({ url }) => (await cache.match(url, { ignoreVary: true })) !== undefined),
  );
  return files.filter((_, i) => !isKept[i]);
}

function bytesOf(files: readonly OfflineFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * Has the service worker fetch and keep a file.
 * @returns false for a damaged one, which it does not keep
 * @throws TypeError when the network fails; NotKept for another answer than the file, or no room
 */
async function fetchFile(
  file: OfflineFile,
  cache: RequestCache,
  onBytes: (more: number) => void,
): Promise<boolean> {
  const answer = await fetch(file.url, { cache });
  if (!answer.ok || !answer.body) {
    throw new NotKept({ kind: 'missing', file: file.url, status: answer.status });
  }
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const reader = answer.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    onBytes(part.value.byteLength);
  }
  if (!(await isFile(file, await new Blob(parts).arrayBuffer()))) return false;
  await untilKept(file);
  return true;
}

async function untilKept({ url }: OfflineFile): Promise<void> {
  const cache = await caches.open(ENGINE_CACHE);
  for (const until = performance.now() + STORED_WITHIN_MS; ; ) {
    if (await cache.match(url, { ignoreVary: true })) return;
    if (performance.now() > until) throw new NotKept({ kind: 'no-room' });
    await new Promise((later) => setTimeout(later, LOOK_EVERY_MS));
  }
}

function problemOf(error: unknown): OfflineProblem {
  if (!navigator.onLine) return { kind: 'is-offline' };
  if (error instanceof NotKept) return error.problem;
  if (error instanceof TypeError) return { kind: 'lost' };
  return { kind: 'other', message: messageOf(error) };
}
