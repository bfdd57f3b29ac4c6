import { baseAddress } from './base-address.ts';

/**
 * The absolute address of the folder that `npx footpath copy-assets` filled, with a slash at its end, whether it was given with one
 * or not. A page's own address, or one of another page, stands for the folder that the page is in.
 * @throws RangeError for what is no address
 */
export function assetsFolder(assets: string | URL): URL {
  // Empty, it would be the page itself.
  const given = assets || './';
  const base = baseAddress();
  if (!URL.canParse(given, base))
    throw new RangeError(`assets must be the address of a folder, but is ${given}.`);
  const folder = new URL(given, base);
  const { pathname } = folder;
  const isPage = /\.html?$/i.test(pathname) || pathname === new URL(base).pathname;
  if (!pathname.endsWith('/') && !isPage) folder.pathname += '/';
  return folder;
}
