/**
 * What 8-bit integers cost against single precision, and the motion gate against every frame as a whole, from detections to paths:
 *
 *   npm run bench:precision -- [--write] [--only VIDEO] [--quality fast,balanced,accurate] [--model coco-ssd-person] [--views [--view-count 24]] [--most FRAMES] [--shaken] [--fresh]
 *
 * In a short video one person lost moves HOTA by a point or more, so each video is also tracked from ten starts, a frame later each
 * time: the mean difference, and its standard error as if the starts were independent, which they are only in part. Detections are
 * kept in .cache/bench-detections; `--fresh` finds them anew. Videos of FOOTPATH_SHARED (default ../shared) with ground truth, and
 * the project's sample. `--model` grades what another of the prepared ones detects. `--views` grades twelve views of each scene in its
 * place (scene-views.ts, needs ffmpeg), or `--view-count` of them, FRAMES pictures of each at most where a model is given, and takes the mean of a view's starts as one. `--shaken` tracks boxes moved by up to a hundredth, 24 times,
 * in place of starts. `--write` puts the table into docs/accuracy.md.
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
import { asRows, rowsOfFrames } from './found-rows.ts';
import { MOST_VIEWS, type SceneView, viewsOf } from './scene-views.ts';
import { shakeBoxes } from './shake-boxes.ts';
import { markdownTable } from './statistics.ts';

const STARTS = 10;
const SHAKES = 24;

const { values: options } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    quality: { type: 'string', default: 'fast,balanced,accurate' },
    model: { type: 'string' },
    views: { type: 'boolean', default: false },
    'view-count': { type: 'string', default: '12' },
    most: { type: 'string', default: 'Infinity' },
    shaken: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
  },
});
const viewCount = Number(options['view-count']);
if (viewCount % 2 !== 0 || viewCount < 2 || viewCount > MOST_VIEWS)
  throw new Error(`--view-count is an even number from 2 to ${MOST_VIEWS}.`);
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

/** HOTA of the refined paths from each start on, or of each time that boxes are shaken. */
async function hotas(
  sequence: MotSequence,
  truth: MotRows,
  people: FoundPeople,
): Promise<number[]> {
  const { scoreThreshold } = people;
  const found: number[] = [];
  for (let trial = 0; trial < (options.shaken ? SHAKES : STARTS); trial++) {
    const first = options.shaken ? 0 : trial;
    const tracker = createFootpath({ scoreThreshold });
    const frames = options.shaken ? shakeBoxes(people.frames, trial) : people.frames.slice(first);
    const rows = await refinedRows(tracker, frames, sequence.frameRate, { scoreThreshold });
    const rest = rowsOfFrames(truth, (frame) => (frame > first ? frame - first : undefined));
    const score = scoreTracking(rest, rows, sequence.frameCount - first);
    found.push(trackingFigures(score).HOTA);
  }
  return found;
}

function detected(
  sequence: MotSequence,
  truth: MotRows,
  { frames }: FoundPeople,
): [number, number] {
  const rows = asRows(frames, sequence.name);
  const score = scoreDetections(truth, rows, sequence.frameCount);
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

/** Mean of the differences, and its standard error where there are several. */
function differenceOf(values: readonly number[], others: readonly number[]): string {
  const differences = values.map((value, i) => value - others[i]!);
  const mean = meanOf(differences);
  const text = `${mean >= 0 ? '+' : ''}${mean.toFixed(1)}`;
  if (values.length === 1) return text;
  const spread = Math.sqrt(
    meanOf(differences.map((difference) => (difference - mean) ** 2)) / (values.length - 1),
  );
  return `${text} ± ${spread.toFixed(1)}`;
}

interface Graded {
  /** AP50 of each view. */
  readonly precisions: readonly number[];
  readonly recalls: readonly number[];
  /** None where only what is detected is graded. */
  readonly hotas: readonly number[];
}

/** AP50 and recall. */
function detectedText({ precisions, recalls }: Graded): string {
  return `${meanOf(precisions).toFixed(1)} / ${meanOf(recalls).toFixed(1)}`;
}

async function grade(
  sequence: MotSequence,
  quality: Quality,
  how: Parameters<typeof findPeople>[3],
  views: readonly SceneView[],
): Promise<Graded> {
  const precisions: number[] = [];
  const recalls: number[] = [];
  const found: number[][] = [];
  for (const { video, truth, frameCount } of views) {
    const people = await findPeople(video, quality, options.fresh, { ...how, ...chosen });
    const [precision, recall] = detected({ ...sequence, frameCount }, truth, people);
    precisions.push(precision);
    recalls.push(recall);
    if (options.model === undefined) found.push(await hotas(sequence, truth, people));
  }
  return { precisions, recalls, hotas: found.length > 1 ? found.map(meanOf) : (found[0] ?? []) };
}

const chosen = options.model === undefined ? {} : { model: options.model };
const rows: string[][] = [];
for (const { sequence, name, video } of scenes) {
  for (const quality of options.quality.split(',') as Quality[]) {
    const truth = readTruth(sequence);
    const every = Math.ceil(sequence.frameCount / Number(options.most)) || 1;
    const views = options.views
      ? viewsOf(video, sequence, truth, viewCount, every)
      : [{ video, truth, frameCount: sequence.frameCount }];
    const find = (how: Parameters<typeof findPeople>[3]) => grade(sequence, quality, how, views);
    const whole = await find({ backend: 'int8' });
    const single = await find({ backend: 'wasm' });
    const row = [`${name}, \`${quality}\``, detectedText(single), detectedText(whole)];
    if (options.model !== undefined) {
      const { precisions, recalls } = single;
      row.push(differenceOf(whole.precisions, precisions), differenceOf(whole.recalls, recalls));
    } else {
      // Where most shall be seen everything is detected every time.
      const gated = quality === 'accurate' ? undefined : await find({ motionGate: true });
      row.push(
        gated ? detectedText(gated) : '–',
        range(single.hotas),
        range(whole.hotas),
        gated ? range(gated.hotas) : '–',
        differenceOf(whole.hotas, single.hotas),
        gated ? differenceOf(gated.hotas, whole.hotas) : '–',
      );
    }
    rows.push(row);
    process.stderr.write(`${row.join(' | ')}\n`);
  }
}
const trials = options.views
  ? `${viewCount === 12 ? 'twelve' : viewCount} views`
  : options.shaken
    ? `boxes shaken ${SHAKES} times`
    : 'ten starts';
const table = markdownTable(
  [
    '',
    'AP50 / recall in single precision',
    'in 8-bit integers',
    ...(options.model !== undefined
      ? ['AP50 by 8-bit integers', 'recall by 8-bit integers']
      : [
          'with the motion gate too',
          `HOTA of ${trials} in single precision`,
          'in 8-bit integers',
          'with the motion gate too',
          'by 8-bit integers',
          'by the motion gate',
        ]),
  ],
  rows,
);
console.log(`\n${table}`);
if (options.write) {
  const trial = options.views ? 'views' : options.shaken ? 'shaken' : 'precision';
  const name = options.model === undefined ? trial : `${options.model} ${trial}`;
  writeTables(resolve(ROOT, 'docs/accuracy.md'), new Map([[`bench:precision ${name}`, table]]));
}
