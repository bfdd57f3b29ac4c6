/** `<footpath-tracker>` in real Chromium. Long because one engine and its videos are shared by every test. */
import axe from 'axe-core';
import { openDB } from 'idb';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Scene } from '../../src/analytics/scene.ts';
import { defineFootpathElements } from '../../src/element/define.ts';
import { addLanguage } from '../../src/element/localized.ts';
import type { PathViewer } from '../../src/element/path-viewer.ts';
import { FootpathTracker } from '../../src/element/tracker/footpath-tracker.ts';
import type { PersonPath } from '../../src/track/path.ts';
import { makeVideo } from '../fixtures/make-video.ts';
import { heard, place, removePlaced } from '../fixtures/placed-tracker.ts';

const SAMPLE = '/samples/footpath-sample.mp4';
const SECONDS = 120_000;
let clip: Blob;
let long: Blob;

beforeAll(async () => {
  defineFootpathElements();
  clip = await makeVideo({ seconds: 0.5 });
  long = await makeVideo({ seconds: 12 });
});

afterEach(removePlaced);

const text = (element: Element) => element.shadowRoot!.textContent!.replace(/\s+/g, ' ');
const button = (element: Element, name: string) =>
  [...element.shadowRoot!.querySelectorAll('button')].find((it) => it.textContent?.includes(name))!;

test('it is as large in a page whose root is small as in any other, and larger in one whose root is larger', async () => {
  const heightAt = async (fontSize: string) => {
    document.documentElement.style.fontSize = fontSize;
    const element = place();
    await element.updateComplete;
    const { height } = element.shadowRoot!.querySelector('button')!.getBoundingClientRect();
    element.remove();
    document.documentElement.style.fontSize = '';
    return height;
  };
  const usual = await heightAt('');
  expect(usual).toBeGreaterThan(30);
  expect(Math.abs((await heightAt('62.5%')) - usual)).toBeLessThan(1.5);
  expect(await heightAt('150%')).toBeGreaterThan(1.2 * usual);
});

test(
  'a video of the page is followed, shown and told of, over shadow roots',
  async () => {
    const host = document.createElement('div');
    document.body.append(host);
    const root = host.attachShadow({ mode: 'open' });
    const element = place();
    root.append(element);
    const progress = vi.fn();
    document.addEventListener('footpath-progress', progress);
    const completed = heard(document, 'footpath-complete');
    element.src = SAMPLE;
    await element.updateComplete;
    button(element, 'Find the people').click();
    const { detail } = await completed;
    document.removeEventListener('footpath-progress', progress);
    expect(progress).toHaveBeenCalled();
    expect(detail.job.status).toBe('SUCCEEDED');
    expect(detail.job.jobId).toBe(element.jobId);
    expect(detail.paths.length).toBeGreaterThan(2);
    expect(element.paths).toBe(detail.paths);
    const viewer = element.shadowRoot!.querySelector<PathViewer>('footpath-viewer')!;
    await viewer.updateComplete;
    expect(viewer.src).toBe(new URL(SAMPLE, location.href).href);
    expect(text(element)).toContain(`${detail.paths.length} people`);

    const stored = await openDB(element.database!);
    expect(await stored.getAll('jobs')).toMatchObject([{ keepVideo: false }]);
    stored.close();

    const selected = heard(document, 'footpath-select');
    const people = viewer.shadowRoot!.querySelector('footpath-people')!;
    people.dispatchEvent(new CustomEvent('person-select', { detail: 1 }));
    expect((await selected).detail).toEqual({ index: 1 });

    const { violations } = await axe.run(host, { rules: { region: { enabled: false } } });
    expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);

    // What the result was made from, and by which hash anybody can tell whether a box is another one.
    const manifest = await element.manifest();
    const bytes = await (await fetch(SAMPLE)).arrayBuffer();
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
    expect(manifest.video).toMatchObject({ bytes: bytes.byteLength, sha256 });
    expect(manifest.result.boxes).toBe(
      detail.paths.reduce((sum: number, path: PersonPath) => sum + path.timestampsMs.length, 0),
    );
    expect(manifest.computed.backend).toBe('int8');

    // What the page asked for, threads included.
    const requests = element.shadowRoot!.querySelector('footpath-requests')!;
    await expect.poll(() => text(requests)).toMatch(/nanodet-person\/int8\.bin thread that finds/);

    // Once more: the result that the database has is shown at once.
    const again = heard(document, 'footpath-complete');
    await element.start();
    expect((await again).detail.job.jobId).toBe(detail.job.jobId);
    host.remove();
  },
  SECONDS,
);

