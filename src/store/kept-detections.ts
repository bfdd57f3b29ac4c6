/** Detections that outlive their jobs: they can be had again from the video, so they go first where room is short. */
import { withoutDetections } from './job-rules.ts';
import { everythingOf } from './key-range.ts';
import { type Handle, inTransaction } from './transaction.ts';

/**
 * Forgets a job's detections, then says so in its record: on a full disk there may be room for the first alone, and
 * whoever wants them finds out.
 */
export async function forgetDetections(db: Handle, jobId: string): Promise<void> {
  await inTransaction(db, ['detections'], (tx) =>
    tx.objectStore('detections').delete(everythingOf(jobId)),
  );
  await inTransaction(db, ['jobs'], async (tx) => {
    const job = await tx.objectStore('jobs').get(jobId);
    if (job?.keptDetections) await tx.objectStore('jobs').put(withoutDetections(job));
  }).catch(() => {});
}

/**
 * Forgets the kept detections of the job that ended first, but not of one that is just being tracked again.
 * @returns whether there were any
 */
export async function forgetOldestDetections(db: Handle): Promise<boolean> {
  const kept = (await db.getAll('jobs'))
    .filter(({ keptDetections, retrack }) => keptDetections && !retrack)
    .sort((a, b) => (a.finishedAtMs ?? 0) - (b.finishedAtMs ?? 0));
  for (const { jobId } of kept) {
    if ((await db.count('detections', everythingOf(jobId))) === 0) continue;
    await forgetDetections(db, jobId);
    return true;
  }
  return false;
}
