/**
 * Keeps the app for use offline. The shell (page, its script, icons) is stored at installation. Everything that finds
 * people (threads, their libraries, the model) and the samples are large, so they are stored when first fetched: by the
 * page ahead of time, or by a job. Nothing is kept that is not of this release, whatever a server gives while another is
 * being put there.
 */
import {
  addPlugins,
  cleanupOutdatedCaches,
  matchPrecache,
  type PrecacheEntry,
  precacheAndRoute,
} from 'workbox-precaching';
import {
  ENGINE_CACHE,
  isFile,
  OFFLINE_LIST,
  type OfflineFile,
} from '../src/client/offline-files.ts';
import { isShareRequest } from '../src/client/shared-files.ts';
import { tellRequests } from '../src/protocol/request-record.ts';
import { openPage } from './open-page.ts';
import { answerByPage, isEndpointRequest } from './page-endpoint.ts';
import { giveShared, isShare, receiveShare } from './shared-files.ts';

declare const self: ServiceWorkerGlobalScope;

/** The page itself. Some servers add to pages, so it is known by the scripts that it asks for. */
const PAGE = 'index.html';

const ENGINE = /\/(engine|models|samples)\//;

/** With checksums, but for {@link PAGE}: what is not as it was built ends the installation, which is tried again later. */
const SHELL = self.__WB_MANIFEST as PrecacheEntry[];
const SHELL_URLS = new Set(SHELL.map(({ url }) => url));
/** What the app is built of, written once everything else is: it is of the release that has these files. */
const LICENCES = {
  url: 'THIRD-PARTY-LICENSES.txt',
  revision: SHELL.map(({ url, revision }) => revision ?? url).join(),
};

tellRequests('service-worker');
cleanupOutdatedCaches();
addPlugins([
  {
    async cacheWillUpdate({ request, response }) {
      const isPage = request.url === new URL(PAGE, self.registration.scope).href;
      const isFit = response.ok && (!isPage || isOwnPage(await response.clone().text()));
      return isFit ? response : null;
    },
  },
]);
precacheAndRoute([...SHELL, LICENCES]);

self.addEventListener('message', (event) => {
  if ((event.data as { type?: string } | null)?.type === 'SKIP_WAITING') void self.skipWaiting();
  if (isShareRequest(event.data)) giveShared(event.data, event.ports[0]);
});

self.addEventListener('notificationclick', (event) => {
  const { notification } = event;
  notification.close();
  const { url } = Object(notification.data) as { url?: unknown };
  const { scope } = self.registration;
  event.waitUntil(openPage(self.clients, scope, typeof url === 'string' ? url : scope));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      // Activated once a release: what an older release stored may not fit the new shell. What is the same stays.
      await keepListed();
      // The first visit, too, can then go on offline.
      await self.clients.claim();
    })(),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (isEndpointRequest(request, self.registration.scope)) {
    event.respondWith(answerByPage(request, self.clients));
    return;
  }
  if (isShare(request, self.registration.scope)) {
    event.respondWith(receiveShare(event, self.registration.scope));
    return;
  }
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  // Parts of a file come from the network: a cache holds whole answers only.
  if (ENGINE.test(url.pathname) && !request.headers.has('range')) {
    event.respondWith(fromEngineCache(event));
  }
});

/** Answers under way: the page fetches ahead what a job may want at the same time, and nothing is fetched twice. */
const underWay = new Map<string, Promise<Response>>();

async function fromEngineCache(event: FetchEvent): Promise<Response> {
  const { url, cache } = event.request;
  const kept = await caches.open(ENGINE_CACHE);
  if (cache !== 'reload') {
    const found = await kept.match(url, { ignoreVary: true });
    if (found) return found;
  }
  let answer = cache === 'reload' ? undefined : underWay.get(url);
  if (!answer) {
    // Whoever asked may be gone before it is there, while others wait for it.
    answer = fetch(url, { cache });
    underWay.set(url, answer);
    event.waitUntil(store(url, answer, kept));
  }
  return (await answer).clone();
}

/**
 * Stores an answer that is the file of this release, and no other. A full disk must not keep the app from working online,
 * so this never rejects.
 */
async function store(url: string, answer: Promise<Response>, cache: Cache): Promise<void> {
  try {
    const response = await answer;
    const file = response.status === 200 && (await listed()).get(url);
    if (file && (await isFile(file, await response.clone().arrayBuffer()))) {
      await cache.put(url, response.clone());
    }
  } catch {
    // Whoever waits for the answer hears of it.
  } finally {
    if (underWay.get(url) === answer) underWay.delete(url);
  }
}

/** Forgets what is not of this release. */
async function keepListed(): Promise<void> {
  const cache = await caches.open(ENGINE_CACHE);
  const files = await listed();
  for (const { url } of await cache.keys()) {
    const file = files.get(url);
    const kept = file && (await cache.match(url, { ignoreVary: true }));
    if (!kept || !(await isFile(file, await kept.arrayBuffer()))) await cache.delete(url);
  }
}

/** The files of this release beside its shell, by address. */
async function listed(): Promise<ReadonlyMap<string, OfflineFile>> {
  const files: readonly OfflineFile[] = (await (await matchPrecache(OFFLINE_LIST))?.json()) ?? [];
  return new Map(files.map((file) => [new URL(file.url, self.registration.scope).href, file]));
}

/** Whether a page loads this release's scripts and styles, whatever a server adds. */
function isOwnPage(text: string): boolean {
  const asked = [...text.matchAll(/"\.\/(assets\/[\w.-]+)"/g)].map(([, url]) => url!);
  return asked.length > 0 && asked.every((url) => SHELL_URLS.has(url));
}