const SCENE: Scene = {
  version: 1,
  anchor: 'foot',
  lines: [
    {
      id: 'door',
      name: 'Door',
      points: [
        [0.5, 0],
        [0.5, 1],
      ],
      left: 'street',
      right: 'shop',
      inside: 'right',
    },
  ],
  zones: [
    {
      id: 'hall',
      name: 'Hall',
      points: [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
      ],
    },
  ],
};

test(
  'by a scene the result is counted, shown and told',
  async () => {
    const element = place({ src: SAMPLE, scene: SCENE });
    const completed = heard(element, 'footpath-complete');
    await element.start();
    const { analysis, paths } = (await completed).detail;
    expect(element.analysis).toBe(analysis);
    const [door] = analysis.lines;
    expect(door.in + door.out).toBeGreaterThan(0);
    expect(analysis.zones[0].people).toBe(paths.length);
    await element.updateComplete;
    expect(text(element)).toContain(`Door: ${door.in} in, ${door.out} out`);
    expect(text(element)).toContain(`Hall: ${paths.length} people,`);
    // A result that is there is counted by another scene at once, and stays where the scene breaks a rule.
    const { zones } = SCENE;
    element.scene = JSON.stringify({ version: 1, zones: [{ ...zones![0], name: 'Shop' }] });
    await element.updateComplete;
    expect(element.analysis).toMatchObject({ lines: [], zones: [{ people: paths.length }] });
    expect(text(element)).toContain(`Shop: ${paths.length} people,`);
    expect(text(element)).not.toContain('Door:');
    const failed = heard(element, 'footpath-error');
    element.scene = '{"version": 2}';
    expect((await failed).detail.kind).toBe('scene-invalid');
    await element.updateComplete;
    expect(element.analysis).toBeUndefined();
    expect(text(element)).toContain('scene version must be 1');
    element.scene = SCENE;
    const waited = element.updateComplete;
    // The counts by a scene that is given while those of another are waited for are waited for, too.
    await new Promise((resolve) => setTimeout(resolve));
    element.scene = JSON.stringify({ version: 1, zones: [{ ...zones![0], name: 'Yard' }] });
    await waited;
    await element.updateComplete;
    expect(text(element)).toContain(`Yard: ${paths.length} people,`);
    element.scene = null;
    await element.updateComplete;
    expect(element.paths).toBe(paths);
    expect(text(element)).not.toContain('scene version');
  },
  SECONDS,
);

test(
  'two on a page share one database and one queue',
  async () => {
    const first = place({ file: long, settings: { backend: 'wasm', quality: 'fast' } });
    const second = place({ file: clip, database: first.database });
    expect(await first.tracking).toBe(await second.tracking);
    await first.start();
    const done = heard(second, 'footpath-complete');
    await second.start();
    expect(await (await first.tracking).listJobs()).toHaveLength(2);
    await expect.poll(() => text(second)).toContain('Waiting for the video before it');
    await first.stop();
    await expect.poll(() => text(first)).toContain('Stopped');
    await done;
  },
  SECONDS,
);

test(
  'removed and put in again, it goes on',
  async () => {
    const element = place({
      file: long,
      settings: { backend: 'wasm', quality: 'fast', sampleRate: 3 },
    });
    await element.start();
    const jobId = element.jobId!;
    await heard(element, 'footpath-progress');
    element.remove();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const completed = heard(element, 'footpath-complete');
    document.body.append(element);
    expect((await completed).detail.job.jobId).toBe(jobId);
    // A finished result moved in the page is shown anew, its video too.
    element.remove();
    document.body.append(element);
    await expect
      .poll(() => element.shadowRoot!.querySelector<PathViewer>('footpath-viewer')?.src)
      .toMatch(/^blob:/);
  },
  SECONDS,
);

