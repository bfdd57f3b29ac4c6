/**
 * The renderer's memory on a long video against that on a short one, made by looping a clip (needs ffmpeg, Linux):
 *
 *   npm run bench:memory -- [VIDEO] [--minutes 1,10] [--sample-rate 2] [--quality fast] [--rounds 1]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { TrackingSettings } from '../../src/engine/settings.ts';
import { SAMPLE, startBenchBrowser } from './bench-browser.ts';
import { watchMemory } from './process-memory.ts';
import { markdownTable, median } from './statistics.ts';
import { trackInPage } from './track-in-page.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '1,10' },
    'sample-rate': { type: 'string', default: '2' },
    quality: { type: 'string', default: 'fast' },
    rounds: { type: 'string', default: '1' },
  },
});
const clip = resolve(positionals[0] ?? SAMPLE);
const lengths = values.minutes.split(',').map(Number);
const settings: Partial<TrackingSettings> = {
  backend: 'int8',
  quality: values.quality as TrackingSettings['quality'],
  sampleRate: Number(values['sample-rate']),
};
const folder = mkdtempSync(join(tmpdir(), 'footpath-bench-'));

/** The clip over and over, its packets as they are. */
function loop(minutes: number): string {
  const file = join(folder, `${minutes}-minutes.mp4`);
  const input = ['-stream_loop', '-1', '-i', clip, '-t', String(60 * minutes)];
  execFileSync('ffmpeg', ['-v', 'error', ...input, '-an', '-c', 'copy', file]);
  return file;
}

/** A browser for each run: what one job left behind must not count for the next. */
async function measure(video: string) {
  const bench = await startBenchBrowser();
  try {
    const run = () => trackInPage(bench, video, settings);
    return { machine: bench.machine, ...(await watchMemory(bench.pid, run)) };
  } finally {
    await bench.close();
  }
}

try {
  const rows: string[][] = [];
  const peaks: number[] = [];
  let machine = '';
  for (const minutes of lengths) {
    const video = loop(minutes);
    const runs: Awaited<ReturnType<typeof measure>>[] = [];
    for (let i = 0; i < Number(values.rounds); i++) runs.push(await measure(video));
    const last = runs.at(-1)!;
    machine = last.machine;
    const megabytes = (take: (run: typeof last) => number) => median(runs.map(take)) / 1e6;
    peaks.push(megabytes((run) => run.peak.renderer));
    rows.push([
      `${minutes} min, ${(statSync(video).size / 1e6).toFixed(1)} MB`,
      String(last.result.samples),
      peaks.at(-1)!.toFixed(0),
      megabytes((run) => run.middle).toFixed(0),
      megabytes((run) => run.peak.all).toFixed(0),
      String(last.result.report.decode?.framesOpen),
      (median(runs.map((run) => run.result.totalMs)) / 1000).toFixed(0),
    ]);
    process.stderr.write(`${minutes} min: done\n`);
  }
  console.log(
    `${machine}; ${values['sample-rate']} samples a second, ${values.quality}; medians of ${values.rounds}\n\n${markdownTable(
      [
        'video',
        'samples',
        'renderer at most, MB',
        'mostly, MB',
        'whole browser at most, MB',
        'frames left open',
        's',
      ],
      rows,
    )}\nPeak of the renderer, last to first: ${(peaks.at(-1)! / peaks[0]!).toFixed(2)}`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
