/** The public side of `footpath serve`: who may ask, how much, and how fast; what is asked goes on to the page. */
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { type AddressInfo, isIP } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { encodeException, TARGET_HEADER, type WireAnswer } from '../src/contract/aws-json.ts';
import { ServiceException } from '../src/contract/exceptions.ts';
import { REQUEST_BODY_MAX_BYTES } from '../src/contract/limits.ts';
import { CLIENT_LIMITS, dropUnreadAnswers } from './client-limits.mjs';
import { isHostName, isLoopback } from './serve-options.ts';

/** Answers one request of the wire protocol. Never rejects. `signal` aborts when the client has gone. */
export type AnswerCall = (
  target: string | null,
  body: Uint8Array,
  signal: AbortSignal,
) => Promise<WireAnswer>;

/**
 * Hosts under which a server at `host` is asked for, without port. A name that points here by DNS rebinding is
 * none of them: only addresses, `localhost` and the names that were given are.
 */
function isOwnHost(host: string, names: readonly string[], name: string): boolean {
  const bare = name.replace(/^\[(.*)\]$/, '$1');
  if (isLoopback(bare) || names.includes(bare)) return true;
  if (isLoopback(host)) return false;
  return host === '0.0.0.0' || host === '::' ? isIP(bare) !== 0 : bare === host;
}

/** The Host header's name. Its port is not looked at: a tunnel or a container may have another one outside. */
function nameOf(header: string): string {
  return /^(\[[^\]]*\]|[^:]*)/.exec(header)![0].toLowerCase();
}

function refusal(
  status: number,
  name: 'AccessDeniedException' | 'SerializationException',
  text: string,
) {
  return new ServiceException(name, text, { httpStatusCode: status });
}

function send(context: Context, answer: WireAnswer): Response {
  return context.body(answer.body, answer.status as 200, { ...answer.headers });
}

function createApp(host: string, names: readonly string[], answer: AnswerCall): Hono {
  const app = new Hono();
  const refuse = (context: Context, exception: ServiceException) =>
    send(context, encodeException(exception, randomUUID()));

  app.use(async (context, next) => {
    const header = context.req.header('host') ?? '';
    const name = nameOf(header);
    if (!isOwnHost(host, names, name)) {
      const asked = JSON.stringify(header.slice(0, 200));
      const remedy =
        isHostName(name) && isIP(name) === 0
          ? ` If that is its name, start it with --name ${name}, or ask for its address.`
          : '';
      const text = `This server is not ${asked}: the Host header is wrong.${remedy}`;
      return refuse(context, refusal(403, 'AccessDeniedException', text));
    }
    // A browser names the page that asks; other programs do not.
    const origin = context.req.header('origin');
    const site = context.req.header('sec-fetch-site') ?? 'none';
    if (
      (origin !== undefined && origin !== `http://${header.toLowerCase()}`) ||
      (site !== 'none' && site !== 'same-origin')
    ) {
      const text = 'Pages of another origin may not use this server.';
      return refuse(context, refusal(403, 'AccessDeniedException', text));
    }
    if (context.req.method !== 'POST') {
      const text = `The method must be POST, but is ${context.req.method}.`;
      const exception = new ServiceException('UnknownOperationException', text, {
        httpStatusCode: 405,
      });
      context.header('allow', 'POST');
      return refuse(context, exception);
    }
    return next();
  });

  app.use(
    bodyLimit({
      maxSize: REQUEST_BODY_MAX_BYTES,
      onError: (context) => {
        const text = `The request body has more than ${REQUEST_BODY_MAX_BYTES} bytes.`;
        context.header('connection', 'close');
        return refuse(context, refusal(413, 'SerializationException', text));
      },
    }),
  );

  app.post('*', async (context) => {
    const body = new Uint8Array(await context.req.arrayBuffer());
    const target = context.req.header(TARGET_HEADER) ?? null;
    return send(context, await answer(target, body, context.req.raw.signal));
  });

  app.onError((error, context) => refuse(context, ServiceException.from(error)));
  return app;
}

/** A server that listens. */
export interface Endpoint {
  /** The real port, also where 0 was asked for. */
  readonly port: number;
  /** Stops listening; requests under way get a moment to end. */
  close(): Promise<void>;
}

const CLOSE_GRACE_MS = 2_000;

/**
 * Starts listening.
 * @param port 0 takes a free one
 * @param names in lower case, under which it is asked for beside its address
 * @throws Error of Node, for example with code EADDRINUSE
 */
export async function startEndpoint(
  host: string,
  port: number,
  answer: AnswerCall,
  names: readonly string[] = [],
): Promise<Endpoint> {
  const app = createApp(host, names, answer);
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: CLIENT_LIMITS,
  }) as Server;
  dropUnreadAnswers(server);
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(port, host, listening);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS).unref();
      }),
  };
}
