import { constants } from 'node:buffer';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Analysis, analyze } from '../src/analytics/analyze.ts';
import { BUCKET_MS, type BucketName } from '../src/analytics/by-time.ts';
import { AnswerError, pathsFromAnswer } from '../src/analytics/paths-from-answer.ts';
import { parseScene, type Scene } from '../src/analytics/scene.ts';
import { SceneError } from '../src/analytics/scene-error.ts';
import { messageOf } from '../src/contract/message-of.ts';
import { ANALYSIS_TABLES, type AnalysisTable, analysesCsv } from '../src/export/analysis-csv.ts';
import { analysisJson } from '../src/export/analysis-json.ts';
import { readLongAnswer } from './long-answer.ts';
import { outputPath, writeWhole } from './output-file.ts';
import { RunFolder } from './run-folder.ts';
import { withClock } from './scene-clock.ts';
import { give, tell } from './tell.ts';
import { checkOutput, oneOf } from './track-options.ts';
import { UsageError } from './usage-error.ts';

/** Stands for what comes in by a pipe. */
const STANDARD_INPUT = '-';

const USAGE = `Usage: footpath count RESULT.json|DIR … --scene SCENE.json [options]

Counts finished results: who crossed which line which way, who stayed where and for how long. A result is
what "footpath track" writes, or GetPersonTracking's answer with all its pages in one list; of a folder
every .json file is one, but for scenes (.scene.json), and what "footpath track" puts beside it: counts, manifests,
and what a job that failed left beside an older result.
- is the standard input.
A result whose name tells when its video begins (door_20260301_093000.json) has that clock; a scene's
startsAt is of one result alone.

  --scene FILE        lines, zones, clock and calibration (docs/counting.md)
  --format NAME       json (default): everything; csv: one table
  --table NAME        with csv: ${ANALYSIS_TABLES.join(', ')} (default: times)
  --by NAME           ${Object.keys(BUCKET_MS).join(', ')} (default: hour)
  --separator NAME    with csv: comma, or semicolon, which goes with decimal commas (default: comma)
  --stand SECONDS     who stands still for this long is told of (default: 20)
  --out FILE          where to write when it is whole (default, and -: standard output)
`;

/**
 * Runs `footpath count`.
 * @param args what stands after `footpath count`
 * @returns exit code: 0 counted, 1 the input cannot be counted, 2 wrong usage
 */
export async function count(args: string[]): Promise<number> {
  try {
    const options = readOptions(args);
    if (options === 'help') {
      process.stdout.write(USAGE);
      return 0;
    }
    const scene = readScene(options.scene);
    const files = options.results.flatMap((path) => listResults(path, options.scene));
    await checkOutput('--out', options.out, [...files, options.scene]);
    const analyses = files.map((file) => ({
      file,
      analysis: analyzeFile(file, sceneOf(file, scene, files.length), options.standMs),
    }));
    const text =
      options.format === 'json'
        ? `${JSON.stringify(
            analyses.map(({ file, analysis }) => ({
              result: file,
              ...analysisJson(analysis, options.by),
            })),
            undefined,
            1,
          )}\n`
        : [
            ...analysesCsv(
              analyses.map(({ file, analysis }) => ({ name: basename(file), analysis })),
              options.table,
              options,
              options.by,
            ),
          ].join('');
    if (options.out === undefined) give(text);
    else await write(options.out, text);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      tell(`footpath count: ${error.message}\n\n${USAGE}`);
      return 2;
    }
    if (!(error instanceof FileError)) throw error;
    tell(`footpath count: ${error.message}\n`);
    return 1;
  }
}

interface Options {
  readonly results: readonly string[];
  readonly scene: string;
  readonly format: 'json' | 'csv';
  readonly table: AnalysisTable;
  readonly by: BucketName;
  readonly separator: ',' | ';';
  readonly standMs: number;
  readonly out: string | undefined;
}

