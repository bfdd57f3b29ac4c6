/** A small static file server for the built app: range requests, right types, the security headers of docs/embedding.md. */
import { open, realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CLIENT_LIMITS } from './client-limits.mjs';

/** @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.wasm': 'application/wasm',
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
  '.txt': 'text/plain; charset=utf-8',
};

/** Nothing but this origin may be asked for anything: the privacy promise as a header. */
export const SECURITY_HEADERS = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "style-src 'self'",
    "connect-src 'self' blob:",
    "img-src 'self' blob: data:",
    "media-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types default lit-html footpath',
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/**
 * A `Range: bytes=a-b` header as [first, last], or undefined when it asks for nothing we have.
 * @param {string} header
 * @param {number} size
 * @returns {[number, number] | undefined}
 */
function parseRange(header, size) {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header);
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const first = match[1] === '' ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const last = match[1] === '' || match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  return first <= last && first < size ? [first, last] : undefined;
}

/**
 * The path that is asked for, decoded and without `.` and `..`; undefined where the request names none.
 * @param {string | undefined} target of the request line: whatever a client sends
 * @returns {string | undefined}
 */
export function requestPath(target = '/') {
  // A target that begins with two slashes is a path too, not another host.
  const address = target.startsWith('/') ? `http://localhost${target}` : target;
  try {
    return decodeURIComponent(new URL(address).pathname);
  } catch {
    return undefined;
  }
}

/**
 * A file inside a folder; undefined where the path leads out of it, by its segments or by a symbolic link.
 * @param {string} folder
 * @param {string} path with `/` between the segments
 * @returns {Promise<string | undefined>}
 */
export async function fileInside(folder, path) {
  if (path.includes('\0')) return undefined;
  try {
    const root = await realpath(folder);
    const file = await realpath(join(root, path));
    return file.startsWith(root.endsWith(sep) ? root : root + sep) ? file : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} file */
async function openFile(file) {
  const found = await stat(file).catch(() => undefined);
  // Asked before it is opened: opening a pipe waits for its writer.
  return found?.isFile() ? open(file).catch(() => undefined) : undefined;
}

/**
 * Answers with a file of the disk, whole or in part.
 * @param {string | undefined} file
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
export async function sendFile(file, request, response) {
  const handle = file === undefined ? undefined : await openFile(file);
  if (file === undefined || handle === undefined) {
    response.writeHead(404, { 'Content-Type': 'text/plain' }).end('not found');
    return;
  }
  try {
    const { size, mtime } = await handle.stat();
    const headers = {
      'Content-Type': TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream',
      'Accept-Ranges': 'bytes',
      'Last-Modified': mtime.toUTCString(),
      'Cache-Control': 'no-cache',
      ...SECURITY_HEADERS,
    };
    const range =
      request.headers.range === undefined ? undefined : parseRange(request.headers.range, size);
    if (request.headers.range !== undefined && !range) {
      response.writeHead(416, { ...headers, 'Content-Range': `bytes */${size}` }).end();
      return;
    }
    const [first, last] = range ?? [0, size - 1];
    response.writeHead(range ? 206 : 200, {
      ...headers,
      'Content-Length': size === 0 ? 0 : last - first + 1,
      ...(range ? { 'Content-Range': `bytes ${first}-${last}/${size}` } : {}),
    });
    if (request.method === 'HEAD' || size === 0) {
      response.end();
      return;
    }
    await pipeline(
      handle.createReadStream({ start: first, end: last, autoClose: false }),
      response,
    );
  } finally {
    await handle.close();
  }
}

/**
 * Serves a folder on the loopback address.
 * @param {string} folder
 * @param {{ port?: number, extra?: (path: string) => string | undefined }} [options] `port` 0 takes a free one;
 *   `extra` may name a file of the disk for a path of its own
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function serveStatic(folder, { port = 0, extra } = {}) {
  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {import('node:http').ServerResponse} response
   */
  async function answer(request, response) {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end();
      return;
    }
    const path = requestPath(request.url);
    if (path === undefined) {
      response.writeHead(400, { 'Content-Type': 'text/plain' }).end('bad request');
      return;
    }
    const named = path.endsWith('/') ? `${path}index.html` : path;
    await sendFile(extra?.(path) ?? (await fileInside(resolve(folder), named)), request, response);
  }

  const server = createServer(CLIENT_LIMITS, (request, response) =>
    answerSafely(answer, request, response),
  );
  await new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', () => done(undefined));
  });
  const address = server.address();
  const actual = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://127.0.0.1:${actual}/`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/**
 * Whatever goes wrong with one answer ends that answer alone.
 * @param {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => Promise<void>} answer
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
export function answerSafely(answer, request, response) {
  answer(request, response).catch(() => {
    if (response.headersSent) response.destroy();
    else response.writeHead(500).end();
  });
}
