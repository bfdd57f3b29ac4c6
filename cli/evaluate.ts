import { parseArgs } from 'node:util';
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

const USAGE = `Usage: footpath evaluate --truth DIR --results DIR [--json]

Grades tracks against ground truth: HOTA, CLEAR (MOTA) and Identity (IDF1), for each sequence and
combined, equal to TrackEval's figures.

  --truth DIR     MOTChallenge sequences, each a folder with seqinfo.ini and gt/gt.txt,
                  or a folder of several such suites
  --results DIR   <sequence>.txt for each sequence to grade, or <suite>/<sequence>.txt
  --json          figures as JSON instead of a table
`;

/** A results file does not say how fast its tracker was; the member stands where the peers' tables have it. */
const UNKNOWN_SPEED = { fps: null };

const TRACKING: Grader<TrackingScore, TrackingFigures & typeof UNKNOWN_SPEED> = {
  score: (truth, rows, sequence) =>
    scoreTracking(truth, rows, sequence.frameCount, sequence.name.startsWith('MOT20')),
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
    process.stderr.write(`footpath evaluate: ${options}\n\n${USAGE}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  try {
    const warn = (line: string) => process.stderr.write(`${line}\n`);
    const figures = gradeFolder(options.truth, options.results, TRACKING, warn);
    process.stdout.write(
      options.json ? `${JSON.stringify(figures, null, 1)}\n` : tables(figures, TRACKING_COLUMNS),
    );
    return 0;
  } catch (error) {
    if (!(error instanceof MotDataError)) throw error;
    process.stderr.write(`footpath evaluate: ${error.message}\n`);
    return 1;
  }
}

interface Options {
  readonly truth: string;
  readonly results: string;
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
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (!values.help && (values.truth === '' || values.results === '')) {
      return '--truth and --results are both needed.';
    }
    return values;
  } catch (error) {
    return (error as Error).message;
  }
}

/** One table, or one for each suite. */
function tables<Figures>(
  figures: SuiteFigures<Figures> | Record<string, SuiteFigures<Figures>>,
  columns: readonly FigureColumn<Figures>[],
): string {
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
