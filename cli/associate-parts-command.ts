/** The command line of `footpath associate --parts`. */
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { DEFAULT_SETTINGS, type TrackingSettings } from '../src/engine/settings.ts';
import { refinesByDefault, TRACKER_NAMES } from '../src/track/trackers/create-tracker.ts';
import { associateParts } from './associate-parts.ts';
import { OutputFile } from './output-file.ts';
import { RunFolder } from './run-folder.ts';
import { UsageError } from './serve-options.ts';
import { numberBy, oneOf } from './track-options.ts';

interface PartsCommand {
  readonly parts: readonly string[];
  readonly out: string | undefined;
  readonly format: 'rekognition' | 'mot';
  readonly settings: TrackingSettings;
}

/** @returns undefined where help was asked for @throws Error that says what is wrong */
async function parsePartsCommand(args: string[]): Promise<PartsCommand | undefined> {
  const { values } = parseArgs({
    args,
    allowNegative: true,
    options: {
      parts: { type: 'string', multiple: true, default: [] },
      out: { type: 'string' },
      format: { type: 'string', default: 'rekognition' },
      tracker: { type: 'string' },
      refine: { type: 'boolean' },
      rejoin: { type: 'string' },
      fill: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return undefined;
  const { out, refine, fill } = values;
  if (out !== undefined && (await stat(out).catch(() => undefined))?.isDirectory()) {
    throw new UsageError(`--out ${out} is a folder; with --parts it names a file`);
  }
  const tracker = oneOf('--tracker', values.tracker, TRACKER_NAMES) ?? DEFAULT_SETTINGS.tracker;
  return {
    parts: values.parts,
    out,
    format: oneOf('--format', values.format, ['rekognition', 'mot'] as const) ?? 'rekognition',
    settings: {
      ...DEFAULT_SETTINGS,
      tracker,
      refine: refine ?? refinesByDefault(tracker),
      fillGaps: fill ?? DEFAULT_SETTINGS.fillGaps,
      rejoinSeconds:
        numberBy('rejoinSeconds', '--rejoin', values.rejoin) ?? DEFAULT_SETTINGS.rejoinSeconds,
    },
  };
}

function say(text: string): void {
  process.stderr.write(`footpath associate: ${text}\n`);
}

/**
 * Runs `footpath associate --parts`.
 * @returns exit code: 0 done, 1 the parts cannot be joined or the result not written, 2 wrong usage
 */
export async function associatePartsCommand(args: string[], usage: string): Promise<number> {
  let command: PartsCommand | undefined;
  try {
    command = await parsePartsCommand(args);
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
  if (!command) {
    process.stdout.write(usage);
    return 0;
  }
  let run: RunFolder | undefined;
  let out: OutputFile | undefined;
  try {
    run = await RunFolder.open();
    if (command.out !== undefined) out = await OutputFile.open(command.out, run);
    const found = await associateParts(command.parts, command.settings, command.format);
    for await (const piece of found.text) {
      if (out) await out.write(piece);
      else if (!process.stdout.write(piece)) await once(process.stdout, 'drain');
    }
    await out?.keep();
    process.stderr.write(`${found.people} people, ${found.elements} boxes\n`);
    return 0;
  } catch (error) {
    await out?.discard();
    say(error instanceof Error ? error.message : String(error));
    return 1;
  } finally {
    await run?.close();
  }
}
