/** The scene of a result while it is still being read, in real Chromium. */
import { afterEach, expect, test } from 'vitest';
import { parseScene, type Scene } from '../../src/analytics/scene.ts';
import type { CountedResult } from '../../src/app/counting/counted-result.ts';
import '../../src/app/counting/counted-result.ts';
import type { JobSummary, PersonTracking } from '../../src/client/api.ts';

const DOOR = parseScene({
  version: 1,
  camera: 'Door',
  lines: [
    {
      id: 'line-1',
      name: 'Door',
      points: [
        [0.5, 0.1],
        [0.5, 0.9],
      ],
    },
  ],
});
const JOB = { jobId: 'job', key: 'door.mp4', recording: { camera: 'Door' } } as JobSummary;

let result: CountedResult;
afterEach(() => result.remove());

test('undo keeps nothing while the scene is being read, and where there is nothing to undo', async () => {
  let finishReading: (scenes: Scene[]) => void = () => {};
  const read = new Promise<Scene[]>((resolve) => {
    finishReading = resolve;
  });
  const saved: unknown[] = [];
  const tracking: Partial<PersonTracking> = {
    listScenes: () => read,
    listJobs: async () => [JOB],
    saveScene: async (scene) => void saved.push(scene),
  };
  result = document.createElement('counted-result');
  Object.assign(result, { tracking, job: JOB, paths: [] });
  document.body.append(result);
  await result.updateComplete;
  const undo = new KeyboardEvent('keydown', { key: 'z', ctrlKey: true });
  result.handleKey(undo);
  finishReading([DOOR]);
  await expect.poll(() => result.analysis?.lines.length).toBe(1);
  result.handleKey(undo);
  await result.updateComplete;
  expect(saved).toEqual([]);
});
