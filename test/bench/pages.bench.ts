/**
 * GetPersonTracking on a finished job of a million elements, in pages of 1000, both orders:
 *
 *   npm run bench:pages -- [--elements 1000000] [--reads 400]
 */
import { parseArgs } from 'node:util';
import { startBenchBrowser } from './bench-browser.ts';
import { markdownTable, median, percentile } from './statistics.ts';

const ELEMENTS_A_PERSON = 600;

const { values } = parseArgs({
  options: {
    elements: { type: 'string', default: '1000000' },
    reads: { type: 'string', default: '400' },
  },
});

interface PageTimes {
  readonly elements: number;
  readonly walkMs: number[];
  readonly random: { at: number; ms: number }[];
}
interface StorePage {
  fillStore(people: number): Promise<{ jobId: string; ms: number }>;
  readPages(jobId: string, sortBy: string, reads: number): Promise<PageTimes>;
}

const bench = await startBenchBrowser();
try {
  const page = await bench.open('bench/store.html');
  const people = Math.ceil(Number(values.elements) / ELEMENTS_A_PERSON);
  const { jobId, ms } = await page.evaluate(
    (count) => (globalThis as unknown as StorePage).fillStore(count),
    people,
  );
  const rows: string[][] = [];
  let elements = 0;
  for (const sortBy of ['INDEX', 'TIMESTAMP']) {
    const times = await page.evaluate(
      (args) => (globalThis as unknown as StorePage).readPages(...args),
      [jobId, sortBy, Number(values.reads)] as const,
    );
    elements = times.elements;
    const all = times.random.map((read) => read.ms);
    const third = (from: number) =>
      median(times.random.filter(({ at }) => at >= from && at < from + 1 / 3).map((r) => r.ms));
    rows.push(
      [
        sortBy,
        median(all),
        percentile(all, 0.95),
        third(0),
        third(1 / 3),
        third(2 / 3),
        median(times.walkMs),
        percentile(times.walkMs, 0.95),
      ].map((cell) => (typeof cell === 'number' ? cell.toFixed(1) : cell)),
    );
  }
  console.log(
    `${bench.machine}; ${elements} elements stored in both orders in ${(ms / 1000).toFixed(1)} s; milliseconds a page of 1000\n\n${markdownTable(
      [
        'order',
        'at random, median',
        '95 %',
        'in the first third',
        'middle third',
        'last third',
        'one after the other, median',
        '95 %',
      ],
      rows,
    )}`,
  );
} finally {
  await bench.close();
}
