import type { JobSummary } from '../client/api.ts';
import { failureText } from '../element/failure-text.ts';
import type { AppLanguage } from '../language/app/app-languages.ts';
import { foundText, shareDone, shortName, stageText, timeLeftText } from './words.ts';

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
   * @param language to say it in
   * @param jobs as they stand now
   * @returns what is new in them since the last call, in sentences; empty where nothing is
   */
  hear(language: AppLanguage, jobs: readonly JobSummary[]): string {
    const before = this.#said;
    this.#said = new Map(jobs.map((job) => [job.jobId, stateOf(job)]));
    return jobs
      .map((job) => {
        const said = before?.get(job.jobId);
        const now = this.#said!.get(job.jobId)!;
        // What had ended before the page was opened is no news.
        if (!said && now.stage === 'ended') return '';
        return said?.stage === now.stage && said.step === now.step
          ? ''
          : sentence(language, job, said, now);
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

function sentence(
  language: AppLanguage,
  job: JobSummary,
  said: Said | undefined,
  now: Said,
): string {
  const name = shortName(job.key);
  switch (now.stage) {
    case 'waiting':
      return '';
    case 'needs-permission':
      return language.say('say.line', { name, facts: stageText(language, now.stage) });
    case 'running': {
      if (said?.stage !== 'running' && now.step === 0) return language.say('say.started', { name });
      const { secondsLeft, peopleSoFar } = job.progress;
      const time = timeLeftText(language, secondsLeft);
      const facts = [
        language.say('say.percent', { percent: (100 / STEPS) * now.step }),
        ...(peopleSoFar === undefined
          ? []
          : [language.say('paths.so-far', { count: peopleSoFar })]),
        ...(time === '' ? [] : [language.say('say.left', { time })]),
      ];
      return language.say('say.line', { name, facts: facts.join(language.say('comma')) });
    }
    case 'ended':
      return endSentence(language, job);
  }
}

/** How a job ended: `walk.mp4 is done: 7 people.` */
export function endSentence(language: AppLanguage, job: JobSummary): string {
  const name = shortName(job.key);
  const found = foundText(language, job);
  if (job.status === 'SUCCEEDED') return language.say('say.done', { name, found });
  if (job.failure?.kind === 'stopped') {
    return found === ''
      ? language.say('say.stopped', { name })
      : language.say('say.stopped-found', { name, found });
  }
  const why = job.failure ? failureText(language, job.failure) : '';
  const said =
    found === ''
      ? language.say('say.failed', { name, why })
      : language.say('say.failed-found', { name, found, why });
  return said.trim();
}
