import { parseArgs } from 'node:util';
import {
  type CountFigures,
  type CountScore,
  combineCounts,
  countFigures,
  scoreCounts,
} from '../src/metrics/count-score.ts';
import {
  combineDetections,
  type DetectionFigures,
  type DetectionScore,
  detectionFigures,
  scoreDetections,
} from '../src/metrics/detection-score.ts';
import { MotDataError } from '../src/metrics/mot-text.ts';
import {
  combineTracking,
  scoreTracking,
  type TrackingFigures,
  type TrackingScore,
  trackingFigures,
} from '../src/metrics/tracking-score.ts';
import { type FigureColumn, figuresTable } from './figures-table.ts';
import { type Grader, gradeFolder, type SuiteFigures } from './grade-suite.ts';
import type { MotSequence } from './mot-folder.ts';
import { give, tell } from './tell.ts';

const USAGE = `Usage: footpath evaluate --truth DIR --results DIR [--counts | --detections] [--json]

Grades tracks against ground truth: HOTA, CLEAR (MOTA) and Identity (IDF1), for each sequence and
combined, equal to TrackEval's figures.

  --truth DIR     MOTChallenge sequences, each a folder with seqinfo.ini and gt/gt.txt,
                  or a folder of several such suites
  --results DIR   <sequence>.txt for each sequence to grade, or <suite>/<sequence>.txt
  --counts        grade how people are counted: people of the truth and numbers of the result, visits
                  (a person's stretches without a gap of over a second) and those that one number has
                  whole, begin and end within half a second, numbers that hold two people, numbers on
                  nobody, people missed; the truth must have one id a person, however often they come
  --detections    grade single boxes by their scores (column 7) instead of tracks: AP50 and AP50:95 as
                  COCO computes them, recall at the score that leaves half a false box a frame, and both
                  by height of the person: far below 30 pixels, medium below 80, near from there on
  --json          figures as JSON instead of a table
`;

/** A results file does not say how fast its tracker was; the member stands where the peers' tables have it. */
const UNKNOWN_SPEED = { fps: null };

const TRACKING: Grader<TrackingScore, TrackingFigures & typeof UNKNOWN_SPEED> = {
  score: (truth, rows, sequence) =>
    scoreTracking(truth, rows, sequence.frameCount, isMot20(sequence)),
  combine: combineTracking,
  figures: (score) => ({ ...trackingFigures(score), ...UNKNOWN_SPEED }),
};
const TRACKING_COLUMNS: FigureColumn<TrackingFigures>[] = [
  ...columns(
    2,
    'HOTA',
    'DetA',
    'AssA',
    'LocA',
    'MOTA',
    'MOTP',
    'IDF1',
    'IDP',
    'IDR',
    'Rcll',
    'Prcn',
  ),
  ...columns(0, 'FP', 'FN', 'IDSW', 'Frag', 'GTids', 'MT', 'PT', 'ML'),
];

const COUNTS: Grader<CountScore, CountFigures> = {
  score: (truth, rows, sequence) =>
    scoreCounts(truth, rows, sequence.frameCount, sequence.frameRate, isMot20(sequence)),
  combine: combineCounts,
  figures: countFigures,
};
const COUNT_COLUMNS: FigureColumn<CountFigures>[] = columns(
  0,
  'People',
  'Numbers',
  'Visits',
  'Whole',
  'Mixed',
  'False',
  'Missed',
);

const DETECTION: Grader<DetectionScore, DetectionFigures> = {
  score: (truth, rows, sequence) =>
    scoreDetections(truth, rows, sequence.frameCount, isMot20(sequence)),
  combine: combineDetections,
  figures: detectionFigures,
};
const DETECTION_COLUMNS: FigureColumn<DetectionFigures>[] = [
  ...columns(2, 'AP50', 'AP50:95', 'Recall'),
  ...columns(3, 'Score'),
  ...columns(2, 'AP50far', 'AP50medium', 'AP50near', 'RecallFar', 'RecallMedium', 'RecallNear'),
  ...columns(0, 'GT', 'GTfar', 'GTmedium', 'GTnear'),
];

/** Only the name tells MOT20, whose rules differ in one class. */
function isMot20(sequence: MotSequence): boolean {
  return sequence.name.startsWith('MOT20');
}

function columns<Name extends string>(digits: number, ...names: Name[]) {
  return names.map((name) => ({ name, digits }));
}

/**
 * Runs `footpath evaluate`: grades results in MOTChallenge's form against ground truth, prints the
 * figures on standard output and what was left out on standard error.
 * @param args what stands after `footpath evaluate`
 * @returns exit code: 0 graded, 1 the input cannot be graded, 2 wrong usage
 */
export async function evaluate(args: string[]): Promise<number> {
  const options = readOptions(args);
  if (typeof options === 'string') {
    tell(`footpath evaluate: ${options}\n\n${USAGE}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  try {
    const warn = (line: string) => tell(`${line}\n`);
    const { truth, results, json, detections, counts } = options;
    const text = detections
      ? print(gradeFolder(truth, results, DETECTION, warn), DETECTION_COLUMNS, json)
      : counts
        ? print(gradeFolder(truth, results, COUNTS, warn), COUNT_COLUMNS, json)
        : print(gradeFolder(truth, results, TRACKING, warn), TRACKING_COLUMNS, json);
    give(text);
    return 0;
  } catch (error) {
    if (!(error instanceof MotDataError)) throw error;
    tell(`footpath evaluate: ${error.message}\n`);
    return 1;
  }
}

interface Options {
  readonly truth: string;
  readonly results: string;
  readonly detections: boolean;
  readonly counts: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

/** The options, or what is wrong with them. */
function readOptions(args: string[]): Options | string {
  try {
    const { values } = parseArgs({
      args,
      options: {
        truth: { type: 'string', default: '' },
        results: { type: 'string', default: '' },
        detections: { type: 'boolean', default: false },
        counts: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (!values.help && (values.truth === '' || values.results === '')) {
      return '--truth and --results are both needed.';
    }
    if (values.counts && values.detections) return '--counts and --detections exclude each other.';
    return values;
  } catch (error) {
    return (error as Error).message;
  }
}

/** JSON, or one table for each suite. */
function print<Figures>(
  figures: SuiteFigures<Figures> | Record<string, SuiteFigures<Figures>>,
  columns: readonly FigureColumn<Figures>[],
  json: boolean,
): string {
  if (json) return `${JSON.stringify(figures, null, 1)}\n`;
  if (isSuite(figures)) return figuresTable('Sequence', figures, columns);
  return Object.entries(figures)
    .map(([name, suite]) => figuresTable(name, suite, columns))
    .join('\n');
}

function isSuite<Figures>(
  figures: SuiteFigures<Figures> | Record<string, SuiteFigures<Figures>>,
): figures is SuiteFigures<Figures> {
  return 'COMBINED' in figures;
}
