/** What a camera's screen says while jobs change under it, in real Chromium. */
import { afterEach, expect, test } from 'vitest';
import type { Scene } from '../../src/analytics/scene.ts';
import type { CameraScreen } from '../../src/app/screens/camera-screen.ts';
import '../../src/app/screens/camera-screen.ts';
import type { JobSummary, PersonTracking } from '../../src/client/api.ts';

const job = (jobId: string) =>
  ({
    jobId,
    ...{ bucket: 'videos', key: `${jobId}.mp4`, version: jobId, status: 'SUCCEEDED' },
    ...{ createdAt: new Date(0), recording: { camera: 'Door' }, revisions: [{ revision: 1 }] },
  }) as unknown as JobSummary;
/** Newly read, as after every change: other objects of the same jobs. */
const jobs = () => ['one', 'two'].map(job);

let screen: CameraScreen;
afterEach(() => screen.remove());

async function show(tracking: Partial<PersonTracking>): Promise<void> {
  screen = document.createElement('camera-screen') as CameraScreen;
  Object.assign(screen, { tracking, camera: 'Door', jobs: jobs() });
  document.body.append(screen);
  await screen.updateComplete;
}

const status = () => screen.shadowRoot!.querySelector('[role=status]')!.textContent!.trim();
const problem = () => screen.shadowRoot!.querySelector('[role=alert]')?.textContent?.trim() ?? '';

test('jobs that are read anew while the scenes are still read make no trouble', async () => {
  let finishReading: (scenes: Scene[]) => void = () => {};
  const first = new Promise<Scene[]>((resolve) => {
    finishReading = resolve;
  });
  const readings = [first, Promise.resolve([])];
  await show({ listScenes: () => readings.shift()!, getPaths: async () => [] });
  screen.jobs = jobs();
  await screen.updateComplete;
  finishReading([]);
  await expect.poll(status).toBe('2 videos');
  expect(problem()).toBe('');
});

test('why a video cannot be counted stays on the screen when something else changes', async () => {
  await show({
    listScenes: async () => [],
    getPaths: async () => {
      throw new Error('its result cannot be read');
    },
  });
  await expect.poll(problem).toBe('its result cannot be read');
  screen.jobs = jobs();
  await screen.updateComplete;
  // Longer than what is asked for takes to be answered.
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(problem()).toBe('its result cannot be read');
});
