/** The frame for sites without a build: pages of other origins, friendly and hostile, in real Chromium. Long because one served frame and one browser are shared by every page. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { serveStatic } from '../../cli/serve-static.mjs';
import { ensureBuilt } from '../../scripts/build.mjs';
import { sharedChromium, WAIT_MS, type WatchedChromium } from '../fixtures/shared-chromium.ts';
import { type Site, startSite } from '../fixtures/site.ts';
import { RUN_MS } from './open-app.ts';

const root = inject('root');
let folder: string;
let app: { url: string; close: () => Promise<void> };
let site: Site;
let chromium: WatchedChromium;
let browser: Browser;
/** The pages' site, without a slash at its end. */
let pages: string;
/** The pages' site by another name: another origin, which is on no list. */
let stranger: string;

beforeAll(async () => {
  await ensureBuilt(['app'], () => {});
  folder = await mkdtemp(join(tmpdir(), 'footpath-embed-'));
  site = await startSite({
    folders: { '/samples/': resolve(root, 'public/samples'), '/': folder },
  });
  stranger = site.url.replace('127.0.0.1', 'localhost').replace(/\/$/, '');
  pages = site.url.replace(/\/$/, '');
  expect(stranger).not.toBe(pages);
  await writeFile(
    join(folder, 'embed-hosts.json'),
    JSON.stringify([new URL(site.url).origin, '*']),
  );
  app = await serveStatic(join(root, 'dist/app'), {
    extra: (path) => (path === '/embed-hosts.json' ? join(folder, 'embed-hosts.json') : undefined),
  });
  const embed = new URL('embed.html', app.url).href;
  await writeFile(
    join(folder, 'index.html'),
    `<!doctype html><script src="${new URL('embed.js', app.url)}"></script>
     <footpath-tracker lang="de" quality="fast" sample-rate="2"
       scene='{ "version": 1, "zones": [{ "id": "all", "points": [[0, 0], [1, 0], [1, 1], [0, 1]] }] }'
     ></footpath-tracker>`,
  );
  await writeFile(join(folder, 'bare.html'), `<!doctype html><iframe src="${embed}"></iframe>`);
  await writeFile(
    join(folder, 'middle.html'),
    `<!doctype html><iframe src="${stranger}/bare.html"></iframe>`,
  );
  await writeFile(join(folder, 'away.html'), '<!doctype html><p>elsewhere');
  chromium = await sharedChromium();
  ({ browser } = chromium);
}, 180_000);

afterAll(async () => {
  await chromium?.close();
  await app?.close();
  await site?.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(address: string): Promise<Page> {
  const page = await browser.newPage({ locale: 'en-US' });
  page.setDefaultTimeout(WAIT_MS);
  await page.goto(address);
  return page;
}

const HELLO = { protocol: 'footpath-embed/1' };

/** Says hello as the loader does, to the frame of the page, or something else. What comes back lies in the page's `answers`. */
function say(page: Page, message: unknown = HELLO): Promise<void> {
  return page.evaluate((said) => {
    const page = globalThis as unknown as { answers?: string[] };
    page.answers ??= [];
    const { answers } = page;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => answers.push(data.type);
    document.querySelector('iframe')!.contentWindow!.postMessage(said, '*', [port2]);
  }, message);
}

const answers = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as { answers: string[] }).answers);

/** Until the frame's script has run: it hears whatever is said from then on. */
async function loaded(page: Page): Promise<void> {
  const frame = page.frames().find((it) => it.url().includes('embed.html'))!;
  await frame.waitForSelector('footpath-tracker:defined');
}

/** What the page's console has been told in warnings, from now on. */
function warningsOf(page: Page): string[] {
  const warnings: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'warning') warnings.push(message.text());
  });
  return warnings;
}

