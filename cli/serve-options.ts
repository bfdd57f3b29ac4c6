/** The command line of `footpath serve`. */
import { statSync } from 'node:fs';
import { isIP } from 'node:net';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { OPEN_JOBS_MAX } from '../src/contract/limits.ts';
import { validateStartPersonTracking } from '../src/contract/validate.ts';
import { UsageError } from './usage-error.ts';

/** How it is called, for `--help` and after a wrong call. */
export const SERVE_USAGE = `Usage: footpath serve [options]

Answers Amazon Rekognition's StartPersonTracking and GetPersonTracking on this computer.

  --bucket NAME=DIR     objects of bucket NAME are the files of folder DIR; may be repeated
  --port N              default 8787; 0 takes a free one
  --host ADDRESS        default 127.0.0.1; another than a loopback address needs --allow-remote
  --allow-remote        let other computers reach this server: there is no password
  --name NAME           a name under which it is asked for, such as host.docker.internal; may be repeated. Others
                        than localhost are refused: a web page could bring one along
  --concurrency N       jobs that run at the same time, default 1
  --topic ARN=TARGET    deliver the messages of SNS topic ARN to a webhook (http://… or https://…) or append
                        them to a file; may be repeated
  --manifests DIR       write JOBID.manifest.json for each result: what it was computed from and with, for
                        ${'`footpath verify`'}
  --state DIR           where jobs are kept; default ${'`~/.local/state/footpath/serve-PORT`'}
  --help

Example:
  footpath serve --bucket MyVideoS3Bucket=./videos
  aws rekognition start-person-tracking --endpoint-url http://127.0.0.1:8787 --no-sign-request \\
    --region us-east-1 --video "S3Object={Bucket=MyVideoS3Bucket,Name=MyVideoFile.mp4}"
`;

/** Where a topic's messages go. */
export type TopicTarget =
  | { readonly kind: 'webhook'; readonly url: string }
  | { readonly kind: 'file'; readonly path: string };

/** A checked command line. */
export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  /** Names under which it is asked for, in lower case. */
  readonly names: readonly string[];
  /** Absolute folders by bucket name. */
  readonly buckets: ReadonlyMap<string, string>;
  /** Jobs at the same time, 1 to 20. */
  readonly concurrency: number;
  /** Targets by topic ARN. */
  readonly topics: ReadonlyMap<string, TopicTarget>;
  /** Absolute folder for manifests; undefined: none are written. */
  readonly manifests: string | undefined;
  /** Absolute folder. */
  readonly state: string;
}

function integer(text: string, option: string, min: number, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new UsageError(`--${option} must be a whole number from ${min} to ${max}, but is ${text}`);
}

/** Splits `NAME=VALUE` at the first sign. */
function pair(text: string, option: string, form: string): [string, string] {
  const at = text.indexOf('=');
  if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)];
  throw new UsageError(`--${option} must be ${form}, but is ${text}`);
}

/** Runs the contract's own check of a member on a value of the command line. */
function contractRule(option: string, request: object): void {
  try {
    validateStartPersonTracking(request);
  } catch (error) {
    throw new UsageError(`--${option}: ${(error as Error).message}`);
  }
}

/** Whether a text could be a computer's name. */
export function isHostName(text: string): boolean {
  return /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/i.test(text) && text.length <= 253;
}

function hostNames(values: readonly string[]): string[] {
  for (const value of values) {
    if (!isHostName(value))
      throw new UsageError(`--name must be a name without protocol and port, but is ${value}`);
  }
  return values.map((value) => value.toLowerCase());
}

function buckets(values: readonly string[]): Map<string, string> {
  const folders = new Map<string, string>();
  for (const value of values) {
    const [name, folder] = pair(value, 'bucket', 'NAME=DIR');
    contractRule('bucket', { Video: { S3Object: { Bucket: name, Name: 'any' } } });
    if (folders.has(name)) throw new UsageError(`--bucket ${name} is given twice`);
    const path = resolve(folder);
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
      throw new UsageError(`--bucket ${name}: ${path} is not a folder`);
    }
    folders.set(name, path);
  }
  return folders;
}

function topics(values: readonly string[]): Map<string, TopicTarget> {
  const targets = new Map<string, TopicTarget>();
  for (const value of values) {
    const [arn, target] = pair(value, 'topic', 'ARN=URL or ARN=FILE');
    contractRule('topic', {
      Video: { S3Object: { Bucket: 'any', Name: 'any' } },
      NotificationChannel: { SNSTopicArn: arn, RoleArn: 'arn:aws:iam::000000000000:role/any' },
    });
    if (targets.has(arn)) throw new UsageError(`--topic ${arn} is given twice`);
    if (!/^https?:/i.test(target)) targets.set(arn, { kind: 'file', path: resolve(target) });
    else if (URL.canParse(target)) targets.set(arn, { kind: 'webhook', url: target });
    else throw new UsageError(`--topic ${arn}: ${target} is not a URL`);
  }
  return targets;
}

/** True for addresses that only this computer reaches. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/**
 * Reads the command line.
 * @returns undefined where help was asked for
 * @throws UsageError
 */
export function parseServeOptions(args: readonly string[]): ServeOptions | undefined {
  const parse = () =>
    parseArgs({
      args: [...args],
      options: {
        bucket: { type: 'string', multiple: true, default: [] },
        port: { type: 'string', default: '8787' },
        host: { type: 'string', default: '127.0.0.1' },
        name: { type: 'string', multiple: true, default: [] },
        'allow-remote': { type: 'boolean', default: false },
        concurrency: { type: 'string', default: '1' },
        topic: { type: 'string', multiple: true, default: [] },
        manifests: { type: 'string' },
        state: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  let values: ReturnType<typeof parse>['values'];
  try {
    values = parse().values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  if (values.help) return undefined;
  const { host } = values;
  if (!isLoopback(host) && isIP(host) === 0) {
    throw new UsageError(`--host must be an IP address or localhost, but is ${host}`);
  }
  if (!isLoopback(host) && !values['allow-remote']) {
    throw new UsageError(
      `--host ${host} is reached from other computers: that needs --allow-remote`,
    );
  }
  const port = integer(values.port, 'port', 0, 65535);
  const base = process.env.XDG_STATE_HOME || join(homedir(), '.local/state');
  return {
    host,
    port,
    names: hostNames(values.name),
    buckets: buckets(values.bucket),
    concurrency: integer(values.concurrency, 'concurrency', 1, OPEN_JOBS_MAX),
    topics: topics(values.topic),
    manifests: values.manifests === undefined ? undefined : resolve(values.manifests),
    state: resolve(values.state ?? join(base, `footpath/serve-${port}`)),
  };
}
