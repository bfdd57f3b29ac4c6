import { type Analysis, analyzeStands, countByTime } from '../../analytics/analyze.ts';
import type { Scene } from '../../analytics/scene.ts';
import type { Stand } from '../../analytics/stands.ts';
import type { JobSummary, PersonTracking } from '../../client/api.ts';
import { recordingsOf, videoOf } from './recording.ts';
import { isRunOn, RUN_ON } from './run-on.ts';
import { countedWith } from './scene-of-job.ts';

/** Shortest times of standing still or of a stay that can be asked for, in milliseconds. */
export const LEAST_MS: readonly number[] = [5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600].map(
  (seconds) => 1000 * seconds,
);

/** A video of a camera, counted. */
export interface CountedVideo {
  readonly job: JobSummary;
  readonly analysis: Analysis;
  /** Who stood still, by each of {@link LEAST_MS}. */
  readonly stands: ReadonlyMap<number, readonly Stand[]>;
}

/**
 * The finished results of each camera's videos, oldest recording first; those without a clock come last. Of a video that was
 * tracked more than once the newest result stands for it, or its people would count twice.
 */
export function jobsByCamera(jobs: readonly JobSummary[]): Map<string, JobSummary[]> {
  const recordings = recordingsOf(jobs);
  const startOf = (job: JobSummary) => {
    const { startsAt } = recordings.get(job)!;
    return startsAt === null ? Number.POSITIVE_INFINITY : Date.parse(startsAt);
  };
  const done = jobs
    .filter(({ status }) => status === 'SUCCEEDED')
    .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  const newest = new Map(done.map((job) => [videoOf(job), job]));
  const cameras = new Map<string, JobSummary[]>();
  for (const job of [...newest.values()].sort(
    (a, b) => startOf(a) - startOf(b) || a.createdAt.getTime() - b.createdAt.getTime(),
  )) {
    const { camera } = recordings.get(job)!;
    cameras.set(camera, [...(cameras.get(camera) ?? []), job]);
  }
  return cameras;
}

/** Those of one camera, see {@link jobsByCamera}. */
export function jobsOfCamera(jobs: readonly JobSummary[], camera: string): JobSummary[] {
  return jobsByCamera(jobs).get(camera) ?? [];
}

/** Counts videos of a camera one after the other, from their stored paths. */
export async function* countVideos(
  tracking: PersonTracking,
  jobs: readonly JobSummary[],
  all: readonly JobSummary[],
  scene: Scene,
): AsyncGenerator<CountedVideo, void, void> {
  const recordings = recordingsOf(all);
  for (const job of jobs) {
    const paths = await tracking.getPaths(job.jobId);
    const [timed, video] = countedWith(job, scene, recordings.get(job)!);
    yield { job, ...analyzeStands(paths, timed, video, LEAST_MS) };
  }
}

/**
 * How many videos begin before an earlier one ends, as far as clocks are known: their people count twice. Up to a tenth of the
 * shorter one they may share, since recorders go on for seconds.
 */
export function countOverlaps(videos: readonly CountedVideo[]): number {
  const spans = videos
    .flatMap(({ analysis: { scene, video } }) => {
      if (scene.startsAt === undefined) return [];
      const fromMs = Date.parse(scene.startsAt);
      return [{ fromMs, toMs: fromMs + video.durationMs }];
    })
    .sort((a, b) => a.fromMs - b.fromMs);
  let last = { fromMs: 0, toMs: 0 };
  let count = 0;
  for (const span of spans) {
    const shared = Math.min(last.toMs, span.toMs) - span.fromMs;
    const shorter = Math.min(last.toMs - last.fromMs, span.toMs - span.fromMs);
    if (shared > RUN_ON * shorter) count++;
    if (span.toMs > last.toMs) last = span;
  }
  return count;
}

/** Crossings of a line on one day, over all videos that run on it. */
export interface DayCount {
  /** `2026-03-01`, of the camera's clock. */
  readonly day: string;
  readonly in: number;
  readonly out: number;
  /** People who came into the picture. */
  readonly arrivals: number;
  /** 24: who came in, or without a line into the picture, in each hour of the day; null where no video runs, but for what recorders go on for. */
  readonly byHour: readonly (number | null)[];
}

/**
 * Days of videos whose clock is known, in order. Videos without a clock belong to no day.
 * @param lineId the line that counts; absent: who came into the picture counts
 */
export function countDays(videos: readonly CountedVideo[], lineId: string | undefined): DayCount[] {
  const days = new Map<
    string,
    { in: number; out: number; arrivals: number; byHour: (number | null)[] }
  >();
  for (const { analysis } of videos) {
    const line = analysis.scene.lines.findIndex(({ id }) => id === lineId);
    const { durationMs } = analysis.video;
    for (const counted of countByTime(analysis, 'hour')) {
      const { bucket, arrivals, lines } = counted;
      if (bucket.clock === undefined) continue;
      const crossed = line < 0 ? { in: 0, out: 0 } : lines[line]!;
      if (isRunOn(counted, [crossed], durationMs)) continue;
      const day = bucket.clock.slice(0, 10);
      const hour = Number(bucket.clock.slice(11, 13));
      const count = days.get(day) ?? {
        in: 0,
        out: 0,
        arrivals: 0,
        byHour: new Array<number | null>(24).fill(null),
      };
      count.in += crossed.in;
      count.out += crossed.out;
      count.arrivals += arrivals;
      count.byHour[hour] = (count.byHour[hour] ?? 0) + (line < 0 ? arrivals : crossed.in);
      days.set(day, count);
    }
  }
  return [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, count]) => ({ day, ...count }));
}
