/**
 * Rekognition's endpoint in the page's own origin: the app's service worker takes the request, a page with a tracker
 * answers it. This is the page's side, and what both sides say to each other.
 */
import type { Handler } from './handler.ts';

/** The service worker asks a page whether it has a tracker; the answer goes over the port that comes along. */
export interface EndpointOffer {
  readonly type: 'footpath-offer';
}

/** A page with a tracker says so, and is then sent the call. */
export interface EndpointHere {
  readonly type: 'here';
}

/** A request on its way to the page. */
export interface EndpointCall {
  readonly type: 'call';
  readonly headers: readonly (readonly [string, string])[];
  readonly body: ArrayBuffer;
}

/** The answer on its way back. */
export interface EndpointReply {
  readonly type: 'reply';
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: ArrayBuffer;
}

/** Whether what came over a port is what was asked for: anything else is dropped. */
export function isEndpointMessage<
  Message extends EndpointOffer | EndpointHere | EndpointCall | EndpointReply,
>(data: unknown, type: Message['type']): data is Message {
  const message = Object(data) as Partial<EndpointReply>;
  if (message.type !== type) return false;
  if (type === 'footpath-offer' || type === 'here') return true;
  const { headers, body, status } = message;
  return (
    body instanceof ArrayBuffer &&
    Array.isArray(headers) &&
    headers.every(
      (pair) => Array.isArray(pair) && pair.every((part) => typeof part === 'string'),
    ) &&
    (type === 'call' || (Number.isInteger(status) && status! >= 200 && status! <= 599))
  );
}

async function answer(handle: Handler, call: EndpointCall): Promise<EndpointReply> {
  const headers = call.headers.map(([name, value]): [string, string] => [name, value]);
  const response = await handle(
    new Request(location.href, { method: 'POST', headers, body: call.body }),
  );
  return {
    type: 'reply',
    status: response.status,
    headers: [...response.headers],
    body: await response.arrayBuffer(),
  };
}

/**
 * Makes this page answer the requests that the service worker takes at `rekognition` in its scope. Does nothing where
 * there are no service workers.
 * @param handle `handle` of the page's tracker
 * @returns ends it
 */
export function answerServiceWorker(handle: Handler): () => void {
  const container: ServiceWorkerContainer | undefined = navigator.serviceWorker;
  if (container === undefined) return () => {};
  const hear = (event: MessageEvent) => {
    const [port] = event.ports;
    if (port === undefined) return;
    if (!isEndpointMessage<EndpointOffer>(event.data, 'footpath-offer')) return;
    port.onmessage = async ({ data }: MessageEvent<unknown>) => {
      if (!isEndpointMessage<EndpointCall>(data, 'call')) return;
      const reply = await answer(handle, data);
      port.postMessage(reply, [reply.body]);
    };
    port.postMessage({ type: 'here' } satisfies EndpointHere);
  };
  container.addEventListener('message', hear);
  container.startMessages();
  return () => container.removeEventListener('message', hear);
}
