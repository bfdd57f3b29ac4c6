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
import { jobsInTurns } from './jobs-in-turns.ts';
import { markdownTable } from './statistics.ts';

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
  const settings = EVERY.map((detectEvery) => ({ quality, detectEvery }));
  const times = await jobsInTurns(bench, video, settings, Number(values.rounds));
  const rows = times.map(({ seconds, timesAsFast }, i) => [
    String(EVERY[i]),
    seconds.toFixed(2),
    timesAsFast.toFixed(2),
  ]);
  const head = ['`detectEvery`', 'whole job, s', 'times as fast as 1'];
  console.log(
    `${bench.machine}; ${quality}; medians of ${values.rounds} rounds\n\n${markdownTable(head, rows)}`,
  );
} finally {
  await bench.close();
}
