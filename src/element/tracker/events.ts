import type { Analysis } from '../../analytics/analyze.ts';
import type { JobSummary } from '../../client/api.ts';
import type { FailureRecord } from '../../contract/failure.ts';
import type { JobProgress } from '../../engine/job.ts';
import type { PersonPath } from '../../track/path.ts';

/** Events of `<footpath-tracker>`. They bubble and cross shadow roots, and tell only what the user or the job did. */
export interface TrackerEventMap {
  /** The job advanced. */
  'footpath-progress': CustomEvent<JobProgress>;
  /** The job ended well: its summary, every path, and with a scene what was counted. */
  'footpath-complete': CustomEvent<{
    job: JobSummary;
    paths: readonly PersonPath[];
    analysis?: Analysis;
  }>;
  /** The job failed, or could not begin. */
  'footpath-error': CustomEvent<FailureRecord>;
  /** The user picked a person, by Index, or none. */
  'footpath-select': CustomEvent<{ index: number | null }>;
}

/** An event of `<footpath-tracker>`. */
export function trackerEvent<Name extends keyof TrackerEventMap>(
  name: Name,
  detail: TrackerEventMap[Name]['detail'],
): TrackerEventMap[Name] {
  return new CustomEvent(name, { detail, bubbles: true, composed: true }) as TrackerEventMap[Name];
}
