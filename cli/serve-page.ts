/**
 * The headless Chromium in which `footpath serve` works: one page of the built app, on an origin of its own, whose
 * jobs are kept in a profile folder.
 * Long because starting the browser, its page and what the page is asked are one life, which ends together.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import {
  REQUEST_ID_HEADER,
  TARGET_HEADER,
  targetOf,
  type WireAnswer,
} from '../src/contract/aws-json.ts';
import type { OperationName } from '../src/contract/exceptions.ts';
import { messageOf } from '../src/contract/message-of.ts';
import { completionMessage } from '../src/contract/notification.ts';
import type { CompletionMessage } from '../src/contract/types.ts';
import type { JobProgress } from '../src/engine/job.ts';
import type { ResultManifest } from '../src/export/result-manifest.ts';
import { type IsolatedChromium, launchIsolatedChromium } from './isolated-chromium.ts';
import { untilProfileIsFree, whyNotStarted } from './profile-lock.ts';
import type { BucketFile } from './serve-buckets.ts';
import { objectUrl, PAGE_HOST, type PageOrigin } from './serve-origin.ts';

/** The part of PersonTracking that is used here, as it stands in the page. */
interface PageTracking {
  handle(request: Request): Promise<Response>;
  putObject(request: {
    Bucket: string;
    Key: string;
    Body: URL;
    VersionId: string;
  }): Promise<unknown>;
  listObjects(filter: { Bucket: string }): Promise<{ Key: string; VersionId: string }[]>;
  deleteObject(request: { Bucket: string; Key: string; VersionId: string }): Promise<void>;
  listJobs(): Promise<
    {
      jobId: string;
      status: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED';
      bucket: string;
      key: string;
      jobTag?: string;
      finishedAt?: Date;
      people?: number;
      failure?: { message: string };
      report?: { detector?: object };
    }[]
  >;
  addEventListener(
    type: 'completion',
    listener: (event: { detail: CompletionMessage }) => void,
  ): void;
  addEventListener(type: 'progress', listener: (event: { detail: JobProgress }) => void): void;
  close(): Promise<void>;
}

/** Globals of the page; `footpath…` are ours. */
interface PageGlobals {
  createPersonTracking(options: { concurrency: number }): PageTracking;
  resultManifest(tracking: PageTracking, jobId: string): Promise<ResultManifest>;
  footpathTracking: PageTracking;
  footpathCompleted(message: CompletionMessage, outcome: JobOutcome): void;
  footpathProgress(progress: JobProgress): void;
}

/** How a job ended, beyond its message. */
export interface JobOutcome {
  /** People found, once a job has succeeded. */
  readonly people?: number;
  /** Why it failed, as a sentence. */
  readonly failure?: string;
}

/** How the page is run. */
export interface TrackingPageOptions {
  readonly executablePath: string;
  /** Folder of the browser's profile, which holds the jobs. One browser at a time. */
  readonly profile: string;
  /** Folder for temporary files. */
  readonly temporary: string;
  readonly origin: PageOrigin;
  readonly concurrency: number;
  /** Hears where each running job is, several times a second. */
  readonly onProgress: (progress: JobProgress) => void;
  /** Hears every job's end. */
  readonly onCompletion: (message: CompletionMessage, outcome: JobOutcome) => void;
  /** Hears what went wrong and was survived. */
  readonly log: (text: string) => void;
  /** The browser is gone, without having been closed here. */
  readonly onLost: () => void;
}

/** Attempts to open a page in place of one that crashed, and the pause between them. */
const REOPEN_ATTEMPTS = 10;
const REOPEN_PAUSE_MS = 1000;
/** Until a crash is told of by its event. */
const CRASH_NOTICE_MS = 200;

/** The tracker in its page. */
export class TrackingPage {
  readonly #chromium: IsolatedChromium;
  readonly #options: TrackingPageOptions;
  #page: Promise<Page>;
  #closing = false;

