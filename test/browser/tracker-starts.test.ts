/** When `<footpath-tracker>` begins, what becomes of a start that is overtaken, and whose result counts. */
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { defineFootpathElements } from '../../src/element/define.ts';
import type { PathViewer } from '../../src/element/path-viewer.ts';
import type { FootpathTracker } from '../../src/element/tracker/footpath-tracker.ts';
import { makeVideo } from '../fixtures/make-video.ts';
import { heard, place, QUICK, removePlaced } from '../fixtures/placed-tracker.ts';

const SECONDS = 120_000;
let clip: File;
/** At work still when somebody comes to stop it. */
let long: File;

beforeAll(async () => {
  defineFootpathElements();
  clip = new File([await makeVideo({ seconds: 0.5 })], 'shop.webm');
  long = new File([await makeVideo({ seconds: 12 })], 'day.webm');
});

afterEach(removePlaced);

async function complete(element: FootpathTracker) {
  const completed = heard(element, 'footpath-complete');
  await element.start();
  return (await completed).detail;
}

const jobsOf = async (element: FootpathTracker) => (await element.tracking).listJobs();

test(
  'a stop that overtakes its start leaves no job',
  async () => {
    const element = place({ file: long, settings: { backend: 'wasm', quality: 'fast' } });
    await element.tracking;
    const early = element.start();
    await element.stop();
    expect(await early).toBeUndefined();
    // As a click does once the panel of the work is there.
    const late = element.start();
    await expect.poll(() => element.shadowRoot!.querySelector('progress')).not.toBeNull();
    await element.stop();
    await late;
    // One that was being stored already is stopped.
    const kinds = async () => (await jobsOf(element)).map(({ failure }) => failure?.kind);
    await expect.poll(async () => (await kinds()).every((kind) => kind === 'stopped')).toBe(true);
  },
  SECONDS,
);

test(
  'a video that is given to two elements, or started twice, is looked through once',
  async () => {
    const database = `element-${crypto.randomUUID()}`;
    const both = [1, 2].map(() => place({ database, file: clip }));
    const completed = both.map((element) => heard(element, 'footpath-complete'));
    for (const element of [...both, ...both]) void element.start();
    await Promise.all(completed);
    expect(await jobsOf(both[0]!)).toHaveLength(1);
  },
  SECONDS,
);

test(
  'a result of other settings is not taken for that of the usual ones',
  async () => {
    const element = place({ file: clip });
    const fast = await complete(element);
    element.settings = { backend: 'int8', sampleRate: 2 };
    const usual = await complete(element);
    expect(usual.job.settings.quality).toBe('balanced');
    element.settings = { ...QUICK, detectEvery: undefined as unknown as number };
    expect((await complete(element)).job.jobId).toBe(fast.job.jobId);
    // Tracked again, it was looked through by these settings all the same.
    await (await element.tracking).retrack(fast.job.jobId, { tracker: 'bytetrack' });
    expect((await complete(element)).job.jobId).toBe(fast.job.jobId);
  },
  SECONDS,
);

test(
  'a new start counts the folder anew, and tells nothing of the job before',
  async () => {
    const element = place({ file: clip, assets: '/nowhere/' });
    const told = vi.fn();
    element.addEventListener('footpath-error', told);
    const failed = heard(element, 'footpath-error');
    await element.start();
    expect((await failed).detail.message).toContain('/nowhere/');
    element.assets = '/';
    const { job } = await complete(element);
    expect(job.status).toBe('SUCCEEDED');
    expect(told).toHaveBeenCalledOnce();
  },
  SECONDS,
);

test(
  'a result that is moved in the page is told of once',
  async () => {
    const element = place({ file: clip });
    const told = vi.fn();
    element.addEventListener('footpath-complete', told);
    await complete(element);
    const src = () => element.shadowRoot!.querySelector<PathViewer>('footpath-viewer')?.src;
    const before = src();
    element.remove();
    document.body.append(element);
    await expect.poll(src).not.toBe(before);
    await expect.poll(src).toMatch(/^blob:/);
    await element.updateComplete;
    expect(told).toHaveBeenCalledOnce();
  },
  SECONDS,
);

test(
  'what is undefined or empty, as frameworks write what they have nothing for, was not given',
  async () => {
    const nothing = { scene: undefined, src: undefined, assets: '/', sampleRate: '', quality: '' };
    const element = place(Object.assign({ file: clip }, nothing) as never);
    const failed = vi.fn();
    element.addEventListener('footpath-error', failed);
    expect(await complete(element)).not.toHaveProperty('analysis');
    const scene = {
      version: 1,
      lines: [
        {
          id: 'a',
          name: 'A',
          points: [
            [0.5, 0],
            [0.5, 1],
          ],
        },
      ],
    };
    element.scene = JSON.stringify(scene);
    await element.updateComplete;
    expect(element.analysis).toBeDefined();
    for (const name of ['src', 'scene', 'settings', 'database']) {
      Object.assign(element, { [name]: undefined });
      await element.updateComplete;
    }
    expect(element.analysis).toBeUndefined();
    expect(await element.manifest()).toBeDefined();
    Object.assign(element, { database: '' });
    await element.updateComplete;
    expect(element.database).toBe('footpath');
    Object.assign(element.settings, QUICK);
    expect(document.createElement('footpath-tracker').settings).toEqual({});
    expect(failed).not.toHaveBeenCalled();

    const viewer = document.createElement('footpath-viewer');
    const sizes = ['durationMs', 'frameWidth', 'frameHeight', 'videoStartMs'];
    const names = ['src', 'paths', 'startsAt', ...sizes];
    Object.assign(viewer, Object.fromEntries(names.map((name) => [name, undefined])));
    document.body.append(viewer);
    await viewer.updateComplete;
    expect(viewer.shadowRoot!.textContent).toContain('on screen');
    for (const name of ['src', 'starts-at', 'frame-width']) viewer.setAttribute(name, '');
    await viewer.updateComplete;
    expect(viewer).toMatchObject({ src: null, startsAt: null, frameWidth: 16, videoStartMs: 0 });
    viewer.remove();
  },
  SECONDS,
);

test('an element that is moved into a frame keeps its looks and speaks the language there', async () => {
  const frame = document.createElement('iframe');
  frame.style.width = `${innerWidth}px`;
  document.body.append(frame);
  const there = frame.contentDocument!;
  there.documentElement.lang = 'de';
  const shown = place();
  await shown.updateComplete;
  const looks = (element: Element) => {
    const button = element.shadowRoot!.querySelector('button')!;
    const { padding, fontWeight } = getComputedStyle(button);
    return [button.textContent!.trim(), padding, fontWeight];
  };
  const [, ...styles] = looks(shown);
  const fresh = document.createElement('footpath-tracker');
  there.body.append(shown, fresh);
  for (const element of [shown, fresh]) {
    await element.updateComplete;
    expect(looks(element)).toEqual(['Video auswählen', ...styles]);
  }
  const viewer = document.createElement('footpath-viewer');
  there.body.append(viewer);
  await viewer.updateComplete;
  const player = viewer.shadowRoot!.querySelector('footpath-player')!;
  await player.updateComplete;
  expect(player.shadowRoot!.adoptedStyleSheets.length).toBeGreaterThan(0);
  // And back.
  document.body.append(shown);
  await shown.updateComplete;
  expect(looks(shown).slice(1)).toEqual(styles);
  frame.remove();
});
