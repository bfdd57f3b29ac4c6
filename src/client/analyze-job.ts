import type { Analysis, AnalysisOptions } from '../analytics/analyze.ts';
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
  const metadata = job.video && videoMetadata(job.video);
  if (isOpen(job) || !metadata) {
    throw invalidParameter(
      `the job ${job.jobId} must have ended with its video read; it is ${job.state}`,
    );
  }
  const frame = {
    frameWidth: metadata.FrameWidth,
    frameHeight: metadata.FrameHeight,
    durationMs: metadata.DurationMillis,
  };
  // Loaded when somebody counts.
  const { analyze } = await import('../analytics/analyze.ts');
  return analyze(await pathsOf(job), counted, frame, options);
}
