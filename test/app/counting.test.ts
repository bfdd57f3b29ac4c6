/** Counting on the result screen. Long because one browser and one job serve all of it. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { ReportSheet } from '../../src/app/counting/report-sheet.ts';
import type { FootpathApp } from '../../src/app/footpath-app.ts';
import type { PersonList } from '../../src/element/person-list.ts';
import { brokenRules } from './broken-rules.ts';
import {
  chooseQuick,
  FILE_FIELD,
  OpenApp,
  RUN_MS,
  runSample,
  shortSample,
  startLong,
  stopJob,
} from './open-app.ts';
import { brokenLayouts } from './page-layout.ts';

const DESK = { width: 1280, height: 800 };

let app: OpenApp;
let context: BrowserContext;
let page: Page;
let errors: string[];
let result: string;

beforeAll(async () => {
  app = await OpenApp.start();
  // axe is put into the page by the test; the page's own policy would refuse it.
  context = await app.profile({
    serviceWorkers: 'block',
    viewport: DESK,
    reducedMotion: 'reduce',
    acceptDownloads: true,
    bypassCSP: true,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
  });
  ({ page, errors } = await app.page(context));
  await runSample(page);
  result = page.url();
}, 600_000);
afterAll(() => app.close());

const stage = () => page.locator('footpath-player .stage');
const card = (name: string) => page.locator('shape-cards li', { hasText: name });

/** Words of some elements that go on in another line. */
function brokenWords(elements: Element[]): string[] {
  return elements.flatMap((element) => {
    const broken: string[] = [];
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      for (const { 0: word, index } of text.nodeValue!.matchAll(/\S+/g)) {
        const range = document.createRange();
        range.setStart(text, index);
        range.setEnd(text, index + word.length);
        if (range.getClientRects().length > 1) broken.push(word);
      }
    }
    return broken;
  });
}

async function openResult(): Promise<void> {
  await page.goto(result);
  await page.reload();
}

/** Names of the shapes that are kept: a page that is loaded again at once takes what is on its way to the store along. */
const kept = () =>
  page.locator('footpath-app').evaluate(async ({ tracking }: FootpathApp) => {
    const scenes = await tracking.listScenes();
    return scenes.flatMap(({ lines, zones }) => [...lines, ...zones].map(({ name }) => name));
  });

/** Numbers on a card, in and out of a line. */
async function figures(of: Locator): Promise<number[]> {
  return (await of.locator('.figures strong').allTextContents()).map(Number);
}

/** Drags over the picture, between places in ratios of it. */
async function drag(from: readonly [number, number], to: readonly [number, number]) {
  await stage().scrollIntoViewIfNeeded();
  const box = (await stage().boundingBox())!;
  const at = ([x, y]: readonly [number, number]) =>
    [box.x + x * box.width, box.y + y * box.height] as const;
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]));
  await page.mouse.move(...at(to));
  await page.mouse.up();
}

/** What the control that has the focus is called. */
const focused = () =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    const name = element?.getAttribute('aria-label') ?? element?.textContent ?? '';
    return element === document.body ? '' : name.replace(/\s+/g, ' ').trim();
  });

async function download(button: Locator): Promise<{ name: string; text: string }> {
  const downloading = page.waitForEvent('download');
  await button.click();
  const file = await downloading;
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
}

test('who draws with keys alone goes on from there, and the focus is never lost', async () => {
  const draw = page.getByRole('button', { name: 'Draw a line' });
  await draw.focus();
  await page.keyboard.press('Enter');
  await expect.poll(focused).toBe('Move Line 1');
  await page.keyboard.press('Escape');
  await expect.poll(focused).toBe('Change Line 1');
  await page.getByRole('button', { name: 'Delete Line 1' }).focus();
  await page.keyboard.press('Enter');
  await expect.poll(focused).toBe('Draw a line');
  await page.keyboard.press('Enter');
  await expect.poll(focused).toBe('Move Line 1');
  await page.keyboard.press('Delete');
  await expect.poll(focused).toBe('Draw a line');
  await page.getByRole('button', { name: 'Undo' }).focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press('Enter');
  await page.getByText('Draw a line where people walk in').waitFor();
  // Long enough for the browser to take the focus from what cannot have it.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  expect(await focused()).toBe('Undo');
  const camera = page.getByRole('textbox', { name: 'Camera' });
  await camera.press('Enter');
  expect(await focused()).toBe('Camera');
  await expect.poll(kept).toEqual([]);
  await openResult();
  expect(errors).toEqual([]);
});

