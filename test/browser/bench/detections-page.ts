/** Finds the people of a video, as a job does, and gives what was found before any tracking. */
import { DEFAULT_SETTINGS } from '../../../src/engine/settings.ts';
import { openVideo } from '../../../src/media/open-video.ts';
import type { Detections } from '../../../src/track/detections.ts';
import { createDetectorPool } from '../../../workers/detector/pool/detector-pool.ts';

/** One frame's detections in plain arrays. */
export interface PlainDetections {
  readonly boxes: number[];
  readonly scores: number[];
  readonly features: number[];
}

/** Detections of every frame of `/video`, and the score from which its detector is sure. */
async function detect(
  quality: 'fast' | 'balanced' | 'accurate' = 'balanced',
): Promise<{ frames: PlainDetections[]; scoreThreshold: number }> {
  const source = await openVideo({ url: '/video' }, { sampleRate: 'all' });
  const pool = await createDetectorPool({
    manifestUrl: new URL(`/models/${DEFAULT_SETTINGS.model}/manifest.json`, location.href).href,
    backend: 'int8',
    quality,
    video: source.info,
  });
  const frames: Promise<Detections>[] = [];
  for await (const { image } of source.samples(new AbortController().signal)) {
    frames.push(pool.detect(image));
    await frames[frames.length - 1 - pool.report.concurrency];
  }
  const found = await Promise.all(frames);
  await Promise.all([pool.close(), source.close()]);
  return {
    scoreThreshold: pool.report.scoreThreshold,
    frames: found.map(({ boxes, scores, features = [] }) => ({
      boxes: [...boxes],
      scores: [...scores],
      features: [...features],
    })),
  };
}

/** What the bench calls. */
export interface DetectionsPage {
  detect: typeof detect;
}

Object.assign(window, { bench: { detect } satisfies DetectionsPage });