test('a page on the list gets the element, its events, paths and counts, and no pixels', async () => {
  const page = await open(site.url);
  const detail = await page.evaluate(async () => {
    const element = document.querySelector('footpath-tracker') as HTMLElement & {
      file: File | null;
      start(): void;
    };
    const complete = new Promise<CustomEvent>((done, fail) => {
      document.addEventListener('footpath-complete', (event) => done(event as CustomEvent));
      document.addEventListener('footpath-error', (event) =>
        fail(new Error((event as CustomEvent).detail.message)),
      );
    });
    const progress: string[] = [];
    document.addEventListener('footpath-progress', (event) =>
      progress.push((event as CustomEvent).detail.stage),
    );
    const bytes = await (await fetch('/samples/footpath-sample.mp4')).blob();
    element.file = new File([bytes], 'sample.mp4', { type: 'video/mp4' });
    element.start();
    return { ...(await complete).detail, progress };
  });
  expect(detail.people).toBeGreaterThan(2);
  expect(detail.paths).toHaveLength(detail.people);
  expect(detail.zones).toEqual([{ id: 'all', name: 'all', people: detail.people }]);
  expect(detail).toMatchObject({ frameWidth: 640, frameHeight: 360 });
  expect(detail.progress.length).toBeGreaterThan(0);
  const frame = page.frames().find((it) => it.url().includes('embed.html'))!;
  await expect.poll(() => frame.locator('footpath-tracker').textContent()).not.toBe(null);
  expect(await frame.getByText('Personen', { exact: false }).first().isVisible()).toBe(true);
  // The frame is as high as what is in it.
  const height = await page.locator('iframe').evaluate((it) => it.getBoundingClientRect().height);
  expect(height).toBeGreaterThan(200);
  await page.close();
});

test('a picture leaves the frame when the user gives it, and not before', async () => {
  const page = await open(site.url);
  const ask = () =>
    page.evaluate(() => {
      const { given } = globalThis as unknown as { given?: Promise<string> };
      return Promise.race([
        given,
        new Promise<string>((later) => setTimeout(() => later('nothing yet'), 700)),
      ]);
    });
  const answer = () =>
    page.evaluate(() => (globalThis as unknown as { given: Promise<string> }).given);
  const begin = () =>
    page.evaluate(() => {
      const element = document.querySelector('footpath-tracker') as HTMLElement & {
        picture(): Promise<Blob | null>;
      };
      const { given: before } = globalThis as unknown as { given?: Promise<string> };
      const given = element.picture().then((image) => (image ? `${image.type}` : 'kept'));
      Object.assign(globalThis, { given, before });
    });
  const frame = page.frameLocator('iframe');
  await loaded(page);
  // There is no result yet, and so nothing to ask for.
  await begin();
  expect(await answer()).toBe('kept');
  await page.evaluate(async () => {
    const element = document.querySelector('footpath-tracker') as HTMLElement & {
      file: File | null;
      start(): void;
    };
    const bytes = await (await fetch('/samples/footpath-sample.mp4')).blob();
    element.file = new File([bytes], 'sample.mp4', { type: 'video/mp4' });
    element.start();
  });
  await frame.locator('footpath-player').waitFor({ timeout: RUN_MS });
  await begin();
  expect(await ask()).toBe('nothing yet');
  const question = frame.getByRole('dialog');
  expect(await question.textContent()).toContain(pages);
  await question.getByRole('button', { name: 'Nicht geben' }).click();
  expect(await answer()).toBe('kept');
  await begin();
  expect(await ask()).toBe('nothing yet');
  // Whoever asks while the user is being asked gets the same answer.
  await begin();
  expect(await ask()).toBe('nothing yet');
  await question.getByRole('button', { name: 'Bild geben' }).click();
  expect(await answer()).toBe('image/jpeg');
  expect(
    await page.evaluate(() => (globalThis as unknown as { before: Promise<string> }).before),
  ).toBe('image/jpeg');
  await page.close();
});

