/**
 * How far counts are from the truth, at lines and in zones drawn over every scene with ground truth:
 *
 *   npm run bench:counting -- [--suites DIR] [--only suites,made,clips] [--seeds 1,2] [--write] [--json]
 *
 * Lines: three upright ones at the quarters of the picture and three level ones at the quarters of where feet are (5th
 * to 95th percentile of the truth's). Zones: the four quarters that the two middle lines make. The truth is
 * counted by the same rule as the results, on its own paths. The suites are those of FOOTPATH_SHARED (default
 * ../shared). Besides, scenes made here, each with the one line that it is about: boxes (made-scenes.ts), and clips
 * that the whole product counts, from the file on (made-clips.ts; a quarter of an hour). `--only` grades some of the three.
 * The clips' seeds begin at 101, those of doors, of which there are more, at 201: whatever is tuned, is tuned on those below (`--seeds`). `--write` puts the tables into
 * docs/accuracy.md; `--json` prints the sums instead.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { associateSequence } from '../../cli/associate-sequence.ts';
import { detectionsByFrame } from '../../cli/mot-detections.ts';
import {
  listSequences,
  type MotSequence,
  readDetections,
  readTruth,
} from '../../cli/mot-folder.ts';
import type { SceneLine } from '../../src/analytics/scene.ts';
import { trajectoriesOf } from '../../src/analytics/trajectory.ts';
import type { MotRows } from '../../src/metrics/mot-text.ts';
import type { Detections } from '../../src/track/detections.ts';
import type { TrackerName } from '../../src/track/trackers/create-tracker.ts';
import { secondsForAMillion } from './analysis-speed.ts';
import { addCertainties, type Certainty, certaintyOf, certaintyTable } from './certainty.ts';
import {
  addErrors,
  type Counter,
  countErrors,
  type ErrorsByWay,
  errorTable,
  hindsightCounter,
  plainCounter,
  sideCounter,
} from './count-errors.ts';
import { sceneOf } from './counting-scene.ts';
import { pathsOf, plainTrajectories, rightPerson, truthPerson } from './counting-truth.ts';
import { writeTables } from './docs-tables.ts';
import { CLIP_KINDS, clipFolder, gradeClip, NO_CLIPS } from './made-clips.ts';
import { MADE_FRAME, MADE_KINDS, makeScene } from './made-scenes.ts';
import { SCORE_THRESHOLDS } from './tracking-suites.ts';

const { values: options } = parseArgs({
  options: {
    suites: { type: 'string' },
    only: { type: 'string' },
    seeds: { type: 'string' },
    write: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const folder =
  options.suites ??
  resolve(process.cwd(), process.env.FOOTPATH_SHARED ?? '../shared', 'data/tracking');
const isAsked = (part: 'suites' | 'made' | 'clips') =>
  (options.only ?? part).split(',').includes(part);
const suites = isAsked('suites')
  ? Object.keys(SCORE_THRESHOLDS).filter((name) => existsSync(join(folder, name)))
  : [];
if (suites.length === 0 && isAsked('suites'))
  console.error(
    `No suites in ${folder}: only scenes made here. FOOTPATH_SHARED or --suites names it.`,
  );

/** Each kind of made scene is made so often. */
const MADE_SEEDS = [1, 2, 3, 4];
const CLIP_SECONDS = 60;
const CLIP_SEEDS: Readonly<Record<string, string>> = {
  door: '201,202,203,204,205,206',
  counter: '116,117,118',
};
const OTHER_SEEDS = '101';

/** Truth and detections of a recording, and what is known of its frames. */
interface Recorded {
  readonly frame: Pick<MotSequence, 'frameRate' | 'width' | 'height' | 'frameCount'>;
  readonly truth: MotRows;
  readonly detections: readonly Detections[];
  /** The line to count at; absent: those of `sceneOf`. */
  readonly line?: SceneLine;
}

function recorded(sequence: MotSequence): Recorded {
  const { frameCount, folder } = sequence;
  return {
    frame: sequence,
    truth: readTruth(sequence),
    detections: detectionsByFrame(readDetections(sequence), frameCount, folder),
  };
}

function made(kind: string, seed: number): Recorded {
  const { truth, detections, frameRate, line } = makeScene(kind, seed);
  return {
    frame: { ...MADE_FRAME, frameRate, frameCount: detections.length },
    truth,
    detections,
    line,
  };
}

