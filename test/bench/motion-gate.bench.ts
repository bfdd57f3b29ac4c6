/**
 * What the motion gate saves and costs: people detected with it and without, in turns, in 8-bit integers:
 *
 *   npm run bench:motion-gate -- [--write] [--only TEXT] [--quality balanced,fast] [--rounds 3] [--threads N]
 *
 * The project's sample, a quiet shop made from a seed with its exact truth (scripts/sample/family.py) and, where they are, the videos of
 * FOOTPATH_SHARED (default ../shared): two busy ones with ground truth, two quieter ones without. Every frame is a sample. Times are of decoding and detection, medians over the rounds; ratios medians of the
 * rounds' ratios; an hour is 54,000 samples, 15 a second. `--write` puts the table into docs/accuracy.md.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { refinedRows } from '../../cli/associate-sequence.ts';
import { listSequences, type MotSequence, readSequence, readTruth } from '../../cli/mot-folder.ts';
import { detectionFigures, scoreDetections } from '../../src/metrics/detection-score.ts';
import { scoreTracking, trackingFigures } from '../../src/metrics/tracking-score.ts';
import { iou } from '../../src/track/box.ts';
import { createFootpath } from '../../src/track/trackers/footpath/footpath.ts';
import { ROOT, SAMPLE } from './bench-browser.ts';
import { writeTables } from './docs-tables.ts';
import { asFound, detectInPage, type FoundPeople, type Quality } from './find-people.ts';
import { asRows } from './found-rows.ts';
import { clipFolder, NO_CLIPS } from './made-clips.ts';
import { markdownTable, median } from './statistics.ts';

const { values: options } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    quality: { type: 'string', default: 'balanced,fast' },
    rounds: { type: 'string', default: '3' },
    threads: { type: 'string' },
  },
});
const threads = options.threads === undefined ? {} : { threads: Number(options.threads) };
const videos = resolve(ROOT, process.env.FOOTPATH_SHARED ?? '../shared', 'data/videos');
const truths = join(videos, 'truth');

interface Scene {
  readonly name: string;
  readonly video: string;
  readonly sequence?: MotSequence;
}

const SHOP_SECONDS = 240;

/** A shop that somebody enters every minute or so, made from a seed, seen by a noisy sensor. */
function quietShop(): Scene[] {
  const name = 'quiet shop (made)';
  if (!name.includes(options.only)) return [];
  if (NO_CLIPS) {
    console.error(`No quiet shop was made: ${NO_CLIPS}.`);
    return [];
  }
  const folder = clipFolder('quiet-shop', 1, SHOP_SECONDS);
  return [{ name, video: join(folder, 'clip.mp4'), sequence: readSequence(folder) }];
}

const scenes: Scene[] = [
  ...quietShop(),
  ...['one-by-one-person-detection', 'people-detection'].map((name) => ({
    name,
    video: join(videos, `${name}.mp4`),
  })),
  ...(existsSync(truths) ? listSequences(truths) : []).map((sequence) => ({
    name: sequence.name,
    video: join(videos, `${sequence.name}.mp4`),
    sequence,
  })),
  {
    name: 'our sample',
    video: SAMPLE,
    sequence: readSequence(resolve(ROOT, 'public/samples/footpath-sample')),
  },
].filter(({ name, video }) => name.includes(options.only) && existsSync(video));

const HOUR_SAMPLES = 54_000;

/** Least IoU of two boxes of one person. */
const SAME = 0.5;

/** Of the people who are surely found in one way, the share that is found in the other, in per cent. */
function shareFound(these: FoundPeople, others: FoundPeople): number {
  let [all, found] = [0, 0];
  for (const [sample, { count, boxes, scores }] of these.frames.entries()) {
    const other = others.frames[sample]!;
    for (let i = 0; i < count; i++) {
      if (scores[i]! < these.scoreThreshold) continue;
      all++;
      const isFound = other.scores.some(
        (score, j) => score >= others.scoreThreshold / 2 && iou(other.boxes, j, boxes, i) >= SAME,
      );
      if (isFound) found++;
    }
  }
  return (100 * found) / all;
}

/** AP50, recall at half a false box a frame, HOTA of the refined tracks. */
async function grade({ sequence }: Scene, people: FoundPeople): Promise<string> {
  if (!sequence) return '–';
  const { frames, scoreThreshold } = people;
  const truth = readTruth(sequence);
  const found = scoreDetections(truth, asRows(frames, sequence.name), sequence.frameCount);
  const { AP50, Recall } = detectionFigures(found);
  const tracker = createFootpath({ scoreThreshold });
  const rows = await refinedRows(tracker, frames, sequence.frameRate, { scoreThreshold });
  const { HOTA } = trackingFigures(scoreTracking(truth, rows, sequence.frameCount));
  return [AP50, Recall, HOTA].map((value) => (value ?? 0).toFixed(1)).join(' / ');
}

async function weigh(scene: Scene, quality: Quality): Promise<string[]> {
  const times: { off: number; on: number }[] = [];
  const people: Partial<Record<'off' | 'on', FoundPeople>> = {};
  for (let round = 0; round < Number(options.rounds); round++) {
    const spent = { off: 0, on: 0 };
    for (const gate of ['off', 'on'] as const) {
      const asked = { quality, sampleRate: 'all', motionGate: gate === 'on', ...threads } as const;
      const found = await detectInPage(scene.video, asked);
      spent[gate] = found.milliseconds / found.frames.length;
      people[gate] ??= asFound(found);
    }
    times.push(spent);
    process.stderr.write(`${scene.name}, ${quality}: round ${round + 1}\n`);
  }
  const { off, on } = people as Record<'off' | 'on', FoundPeople>;
  return [
    `${scene.name}, \`${quality}\``,
    ...(['off', 'on'] as const).map((gate) => median(times.map((time) => time[gate])).toFixed(1)),
    median(times.map((time) => time.off / time.on)).toFixed(2),
    ((HOUR_SAMPLES * median(times.map((time) => time.on))) / 60_000).toFixed(1),
    await grade(scene, off),
    await grade(scene, on),
    `${shareFound(off, on).toFixed(1)} %`,
    `${shareFound(on, off).toFixed(1)} %`,
  ];
}

const rows: string[][] = [];
for (const scene of scenes) {
  for (const quality of options.quality.split(',')) {
    rows.push(await weigh(scene, quality as Quality));
  }
}
const table = markdownTable(
  [
    '',
    'ms a sample without',
    'with',
    'times as fast',
    'an hour with, min',
    'AP50 / recall / HOTA without',
    'with',
    'found without, found with',
    'found with, found without',
  ],
  rows,
);
console.log(`\n${table}`);
if (options.write) {
  writeTables(resolve(ROOT, 'docs/accuracy.md'), new Map([['bench:motion-gate gate', table]]));
}
