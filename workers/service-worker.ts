/**
 * Keeps the app for use offline. The shell (page, its script, icons) is stored at installation. Everything that finds
 * people (threads, their libraries, the model) and the samples are large, so they are stored when first fetched: by the
 * page ahead of time, or by a job.
 */
import { cleanupOutdatedCaches, matchPrecache, precacheAndRoute } from 'workbox-precaching';
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

declare const self: ServiceWorkerGlobalScope & {
  __WB_MANIFEST: { url: string; revision: string | null }[];
};

const ENGINE = /\/(engine|models|samples)\//;

const SHELL = self.__WB_MANIFEST;
/** What the app is built of, written once everything else is: it is of the release that has these files. */
const LICENCES = {
  url: 'THIRD-PARTY-LICENSES.txt',
  revision: SHELL.map((file) =>
    typeof file === 'string' ? file : (file.revision ?? file.url),
  ).join(),
};

tellRequests('service-worker');
cleanupOutdatedCaches();
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
      await keepOnly(await (await matchPrecache(OFFLINE_LIST))?.json());
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

/** A full disk must not keep the app from working online, so this never rejects. */
async function store(url: string, answer: Promise<Response>, cache: Cache): Promise<void> {
  try {
    const response = await answer;
    if (response.status === 200) await cache.put(url, response.clone());
  } catch {
    // Whoever waits for the answer hears of it.
  } finally {
    if (underWay.get(url) === answer) underWay.delete(url);
  }
}

/** Forgets what is not of this release, by checksum. */
async function keepOnly(files: readonly OfflineFile[] = []): Promise<void> {
  const cache = await caches.open(ENGINE_CACHE);
  const byUrl = new Map(
    files.map((file) => [new URL(file.url, self.registration.scope).href, file]),
  );
  for (const { url } of await cache.keys()) {
    const file = byUrl.get(url);
    const kept = file && (await cache.match(url, { ignoreVary: true }));
    if (!kept || !(await isFile(file, await kept.arrayBuffer()))) await cache.delete(url);
  }
}
