import type { JobSummary, PersonTracking } from './api.ts';

/** How often a waiting caller looks by itself, should a message between pages be lost. */
const LOOK_AGAIN_MS = 2000;
const NEWS = ['completion', 'change'];

/**
 * See {@link PersonTracking.waitForJob}.
 * @param events dispatches `completion`
 * @param signals end the waiting
 */
export async function waitForJob(
  getJob: PersonTracking['getJob'],
  events: EventTarget,
  jobId: string,
  signals: readonly AbortSignal[],
): Promise<JobSummary> {
  for (;;) {
    for (const signal of signals) signal.throwIfAborted();
    const job = await getJob(jobId);
    if (job.status !== 'IN_PROGRESS') return job;
    await nextNews(events, signals);
  }
}

/** Settles when something may have ended, after a while, or when aborted. */
export function nextNews(events: EventTarget, signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      for (const name of NEWS) events.removeEventListener(name, done);
      for (const signal of signals) signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, LOOK_AGAIN_MS);
    for (const name of NEWS) events.addEventListener(name, done);
    for (const signal of signals) signal.addEventListener('abort', done);
  });
}
