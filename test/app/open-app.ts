import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { expect, inject } from 'vitest';
import { serveStatic } from '../../cli/serve-static.mjs';
import { ensureBuilt } from '../../scripts/build.mjs';
import { cutVideo, repeatVideo } from '../fixtures/copy-video.ts';
import { sharedChromium, WAIT_MS, watchedChromium } from '../fixtures/shared-chromium.ts';

export const FILE_FIELD = 'video-drop input[type=file]';
const root = resolve(import.meta.dirname, '../..');
/** What Chromium itself asks for in the background, whatever page is open. */
const CHROMIUMS_OWN =
  /\b(accounts\.google|android\.clients\.google|(update|optimizationguide-pa)\.googleapis|redirector\.gvt1)\.com\b/;

/** The built app on a server of its own, in a browser that cannot reach anything else. */
export class OpenApp {
  readonly url: string;
  readonly browser: Browser;
  /** Whatever was asked of another origin, by any thread, since the start. Must stay empty. */
  readonly foreign: string[];
  /** Files of the disk that the server gives instead of the app's own, by path. */
  readonly replaced: Map<string, string>;
  /** Paths of all requests that came to the server. */
  readonly asked: string[];
  /** Ends the server: from then on there is no network at all. */
  readonly stopServing: () => Promise<void>;
  readonly #close: () => Promise<void>;

  private constructor(
    url: string,
    browser: Browser,
    foreign: string[],
    replaced: Map<string, string>,
    asked: string[],
    stopServing: () => Promise<void>,
    close: () => Promise<void>,
  ) {
    this.url = url;
    this.browser = browser;
    this.foreign = foreign;
    this.replaced = replaced;
    this.asked = asked;
    this.stopServing = stopServing;
    this.#close = close;
  }

  /**
   * Builds what is stale, serves it and opens Chromium.
   *
   * @param flags for a browser of this app's own, besides those of every test; without, even if none, the one that files share
   */
  static async start(flags?: readonly string[]): Promise<OpenApp> {
    await ensureBuilt(['app'], (text) => console.log(text));
    const { browser, listeners, close } = await (flags ? watchedChromium(flags) : sharedChromium());
    const foreign: string[] = [];
    const hear = (asked: string) => {
      if (!CHROMIUMS_OWN.test(asked)) foreign.push(asked);
    };
    listeners.add(hear);
    const replaced = new Map<string, string>();
    const asked: string[] = [];
    const server = await serveStatic(resolve(root, 'dist/app'), {
      extra: (path) => {
        asked.push(path);
        return replaced.get(path);
      },
    });
    return new OpenApp(server.url, browser, foreign, replaced, asked, server.close, async () => {
      await close();
      await server.close();
      listeners.delete(hear);
    });
  }

  /**
   * A fresh profile. Requests to other ports of this machine count as foreign too.
   *
   * @param options of the browser; where neither offline use nor the whole way is tested, `serviceWorkers: 'block'` keeps each
   *   profile from fetching all that a job needs ahead
   */
  async profile(options: Parameters<Browser['newContext']>[0] = {}): Promise<BrowserContext> {
    // The texts that tests look for are English, whatever language the machine's user reads.
    const context = await this.browser.newContext({ locale: 'en-US', ...options });
    context.setDefaultTimeout(WAIT_MS);
    const check = (address: string) => {
      const url = new URL(address);
      const own = url.origin === new URL(this.url).origin;
      if (!own && url.protocol !== 'blob:' && url.protocol !== 'data:') this.foreign.push(address);
    };
    context.on('request', (request) => check(request.url()));
    context.on('page', (page) => page.on('websocket', (socket) => check(socket.url())));
    return context;
  }

  /** A page of the app whose errors fail the test through {@link Page.errors}. */
  async page(context: BrowserContext, hash = ''): Promise<{ page: Page; errors: string[] }> {
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await page.goto(this.url + hash);
    await page.locator('footpath-app').waitFor();
    return { page, errors };
  }

  async close(): Promise<void> {
    await this.#close();
    expect(this.foreign, 'requests to other origins').toEqual([]);
  }
}

/** Milliseconds that a quick run of the sample may take on a busy machine. */
export const RUN_MS = 400_000;

/** Chooses the options that take the least time. Any job of the page then has them. */
export async function chooseQuick(page: Page | Frame): Promise<void> {
  await page.locator('job-options summary').first().click();
  await page.getByLabel('How often to look').selectOption('5');
  await page.getByRole('radio', { name: 'Fast' }).check();
}

/** Runs the sample's job with quick options and waits for its people. */
export async function runSample(page: Page | Frame): Promise<void> {
  await chooseQuick(page);
  await page.getByRole('button', { name: 'Try the sample' }).click();
  await showsPeople(page);
}

/** Runs a job on the sample's first four seconds with quick options, where it is to be computed, and waits for its people. */
export async function runShort(page: Page | Frame, backend = 'auto'): Promise<void> {
  await chooseQuick(page);
  if (backend !== 'auto') {
    await page.locator('advanced-options summary').click();
    await page.getByLabel('Where to compute').selectOption(backend);
  }
  await giveShort(page);
}

/** Gives the page the sample's first four seconds, with the options that it shows, and waits for the people in them. */
export async function giveShort(page: Page | Frame): Promise<void> {
  await page.locator(FILE_FIELD).setInputFiles(await shortSample());
  await showsPeople(page);
}

function showsPeople(page: Page | Frame): Promise<void> {
  return page.locator('result-screen footpath-people button').first().waitFor({ timeout: RUN_MS });
}

/** Gives the page a file, by the field that stands in for the browser's file dialogue. */
export async function chooseFile(page: Page, name: string, content: string): Promise<void> {
  const file = { name, mimeType: 'video/mp4', buffer: Buffer.from(content) };
  await page.locator(FILE_FIELD).setInputFiles(file);
}

/** The path of the sample's first four seconds, or as many frames, as a file. */
export function shortSample(frames = 100): Promise<string> {
  const made = short.get(frames) ?? madeOfSample('short.mp4', (sample) => cutVideo(sample, frames));
  short.set(frames, made);
  return made;
}

const short = new Map<number, Promise<string>>();
let long: Promise<string> | undefined;

/** By its path: 34 MB are not passed through the browser's debugging protocol in a moment. */
async function madeOfSample(
  name: string,
  make: (sample: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>,
): Promise<string> {
  const sample = await readFile(resolve(root, 'public/samples/footpath-sample.mp4'));
  const folder = await mkdtemp(join(inject('runFolder'), 'sample-'));
  const file = join(folder, name);
  await writeFile(file, await make(new Uint8Array(sample)));
  return file;
}

/** Starts a job that no machine ends while a test looks at it, the sample many times over, and waits for its progress. */
export async function startLong(page: Page): Promise<void> {
  long ??= madeOfSample('long.mp4', (sample) => repeatVideo(sample, 40));
  await page.locator(FILE_FIELD).setInputFiles(await long);
  await page.getByRole('progressbar', { name: 'Progress' }).waitFor();
}

/** Stops the job whose progress is shown and waits for what it has come to. */
export async function stopJob(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click();
  await page.locator('result-screen').waitFor({ timeout: 60_000 });
}
