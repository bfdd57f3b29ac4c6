import type { AnalysedVideo, Analysis, AnalysisOptions } from '../analytics/analyze.ts';
import { parseScene } from '../analytics/scene.ts';
import { videoMetadata } from '../contract/answer.ts';
import { invalidParameter } from '../contract/exceptions.ts';
import { isOpen, type JobRecord } from '../engine/job.ts';
import type { PersonPath } from '../track/path.ts';

/**
 * Counts a job's people; see `PersonTracking.analyze`.
 * @param jobOf asked for once the scene is known to be one
 */
export async function analyzeJob(
  scene: unknown,
  jobOf: () => Promise<JobRecord>,
  pathsOf: (job: JobRecord) => Promise<PersonPath[]>,
  options: AnalysisOptions | undefined,
): Promise<Analysis> {
  const counted = parseScene(scene);
  const job = await jobOf();
  const video = analysedVideo(job);
  if (isOpen(job) || !video) {
    throw invalidParameter(
      `the job ${job.jobId} must have ended with its video read; it is ${job.state}`,
    );
  }
  // Loaded when somebody counts.
  const { analyze } = await import('../analytics/analyze.ts');
  return analyze(await pathsOf(job), counted, video, options);
}

/** What counting takes of a job's video; undefined before that was read. */
export function analysedVideo({ video }: JobRecord): AnalysedVideo | undefined {
  if (!video) return undefined;
  const { FrameWidth, FrameHeight, DurationMillis } = videoMetadata(video);
  return { frameWidth: FrameWidth, frameHeight: FrameHeight, durationMs: DurationMillis };
}
