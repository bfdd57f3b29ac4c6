/**
 * Keeps the app for use offline. The shell (page, its script, icons) is stored at installation. Everything that finds
 * people (threads, their libraries, the model) and the samples are large, so they are stored when first used.
 */
import { cleanupOutdatedCaches, precacheAndRoute } from 'workbox-precaching';
import { answerByPage, isEndpointRequest } from './page-endpoint.ts';

declare const self: ServiceWorkerGlobalScope & {
  __WB_MANIFEST: { url: string; revision: string | null }[];
};

const ENGINE_CACHE = 'footpath-engine';
const ENGINE = /\/(engine|models|samples)\//;

cleanupOutdatedCaches();
precacheAndRoute(self.__WB_MANIFEST);

self.addEventListener('message', (event) => {
  if ((event.data as { type?: string } | null)?.type === 'SKIP_WAITING') void self.skipWaiting();
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      // Activated once a release: what an older release stored may not fit the new shell.
      await caches.delete(ENGINE_CACHE);
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
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  // Parts of a file come from the network: a cache holds whole answers only.
  if (ENGINE.test(url.pathname) && !request.headers.has('range')) {
    event.respondWith(fromEngineCache(request));
  }
});

async function fromEngineCache(request: Request): Promise<Response> {
  const cache = await caches.open(ENGINE_CACHE);
  // Whoever found a copy damaged asks for it anew.
  const kept = request.cache === 'reload' ? undefined : await cache.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  // A full disk must not keep the app from working online.
  if (response.status === 200) cache.put(request, response.clone()).catch(() => undefined);
  return response;
}
