/** A client may reset its connection at any moment: no server here may die of it, ours or a test's. */
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BucketFolders } from '../../cli/serve-buckets.ts';
import { startEndpoint } from '../../cli/serve-endpoint.ts';
import { startOrigin } from '../../cli/serve-origin.ts';
import { serveStatic } from '../../cli/serve-static.mjs';
import { encodeOutput } from '../../src/contract/aws-json.ts';
import { startRefusingProxy } from '../fixtures/refusing-proxy.ts';
import { startSite } from '../fixtures/site.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'footpath-reset-'));
  // More than any buffer on the way holds, so that it is reset while it is being sent.
  await writeFile(join(folder, 'index.html'), Buffer.alloc(16 * 1024 ** 2));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const portOf = (url: string) => Number(new URL(url).port);

/** Each on a free port, and how it ends. */
const SERVERS = {
  'of npm start': async () => {
    const { url, close } = await serveStatic(folder);
    return { port: portOf(url), close };
  },
  'of the page behind footpath serve': () => startOrigin(folder, new BucketFolders(new Map())),
  'of footpath serve': () =>
    startEndpoint('127.0.0.1', 0, async () => encodeOutput({ JobId: 'j' }, 'id')),
  'of tests’ sites': async () => {
    const { url, close } = await startSite({ folders: { '/': folder } });
    return { port: portOf(url), close };
  },
  'that refuses the tests’ browser': async () => {
    const { url, close } = await startRefusingProxy(() => {});
    return { port: portOf(url), close };
  },
} satisfies Record<string, () => Promise<{ port: number; close: () => unknown }>>;

const REQUESTS = {
  nothing: '',
  'half a request': 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{',
  'a request': 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'a tunnel': 'CONNECT elsewhere:443 HTTP/1.1\r\nHost: elsewhere:443\r\n\r\n',
  'a web socket':
    'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
};

test.each(Object.keys(SERVERS) as (keyof typeof SERVERS)[])(
  'the server %s outlives connections that are reset',
  async (name) => {
    const died: unknown[] = [];
    const note = (error: unknown) => died.push(error);
    process.on('uncaughtException', note);
    process.on('unhandledRejection', note);
    const { port, close } = await SERVERS[name]();
    for (const text of Object.values(REQUESTS)) {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      await once(socket, 'connect');
      socket.write(text);
      // Once while it answers, or waits for more.
      await Promise.race([once(socket, 'readable'), once(socket, 'close'), sleep(50)]);
      socket.resetAndDestroy();
    }
    const asked = connect(port, '127.0.0.1').on('error', () => undefined);
    asked.write('GET /none HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    const [answer] = await once(asked, 'data');
    asked.destroy();
    await close();
    await sleep(20);
    process.off('uncaughtException', note);
    process.off('unhandledRejection', note);
    expect(String(answer)).toMatch(/^HTTP\/1\.1 [24]\d\d/);
    expect(died).toEqual([]);
  },
);
