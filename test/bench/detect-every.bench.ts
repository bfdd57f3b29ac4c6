/**
 * What looking for people in fewer samples saves: the same job with `detectEvery` 1, 2 and 3, in turns, in 8-bit integers:
 *
 *   npm run bench:detect-every -- [VIDEO] [--rounds 3] [--quality balanced]
 *
 * VIDEO: default the project's sample. Times are medians over the rounds, ratios medians of the rounds' ratios.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { TrackingSettings } from '../../src/engine/settings.ts';
import { SAMPLE, startBenchBrowser } from './bench-browser.ts';
import { markdownTable, median } from './statistics.ts';
import { trackInPage } from './track-in-page.ts';

const EVERY = [1, 2, 3];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    quality: { type: 'string', default: 'balanced' },
  },
});
const video = resolve(positionals[0] ?? SAMPLE);
const quality = values.quality as TrackingSettings['quality'];
const bench = await startBenchBrowser(video);
try {
  /** Milliseconds of the whole job, by round, in the order of EVERY. */
  const rounds: number[][] = [];
  for (let round = 1; round <= Number(values.rounds); round++) {
    const times: number[] = [];
    for (const detectEvery of EVERY) {
      const run = await trackInPage(bench, video, { backend: 'int8', quality, detectEvery });
      times.push(run.totalMs);
    }
    rounds.push(times);
    process.stderr.write(`round ${round} of ${values.rounds}\n`);
  }
  const rows = EVERY.map((every, i) => [
    String(every),
    (median(rounds.map((times) => times[i]!)) / 1000).toFixed(2),
    median(rounds.map((times) => times[0]! / times[i]!)).toFixed(2),
  ]);
  const head = ['`detectEvery`', 'whole job, s', 'times as fast as 1'];
  console.log(
    `${bench.machine}; ${quality}; medians of ${rounds.length} rounds\n\n${markdownTable(head, rows)}`,
  );
} finally {
  await bench.close();
}
