import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../src/contract/message-of.ts';
import { formatMot, MotDataError } from '../src/metrics/mot-text.ts';
import { DEFAULT_SCORE_THRESHOLD } from '../src/track/tracker.ts';
import {
  isTrackerName,
  refinesByDefault,
  TRACKER_NAMES,
  type TrackerName,
} from '../src/track/trackers/create-tracker.ts';
import { associatePartsCommand } from './associate-parts-command.ts';
import { associateSequence } from './associate-sequence.ts';
import { counted } from './counted.ts';
import { makeFolder } from './make-folder.ts';
import { detectionsByFrame } from './mot-detections.ts';
import { detectionsPath, listSequences, type MotSequence, readDetections } from './mot-folder.ts';
import { isSameFile, writeWhole } from './output-file.ts';
import { RunFolder } from './run-folder.ts';
import { unitScores } from './score-scale.ts';
import { give, tell } from './tell.ts';

const USAGE = `Usage: footpath associate --detections DIR --out DIR [options]
       footpath associate --parts DIR --out FILE [options]

Tracks given detections, without video: reads MOTChallenge folders (<sequence>/seqinfo.ini and
<sequence>/det/det.txt), writes <sequence>.txt and prints frames a second (tracking only).
Scores of another scale than 0 to 1 are brought to it by a rule that is printed (docs/api.md).

  --detections DIR      sequences
  --out DIR             where the results go; made when missing
  --tracker NAME        ${TRACKER_NAMES.join(', ')} (default: footpath)
  --score-threshold N   score from 0 to 1 from which a detection is of high confidence; belongs to
                        the detector (default: ${DEFAULT_SCORE_THRESHOLD})
  --refine, --no-refine whether to refine with the future known; by default footpath is refined,
                        the published trackers are left as they are

With --parts, makes of the parts of one video (what footpath detect writes) what footpath track gives; the same as
footpath track --from-detections:

  --parts DIR           a part, or a folder of parts; may be repeated. Together they are the whole video
  --out FILE            where the result goes when it is whole (default, and -: standard output)
  --format NAME         rekognition (default) or mot
  --tracker, --refine, --no-refine, --no-fill, --rejoin N, --score-threshold N, --detect-every N, --known-again-by NAME
                        as of footpath track
`;

/**
 * Runs `footpath associate`.
 * @param args what stands after `footpath associate`
 * @returns exit code: 0 done, 1 the input cannot be tracked or the results not written, 2 wrong usage
 */
