/** What a camera's screen says while jobs change under it, in real Chromium. */
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { parseScene, type Scene } from '../../src/analytics/scene.ts';
import type { CountChart } from '../../src/app/counting/count-chart.ts';
import type { CameraScreen } from '../../src/app/screens/camera-screen.ts';
import '../../src/app/screens/camera-screen.ts';
import type { JobSummary, PersonTracking } from '../../src/client/api.ts';
import type { PersonPath } from '../../src/track/path.ts';

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

test('the counts of all videos are saved as one table, each row with its video', async () => {
  const path = {
    index: 0,
    timestampsMs: Float64Array.of(0, 1000, 2000, 3000),
    boxes: Float32Array.of(
      ...[0.2, 0.3, 0.1, 0.4, 0.4, 0.3, 0.1, 0.4],
      ...[0.6, 0.3, 0.1, 0.4, 0.8, 0.3, 0.1, 0.4],
    ),
  };
  const [left, right] = [
    [0.5, 0],
    [0.5, 1],
  ] as const;
  const line = { id: 'a', name: 'Door', points: [left, right] };
  const scene = parseScene({ version: 1, camera: 'Door', lines: [line] });
  const metadata = { FrameWidth: 640, FrameHeight: 360, DurationMillis: 4000 };
  const counted = ['one', 'two'].map((name, day) => ({
    ...job(name),
    metadata,
    recording: { camera: 'Door', startsAt: `2026-03-0${1 + day}T09:00:00Z` },
  }));
  const saved: Blob[] = [];
  const names: string[] = [];
  const create = vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    saved.push(blob as Blob);
    return 'about:blank#saved';
  });
  const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    names.push(this.download);
  });
  onTestFinished(() => {
    create.mockRestore();
    click.mockRestore();
  });
  screen = document.createElement('camera-screen') as CameraScreen;
  const tracking = {
    listScenes: async () => [scene],
    getPaths: async () => [path],
  };
  Object.assign(screen, { tracking, camera: 'Door', jobs: counted });
  document.body.append(screen);
  const button = () =>
    [...screen.shadowRoot!.querySelectorAll('button')].find(
      (it) => it.textContent?.trim() === 'Save a table',
    );
  await expect.poll(() => button()?.disabled).toBe(false);
  button()!.click();
  const dialog = screen.shadowRoot!.querySelector('save-dialog')!.shadowRoot!;
  await expect.poll(() => dialog.querySelector('dialog')!.open).toBe(true);
  dialog.querySelector<HTMLButtonElement>('li button')!.click();
  await expect.poll(() => saved.length).toBe(1);
  expect(names).toEqual(['Door-times.csv']);
  const rows = (await saved[0]!.text()).split('\r\n');
  expect(rows[0]).toMatch(/Result,"?Begin, s"?,Begin,Arrivals,.*,Door: in,Door: out$/);
  expect(rows[1]).toMatch(/^one\.mp4,0,2026-03-01T09:00:00.*,1,.*,1,0$|^one\.mp4,0,.*,0,1$/);
  expect(rows[2]).toMatch(/^two\.mp4,0,2026-03-02T09:00:00/);
  // Positions are of one video; lines and zones are of the camera.
  expect([...dialog.querySelectorAll('.buttons button')].map((it) => it.textContent)).toEqual([
    'Lines and zones (JSON)',
  ]);
});