test(
  'with autostart no click is needed, and a file goes before src',
  async () => {
    const element = place({ autostart: true });
    const completed = heard(element, 'footpath-complete');
    element.src = '/nothing-here.mp4';
    element.file = new File([clip], 'shop.webm');
    expect((await completed).detail.job.key).toBe('shop.webm');
  },
  SECONDS,
);

test(
  'a dropped file is followed at once, on a result as well; beside a job at work it is not taken, and never opened in place of the page',
  async () => {
    const element = place();
    await element.updateComplete;
    const drop = (part: string, name: string, video = clip) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([video], name, { type: 'video/webm' }));
      const zone = element.shadowRoot!.querySelector(`[part=${part}]`)!;
      // A browser lets a file fall where each of these was answered, and opens it where the last was not.
      for (const type of ['dragenter', 'dragover', 'drop']) {
        const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true });
        expect(zone.dispatchEvent(event), type).toBe(false);
      }
    };
    const completed = heard(element, 'footpath-complete');
    drop('drop', 'dropped.webm');
    expect((await completed).detail.job.key).toBe('dropped.webm');
    const next = heard(element, 'footpath-complete');
    // Of a length that is at work still when somebody looks.
    drop('viewer', 'next.webm', long);
    await expect.poll(() => text(element)).toContain('Keep this page open until it is done.');
    drop('progress', 'too-soon.webm');
    expect((await next).detail.job.key).toBe('next.webm');
    button(element, 'Another video').click();
    await element.updateComplete;
    expect(text(element)).toContain('Drop a video here');
  },
  SECONDS,
);

test(
  'of several files the first video is taken, and that is said; the focus goes on to what is next',
  async () => {
    const element = place();
    await element.updateComplete;
    const files = ['notes.txt', 'first.webm', 'second.webm'];
    const clipboardData = new DataTransfer();
    for (const name of files) clipboardData.items.add(new File([clip], name));
    const focused = () => element.shadowRoot!.activeElement?.textContent?.trim();
    const status = element.shadowRoot!.querySelector('[role=status]')!;
    const told = 'One video at a time: this is first.webm, of 3 files.';
    button(element, 'Choose a video').focus();
    const passed: string[] = [];
    element.shadowRoot!.addEventListener('focusin', () =>
      passed.push(`${focused()} | ${status.textContent}`),
    );
    const completed = heard(element, 'footpath-complete');
    element
      .shadowRoot!.querySelector('.tracker')!
      .dispatchEvent(new ClipboardEvent('paste', { clipboardData }));
    const { job, paths } = (await completed).detail;
    expect(job.key).toBe('first.webm');
    await expect.poll(focused).toMatch(new RegExp(`^${paths.length} p`));
    expect(passed).toContainEqual(expect.stringMatching(`^Stop \\| ${told}`));
    expect(status).toBe(element.shadowRoot!.querySelector('[role=status]'));
    expect(text(element)).toContain(told);
    button(element, 'Another video').focus();
    button(element, 'Another video').click();
    await expect.poll(focused).toBe('Choose a video');
    expect(text(element)).not.toContain(told);
  },
  SECONDS,
);

test('what a page says of its own text is not said of the element’s', async () => {
  const around = document.createElement('div');
  around.style.cssText = 'text-transform: uppercase; white-space: pre-line; text-align: right';
  document.body.append(around);
  const element = place({ src: SAMPLE });
  around.append(element);
  await element.updateComplete;
  const shown = getComputedStyle(element.shadowRoot!.querySelector('footpath-requests')!);
  expect([shown.textTransform, shown.whiteSpace, shown.textAlign]).toEqual([
    'none',
    'normal',
    'start',
  ]);
  around.remove();
});

