import { once } from 'node:events';
import { open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright-core';
import {
  type JobProgress,
  MODEL_NAMES,
  type OwnModelRecord,
  type TrackingSettings,
} from '../src/engine/job.ts';
import { TRACKER_NAMES } from '../src/track/trackers/create-tracker.ts';
import { CHROMIUM_FLAGS, findChromium } from './chromium.mjs';
import { ProgressLine } from './progress-line.ts';
import { serveStatic } from './serve-static.mjs';

const APP = fileURLToPath(new URL('../app', import.meta.url));

const USAGE = `usage: footpath track VIDEO [options]

  --out FILE            where the result goes (default: standard output)
  --format NAME         rekognition (default): the merged GetPersonTracking answer as JSON
                        mot: MOTChallenge rows
  --tracker NAME        ${TRACKER_NAMES.join(', ')}
  --refine, --no-refine with the look over the whole video, which tracks anew with footpath, or the tracker's own
                        output (default: refined with footpath, not with another tracker)
  --no-fill             no estimated boxes in short gaps
  --rejoin N            seconds that somebody may be out of sight and stay the same person (default 5)
  --sample-rate N|all   samples a second (default 15), or every frame
  --detect-every N      look for people in every Nth sample, 1 (default) to 10, and estimate what lies between
  --quality NAME        fast, balanced (default), accurate, or auto: as good as this computer has time for
  --model NAME|FILE     what finds the people: ${MODEL_NAMES.join(' (default), ')}, or an ONNX file of your own
  --model-family NAME   what kind of network the file holds: yolox, rtmdet
  --backend NAME        auto (default), webgpu, webgl, wasm, cpu
  --workers N           detector threads (default: one a core)
  --report              tell how the job went, on standard error

Exit codes: 0 done, 1 the job failed (what it found is written all the same), 2 wrong usage.
`;

/** Wrong usage; the message says what. */
class UsageError extends Error {}

interface TrackOptions {
  readonly video: string;
  readonly out: string | undefined;
  readonly format: 'rekognition' | 'mot';
  readonly report: boolean;
  /** A detector's file. */
  readonly model: string | undefined;
  /** See HeadlessOptions of src/app/headless.ts. */
  readonly page: {
    settings: Partial<TrackingSettings>;
    workers?: number;
    modelFamily?: OwnModelRecord['family'];
  };
}

/** What the headless page answers; see src/app/headless.ts. */
interface Ending {
  failure?: string;
  people: number;
  elements: number;
  report?: unknown;
}

/**
 * `footpath track`: the app's own code in a headless Chromium, on a file of this computer, which is read in parts.
 * @returns the exit code
 */
export async function track(args: string[]): Promise<number> {
  let options: TrackOptions | undefined;
  try {
    options = await parseOptions(args);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(`footpath track: ${text}\n\n${USAGE}`);
    return 2;
  }
  if (!options) {
    process.stdout.write(USAGE);
    return 0;
  }
  const executablePath = findChromium();
  if (!executablePath) {
    process.stderr.write(
      'footpath track: no Chromium or Chrome was found. Install one, or set CHROMIUM_PATH to its program.\n',
    );
    return 1;
  }
  const line = new ProgressLine(process.stderr);
  const server = await serveStatic(APP);
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  try {
    const page = await browser.newPage();
    const ending = await runInPage(page, server.url, options, line);
    line.end();
    if (options.report) {
      process.stderr.write(`${JSON.stringify(ending.report, null, 2)}\n`);
    }
    if (ending.failure === undefined) {
      process.stderr.write(`${ending.people} people, ${ending.elements} boxes\n`);
      return 0;
    }
    process.stderr.write(`footpath track: ${ending.failure}\n`);
    return 1;
  } catch (error) {
    line.end();
    process.stderr.write(
      `footpath track: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return 1;
  } finally {
    await browser.close();
    await server.close();
  }
}

async function runInPage(
  page: Page,
  url: string,
  options: TrackOptions,
  line: ProgressLine,
): Promise<Ending> {
  const out = options.out === undefined ? undefined : await open(options.out, 'w');
  const crashed = new Promise<never>((_, reject) => {
    page.once('crash', () =>
      reject(new Error('the browser’s page crashed, most likely for want of memory')),
    );
  });
  crashed.catch(() => {});
  await page.exposeFunction('footpathProgress', (progress: JobProgress) => line.show(progress));
  await page.exposeFunction('footpathWrite', async (text: string) => {
    if (out) await out.appendFile(text);
    else if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  });
  await page.goto(`${url}headless.html`);
  await page.setInputFiles('#video', options.video);
  if (options.model !== undefined) await page.setInputFiles('#model', options.model);
  const ending = await Promise.race([
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
  await out?.close();
  return ending;
}

/** @returns undefined when help is asked for @throws UsageError */
async function parseOptions(args: string[]): Promise<TrackOptions | undefined> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    allowNegative: true,
    options: {
      out: { type: 'string' },
      format: { type: 'string', default: 'rekognition' },
      tracker: { type: 'string' },
      refine: { type: 'boolean' },
      rejoin: { type: 'string' },
      fill: { type: 'boolean' },
      'sample-rate': { type: 'string' },
      'detect-every': { type: 'string' },
      quality: { type: 'string' },
      model: { type: 'string' },
      'model-family': { type: 'string' },
      backend: { type: 'string' },
      workers: { type: 'string' },
      report: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return undefined;
  const [video, ...others] = positionals;
  if (video === undefined || others.length > 0) throw new UsageError('name one video file');
  const file = await stat(video).catch(() => undefined);
  if (!file?.isFile()) throw new UsageError(`there is no file ${video}`);
  const workers = count('--workers', values.workers);
  const every = count('--detect-every', values['detect-every'], 10);
  if (every !== undefined && every > 1 && (values.refine === false || values.fill === false)) {
    throw new UsageError(
      '--detect-every estimates boxes, which --no-refine and --no-fill rule out',
    );
  }
  const rate = sampleRate(values['sample-rate']);
  const rejoin = rejoinSeconds(values.rejoin);
  const tracker = oneOf('--tracker', values.tracker, TRACKER_NAMES);
  const quality = oneOf('--quality', values.quality, [
    'fast',
    'balanced',
    'accurate',
    'auto',
  ] as const);
  const backend = oneOf('--backend', values.backend, [
    'auto',
    'webgpu',
    'webgl',
    'wasm',
    'cpu',
  ] as const);
  const model = await chooseModel(values.model, values['model-family']);
  return {
    video: resolve(video),
    model: model.file,
    out: values.out,
    format: oneOf('--format', values.format, ['rekognition', 'mot'] as const) ?? 'rekognition',
    report: values.report,
    page: {
      ...(workers === undefined ? {} : { workers }),
      ...(model.family === undefined ? {} : { modelFamily: model.family }),
      settings: {
        ...(model.name === undefined ? {} : { model: model.name }),
        ...(rate === undefined ? {} : { sampleRate: rate }),
        ...(every === undefined ? {} : { detectEvery: every }),
        ...(tracker === undefined ? {} : { tracker }),
        ...(quality === undefined ? {} : { quality }),
        ...(backend === undefined ? {} : { backend }),
        ...(values.refine === undefined ? {} : { refine: values.refine }),
        ...(rejoin === undefined ? {} : { rejoinSeconds: rejoin }),
        ...(values.fill === undefined ? {} : { fillGaps: values.fill }),
      },
    },
  };
}

/** A detector by its name, or a file and its family. @throws UsageError */
async function chooseModel(value: string | undefined, family: string | undefined) {
  const name = MODEL_NAMES.find((known) => known === value);
  if (value === undefined || name !== undefined) {
    if (family === undefined) return { name };
    throw new UsageError('--model-family is for an ONNX file given by --model');
  }
  const file = await stat(value).catch(() => undefined);
  if (!file?.isFile()) {
    throw new UsageError(
      `--model must be one of ${MODEL_NAMES.join(', ')}, or an ONNX file, but is ${value}`,
    );
  }
  const families = ['yolox', 'rtmdet'] as const;
  const known = oneOf('--model-family', family, families);
  if (known) return { file: resolve(value), family: known };
  throw new UsageError(`--model ${value} needs --model-family: ${families.join(' or ')}`);
}

function oneOf<T extends string>(
  option: string,
  value: string | undefined,
  known: readonly T[],
): T | undefined {
  if (value === undefined) return undefined;
  const found = known.find((name) => name === value);
  if (found === undefined) {
    throw new UsageError(`${option} must be one of ${known.join(', ')}, but is ${value}`);
  }
  return found;
}

function count(
  option: string,
  value: string | undefined,
  most = Number.POSITIVE_INFINITY,
): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  const limit = most === Number.POSITIVE_INFINITY ? '' : ` and at most ${most}`;
  throw new UsageError(`${option} must be an integer of at least 1${limit}, but is ${value}`);
}

function rejoinSeconds(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const seconds = value.trim() === '' ? Number.NaN : Number(value);
  if (seconds >= 0 && seconds <= 3600) return seconds;
  throw new UsageError(`--rejoin must be a number of seconds from 0 to 3600, but is ${value}`);
}

function sampleRate(value: string | undefined): number | 'all' | undefined {
  if (value === undefined || value === 'all') return value;
  const rate = Number(value);
  if (rate > 0 && rate <= 120) return rate;
  throw new UsageError(
    `--sample-rate must be "all" or a number above 0, at most 120, but is ${value}`,
  );
}
