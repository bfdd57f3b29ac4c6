/** A question is about the job that it was asked of, also where another has come to the screen meanwhile, in real Chromium. */
import { afterEach, expect, test } from 'vitest';
import type { ProgressScreen } from '../../src/app/screens/progress-screen.ts';
import '../../src/app/screens/progress-screen.ts';
import type { ResultScreen } from '../../src/app/screens/result-screen.ts';
import '../../src/app/screens/result-screen.ts';
import type { JobSummary, PersonTracking } from '../../src/client/api.ts';
import { DEFAULT_SETTINGS } from '../../src/engine/settings.ts';

const job = (jobId: string, status: JobSummary['status']) =>
  ({
    jobId,
    ...{ bucket: 'videos', key: `${jobId}.mp4`, version: jobId, status, people: 0 },
    ...{ createdAt: new Date(0), settings: DEFAULT_SETTINGS, revisions: [{ revision: 1 }] },
    progress: { stage: 'tracking', samplesDone: 1, samplesTotal: 2, samplesPerSecond: 1 },
  }) as unknown as JobSummary;

const asked: string[] = [];
const tracking = Object.assign(new EventTarget(), {
  listObjects: async () => [],
  listScenes: async () => [],
  listJobs: async () => [],
  watchJob: () => {},
  getPaths: async () => [],
  getObject: async () => new Blob(),
  getJob: async (jobId) => job(jobId, 'SUCCEEDED'),
  stopJob: async (jobId) => void asked.push(`stop ${jobId}`),
  deleteJob: async (jobId) => void asked.push(`delete ${jobId}`),
  deleteObject: async () => {},
} satisfies Partial<PersonTracking>);

let screen: ProgressScreen | ResultScreen;
afterEach(() => {
  screen.remove();
  location.hash = '';
});

test.each([
  ['progress-screen', 'IN_PROGRESS', '.danger', 'stop first'],
  ['result-screen', 'SUCCEEDED', '.danger', 'delete first'],
] as const)('%s', async (name, status, button, expected) => {
  asked.length = 0;
  screen = document.createElement(name) as ProgressScreen | ResultScreen;
  Object.assign(screen, { tracking, job: job('first', status) });
  document.body.append(screen);
  await screen.updateComplete;
  const root = screen.shadowRoot!;
  root.querySelector<HTMLElement>(button)!.click();
  const dialog = () =>
    root.querySelector('confirm-dialog')!.shadowRoot!.querySelector<HTMLDialogElement>('[open]');
  await expect.poll(() => dialog() !== null).toBe(true);
  // Screen readers say a dialogue's name and description, and no more.
  const described = dialog()!.querySelector(`#${dialog()!.getAttribute('aria-describedby')}`);
  expect(described?.textContent).toMatch(/\w/);
  // The back button, or a notification, brings another job to the same screen.
  screen.job = job('second', status);
  await screen.updateComplete;
  dialog()!.close('yes');
  await expect.poll(() => asked).toEqual([expected]);
});
