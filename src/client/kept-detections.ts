import { invalidParameter } from '../contract/exceptions.ts';
import { isOpen, type JobRecord } from '../engine/job.ts';
import { detectionsGone } from '../engine/revisions.ts';
import type { SampleDetections } from '../track/detections.ts';
import { splitDetections } from '../track/join-detections.ts';
import type { PageStorage } from './storage.ts';

/** What was found in each sample of an ended job; see `PersonTracking.getDetections`. */
export async function* readDetections(
  jobs: Pick<PageStorage['jobs'], 'detectionChunk'>,
  job: JobRecord,
): AsyncGenerator<SampleDetections, void, void> {
  const { jobId, chunks, state, object } = job;
  if (isOpen(job) || chunks === 0)
    throw invalidParameter(`the job ${jobId} must have looked for people; it is ${state}`);
  for (let i = 0; i < chunks; i++) {
    const chunk = await jobs.detectionChunk(jobId, i);
    if (!chunk) throw detectionsGone(jobId, object.key);
    for (const [k, detections] of splitDetections(chunk).entries())
      yield { timeSeconds: chunk.times[k]!, ...detections };
  }
}
