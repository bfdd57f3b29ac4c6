/** The command line of detections that are at hand: `footpath track --from-detections`, or `associate --parts`. */

import { stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { messageOf } from '../src/contract/message-of.ts';
import { DEFAULT_SETTINGS, followingSettings, KNOWN_AGAIN_BY } from '../src/engine/settings.ts';
import { TRACKER_NAMES } from '../src/track/trackers/create-tracker.ts';
import { type AssociateSettings, associateParts } from './associate-parts.ts';
import { writeOut } from './broken-output.ts';
import { resultText } from './counted.ts';
import { OutputFile, outputPath } from './output-file.ts';
import { RunFolder } from './run-folder.ts';
import { tell } from './tell.ts';
import { numberBy, oneOf } from './track-options.ts';
import { UsageError } from './usage-error.ts';

/** The option that names the parts. */
export type PartsOption = 'parts' | 'from-detections';

/** What finds people anew, which needs their video. */
const DETECTING = [
  'sample-rate',
  'quality',
  'model',
  'model-family',
  'backend',
  'workers',
  'report',
];

interface PartsCommand {
  readonly parts: readonly string[];
  readonly out: string | undefined;
  readonly format: 'rekognition' | 'mot';
  readonly settings: AssociateSettings;
}

/** @returns undefined where help was asked for @throws Error that says what is wrong */
async function parsePartsCommand(
  args: string[],
  option: PartsOption,
): Promise<PartsCommand | undefined> {
  const { values, positionals } = parseArgs({
    args,
    allowNegative: true,
    allowPositionals: true,
    options: {
      [option]: { type: 'string', multiple: true },
      out: { type: 'string' },
      format: { type: 'string', default: 'rekognition' },
      tracker: { type: 'string' },
      refine: { type: 'boolean' },
      rejoin: { type: 'string' },
      fill: { type: 'boolean' },
      'detect-every': { type: 'string' },
      'score-threshold': { type: 'string' },
      'known-again-by': { type: 'string' },
      scene: { type: 'string' },
      manifest: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
      ...Object.fromEntries(
        DETECTING.map((name) => [
          name,
          { type: name === 'report' ? 'boolean' : 'string' } as const,
        ]),
      ),
    },
  });
  if (values.help) return undefined;
  if (positionals.length > 0) {
    throw new UsageError(`--${option} takes the place of a video; ${positionals[0]} is too much`);
  }
  const given = values as Record<string, unknown>;
  const others = DETECTING.filter((name) => given[name] !== undefined).map((name) => `--${name}`);
  if (others.length > 0) {
    throw new UsageError(
      `${others.join(', ')}: people are not looked for anew with --${option}; use footpath detect, or footpath track on the video`,
    );
  }
  if (values.scene !== undefined) {
    throw new UsageError(
      `--scene is for a video; with --${option} count the result with footpath count`,
    );
  }
  if (values.manifest !== undefined) {
    throw new UsageError(`--manifest is for a video; with --${option} nothing is known of one`);
  }
  const { refine, fill: fillGaps } = values;
  const out = outputPath(values.out);
  if (out !== undefined && (await stat(out).catch(() => undefined))?.isDirectory()) {
    throw new UsageError(`--out ${out} is a folder; with --${option} it names a file`);
  }
  const tracker = oneOf('--tracker', values.tracker, TRACKER_NAMES);
  const rejoinSeconds = numberBy('rejoinSeconds', '--rejoin', values.rejoin);
  const scoreThreshold = numberBy('scoreThreshold', '--score-threshold', values['score-threshold']);
  const every = numberBy('detectEvery', '--detect-every', values['detect-every']);
  const knownAgainBy = oneOf('--known-again-by', values['known-again-by'], KNOWN_AGAIN_BY);
  const {
    detectEvery: _,
    knownAgainBy: __,
    ...settings
  } = followingSettings(DEFAULT_SETTINGS, {
    tracker,
    refine,
    fillGaps,
    rejoinSeconds,
    scoreThreshold,
  });
  return {
    parts: given[option] as string[],
    out,
    format: oneOf('--format', values.format, ['rekognition', 'mot']),
    settings: {
      ...settings,
      ...(every === undefined ? {} : { detectEvery: every }),
      ...(knownAgainBy === undefined ? {} : { knownAgainBy }),
    },
  };
}

/**
 * Runs `footpath associate --parts` and `footpath track --from-detections`, which are one.
 * @param usage of the command that was called
 * @returns exit code: 0 done, 1 the parts cannot be joined or the result not written, 2 wrong usage
 */
export async function associatePartsCommand(
  args: string[],
  option: PartsOption,
  usage: string,
): Promise<number> {
  const name = option === 'parts' ? 'associate' : 'track';
  const say = (text: string) => tell(`footpath ${name}: ${text}\n`);
  let command: PartsCommand | undefined;
  try {
    command = await parsePartsCommand(args, option);
  } catch (error) {
    say(`${messageOf(error)}\n\n${usage}`);
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
      else await writeOut(piece);
    }
    await out?.keep();
    tell(`${resultText(found.people, found.elements)}\n`);
    return 0;
  } catch (error) {
    await out?.discard();
    say(messageOf(error));
    return 1;
  } finally {
    await run?.close();
  }
}
