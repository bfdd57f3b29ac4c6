import { join } from 'node:path';
import { MotDataError, type MotRows } from '../src/metrics/mot-text.ts';
import {
  listFolders,
  listResults,
  listSequences,
  type MotSequence,
  readResults,
  readTruth,
} from './mot-folder.ts';

/** A way to grade: counts of one sequence, their combination, and the figures to show. */
export interface Grader<Score, Figures> {
  score(truth: MotRows, rows: MotRows, sequence: MotSequence): Score;
  combine(scores: readonly Score[]): Score;
  figures(score: Score): Figures;
}

/** Figures of each graded sequence, and of all together. */
export interface SuiteFigures<Figures> {
  readonly sequences: Record<string, Figures>;
  readonly COMBINED: Figures;
}

/**
 * Grades a folder of results against a folder of sequences. Where the truth folder holds suites instead
 * (folders of sequences), each suite that has a folder of results is graded.
 * @param warn takes a line on sequences without results and results without a sequence
 * @returns one suite, or suites by name
 * @throws MotDataError when a folder is missing, a file malformed, or no result has its sequence
 */
export function gradeFolder<Score, Figures>(
  truthFolder: string,
  resultsFolder: string,
  grader: Grader<Score, Figures>,
  warn: (line: string) => void,
): SuiteFigures<Figures> | Record<string, SuiteFigures<Figures>> {
  const sequences = listSequences(truthFolder);
  if (sequences.length > 0) return gradeSuite(sequences, resultsFolder, grader, warn);
  const suites: Record<string, SuiteFigures<Figures>> = {};
  const resultFolders = new Set(listFolders(resultsFolder));
  for (const suite of listFolders(truthFolder)) {
    const inSuite = resultFolders.has(suite) ? listSequences(join(truthFolder, suite)) : [];
    if (inSuite.length === 0) continue;
    suites[suite] = gradeSuite(inSuite, join(resultsFolder, suite), grader, warn);
  }
  if (Object.keys(suites).length > 0) return suites;
  throw new MotDataError(
    `${truthFolder}: no sequence here (a folder with seqinfo.ini and gt/gt.txt), and no suite of sequences that ${resultsFolder} has a folder for.`,
  );
}

function gradeSuite<Score, Figures>(
  sequences: readonly MotSequence[],
  resultsFolder: string,
  grader: Grader<Score, Figures>,
  warn: (line: string) => void,
): SuiteFigures<Figures> {
  const results = new Set(listResults(resultsFolder));
  const figures: Record<string, Figures> = {};
  const scores: Score[] = [];
  const missing: string[] = [];
  for (const sequence of sequences) {
    if (!results.delete(sequence.name)) {
      missing.push(sequence.name);
      continue;
    }
    const rows = readResults(join(resultsFolder, `${sequence.name}.txt`));
    const score = scoreNamed(grader, readTruth(sequence), rows, sequence);
    figures[sequence.name] = grader.figures(score);
    scores.push(score);
  }
  if (scores.length === 0) {
    throw new MotDataError(
      `${resultsFolder}: no results for any of the sequences ${missing.join(', ')} (each needs its <sequence>.txt).`,
    );
  }
  if (missing.length > 0) warn(`Not graded, without results: ${missing.join(', ')}`);
  if (results.size > 0) warn(`Not graded, without a sequence: ${[...results].join(', ')}`);
  return { sequences: figures, COMBINED: grader.figures(grader.combine(scores)) };
}

function scoreNamed<Score, Figures>(
  grader: Grader<Score, Figures>,
  truth: MotRows,
  rows: MotRows,
  sequence: MotSequence,
): Score {
  try {
    return grader.score(truth, rows, sequence);
  } catch (error) {
    if (!(error instanceof MotDataError)) throw error;
    throw new MotDataError(`${sequence.name}, ${error.message}`, { cause: error });
  }
}