export async function associate(args: string[]): Promise<number> {
  if (args.some((arg) => arg === '--parts' || arg.startsWith('--parts='))) {
    return associatePartsCommand(args, 'parts', USAGE);
  }
  const options = readOptions(args);
  if (typeof options === 'string') {
    tell(`footpath associate: ${options}\n\n${USAGE}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  try {
    const sequences = listSequences(options.detections);
    if (sequences.length === 0) {
      throw new MotDataError(
        `${options.detections}: no sequence here (a folder with seqinfo.ini and det/det.txt).`,
      );
    }
    await makeResults(options.out);
    await refuseInputs(sequences, options);
    await associateAll(sequences, options);
    return 0;
  } catch (error) {
    if (!(error instanceof MotDataError)) throw error;
    say(error.message);
    return 1;
  }
}

interface Options {
  readonly detections: string;
  readonly out: string;
  readonly tracker: TrackerName;
  readonly scoreThreshold: number;
  readonly refine: boolean;
  readonly help: boolean;
}

function say(text: string): void {
  tell(`footpath associate: ${text}\n`);
}

function resultPath(options: Options, sequence: MotSequence): string {
  return join(options.out, `${sequence.name}.txt`);
}

/** What to do where there are detections and no people. */
function whyNobody(scores: Float64Array, { scoreThreshold }: Options): string {
  const sure = scores.filter((score) => score >= scoreThreshold).length;
  const found = `nobody, of ${scores.length} detections`;
  return sure === 0
    ? `${found}: none has the score ${scoreThreshold} of --score-threshold; the highest is ${scores.reduce((a, b) => Math.max(a, b))}`
    : `${found}: none of the ${sure} that have the score of --score-threshold goes on in the next frames`;
}

async function associateAll(sequences: readonly MotSequence[], options: Options): Promise<void> {
  const run = await RunFolder.open();
  try {
    await associateEach(sequences, options, run);
  } finally {
    await run.close();
  }
}

async function associateEach(
  sequences: readonly MotSequence[],
  options: Options,
  run: RunFolder,
): Promise<void> {
  let frames = 0;
  let tracking = 0;
  let refinement = 0;
  for (const sequence of sequences) {
    const name = detectionsPath(sequence);
    const rows = readDetections(sequence);
    const { scores, rule } = unitScores(rows.scores);
    if (rule !== undefined) say(`${name}: ${rule}`);
    const detections = detectionsByFrame({ ...rows, scores }, sequence.frameCount, name);
    const done = await associateSequence(detections, sequence.frameRate, options);
    await writeResult(resultPath(options, sequence), formatMot(done.rows), run);
    const people = new Set(done.rows.ids).size;
    if (people === 0 && rows.count > 0) say(`${name}: ${whyNobody(scores, options)}`);
    const speed = speedText(sequence.frameCount, done.trackingSeconds, done.refinementSeconds);
    give(
      `${sequence.name}: ${counted(sequence.frameCount, 'frame')}, ${counted(people, 'person', 'people')}, ${speed}\n`,
    );
    frames += sequence.frameCount;
    tracking += done.trackingSeconds;
    refinement += done.refinementSeconds;
  }
  give(`all: ${counted(frames, 'frame')}, ${speedText(frames, tracking, refinement)}\n`);
}

function speedText(frames: number, tracking: number, refinement: number): string {
  const rate = (seconds: number) => Math.round(frames / Math.max(1e-6, seconds));
  const refined = refinement > 0 ? `, refinement ${rate(refinement)} frames/s` : '';
  return `tracking ${rate(tracking)} frames/s${refined}`;
}

/** The options, or what is wrong with them. */
function readOptions(args: string[]): Options | string {
  try {
    const { values } = parseArgs({
      args,
      allowNegative: true,
      options: {
        detections: { type: 'string', default: '' },
        out: { type: 'string', default: '' },
        tracker: { type: 'string', default: 'footpath' },
        'score-threshold': { type: 'string', default: `${DEFAULT_SCORE_THRESHOLD}` },
        refine: { type: 'boolean' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const { tracker, detections, out, help } = values;
    if (!isTrackerName(tracker)) {
      return `--tracker is "${tracker}"; known are ${TRACKER_NAMES.join(', ')}.`;
    }
    const text = values['score-threshold'];
    const scoreThreshold = text.trim() === '' ? Number.NaN : Number(text);
    if (!(scoreThreshold >= 0 && scoreThreshold <= 1)) {
      return `--score-threshold is "${text}"; it must be a number from 0 to 1.`;
    }
    if (!help && (detections === '' || out === ''))
      return '--detections and --out are both needed.';
    const refine = values.refine ?? refinesByDefault(tracker);
    return { detections, out, tracker, scoreThreshold, refine, help };
  } catch (error) {
    return (error as Error).message;
  }
}

async function makeResults(path: string): Promise<void> {
  try {
    await makeFolder(path);
  } catch (error) {
    throw new MotDataError(`${path}: this folder cannot be made.`, { cause: error });
  }
}

/** @throws MotDataError when a result would take the place of what is read */
async function refuseInputs(sequences: readonly MotSequence[], options: Options): Promise<void> {
  const inputs = sequences.flatMap((sequence) => [
    detectionsPath(sequence),
    join(sequence.folder, 'seqinfo.ini'),
  ]);
  for (const sequence of sequences) {
    const path = resultPath(options, sequence);
    for (const input of inputs) {
      if (!(await isSameFile(path, input))) continue;
      throw new MotDataError(`${path}: this is the file ${input} that is read; it would be lost.`);
    }
  }
}

async function writeResult(path: string, text: string, run: RunFolder): Promise<void> {
  try {
    await writeWhole(path, text, run);
  } catch (error) {
    throw new MotDataError(messageOf(error), { cause: error });
  }
}