test('each document of the frame has what the element has, and what was asked of one that went is answered', async () => {
  const page = await open(site.url);
  await loaded(page);
  type Framed = HTMLElement & { file: Blob | null; picture(): Promise<Blob | null> };
  const shown = async () => {
    const frame = page.frames().find((it) => it.url().includes('embed.html'));
    return frame?.locator('footpath-tracker').evaluate((it) => {
      const { file, scene, quality } = it as unknown as Record<string, unknown> & {
        file: Blob | null;
      };
      return { size: file?.size ?? null, hasScene: scene !== null, quality };
    });
  };
  const change = (run: (element: Framed) => unknown) =>
    page.evaluate(`(${run})(document.querySelector('footpath-tracker'))`);
  await change((element) => {
    element.file = new Blob(['video']);
  });
  await expect.poll(shown).toEqual({ size: 5, hasScene: true, quality: 'fast' });
  const answer = await change((element) => {
    const asked = element.picture();
    element.remove();
    document.body.append(element);
    return asked;
  });
  expect(answer).toBeNull();
  await expect.poll(shown).toEqual({ size: 5, hasScene: true, quality: 'fast' });
  await change((element) => {
    element.file = null;
    element.removeAttribute('scene');
    element.removeAttribute('quality');
  });
  await expect.poll(shown).toEqual({ size: null, hasScene: false, quality: null });
  await page.close();
});

test('an origin that is not on the list hears nothing, whatever stands in the list', async () => {
  const page = await open(`${stranger}/bare.html`);
  const warnings = warningsOf(page);
  await loaded(page);
  await say(page);
  await say(page);
  // Whoever builds the page finds out why, once.
  const told = expect.stringMatching(`${stranger} is not in embed-hosts.json`);
  await expect.poll(() => warnings).toEqual([told]);
  await say(page);
  expect(await answers(page)).toEqual([]);
  expect(warnings).toEqual([told]);
  await page.close();
});

test('what is no hello is not answered, and what is one is', async () => {
  const page = await open(`${pages}/bare.html`);
  await loaded(page);
  for (const message of ['hello', { protocol: 'footpath-embed/2' }, null, []])
    await say(page, message);
  await say(page);
  await expect.poll(() => answers(page)).toContain('size');
  expect((await answers(page)).filter((type) => type === 'ready')).toHaveLength(1);
  await page.close();
});

test('a window that is not right above the frame is not heard', async () => {
  // The middle page is on no list; the top one, which is, is not the frame's parent.
  const page = await open(`${pages}/middle.html`);
  const middle = page.frames().find((it) => it.url().includes('bare.html'))!;
  await middle.waitForSelector('iframe');
  const warnings = warningsOf(page);
  await loaded(page);
  const hello = (window: 'inner' | 'own') =>
    (window === 'inner' ? page : middle).evaluate(
      ([which, message]) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = ({ data }) => Object.assign(globalThis, { heard: data.type });
        const [first] = Array.from({ length: frames.length }, (_, i) => frames[i]!);
        (which === 'inner' ? first!.frames[0]! : first!).postMessage(message, '*', [port2]);
      },
      [window, HELLO] as const,
    );
  await hello('inner');
  // The frame has heard both by the time that it says why it does nothing of what the second one says.
  await hello('own');
  await expect.poll(() => warnings).toHaveLength(1);
  expect(await page.evaluate(() => 'heard' in globalThis)).toBe(false);
  await page.close();
});

