/** The AWS CLI and boto3, as installed, against the endpoint of `footpath serve` and the handler behind it. */
import { readFileSync } from 'node:fs';
import { copyFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Endpoint, startEndpoint } from '../../cli/serve-endpoint.ts';
import { createHandler } from '../../src/client/handler.ts';
import { TARGET_HEADER } from '../../src/contract/aws-json.ts';
import type { ServiceException } from '../../src/contract/exceptions.ts';
import { EXCEPTIONS, elements, JOB_ID, WireService } from '../fixtures/wire-service.ts';
import { aws, EXIT, explainSkips, hasAws, hasBoto3, python, shell } from './aws-cli.ts';

const service = new WireService();
const handle = createHandler(service);
let endpoint: Endpoint;
let url: string;
/** Ends the next calls, one each. */
let inTurn: ServiceException[] = [];

beforeAll(async () => {
  explainSkips();
  endpoint = await startEndpoint('127.0.0.1', 0, async (target, body) => {
    service.exception = inTurn.shift() ?? service.exception;
    const headers: Record<string, string> = target === null ? {} : { [TARGET_HEADER]: target };
    const request = new Request('http://page/', {
      method: 'POST',
      headers,
      body: new Uint8Array(body),
    });
    const response = await handle(request);
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: new Uint8Array(await response.arrayBuffer()),
    };
  });
  url = `http://127.0.0.1:${endpoint.port}`;
});
afterAll(() => endpoint.close());
beforeEach(() => {
  service.exception = undefined;
  inTurn = [];
  service.calls = 0;
});

const guide = readFileSync(
  join(import.meta.dirname, '../../docs/migrating-from-rekognition.md'),
  'utf8',
);

/** The program of the migration guide that contains `part`. */
function guideExample(language: string, part: string): string {
  const blocks = guide.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'));
  return [...blocks].map((match) => match[1]!).find((text) => text.includes(part))!;
}

const VIDEO = ['--video', 'S3Object={Bucket=MyVideoS3Bucket,Name=MyVideoFile.mpg}'];
const call = (...args: string[]) => aws([...args, '--endpoint-url', url]);
const start = (...args: string[]) => call('start-person-tracking', ...VIDEO, ...args);
const get = (...args: string[]) => call('get-person-tracking', '--job-id', JOB_ID, ...args);

