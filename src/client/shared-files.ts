/**
 * Files that another app shares to the installed one. The system posts them as a form, which the service worker takes;
 * it sends the browser to the app, and the page asks it for the files. They are handed over as they are, and stored by
 * nobody in between: a video may be larger than a cache may hold.
 */

/** Where the form goes, beside the page, as the web app manifest says. */
export const SHARE_ACTION = 'share';
/** The form's field of files, as there. */
export const SHARE_FIELD = 'videos';

/** How long the service worker waits for the page to ask. */
export const SHARE_WAIT_MS = 60_000;
/** How long a service worker may take over its answer. */
const ANSWER_MS = 10_000;

/** The page asks for the files; they come over the port that comes along. */
export interface ShareRequest {
  readonly type: 'footpath-take-shared';
  readonly id: string;
}

/** Whether a message asks for shared files: anything else is not about them. */
export function isShareRequest(data: unknown): data is ShareRequest {
  const { type, id } = Object(data) as Partial<ShareRequest>;
  return type === 'footpath-take-shared' && typeof id === 'string';
}

/**
 * Files that were shared to the app.
 * @param id as the address tells it
 * @returns undefined when they are not there: the page came too late, or was loaded again
 */
export async function takeShared(id: string): Promise<File[] | undefined> {
  const { active } = await navigator.serviceWorker.ready;
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise<unknown>((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<unknown>) => resolve(data);
    setTimeout(() => resolve(undefined), ANSWER_MS);
  });
  active!.postMessage({ type: 'footpath-take-shared', id } satisfies ShareRequest, [port2]);
  const files = await answer;
  port1.close();
  return Array.isArray(files) && files.every((file) => file instanceof File) ? files : undefined;
}
