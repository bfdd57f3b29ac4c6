/** Where in the app one is: kept in the address's hash, so that a reload and the back button stay there. */
export type Route =
  | { readonly screen: 'start' }
  | { readonly screen: 'job'; readonly jobId: string };

/** The route of a hash; anything unknown is the start. */
export function routeOf(hash: string): Route {
  const match = /^#\/job\/([a-zA-Z0-9_-]{1,64})$/.exec(hash);
  return match ? { screen: 'job', jobId: match[1]! } : { screen: 'start' };
}

/** The hash of a job's screen. */
export function jobHash(jobId: string): string {
  return `#/job/${jobId}`;
}
