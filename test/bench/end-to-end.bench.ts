/**
 * A file from start to finished job, against the network alone, the detector alone and the obvious page; ours in 8-bit integers, in turns,
 * without the motion gate and with it:
 *
 *   npm run bench -- [VIDEO] [--rounds 5] [--quality fast,balanced]
 *
 * VIDEO: default the project's sample. Network and detector alone run before and after each job, and count with the mean of both:
 * a machine that gets slower or faster meanwhile does so for both. Times are medians over the rounds, ratios medians of
 * the rounds' ratios. An hour is 54,000 samples of as many milliseconds, and the start-up.
 */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Quality } from '../../src/detect/manifest.ts';
import { MODEL_NAMES } from '../../src/engine/settings.ts';
import { SAMPLE, startBenchBrowser } from './bench-browser.ts';
import { markdownTable, median } from './statistics.ts';
import { type TrackedRun, trackInPage } from './track-in-page.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    quality: { type: 'string', default: 'fast,balanced' },
  },
});
const video = resolve(positionals[0] ?? SAMPLE);
const qualities = values.quality.split(',') as Quality[];
const threads = availableParallelism();
/** At 15 a second. */
const HOUR_SAMPLES = 54_000;
const bench = await startBenchBrowser(video);

interface BareModel {
  readonly timesSeconds: number[];
  /** The network's inputs, for people. */
  readonly inputs: string;
  /** Milliseconds a frame with one thread and with one a core. */
  readonly msPerFrame: number[];
  /** Milliseconds a frame of the whole detector, one thread a core. */
  readonly detectorMs: number;
}
interface ObviousPage {
  readonly startUpMs: number;
  readonly samplesMs: number;
  readonly boxes: number;
}
interface Round {
  readonly obvious: ObviousPage;
  readonly ours: Map<Quality, { run: TrackedRun; gated: TrackedRun; bare: BareModel }>;
}

async function runBareModel(quality: Quality, counts: number[]): Promise<BareModel> {
  const page = await bench.open('bench/bare-model.html');
  const result = await page.evaluate(
    (args) =>
      (
        globalThis as unknown as {
          runBareModel(url: string, quality: Quality, threads: number[]): Promise<BareModel>;
        }
      ).runBareModel(...args),
    [`/models/${MODEL_NAMES[0]}/manifest.json`, quality, counts] as [string, Quality, number[]],
  );
  await page.close();
  return result;
}

async function runObviousPage(timesSeconds: readonly number[]): Promise<ObviousPage> {
  const page = await bench.open('bench/obvious.html');
  const result = await page.evaluate(
    (times) =>
      (
        globalThis as unknown as {
          runObviousPage(times: readonly number[]): Promise<ObviousPage>;
        }
      ).runObviousPage(times),
    timesSeconds,
  );
  await page.close();
  return result;
}

async function runRound(): Promise<Round> {
  const ours: Round['ours'] = new Map();
  let timesSeconds: number[] = [];
  for (const quality of qualities) {
    const before = await runBareModel(quality, [threads]);
    const settings = { backend: 'int8', quality } as const;
    const run = await trackInPage(bench, video, { ...settings, motionGate: false });
    const gated = await trackInPage(bench, video, { ...settings, motionGate: true });
    const after = await runBareModel(quality, [1, threads]);
    const [alone, together] = after.msPerFrame as [number, number];
    const bare = {
      ...after,
      msPerFrame: [alone, (together + before.msPerFrame[0]!) / 2],
      detectorMs: (before.detectorMs + after.detectorMs) / 2,
    };
    timesSeconds = bare.timesSeconds;
    if (run.samples !== timesSeconds.length) {
      throw new Error(`${run.samples} samples tracked, ${timesSeconds.length} expected`);
    }
    ours.set(quality, { run, gated, bare });
  }
  return { ours, obvious: await runObviousPage(timesSeconds) };
}

try {
  const rounds: Round[] = [];
  for (let i = 0; i < Number(values.rounds); i++) {
    rounds.push(await runRound());
    process.stderr.write(`round ${i + 1} of ${values.rounds}\n`);
  }
  report(rounds);
} finally {
  await bench.close();
}

function report(rounds: readonly Round[]): void {
  const over = (take: (round: Round) => number) => median(rounds.map(take));
  const samples = rounds[0]!.ours.get(qualities[0]!)!.run.samples;
  const row = (
    name: string,
    startUp: number | undefined,
    perFrame: number,
    total = perFrame * samples,
  ) => [
    name,
    startUp?.toFixed(0) ?? '',
    perFrame.toFixed(1),
    (1000 / perFrame).toFixed(1),
    (total / 1000).toFixed(2),
    ((HOUR_SAMPLES * perFrame + (startUp ?? 0)) / 60_000).toFixed(1),
  ];
  const rows = [
    row(
      '`<video>` and `detect()`',
      over(({ obvious }) => obvious.startUpMs),
      over(({ obvious }) => obvious.samplesMs / samples),
      over(({ obvious }) => obvious.startUpMs + obvious.samplesMs),
    ),
  ];
  const ratios: string[][] = [];
  for (const quality of qualities) {
    const of = (round: Round) => round.ours.get(quality)!;
    const { detector } = of(rounds[0]!).run.report;
    const input = of(rounds[0]!).bare.inputs;
    [1, threads].forEach((count, i) => {
      const perFrame = over((round) => of(round).bare.msPerFrame[i]!);
      const name = `network alone, ${input}, ${count} ${count === 1 ? 'thread' : 'threads'}`;
      rows.push(row(name, undefined, perFrame));
    });
    const detectorMs = over((round) => of(round).bare.detectorMs);
    rows.push(row(`detector alone, ${input}, ${threads} threads`, undefined, detectorMs));
    for (const way of ['run', 'gated'] as const) {
      const gate = way === 'gated' ? ', motion gate' : '';
      rows.push(
        row(
          `Footpath ${quality}, ${input}, ${detector?.concurrency} threads${gate}`,
          over((round) => of(round)[way].startUpMs),
          over((round) => of(round)[way].trackingMs / samples),
          over((round) => of(round)[way].totalMs),
        ),
      );
    }
    const bareMs = (round: Round) => samples * of(round).bare.msPerFrame.at(-1)!;
    const aloneMs = (round: Round) => samples * of(round).bare.detectorMs;
    const obviousMs = ({ obvious }: Round) => obvious.startUpMs + obvious.samplesMs;
    for (const way of ['run', 'gated'] as const) {
      ratios.push([
        way === 'gated' ? `${quality}, motion gate` : quality,
        over((round) => of(round)[way].trackingMs / aloneMs(round)).toFixed(2),
        over((round) => of(round)[way].totalMs / aloneMs(round)).toFixed(2),
        over((round) => of(round)[way].trackingMs / bareMs(round)).toFixed(2),
        over((round) => of(round)[way].totalMs / bareMs(round)).toFixed(2),
        over((round) => round.obvious.samplesMs / of(round)[way].trackingMs).toFixed(2),
        over((round) => obviousMs(round) / of(round)[way].totalMs).toFixed(2),
      ]);
    }
  }
  console.log(
    `${bench.machine}; ${samples} samples; medians of ${rounds.length} rounds\n\n${markdownTable(
      ['', 'start-up, ms', 'ms a sample', 'samples/s', 'whole job, s', 'an hour, min'],
      rows,
    )}\n${markdownTable(
      [
        'Footpath',
        'time / detector alone, steady',
        'whole job',
        'time / network alone, steady',
        'whole job',
        'times as fast as the obvious page, steady',
        'whole job',
      ],
      ratios,
    )}`,
  );
}
