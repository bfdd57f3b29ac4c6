/** A video in which nobody was: zero is an answer as any other, in real Chromium. */
import { afterEach, expect, test } from 'vitest';
import { parseScene, type Scene } from '../../src/analytics/scene.ts';
import type { ReportScreen } from '../../src/app/screens/report-screen.ts';
import '../../src/app/screens/report-screen.ts';
import type { ResultScreen } from '../../src/app/screens/result-screen.ts';
import '../../src/app/screens/result-screen.ts';
import type { JobSummary, PersonTracking } from '../../src/client/api.ts';
import { defineViewParts } from '../../src/element/define.ts';
import { DEFAULT_SETTINGS } from '../../src/engine/settings.ts';

defineViewParts();

const HOUR_MS = 3_600_000;
const quiet = {
  jobId: 'quiet',
  ...{ bucket: 'videos', key: 'quiet.mp4', version: '1', status: 'SUCCEEDED', people: 0 },
  ...{ createdAt: new Date(0), revisions: [{ revision: 1 }], settings: DEFAULT_SETTINGS },
  recording: { camera: 'Door', startsAt: '2026-03-01T09:00:00Z' },
  metadata: { FrameWidth: 640, FrameHeight: 360, DurationMillis: HOUR_MS },
} as unknown as JobSummary;
const points = [
  [0.5, 0],
  [0.5, 1],
];
const scene = parseScene({
  version: 1,
  camera: 'Door',
  lines: [{ id: 'a', name: 'Door', points }],
});
const tracking = {
  storage: 'browser',
  listJobs: async () => [quiet],
  listScenes: async (): Promise<Scene[]> => [scene],
  getPaths: async () => [],
  getObject: async () => {
    throw new Error('no picture');
  },
  addEventListener: () => {},
  removeEventListener: () => {},
} as unknown as PersonTracking;

let screen: ResultScreen | ReportScreen;
afterEach(() => screen.remove());

function show(shown: typeof screen): void {
  screen = Object.assign(shown, { tracking, job: quiet });
  document.body.append(screen);
}

/** Everything that is written in an element, and in its shadows. */
function textOf(node: Node): string {
  if (node instanceof HTMLStyleElement) return '';
  if (node instanceof Text) return node.data;
  const roots = node instanceof Element && node.shadowRoot ? [node.shadowRoot, node] : [node];
  return roots
    .flatMap((root) => [...root.childNodes])
    .map(textOf)
    .join(' ')
    .replace(/\s+/g, ' ');
}

test('is counted, has its clock and camera, and leads to its report', async () => {
  show(document.createElement('result-screen') as ResultScreen);
  await expect.poll(() => textOf(screen)).toContain('Nobody crossed Door.');
  const text = textOf(screen);
  for (const said of ['Nobody was found.', 'Print a report', '0 in 0 out', 'Begins at'])
    expect(text).toContain(said);
});

test('has a report that says so plainly, with a row of zeros for each stretch', async () => {
  show(document.createElement('report-screen') as ReportScreen);
  await expect.poll(() => textOf(screen)).toContain('Nobody was found.');
  const sheet = screen.shadowRoot!.querySelector('report-sheet')!.shadowRoot!;
  const rows = [...sheet.querySelectorAll('.times tr')].map((row) => textOf(row).trim());
  expect(rows.slice(1)).toEqual([
    ...['9:00 AM 0 0', '9:15 AM 0 0', '9:30 AM 0 0', '9:45 AM 0 0'],
    'Total 0 0',
  ]);
  expect(textOf(screen)).not.toContain('Busiest');
});
