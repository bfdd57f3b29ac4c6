/** Where in the app one is: kept in the address's hash, so that a reload and the back button stay there. */
export type Route =
  | { readonly screen: 'start' }
  | { readonly screen: 'job'; readonly jobId: string; readonly moment?: RouteMoment }
  | { readonly screen: 'report'; readonly jobId: string }
  | { readonly screen: 'camera'; readonly camera: string };

/** A moment of a result that an address leads to. */
export interface RouteMoment {
  /** Milliseconds from the video's start. */
  readonly timeMs: number;
  /** Index of the person. */
  readonly index: number;
}

/** A way in that is no screen: files shared by another app, or a shortcut of the installed app's icon. */
export type Entrance =
  | { readonly kind: 'shared'; readonly id: string }
  | { readonly kind: 'sample' }
  | { readonly kind: 'latest' };

/** The route of a hash; anything unknown is the start. */
export function routeOf(hash: string): Route {
  const job = /^#\/job\/([a-zA-Z0-9_-]{1,64})(?:\/(report|at\/(\d{1,12})\/(\d{1,9})))?$/.exec(hash);
  if (job) {
    const [, jobId, what, timeMs, index] = job;
    if (what === 'report') return { screen: 'report', jobId: jobId! };
    if (what === undefined) return { screen: 'job', jobId: jobId! };
    return {
      screen: 'job',
      jobId: jobId!,
      moment: { timeMs: Number(timeMs), index: Number(index) },
    };
  }
  const camera = /^#\/camera\/(.{1,2000})$/.exec(hash);
  return camera ? cameraRoute(camera[1]!) : { screen: 'start' };
}

/** The hash of a job's screen, at a moment of it where one is given. */
export function jobHash(jobId: string, moment?: RouteMoment): string {
  const at = moment ? `/at/${Math.round(moment.timeMs)}/${moment.index}` : '';
  return `#/job/${jobId}${at}`;
}

/** The hash of a job's report. */
export function reportHash(jobId: string): string {
  return `#/job/${jobId}/report`;
}

/** The hash of everything about a camera. */
export function cameraHash(camera: string): string {
  return `#/camera/${encodeURIComponent(camera)}`;
}

function cameraRoute(encoded: string): Route {
  try {
    return { screen: 'camera', camera: decodeURIComponent(encoded) };
  } catch {
    return { screen: 'start' };
  }
}

/** The entrance that a hash names; undefined for none. */
export function entranceOf(hash: string): Entrance | undefined {
  if (hash === '#/sample') return { kind: 'sample' };
  if (hash === '#/latest') return { kind: 'latest' };
  const shared = /^#\/shared\/([0-9a-f-]{36})$/.exec(hash);
  return shared ? { kind: 'shared', id: shared[1]! } : undefined;
}
