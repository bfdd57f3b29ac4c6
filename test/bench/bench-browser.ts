/** The built app and the benches' own pages in a headless Chromium, served from one origin of this machine. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { chromiumSettings, findChromium } from '../../cli/chromium.mjs';
import { serveStatic } from '../../cli/serve-static.mjs';

/** Folder of the checkout: a built bench lies in dist/bench. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The project's own clip. */
export const SAMPLE = resolve(ROOT, 'public/samples/footpath-sample.mp4');

const PAGES = resolve(ROOT, 'dist/bench-page');

/** A browser on the origin of the benches. */
export interface BenchBrowser {
  readonly browser: Browser;
  /** Process id of the browser. */
  readonly pid: number;
  /** The machine by its kind, for the head of a report. */
  readonly machine: string;
  /**
   * Opens a page of the app (`headless.html`) or of the benches (`bench/NAME.html`) once its script has run. An error that
   * nobody catches, in the page or in one of its threads, closes it: whatever is asked of it then rejects with that error.
   */
  open(path: string): Promise<Page>;
  close(): Promise<void>;
}

/**
 * Starts on what scripts/bench.mjs built.
 * @param video file of this machine, served as `/video`
 * @throws Error when there is no Chromium
 */
export async function startBenchBrowser(video?: string): Promise<BenchBrowser> {
  if (!findChromium()) throw new Error('No Chromium was found; set CHROMIUM_PATH to its program.');
  const server = await serveStatic(resolve(ROOT, 'dist/app'), {
    extra: (path) => {
      if (path === '/video') return video;
      if (path.startsWith('/original/')) {
        return resolve(ROOT, '.cache/models/coco-ssd', path.slice('/original/'.length));
      }
      return path.startsWith('/bench/') ? resolve(PAGES, path.slice('/bench/'.length)) : undefined;
    },
  });
  const process = await chromium.launchServer({
    ...chromiumSettings(),
    // By number: `localhost` is a name that not every system knows.
    host: '127.0.0.1',
  });
  const browser = await chromium.connect(process.wsEndpoint());
  return {
    browser,
    pid: process.process().pid ?? 0,
    machine: `${availableParallelism()} cores, no GPU, Chromium ${browser.version()}`,
    async open(path) {
      // A context of its own: nothing stored by one run is there for the next.
      const page = await browser.newPage();
      // Of its threads too. What waits for an answer would wait for ever: it ends with the error instead.
      page.once(
        'pageerror',
        (error) =>
          void page
            .context()
            .close({ reason: `${path}: ${error}` })
            .catch(() => {}),
      );
      // The browser may be gone before its context is.
      page.once(
        'close',
        () =>
          void page
            .context()
            .close()
            .catch(() => {}),
      );
      await page.goto(`${server.url}${path}`, { waitUntil: 'load' });
      return page;
    },
    async close() {
      await browser.close();
      await process.close();
      await server.close();
    },
  };
}
