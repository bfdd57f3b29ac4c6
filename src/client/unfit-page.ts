import { Failure } from '../contract/failure.ts';

/**
 * What is wrong with a page in which browsers give nobody what a job needs: one that is no secure context has no WebCodecs, Web Locks and
 * Web Crypto (https://w3c.github.io/webappsec-secure-contexts/), one without an origin no storage and no threads.
 * @returns Failure `page-insecure` or `store-unavailable`; undefined for a page that has all
 */
export function unfitPage(): Failure | undefined {
  if (globalThis.origin === 'null')
    return new Failure(
      'store-unavailable',
      'This page has no origin of its own, so browsers give it neither storage nor threads: a frame with sandbox needs allow-same-origin, and a page that was opened as a file or by a data: address needs a server.',
    );
  if (globalThis.isSecureContext !== false) return undefined;
  return new Failure(
    'page-insecure',
    `This page came unencrypted from ${globalThis.origin}: browsers decode no videos and keep no jobs there (it is no secure context). Serve it by https://, or open it at http://localhost.`,
  );
}

/** @throws Failure `page-insecure`, `store-unavailable` */
export function assertFitPage(): void {
  const failure = unfitPage();
  if (failure) throw failure;
}
