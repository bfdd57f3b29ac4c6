import { assertFitPage } from '../../client/unfit-page.ts';
import { Failure } from '../../contract/failure.ts';

/**
 * An address that an element is given, which must be one of the page's own origin.
 * @param name of the attribute
 * @throws Failure `object-unreadable` where it is another's
 */
export function ownAddress(name: 'src' | 'scene', given: string): URL {
  assertFitPage();
  const url = URL.canParse(given, document.baseURI) ? new URL(given, document.baseURI) : undefined;
  if (url?.origin === globalThis.origin) return url;
  throw new Failure(
    'object-unreadable',
    `${name} must be an address of this page's own origin (${globalThis.origin}); it is ${given}.`,
  );
}
