/**
 * The headless Chromium in which `footpath serve` works: one page of the built app, on an origin of its own, whose
 * jobs are kept in a profile folder.
 */
import { readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { REQUEST_ID_HEADER, TARGET_HEADER, type WireAnswer } from '../src/contract/aws-json.ts';
import type { OperationName } from '../src/contract/exceptions.ts';
import { completionMessage } from '../src/contract/notification.ts';
import type { CompletionMessage } from '../src/contract/types.ts';
import { CHROMIUM_FLAGS } from './chromium.mjs';
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
    }[]
  >;
  addEventListener(
    type: 'completion',
    listener: (event: { detail: CompletionMessage }) => void,
  ): void;
  close(): Promise<void>;
}

/** Globals of the page; `footpath…` are ours. */
interface PageGlobals {
  createPersonTracking(options: { concurrency: number }): PageTracking;
  footpathTracking: PageTracking;
  footpathCompleted(message: CompletionMessage): void;
}

/** How the page is run. */
export interface TrackingPageOptions {
  readonly executablePath: string;
  /** Folder of the browser's profile, which holds the jobs. One browser at a time. */
  readonly profile: string;
  readonly origin: PageOrigin;
  readonly concurrency: number;
  /** Hears every job's end. */
  readonly onCompletion: (message: CompletionMessage) => void;
  /** The browser is gone, without having been closed here. */
  readonly onLost: () => void;
}

/** How long a browser of an earlier run may take to end. */
const PROFILE_WAIT_MS = 10_000;

/** Waits while another Chromium holds the profile: one whose server was killed takes a moment to notice. */
async function untilProfileIsFree(profile: string): Promise<void> {
  const waitUntil = Date.now() + PROFILE_WAIT_MS;
  while (Date.now() < waitUntil) {
    // Chromium's own lock: a link to `HOST-PID`.
    const owner = await readlink(join(profile, 'SingletonLock')).catch(() => '');
    const pid = Number(owner.slice(owner.lastIndexOf('-') + 1));
    if (!(pid > 0)) return;
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await sleep(200);
  }
}

/** The tracker in its page. */
export class TrackingPage {
  readonly #context: BrowserContext;
  readonly #concurrency: number;
  #page: Promise<Page>;
  #closing = false;

  private constructor(context: BrowserContext, options: TrackingPageOptions) {
    this.#context = context;
    this.#concurrency = options.concurrency;
    context.on('close', () => {
      if (!this.#closing) options.onLost();
    });
    this.#page = this.#openPage(context.pages()[0]);
  }

  /** Starts the browser; jobs of an earlier run go on. @throws Error of Playwright or of the page */
  static async open(options: TrackingPageOptions): Promise<TrackingPage> {
    const { executablePath, profile, origin, onCompletion } = options;
    await untilProfileIsFree(profile);
    // Only the page's own origin has an address: no request can go anywhere else.
    const rules = `MAP ${PAGE_HOST} 127.0.0.1:${origin.port}, MAP * ~NOTFOUND`;
    const context = await chromium.launchPersistentContext(profile, {
      executablePath,
      args: [...CHROMIUM_FLAGS, `--host-resolver-rules=${rules}`],
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    await context.addCookies([
      { ...origin.cookie, domain: PAGE_HOST, path: '/', httpOnly: true, sameSite: 'Strict' },
    ]);
    await context.exposeFunction('footpathCompleted', onCompletion);
    const page = new TrackingPage(context, options);
    await page.#page;
    return page;
  }

  async #openPage(blank?: Page): Promise<Page> {
    const page = blank ?? (await this.#context.newPage());
    // What the page died of is not known; its jobs are in the profile, and a new page goes on with them.
    page.once('crash', () => {
      if (!this.#closing) this.#page = this.#openPage();
      void page.close();
    });
    await page.goto(`http://${PAGE_HOST}/headless.html`);
    await page.evaluate((concurrency) => {
      const globals = globalThis as unknown as PageGlobals;
      globals.footpathTracking = globals.createPersonTracking({ concurrency });
      globals.footpathTracking.addEventListener('completion', ({ detail }) =>
        globals.footpathCompleted(detail),
      );
    }, this.#concurrency);
    return page;
  }

  /** Passes a call to the page's handler. */
  async call(operation: OperationName, input: object): Promise<WireAnswer> {
    const reply = await (await this.#page).evaluate(
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
        target: `RekognitionService.${operation}`,
        body: JSON.stringify(input),
      },
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
    await (await this.#page).evaluate(
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
    const job = await (await this.#page).evaluate(async (id) => {
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

  /** Leaves running jobs at their last checkpoint and ends the browser. */
  async close(): Promise<void> {
    this.#closing = true;
    const page = await this.#page.catch(() => undefined);
    await page
      ?.evaluate(() => (globalThis as unknown as PageGlobals).footpathTracking.close())
      .catch(() => undefined);
    await this.#context.close();
  }
}