function readOptions(args: string[]): Options | 'help' {
  const parsed = (() => {
    try {
      return parseArgs({
        args,
        allowPositionals: true,
        options: {
          scene: { type: 'string' },
          format: { type: 'string', default: 'json' },
          table: { type: 'string', default: 'times' },
          by: { type: 'string', default: 'hour' },
          separator: { type: 'string', default: 'comma' },
          stand: { type: 'string', default: '20' },
          out: { type: 'string' },
          help: { type: 'boolean', short: 'h', default: false },
        },
      });
    } catch (error) {
      throw new UsageError((error as Error).message);
    }
  })();
  const { values, positionals } = parsed;
  if (values.help) return 'help';
  if (positionals.length === 0) throw new UsageError('name a result or a folder of results.');
  if (values.scene === undefined) throw new UsageError('--scene is needed.');
  const standMs = Number(values.stand) * 1000;
  if (!(standMs > 0)) throw new UsageError(`--stand must be above 0; it is ${values.stand}.`);
  return {
    results: positionals,
    scene: values.scene,
    format: oneOf('--format', values.format, ['json', 'csv']),
    table: oneOf('--table', values.table, ANALYSIS_TABLES),
    by: oneOf('--by', values.by, Object.keys(BUCKET_MS) as BucketName[]),
    separator:
      oneOf('--separator', values.separator, ['comma', 'semicolon']) === 'comma' ? ',' : ';',
    standMs,
    out: outputPath(values.out),
  };
}

/** A file that cannot be used; the message names it and why. */
class FileError extends Error {}

function readScene(file: string): Scene {
  try {
    return parseScene(readText(file));
  } catch (error) {
    if (error instanceof SceneError) throw new FileError(`${file}: ${error.message}`);
    throw error;
  }
}

/**
 * The scene on a result's own clock. A scene's is that of one video: of several results each has the clock that its name tells, or
 * none.
 */
function sceneOf(file: string, scene: Scene, results: number): Scene {
  if (results === 1) return withClock(scene, file);
  const { startsAt, ...timeless } = scene;
  const clocked = withClock(timeless, file);
  if (startsAt !== undefined && clocked.startsAt === undefined)
    tell(
      `footpath count: ${file}: its name tells no time, and startsAt is of one video: counted without a clock.\n`,
    );
  return clocked;
}

/** @param scene the scene's file, which is no result */
function listResults(path: string, scene: string): string[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
  const names = new Set(readdirSync(path));
  const files = [...names]
    // What "footpath track" and the app put beside a result is none.
    .filter(
      (name) =>
        name.endsWith('.json') && !/\.(scene|(counts|manifest)(\.failed)?)\.json$/.test(name),
    )
    .filter((name) => !isLeftBeside(name, names, path))
    .sort()
    .map((name) => join(path, name))
    .filter((file) => resolve(file) !== resolve(scene));
  if (files.length === 0) throw new FileError(`${path}: there is no .json file in this folder.`);
  return files;
}

/** Whether it is what a failed job found, beside the older result that stays, which is counted. */
function isLeftBeside(name: string, names: ReadonlySet<string>, folder: string): boolean {
  const older = name.replace(/\.failed\.json$/, '.json');
  if (older === name || !names.has(older)) return false;
  tell(
    `footpath count: ${join(folder, name)}: passed over: its job failed; the result before it, ${older}, is counted.\n`,
  );
  return true;
}

function analyzeFile(file: string, scene: Scene, standMs: number): Analysis {
  try {
    const { paths, video } = pathsFromAnswer(readAnswer(file));
    return analyze(paths, scene, video, { standMs });
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new FileError(`${file}: this is no JSON (${error.message}).`);
    if (error instanceof AnswerError || error instanceof SceneError)
      throw new FileError(`${file}: ${error.message}`);
    throw error;
  }
}

/** @throws SyntaxError where it is no JSON */
function readAnswer(file: string): unknown {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return size > constants.MAX_STRING_LENGTH
    ? reading(file, () => readLongAnswer(file))
    : JSON.parse(readText(file));
}

function readText(file: string): string {
  // Editors of some systems begin a file with a byte order mark, which JSON does not know.
  const read = () =>
    readFileSync(file === STANDARD_INPUT ? 0 : file, 'utf8').replace(/^\uFEFF/, '');
  return reading(file, read);
}

/** What is read of a file. @throws FileError where it cannot be read */
function reading<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof SyntaxError) throw error;
    throw new FileError(`${file}: this file cannot be read (${(error as Error).message}).`);
  }
}

async function write(file: string, text: string): Promise<void> {
  try {
    const run = await RunFolder.open();
    try {
      await writeWhole(file, text, run);
    } finally {
      await run.close();
    }
  } catch (error) {
    throw new FileError(messageOf(error));
  }
}
