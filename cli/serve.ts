/** `footpath serve`: Rekognition's endpoint on this computer, over the tracker in a headless Chromium. */

import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  decodeInput,
  encodeException,
  operationOf,
  type WireAnswer,
} from '../src/contract/aws-json.ts';
import {
  ServiceException,
  unavailableS3Object,
  videoTooLarge,
} from '../src/contract/exceptions.ts';
import { VIDEO_MAX_BYTES } from '../src/contract/limits.ts';
import type { CompletionMessage } from '../src/contract/types.ts';
import { validateStartPersonTracking } from '../src/contract/validate.ts';
import type { JobProgress } from '../src/engine/job.ts';
import { chromiumMissing, findChromium } from './chromium.mjs';
import { counted } from './counted.ts';
import { onEndingSignal } from './ending.ts';
import { makeFolder } from './make-folder.ts';
import { progressStep } from './progress-line.ts';
import { RunFolder } from './run-folder.ts';
import { type BucketFile, BucketFolders, type NoBucketFile } from './serve-buckets.ts';
import { type AnswerCall, startEndpoint } from './serve-endpoint.ts';
import { ManifestFolder } from './serve-manifests.ts';
import { isLoopback, parseServeOptions, SERVE_USAGE, type ServeOptions } from './serve-options.ts';
import { startOrigin } from './serve-origin.ts';
import { type JobOutcome, TrackingPage } from './serve-page.ts';
import { NotificationOutbox } from './serve-topics.ts';
import { give, tell } from './tell.ts';
import { UsageError } from './usage-error.ts';

const APP = fileURLToPath(new URL('../app', import.meta.url));

/** A line of the log, whatever is in the names that it tells of. */
function log(text: string): void {
  tell(`footpath serve: ${text.replaceAll('\n', '\\n')}\n`);
}

/** Settles with the first signal to end, or when the browser is lost. */
function untilEnd(): { ended: Promise<'signal' | 'lost'>; lost: () => void } {
  let lost = () => {};
  const ended = new Promise<'signal' | 'lost'>((resolve) => {
    lost = () => resolve('lost');
    onEndingSignal(() => resolve('signal'));
  });
  return { ended, lost };
}

/** What answers calls, once the page is there. */
class Service {
  readonly #page: TrackingPage;
  readonly #buckets: BucketFolders;
  readonly #outbox: NotificationOutbox;
  #starts: Promise<unknown> = Promise.resolve();

  constructor(page: TrackingPage, buckets: BucketFolders, outbox: NotificationOutbox) {
    this.#page = page;
    this.#buckets = buckets;
    this.#outbox = outbox;
  }

  async answer(target: string | null, body: Uint8Array, signal: AbortSignal): Promise<WireAnswer> {
    const operation = operationOf(target);
    const input = decodeInput(body);
    if (operation !== 'StartPersonTracking') return this.#page.call(operation, input);
    const { NotificationChannel, Video } = validateStartPersonTracking(input);
    const found = await this.#buckets.find(Video.S3Object.Bucket, Video.S3Object.Name);
    if ('path' in found && found.sizeBytes > VIDEO_MAX_BYTES) {
      throw videoTooLarge(found.sizeBytes, VIDEO_MAX_BYTES);
    }
    // One start after the other: two must not change what the page knows of one object.
    const started = this.#starts.then(() => {
      // Reading a large file for its hash may outlast a client's patience, and so may the line: what it repeats must not run twice.
      signal.throwIfAborted();
      return this.#start(input, Video.S3Object, found);
    });
    this.#starts = started.catch(() => undefined);
    const answer = await started;
    const { JobId } = contentOf(answer);
    if (JobId !== undefined && NotificationChannel !== undefined) {
      await this.#outbox.expect(JobId, NotificationChannel.SNSTopicArn);
      // The job has started, whatever happens here: its end is told of in any case.
      await this.settle(JobId).catch((error) => log(`job ${JobId}: ${String(error)}`));
    }
    return answer;
  }

  /** Delivers the message of a job that has ended already. */
  async settle(jobId: string): Promise<void> {
    const message = await this.#page.completionOf(jobId);
    if (message === 'unknown') await this.#outbox.forget(jobId);
    else if (message !== 'open') await this.#outbox.complete(message);
  }

  async #start(
    input: object,
    object: { Bucket: string; Name: string; Version?: string },
    found: BucketFile | NoBucketFile,
  ): Promise<WireAnswer> {
    const file = 'path' in found ? found : undefined;
    await this.#page.syncObject(object.Bucket, object.Name, file);
    // Also without a file: a repeated ClientRequestToken is answered with its job.
    const answer = await this.#page.call('StartPersonTracking', input);
    if (contentOf(answer).__type === 'InvalidS3ObjectException') {
      if ('reason' in found) throw unavailableS3Object(object, found.reason);
      throw unavailableS3Object(object, `its Version is ${found.version}`);
    }
    return answer;
  }
}

function contentOf(answer: WireAnswer): { JobId?: string; __type?: string } {
  return JSON.parse(new TextDecoder().decode(answer.body));
}

