/**
 * `footpath detect`: the first half of `footpath track`, for a video or a part of it.
 * Long because its words for the command line and what each option comes to are one thing to read.
 */

import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { FailureRecord } from '../src/contract/failure.ts';
import { messageOf } from '../src/contract/message-of.ts';
import type { DetectorReport, VideoInfo } from '../src/engine/ports.ts';
import {
  BACKEND_CHOICES,
  DEFAULT_SETTINGS,
  KNOWN_AGAIN_BY,
  MODEL_NAMES,
  type OwnModelRecord,
  QUALITY_CHOICES,
  type TrackingSettings,
} from '../src/engine/settings.ts';
import { chromiumMissing, findChromium } from './chromium.mjs';
import { counted } from './counted.ts';
import { keepPart, PartWriter } from './detection-part.ts';
import { fileHash } from './file-hash.ts';
import { givenVideo } from './given-files.ts';
import { Interruption, inHeadlessPage, untilInterrupted } from './headless-page.ts';
import { makeFolder } from './make-folder.ts';
import { PARTIAL_SUFFIX, RunFolder } from './run-folder.ts';
import { tell } from './tell.ts';
import { chooseModel, count, numberBy, oneOf } from './track-options.ts';
import { UsageError } from './usage-error.ts';

const APP = fileURLToPath(new URL('../app', import.meta.url));

const DETECT_USAGE = `Usage: footpath detect VIDEO --out DIR [options]

Finds people in a video, or in a part of it, and follows nobody: DIR then holds the detections in MOTChallenge's form.
footpath associate --parts makes of one or several such parts, together the whole video, what footpath track gives.

  --out DIR             where the detections go when they are whole; must not be there yet, or be empty
  --from T              the part's first second, from the video's start (default 0)
  --to T                the second before which it ends (default: the video's end)
  --part K/N            in place of these: the Kth of N parts of equal length, from 1/N to N/N
  --sample-rate N|all   samples a second (default 15), or every frame
  --detect-every N      look for people in every Nth sample of the video, 1 (default) to 10; parts need the same
  --quality NAME        fast, balanced (default), accurate, or auto: as good as this computer has time for
  --no-motion-gate      detect people in the whole picture every time, changed or not
  --model NAME|FILE     what finds the people: ${MODEL_NAMES.join(' (default), ')}, or an ONNX file of your own
  --model-family NAME   what kind of network the file holds: yolox, rtmdet
  --known-again-by NAME what people are known again by: ${KNOWN_AGAIN_BY.join(', ')} (default)
  --backend NAME        ${BACKEND_CHOICES.join(', ').replace('auto', 'auto (default)')}; parts of one video need the same,
                        and int8 gives the same bits on every processor
  --workers N           detector threads (default: one a core)

Exit codes: 0 done, 1 failed (nothing is left in DIR), 2 wrong usage, 130 ended by Ctrl-C.
`;

interface DetectCommand {
  readonly video: string;
  readonly out: string;
  readonly model: { readonly id: string; readonly file: string; readonly own: boolean };
  readonly from: number;
  readonly to: number | undefined;
  readonly equal: { readonly part: number; readonly of: number } | undefined;
  readonly settings: Partial<TrackingSettings>;
  readonly workers: number | undefined;
  readonly modelFamily: OwnModelRecord['family'] | undefined;
}

function seconds(option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = value.trim() === '' ? Number.NaN : Number(value);
  if (Number.isFinite(number) && number >= 0) return number;
  throw new UsageError(`${option} must be a number of seconds from 0 up, but is ${value}`);
}

function equalPart(value: string | undefined): { part: number; of: number } | undefined {
  if (value === undefined) return undefined;
  const [, part = 0, of = 0] = /^(\d+)\/(\d+)$/.exec(value)?.map(Number) ?? [];
  if (part >= 1 && part <= of) return { part, of };
  throw new UsageError(`--part must be K/N, K from 1 to N, but is ${value}`);
}

/** @returns undefined where help was asked for @throws Error that says what is wrong */
async function parseDetectCommand(args: string[]): Promise<DetectCommand | undefined> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    allowNegative: true,
    options: {
      out: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      part: { type: 'string' },
      'sample-rate': { type: 'string' },
      'detect-every': { type: 'string' },
      quality: { type: 'string' },
      'motion-gate': { type: 'boolean' },
      model: { type: 'string' },
      'model-family': { type: 'string' },
      backend: { type: 'string' },
      'known-again-by': { type: 'string' },
      workers: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return undefined;
  const video = await givenVideo(positionals);
  if (values.out === undefined) throw new UsageError('--out names the folder of the detections');
  const out = resolve(values.out);
  const inside = await readdir(out).catch(({ code }: NodeJS.ErrnoException) =>
    code === 'ENOENT' ? [] : undefined,
  );
  if (inside === undefined || inside.length > 0) {
    throw new UsageError(`--out ${values.out} is there already, and is no empty folder`);
  }
  const from = seconds('--from', values.from) ?? 0;
  const to = seconds('--to', values.to);
  if (to !== undefined && to <= from) {
    throw new UsageError(`--to must be behind --from ${from}, but is ${to}`);
  }
  const equal = equalPart(values.part);
  if (equal && (values.from !== undefined || values.to !== undefined)) {
    throw new UsageError('--part takes the place of --from and --to');
  }
  const rate =
    values['sample-rate'] === 'all'
      ? 'all'
      : numberBy('sampleRate', '--sample-rate', values['sample-rate']);
  const every = numberBy('detectEvery', '--detect-every', values['detect-every']);
  const quality = oneOf('--quality', values.quality, QUALITY_CHOICES);
  const backend = oneOf('--backend', values.backend, BACKEND_CHOICES);
  const knownAgainBy = oneOf('--known-again-by', values['known-again-by'], KNOWN_AGAIN_BY);
  const { file: own, family, name } = await chooseModel(values.model, values['model-family']);
  const id = name ?? DEFAULT_SETTINGS.model;
  return {
    video: resolve(video),
    out,
    model:
      own === undefined
        ? { id, file: join(APP, 'models', id, 'manifest.json'), own: false }
        : { id: basename(own), file: own, own: true },
    from,
    to,
    equal,
    settings: {
      ...(name === undefined ? {} : { model: name }),
      ...(rate === undefined ? {} : { sampleRate: rate }),
      ...(every === undefined ? {} : { detectEvery: every }),
      ...(quality === undefined ? {} : { quality }),
      ...(values['motion-gate'] === undefined ? {} : { motionGate: values['motion-gate'] }),
      ...(backend === undefined ? {} : { backend }),
      ...(knownAgainBy === undefined ? {} : { knownAgainBy }),
    },
    workers: count('--workers', values.workers),
    modelFamily: family,
  };
}