describe.skipIf(!hasAws)('the AWS CLI', () => {
  test('starts a job with the command of AWS’s page', async () => {
    const { code, stdout } = await start();
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ JobId: JOB_ID });
  });

  test('gets the result in the order of the model', async () => {
    const { stdout } = await get('--max-results', '1');
    const answer = JSON.parse(stdout);
    expect(answer.Persons).toEqual([
      {
        Timestamp: 0,
        Person: {
          Index: 0,
          BoundingBox: { Width: 0.22499999403953552, Height: 0.5, Left: 0, Top: 0 },
        },
      },
    ]);
    expect(Object.keys(answer).slice(0, 4)).toEqual([
      'JobStatus',
      'VideoMetadata',
      'NextToken',
      'Persons',
    ]);
  });

  test('walks the pages, from an empty token on', async () => {
    const seen: [number, number][] = [];
    for (let token: string | undefined = ''; token !== undefined; ) {
      const page = ['--max-results', '10', '--sort-by', 'INDEX', '--next-token', token];
      const answer = JSON.parse((await get(...page)).stdout);
      for (const { Timestamp, Person } of answer.Persons) seen.push([Person.Index, Timestamp]);
      token = answer.NextToken;
    }
    expect(seen).toHaveLength(elements.length);
    expect(seen).toEqual(seen.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]));
  });

  test('walks the pages with the guide’s loop', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'footpath-pages-'));
    const loop = guideExample('sh', 'while :').replace('--max-results 1000', '--max-results 10');
    const { code, stderr } = await shell(loop, folder, {
      JOB_ID,
      AWS_ENDPOINT_URL_REKOGNITION: url,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const seen: unknown[] = [];
    const pages = (await readdir(folder)).sort();
    for (const file of pages) {
      seen.push(...JSON.parse(await readFile(join(folder, file), 'utf8')).Persons);
    }
    expect(seen).toHaveLength(elements.length);
    // Where there is jq, the guide's line makes one answer of them, and of no other job's.
    await copyFile(join(folder, pages[0]!), join(folder, 'people-other-1.json'));
    const merge = () =>
      shell(`command -v jq || exit 0; ${guideExample('sh', 'jq -s')}`, folder, { JOB_ID });
    const answer = async () => JSON.parse(await readFile(join(folder, 'people.json'), 'utf8'));
    const merged = await merge();
    expect(merged).toMatchObject({ code: 0, stderr: '' });
    if (merged.stdout !== '') {
      const whole = await answer();
      expect(whole).toMatchObject({ JobStatus: 'SUCCEEDED', Persons: { length: seen.length } });
      expect(whole).not.toHaveProperty('NextToken');
      // Without the last page it still says that there is more.
      for (const file of pages) {
        const path = join(folder, file);
        if (!(await readFile(path, 'utf8')).includes('NextToken')) await rm(path);
      }
      expect(await merge()).toMatchObject({ code: 0, stderr: '' });
      expect(await answer()).toHaveProperty('NextToken');
    }
    await rm(folder, { recursive: true });
  });

  test('takes its input from JSON, and options over it', async () => {
    const input = { Video: { S3Object: { Bucket: 'shop', Name: 'door.mp4' } }, JobTag: 'x y' };
    const json = ['--cli-input-json', JSON.stringify(input)];
    const { code, stderr } = await call('start-person-tracking', ...json);
    expect(code).toBe(EXIT.service);
    expect(stderr).toContain('JobTag must have only letters, digits and "_.-:+=/", but is "x y"');
    expect((await call('start-person-tracking', ...json, '--job-tag', 'monday')).code).toBe(0);
  });

  test('picks with --query and prints with --output', async () => {
    const status = await get('--query', 'JobStatus', '--output', 'text');
    expect(status.stdout.trim()).toBe('SUCCEEDED');
    const count = await get('--query', 'length(Persons)');
    expect(Number(count.stdout)).toBe(elements.length);
    expect((await get('--max-results', '1', '--output', 'table')).stdout).toContain('BoundingBox');
  });

  test('needs neither signature nor credentials', async () => {
    const none = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
    const args = ['start-person-tracking', ...VIDEO, '--endpoint-url', url];
    expect((await aws([...args, '--no-sign-request'], none)).code).toBe(0);
    expect((await aws(args, none)).stderr).toContain('credentials');
  });

  test('stops by itself at wrong usage, and sends nothing', async () => {
    expect((await call('start-person-tracking')).code).toBe(EXIT.usage);
    expect((await get('--max-items', '5')).code).toBe(EXIT.parameters);
    expect((await get('--max-results', '0')).code).toBe(EXIT.parameters);
    expect(service.calls).toBe(0);
  });

  test.each([
    [['--next-token', 'forged'], 'InvalidPaginationTokenException', 'Invalid Pagination Token'],
    [['--sort-by', 'NAME'], 'InvalidParameterException', 'SortBy must be INDEX or TIMESTAMP'],
    [['--job-id', 'unknown'], 'ResourceNotFoundException', 'The JobId: unknown does not exist'],
    [['--job-id', 'b!'], 'InvalidParameterException', 'JobId must have only'],
  ])('shows what %j is refused with', async (args, name, text) => {
    const { code, stderr } = await get(...args);
    expect(code).toBe(EXIT.service);
    expect(stderr).toContain(`An error occurred (${name}) when calling the GetPersonTracking`);
    expect(stderr).toContain(text);
  });

  // A second a call: boto3, which reads answers by the same code, is shown all of them below.
  const oneEach = EXCEPTIONS.filter(
    ([operation], i) => EXCEPTIONS.findIndex(([other]) => other === operation) === i,
  );
  test.each(oneEach)('%s can end with %s', async (operation, name, exception) => {
    service.exception = exception;
    const { code, stderr } = await (operation === 'StartPersonTracking' ? start() : get());
    expect(code).toBe(EXIT.service);
    expect(stderr).toContain(`An error occurred (${name}) when calling the ${operation} operation`);
    expect(stderr).toContain(exception.message);
  });

  test('is told of an operation that is not ours', async () => {
    const { code, stderr } = await call('list-collections');
    expect(code).toBe(EXIT.service);
    expect(stderr).toContain('An error occurred (UnknownOperationException)');
  });
});

