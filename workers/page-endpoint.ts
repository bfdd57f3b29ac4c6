/** The service worker's side of Rekognition's endpoint: finds a page with a tracker and passes the request on. */
import {
  type EndpointCall,
  type EndpointHere,
  type EndpointOffer,
  type EndpointReply,
  isEndpointMessage,
} from '../src/client/page-endpoint.ts';
import { encodeException, TARGET_HEADER } from '../src/contract/aws-json.ts';
import { ServiceException } from '../src/contract/exceptions.ts';

/** A page with a tracker answers an offer at once, unless it is busy drawing. */
const OFFER_MS = 3_000;
const LOOK_FOR_PAGE_MS = 1_000;

/** Whether a request is for the endpoint: a POST to `rekognition` in the scope, as the AWS SDKs make it. */
export function isEndpointRequest(request: Request, scope: string): boolean {
  const { origin, pathname } = new URL('rekognition', scope);
  const url = new URL(request.url);
  return (
    request.method === 'POST' &&
    url.origin === origin &&
    (url.pathname === pathname || url.pathname === `${pathname}/`)
  );
}

/** Answers a request by one of this origin's pages. Never rejects. */
export async function answerByPage(request: Request, clients: Clients): Promise<Response> {
  const pages = await clients.matchAll({ type: 'window' });
  const ports = pages.map((page) => offer(page));
  const answered = new AbortController();
  try {
    const found = await Promise.any(ports.map(({ accepted }) => accepted));
    const gone = untilGone(found.page, clients, answered.signal);
    const reply = await Promise.race([call(found.port, request), gone]);
    const headers = reply.headers.map(([name, value]): [string, string] => [name, value]);
    return new Response(reply.body, { status: reply.status, headers });
  } catch {
    const exception = new ServiceException(
      'ThrottlingException',
      'Service Unavailable: open Footpath in a tab of this browser and leave it open.',
    );
    const { status, headers, body } = encodeException(exception, crypto.randomUUID());
    return new Response(body, { status, headers });
  } finally {
    answered.abort();
    for (const { port } of ports) port.close();
  }
}

interface Accepted {
  readonly page: WindowClient;
  readonly port: MessagePort;
}

/** Asks one page. `accepted` rejects when it has no tracker, or is gone. */
function offer(page: WindowClient): { port: MessagePort; accepted: Promise<Accepted> } {
  const { port1: port, port2 } = new MessageChannel();
  const accepted = new Promise<Accepted>((resolve, reject) => {
    port.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (isEndpointMessage<EndpointHere>(data, 'here')) resolve({ page, port });
    };
    setTimeout(() => reject(new Error('no tracker')), OFFER_MS);
  });
  page.postMessage({ type: 'footpath-offer' } satisfies EndpointOffer, [port2]);
  return { port, accepted };
}

async function call(port: MessagePort, request: Request): Promise<EndpointReply> {
  const target = request.headers.get(TARGET_HEADER);
  const message: EndpointCall = {
    type: 'call',
    headers: target === null ? [] : [[TARGET_HEADER, target]],
    body: await request.arrayBuffer(),
  };
  return new Promise((resolve) => {
    port.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (isEndpointMessage<EndpointReply>(data, 'reply')) resolve(data);
    };
    port.postMessage(message, [message.body]);
  });
}

/** Rejects once the page was closed: what it was doing for us will not be answered. Looks until `signal` aborts. */
async function untilGone(
  page: WindowClient,
  clients: Clients,
  signal: AbortSignal,
): Promise<never> {
  while (!signal.aborted && (await clients.get(page.id)) !== undefined) {
    await new Promise((done) => setTimeout(done, LOOK_FOR_PAGE_MS));
  }
  throw new Error('the page was closed');
}