test.each([
  [
    'an address of another origin',
    { src: 'https://example.org/a.mp4' },
    'object-unreadable',
    'https://example.org/a.mp4',
  ],
  ['no video at all', {}, 'object-missing', 'set src, or file'],
  [
    'a scene that breaks a rule',
    { src: SAMPLE, scene: '{"version": 2}' },
    'scene-invalid',
    'scene version must be 1',
  ],
  [
    'a scene of another origin',
    { src: SAMPLE, scene: 'https://example.org/door.json' },
    'object-unreadable',
    'https://example.org/door.json',
  ],
  [
    'a quality that there is not',
    { src: SAMPLE, quality: 'best' as 'fast', settings: {} },
    'settings-invalid',
    'but is "best"',
  ],
  [
    'a sample rate in words',
    { src: SAMPLE, sampleRate: 'many', settings: {} },
    'settings-invalid',
    'but is "many"',
  ],
  [
    'a setting that there is not',
    { src: SAMPLE, settings: { qualtiy: 'fast' } as object },
    'settings-invalid',
    'qualtiy is no setting',
  ],
  ['a text', { file: new File(['hello'], 'notes.mp4') }, 'not-a-video', 'notes.mp4'],
] as const)(
  '%s ends in a typed error that names it',
  async (_, part, kind, words) => {
    const element = place(part);
    await element.updateComplete;
    const failed = heard(element, 'footpath-error');
    await element.start();
    const { detail } = await failed;
    expect(detail.kind).toBe(kind);
    await element.updateComplete;
    expect(element.shadowRoot!.querySelector('[role=alert]')!.textContent).toContain(
      'could not be looked through',
    );
    expect(detail.message + text(element)).toContain(words);
  },
  SECONDS,
);

test('texts are in the language of the place, or in one that the page brings', async () => {
  const section = document.createElement('section');
  section.lang = 'de-AT';
  const element = place();
  section.append(element);
  document.body.append(section);
  await element.updateComplete;
  expect(button(element, 'Video auswählen')).toBeDefined();

  // Through shadow roots, and when the page changes its mind.
  section.lang = 'ar';
  await expect.poll(() => text(element)).toContain('اختيار فيديو');
  const inside = element.shadowRoot!.querySelector('.tracker')!;
  expect(getComputedStyle(inside).direction).toBe('rtl');

  // Its own goes before the place's; where there are no words it is English.
  element.lang = 'es';
  await expect.poll(() => text(element)).toContain('Elegir un vídeo');
  expect(getComputedStyle(inside).direction).toBe('ltr');
  element.lang = 'tlh';
  await expect.poll(() => text(element)).toContain('Choose a video');

  addLanguage('tlh', { 'tracker.choose': 'mu’ghom wIv' });
  await expect.poll(() => text(element)).toContain('mu’ghom wIv');
  expect(text(element)).toContain('The video stays on this device.');
  section.remove();
});

test('a failure is told in the language of the place, with its own message beneath', async () => {
  const element = place({ lang: 'de', file: new File(['hello'], 'notes.mp4') });
  await element.updateComplete;
  const failed = heard(element, 'footpath-error');
  await element.start();
  const { detail } = await failed;
  const alert = () => element.shadowRoot!.querySelector('[role=alert]')!;
  await expect
    .poll(() => text(element))
    .toContain('Diese Datei ist kein Video einer Art, die hier gelesen wird.');
  expect(alert().querySelector('[lang=en]')!.textContent).toBe(detail.message);
});

test('a page sets the colours that it is promised', async () => {
  const element = place();
  await element.updateComplete;
  const shownIn = (part: Element) => getComputedStyle(part);
  const drop = element.shadowRoot!.querySelector('[part=drop]')!;
  const before = shownIn(drop).backgroundColor;
  expect(shownIn(element).backgroundColor).toBe('rgba(0, 0, 0, 0)');
  element.style.setProperty('--footpath-paper', 'rgb(1, 2, 3)');
  element.style.setProperty('--footpath-card', 'rgb(4, 5, 6)');
  element.style.setProperty('--footpath-ink', 'rgb(7, 8, 9)');
  element.style.setProperty('--footpath-font', 'monospace');
  expect(shownIn(element).backgroundColor).toBe('rgb(1, 2, 3)');
  expect(shownIn(drop).backgroundColor).not.toBe(before);
  expect(shownIn(drop).backgroundColor).toBe('rgb(4, 5, 6)');
  expect(shownIn(drop).color).toBe('rgb(7, 8, 9)');
  expect(shownIn(drop).fontFamily).toBe('monospace');
});

test('nothing is defined before it is asked for', async () => {
  expect(customElements.get('footpath-tracker')).toBe(FootpathTracker);
  expect(() => defineFootpathElements()).not.toThrow();
});
