/** Counts in large letters on a narrow screen, in real Chromium. */
import { expect, onTestFinished, test } from 'vitest';
import { analyze } from '../../src/analytics/analyze.ts';
import { parseScene } from '../../src/analytics/scene.ts';
import '../../src/app/counting/moment-list.ts';
import '../../src/app/counting/report-sheet.ts';
import type { JobSummary } from '../../src/client/api.ts';
import { walk } from '../fixtures/walk.ts';

const scene = parseScene({
  version: 1,
  startsAt: '2026-03-04T23:59:59Z',
  lines: [0.3, 0.5, 0.7].map((x, i) => ({
    id: `${i}`,
    name: `Line ${i + 1}`,
    points: [
      [x, 0],
      [x, 1],
    ],
  })),
});
/** A hundred people and more who walk through the picture over all lines. */
const paths = Array.from({ length: 1200 }, (_, index) =>
  walk(index, (s) => [0.1 + 0.2 * (s - index / 100), 0.5], {
    fromMs: 10 * index,
    toMs: 10 * index + 4000,
  }),
);
const analysis = analyze(paths, scene, { frameWidth: 640, frameHeight: 360, durationMs: 20_000 });

function showLarge<T extends HTMLElement>(element: T, width: number, fontFamily = ''): T {
  document.documentElement.style.fontSize = '200%';
  element.style.width = `${width}px`;
  element.style.fontFamily = fontFamily;
  document.body.append(element);
  onTestFinished(() => {
    element.remove();
    document.documentElement.style.fontSize = '';
  });
  return element;
}

/** What holds more than it is wide, or sticks out of what it is in. */
const tooWide = (root: ShadowRoot, within: Element) =>
  [...root.querySelectorAll('*')]
    .filter((element) => {
      const { left, right } = within.getBoundingClientRect();
      const box = element.getBoundingClientRect();
      if (element.matches('.visually-hidden, svg *')) return false;
      return (
        (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0) ||
        box.left < left - 1 ||
        box.right > right + 1
      );
    })
    .map(
      ({ localName, className, textContent }) =>
        `${localName}.${className} ${textContent?.trim().slice(0, 20)}`,
    );

test.each([
  [256, ''],
  [320, ''],
  // As wide as letters of a system get.
  [256, 'Verdana, "DejaVu Sans"'],
  [320, 'Verdana, "DejaVu Sans"'],
])('a report of three lines is not scrolled sideways in %s px %s', async (width, family) => {
  const job = { key: 'door.mp4', status: 'SUCCEEDED', settings: {} } as unknown as JobSummary;
  const recording = { camera: 'Door', startsAt: scene.startsAt!, clockFrom: 'given' } as const;
  const sheet = document.createElement('report-sheet');
  Object.assign(sheet, { job, analysis, recording });
  showLarge(sheet, width, family);
  await sheet.updateComplete;
  const table = sheet.shadowRoot!.querySelector('.times')!;
  expect(table.textContent).toContain('1,200');
  expect(tooWide(sheet.shadowRoot!, sheet)).toEqual([]);
  // A time is not broken into letters.
  const time = table.querySelector<HTMLElement>('th[scope=row]')!;
  expect(time.getClientRects()[0]!.height).toBeLessThan(60);
});

test('moments of the day after the one on which a video began keep their place', async () => {
  const list = document.createElement('moment-list');
  list.analysis = analysis;
  showLarge(list, 200);
  await list.updateComplete;
  expect(list.shadowRoot!.textContent).toContain('12:00');
  expect(tooWide(list.shadowRoot!, list)).toEqual([]);
});
