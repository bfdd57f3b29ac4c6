import type { Failure } from '../contract/failure.ts';
import { failedWithoutResult } from '../engine/job.ts';
import type { PageStorage } from './storage.ts';

/** How long another page may take to stand in line for a new job. */
const OTHERS_MS = 2000;

/**
 * Ends jobs that wait for a thread which cannot be had, unless another page is at work or this one tries again meanwhile:
 * waiting helps nobody then. They can go on once its files are there.
 * @param isTriedAgain asked once others had their moment: whether this page has a thread under way, whose own end counts
 * @returns those that ended
 * @throws Failure `quota-exceeded`, `store-unavailable`
 */
export async function failWaiting(
  storage: PageStorage,
  jobIds: Iterable<string>,
  failure: Failure,
  isTriedAgain: () => boolean,
): Promise<string[]> {
  if ((await othersWork(storage)) || isTriedAgain()) return [];
  const ended: string[] = [];
  for (const jobId of jobIds) {
    const waited = await storage.jobs.update(jobId, (job) =>
      job.state === 'queued' ? failedWithoutResult(job, failure.toRecord(), Date.now()) : undefined,
    );
    if (waited?.state === 'failed') ended.push(jobId);
  }
  return ended;
}

/** Whether another page is at work or stands in line; one that was only just told of a job has a moment for that. */
async function othersWork({ name: database, locks }: PageStorage): Promise<boolean> {
  await new Promise((later) => setTimeout(later, OTHERS_MS));
  const { held = [], pending = [] } = await locks.query();
  const slot = `footpath:${database}:slot:`;
  return [...held, ...pending].some(({ name }) => name?.startsWith(slot));
}
