import type { AnalysedPath } from '../../analytics/analysed-path.ts';
import { type AnalysedVideo, type Analysis, analyze } from '../../analytics/analyze.ts';
import { EMPTY_SCENE, type Scene } from '../../analytics/scene.ts';
import type { JobSummary, PersonTracking } from '../../client/api.ts';
import { type Recording, recordingOf } from './recording.ts';

/** What is kept of cameras, as far as a job's video is concerned. */
export interface JobScene {
  readonly recording: Recording;
  /** The scene of its camera; empty where none is kept. */
  readonly scene: Scene;
  /** Those of all cameras. */
  readonly scenes: readonly Scene[];
  /** All jobs, newest first: a camera may be known from another. */
  readonly jobs: readonly JobSummary[];
}

/** Reads the scene of a job's camera. */
export async function sceneOfJob(tracking: PersonTracking, job: JobSummary): Promise<JobScene> {
  const [scenes, jobs] = await Promise.all([tracking.listScenes(), tracking.listJobs()]);
  const recording = recordingOf(job, jobs);
  const scene = scenes.find(({ camera }) => camera === recording.camera) ?? EMPTY_SCENE;
  return { recording, scene, scenes, jobs };
}

/** Counts a job's paths with a scene, on the clock of its recording. */
export function analyzeJob(
  job: JobSummary,
  paths: readonly AnalysedPath[],
  scene: Scene,
  recording: Recording,
): Analysis {
  return analyze(paths, ...countedWith(job, scene, recording));
}

/** What a job's paths are counted with: the scene on the clock of its recording, and its video. */
export function countedWith(
  job: JobSummary,
  scene: Scene,
  { startsAt }: Recording,
): [scene: Scene, video: AnalysedVideo] {
  const { FrameWidth = 16, FrameHeight = 9, DurationMillis = 0 } = job.metadata ?? {};
  const { startsAt: _, ...timeless } = scene;
  return [
    { ...timeless, ...(startsAt === null ? {} : { startsAt }) },
    { frameWidth: FrameWidth, frameHeight: FrameHeight, durationMs: DurationMillis },
  ];
}
