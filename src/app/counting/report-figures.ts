import {
  type Analysis,
  countByTime,
  type TimeCount,
  type ZoneCount,
} from '../../analytics/analyze.ts';
import { BUCKET_MS, type BucketName } from '../../analytics/by-time.ts';
import { withoutRunOn } from './run-on.ts';

/** Rows that fit on the one page. */
const MOST_ROWS = 26;
/** Columns of lines that fit. */
export const MOST_LINES = 3;
/** Rows of zones that fit. */
export const MOST_ZONES = 4;

/** What a report's table over time tells. */
export interface ReportTable {
  readonly by: BucketName;
  readonly counts: readonly TimeCount[];
  /** Positions in the scene of the lines that have columns: those with the most crossings, in the scene's order. */
  readonly lines: readonly number[];
  /** Which of `counts` is the busiest, or -1 where nobody came at all. */
  readonly busiest: number;
  /** How busy each is: who came in over the lines shown, or, without lines, who came into the picture. */
  readonly came: readonly number[];
}

/** The table of a report: in the shortest stretches of time of which all have room. */
export function reportTable(analysis: Analysis): ReportTable {
  const { durationMs } = analysis.video;
  const names = Object.keys(BUCKET_MS) as BucketName[];
  // One more where the clock's first stretch begins before the video.
  const by = names.find((name) => durationMs / BUCKET_MS[name] < MOST_ROWS - 1) ?? 'day';
  const lines = busiestOf(
    analysis.lines.map(({ crossings }) => crossings.length),
    MOST_LINES,
  );
  const counts = withoutRunOn(countByTime(analysis, by), durationMs);
  const came = counts.map((count) =>
    lines.length === 0
      ? count.arrivals
      : lines.reduce((sum, line) => sum + count.lines[line]!.in, 0),
  );
  const most = Math.max(0, ...came);
  return { by, counts, lines, came, busiest: most === 0 ? -1 : came.indexOf(most) };
}

/** The zones of a report: those with the most people, in the scene's order. */
export function reportZones({ zones }: Analysis): ZoneCount[] {
  return busiestOf(
    zones.map(({ people }) => people),
    MOST_ZONES,
  ).map((i) => zones[i]!);
}

/** Whether lines or zones have no room on the page. */
export function isCrowded({ lines, zones }: Analysis): boolean {
  return lines.length > MOST_LINES || zones.length > MOST_ZONES;
}

/** Positions of the greatest of some counts, at most so many, in their order. */
function busiestOf(counts: readonly number[], most: number): number[] {
  return counts
    .map((count, i) => ({ i, count }))
    .sort((a, b) => b.count - a.count || a.i - b.i)
    .slice(0, most)
    .map(({ i }) => i)
    .sort((a, b) => a - b);
}
