import type { TrackingSettings } from '../../src/engine/settings.ts';
import type { BenchBrowser } from './bench-browser.ts';
import { median } from './statistics.ts';
import { type TrackedRun, trackInPage } from './track-in-page.ts';

/** What whole jobs took that differ in their settings alone. */
export interface JobTimes {
  /** Seconds, the median of the rounds. */
  readonly seconds: number;
  /** The first settings' time over this one's, the median of the rounds' ratios. */
  readonly timesAsFast: number;
  /** The first of them. */
  readonly run: TrackedRun;
}

/**
 * Runs whole jobs of one video with each of several settings, in turns, in 8-bit integers.
 * @param rounds of each
 * @returns in the order of the settings
 * @throws Error when a job fails
 */
export async function jobsInTurns(
  bench: BenchBrowser,
  video: string,
  settings: readonly Partial<TrackingSettings>[],
  rounds: number,
): Promise<JobTimes[]> {
  const runs: TrackedRun[][] = [];
  for (let round = 1; round <= rounds; round++) {
    const runsOfRound: TrackedRun[] = [];
    for (const each of settings) {
      runsOfRound.push(await trackInPage(bench, video, { backend: 'int8', ...each }));
    }
    runs.push(runsOfRound);
    process.stderr.write(`round ${round} of ${rounds}\n`);
  }
  return settings.map((_, i) => ({
    seconds: median(runs.map((round) => round[i]!.totalMs)) / 1000,
    timesAsFast: median(runs.map((round) => round[0]!.totalMs / round[i]!.totalMs)),
    run: runs[0]![i]!,
  }));
}