test('a line that is drawn counts at once, and its list leads to the moment', async () => {
  await page.getByText('Draw a line where people walk in').waitFor();
  // On a phone that lies on its side the tools are out of sight while the picture is in it.
  await page.setViewportSize({ width: 844, height: 390 });
  await page.getByRole('button', { name: 'Draw a line' }).click();
  const how = page.locator('scene-editor .how');
  expect(await how.textContent()).toContain('Drag over the picture');
  await expect
    .poll(async () => {
      const box = (await how.boundingBox())!;
      return box.y >= 0 && box.y + box.height <= 390;
    })
    .toBe(true);
  await page.keyboard.press('Escape');
  await page.setViewportSize(DESK);
  await page.getByRole('button', { name: 'Draw a line' }).click();
  await drag([0.5, 0.1], [0.5, 0.95]);
  await card('Line 1').waitFor();
  expect(await how.count()).toBe(0);
  // The name leaves the line's first point free.
  const name = (await page.locator('scene-editor .label').first().boundingBox())!;
  const point = (await page
    .getByRole('button', { name: 'Line 1, point 1 of 2', exact: true })
    .boundingBox())!;
  const middle = point.y + point.height / 2;
  expect(name.y > middle || name.y + name.height < middle).toBe(true);
  const [came, went] = await figures(card('Line 1'));
  expect(came! + went!).toBeGreaterThan(1);
  expect(await page.getByText('Draw a line where people walk in').count()).toBe(0);

  const rows = page.locator('moment-list li button');
  expect(await rows.count()).toBe(came! + went!);
  const last = rows.last();
  const time = (await last.locator('.time').textContent())!.trim();
  const person = (await last.locator('.number .visually-hidden').textContent())!.trim();
  await last.click();
  await expect.poll(() => page.locator('footpath-player .now').textContent()).toBe(time);
  const picked = page.locator('footpath-people button[aria-pressed=true]');
  await expect
    .poll(async () => (await picked.textContent())!.replace(/\s+/g, ' ').trim())
    .toMatch(new RegExp(`^${person}\\b`));
  expect(errors).toEqual([]);
});

test('the same counts as from the program’s own function', async () => {
  const [came, went] = await figures(card('Line 1'));
  const counted = await page.locator('footpath-app').evaluate(async (element) => {
    const { tracking } = element as FootpathApp;
    const [job] = await tracking.listJobs();
    const [scene] = await tracking.listScenes();
    const { lines } = await tracking.analyze(job!.jobId, scene);
    return { camera: scene!.camera, in: lines[0]!.in, out: lines[0]!.out };
  });
  expect(counted).toEqual({ camera: 'footpath-sample', in: came, out: went });
});

test('in and out are swapped, and undo and redo go back and forth', async () => {
  const before = await figures(card('Line 1'));
  await card('Line 1').getByRole('button', { name: 'Swap in and out' }).click();
  const swapped = [...before].reverse();
  await expect.poll(() => figures(card('Line 1'))).toEqual(swapped);
  await page.keyboard.press('Control+z');
  await expect.poll(() => figures(card('Line 1'))).toEqual(before);
  await page.getByRole('button', { name: 'Redo' }).click();
  await expect.poll(() => figures(card('Line 1'))).toEqual(swapped);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => figures(card('Line 1'))).toEqual(before);
  // Under a question nothing changes.
  await page.locator('result-screen').getByRole('button', { name: 'Delete this result' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Keep' }).focus();
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Escape');
  expect(await figures(card('Line 1'))).toEqual(before);
});

test('a zone is drawn, moved and given points with the keyboard alone', async () => {
  await page.getByRole('button', { name: 'Draw a zone' }).focus();
  await page.keyboard.press('Enter');
  const point = (at: number, of: number) =>
    page.getByRole('button', { name: `Zone 1, point ${at} of ${of}`, exact: true });
  await point(1, 4).waitFor();
  await card('Zone 1').waitFor();
  const left = (of: Locator) => of.evaluate((one) => (one as HTMLElement).style.left);
  expect(await left(point(1, 4))).toBe('30%');
  // The handle that moves the whole has the focus.
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(() => left(point(1, 4))).toBe('36%');
  await point(1, 4).focus();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => left(point(1, 4))).toBe('35%');
  await page.keyboard.press('Insert');
  await point(5, 5).waitFor();
  await page.keyboard.press('Delete');
  await point(4, 4).waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(() => point(1, 4).count()).toBe(0);
  expect(await page.locator('footpath-player .now').textContent()).not.toBe('');
  expect(errors).toEqual([]);
});

