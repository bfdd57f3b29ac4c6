/**
 * What relative addresses are told from: the page's base or, where a Web Worker asks, the worker's own file.
 * @throws Error where there is neither, as on a server that renders pages
 */
export function baseAddress(): string {
  if (globalThis.document) return document.baseURI;
  if (!globalThis.location)
    throw new Error(
      'Footpath works in a browser: call createPersonTracking there, not on the server that renders the page.',
    );
  const { href } = location;
  // A worker whose script is a blob, as some bundlers start them, has an address that nothing can lie beside.
  return URL.canParse('.', href) ? href : globalThis.origin;
}
