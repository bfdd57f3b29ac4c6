/** The scene of a result while it is still being read, in real Chromium. */
import { afterEach, expect, test, vi } from 'vitest';
import { analyze } from '../../src/analytics/analyze.ts';
import { parseScene, type Scene } from '../../src/analytics/scene.ts';
import type { CountedResult } from '../../src/app/counting/counted-result.ts';
import '../../src/app/counting/counted-result.ts';
import '../../src/app/counting/counts-so-far.ts';
import type { JobSummary, PersonTracking } from '../../src/client/api.ts';
import { createPersonTracking } from '../../src/client/person-tracking.ts';

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
afterEach(() => result?.remove());

/** The result in this page, once its scene was read. */
async function show(tracking: Partial<PersonTracking>): Promise<void> {
  result = document.createElement('counted-result');
  Object.assign(result, { tracking, job: JOB, paths: [] });
  document.body.append(result);
  await result.updateComplete;
}

test('undo keeps nothing while the scene is being read, and where there is nothing to undo', async () => {
  let finishReading: (scenes: Scene[]) => void = () => {};
  const read = new Promise<Scene[]>((resolve) => {
    finishReading = resolve;
  });
  const saved: unknown[] = [];
  const tracking: Partial<PersonTracking> = Object.assign(new EventTarget(), {
    listScenes: () => read,
    listJobs: async () => [JOB],
    saveScene: async (scene: unknown) => void saved.push(scene),
  });
  await show(tracking);
  const undo = new KeyboardEvent('keydown', { key: 'z', ctrlKey: true });
  result.handleKey(undo);
  finishReading([DOOR]);
  await expect.poll(() => result.analysis?.lines.length).toBe(1);
  result.handleKey(undo);
  await result.updateComplete;
  expect(saved).toEqual([]);
});

test('what another tab draws for the camera is here, and stays when something is drawn here', async () => {
  const database = `test-${crypto.randomUUID()}`;
  const here = createPersonTracking({ assets: '/', database });
  const there = createPersonTracking({ assets: '/', database });
  const names = (scene: Scene | null | undefined) => scene?.lines.map(({ name }) => name);
  await here.saveScene(DOOR);
  await show(
    new Proxy(here, {
      get: (target, name) =>
        name === 'listJobs' ? async () => [JOB] : Reflect.get(target, name).bind?.(target),
    }),
  );
  await expect.poll(() => names(result.analysis?.scene)).toEqual(['Door']);
  const gate = { ...DOOR.lines[0]!, id: 'line-2', name: 'Gate' };
  await there.saveScene({ ...DOOR, lines: [...DOOR.lines, gate] });
  await expect.poll(() => names(result.analysis?.scene)).toEqual(['Door', 'Gate']);
  const panel = result.shadowRoot!.querySelector('count-panel')!;
  panel.dispatchEvent(
    new CustomEvent('shape-name', { detail: { id: 'line-1', names: { name: 'Front' } } }),
  );
  await expect.poll(async () => (await there.listScenes()).map(names)).toEqual([['Front', 'Gate']]);
  for (let steps = 0; steps < 2; steps++)
    result.handleKey(new KeyboardEvent('keydown', { key: 'z', ctrlKey: true }));
  await expect.poll(async () => (await there.listScenes()).map(names)).toEqual([['Door']]);
  await Promise.all([here.close(), there.close()]);
});