describe.skipIf(!hasBoto3)('boto3', () => {
  const client = `
import boto3, json, sys
client = boto3.client('rekognition', endpoint_url=sys.argv[1])
`;

  test('walks the pages as AWS’s guide does', async () => {
    const { stdout, stderr } = await python(
      `${client}
video = {'S3Object': {'Bucket': 'shop', 'Name': 'door.mp4'}}
job = client.start_person_tracking(Video=video, ClientRequestToken='t', JobTag='monday')['JobId']
token, seen = '', []
while True:
    page = client.get_person_tracking(JobId=job, MaxResults=10, NextToken=token, SortBy='TIMESTAMP')
    seen += [[p['Timestamp'], p['Person']['Index']] for p in page['Persons']]
    if 'NextToken' not in page: break
    token = page['NextToken']
print(json.dumps({'status': page['JobStatus'], 'rate': page['VideoMetadata']['FrameRate'], 'seen': seen}))
`,
      [url],
    );
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      status: 'SUCCEEDED',
      rate: 29.970029830932617,
      seen: elements.map(({ timestampMs, index }) => [timestampMs, index]),
    });
  });

  test('has no paginator for this call, and walks the pages with the guide’s loop', async () => {
    const loop = guideExample('python', 'def person_detections').replace('=1000', '=10');
    const { stdout, stderr } = await python(
      `${client}
job_id = sys.argv[2]
${loop}
print(json.dumps({'paginates': client.can_paginate('get_person_tracking'), 'count': len(people)}))
`,
      [url, JOB_ID],
    );
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({ paginates: false, count: elements.length });
  });

  test('catches the modelled classes', async () => {
    const { stdout, stderr } = await python(
      `${client}
caught = []
try: client.get_person_tracking(JobId='unknown')
except client.exceptions.ResourceNotFoundException as e: caught.append(e.response['Error'])
try: client.get_person_tracking(JobId='a', SortBy='NAME')
except client.exceptions.InvalidParameterException as e: caught.append(e.response['Error'])
try: client.start_person_tracking(Video={})
except client.exceptions.InvalidS3ObjectException as e: caught.append(e.response['Error'])
print(json.dumps(caught))
`,
      [url],
    );
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject([
      { Code: 'ResourceNotFoundException' },
      {
        Code: 'InvalidParameterException',
        Message:
          'Request has invalid parameters: SortBy must be INDEX or TIMESTAMP, but is "NAME".',
      },
      { Code: 'InvalidS3ObjectException' },
    ]);
  });

  test('has a class for every exception that an operation can end with', async () => {
    inTurn = EXCEPTIONS.map(([, , exception]) => exception);
    const { stdout, stderr } = await python(
      `${client}
video = {'S3Object': {'Bucket': 'shop', 'Name': 'door.mp4'}}
caught = []
for operation in sys.argv[2:]:
    try:
        if operation == 'StartPersonTracking': client.start_person_tracking(Video=video)
        else: client.get_person_tracking(JobId='a')
    except client.exceptions.ClientError as e:
        caught.append([e.operation_name, type(e).__name__, e.response['Error']])
print(json.dumps(caught))
`,
      [url, ...EXCEPTIONS.map(([operation]) => operation)],
    );
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject(
      EXCEPTIONS.map(([operation, name, { message }]) => [
        operation,
        name,
        { Code: name, Message: message },
      ]),
    );
  });
});
