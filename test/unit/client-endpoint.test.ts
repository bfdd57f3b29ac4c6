import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isFile } from '../../src/client/offline-files.ts';
import {
  answerServiceWorker,
  type EndpointReply,
  isEndpointMessage,
} from '../../src/client/page-endpoint.ts';
import { PageSigner } from '../../src/client/page-signer.ts';
import { isShareRequest, takeShared } from '../../src/client/shared-files.ts';
import { isShowMessage } from '../../src/client/show-page.ts';

const container = Object.assign(new EventTarget(), { startMessages: () => {} });
const handle = async (request: Request) =>
  new Response(`heard ${await request.text()}`, { status: 201, headers: { 'x-amz': 'yes' } });

beforeEach(() => {
  vi.stubGlobal('navigator', { serviceWorker: container });
  vi.stubGlobal('location', new URL('https://page.example/'));
});
afterEach(() => vi.unstubAllGlobals());

/** Asks as the service worker does. @returns what comes back, in order */
function ask(offer: unknown, call?: unknown): { port: MessagePort; heard: unknown[] } {
  const { port1, port2 } = new MessageChannel();
  const heard: unknown[] = [];
  port1.onmessage = ({ data }) => {
    heard.push(data);
    if (call && heard.length === 1) port1.postMessage(call);
  };
  container.dispatchEvent(new MessageEvent('message', { data: offer, ports: [port2 as never] }));
  return { port: port1, heard };
}

test('a page answers the service worker’s call over the port of its offer', async () => {
  const end = answerServiceWorker(handle);
  const body = new TextEncoder().encode('a call').buffer;
  const headers = [['content-type', 'text/plain']];
  const { port, heard } = ask({ type: 'footpath-offer' }, { type: 'call', headers, body });
  await expect.poll(() => heard).toHaveLength(2);
  expect(heard[0]).toEqual({ type: 'here' });
  const reply = heard[1] as EndpointReply;
  expect(isEndpointMessage<EndpointReply>(reply, 'reply')).toBe(true);
  expect(reply.status).toBe(201);
  expect(new TextDecoder().decode(reply.body)).toBe('heard a call');
  expect(new Headers(reply.headers as [string, string][]).get('x-amz')).toBe('yes');
  port.close();
  end();
  const after = ask({ type: 'footpath-offer' });
  await new Promise((done) => setTimeout(done, 20));
  expect(after.heard).toEqual([]);
  after.port.close();
});

test('what is no offer and no call is dropped', async () => {
  const end = answerServiceWorker(handle);
  container.dispatchEvent(new MessageEvent('message', { data: { type: 'footpath-offer' } }));
  const stranger = ask({ type: 'other' });
  const halfway = ask({ type: 'footpath-offer' }, { type: 'call', headers: 'none', body: 1 });
  await expect.poll(() => halfway.heard).toHaveLength(1);
  await new Promise((done) => setTimeout(done, 20));
  expect(stranger.heard).toEqual([]);
  expect(halfway.heard).toEqual([{ type: 'here' }]);
  for (const { port } of [stranger, halfway]) port.close();
  end();
});

test('where there are no service workers nothing is answered', () => {
  vi.stubGlobal('navigator', {});
  answerServiceWorker(handle)();
});

test('what the service worker answers that is no file is not taken for shared', async () => {
  const active = {
    postMessage: (request: unknown, [port]: [MessagePort]) => {
      expect(isShareRequest(request)).toBe(true);
      port.postMessage(['no file']);
      port.close();
    },
  };
  vi.stubGlobal('navigator', { serviceWorker: { ready: Promise.resolve({ active }) } });
  expect(await takeShared('id')).toBeUndefined();
  expect(isShareRequest({ type: 'footpath-take-shared' })).toBe(false);
  expect(isShareRequest(undefined)).toBe(false);
});

test('only an address of the app’s own is shown', () => {
  expect(isShowMessage({ type: 'footpath-show', hash: '#/job/1' })).toBe(true);
  expect(isShowMessage({ type: 'footpath-show', hash: 'https://elsewhere.example/' })).toBe(false);
  expect(isShowMessage(undefined)).toBe(false);
});

test('a file of the list is known by its hash', async () => {
  const bytes = new TextEncoder().encode('abc').buffer;
  const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(await isFile({ url: 'a', bytes: 3, sha256 }, bytes)).toBe(true);
  expect(await isFile({ url: 'a', bytes: 3, sha256: sha256.replace('b', 'c') }, bytes)).toBe(false);
});

test('where no key can be kept, tokens are good for this page', async () => {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const signer = new PageSigner({ keepSecret: () => Promise.reject(new Error('full')) });
  const bytes = Uint8Array.of(1, 2, 3);
  expect(await signer.sign(bytes)).toEqual(await signer.sign(bytes));
  expect(warned).toHaveBeenCalledOnce();
  warned.mockRestore();
});
