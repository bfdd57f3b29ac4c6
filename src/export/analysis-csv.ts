import { type Analysis, countByTime } from '../analytics/analyze.ts';
import { type BucketName, clockText } from '../analytics/by-time.ts';
import { type CsvCell, type CsvLocale, csvCell, csvRow } from './csv-text.ts';

/** What a table has a row for. */
export type AnalysisTable = 'people' | 'crossings' | 'visits' | 'times';

/** Names of the tables. */
export const ANALYSIS_TABLES: readonly AnalysisTable[] = ['people', 'crossings', 'visits', 'times'];

/**
 * An analysis as a table for spreadsheets: one row a person, a crossing, a visit, or a stretch of time. Times are seconds
 * from the video's start and, where the clock is known, clock time (ISO 8601). People are numbered from 1, as the
 * app shows them; Index is one less. The first row names the columns.
 * @param by stretch of time that `times` has a row for
 */
export function* analysisCsv(
  analysis: Analysis,
  table: AnalysisTable,
  locale: CsvLocale,
  by: BucketName = 'hour',
): Generator<string, void, void> {
  const { startsAt } = analysis.scene;
  const clock = (ms: number) => (startsAt === undefined ? undefined : clockText(startsAt, ms));
  for (const cells of TABLES[table](analysis, clock, by)) yield csvRow(cells, locale);
}

/** A result that was counted. */
export interface CountedResult {
  /** What people call it: its file. */
  readonly name: string;
  readonly analysis: Analysis;
}

/**
 * One table over all results of a scene, see {@link analysisCsv}; of several, a first column names the result.
 * @param results at least one, of like lines and zones
 */
export function* analysesCsv(
  results: readonly CountedResult[],
  table: AnalysisTable,
  locale: CsvLocale,
  by?: BucketName,
): Generator<string, void, void> {
  const { separator } = locale;
  for (const [i, { name, analysis }] of results.entries()) {
    let isHead = true;
    for (const row of analysisCsv(analysis, table, locale, by)) {
      const first = csvCell(isHead ? 'Result' : name, locale);
      if (!isHead || i === 0) yield results.length === 1 ? row : `${first}${separator}${row}`;
      isHead = false;
    }
  }
}

type Rows = (
  analysis: Analysis,
  clock: (ms: number) => string | undefined,
  by: BucketName,
) => Generator<CsvCell[], void, void>;

const TABLES: Record<AnalysisTable, Rows> = {
  *people({ people }, clock) {
    yield [
      'Person',
      'First seen, s',
      'Last seen, s',
      'First seen',
      'Last seen',
      'In sight, s',
      'Speed, body heights/s',
      'Speed, m/s',
    ];
    for (const it of people) {
      yield [
        it.index + 1,
        seconds(it.firstMs),
        seconds(it.lastMs),
        clock(it.firstMs),
        clock(it.lastMs),
        seconds(it.inSightMs),
        rounded(it.bodyHeightsPerSecond),
        rounded(it.metresPerSecond),
      ];
    }
  },
  *crossings({ lines }, clock) {
    yield ['Line', 'Person', 'Direction', 'From', 'To', 'At, s', 'At', 'Sure'];
    for (const { line, crossings } of lines) {
      const outside = line.inside === 'right' ? line.left : line.right;
      const inside = line.inside === 'right' ? line.right : line.left;
      for (const it of crossings) {
        const way = it.direction === 'in' ? [outside, inside] : [inside, outside];
        yield [
          line.name,
          it.index + 1,
          it.direction,
          ...way,
          seconds(it.timestampMs),
          clock(it.timestampMs),
          it.uncertain === undefined ? 'yes' : it.uncertain,
        ];
      }
    }
  },
  *visits({ zones }, clock) {
    yield ['Zone', 'Person', 'Begin, s', 'End, s', 'Begin', 'End', 'Dwell, s', 'Came', 'Went'];
    for (const { zone, visits } of zones) {
      for (const it of visits) {
        yield [
          zone.name,
          it.index + 1,
          seconds(it.beginMs),
          seconds(it.endMs),
          clock(it.beginMs),
          clock(it.endMs),
          seconds(it.dwellMs),
          it.begin,
          it.end,
        ];
      }
    }
  },
  *times(analysis, _clock, by) {
    yield [
      'Begin, s',
      'Begin',
      'Arrivals',
      'People at once, mean',
      'People at once, most',
      ...analysis.lines.flatMap(({ line }) => [`${line.name}: in`, `${line.name}: out`]),
      ...analysis.zones.flatMap(({ zone }) => [`${zone.name}: visits`, `${zone.name}: most`]),
    ];
    for (const it of countByTime(analysis, by)) {
      yield [
        seconds(it.bucket.beginMs),
        it.bucket.clock,
        it.arrivals,
        rounded(it.meanAtOnce),
        it.mostAtOnce,
        ...it.lines.flatMap((line) => [line.in, line.out]),
        ...it.zones.flatMap((zone) => [zone.visits, zone.mostAtOnce]),
      ];
    }
  },
};

const seconds = (ms: number) => Math.round(ms) / 1000;
const rounded = (value: number | undefined) =>
  value === undefined ? undefined : Math.round(1000 * value) / 1000;
