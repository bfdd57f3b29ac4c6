/**
 * What knowing people again by a network costs: the same jobs by the colours of clothes and by the network, in turns, in 8-bit
 * integers:
 *
 *   npm run bench:known-again -- [VIDEO...] [--rounds 3] [--quality balanced]
 *
 * VIDEO: default the project's sample and, where they are, those of FOOTPATH_SHARED (default ../shared). The network must be
 * there: set-up fetches it, or takes it from the folder that FOOTPATH_REID names. Times are medians over the rounds, the
 * share a median of the rounds' ratios.
 */
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { TrackingSettings } from '../../src/engine/settings.ts';
import { ROOT, SAMPLE, startBenchBrowser } from './bench-browser.ts';
import { jobsInTurns } from './jobs-in-turns.ts';
import { markdownTable } from './statistics.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    quality: { type: 'string', default: 'balanced' },
  },
});
const folder = resolve(ROOT, process.env.FOOTPATH_SHARED ?? '../shared', 'data/videos');
const usual = [
  SAMPLE,
  ...['people-detection', 'PETS09-S2L1', 'TUD-Campus'].map((name) => join(folder, `${name}.mp4`)),
].filter(existsSync);
const videos = positionals.length > 0 ? positionals.map((path) => resolve(path)) : usual;
const quality = values.quality as TrackingSettings['quality'];

const rows: string[][] = [];
for (const video of videos) {
  const bench = await startBenchBrowser(video);
  try {
    const settings = (['colours', 'network'] as const).map((knownAgainBy) => ({
      ...{ quality, knownAgainBy },
    }));
    const [colours, network] = await jobsInTurns(bench, video, settings, Number(values.rounds));
    const { identity } = network!.run.report.detector!;
    if (identity === undefined)
      throw new Error('The network that knows people again is not there.');
    rows.push([
      basename(video),
      colours!.seconds.toFixed(2),
      network!.seconds.toFixed(2),
      `${(100 * (1 / network!.timesAsFast - 1)).toFixed(0)} %`,
      `${colours!.run.people} / ${network!.run.people}`,
    ]);
  } finally {
    await bench.close();
  }
}
const head = ['', 'by colours, s', 'by the network, s', 'longer by', 'people'];
console.log(
  `${quality}; medians of ${values.rounds} rounds, whole jobs\n\n${markdownTable(head, rows)}`,
);
