/**
 * `footpath serve` as a program, from the AWS CLI and boto3 to the people of a real video.
 * Long because one started server serves all of it.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  rmdir,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ensureBuilt } from '../../scripts/build.mjs';
import { analyze } from '../../src/analytics/analyze.ts';
import { pathsFromAnswer } from '../../src/analytics/paths-from-answer.ts';
import { parseScene } from '../../src/analytics/scene.ts';
import { analysisJson } from '../../src/export/analysis-json.ts';
import { runFootpath } from '../app/run-footpath.ts';
import { cutVideo } from '../fixtures/copy-video.ts';
import { filtersOf, renderersOf } from '../fixtures/process-tree.ts';
import { aws, EXIT, explainSkips, hasAws, hasBoto3, python } from './aws-cli.ts';

const root = inject('root');
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:AmazonRekognitionDone';

/** A running server. */
interface Running {
  readonly url: string;
  readonly process: ChildProcess;
  /** Ends it and tells its exit code. */
  end(signal: 'SIGINT' | 'SIGKILL'): Promise<number | null>;
  stderr(): string;
}

let folder: string;
let hook: Server;
let posts: string[] = [];
/** Answers to come; 200 when there is none. */
const statuses: number[] = [];
let server: Running;

function launch(...args: string[]): ChildProcess {
  return launchIn(process.env, ...args);
}

function launchIn(env: NodeJS.ProcessEnv, ...args: string[]): ChildProcess {
  return spawn(process.execPath, [join(root, 'cli/footpath.mjs'), 'serve', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  });
}

function serve(...more: string[]): Promise<Running> {
  return serveIn(process.env, ...more);
}

async function serveIn(env: NodeJS.ProcessEnv, ...more: string[]): Promise<Running> {
  const { port } = hook.address() as AddressInfo;
  const child = launchIn(
    env,
    ...['--port', '0', '--state', join(folder, 'state'), '--bucket', `MyVideoS3Bucket=${folder}`],
    ...['--manifests', join(folder, 'manifests')],
    ...['--topic', `${TOPIC}=http://127.0.0.1:${port}/hook`, ...more],
  );
  let stderr = '';
  child.stderr!.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const lines = createInterface({ input: child.stdout! });
  const first = await Promise.race([
    once(lines, 'line').then(([line]) => String(line)),
    ended.then((code) => `ended with ${code}: ${stderr}`),
  ]);
  expect(first).toMatch(/^Listening on http:\/\/127\.0\.0\.1:\d+$/);
  return {
    url: first.slice('Listening on '.length),
    process: child,
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
    stderr: () => stderr,
  };
}

/** One call over HTTP, as any client makes it. */
async function call(operation: string, input: object, to = server) {
  const prefix = operation === 'AnalyzePersonTracking' ? 'Footpath_2026_01' : 'RekognitionService';
  const response = await fetch(to.url, {
    method: 'POST',
    headers: { 'x-amz-target': `${prefix}.${operation}` },
    body: JSON.stringify(input),
  });
  return { status: response.status, ...(await response.json()) };
}
const videoOf = (Name: string, Version?: string) => ({
  Video: { S3Object: { Bucket: 'MyVideoS3Bucket', Name, ...(Version ? { Version } : {}) } },
});
async function untilEnd(JobId: string) {
  for (;;) {
    const answer = await call('GetPersonTracking', { JobId });
    if (answer.JobStatus !== 'IN_PROGRESS') return answer;
    await sleep(300);
  }
}
const messages = () => posts.map((post) => JSON.parse(JSON.parse(post).Message));

