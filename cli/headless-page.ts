/** One page of the built app in a headless Chromium of its own, for the commands that work on a file. */
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { outputBroken } from './broken-output.ts';
import { ENDING_SIGNALS, onEndingSignal } from './ending.ts';
import { launchIsolatedChromium } from './isolated-chromium.ts';
import type { RunFolder } from './run-folder.ts';
import { BucketFolders } from './serve-buckets.ts';
import { PAGE_HOST, startOrigin } from './serve-origin.ts';

const APP = fileURLToPath(new URL('../app', import.meta.url));

/** The user wants it to end. */
export class Interruption extends Error {
  readonly exitCode: number;

  constructor(signal: keyof typeof ENDING_SIGNALS) {
    super('ended before the result was whole');
    this.exitCode = ENDING_SIGNALS[signal];
  }
}

/** Rejects with the first signal to end, or when nobody takes the output. */
export function untilInterrupted(): Promise<never> {
  const interrupted = new Promise<never>((_, reject) => {
    onEndingSignal((signal) => reject(new Interruption(signal)));
    process.stdout.on('error', (error) => reject(new Error(outputBroken(error))));
  });
  interrupted.catch(() => {});
  return interrupted;
}

/** What a page is opened with. */
export interface HeadlessPageOptions {
  readonly executablePath: string;
  readonly run: RunFolder;
  /** Absolute. */
  readonly video: string;
  /** A detector's file, absolute. */
  readonly model: string | undefined;
  /** Hears what the user should know. */
  readonly log: (text: string) => void;
  /** Rejects when work is to end. */
  readonly interrupted: Promise<never>;
}

/** Functions that a page may call, by their names there. */
type CalledByPage = Readonly<Record<string, (argument: never) => unknown>>;

/**
 * Opens the page with its files chosen, works in it, and ends its browser whatever happens.
 * @param called what the page may call; the first error of these ends the work as it is, for by way of the page it
 *   would come back as a page's own
 * @param work in the loaded page
 * @throws Error of the work, of what the page called, of the browser, or the interruption
 */
export async function inHeadlessPage<Result>(
  options: HeadlessPageOptions,
  called: CalledByPage,
  work: (page: Page) => Promise<Result>,
): Promise<Result> {
  const { executablePath, run, video, model, log, interrupted } = options;
  const origin = await startOrigin(APP, new BucketFolders(new Map()));
  try {
    const chromium = await launchIsolatedChromium({
      executablePath,
      temporary: run.path,
      origin,
      files: [video, ...(model === undefined ? [] : [model])],
      log,
    });
    try {
      const page = await chromium.context.newPage();
      const crashed = new Promise<never>((_, reject) => {
        page.once('crash', () =>
          reject(new Error('the browser’s page crashed, most likely for want of memory')),
        );
      });
      crashed.catch(() => {});
      let fail: (error: unknown) => void = () => {};
      const failed = new Promise<never>((_, reject) => {
        fail = reject;
      });
      failed.catch(() => {});
      const working = async () => {
        for (const [name, call] of Object.entries(called)) {
          await page.exposeFunction(name, async (argument: never) => {
            try {
              return await call(argument);
            } catch (error) {
              fail(error);
              throw error;
            }
          });
        }
        await page.goto(`http://${PAGE_HOST}/headless.html`);
        await giveFile(page, '#video', video);
        if (model !== undefined) await giveFile(page, '#model', model);
        return work(page);
      };
      return await Promise.race([working().catch(namingItsEnd), failed, crashed, interrupted]);
    } finally {
      await chromium.close();
    }
  } finally {
    await origin.close();
  }
}

/** @throws Error of the work; of a browser that is gone without the pages of log that come with it */
function namingItsEnd(error: Error): never {
  if (!error.message.includes('browser has been closed')) throw error;
  throw new Error('the browser ended, most likely for want of memory', { cause: error });
}

/** @throws Error where Chromium does not find the file */
async function giveFile(page: Page, field: string, file: string): Promise<void> {
  await page.setInputFiles(field, file);
  const given = await page
    .locator(field)
    .evaluate((input) => (input as unknown as { files: { length: number } | null }).files?.length);
  if (given === 1) return;
  throw new Error(
    `Chromium does not find ${file}: where the locale (LC_ALL, LANG) is not of UTF-8, it knows no names with characters beyond ASCII`,
  );
}
