import { type Analysis, countByTime } from '../../analytics/analyze.ts';
import type { Scene } from '../../analytics/scene.ts';
import type { JobSummary, PersonTracking } from '../../client/api.ts';
import { recordingOf } from './recording.ts';
import { analyzeJob } from './scene-of-job.ts';

/** A video of a camera, counted. */
export interface CountedVideo {
  readonly job: JobSummary;
  readonly analysis: Analysis;
}

/** The finished results of a camera's videos, oldest recording first; those without a clock come last. */
export function jobsOfCamera(jobs: readonly JobSummary[], camera: string): JobSummary[] {
  const startOf = (job: JobSummary) => {
    const { startsAt } = recordingOf(job, jobs);
    return startsAt === null ? Number.POSITIVE_INFINITY : Date.parse(startsAt);
  };
  return jobs
    .filter((job) => job.status === 'SUCCEEDED' && recordingOf(job, jobs).camera === camera)
    .sort((a, b) => startOf(a) - startOf(b) || a.createdAt.getTime() - b.createdAt.getTime());
}

/** Counts videos of a camera one after the other, from their stored paths. @param standMs see {@link Analysis} */
export async function* countVideos(
  tracking: PersonTracking,
  jobs: readonly JobSummary[],
  all: readonly JobSummary[],
  scene: Scene,
  standMs: number,
): AsyncGenerator<CountedVideo, void, void> {
  for (const job of jobs) {
    const paths = await tracking.getPaths(job.jobId);
    yield { job, analysis: analyzeJob(job, paths, scene, recordingOf(job, all), { standMs }) };
  }
}

/** Crossings of a line on one day, over all videos that run on it. */
export interface DayCount {
  /** `2026-03-01`, of the camera's clock. */
  readonly day: string;
  readonly in: number;
  readonly out: number;
  /** People who came into the picture. */
  readonly arrivals: number;
  /** 24 numbers: who came in, or without a line into the picture, in each hour of the day. */
  readonly byHour: readonly number[];
}

/**
 * Days of videos whose clock is known, in order. Videos without a clock belong to no day.
 * @param lineId the line that counts; absent: who came into the picture counts
 */
export function countDays(videos: readonly CountedVideo[], lineId: string | undefined): DayCount[] {
  const days = new Map<string, { in: number; out: number; arrivals: number; byHour: number[] }>();
  for (const { analysis } of videos) {
    const line = analysis.scene.lines.findIndex(({ id }) => id === lineId);
    for (const { bucket, arrivals, lines } of countByTime(analysis, 'hour')) {
      if (bucket.clock === undefined) continue;
      const day = bucket.clock.slice(0, 10);
      const hour = Number(bucket.clock.slice(11, 13));
      const count = days.get(day) ?? {
        in: 0,
        out: 0,
        arrivals: 0,
        byHour: new Array<number>(24).fill(0),
      };
      const crossed = line < 0 ? { in: 0, out: 0 } : lines[line]!;
      count.in += crossed.in;
      count.out += crossed.out;
      count.arrivals += arrivals;
      count.byHour[hour]! += line < 0 ? arrivals : crossed.in;
      days.set(day, count);
    }
  }
  return [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, count]) => ({ day, ...count }));
}
