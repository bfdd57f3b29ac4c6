/** The service worker's side of what other apps share to the installed one: see src/client/shared-files.ts. */
import {
  SHARE_ACTION,
  SHARE_FIELD,
  SHARE_WAIT_MS,
  type ShareRequest,
} from '../src/client/shared-files.ts';

interface Share {
  readonly files: readonly File[];
  readonly taken: () => void;
}

/** What was shared and not yet taken, by id. */
const shares = new Map<string, Share>();

/** Whether a request is a form of shared files. */
export function isShare(request: Request, scope: string): boolean {
  return request.method === 'POST' && request.url === new URL(SHARE_ACTION, scope).href;
}

/** Takes the files of a form and sends the browser to the page that asks for them. */
export async function receiveShare(event: FetchEvent, scope: string): Promise<Response> {
  const { request } = event;
  // The system's own share has no referrer. Pages of other sites may post forms here too, but have no business to.
  if (request.referrer !== '' && new URL(request.referrer).origin !== new URL(scope).origin) {
    return new Response('Only this site may share files to itself.', { status: 403 });
  }
  let files: File[] = [];
  try {
    files = (await request.formData())
      .getAll(SHARE_FIELD)
      .filter((part): part is File => part instanceof File && part.name !== '');
  } catch {
    // No form, or one that broke off: the page says that nothing arrived.
  }
  const id = crypto.randomUUID();
  // The worker must live until the page has them.
  event.waitUntil(
    new Promise<void>((done) => {
      shares.set(id, { files, taken: done });
      setTimeout(done, SHARE_WAIT_MS);
    }).then(() => shares.delete(id)),
  );
  return Response.redirect(new URL(`./#/shared/${id}`, scope).href, 303);
}

/** Answers a page's request for shared files: a list of them, or nothing where they are gone. */
export function giveShared({ id }: ShareRequest, port: MessagePort | undefined): void {
  const share = shares.get(id);
  port?.postMessage(share?.files);
  share?.taken();
}
