import type { JobSummary } from '../client/api.ts';
import {
  failureText,
  foundText,
  peopleText,
  shareDone,
  shortName,
  stageText,
  timeLeftText,
} from './words.ts';

/** Progress is said each time that this share of a job more is done. */
const STEPS = 10;

/** What was last said of a job. */
interface Said {
  readonly stage: 'waiting' | 'needs-permission' | 'running' | 'ended';
  /** Steps of progress. */
  readonly step: number;
}

/**
 * Tells what to say of the jobs to those who do not see them, in a live region: that one started, each tenth of its
 * way, that it waits for them, and how it ended, with the number of people.
 */
export class JobAnnouncer {
  #said: Map<string, Said> | null = null;

  /**
   * @param jobs as they stand now
   * @returns what is new in them since the last call, in sentences; empty where nothing is
   */
  hear(jobs: readonly JobSummary[]): string {
    const before = this.#said;
    this.#said = new Map(jobs.map((job) => [job.jobId, stateOf(job)]));
    return jobs
      .map((job) => {
        const said = before?.get(job.jobId);
        const now = this.#said!.get(job.jobId)!;
        // What had ended before the page was opened is no news.
        if (!said && now.stage === 'ended') return '';
        return said?.stage === now.stage && said.step === now.step ? '' : sentence(job, said, now);
      })
      .filter((text) => text !== '')
      .join(' ');
  }
}

function stateOf({ status, progress }: JobSummary): Said {
  if (status !== 'IN_PROGRESS') return { stage: 'ended', step: STEPS };
  const { stage } = progress;
  if (stage === 'waiting' || stage === 'needs-permission') return { stage, step: 0 };
  return { stage: 'running', step: Math.floor(STEPS * shareDone(progress)) };
}

function sentence(job: JobSummary, said: Said | undefined, now: Said): string {
  const name = shortName(job.key);
  switch (now.stage) {
    case 'waiting':
      return '';
    case 'needs-permission':
      return `${name}: ${stageText('needs-permission')}.`;
    case 'running': {
      if (said?.stage !== 'running' && now.step === 0) return `${name}: started.`;
      const { secondsLeft, peopleSoFar } = job.progress;
      const left = timeLeftText(secondsLeft);
      const found = peopleSoFar === undefined ? '' : `, ${peopleText(peopleSoFar)} so far`;
      return `${name}: ${(100 / STEPS) * now.step} per cent${found}${left && `, ${left} left`}.`;
    }
    case 'ended': {
      const found = foundText(job);
      if (job.status === 'SUCCEEDED') return `${name} is done: ${found}.`;
      const what = job.failure?.kind === 'stopped' ? 'was stopped' : 'could not be followed';
      const why = job.failure && job.failure.kind !== 'stopped' ? failureText(job.failure) : '';
      return `${name} ${what}${found && `: ${found}`}. ${why}`.trim();
    }
  }
}
