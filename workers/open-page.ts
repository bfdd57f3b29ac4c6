/** The service worker's part in a notification: brings the page it is about to the front. */

import type { ShowMessage } from '../src/client/show-page.ts';

/** Goes to a screen of the app in a page that is open, or in a new one. */
export async function openPage(clients: Clients, scope: string, address: string): Promise<void> {
  const { href, hash, pathname } = new URL(address, scope);
  const pages = await clients.matchAll({ type: 'window', includeUncontrolled: true });
  const page = pages.find(
    ({ url, frameType }) => frameType === 'top-level' && new URL(url).pathname === pathname,
  );
  if (!page) {
    await clients.openWindow(href);
    return;
  }
  page.postMessage({ type: 'footpath-show', hash } satisfies ShowMessage);
  // Where the browser does not take the click for one, the page goes there behind the others.
  await page.focus().catch(() => undefined);
}
