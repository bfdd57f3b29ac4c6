import type { JobSummary, PersonTracking } from './api.ts';

/** How often a waiting caller looks by itself, should a message between pages be lost. */
const LOOK_AGAIN_MS = 2000;
const NEWS = ['completion', 'change'];

/** See {@link PersonTracking.waitForJob}. @param events dispatches `completion` */
export async function waitForJob(
  getJob: PersonTracking['getJob'],
  events: EventTarget,
  jobId: string,
  signal: AbortSignal | undefined,
): Promise<JobSummary> {
  for (;;) {
    signal?.throwIfAborted();
    const job = await getJob(jobId);
    if (job.status !== 'IN_PROGRESS') return job;
    await nextNews(events, signal);
  }
}

/** Settles when something may have ended, after a while, or when aborted. */
export function nextNews(events: EventTarget, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      for (const name of NEWS) events.removeEventListener(name, done);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, LOOK_AGAIN_MS);
    for (const name of NEWS) events.addEventListener(name, done);
    signal?.addEventListener('abort', done);
  });
}