test('a point that is dragged moves, and one between two is added', async () => {
  await card('Line 1').getByRole('button', { name: 'Change Line 1' }).click();
  await drag([0.5, 0.95], [0.45, 0.9]);
  const second = page.getByRole('button', { name: 'Line 1, point 2 of 2', exact: true });
  await expect
    .poll(async () =>
      Number.parseFloat(await second.evaluate((one) => (one as HTMLElement).style.left)),
    )
    .toBeCloseTo(45, 0);
  await page.getByRole('button', { name: 'Line 1, add a point after point 1' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Line 1, point 3 of 3', exact: true }).waitFor();
  await page.keyboard.press('Control+z');
  await expect
    .poll(() => page.getByRole('button', { name: 'Line 1, point 3 of 3', exact: true }).count())
    .toBe(0);
});

test('the heat map lies over the picture with its scale', async () => {
  await page.getByRole('button', { name: 'Heat map' }).click();
  const painted = () =>
    page.locator('heat-picture canvas').evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return data.filter((value, i) => i % 4 === 3 && value > 0).length;
    });
  expect(await painted()).toBeGreaterThan(20);
  expect(await page.locator('heat-scale figure').textContent()).toMatch(
    /0 s[\s\S]*[\d.]+ s or more/,
  );
  await page.getByRole('button', { name: 'Heat map' }).click();
  expect(await page.locator('heat-picture').count()).toBe(0);
});

// WebKitGTK says so where the system has no locale.
test('where the browser’s language has no usable name the table stands for the chart, and it is said', async () => {
  const other = await context.newPage();
  await other.addInitScript(() => Object.defineProperty(navigator, 'language', { get: () => 'C' }));
  await other.goto(result);
  await other.getByText('This browser cannot draw the chart.').waitFor();
  expect(await other.locator('count-chart tbody td').first().isVisible()).toBe(true);
  await other.close();
});

test('the chart has its table, with the sums of the cards', async () => {
  await page.locator('count-chart canvas').first().waitFor();
  const [came, went] = await figures(card('Line 1'));
  await page.locator('count-chart summary').click();
  const cells = await page.locator('count-chart tbody td').allTextContents();
  const sums = [0, 1].map((column) =>
    cells.filter((_, i) => i % 2 === column).reduce((sum, text) => sum + Number(text), 0),
  );
  expect(sums).toEqual([came, went]);
  expect(await page.locator('count-chart .plot').getAttribute('aria-label')).toContain(
    `${came} in`,
  );
});

/** Which colours of a chart's legend are drawn: now, or once it is on paper, where scripts have no other moment than that change. */
function drawnColours(chart: Element, on: string) {
  const look = () => {
    const canvas = chart.shadowRoot!.querySelector('canvas')!;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Set<string>();
    for (let i = 0; i < data.length; i += 4) colours.add(`rgb(${data.slice(i, i + 3).join(', ')})`);
    return [...chart.shadowRoot!.querySelectorAll('.legend i')].map((mark) =>
      colours.has(getComputedStyle(mark).backgroundColor),
    );
  };
  if (on === 'screen') return { seen: look() };
  const seen = new Promise<boolean[]>((resolve) =>
    matchMedia('print').addEventListener('change', () => resolve(look()), { once: true }),
  );
  return { seen };
}

const drawnOnScreen = async () =>
  (await page.locator('count-chart').evaluate(drawnColours, 'screen')).seen;

test('where colours are forced bars have those of their legend', async () => {
  await page.emulateMedia({ forcedColors: 'active' });
  await expect.poll(drawnOnScreen).toEqual([true, true]);
  await page.emulateMedia({ forcedColors: 'none' });
});

test('printed from a dark screen bars have the colours of their legend', async () => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(drawnOnScreen).toEqual([true, true]);
  const paper = await page.locator('count-chart').evaluateHandle(drawnColours, 'paper');
  await page.pdf();
  expect(await paper.evaluate(({ seen }) => seen)).toEqual([true, true]);
  await page.emulateMedia({ colorScheme: 'light' });
});

test('the chart shows what its field says, whoever chose it', async () => {
  const field = page.locator('time-chart select').first();
  const shown = () =>
    field.evaluate((select: HTMLSelectElement) => select.selectedOptions[0]!.textContent);
  for (const name of ['Zone 1', 'Line 1']) await field.selectOption({ label: name });
  for (const name of ['Zone 1', 'Line 1']) {
    await card(name)
      .getByRole('button', { name: `Change ${name}` })
      .click();
    await expect.poll(() => page.locator('time-chart').getByText(name).count()).toBeGreaterThan(0);
    expect(await shown()).toBe(name);
  }
  await card('Line 1').getByRole('button', { name: 'Done' }).click();
});

