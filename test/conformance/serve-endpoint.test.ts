/** The public side of `footpath serve` over real sockets. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Endpoint, startEndpoint } from '../../cli/serve-endpoint.ts';
import { encodeOutput } from '../../src/contract/aws-json.ts';

let endpoint: Endpoint;
let calls: { target: string | null; body: string }[] = [];

beforeAll(async () => {
  endpoint = await startEndpoint('127.0.0.1', 0, async (target, body) => {
    calls.push({ target, body: new TextDecoder().decode(body) });
    return encodeOutput({ JobId: 'j' }, 'id');
  });
});
beforeEach(() => {
  calls = [];
});
afterAll(() => endpoint.close());

/** One exchange, byte for byte. */
async function raw(text: string, port = endpoint.port): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(text);
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  socket.on('error', () => undefined);
  await once(socket, 'close');
  return answer;
}
const request = (headers: Record<string, string>, body = '{}', method = 'POST', port?: number) => {
  const all = {
    Host: `127.0.0.1:${endpoint.port}`,
    Connection: 'close',
    'X-Amz-Target': 'RekognitionService.StartPersonTracking',
    'Content-Length': String(Buffer.byteLength(body)),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return raw(`${method} / HTTP/1.1\r\n${lines.join('')}\r\n${body}`, port);
};
const statusOf = (answer: string) => Number(answer.split(' ')[1]);
const bodyOf = (answer: string) => JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4));

test('hands target and body on and answers with what comes back', async () => {
  const answer = await request({ 'Content-Type': 'application/x-amz-json-1.1' }, '{"JobTag":"ü"}');
  expect(statusOf(answer)).toBe(200);
  expect(answer.toLowerCase()).toContain('content-type: application/x-amz-json-1.1\r\n');
  expect(answer.toLowerCase()).toContain('x-amzn-requestid: id\r\n');
  expect(answer.toLowerCase()).not.toContain('access-control-allow');
  expect(bodyOf(answer)).toEqual({ JobId: 'j' });
  expect(calls).toEqual([
    { target: 'RekognitionService.StartPersonTracking', body: '{"JobTag":"ü"}' },
  ]);
});

test.each(['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]'])('is asked for as %s', async (name) => {
  expect(statusOf(await request({ Host: `${name}:${endpoint.port}` }))).toBe(200);
});

describe('is refused, and never handed on:', () => {
  const refused = async (answer: string, status: number, type: string) => {
    expect(statusOf(answer)).toBe(status);
    const body = bodyOf(answer);
    expect(body).toMatchObject({ __type: type, Code: type, Message: expect.any(String) });
    expect(calls).toEqual([]);
  };
  test.each(['attacker.example', '127.0.0.1.attacker.example', '10.0.0.1', 'localhost.example'])(
    'Host %j',
    async (name) => {
      const answer = await request({ Host: `${name}:${endpoint.port}` });
      await refused(answer, 403, 'AccessDeniedException');
    },
  );
  test.each(['', '@', 'a b'])('a Host %j that is none', async (name) => {
    expect(statusOf(await request({ Host: `${name}:${endpoint.port}` }))).toBe(400);
    expect(calls).toEqual([]);
  });
  test.each<Record<string, string>>([
    { Origin: 'https://attacker.example' },
    { Origin: 'null' },
    { Origin: 'http://127.0.0.1:1' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
  ])('a browser page with %j', async (headers) => {
    await refused(await request(headers), 403, 'AccessDeniedException');
  });
  test.each(['GET', 'PUT', 'OPTIONS', 'DELETE'])('method %s', async (method) => {
    await refused(await request({}, '', method), 405, 'UnknownOperationException');
  });
  test('a body over 1 MiB, told by its length', async () => {
    const answer = await request({ 'Content-Length': String(1024 ** 2 + 1) }, '{}');
    await refused(answer, 413, 'SerializationException');
  });
  test('a body over 1 MiB that tells no length', async () => {
    const chunk = `10000\r\n${'x'.repeat(65536)}\r\n`;
    const head = `POST / HTTP/1.1\r\nHost: 127.0.0.1:${endpoint.port}\r\nConnection: close\r\n`;
    const answer = await raw(
      `${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(17)}0\r\n\r\n`,
    );
    await refused(answer, 413, 'SerializationException');
  });
  test('a client that does not finish its request', { timeout: 30_000 }, async () => {
    const head = `POST / HTTP/1.1\r\nHost: 127.0.0.1:${endpoint.port}\r\nContent-Length: 10\r\n\r\n{`;
    const answer = await Promise.race([raw(head), sleep(20_000, 'still open')]);
    expect(statusOf(answer)).toBe(408);
    expect(calls).toEqual([]);
  });
});

test('a tunnel may have another port', async () => {
  expect(statusOf(await request({ Host: '127.0.0.1:9' }))).toBe(200);
  expect(statusOf(await request({ Host: 'localhost' }))).toBe(200);
});

test('it has the names that it was given, and says of others how they are given', async () => {
  const named = await startEndpoint('127.0.0.1', 0, async () => encodeOutput({}, 'id'), [
    'host.docker.internal',
  ]);
  const ask = (name: string) =>
    request({ Host: `${name}:${named.port}` }, '{}', 'POST', named.port);
  expect(statusOf(await ask('Host.Docker.Internal'))).toBe(200);
  const other = await ask('footpath');
  expect(statusOf(other)).toBe(403);
  expect(bodyOf(other).Message).toContain('start it with --name footpath, or ask for its address');
  await named.close();
});

test('its own origin may ask', async () => {
  const own = { Origin: `http://127.0.0.1:${endpoint.port}`, 'Sec-Fetch-Site': 'same-origin' };
  expect(statusOf(await request(own))).toBe(200);
});

test('a client that goes away is noticed', async () => {
  let noticed = (_: string) => {};
  const outcome = new Promise<string>((resolve) => {
    noticed = resolve;
  });
  const slow = await startEndpoint('127.0.0.1', 0, async (_target, _body, signal) => {
    signal.addEventListener('abort', () => noticed('aborted'));
    socket.destroy();
    await outcome;
    return encodeOutput({}, 'id');
  });
  const socket = connect(slow.port, '127.0.0.1');
  socket.write(`POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}`);
  expect(await outcome).toBe('aborted');
  await slow.close();
});

test('listening elsewhere, it takes addresses but no names', async () => {
  const everywhere = await startEndpoint('0.0.0.0', 0, async () => encodeOutput({}, 'id'));
  const ask = async (name: string) => {
    const socket = connect(everywhere.port, '127.0.0.1');
    const head = `POST / HTTP/1.1\r\nHost: ${name}:${everywhere.port}\r\nConnection: close\r\n`;
    socket.write(`${head}Content-Length: 0\r\n\r\n`);
    const [chunk] = await once(socket, 'data');
    return statusOf(String(chunk));
  };
  expect(await ask('192.168.1.7')).toBe(200);
  expect(await ask('attacker.example')).toBe(403);
  await everywhere.close();
});