  private constructor(chromium: IsolatedChromium, options: TrackingPageOptions) {
    this.#chromium = chromium;
    this.#options = options;
    chromium.context.on('close', () => {
      if (!this.#closing) options.onLost();
    });
    this.#page = this.#openPage(chromium.context.pages()[0]);
  }

  /** Starts the browser; jobs of an earlier run go on. @throws Error of Playwright or of the page */
  static async open(options: TrackingPageOptions): Promise<TrackingPage> {
    await untilProfileIsFree(options.profile);
    const chromium = await launchIsolatedChromium(options).catch(async (error) => {
      throw await whyNotStarted(error, options.profile);
    });
    try {
      await chromium.context.exposeFunction('footpathProgress', options.onProgress);
      await chromium.context.exposeFunction('footpathCompleted', options.onCompletion);
      const page = new TrackingPage(chromium, options);
      await page.#page;
      return page;
    } catch (error) {
      await chromium.close();
      throw error;
    }
  }

  async #openPage(blank?: Page): Promise<Page> {
    const page = blank ?? (await this.#chromium.context.newPage());
    page.once('crash', () => {
      if (!this.#closing) this.#replacePage();
      page.close().catch(() => undefined);
    });
    await page.goto(`http://${PAGE_HOST}/headless.html`);
    await page.evaluate((concurrency) => {
      const globals = globalThis as unknown as PageGlobals;
      const tracking = globals.createPersonTracking({ concurrency });
      globals.footpathTracking = tracking;
      tracking.addEventListener('progress', ({ detail }) => globals.footpathProgress(detail));
      tracking.addEventListener('completion', async ({ detail }) => {
        const jobs = await tracking.listJobs().catch(() => []);
        const job = jobs.find(({ jobId }) => jobId === detail.JobId);
        globals.footpathCompleted(detail, {
          ...(job?.people === undefined ? {} : { people: job.people }),
          ...(job?.failure === undefined ? {} : { failure: job.failure.message }),
        });
      });
    }, this.#options.concurrency);
    return page;
  }

  /** What a page died of is not known; its jobs are in the profile, and a new page goes on with them. */
  #replacePage(): void {
    this.#page = this.#reopen();
    this.#page.catch(() => {
      if (!this.#closing) this.#options.onLost();
    });
  }

  async #reopen(): Promise<Page> {
    this.#options.log('the browser’s page crashed; another one goes on with its jobs');
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#openPage();
      } catch (error) {
        if (this.#closing) throw error;
        const text = messageOf(error);
        this.#options.log(`the new page could not be opened (attempt ${attempt}): ${text}`);
        if (attempt === REOPEN_ATTEMPTS) throw error;
        await sleep(REOPEN_PAUSE_MS);
      }
    }
  }

  /**
   * Runs a function in the page. Where the page dies meanwhile, what may be done twice is done in the next one.
   * @throws Error of Playwright or of the function
   */
  async #inPage<Argument, Result>(
    run: (argument: Argument) => Promise<Result>,
    argument: Argument,
    mayRepeat = true,
  ): Promise<Result> {
    const page = await this.#page;
    // Playwright's type serializes its own; ours are plain already.
    const evaluate = (where: Page) => where.evaluate(run as never, argument) as Promise<Result>;
    try {
      return await evaluate(page);
    } catch (error) {
      if (!mayRepeat || this.#closing) throw error;
      // The call may fail before the crash is told of.
      await sleep(CRASH_NOTICE_MS);
      const next = await this.#page;
      if (next === page) throw error;
      return evaluate(next);
    }
  }

  /** Passes a call to the page's handler. */
  async call(
    operation: OperationName,
    input: { ClientRequestToken?: string },
  ): Promise<WireAnswer> {
    const reply = await this.#inPage(
      async ({ name, target, body }) => {
        const { footpathTracking } = globalThis as unknown as PageGlobals;
        const response = await footpathTracking.handle(
          new Request('/rekognition', { method: 'POST', headers: { [name]: target }, body }),
        );
        const headers = Object.fromEntries(response.headers);
        return { status: response.status, headers, text: await response.text() };
      },
      {
        name: TARGET_HEADER,
        target: targetOf(operation),
        body: JSON.stringify(input),
      },
      // A start without a token, done twice, is two jobs.
      operation !== 'StartPersonTracking' || input.ClientRequestToken !== undefined,
    );
    const { status, headers, text } = reply;
    return {
      status,
      headers: {
        'content-type': headers['content-type']!,
        [REQUEST_ID_HEADER]: headers[REQUEST_ID_HEADER]!,
      },
      body: new TextEncoder().encode(text),
    };
  }

  /**
   * Makes the page know an object as the bucket has it now: this version alone, or none.
   * @param file undefined where there is no such file
   */
  async syncObject(bucket: string, key: string, file: BucketFile | undefined): Promise<void> {
    await this.#inPage(
      async ({ Bucket, Key, current }) => {
        const { footpathTracking: tracking } = globalThis as unknown as PageGlobals;
        for (const known of await tracking.listObjects({ Bucket })) {
          if (known.Key !== Key || known.VersionId === current?.version) continue;
          await tracking.deleteObject({ Bucket, Key, VersionId: known.VersionId });
        }
        if (current === undefined) return;
        const Body = new URL(current.url);
        await tracking.putObject({ Bucket, Key, Body, VersionId: current.version });
      },
      {
        Bucket: bucket,
        Key: key,
        current: file && { version: file.version, url: objectUrl(bucket, key, file.version) },
      },
    );
  }

  /** The completion message of a job that has ended; `open` while it has not, `unknown` where there is none. */
  async completionOf(jobId: string): Promise<CompletionMessage | 'open' | 'unknown'> {
    const job = await this.#inPage(async (id: string) => {
      const { footpathTracking } = globalThis as unknown as PageGlobals;
      const found = (await footpathTracking.listJobs()).find((job) => job.jobId === id);
      return found && { ...found, finishedAtMs: found.finishedAt?.getTime() };
    }, jobId);
    if (job === undefined) return 'unknown';
    if (job.status === 'IN_PROGRESS' || job.finishedAtMs === undefined) return 'open';
    return completionMessage({
      jobId,
      status: job.status,
      completedAtMs: job.finishedAtMs,
      request: {
        Video: { S3Object: { Bucket: job.bucket, Name: job.key } },
        ...(job.jobTag === undefined ? {} : { JobTag: job.jobTag }),
      },
    });
  }

  /** The jobs that have ended and have looked for people: those of which there can be a manifest. */
  endedJobs(): Promise<string[]> {
    return this.#inPage(async () => {
      const { footpathTracking } = globalThis as unknown as PageGlobals;
      return (await footpathTracking.listJobs())
        .filter(({ status, report }) => status !== 'IN_PROGRESS' && report?.detector)
        .map(({ jobId }) => jobId);
    }, undefined);
  }

  /** What a job's result was computed from and with. @throws Error of the page, where its video is not there any more */
  manifestOf(jobId: string): Promise<ResultManifest> {
    return this.#inPage((id: string) => {
      const globals = globalThis as unknown as PageGlobals;
      return globals.resultManifest(globals.footpathTracking, id);
    }, jobId);
  }

  /** Leaves running jobs at their last checkpoint and ends the browser. */
  async close(): Promise<void> {
    this.#closing = true;
    const page = await this.#page.catch(() => undefined);
    await page
      ?.evaluate(() => (globalThis as unknown as PageGlobals).footpathTracking.close())
      .catch(() => undefined);
    await this.#chromium.close();
  }
}