test('a question of another length is answered at once, without counting all videos anew', async () => {
  const seconds = Array.from({ length: 9 }, (_, second) => second);
  const path = {
    index: 0,
    timestampsMs: Float64Array.from(seconds, (second) => 1000 * second),
    boxes: Float32Array.from(seconds.flatMap(() => [0.4, 0.3, 0.1, 0.4])),
  } as unknown as PersonPath;
  const getPaths = vi.fn(async () => [path]);
  await show({ listScenes: async () => [], getPaths });
  const query = screen.shadowRoot!.querySelector('hit-query')!.shadowRoot!;
  const answer = () => query.querySelector('[role=status]')!.textContent;
  await expect.poll(status).toBe('2 videos');
  await expect.poll(answer).toBe('Nobody.');
  const least = query.querySelectorAll('select')[2]!;
  expect([...least.options].slice(0, 5).map(({ text }) => text)).toEqual([
    '5 s',
    '10 s',
    '20 s',
    '30 s',
    '1 min',
  ]);
  const read = getPaths.mock.calls.length;
  least.value = '5000';
  least.dispatchEvent(new Event('change'));
  await screen.shadowRoot!.querySelector('hit-query')!.updateComplete;
  expect(answer()).toBe('2 times:');
  expect(getPaths).toHaveBeenCalledTimes(read);
});

test('a video that ends meanwhile is counted alone, and the others stay on the screen', async () => {
  const read: string[] = [];
  let finish: () => void = () => {};
  const getPaths = (jobId: string) => {
    read.push(jobId);
    return jobId !== 'three'
      ? Promise.resolve([])
      : new Promise<PersonPath[]>((resolve) => {
          finish = () => resolve([]);
        });
  };
  await show({ listScenes: async () => [], getPaths });
  await expect.poll(status).toBe('2 videos');
  expect(read).toEqual(['one', 'two']);
  screen.jobs = ['three', 'one', 'two'].map(job);
  await expect.poll(status).toBe('3 videos · counting 2 of 3…');
  await expect.poll(() => read).toEqual(['one', 'two', 'three']);
  expect(status()).toBe('3 videos · counting 2 of 3…');
  finish();
  await expect.poll(status).toBe('3 videos');
});

test('days of two years are told apart', async () => {
  const of = (name: string, startsAt: string) => ({
    ...job(name),
    recording: { camera: 'Door', startsAt },
  });
  await show({ listScenes: async () => [], getPaths: async () => [] });
  screen.jobs = [of('one', '2025-03-02T09:00:00Z'), of('two', '2026-03-02T09:00:00Z')];
  const days = () =>
    [
      ...screen
        .shadowRoot!.querySelector('day-charts')!
        .shadowRoot!.querySelector('count-chart')!
        .shadowRoot!.querySelectorAll('tbody th'),
    ].map(({ textContent }) => textContent);
  await expect.poll(days).toEqual(['Sun, Mar 2, 2025', 'Mon, Mar 2, 2026']);
});

test.each([
  ['came in', [{ id: 'a', points: [[0.5, 0] as const, [0.5, 1] as const] }]],
  ['came into the picture', []],
])('days side by side say that they tell who %s', async (who, lines) => {
  const scene = parseScene({ version: 1, camera: 'Door', lines });
  await show({ listScenes: async () => [scene], getPaths: async () => [] });
  const recording = { camera: 'Door', startsAt: '2026-03-02T09:00:00Z' };
  screen.jobs = [{ ...job('one'), recording }];
  const heading = () =>
    screen.shadowRoot!.querySelector('day-charts')?.shadowRoot?.querySelector('h2 ~ h2');
  await expect
    .poll(() => heading()?.textContent)
    .toBe(`Who ${who}, by the hour, days side by side`);
  const chart = heading()!.nextElementSibling as CountChart;
  expect(chart.name).toBe(heading()!.textContent);
});

test('it is told in time that the oldest result goes', async () => {
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000 + 60_000);
  await show({ listScenes: async () => [], getPaths: async () => [] });
  const told = () => screen.shadowRoot!.textContent!;
  expect(told()).not.toContain('oldest');
  screen.jobs = [job('one'), { ...job('two'), expiresAt: inDays(30) }];
  await screen.updateComplete;
  expect(told()).not.toContain('oldest');
  screen.jobs = [
    { ...job('one'), expiresAt: inDays(5) },
    { ...job('two'), expiresAt: inDays(30) },
  ];
  await screen.updateComplete;
  expect(told()).toContain('kept for 5 more days. Save a table');
});