test('a line that nobody crossed says so in place of an empty chart', async () => {
  await page.getByRole('button', { name: 'Draw a line' }).click();
  await drag([0.05, 0.03], [0.1, 0.05]);
  await page.locator('time-chart').getByText('Nobody crossed').waitFor();
  expect(await page.locator('time-chart count-chart').count()).toBe(0);
  const told = await card('Line 2').textContent();
  expect(told).toContain('Nobody crossed');
  expect(told).not.toContain('As many came as went');
  await page.keyboard.press('Control+z');
  await page.locator('time-chart count-chart canvas').waitFor();
  await card('Line 1')
    .getByRole('button', { name: /Change/ })
    .click();
});

test('the clock, once told, is on everything', async () => {
  await page.getByLabel('Begins at').fill('2026-03-01T09:00:00');
  await page.getByLabel('Begins at').press('Tab');
  await expect
    .poll(() => page.locator('footpath-people .times').first().textContent())
    .toMatch(/\b0?9:00:\d\d/);
  expect(await page.locator('footpath-player .time').textContent()).toMatch(
    /9:00:\d\d.* \/ 0?9:00:18/,
  );
  expect(await page.locator('moment-list .time').first().textContent()).toMatch(/^\s*0?9:00:\d\d/);
  expect(await page.locator('footpath-timeline .scale').textContent()).toMatch(/\b0?9:00:/);
  // As the page's country writes it, in the parts within parts too.
  for (const part of ['footpath-player .time', 'footpath-people', 'footpath-timeline .scale'])
    expect(await page.locator(part).first().textContent(), part).not.toMatch(/AM|PM/);
});

test('lines, names and clock are there after a reload', async () => {
  const field = card('Line 1').getByRole('textbox', { name: 'Name', exact: true });
  await field.fill('=Door');
  await field.press('Tab');
  await card('=Door').waitFor();
  const before = await figures(card('=Door'));
  await expect.poll(kept).toContain('=Door');
  await page.reload();
  await card('=Door').waitFor();
  expect(await figures(card('=Door'))).toEqual(before);
  await expect
    .poll(() => page.locator('moment-list .time').first().textContent())
    .toMatch(/\b0?9:00/);
});

