import { lookForOver } from '../contract/second-look.ts';
import type { JobRecord } from '../engine/job.ts';
import type { Database } from './database.ts';
import { lookAtDetections, lookAtJob, marked, markedDetections } from './job-rules.ts';

/** Jobs as they are swept, wherever they are kept. */
interface SweptJobs {
  list(): Promise<JobRecord[]>;
  update(jobId: string, change: (job: JobRecord) => JobRecord | undefined): Promise<unknown>;
  delete(jobId: string): Promise<void>;
  dropDetections(jobId: string): Promise<void>;
}

/**
 * Removes ended jobs and kept detections whose time is over, and was over at an earlier look too (`lookForOver`).
 * @returns the jobs removed
 */
export async function sweepJobs(jobs: SweptJobs, nowMs: number): Promise<JobRecord[]> {
  const removed: JobRecord[] = [];
  for (const job of await jobs.list()) {
    const { jobId } = job;
    let look: ReturnType<typeof lookAtJob> = 'keep';
    let lookInside: ReturnType<typeof lookAtJob> = 'keep';
    await jobs.update(jobId, (found) => {
      look = lookAtJob(found, nowMs);
      lookInside = lookAtDetections(found, nowMs);
      let after = found;
      if (isMark(look)) after = marked(after, look, nowMs);
      if (isMark(lookInside)) after = markedDetections(after, lookInside, nowMs);
      return after === found ? undefined : after;
    });
    if (isRemove(look)) {
      await jobs.delete(jobId);
      removed.push(job);
    } else if (isRemove(lookInside)) await jobs.dropDetections(jobId);
  }
  return removed;
}

/** Removes tokens whose time is over, in the same way. */
export async function sweepTokens(database: Database, nowMs: number): Promise<void> {
  await database.write(['tokens'], async (tx) => {
    const tokens = tx.objectStore('tokens');
    for (const record of await tokens.getAll()) {
      const look = lookForOver(record, nowMs);
      if (look === 'remove') await tokens.delete(record.token);
      else if (look !== 'keep') await tokens.put(marked(record, look, nowMs));
    }
  });
}

type Look = ReturnType<typeof lookAtJob>;

function isMark(look: Look): look is 'mark' | 'unmark' {
  return look === 'mark' || look === 'unmark';
}

function isRemove(look: Look): boolean {
  return look === 'remove';
}