/** Tells of each job's progress, a line a step. */
class ProgressLog {
  readonly #steps = new Map<string, string>();

  progress(progress: JobProgress): void {
    const step = progressStep(progress);
    if (this.#steps.get(progress.jobId) === step) return;
    this.#steps.set(progress.jobId, step);
    log(`job ${progress.jobId}: ${step}`);
  }

  completion({ JobId, Status, Video }: CompletionMessage, { people, failure }: JobOutcome): void {
    this.#steps.delete(JobId);
    const more = failure ?? (people === undefined ? '' : counted(people, 'person', 'people'));
    log(`job ${JobId} ${Status}: ${Video.S3ObjectName}${more === '' ? '' : `: ${more}`}`);
  }
}

async function run(
  options: ServeOptions,
  executablePath: string,
  temporary: string,
  { ended, lost }: ReturnType<typeof untilEnd>,
): Promise<number> {
  const { host, topics, state } = options;
  if (options.manifests !== undefined) await makeFolder(options.manifests);
  const buckets = new BucketFolders(options.buckets);
  await makeFolder(state);
  // What an earlier version left there was open to others.
  const profile = join(state, 'profile');
  const notifications = join(state, 'notifications');
  for (const folder of [profile, notifications]) {
    await makeFolder(folder);
    await chmod(folder, 0o700);
  }
  const outbox = new NotificationOutbox(notifications, topics, log);

  // Listening comes first: the port is taken by one server only, and so is the profile that goes with it.
  let ready: (service: Service) => void = () => {};
  const service = new Promise<Service>((resolve) => {
    ready = resolve;
  });
  const answer: AnswerCall = async (target, body, signal) => {
    try {
      return await (await service).answer(target, body, signal);
    } catch (error) {
      const exception = ServiceException.from(error);
      if (exception.name === 'InternalServerError' && !signal.aborted) log(String(exception.cause));
      return encodeException(exception, randomUUID());
    }
  };
  const endpoint = await startEndpoint(host, options.port, answer, options.names);
  const origin = await startOrigin(APP, buckets);
  const progressLog = new ProgressLog();
  let page: TrackingPage | undefined;
  let manifests: ManifestFolder | undefined;
  try {
    page = await TrackingPage.open({
      executablePath,
      profile,
      temporary,
      origin,
      concurrency: options.concurrency,
      onProgress: (progress) => progressLog.progress(progress),
      onCompletion: (message, outcome) => {
        progressLog.completion(message, outcome);
        void outbox.complete(message);
        void manifests?.complete();
      },
      log,
      onLost: lost,
    });
    if (options.manifests !== undefined) {
      manifests = new ManifestFolder(options.manifests, page, log);
      void manifests.complete();
    }
    const running = new Service(page, buckets, outbox);
    for (const jobId of await outbox.open()) await running.settle(jobId);
    ready(running);
    const name = host.includes(':') ? `[${host}]` : host;
    give(`Listening on http://${name}:${endpoint.port}\n`);
    if ((await ended) === 'lost') {
      log('the browser ended by itself; jobs go on when the server starts again');
      return 1;
    }
    log('ending; running jobs go on when the server starts again');
    return 0;
  } finally {
    buckets.close();
    await endpoint.close();
    const written = manifests?.close();
    await page?.close();
    await written;
    await origin.close();
    await outbox.close();
  }
}

/**
 * Runs the server until Ctrl-C.
 * @param args the command line after `serve`
 * @returns exit code: 0 ended by Ctrl-C, 1 it could not run on, 2 wrong usage
 */
export async function serve(args: string[]): Promise<number> {
  let options: ServeOptions | undefined;
  try {
    options = parseServeOptions(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    tell(`footpath serve: ${error.message}\n\n${SERVE_USAGE}`);
    return 2;
  }
  if (options === undefined) {
    process.stdout.write(SERVE_USAGE);
    return 0;
  }
  const executablePath = findChromium();
  if (executablePath === undefined) {
    log(chromiumMissing());
    return 1;
  }
  if (!existsSync(join(APP, 'headless.html'))) {
    log(`the built app is missing in ${APP}: run npm run build`);
    return 1;
  }
  if (!isLoopback(options.host)) {
    log(`WARNING: ${options.host} is reached from other computers, and there is no password`);
  }
  for (const [name, folder] of options.buckets) log(`bucket ${name} is ${folder}`);
  if (options.buckets.size === 0) log('no bucket is given: use --bucket NAME=DIR');
  // Jobs, results and messages are nobody else's to read.
  process.umask(0o077);
  // Who reads what is told here may go before this ends.
  process.stdout.on('error', () => undefined);
  const end = untilEnd();
  let folder: RunFolder | undefined;
  try {
    folder = await RunFolder.open();
    return await run(options, executablePath, folder.path, end);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    log(
      code === 'EADDRINUSE'
        ? `port ${options.port} is in use; choose another with --port`
        : message,
    );
    return 1;
  } finally {
    await folder?.close();
  }
}
