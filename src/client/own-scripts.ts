import { Failure } from '../contract/failure.ts';

/**
 * Trusted Types, for pages whose policy says `require-trusted-types-for 'script'`: there no plain text becomes markup or
 * code, and no plain address a script. Browsers without them take an address as it is.
 * https://w3c.github.io/trusted-types/dist/spec/
 */

/** The part of `trustedTypes` that is used. */
interface PolicyFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL(address: string): string },
  ): { createScriptURL(address: string): unknown };
}

/** @throws TypeError for an address of another origin */
function ownAddress(address: string): string {
  if (new URL(address, location.href).origin === globalThis.origin) return address;
  throw new TypeError(`${address} is of another site`);
}

/** Undefined where there are none, or the page's policy does not know the name. */
function createPolicy(name: string) {
  const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory };
  try {
    return trustedTypes?.createPolicy(name, { createScriptURL: ownAddress });
  } catch {
    return undefined;
  }
}

let isAllowed = false;

/**
 * For a page of Footpath's own, before it starts a thread or a service worker: scripts of its own origin may be started by
 * plain addresses, as bundlers write them. There is no rule for markup and code: those are refused. The policy is the default one.
 */
export function allowOwnScripts(): void {
  if (!isAllowed) createPolicy('default');
  isAllowed = true;
}

let policy: ReturnType<typeof createPolicy>;

/** The address of a thread, by a policy named `footpath`, which knows this origin alone. The pages of others may allow it. */
export function ownScript(address: URL | string): URL | string {
  policy ??= createPolicy('footpath');
  // The Worker's type does not know of trusted addresses.
  return policy ? (policy.createScriptURL(String(address)) as URL) : address;
}

/**
 * Starts a thread of this origin by its file.
 * @throws Failure `engine-missing` where there are no threads, and where the page's policy asks for trusted addresses and lets
 *   Footpath make none
 */
export function startThread(file: URL | string, options: WorkerOptions): Worker {
  // Else it were taken for the policy's doing.
  if (typeof Worker === 'undefined')
    throw new Failure(
      'engine-missing',
      'Footpath can start no threads here: a service worker and a shared worker have none. Call createPersonTracking in a page, an extension in one of its own pages or in an offscreen document.',
    );
  try {
    return new Worker(ownScript(file), options);
  } catch (error) {
    if (policy || !('trustedTypes' in globalThis)) throw error;
    throw new Failure(
      'engine-missing',
      `This page's content security policy refuses Footpath's file ${file}: its trusted-types must name footpath, with 'allow-duplicates' where several copies of Footpath are in the page.`,
      error,
    );
  }
}