test('tables are saved for both kinds of spreadsheets, and no name runs as a formula', async () => {
  await page.getByRole('button', { name: 'Save a table' }).click();
  const crossings = await download(page.getByRole('button', { name: /^Who went in and out/ }));
  expect(crossings.name).toBe('footpath-sample-crossings.csv');
  const lines = crossings.text.trimEnd().split('\r\n');
  expect(lines[0]).toBe('\uFEFFLine,Person,Direction,From,To,"At, s",At,Sure');
  expect(lines[1]).toMatch(/^'=Door,\d+,(in|out),\w+,\w+,[\d.]+,2026-03-01T09:00:\d\d\+01:00,/);
  expect(lines.length - 1).toBe((await figures(card('=Door'))).reduce((a, b) => a + b));
  await page.getByLabel('Numbers are written').selectOption(';');
  const people = await download(page.getByRole('button', { name: /^Everybody/ }));
  expect(people.text).toMatch(/\r\n1;\d+(,\d+)?;\d+(,\d+)?;2026-03-01T09:00/);
  const times = await download(page.getByRole('button', { name: /^Counts over time/ }));
  expect(times.text).toContain(`'=Door: in;'=Door: out`.replaceAll("'=", "'="));
  const json = await download(page.getByRole('button', { name: 'Download JSON' }));
  expect(JSON.parse(json.text).JobStatus).toBe('SUCCEEDED');
  expect(await brokenRules(page), 'dialogue').toEqual([]);
  await page.keyboard.press('Escape');
  // What was chosen stays so, on the screen and in the files.
  await page.getByRole('button', { name: 'Save a table' }).click();
  const chosen = await page.getByLabel('Numbers are written').inputValue();
  const again = await download(page.getByRole('button', { name: /^Everybody/ }));
  expect([chosen, again.text]).toEqual([';', people.text]);
  await page.keyboard.press('Escape');
});

test('names of all lines and zones in one spot are in the picture on paper, which is smaller there', async () => {
  await page.getByRole('link', { name: 'Print a report' }).click();
  const paper = await page.locator('report-sheet').evaluateHandle(async (element) => {
    const sheet = element as ReportSheet;
    const { analysis } = sheet;
    const lines = [1, 2, 3].map(() => {
      const [count] = analysis.lines;
      return {
        ...count!,
        line: {
          ...count!.line,
          points: [
            [0.5, 0.5],
            [0.5, 0.9],
          ] as const,
        },
      };
    });
    const zones = [1, 2, 3, 4].map(() => {
      const [count] = analysis.zones;
      const points = [
        [0.5, 0.5],
        [0.8, 0.5],
        [0.8, 0.9],
      ] as const;
      return { ...count!, zone: { ...count!.zone, points } };
    });
    sheet.analysis = { ...analysis, lines, zones };
    await sheet.updateComplete;
    const map = sheet.shadowRoot!.querySelector('.map')!;
    const labels = map.querySelector('scene-editor')!.shadowRoot!;
    const seen = new Promise<number[]>((resolve) =>
      matchMedia('print').addEventListener(
        'change',
        () => {
          const { top } = map.getBoundingClientRect();
          const all = [...labels.querySelectorAll('.label')];
          resolve(all.map((label) => label.getBoundingClientRect().top - top));
        },
        { once: true },
      ),
    );
    return { seen };
  });
  await page.pdf();
  const tops = await paper.evaluate(({ seen }) => seen);
  expect(tops).toHaveLength(7);
  for (const top of tops) expect(top).toBeGreaterThanOrEqual(0);
  await page.getByRole('link', { name: 'Back to the video' }).click();
  await card('=Door').waitFor();
});

test.each(['A4', 'Letter'])(
  'the report is one page of %s, with what was counted',
  async (format) => {
    await page.getByRole('link', { name: 'Print a report' }).click();
    const sheet = page.locator('report-sheet');
    await sheet.locator('img').waitFor();
    expect(await sheet.locator('article').textContent()).toMatch(
      /People at footpath-sample[\s\S]*9:00[\s\S]*How this was counted/,
    );
    expect(await sheet.locator('h1').textContent()).toContain('footpath-sample');
    expect(await brokenRules(page), 'report').toEqual([]);
    const pdf = (await page.pdf({ format })).toString('latin1');
    expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(1);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.locator('button:visible, a:visible').count()).toBe(0);
    expect(await sheet.locator('h1').evaluate((one) => getComputedStyle(one).color)).toBe(
      'rgb(19, 33, 26)',
    );
    // Printing would go by what is emulated.
    await page.emulateMedia({ media: null, colorScheme: 'light' });
    await page.getByRole('link', { name: 'Back to the video' }).click();
    await card('=Door').waitFor();
  },
);

test('the next video of the camera has its lines, and all its videos answer together', async () => {
  await page.getByRole('link', { name: 'All videos', exact: true }).click();
  // The same video again would not be another.
  const buffer = await readFile(await shortSample());
  await chooseQuick(page);
  await page
    .locator(FILE_FIELD)
    .setInputFiles({ name: 'footpath-sample.mp4', mimeType: 'video/mp4', buffer });
  await card('=Door').waitFor({ timeout: RUN_MS });
  // Its file tells when it was cut.
  await page.getByLabel('Begins at').fill('');
  await page.getByText('Tell when the video begins').waitFor();
  await page.getByRole('link', { name: 'Compare the videos of footpath-sample' }).click();
  // Both are counted by then.
  await page.locator('camera-screen').getByText('2 videos', { exact: true }).waitFor();
  await page.getByText('1 video is missing here').waitFor();
  await page.locator('hit-query').getByLabel('Who').selectOption('in');
  await page.getByText(/\d times?:/).waitFor();
  const hits = page.locator('hit-query li a');
  const count = await hits.count();
  expect(count).toBeGreaterThan(1);
  await page.locator('hit-query').getByLabel('Who').selectOption('stood');
  await page.getByLabel('For at least').selectOption('5000');
  await page.locator('hit-query').getByLabel('Who').selectOption('in');
  await expect.poll(() => hits.count()).toBe(count);
  expect(await brokenRules(page), 'camera').toEqual([]);
  await hits.first().click();
  await page.locator('footpath-people button[aria-pressed=true]').waitFor();
  await expect
    .poll(() => page.locator('footpath-player .now').textContent())
    .not.toMatch(/0:00\.0|9:00:00/);
  expect(errors).toEqual([]);
}, 450_000);

