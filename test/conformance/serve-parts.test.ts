/**
 * The parts of `footpath serve` that need no browser: command line, buckets, topics.
 * Long because it is a table of what each part takes and refuses.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { dropUnreadAnswers } from '../../cli/client-limits.mjs';
import { BucketFolders } from '../../cli/serve-buckets.ts';
import { parseServeOptions } from '../../cli/serve-options.ts';
import { objectUrl, PAGE_HOST, type PageOrigin, startOrigin } from '../../cli/serve-origin.ts';
import { serveStatic } from '../../cli/serve-static.mjs';
import { NotificationOutbox } from '../../cli/serve-topics.ts';
import { UsageError } from '../../cli/usage-error.ts';
import type { CompletionMessage } from '../../src/contract/types.ts';

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:done';
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'footpath-serve-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the command line', () => {
  test('has defaults that stay on this computer', () => {
    expect(parseServeOptions(['--state', '/state'])).toEqual({
      host: '127.0.0.1',
      port: 8787,
      names: [],
      buckets: new Map(),
      concurrency: 1,
      topics: new Map(),
      state: '/state',
    });
    expect(parseServeOptions([])?.state).toMatch(/footpath\/serve-8787$/);
    expect(parseServeOptions(['--help'])).toBeUndefined();
  });

  test('takes names under which it is asked for, in any letters', () => {
    const names = ['--name', 'Host.Docker.Internal', '--name', 'foot_path'];
    expect(parseServeOptions(names)?.names).toEqual(['host.docker.internal', 'foot_path']);
  });

  test('takes buckets and topics more than once', () => {
    const options = parseServeOptions(
      ['--bucket', `one=${folder}`, '--bucket', `two=${folder}`, '--concurrency', '3'].concat(
        ['--topic', `${TOPIC}=http://127.0.0.1:1/a=b`, '--topic', `${TOPIC}-2=${folder}/out`],
        ['--port', '0', '--host', '0.0.0.0', '--allow-remote'],
      ),
    );
    expect(options).toMatchObject({ port: 0, host: '0.0.0.0', concurrency: 3 });
    expect(options?.buckets).toEqual(
      new Map([
        ['one', folder],
        ['two', folder],
      ]),
    );
    expect(options?.topics).toEqual(
      new Map([
        [TOPIC, { kind: 'webhook', url: 'http://127.0.0.1:1/a=b' }],
        [`${TOPIC}-2`, { kind: 'file', path: `${folder}/out` }],
      ]),
    );
  });

  test.each([
    [['--port', '70000'], '--port must be a whole number from 0 to 65535, but is 70000'],
    [['--port', 'x'], '--port must be a whole number'],
    [['--concurrency', '0'], '--concurrency must be a whole number from 1 to 20, but is 0'],
    [['--host', 'shop.example'], '--host must be an IP address or localhost'],
    [['--host', '0.0.0.0'], 'needs --allow-remote'],
    [
      ['--name', 'http://a:1'],
      '--name must be a name without protocol and port, but is http://a:1',
    ],
    [['--bucket', 'one'], '--bucket must be NAME=DIR, but is one'],
    [['--bucket', 'a=/tmp'], 'Video.S3Object.Bucket must have 3 to 255 characters'],
    [['--bucket', 'one=/nowhere/at/all'], '/nowhere/at/all is not a folder'],
    [['--bucket', 'one=/tmp', '--bucket', 'one=/tmp'], 'one is given twice'],
    [['--topic', 'arn=x'], 'NotificationChannel.SNSTopicArn must have the form'],
    [['--topic', `${TOPIC}=http://`], 'http:// is not a URL'],
    [['--unknown'], "Unknown option '--unknown'"],
    [['extra'], 'Unexpected argument'],
  ])('%j is wrong usage', (args, text) => {
    expect(() => parseServeOptions(args)).toThrow(UsageError);
    expect(() => parseServeOptions(args)).toThrow(text);
  });
});

describe('a bucket', () => {
  const find = (name: string) =>
    new BucketFolders(new Map([['shop', join(folder, 'shop')]])).find('shop', name);
  beforeEach(async () => {
    await mkdir(join(folder, 'shop/day one'), { recursive: true });
    await writeFile(join(folder, 'shop/day one/door.mp4'), 'video');
    await writeFile(join(folder, 'secret.txt'), 'secret');
  });

  test('holds the files of its folder, with a hash of the content as their version', async () => {
    expect(await find('day one/door.mp4')).toEqual({
      path: join(folder, 'shop/day one/door.mp4'),
      version: createHash('sha256').update('video').digest('hex'),
      sizeBytes: 5,
    });
  });

  test('knows a changed file as another version', async () => {
    const buckets = new BucketFolders(new Map([['shop', join(folder, 'shop')]]));
    const before = await buckets.find('shop', 'day one/door.mp4');
    await writeFile(join(folder, 'shop/day one/door.mp4'), 'Video!');
    const after = await buckets.find('shop', 'day one/door.mp4');
    expect('version' in before && 'version' in after && before.version !== after.version).toBe(
      true,
    );
  });

  test.each([
    ['../secret.txt', 'leads out'],
    ['day one/../../secret.txt', 'leads out'],
    ['/etc/passwd', 'begins or ends with'],
    ['day one//door.mp4', 'has "//" in it'],
    ['./day one/door.mp4', 'leads out'],
    ['..\\secret.txt', 'leads out'],
    ['day one/door.mp4\0', 'leads out'],
    ['day one', 'is not a file'],
    ['none.mp4', 'no such file'],
    ['day one/door.mp4/x', 'no such file'],
    ['linked.txt', 'symbolic link'],
    ['linked/secret.txt', 'symbolic link'],
  ])('does not have %j', async (name, text) => {
    await symlink(join(folder, 'secret.txt'), join(folder, 'shop/linked.txt'));
    await symlink(folder, join(folder, 'shop/linked'));
    expect(await find(name)).toEqual({ reason: expect.stringContaining(text) });
  });

  test('may be a link itself, and may hold links that stay inside', async () => {
    await symlink(join(folder, 'shop'), join(folder, 'link'));
    await symlink(join(folder, 'shop/day one/door.mp4'), join(folder, 'shop/inside.mp4'));
    const buckets = new BucketFolders(new Map([['shop', join(folder, 'link')]]));
    expect(await buckets.find('shop', 'inside.mp4')).toMatchObject({ sizeBytes: 5 });
  });

  test('that is not given has nothing', async () => {
    const found = await new BucketFolders(new Map()).find('shop', 'door.mp4');
    expect(found).toEqual({ reason: expect.stringContaining('--bucket shop=DIR') });
  });
});

describe('the page’s origin', () => {
  let origin: PageOrigin;
  beforeEach(async () => {
    await mkdir(join(folder, 'app'));
    await mkdir(join(folder, 'shop'));
    await writeFile(join(folder, 'app/headless.html'), '<p>');
    await writeFile(join(folder, 'shop/a door.mp4'), '0123456789');
    const buckets = new BucketFolders(new Map([['shop', join(folder, 'shop')]]));
    origin = await startOrigin(join(folder, 'app'), buckets);
  });
  afterEach(() => origin.close());

  const version = createHash('sha256').update('0123456789').digest('hex');
  async function ask(path: string, headers: Record<string, string> = {}, method = 'GET') {
    const { name, value } = origin.cookie;
    const own = { host: PAGE_HOST, cookie: `other=1; ${name}=${value}` };
    const asked = request({
      host: '127.0.0.1',
      port: origin.port,
      path,
      method,
      headers: { ...own, ...headers },
    }).end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    let body = '';
    for await (const chunk of response) body += chunk;
    return { status: response.statusCode, body };
  }

  test('hands the app and the objects to its page, whole and in parts', async () => {
    expect(await ask('/headless.html')).toEqual({ status: 200, body: '<p>' });
    const { pathname } = new URL(objectUrl('shop', 'a door.mp4', version));
    expect(await ask(pathname)).toEqual({ status: 200, body: '0123456789' });
    expect(await ask(pathname, { range: 'bytes=2-4' })).toEqual({ status: 206, body: '234' });
    expect(await ask(pathname, { range: 'bytes=20-' })).toMatchObject({ status: 416 });
  });

  test('does not have an object of which the file changed', async () => {
    const { pathname } = new URL(objectUrl('shop', 'a door.mp4', version));
    await writeFile(join(folder, 'shop/a door.mp4'), 'changed');
    expect(await ask(pathname)).toMatchObject({ status: 404 });
  });

  test('hands nothing to anyone else', async () => {
    expect(await ask('/headless.html', { cookie: '' })).toEqual({ status: 403, body: '' });
    expect(await ask('/headless.html', { cookie: 'footpath=0' })).toMatchObject({ status: 403 });
    const host = `127.0.0.1:${origin.port}`;
    expect(await ask('/headless.html', { host })).toMatchObject({ status: 403 });
    expect(await ask('/headless.html', {}, 'POST')).toMatchObject({ status: 403 });
  });

  test.each([
    ...['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/', '/linked.txt', '/app2/x'],
    ...['//', '/%', '/%00', '/objects', '/objects/', '/objects/%/%/%', '/objects/shop/1/%2e%2e'],
  ])('has nothing at %s', async (path) => {
    await writeFile(join(folder, 'secret.txt'), 'secret');
    await symlink(join(folder, 'secret.txt'), join(folder, 'app/linked.txt'));
    expect((await ask(path)).status).toBe(404);
  });
});

describe('the server of npm start', () => {
  let server: Awaited<ReturnType<typeof serveStatic>>;
  beforeEach(async () => {
    await mkdir(join(folder, 'app/sub'), { recursive: true });
    await writeFile(join(folder, 'app/index.html'), '<p>');
    await writeFile(join(folder, 'app/sub/a b.txt'), 'text');
    await writeFile(join(folder, 'secret.txt'), 'secret');
    await symlink(join(folder, 'secret.txt'), join(folder, 'app/linked.txt'));
    server = await serveStatic(join(folder, 'app'));
  });
  afterEach(() => server.close());

  /** One request, byte for byte, and the answer's status and body. */
  async function ask(line: string) {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.write(`${line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    let answer = '';
    for await (const chunk of socket) answer += chunk;
    return {
      status: Number(answer.split(' ')[1]),
      body: answer.slice(answer.indexOf('\r\n\r\n') + 4),
    };
  }

  test.each([
    ['GET /', 200],
    ['GET /sub/a%20b.txt', 200],
    ['GET /sub/../index.html?x=%', 200],
    ['GET http://elsewhere/index.html', 200],
    ['GET //', 200],
    ['GET //elsewhere/', 404],
    ['GET /none', 404],
    ['GET /sub', 404],
    ['GET /%00', 404],
    ['GET /../secret.txt', 404],
    ['GET /%2e%2e/secret.txt', 404],
    ['GET /..%2fsecret.txt', 404],
    ['GET /sub/..%2f..%2fsecret.txt', 404],
    ['GET /linked.txt', 404],
    ['GET /%', 400],
    ['GET /%c3', 400],
    ['GET http://[', 400],
    ['GET http://[::1]:x/', 400],
    ['GET *', 400],
    ['GET x', 400],
    ['POST /%', 405],
    ['OPTIONS *', 405],
    ['NONSENSE /', 400],
    ['GET', 400],
  ])('answers %s, and goes on', async (line, status) => {
    const answer = await ask(line);
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain('secret');
    expect(await ask('GET /index.html')).toEqual({ status: 200, body: '<p>' });
  });

  test('closes a connection on which nothing is asked', { timeout: 30_000 }, async () => {
    const silent = connect(Number(new URL(server.url).port), '127.0.0.1');
    silent.resume();
    const patient = sleep(20_000, 'still open', { ref: false });
    expect(await Promise.race([once(silent, 'close').then(() => 'closed'), patient])).toBe(
      'closed',
    );
  });
});

describe('a client that asks and does not read', () => {
  test('is dropped, and one that waits for its answer is not', async () => {
    const big = Buffer.alloc(64 * 1024 ** 2);
    const server = createServer(async (request, response) => {
      if (request.url === '/slow') await sleep(1000);
      response.end(request.url === '/slow' ? 'done' : big);
    });
    dropUnreadAnswers(server, 200);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const ask = (path: string) => {
      const socket = connect(port, '127.0.0.1');
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      return socket;
    };
    const deaf = once(server, 'connection').then(([socket]) => once(socket, 'close'));
    const unread = ask('/big').on('error', () => undefined);
    await deaf;
    unread.destroy();
    let answer = '';
    for await (const chunk of ask('/slow')) answer += chunk;
    expect(answer).toMatch(/done$/);
    server.close();
  });
});

describe('a topic', () => {
  const message = (JobId: string): CompletionMessage => ({
    JobId,
    Status: 'SUCCEEDED',
    API: 'StartPersonTracking',
    Timestamp: 1571136869013,
    Video: { S3ObjectName: 'door.mp4', S3Bucket: 'shop' },
  });
  const log = vi.fn();
  let server: Server;
  let address: string;
  /** Status of each answer to come; 200 when there is none. */
  let statuses: number[] = [];
  let posts: { headers: Record<string, unknown>; body: string }[] = [];
  beforeEach(async () => {
    log.mockClear();
    statuses = [];
    posts = [];
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        posts.push({ headers: request.headers, body });
        response.writeHead(statuses.shift() ?? 200).end();
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });
  const outboxTo = (url: string) =>
    new NotificationOutbox(
      join(folder, 'out'),
      new Map([[TOPIC, { kind: 'webhook', url }]]),
      log,
      10,
    );

  test('reaches its webhook in the SNS envelope', async () => {
    const outbox = outboxTo(address);
    expect(await outbox.open()).toEqual([]);
    await outbox.expect('j1', TOPIC);
    await outbox.complete(message('j1'));
    await expect.poll(() => posts).toHaveLength(1);
    await outbox.close();
    const { headers, body } = posts[0]!;
    const envelope = JSON.parse(body);
    expect(envelope).toMatchObject({ Type: 'Notification', TopicArn: TOPIC });
    expect(JSON.parse(envelope.Message)).toEqual(message('j1'));
    expect(headers).toMatchObject({
      'content-type': 'text/plain; charset=UTF-8',
      'x-amz-sns-message-type': 'Notification',
      'x-amz-sns-message-id': envelope.MessageId,
      'x-amz-sns-topic-arn': TOPIC,
    });
  });

  test('is tried until it is taken, as the same message', async () => {
    statuses = [500, 302, 404];
    const outbox = outboxTo(address);
    await outbox.open();
    await outbox.expect('j1', TOPIC);
    await outbox.complete(message('j1'));
    await expect.poll(() => posts).toHaveLength(4);
    await outbox.close();
    expect(new Set(posts.map(({ body }) => JSON.parse(body).MessageId)).size).toBe(1);
    expect(log).toHaveBeenCalledTimes(3);
  });

  test('is told once, however often a start is repeated', async () => {
    const outbox = outboxTo(address);
    await outbox.open();
    for (let i = 0; i < 2; i++) {
      await outbox.expect('j1', TOPIC);
      await outbox.complete(message('j1'));
    }
    await expect.poll(() => posts).toHaveLength(1);
    await outbox.close();
    const again = outboxTo(address);
    expect(await again.open()).toEqual([]);
    await again.expect('j1', TOPIC);
    await again.complete(message('j1'));
    await again.close();
    expect(posts).toHaveLength(1);
  });

  test('survives a restart, before and after the job’s end', async () => {
    const first = outboxTo('http://127.0.0.1:9/');
    await first.open();
    await first.expect('ended', TOPIC);
    await first.expect('open', TOPIC);
    await first.expect('gone', TOPIC);
    await first.complete(message('ended'));
    await expect.poll(() => log).toHaveBeenCalled();
    await first.close();

    const second = outboxTo(address);
    expect((await second.open()).sort()).toEqual(['gone', 'open']);
    await expect.poll(() => posts).toHaveLength(1);
    await second.complete(message('open'));
    await second.forget('gone');
    await expect.poll(() => posts).toHaveLength(2);
    await second.close();
    expect((await readdir(join(folder, 'out'))).sort()).toEqual(['ended.json', 'open.json']);
  });

  test('is delivered where the disk does not take its state, and that is said', async () => {
    const outbox = outboxTo(address);
    await outbox.open();
    await outbox.expect('j1', TOPIC);
    // No file can be written where a folder is.
    for (const id of ['j1', 'j2']) await mkdir(join(folder, `out/${id}.json.new`));
    await outbox.expect('j2', TOPIC);
    await outbox.complete(message('j1'));
    await outbox.complete(message('j2'));
    await expect.poll(() => posts).toHaveLength(2);
    await outbox.close();
    expect(posts).toHaveLength(2);
    const lines = log.mock.calls.map(([line]) => line as string);
    for (const id of ['j1', 'j2']) {
      expect(lines.filter((line) => line.includes(`${id}.json could not be written`))).not.toEqual(
        [],
      );
    }
  });

  test('leaves alone what is no notification, and removes what a killed run was writing', async () => {
    await mkdir(join(folder, 'out'));
    const files = { 'a.json': 'null', 'b.json': '{}', 'c.json': '{"jobId":', 'd.json.new': '{' };
    for (const [name, text] of Object.entries(files)) {
      await writeFile(join(folder, 'out', name), text);
    }
    await mkdir(join(folder, 'out/e.json'));
    const outbox = outboxTo(address);
    expect(await outbox.open()).toEqual([]);
    await outbox.close();
    expect(log).toHaveBeenCalledTimes(4);
    expect((await readdir(join(folder, 'out'))).sort()).toEqual([
      'a.json',
      'b.json',
      'c.json',
      'e.json',
    ]);
  });

  test('is kept beyond its time until two starts a day apart have found that over', async () => {
    const day = 86_400_000;
    const late = Date.now() + 8 * day;
    const waiting = async (nowMs: number) => {
      const clock = vi.spyOn(Date, 'now').mockReturnValue(nowMs);
      const outbox = outboxTo(address);
      const jobIds = await outbox.open();
      await outbox.close();
      clock.mockRestore();
      return jobIds;
    };
    const first = outboxTo(address);
    await first.open();
    await first.expect('j1', TOPIC);
    await first.close();
    // A clock that is wrong for a while, right again, and then late for good.
    expect(await waiting(late)).toEqual(['j1']);
    expect(await waiting(late - 7 * day)).toEqual(['j1']);
    expect(await waiting(late + day)).toEqual(['j1']);
    expect(await waiting(late + 2 * day)).toEqual([]);
    expect(await readdir(join(folder, 'out'))).toEqual([]);
  });

  test('may be a file, with one envelope a line', async () => {
    const path = join(folder, 'messages.jsonl');
    const outbox = new NotificationOutbox(
      join(folder, 'out'),
      new Map([[TOPIC, { kind: 'file', path }]]),
      log,
    );
    await outbox.open();
    await outbox.expect('j1', TOPIC);
    const unknown = 'arn:aws:sns:us-east-1:123456789012:nobody';
    await outbox.expect('j2', unknown);
    expect(log).toHaveBeenCalledExactlyOnceWith(
      `job j2: nobody is told of its end: no --topic names ${unknown}`,
    );
    await outbox.complete(message('j1'));
    await outbox.complete(message('j2'));
    const lines = () => readFile(path, 'utf8').then((text) => text.trimEnd().split('\n'));
    await expect.poll(lines).toHaveLength(1);
    await outbox.close();
    expect(JSON.parse(JSON.parse((await lines())[0]!).Message).JobId).toBe('j1');
  });
});
