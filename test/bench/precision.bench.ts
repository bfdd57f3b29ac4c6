/**
 * What 8-bit integers cost against single precision, and the motion gate against every frame as a whole, from detections to paths:
 *
 *   npm run bench:precision -- [--write] [--only VIDEO] [--quality fast,balanced,accurate] [--model coco-ssd-person] [--fresh]
 *
 * In a short video one person lost moves HOTA by a point or more, so each video is also tracked from ten starts, a frame later each
 * time: the mean difference, and its standard error as if the starts were independent, which they are only in part. Detections are
 * kept in .cache/bench-detections; `--fresh` finds them anew. Videos of FOOTPATH_SHARED (default ../shared) with ground truth, and
 * the project's sample. `--model` grades another of the prepared ones, which has no gate. `--write` puts the table into docs/accuracy.md.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { refinedRows } from '../../cli/associate-sequence.ts';
import { listSequences, type MotSequence, readSequence, readTruth } from '../../cli/mot-folder.ts';
import { detectionFigures, scoreDetections } from '../../src/metrics/detection-score.ts';
import type { MotRows } from '../../src/metrics/mot-text.ts';
import { scoreTracking, trackingFigures } from '../../src/metrics/tracking-score.ts';
import { createFootpath } from '../../src/track/trackers/footpath/footpath.ts';
import { ROOT, SAMPLE } from './bench-browser.ts';
import { writeTables } from './docs-tables.ts';
import { type FoundPeople, findPeople, type Quality } from './find-people.ts';
import { asRows } from './found-rows.ts';
import { markdownTable } from './statistics.ts';

const STARTS = 10;

const { values: options } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    quality: { type: 'string', default: 'fast,balanced,accurate' },
    model: { type: 'string' },
    fresh: { type: 'boolean', default: false },
  },
});
const videos = resolve(ROOT, process.env.FOOTPATH_SHARED ?? '../shared', 'data/videos');
const truths = join(videos, 'truth');
const scenes = [
  ...(existsSync(truths) ? listSequences(truths) : []).map((sequence) => ({
    sequence,
    name: sequence.name,
    video: join(videos, `${sequence.name}.mp4`),
  })),
  {
    sequence: readSequence(resolve(ROOT, 'public/samples/footpath-sample')),
    name: 'our sample',
    video: SAMPLE,
  },
].filter(({ name }) => name.includes(options.only));

/** The truth without its first frames. */
function fromFrame(truth: MotRows, first: number): MotRows {
  const kept = Array.from(truth.frames.keys()).filter((i) => truth.frames[i]! > first);
  return {
    count: kept.length,
    frames: Int32Array.from(kept, (i) => truth.frames[i]! - first),
    ids: Int32Array.from(kept, (i) => truth.ids[i]!),
    boxes: Float64Array.from(kept.flatMap((i) => [...truth.boxes.subarray(4 * i, 4 * i + 4)])),
    scores: Float64Array.from(kept, (i) => truth.scores[i]!),
    ...(truth.classes && { classes: Uint8Array.from(kept, (i) => truth.classes![i]!) }),
  };
}

/** HOTA of the refined paths from each start on. */
async function hotas(sequence: MotSequence, people: FoundPeople): Promise<number[]> {
  const { scoreThreshold } = people;
  const truth = readTruth(sequence);
  const found: number[] = [];
  for (let first = 0; first < STARTS; first++) {
    const tracker = createFootpath({ scoreThreshold });
    const frames = people.frames.slice(first);
    const rows = await refinedRows(tracker, frames, sequence.frameRate, { scoreThreshold });
    const score = scoreTracking(fromFrame(truth, first), rows, sequence.frameCount - first);
    found.push(trackingFigures(score).HOTA);
  }
  return found;
}

function detected(sequence: MotSequence, { frames }: FoundPeople): [number, number] {
  const rows = asRows(frames, sequence.name);
  const score = scoreDetections(readTruth(sequence), rows, sequence.frameCount);
  const { AP50, Recall } = detectionFigures(score);
  return [AP50 ?? 0, Recall ?? 0];
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean, least and greatest. */
function range(values: readonly number[]): string {
  return `${meanOf(values).toFixed(1)} (${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)})`;
}

/** Mean of the differences, and its standard error. */
function differenceOf(values: readonly number[], others: readonly number[]): string {
  const differences = values.map((value, i) => value - others[i]!);
  const mean = meanOf(differences);
  const spread = Math.sqrt(
    meanOf(differences.map((difference) => (difference - mean) ** 2)) / (STARTS - 1),
  );
  return `${mean >= 0 ? '+' : ''}${mean.toFixed(1)} ± ${spread.toFixed(1)}`;
}

interface Graded {
  readonly detected: string;
  readonly hotas: readonly number[];
}

async function grade(sequence: MotSequence, people: FoundPeople): Promise<Graded> {
  const figures = detected(sequence, people).map((value) => value.toFixed(1));
  return { detected: figures.join(' / '), hotas: await hotas(sequence, people) };
}

const chosen = options.model === undefined ? {} : { model: options.model };
const rows: string[][] = [];
for (const { sequence, name, video } of scenes) {
  for (const quality of options.quality.split(',') as Quality[]) {
    const find = async (how: Parameters<typeof findPeople>[3]) =>
      grade(sequence, await findPeople(video, quality, options.fresh, { ...how, ...chosen }));
    const whole = await find({ backend: 'int8' });
    const single = await find({ backend: 'wasm' });
    // Where most shall be seen everything is detected every time, and by an SSD.
    const isGated = quality !== 'accurate' && options.model === undefined;
    const gated = !isGated ? undefined : await find({ motionGate: true });
    rows.push([
      `${name}, \`${quality}\``,
      single.detected,
      whole.detected,
      gated?.detected ?? '–',
      range(single.hotas),
      range(whole.hotas),
      gated ? range(gated.hotas) : '–',
      differenceOf(whole.hotas, single.hotas),
      gated ? differenceOf(gated.hotas, whole.hotas) : '–',
    ]);
    process.stderr.write(`${name}, ${quality}\n`);
  }
}
const table = markdownTable(
  [
    '',
    'AP50 / recall in single precision',
    'in 8-bit integers',
    'with the motion gate too',
    'HOTA of ten starts in single precision',
    'in 8-bit integers',
    'with the motion gate too',
    'by 8-bit integers',
    'by the motion gate',
  ],
  rows,
);
console.log(`\n${table}`);
if (options.write) {
  writeTables(resolve(ROOT, 'docs/accuracy.md'), new Map([['bench:precision precision', table]]));
}