test('a job says what it has counted so far where its camera has lines', async () => {
  await page.locator('footpath-app').evaluate(async (element) => {
    const { tracking } = element as FootpathApp;
    const [scene] = await tracking.listScenes();
    await tracking.saveScene({ ...scene, camera: 'long' });
  });
  await page.goto(app.url);
  await startLong(page);
  const counted = page.locator('counts-so-far dd').first();
  await expect
    .poll(() => counted.textContent(), { timeout: 120_000 })
    .toMatch(/[1-9]\d* in|[1-9]\d* out/);
  await stopJob(page);
  expect(errors).toEqual([]);
}, 200_000);

test.each(['light', 'dark'] as const)(
  'counting breaks no accessibility rule (%s)',
  async (scheme) => {
    await page.emulateMedia({ colorScheme: scheme });
    await openResult();
    await card('=Door').waitFor();
    await page.getByRole('button', { name: 'Heat map' }).click();
    await card('=Door')
      .getByRole('button', { name: /Change/ })
      .click();
    await page.locator('count-chart canvas').first().waitFor();
    expect(await brokenRules(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'light' });
  },
);

test('counting fits a phone, whatever the font', async () => {
  await openResult();
  await card('=Door').waitFor();
  await card('=Door')
    .getByRole('button', { name: /Change/ })
    .click();
  expect(await brokenLayouts(page), 'result').toEqual([]);
  const heights = await page.locator('footpath-people').evaluate(async (element) => {
    const list = element as PersonList;
    const few = list.clientHeight;
    const { people } = list;
    list.people = Array.from({ length: 1000 }, (_, index) => ({ ...people[0]!, index }));
    await list.updateComplete;
    const many = [list.clientHeight, list.scrollHeight];
    list.people = people;
    return [few, ...many];
  });
  expect(heights[0], 'a few people, all in sight').toBeGreaterThan(100);
  expect(heights[1], 'a thousand people, in a place of their own').toBeLessThan(600);
  expect(heights[2]).toBeGreaterThan(20_000);
  await page.getByRole('button', { name: 'Save a table' }).click();
  expect(await brokenLayouts(page), 'dialogue').toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Compare the videos of footpath-sample' }).click();
  await page.locator('hit-query').getByLabel('Who').selectOption('in');
  await page.locator('hit-query li').first().waitFor();
  expect(await brokenLayouts(page), 'camera').toEqual([]);
  await page.goto(`${result}/report`);
  await page.locator('report-sheet').waitFor();
  expect(await brokenLayouts(page), 'report').toEqual([]);
  // Words over many columns stay whole in every language.
  await page.setViewportSize({ width: 390, height: 844 });
  await page.locator('report-sheet').evaluate((element) => {
    const sheet = element as ReportSheet;
    const [line] = sheet.analysis.lines;
    sheet.analysis = { ...sheet.analysis, lines: [line!, line!, line!] };
  });
  for (const tag of ['de', 'es', 'ar', 'en']) {
    await page.locator('language-choice select').selectOption(tag);
    await page.waitForFunction((lang) => document.documentElement.lang === lang, tag);
    const heads = page.locator('report-sheet th[scope=col]');
    await expect.poll(() => heads.evaluateAll(brokenWords), { message: tag }).toEqual([]);
  }
  await page.setViewportSize(DESK);
});

test('half a result is not printed as a whole one', async () => {
  const visitor = await app.profile({ viewport: DESK });
  const { page: other } = await app.page(visitor);
  await chooseQuick(other);
  const sample = await readFile(resolve(inject('root'), 'public/samples/footpath-sample.mp4'));
  const cut = { name: 'cut off.mp4', mimeType: 'video/mp4', buffer: sample.subarray(0, 500_000) };
  await other.locator(FILE_FIELD).setInputFiles(cut);
  await other.locator('result-screen footpath-people button').first().waitFor({ timeout: RUN_MS });
  await other.getByRole('link', { name: 'Print a report' }).click();
  const told = other.locator('report-sheet header .failed');
  await expect
    .poll(() => told.textContent())
    .toMatch(/could not be followed to its end[\s\S]*the file is incomplete/);
  expect((await other.pdf()).toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(1);
  await other.getByRole('link', { name: 'Back to the video' }).click();
  await other.getByRole('button', { name: 'Save a table' }).click();
  const downloading = other.waitForEvent('download');
  await other.getByRole('button', { name: 'Download JSON' }).click();
  expect((await downloading).suggestedFilename()).toBe('cut off-incomplete-people.json');
  await visitor.close();
}, 450_000);
