/** Where in the app one is: kept in the address's hash, so that a reload and the back button stay there. */
export type Route =
  | { readonly screen: 'start' }
  | { readonly screen: 'job'; readonly jobId: string };

/** A way in that is no screen: files shared by another app, or a shortcut of the installed app's icon. */
export type Entrance =
  | { readonly kind: 'shared'; readonly id: string }
  | { readonly kind: 'sample' }
  | { readonly kind: 'latest' };

/** The route of a hash; anything unknown is the start. */
export function routeOf(hash: string): Route {
  const match = /^#\/job\/([a-zA-Z0-9_-]{1,64})$/.exec(hash);
  return match ? { screen: 'job', jobId: match[1]! } : { screen: 'start' };
}

/** The hash of a job's screen. */
export function jobHash(jobId: string): string {
  return `#/job/${jobId}`;
}

/** The entrance that a hash names; undefined for none. */
export function entranceOf(hash: string): Entrance | undefined {
  if (hash === '#/sample') return { kind: 'sample' };
  if (hash === '#/latest') return { kind: 'latest' };
  const shared = /^#\/shared\/([0-9a-f-]{36})$/.exec(hash);
  return shared ? { kind: 'shared', id: shared[1]! } : undefined;
}
