/** The screen of a result while it is still being counted, in real Chromium. */
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { ResultScreen } from '../../src/app/screens/result-screen.ts';
import '../../src/app/screens/result-screen.ts';
import type { JobSummary, PersonTracking } from '../../src/client/api.ts';
import { defineViewParts } from '../../src/element/define.ts';
import { DEFAULT_SETTINGS } from '../../src/engine/settings.ts';

let screen: ResultScreen;
beforeAll(defineViewParts);
afterEach(() => screen.remove());

test('tables are there to be saved once they are counted, not before', async () => {
  let finishReading: () => void = () => {};
  const job = {
    jobId: 'job',
    key: 'door.mp4',
    status: 'SUCCEEDED',
    createdAt: new Date(0),
    settings: DEFAULT_SETTINGS,
    revisions: [{ revision: 1 }],
  } as unknown as JobSummary;
  const tracking: Partial<PersonTracking> = Object.assign(new EventTarget(), {
    storage: 'browser' as const,
    getPaths: async () => [],
    getObject: () => Promise.reject(new Error('There is no video.')),
    listScenes: () =>
      new Promise<[]>((read) => {
        finishReading = () => read([]);
      }),
    listJobs: async () => [job],
  });
  screen = document.createElement('result-screen') as ResultScreen;
  Object.assign(screen, { tracking, job });
  document.body.append(screen);
  const within = (selector: string) => screen.shadowRoot!.querySelector(selector);
  await expect.poll(() => within('counted-result')).not.toBeNull();
  const button = [...screen.shadowRoot!.querySelectorAll('button')].find(
    (it) => it.textContent?.trim() === 'Save a table',
  )!;
  expect(button.disabled).toBe(true);
  const dialog = within('save-dialog')!.shadowRoot!;
  finishReading();
  await expect.poll(() => button.disabled).toBe(false);
  button.click();
  await expect.poll(() => dialog.querySelector('dialog')!.open).toBe(true);
  expect(dialog.querySelectorAll('li button').length).toBeGreaterThan(0);
});