test('a flood and forged messages leave the frame at work', async () => {
  const page = await open(`${pages}/bare.html`);
  await loaded(page);
  const { answers, seconds } = await page.evaluate(async (message) => {
    const { port1, port2 } = new MessageChannel();
    let answers = 0;
    const isAnswered = new Promise<void>((done) => {
      port1.onmessage = () => {
        answers++;
        done();
      };
    });
    const began = performance.now();
    const frame = document.querySelector('iframe')!;
    frame.contentWindow!.postMessage(message, '*', [port2]);
    for (let i = 0; i < 5000; i++) {
      port1.postMessage({ type: 'start' });
      port1.postMessage({ type: 'configure', lang: { toString: 'x' }, __proto__: { a: 1 } });
      port1.postMessage(new Array(10).fill('x'));
    }
    await isAnswered;
    await new Promise((later) => setTimeout(later, 3000));
    return { answers, seconds: (performance.now() - began) / 1000 };
  }, HELLO);
  // At most its allowance was heard: each start without a video answers with an error.
  expect(answers).toBeGreaterThan(0);
  expect(answers).toBeLessThan(100 * (1 + seconds));
  const frame = page.frames().find((it) => it.url().includes('embed.html'))!;
  expect(await frame.locator('footpath-tracker').evaluate(() => 1 + 1)).toBe(2);
  await page.close();
});

test('what a page sends changes no prototype in the frame, and a later page may say hello anew', async () => {
  const page = await open(`${pages}/bare.html`);
  await loaded(page);
  const ready = async () => (await answers(page)).filter((type) => type === 'ready').length;
  await say(page);
  await expect.poll(ready).toBe(1);
  await page.evaluate(async (hello) => {
    const { port1, port2 } = new MessageChannel();
    // Messages of a port come in their order: what is answered last has come behind all others.
    const isHeard = new Promise<void>((done) => {
      port1.onmessage = ({ data }) => {
        if (data.type === 'error') done();
      };
    });
    const frame = document.querySelector('iframe')!;
    frame.contentWindow!.postMessage(hello, '*', [port2]);
    const polluted = JSON.parse(
      '{"type":"configure","__proto__":{"isPolluted":1},"constructor":{"prototype":{"isPolluted":1}}}',
    );
    for (const message of [polluted, { ...polluted, lang: { __proto__: { isPolluted: 1 } } }])
      port1.postMessage(message);
    port1.postMessage({ type: 'start' });
    await isHeard;
  }, HELLO);
  const frame = page.frames().find((it) => it.url().includes('embed.html'))!;
  expect(await frame.evaluate(() => 'isPolluted' in {} || 'isPolluted' in [])).toBe(false);
  // The page was loaded anew, or its script ran again: the newest port is the one that is heard.
  await say(page);
  await expect.poll(ready).toBe(2);
  await page.close();
});

test('another frame of the page cannot pass for Footpath’s', async () => {
  const page = await open(site.url);
  await loaded(page);
  const heard = await page.evaluate(
    (origin) =>
      new Promise<string[]>((done) => {
        const events: string[] = [];
        for (const name of ['complete', 'progress', 'select', 'error'])
          document.addEventListener(`footpath-${name}`, () => events.push(name));
        const other = document.createElement('iframe');
        other.srcdoc = `<script>
          const { port1, port2 } = new MessageChannel();
          const forged = { type: 'select', index: 7 };
          parent.postMessage(forged, '*', [port2]);
          port1.postMessage(forged);
          parent.frames[0].postMessage({ protocol: 'footpath-embed/1' }, '${origin}', [new MessageChannel().port2]);
        </script>`;
        document.body.append(other);
        setTimeout(() => done(events), 2000);
      }),
    new URL(app.url).origin,
  );
  expect(heard).toEqual([]);
  await page.close();
});

test('a frame that was navigated away is told nothing', async () => {
  const page = await open(site.url);
  await loaded(page);
  const heard = await page.evaluate(
    (away) =>
      new Promise<number>((done) => {
        const frame = document.querySelector('iframe')!;
        let count = 0;
        frame.addEventListener('load', () => {
          frame.contentWindow!.addEventListener('message', () => count++);
          setTimeout(() => done(count), 1500);
        });
        frame.src = away;
      }),
    `${pages}/away.html`,
  );
  expect(heard).toBe(0);
  await page.close();
});
