import { Failure } from '../contract/failure.ts';

/**
 * What is wrong with a page that is no secure context: browsers keep WebCodecs, Web Locks and Web Crypto from it.
 * https://w3c.github.io/webappsec-secure-contexts/
 * @returns Failure `page-insecure`; undefined for a page that is one
 */
export function insecurePage(): Failure | undefined {
  if (globalThis.isSecureContext !== false) return undefined;
  return new Failure(
    'page-insecure',
    `This page came unencrypted from ${location.origin}: browsers decode no videos and keep no jobs there (it is no secure context). Serve it by https://, or open it at http://localhost.`,
  );
}

/** @throws Failure `page-insecure` */
export function assertSecurePage(): void {
  const failure = insecurePage();
  if (failure) throw failure;
}
