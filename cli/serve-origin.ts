/**
 * The private side of `footpath serve`: the origin that the headless page lives on. It hands out the built app and
 * the files of the buckets, to that page alone.
 *
 * The page's address never changes, whatever port is free: the browser keeps jobs by origin, so that they survive
 * a restart. A name under `localhost` is a secure context without a certificate.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CLIENT_LIMITS } from './client-limits.mjs';
import type { BucketFolders } from './serve-buckets.ts';
import { answerSafely, fileInside, requestPath, sendFile } from './serve-static.mjs';

/** Host name of the page's origin. */
export const PAGE_HOST = 'footpath.localhost';

const COOKIE_NAME = 'footpath';
const OBJECTS = '/objects/';

/** The running private server. */
export interface PageOrigin {
  /** Loopback port that PAGE_HOST has to be mapped to. */
  readonly port: number;
  /** The cookie without which nothing is handed out: other programs and pages do not have it. */
  readonly cookie: { readonly name: string; readonly value: string };
  close(): Promise<void>;
}

/** Address of an object on the page's origin. It names the version, and stops working when the file changes. */
export function objectUrl(bucket: string, key: string, version: string): string {
  const path = [bucket, version, key].map(encodeURIComponent).join('/');
  return `http://${PAGE_HOST}${OBJECTS}${path}`;
}

/** One segment of an object's address, which names no folder. */
function requestSegment(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/**
 * Starts the private server on a free loopback port.
 * @param app folder of the built app
 */
export async function startOrigin(app: string, buckets: BucketFolders): Promise<PageOrigin> {
  const cookie = { name: COOKIE_NAME, value: randomBytes(32).toString('hex') };

  async function fileOf(target: string | undefined): Promise<string | undefined> {
    if (!target?.startsWith(OBJECTS)) {
      const path = requestPath(target);
      return path === undefined ? undefined : fileInside(app, path);
    }
    const [bucket, version, key] = target.slice(OBJECTS.length).split('/').map(requestSegment);
    if (bucket === undefined || version === undefined || key === undefined) return undefined;
    const found = await buckets.find(bucket, key);
    return 'path' in found && found.version === version ? found.path : undefined;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const cookies = (request.headers.cookie ?? '').split('; ');
    if (
      request.headers.host !== PAGE_HOST ||
      !cookies.includes(`${cookie.name}=${cookie.value}`) ||
      (request.method !== 'GET' && request.method !== 'HEAD')
    ) {
      response.writeHead(403).end();
      return;
    }
    await sendFile(await fileOf(request.url), request, response);
  }

  const server = createServer(CLIENT_LIMITS, (request, response) =>
    answerSafely(answer, request, response),
  );
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(0, '127.0.0.1', listening);
  });
  return {
    port: (server.address() as AddressInfo).port,
    cookie,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