function say(text: string): void {
  tell(`footpath detect: ${text}\n`);
}

/** What the page writes: see workers/detect.worker.ts. */
interface Head {
  readonly range: { readonly from: number; readonly to: number | null };
  readonly video: VideoInfo;
  readonly detector: DetectorReport;
}

/** Takes the page's lines, the first of which is about the video. */
class LineReader {
  readonly part = new PartWriter();
  head: Head | undefined;
  #rest = '';
  #percent = -1;

  read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const found = JSON.parse(line);
      if (this.head === undefined) {
        this.head = found;
        continue;
      }
      this.part.add(found);
      const { range, video } = this.head!;
      const { from, to } = range;
      const end = Math.min(to ?? Number.POSITIVE_INFINITY, video.durationMs / 1000);
      const percent = Math.min(100, (100 * (found.timeSeconds - from)) / (end - from));
      if (!(percent >= this.#percent + 10)) continue;
      this.#percent = percent - (percent % 10);
      tell(`detecting ${this.#percent} %\n`);
    }
  }
}

/**
 * `footpath detect`: the app's own detection in a headless Chromium.
 * @returns the exit code
 */
export async function detect(args: string[]): Promise<number> {
  let command: DetectCommand | undefined;
  try {
    command = await parseDetectCommand(args);
  } catch (error) {
    say(`${messageOf(error)}\n\n${DETECT_USAGE}`);
    return 2;
  }
  if (!command) {
    process.stdout.write(DETECT_USAGE);
    return 0;
  }
  const executablePath = findChromium();
  if (!executablePath) {
    say(chromiumMissing());
    return 1;
  }
  const interrupted = untilInterrupted();
  let run: RunFolder | undefined;
  try {
    run = await RunFolder.open();
    const found = await detectInPage(command, executablePath, run, interrupted);
    tell(`${counted(found, 'sample')}\n`);
    return 0;
  } catch (error) {
    say(messageOf(error));
    return error instanceof Interruption ? error.exitCode : 1;
  } finally {
    await run?.close();
  }
}

async function detectInPage(
  command: DetectCommand,
  executablePath: string,
  run: RunFolder,
  interrupted: Promise<never>,
): Promise<number> {
  const { video, out, model, from, to, equal, settings, workers, modelFamily } = command;
  // Made first: where nothing can be written, nothing is computed.
  const partial = join(dirname(out), `.${basename(out)}.${process.pid}${PARTIAL_SUFFIX}`);
  await run.adopt(partial);
  await makeFolder(partial);
  try {
    const hash = fileHash(video);
    hash.catch(() => {});
    const lines = new LineReader();
    const ending = await inHeadlessPage(
      {
        executablePath,
        run,
        video,
        model: model.own ? model.file : undefined,
        log: say,
        interrupted,
      },
      { footpathWrite: (text: string) => lines.read(text) },
      (page) =>
        page.evaluate(
          (options) =>
            (
              globalThis as unknown as {
                footpathDetectFile(options: unknown): Promise<{
                  detector?: DetectorReport;
                  video?: VideoInfo;
                  failure?: FailureRecord;
                }>;
              }
            ).footpathDetectFile(options),
          {
            settings,
            from,
            ...(to === undefined ? {} : { to }),
            ...(equal === undefined ? {} : { equal }),
            ...(workers === undefined ? {} : { workers }),
            ...(modelFamily === undefined ? {} : { modelFamily }),
          },
        ),
    );
    if (ending.failure) throw new Error(ending.failure.message);
    const { head, part } = lines;
    if (!head || !ending.detector) throw new Error('the video gave no answer');
    const { fingerprint, backend, inputs, scoreThreshold, motionGate, identity } = ending.detector;
    if (backend !== head.detector.backend) {
      throw new Error(
        `the backend ${head.detector.backend} was lost on the way; detect this part again`,
      );
    }
    const lengthMs = ending.video?.durationMs ?? 0;
    const isLonger = head.range.to === null && lengthMs > head.video.durationMs;
    await part.write(partial, basename(out), {
      video: {
        name: basename(video),
        bytes: (await stat(video)).size,
        sha256: await hash,
      },
      range: head.range,
      info: head.video,
      ...(isLonger && { lengthMs }),
      sampleRate: settings.sampleRate ?? DEFAULT_SETTINGS.sampleRate,
      model: { id: model.id, sha256: await fileHash(model.file) },
      detector: {
        ...{ fingerprint, backend, inputs, scoreThreshold },
        ...(motionGate && { motionGate }),
        ...(identity && { identity }),
      },
      detectEvery: settings.detectEvery ?? DEFAULT_SETTINGS.detectEvery,
    });
    await keepPart(partial, out);
    return part.samples;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}
