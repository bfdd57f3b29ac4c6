/**
 * Tracking a long job again, from its kept detections in IndexedDB to its new result there, by the library in Chromium:
 *
 *   npm run bench:retrack -- [--minutes 60] [--people 10] [--rounds 3]
 */
import { parseArgs } from 'node:util';
import type { FollowingSetting, TrackingSettings } from '../../src/engine/settings.ts';
import { startBenchBrowser } from './bench-browser.ts';
import { markdownTable, median } from './statistics.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    people: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
  },
});

type RetrackSettings = Partial<Pick<TrackingSettings, FollowingSetting>>;

/** See test/browser/bench/retrack-page.ts. */
interface RetrackPage {
  fillDetections(
    seconds: number,
    people: number,
  ): Promise<{ jobId: string; boxes: number; bytes: number; usage: number }>;
  retrackOnce(
    jobId: string,
    settings: RetrackSettings,
  ): Promise<{ ms: number; people: number; elements: number }>;
}

const WAYS: readonly (readonly [string, RetrackSettings])[] = [
  ['footpath, refined', { tracker: 'footpath', refine: true }],
  ['sort, refined', { tracker: 'sort', refine: true }],
  ['footpath', { tracker: 'footpath', refine: false }],
  ['sort', { tracker: 'sort', refine: false }],
  ['bytetrack', { tracker: 'bytetrack', refine: false }],
  ['ocsort', { tracker: 'ocsort', refine: false }],
];

const bench = await startBenchBrowser();
try {
  const page = await bench.open('bench/retrack.html');
  const seconds = 60 * Number(values.minutes);
  const stored = await page.evaluate(
    (args) => (globalThis as unknown as RetrackPage).fillDetections(...args),
    [seconds, Number(values.people)] as const,
  );
  console.error(`${stored.boxes} boxes stored`);
  const times = new Map<string, number[]>();
  const found = new Map<string, { people: number; elements: number }>();
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [name, settings] of WAYS) {
      const { ms, ...result } = await page.evaluate(
        (args) => (globalThis as unknown as RetrackPage).retrackOnce(...args),
        [stored.jobId, settings] as const,
      );
      times.set(name, [...(times.get(name) ?? []), ms / 1000]);
      found.set(name, result);
      console.error(`round ${round + 1}: ${name} ${(ms / 1000).toFixed(1)} s`);
    }
  }
  const rows = WAYS.map(([name]) => {
    const middle = median(times.get(name)!);
    const { people, elements } = found.get(name)!;
    return [
      name,
      middle.toFixed(1),
      `${Math.round(seconds / middle)} x`,
      String(people),
      String(elements),
    ];
  });
  await page.close();
  const perBox = (bytes: number) => (bytes / stored.boxes).toFixed(1);
  console.log(
    `${bench.machine}; ${values.minutes} minutes, ${values.people} people at a time, ${stored.boxes} boxes, which take ${(stored.bytes / 1e6).toFixed(1)} MB (${perBox(stored.bytes)} bytes a box; ${perBox(stored.usage)} of the browser's room)\n\n${markdownTable(
      ['tracked again by', 'seconds, median', 'against real time', 'people', 'elements'],
      rows,
    )}`,
  );
} finally {
  await bench.close();
}