test('what somebody types as a name stays while another tab calls the line otherwise, and is kept then', async () => {
  const database = `test-${crypto.randomUUID()}`;
  const here = createPersonTracking({ assets: '/', database });
  const there = createPersonTracking({ assets: '/', database });
  await here.saveScene(DOOR);
  await show(
    new Proxy(here, {
      get: (target, name) =>
        name === 'listJobs' ? async () => [JOB] : Reflect.get(target, name).bind?.(target),
    }),
  );
  await expect.poll(() => result.analysis?.lines.length).toBe(1);
  const panel = result.shadowRoot!.querySelector('count-panel')!;
  panel.dispatchEvent(new CustomEvent('shape-select', { detail: 'line-1' }));
  const cards = panel.shadowRoot!.querySelector('shape-cards')!;
  const fields = () =>
    [...cards.shadowRoot!.querySelectorAll('name-field')].map(
      (it) => it.shadowRoot!.querySelector<HTMLElement>('[role=textbox]')!,
    );
  await expect.poll(() => fields().map(({ textContent }) => textContent)).toContain('Door');
  const [name] = fields();
  name!.focus();
  name!.textContent = 'Front do';
  const [line] = DOOR.lines;
  await there.saveScene({ ...DOOR, lines: [{ ...line!, name: 'Gate', left: 'Street' }] });
  await expect.poll(() => result.analysis?.lines[0]?.line.name).toBe('Gate');
  // A field in which nobody types is up to date.
  await expect.poll(() => fields().map(({ textContent }) => textContent)).toContain('Street');
  expect(name!.textContent).toBe('Front do');
  name!.textContent += 'or';
  name!.blur();
  await expect
    .poll(async () => (await there.listScenes())[0]!.lines[0])
    .toMatchObject({ name: 'Front door', left: 'Street' });
  await Promise.all([here.close(), there.close()]);
});

test('paths are counted once the scene was looked for, and where it cannot be read without one', async () => {
  let fail: (reason: Error) => void = () => {};
  const read = new Promise<Scene[]>((_, reject) => {
    fail = reject;
  });
  await show(
    Object.assign(new EventTarget(), { listScenes: () => read, listJobs: async () => [JOB] }),
  );
  expect(result.analysis).toBeNull();
  fail(new Error('closed'));
  await expect.poll(() => result.analysis?.lines).toEqual([]);
  await expect.poll(() => result.shadowRoot!.querySelector('count-panel')).not.toBeNull();
});

test('what a running job has counted takes a twentieth of the time at most', async () => {
  vi.useFakeTimers();
  let looks = 0;
  const soFar = document.createElement('counts-so-far');
  const tracking: Partial<PersonTracking> = Object.assign(new EventTarget(), {
    listScenes: async () => [DOOR],
    listJobs: async () => [JOB],
    analyzeSoFar: () => {
      looks++;
      return new Promise<undefined>((counted) => setTimeout(counted, 2000));
    },
  });
  Object.assign(soFar, { tracking, job: JOB });
  document.body.append(soFar);
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  soFar.remove();
  vi.useRealTimers();
  expect(looks).toBeGreaterThan(10);
  expect(looks).toBeLessThan(16);
});

test('a running job is counted with the lines that its camera has by now', async () => {
  let kept: Scene[] = [];
  const tracking = Object.assign(new EventTarget(), {
    listScenes: async () => kept,
    listJobs: async () => [JOB],
    analyzeSoFar: async (_: string, scene: Scene) =>
      analyze([], scene, { frameWidth: 16, frameHeight: 9, durationMs: 1000 }),
  }) satisfies Partial<PersonTracking>;
  const soFar = document.createElement('counts-so-far');
  Object.assign(soFar, { tracking, job: JOB });
  document.body.append(soFar);
  const keep = (...names: string[]) => {
    const [line] = DOOR.lines;
    kept = [{ ...DOOR, lines: names.map((name) => ({ ...line!, id: name, name })) }];
    tracking.dispatchEvent(new Event('change'));
  };
  const shown = () =>
    [...soFar.renderRoot.querySelectorAll('dt')].map(({ textContent }) => textContent.trim());
  await soFar.updateComplete;
  expect(shown()).toEqual([]);
  keep('Door');
  await expect.poll(shown).toEqual([expect.stringContaining('Door')]);
  keep('Gate', 'Yard');
  await expect
    .poll(shown)
    .toEqual([expect.stringContaining('Gate'), expect.stringContaining('Yard')]);
  keep();
  await expect.poll(shown).toEqual([]);
  soFar.remove();
});