async function gradeSequence(
  { frame: sequence, truth, detections, line }: Recorded,
  scoreThreshold: number,
) {
  const aspect = sequence.width / sequence.height;
  const trueTrajectories = plainTrajectories(pathsOf(truth, sequence, truthPerson(truth)), aspect);
  const drawn = sceneOf(trueTrajectories);
  const scene = line ? { ...drawn, lines: [line] } : drawn;
  const track = async (tracker: TrackerName, refine: boolean) =>
    (await associateSequence(detections, sequence.frameRate, { tracker, refine, scoreThreshold }))
      .rows;
  const refined = await track('footpath', true);
  const sort = plainTrajectories(pathsOf(await track('sort', false), sequence), aspect);
  const paths = pathsOf(refined, sequence);
  const right = pathsOf(refined, sequence, rightPerson(truth, refined, sequence.frameCount));
  const counters: Record<string, Counter> = {
    'footpath, refined': hindsightCounter(trajectoriesOf(paths, aspect), aspect),
    'the same paths one by one': plainCounter(plainTrajectories(paths, aspect), aspect),
    'the same boxes, every identity right': plainCounter(plainTrajectories(right, aspect), aspect),
    'SORT, margin': plainCounter(sort, aspect),
    'SORT, frame by frame': plainCounter(sort, aspect, 0),
  };
  const truthCounter = plainCounter(trueTrajectories, aspect);
  const errors: ErrorsByWay = Object.fromEntries(
    Object.entries(counters).map(([name, counter]) => [
      name,
      countErrors(truthCounter, counter, scene),
    ]),
  );
  const counted = counters['footpath, refined']!;
  const bySides = countErrors(sideCounter(trueTrajectories, aspect), counted, scene);
  const certainty = certaintyOf(truthCounter, counted, scene.lines, aspect);
  return { errors, bySides: { [BY_SIDES]: bySides }, certainty };
}

async function gradeAll(recordings: readonly Recorded[], scoreThreshold: number) {
  const errors: ErrorsByWay[] = [];
  const bySides: ErrorsByWay[] = [];
  const certainty: Certainty[] = [];
  for (const recording of recordings) {
    const graded = await gradeSequence(recording, scoreThreshold);
    errors.push(graded.errors);
    bySides.push(graded.bySides);
    certainty.push(graded.certainty);
  }
  return {
    errors: addErrors(errors),
    bySides: addErrors(bySides),
    certainty: addCertainties(certainty),
  };
}

/** The product's count against a truth that goes by sides alone. */
const BY_SIDES = 'footpath, refined, and the truth by sides alone';

const graded = new Map<string, ErrorsByWay>();
const gradedBySides = new Map<string, ErrorsByWay>();
const certainties = new Map<string, Certainty>();
for (const suite of suites) {
  const recordings = listSequences(join(folder, suite)).map(recorded);
  const { errors, bySides, certainty } = await gradeAll(recordings, SCORE_THRESHOLDS[suite]!);
  graded.set(suite, errors);
  gradedBySides.set(suite, bySides);
  certainties.set(suite, certainty);
}
const gradedMade = new Map<string, ErrorsByWay>();
for (const kind of isAsked('made') ? MADE_KINDS : []) {
  const recordings = MADE_SEEDS.map((seed) => made(kind, seed));
  gradedMade.set(kind, (await gradeAll(recordings, SCORE_THRESHOLDS['sportsmot-sim']!)).errors);
}
const gradedClips = new Map<string, ErrorsByWay>();
if (isAsked('clips') && NO_CLIPS) console.error(`No clips were made: ${NO_CLIPS}.`);
for (const kind of isAsked('clips') && !NO_CLIPS ? CLIP_KINDS : []) {
  const seeds = options.seeds ?? CLIP_SEEDS[kind] ?? OTHER_SEEDS;
  const clips = seeds.split(',').map((seed) => {
    const clip = clipFolder(kind, Number(seed), CLIP_SECONDS);
    const { product, right } = gradeClip(clip, []);
    const fast = gradeClip(clip, ['--quality', 'fast']);
    console.error(
      `${kind} ${seed}: ${product.crossings} crossings, wrong ${product.crossingError}, with every identity right ${right.crossingError}, fast ${fast.product.crossingError}`,
    );
    return {
      '`footpath track`, `balanced`': product,
      'its boxes, every identity right': right,
      '`footpath track`, `fast`': fast.product,
    };
  });
  gradedClips.set(kind, addErrors(clips));
}

if (options.json)
  console.log(
    JSON.stringify(
      {
        ...Object.fromEntries([...graded, ...gradedMade]),
        clips: Object.fromEntries(gradedClips),
      },
      undefined,
      2,
    ),
  );
else {
  const tables = new Map<string, string>();
  const crossingTable = (name: string, of: ReadonlyMap<string, ErrorsByWay>) => {
    if (of.size > 0) tables.set(name, errorTable(of, 'crossings', 'crossingError', 'crossings'));
  };
  crossingTable('bench:counting made', gradedMade);
  crossingTable('bench:counting clips', gradedClips);
  crossingTable('bench:counting crossings', graded);
  crossingTable('bench:counting sides', gradedBySides);
  if (graded.size > 0) {
    tables.set('bench:counting certainty', certaintyTable(certainties));
    tables.set('bench:counting visits', errorTable(graded, 'visits', 'visitError', 'visits'));
    tables.set('bench:counting dwell', errorTable(graded, 'dwell', 'dwellError', 's'));
  }
  for (const [name, text] of tables) console.log(`\n## ${name}\n\n${text}`);
  const { elapsed, processor } = secondsForAMillion();
  console.log(
    `\nA million elements: ${elapsed.toFixed(2)} s, of which this machine’s processor ${processor.toFixed(2)} s.`,
  );
  if (options.write) writeTables(join(process.cwd(), 'docs/accuracy.md'), tables);
}