describe('footpath serve', () => {
  beforeAll(async () => {
    explainSkips();
    await ensureBuilt(['app', 'cli'], console.info);
    folder = await mkdtemp(join(tmpdir(), 'footpath-serve-'));
    const sample = await readFile(join(root, 'public/samples/footpath-sample.mp4'));
    const short = await cutVideo(new Uint8Array(sample), 40);
    await writeFile(join(folder, 'MyVideoFile.mp4'), short);
    await writeFile(join(folder, 'MyVideoFile.mpg'), Buffer.from('000001ba4400040004', 'hex'));
    await symlink('/etc/passwd', join(folder, 'link.mp4'));
    hook = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        posts.push(body);
        response.writeHead(statuses.shift() ?? 200).end();
      });
    });
    await new Promise<void>((done) => hook.listen(0, '127.0.0.1', done));
    server = await serve();
  }, 180_000);

  afterAll(async () => {
    expect(await server?.end('SIGINT')).toBe(0);
    hook?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test.skipIf(!hasAws)(
    'the command of AWS’s page starts a job, and polling ends with people',
    async () => {
      const endpoint = ['--endpoint-url', server.url];
      const video = 'S3Object={Bucket=MyVideoS3Bucket,Name=MyVideoFile.mp4}';
      const started = await aws(['start-person-tracking', '--video', video, ...endpoint]);
      expect(started.stderr).toBe('');
      const { JobId } = JSON.parse(started.stdout);
      expect(JobId).toMatch(/^[0-9a-f]{64}$/);

      const get = (...args: string[]) =>
        aws(['get-person-tracking', '--job-id', JobId, ...args, ...endpoint]);
      let status = '';
      while (status !== 'SUCCEEDED') {
        status = (await get('--query', 'JobStatus', '--output', 'text')).stdout.trim();
        expect(['IN_PROGRESS', 'SUCCEEDED']).toContain(status);
      }
      const page = JSON.parse((await get('--max-results', '3', '--sort-by', 'INDEX')).stdout);
      expect(page.Persons).toHaveLength(3);
      expect(page.VideoMetadata).toMatchObject({
        Codec: 'h264',
        FrameWidth: 640,
        FrameHeight: 360,
      });
      const next = ['--max-results', '3', '--sort-by', 'INDEX', '--next-token', page.NextToken];
      expect(JSON.parse((await get(...next)).stdout).Persons[0].Timestamp).toBeGreaterThan(
        page.Persons[2].Timestamp,
      );
      const { code, stderr } = await get('--next-token', page.NextToken);
      expect(code).toBe(EXIT.service);
      expect(stderr).toContain('(InvalidPaginationTokenException)');
      expect(stderr).toContain('NextToken is of the order INDEX, not TIMESTAMP');
    },
  );

  test.skipIf(!hasBoto3)('AWS’s guide in Python prints the people', async () => {
    const { stdout, stderr } = await python(
      `
import boto3, sys, time
client = boto3.client('rekognition', endpoint_url=sys.argv[1])
video = {'S3Object': {'Bucket': 'MyVideoS3Bucket', 'Name': 'MyVideoFile.mp4'}}
job = client.start_person_tracking(Video=video)['JobId']
while client.get_person_tracking(JobId=job)['JobStatus'] == 'IN_PROGRESS': time.sleep(0.5)
token, people = '', set()
while True:
    page = client.get_person_tracking(JobId=job, MaxResults=10, NextToken=token, SortBy='TIMESTAMP')
    for person in page['Persons']: people.add(person['Person']['Index'])
    if 'NextToken' not in page: break
    token = page['NextToken']
print(sorted(people) == list(range(len(people))), len(people))
`,
      [server.url],
    );
    expect(stderr).toBe('');
    const [contiguous, count] = stdout.trim().split(' ');
    expect(contiguous).toBe('True');
    expect(Number(count)).toBeGreaterThan(0);
  });

  test('a result comes with its manifest, by which it is verified', async () => {
    const { JobId } = await call('StartPersonTracking', videoOf('MyVideoFile.mp4'));
    expect(await untilEnd(JobId)).toMatchObject({ JobStatus: 'SUCCEEDED' });
    const file = join(folder, 'manifests', `${JobId}.manifest.json`);
    await expect.poll(() => existsSync(file), { timeout: 60_000 }).toBe(true);
    const verified = await runFootpath(root, 'verify', file, join(folder, 'MyVideoFile.mp4'));
    expect(verified.stdout).toMatch(/^the same: [1-9]\d* (person|people), \d+ boxes\n$/);
    expect(verified.code, verified.stderr).toBe(0);
  });

  test('a webhook gets the message in the SNS envelope, also when it failed at first', async () => {
    posts = [];
    statuses.push(503);
    const { JobId } = await call('StartPersonTracking', {
      ...videoOf('MyVideoFile.mp4'),
      NotificationChannel: { SNSTopicArn: TOPIC, RoleArn: 'arn:aws:iam::123456789012:role/any' },
      JobTag: 'monday',
    });
    const answer = await untilEnd(JobId);
    await expect.poll(() => posts.length).toBe(2);

    // What is counted of it is what the same answer gives by itself.
    const line = {
      id: 'line',
      points: [
        [0.2, 0],
        [0.2, 1],
      ],
    };
    const Scene = { version: 1, camera: 'Hedge', lines: [line] };
    const counted = await call('AnalyzePersonTracking', { JobId, Scene, By: 'minute' });
    expect(counted).toMatchObject({ status: 200, JobStatus: 'SUCCEEDED' });
    const { paths, video } = pathsFromAnswer(answer);
    const own = analyze(paths, parseScene(Scene), video);
    expect(counted.Analysis).toEqual(JSON.parse(JSON.stringify(analysisJson(own, 'minute'))));
    expect(counted.Analysis.people.length).toBeGreaterThan(0);
    expect(
      await call('AnalyzePersonTracking', { JobId, Scene: { version: 1, lines: [{ id: 'x' }] } }),
    ).toMatchObject({
      status: 400,
      __type: 'InvalidParameterException',
      Message: expect.stringContaining('scene lines[0].points must be a list'),
    });
    expect(await call('AnalyzePersonTracking', { JobId: 'none', Scene })).toMatchObject({
      __type: 'ResourceNotFoundException',
    });
    expect(JSON.parse(posts[0]!).MessageId).toBe(JSON.parse(posts[1]!).MessageId);
    expect(messages()[1]).toMatchObject({ JobId, Status: 'SUCCEEDED', JobTag: 'monday' });
  });

  test('a Version is the hash of the content', async () => {
    const content = await readFile(join(folder, 'MyVideoFile.mp4'));
    const version = createHash('sha256').update(content).digest('hex');
    expect(await call('StartPersonTracking', videoOf('MyVideoFile.mp4', version))).toMatchObject({
      status: 200,
      JobId: expect.any(String),
    });
    expect(await call('StartPersonTracking', videoOf('MyVideoFile.mp4', 'x'))).toMatchObject({
      status: 400,
      __type: 'InvalidS3ObjectException',
      Message: expect.stringContaining(`its Version is ${version}`),
    });
  });

  test.each([
    ['none.mp4', 'there is no such file'],
    ['../secret', 'leads out of the bucket'],
    ['link.mp4', 'a symbolic link leads out'],
  ])('the object %s is not to be had', async (name, text) => {
    expect(await call('StartPersonTracking', videoOf(name))).toMatchObject({
      __type: 'InvalidS3ObjectException',
      Message: expect.stringContaining(text),
    });
  });

  test('neither is one of a bucket that is not given', async () => {
    const Video = { S3Object: { Bucket: 'other', Name: 'x.mp4' } };
    expect(await call('StartPersonTracking', { Video })).toMatchObject({
      __type: 'InvalidS3ObjectException',
      Message: expect.stringContaining('--bucket other=DIR'),
    });
  });

  test('the .mpg of AWS’s page is taken, and fails as a job with its reason', async () => {
    const { JobId } = await call('StartPersonTracking', videoOf('MyVideoFile.mpg'));
    const answer = await untilEnd(JobId);
    expect(answer).toMatchObject({ status: 200, JobStatus: 'FAILED', Persons: [] });
    expect(answer.StatusMessage.length).toBeGreaterThan(20);
    // Who runs the server is told too.
    const told = `job ${JobId} FAILED: MyVideoFile.mpg: `;
    await expect.poll(() => server.stderr()).toContain(told);
    const [, reason = ''] = server.stderr().split(told);
    expect(answer.StatusMessage).toContain(reason.split('\n')[0]);
  });

  test.skipIf(process.platform === 'win32')('its state is nobody else’s to read', async () => {
    const all = await readdir(join(folder, 'state'), { recursive: true, withFileTypes: true });
    const open = [];
    for (const entry of all) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() && !entry.isDirectory()) continue;
      const found = await stat(path).catch(() => undefined);
      if (found && (found.mode & 0o077) !== 0) open.push(path);
    }
    expect(all.length).toBeGreaterThan(10);
    expect(open).toEqual([]);
  });

  test.skipIf(process.platform !== 'linux')(
    'a page that crashes is replaced, and its job goes on (skipped: needs /proc)',
    async () => {
      const { JobId } = await call('StartPersonTracking', {
        ...videoOf('MyVideoFile.mp4'),
        ClientRequestToken: 'crash',
      });
      await expect.poll(() => server.stderr()).toContain(`job ${JobId}: `);
      const pid = server.process.pid!;
      // 2: system calls are filtered; else it is said that they are not.
      if (server.stderr().includes('runs without its sandbox'))
        expect(filtersOf(pid)).not.toEqual(['2']);
      else await expect.poll(() => filtersOf(pid)).toEqual(['2']);
      // By a program, which takes no offence at one that has ended by itself.
      spawnSync('kill', ['-KILL', ...renderersOf(pid).map((one) => String(one.pid))]);
      expect(await untilEnd(JobId)).toMatchObject({ JobStatus: 'SUCCEEDED', JobId });
      await expect.poll(() => server.stderr()).toContain('the browser’s page crashed');
      await expect
        .poll(() => server.stderr())
        .toMatch(
          new RegExp(`job ${JobId}: tracking \\d+ %[^]*job ${JobId} SUCCEEDED: .*(person|people)`),
        );
    },
  );

  test('a file that changed is another video, and a token still names the first', async () => {
    const path = join(folder, 'changing.mp4');
    await copyFile(join(folder, 'MyVideoFile.mp4'), path);
    const input = { ...videoOf('changing.mp4'), ClientRequestToken: 'changing' };
    const first = await call('StartPersonTracking', input);
    expect((await untilEnd(first.JobId)).JobStatus).toBe('SUCCEEDED');
    await writeFile(path, 'no video any more');
    const second = await call('StartPersonTracking', videoOf('changing.mp4'));
    expect((await untilEnd(second.JobId)).JobStatus).toBe('FAILED');
    await rm(path);
    expect((await call('StartPersonTracking', input)).JobId).toBe(first.JobId);
    expect(await call('StartPersonTracking', { ...input, JobTag: 'new' })).toMatchObject({
      __type: 'IdempotentParameterMismatchException',
    });
  });

  test.each(['SIGINT', 'SIGKILL'] as const)('jobs survive %s and go on', async (signal) => {
    posts = [];
    const { JobId } = await call('StartPersonTracking', {
      ...videoOf('MyVideoFile.mp4'),
      NotificationChannel: { SNSTopicArn: TOPIC, RoleArn: 'arn:aws:iam::123456789012:role/any' },
      ClientRequestToken: signal,
    });
    expect((await call('GetPersonTracking', { JobId })).JobStatus).toBe('IN_PROGRESS');
    expect(await server.end(signal)).toBe(signal === 'SIGINT' ? 0 : null);
    server = await serve();
    expect(await untilEnd(JobId)).toMatchObject({ JobStatus: 'SUCCEEDED', JobId });
    await expect.poll(() => messages().map((message) => message.JobId)).toContain(JobId);
  });

  test('Ctrl-C with clients connected ends soon', async () => {
    const other = await serve('--state', join(folder, 'state-2'));
    const socket = connect(Number(new URL(other.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('POST / HTTP/1.1\r\n');
    await once(socket, 'connect');
    expect(await Promise.race([other.end('SIGINT'), sleep(15_000, 'still running')])).toBe(0);
    expect(other.stderr()).toContain('running jobs go on when the server starts again');
  });

  test('pressed several times in the middle of requests, it leaves no browser and no files', async () => {
    // Short: a run goes elsewhere where the path is too long for Chromium.
    const temporary = await mkdtemp(join(tmpdir(), 'footpath-'));
    const state = join(folder, 'state-4');
    // So large that its hash takes longer than anybody waits, and nothing on the disk.
    const large = join(folder, 'large.mp4');
    await writeFile(large, '');
    await truncate(large, 9 * 2 ** 30);
    const other = await serveIn({ ...process.env, TMPDIR: temporary }, '--state', state);
    expect(await readdir(temporary)).toHaveLength(1);
    const { JobId } = await call('StartPersonTracking', videoOf('MyVideoFile.mp4'), other);
    await expect.poll(() => other.stderr()).toContain(`job ${JobId}: `);
    const cutOff = Promise.allSettled([
      call('StartPersonTracking', videoOf('large.mp4'), other),
      call('GetPersonTracking', { JobId }, other),
    ]);
    await sleep(100);
    for (let pressed = 0; pressed < 4; pressed++) {
      other.process.kill('SIGINT');
      await sleep(50);
    }
    expect(await Promise.race([other.end('SIGINT'), sleep(15_000, 'still running')])).toBe(0);
    await cutOff;
    expect(await readdir(temporary)).toEqual([]);
    const ofProfile = async () => {
      const processes = (await readdir('/proc').catch(() => [])).filter((name) =>
        /^\d+$/.test(name),
      );
      const lines = await Promise.all(
        processes.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
      );
      return lines.filter((line) => line.includes(state));
    };
    // They have been ended, and are gone a moment later.
    await expect.poll(ofProfile).toEqual([]);
    await rm(large);
    await rmdir(temporary);
  });

  test('wrong usage ends with 2, a port in use with 1', async () => {
    const wrong = launch('--port', 'x');
    expect(await once(wrong, 'exit')).toEqual([2, null]);
    const busy = launch('--port', new URL(server.url).port, '--state', join(folder, 'state-3'));
    let stderr = '';
    busy.stderr!.on('data', (chunk) => {
      stderr += chunk;
    });
    expect(await once(busy, 'exit')).toEqual([1, null]);
    expect(stderr).toContain('is in use; choose another with --port');
  });

  test('a folder that a container which was killed held is told with what to do', async () => {
    const state = join(folder, 'state-4');
    const lock = join(state, 'profile/SingletonLock');
    await mkdir(join(state, 'profile'), { recursive: true });
    await symlink('another-container-99999', lock);
    const { code, stderr } = await runFootpath(root, 'serve', '--port', '0', '--state', state);
    expect(code).toBe(1);
    expect(stderr).toContain('in use by process 99999 on another-container. End that');
    expect(stderr).toContain(`remove ${lock} and start again`);
    expect(stderr).not.toContain('--user-data-dir');
  });
});
