import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { formatMot, MotDataError } from '../src/metrics/mot-text.ts';
import {
  isTrackerName,
  refinesByDefault,
  TRACKER_NAMES,
  type TrackerName,
} from '../src/track/trackers/create-tracker.ts';
import { associateSequence } from './associate-sequence.ts';
import { detectionsByFrame } from './mot-detections.ts';
import { listSequences, type MotSequence, readDetections } from './mot-folder.ts';

const USAGE = `Usage: footpath associate --detections DIR --out DIR [options]

Tracks given detections, without video: reads MOTChallenge folders (<sequence>/seqinfo.ini and
<sequence>/det/det.txt), writes <sequence>.txt and prints frames a second (tracking only).

  --detections DIR      sequences
  --out DIR             where the results go; made when missing
  --tracker NAME        ${TRACKER_NAMES.join(', ')} (default: footpath)
  --score-threshold N   score from 0 to 1 from which a detection is sure; belongs to the detector
                        (default: 0.5)
  --refine, --no-refine whether to refine with the future known; by default footpath is refined,
                        the published trackers are left as they are
`;

/**
 * Runs `footpath associate`.
 * @param args what stands after `footpath associate`
 * @returns exit code: 0 done, 1 the input cannot be tracked or the results not written, 2 wrong usage
 */
export async function associate(args: string[]): Promise<number> {
  const options = readOptions(args);
  if (typeof options === 'string') {
    process.stderr.write(`footpath associate: ${options}\n\n${USAGE}`);
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
    makeFolder(options.out);
    await associateAll(sequences, options);
    return 0;
  } catch (error) {
    if (!(error instanceof MotDataError)) throw error;
    process.stderr.write(`footpath associate: ${error.message}\n`);
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

async function associateAll(sequences: readonly MotSequence[], options: Options): Promise<void> {
  let frames = 0;
  let tracking = 0;
  let refinement = 0;
  for (const sequence of sequences) {
    const name = join(sequence.folder, 'det/det.txt');
    const detections = detectionsByFrame(readDetections(sequence), sequence.frameCount, name);
    const done = await associateSequence(detections, sequence.frameRate, options);
    writeResult(join(options.out, `${sequence.name}.txt`), formatMot(done.rows));
    const people = new Set(done.rows.ids).size;
    const speed = speedText(sequence.frameCount, done.trackingSeconds, done.refinementSeconds);
    process.stdout.write(
      `${sequence.name}: ${sequence.frameCount} frames, ${people} people, ${speed}\n`,
    );
    frames += sequence.frameCount;
    tracking += done.trackingSeconds;
    refinement += done.refinementSeconds;
  }
  process.stdout.write(`all: ${frames} frames, ${speedText(frames, tracking, refinement)}\n`);
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
        'score-threshold': { type: 'string', default: '0.5' },
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

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new MotDataError(`${path}: this folder cannot be made.`, { cause: error });
  }
}

function writeResult(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new MotDataError(`${path}: this file cannot be written.`, { cause: error });
  }
}
