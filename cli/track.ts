import { basename } from 'node:path';
import { messageOf } from '../src/contract/message-of.ts';
import type { JobProgress } from '../src/engine/job.ts';
import { manifestText, type ResultManifest } from '../src/export/result-manifest.ts';
import { associatePartsCommand } from './associate-parts-command.ts';
import { writeOut } from './broken-output.ts';
import { chromiumMissing, findChromium } from './chromium.mjs';
import { counted, resultText } from './counted.ts';
import {
  type HeadlessPageOptions,
  Interruption,
  inHeadlessPage,
  untilInterrupted,
} from './headless-page.ts';
import { OutputFile } from './output-file.ts';
import { ProgressLine } from './progress-line.ts';
import { RunFolder } from './run-folder.ts';
import { tell } from './tell.ts';
import { parseTrackOptions, TRACK_USAGE, type TrackOptions } from './track-options.ts';

/** What the headless page answers; see src/app/headless.ts. */
interface Ending {
  failure?: string;
  people: number;
  elements: number;
  /** Whether people are so small that others may be missing for it. */
  areSmall: boolean;
  report?: { decode?: { framesDamaged: number; partsUnread?: number } };
  counts?: object;
  manifest?: ResultManifest;
}

function say(text: string): void {
  tell(`footpath track: ${text}\n`);
}

function smallPeople({ page }: TrackOptions): string {
  const remedy =
    page.settings.quality === 'accurate'
      ? 'a camera that is nearer, or a video of that part of the picture only, shows more'
      : '--quality accurate finds more';
  return `people are small here, and others may be missing for it: ${remedy}`;
}

/**
 * `footpath track`: the app's own code in a headless Chromium, on a file of this computer, which is read in parts.
 * @returns the exit code
 */
export async function track(args: string[]): Promise<number> {
  if (args.some((arg) => /^--from-detections(=|$)/.test(arg))) {
    return associatePartsCommand(args, 'from-detections', TRACK_USAGE);
  }
  let options: TrackOptions | undefined;
  try {
    options = await parseTrackOptions(args);
  } catch (error) {
    say(`${messageOf(error)}\n\n${TRACK_USAGE}`);
    return 2;
  }
  if (!options) {
    process.stdout.write(TRACK_USAGE);
    return 0;
  }
  const executablePath = findChromium();
  if (!executablePath) {
    say(chromiumMissing());
    return 1;
  }
  const line = new ProgressLine(process.stderr);
  const interrupted = untilInterrupted();
  let run: RunFolder | undefined;
  let out: OutputFile | undefined;
  let counts: OutputFile | undefined;
  let manifest: OutputFile | undefined;
  try {
    run = await RunFolder.open();
    if (options.out !== undefined) out = await OutputFile.open(options.out, run);
    if (out && options.scene) counts = await OutputFile.open(countsBeside(out), run);
    if (options.manifest !== undefined) manifest = await OutputFile.open(options.manifest, run);
    const { video, model } = options;
    const page = { executablePath, run, video, model, log: say, interrupted };
    const ending = await runInPage(page, options, out, line);
    line.end();
    if (ending.counts) await counts?.write(`${JSON.stringify(ending.counts, undefined, 1)}\n`);
    if (options.report) {
      tell(`${JSON.stringify(ending.report, null, 2)}\n`);
    }
    const { framesDamaged = 0, partsUnread = 0 } = ending.report?.decode ?? {};
    if (framesDamaged > 0) say(`WARNING: ${counted(framesDamaged, 'damaged frame')} left out`);
    if (partsUnread > 0) {
      say(`WARNING: the file is damaged in ${counted(partsUnread, 'place')}, passed over`);
    }
    if (ending.areSmall) say(`NOTE: ${smallPeople(options)}`);
    if (ending.manifest) await manifest?.write(manifestText(named(ending.manifest, video)));
    else {
      await manifest?.discard();
      manifest = undefined;
    }
    if (ending.failure === undefined) {
      await out?.keep();
      await counts?.keep();
      await manifest?.keep();
      tell(`${resultText(ending.people, ending.elements)}\n`);
      return 0;
    }
    say(ending.failure);
    // Half a count called whole would mislead.
    await counts?.discard();
    const isOlderThere = out?.isThere || manifest?.isThere;
    for (const file of [out, manifest]) {
      if (!file) continue;
      const place = isOlderThere ? file.besides('failed') : file.path;
      await file.keep(place);
      if (isOlderThere) say(`${file.path} is left as it was; what was found is in ${place}`);
    }
    return 1;
  } catch (error) {
    line.end();
    await out?.discard();
    await counts?.discard();
    await manifest?.discard();
    say(messageOf(error));
    return error instanceof Interruption ? error.exitCode : 1;
  } finally {
    await run?.close();
  }
}

/** `people.json` has its counts in `people.counts.json`, whatever the result's own ending. */
function countsBeside(out: OutputFile): string {
  return out.besides('counts').replace(/(\.json)?$/, '.json');
}

/** A manifest with the video's name instead of the page's. */
function named(manifest: ResultManifest, video: string): ResultManifest {
  return { ...manifest, video: { ...manifest.video, name: basename(video) } };
}

function runInPage(
  page: HeadlessPageOptions,
  options: TrackOptions,
  out: OutputFile | undefined,
  line: ProgressLine,
): Promise<Ending> {
  return inHeadlessPage(
    page,
    {
      footpathProgress: (progress: JobProgress) => line.show(progress),
      footpathWrite: async (text: string) => {
        if (out) await out.write(text);
        else await writeOut(text);
      },
    },
    (page) =>
      page.evaluate(
        ({ format, settings }) =>
          (
            globalThis as unknown as {
              footpathTrackFile(format: string, options: unknown): Promise<Ending>;
            }
          ).footpathTrackFile(format, settings),
        {
          format: options.format,
          settings: {
            ...options.page,
            ...(options.scene ? { scene: options.scene } : {}),
            manifest: options.manifest !== undefined,
          },
        },
      ),
  );
}
