import { invalidParameter } from '../contract/exceptions.ts';
import type { JobRecord, Revision } from '../engine/job.ts';
import { revisionsOf } from '../engine/revisions.ts';

/**
 * One result of a job that has ended.
 * @param wanted absent: the latest
 * @throws ServiceException `InvalidParameterException` naming the results that the job has
 */
export function namedRevision(
  job: JobRecord,
  wanted: number | undefined,
): Pick<Revision, 'revision' | 'elements'> {
  const known = revisionsOf(job);
  const latest = known.at(-1) ?? { revision: 1, elements: 0 };
  const found = wanted === undefined ? latest : known.find(({ revision }) => revision === wanted);
  if (found) return found;
  const has = known.map(({ revision }) => revision).join(', ') || 'none yet';
  throw invalidParameter(
    `revision must be one of the results of the job ${job.jobId} (${has}), but is ${JSON.stringify(wanted)}`,
  );
}
