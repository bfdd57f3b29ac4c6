import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import type { JobProgress } from '../src/engine/job.ts';
import { findChromium } from './chromium.mjs';
import { launchIsolatedChromium } from './isolated-chromium.ts';
import { OutputFile } from './output-file.ts';
import { ProgressLine } from './progress-line.ts';
import { RunFolder } from './run-folder.ts';
import { BucketFolders } from './serve-buckets.ts';
import { PAGE_HOST, startOrigin } from './serve-origin.ts';
import { parseTrackOptions, TRACK_USAGE, type TrackOptions } from './track-options.ts';

const APP = fileURLToPath(new URL('../app', import.meta.url));
/** What a shell tells of a program that a signal ended. */
const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** What the headless page answers; see src/app/headless.ts. */
interface Ending {
  failure?: string;
  people: number;
  elements: number;
  report?: unknown;
}

/** The user wants it to end. */
class Interruption extends Error {
  readonly exitCode: number;

  constructor(signal: keyof typeof SIGNAL_EXIT_CODES) {
    super('ended before the result was whole');
    this.exitCode = SIGNAL_EXIT_CODES[signal];
  }
}

/** Rejects with the first signal to end, or when nobody takes the output. A second signal ends the process at once. */
function untilInterrupted(): Promise<never> {
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => reject(new Interruption(signal)));
    }
    process.stdout.on('error', () =>
      reject(new Error('nobody reads the standard output any more')),
    );
  });
  interrupted.catch(() => {});
  return interrupted;
}

function say(text: string): void {
  process.stderr.write(`footpath track: ${text}\n`);
}

/**
 * `footpath track`: the app's own code in a headless Chromium, on a file of this computer, which is read in parts.
 * @returns the exit code
 */
export async function track(args: string[]): Promise<number> {
  let options: TrackOptions | undefined;
  try {
    options = await parseTrackOptions(args);
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n\n${TRACK_USAGE}`);
    return 2;
  }
  if (!options) {
    process.stdout.write(TRACK_USAGE);
    return 0;
  }
  const executablePath = findChromium();
  if (!executablePath) {
    say('no Chromium or Chrome was found. Install one, or set CHROMIUM_PATH to its program.');
    return 1;
  }
  const line = new ProgressLine(process.stderr);
  const interrupted = untilInterrupted();
  let run: RunFolder | undefined;
  let out: OutputFile | undefined;
  try {
    run = await RunFolder.open();
    if (options.out !== undefined) out = await OutputFile.open(options.out, run);
    const ending = await runInChromium(executablePath, options, run, out, line, interrupted);
    line.end();
    if (options.report) {
      process.stderr.write(`${JSON.stringify(ending.report, null, 2)}\n`);
    }
    if (ending.failure === undefined) {
      await out?.keep();
      process.stderr.write(`${ending.people} people, ${ending.elements} boxes\n`);
      return 0;
    }
    say(ending.failure);
    if (out?.isThere) {
      const place = out.besides('failed');
      await out.keep(place);
      say(`${options.out} is left as it was; what was found is in ${place}`);
    } else await out?.keep();
    return 1;
  } catch (error) {
    line.end();
    await out?.discard();
    say(error instanceof Error ? error.message : String(error));
    return error instanceof Interruption ? error.exitCode : 1;
  } finally {
    await run?.close();
  }
}

async function runInChromium(
  executablePath: string,
  options: TrackOptions,
  run: RunFolder,
  out: OutputFile | undefined,
  line: ProgressLine,
  interrupted: Promise<never>,
): Promise<Ending> {
  const origin = await startOrigin(APP, new BucketFolders(new Map()));
  try {
    const chromium = await launchIsolatedChromium({
      executablePath,
      temporary: run.path,
      origin,
      files: [options.video, ...(options.model === undefined ? [] : [options.model])],
      log: say,
    });
    try {
      const page = await chromium.context.newPage();
      return await Promise.race([runInPage(page, options, out, line), interrupted]);
    } finally {
      await chromium.close();
    }
  } finally {
    await origin.close();
  }
}

async function runInPage(
  page: Page,
  options: TrackOptions,
  out: OutputFile | undefined,
  line: ProgressLine,
): Promise<Ending> {
  const crashed = new Promise<never>((_, reject) => {
    page.once('crash', () =>
      reject(new Error('the browser’s page crashed, most likely for want of memory')),
    );
  });
  crashed.catch(() => {});
  await page.exposeFunction('footpathProgress', (progress: JobProgress) => line.show(progress));
  await page.exposeFunction('footpathWrite', async (text: string) => {
    if (out) await out.write(text);
    else if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  });
  await page.goto(`http://${PAGE_HOST}/headless.html`);
  await page.setInputFiles('#video', options.video);
  if (options.model !== undefined) await page.setInputFiles('#model', options.model);
  return Promise.race([
    page.evaluate(
      ({ format, settings }) =>
        (
          globalThis as unknown as {
            footpathTrackFile(format: string, options: unknown): Promise<Ending>;
          }
        ).footpathTrackFile(format, settings),
      { format: options.format, settings: options.page },
    ),
    crashed,
  ]);
}
