/**
 * How far counts are from the truth, at lines and in zones drawn over every scene with ground truth:
 *
 *   npm run bench:counting -- [--suites DIR] [--made] [--write] [--json]
 *
 * Lines: three upright ones at the quarters of the picture and three level ones at the quarters of where feet are (5th
 * to 95th percentile of the truth's). Zones: the four quarters that the two middle lines make. The truth is
 * counted by the same rule as the results, on its own paths. The suites are those of FOOTPATH_SHARED (default
 * ../shared). Besides, scenes made here (made-scenes.ts), each with the one line that it is about; `--made` grades
 * these alone. `--write` puts the tables into docs/accuracy.md; `--json` prints the sums instead.
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
import { type Crossing, crossingsOf } from '../../src/analytics/crossings.ts';
import { joinBroken } from '../../src/analytics/join-broken.ts';
import type { SceneLine, SceneZone } from '../../src/analytics/scene.ts';
import { type Trajectory, trajectoriesOf } from '../../src/analytics/trajectory.ts';
import { type Visit, visitsOf } from '../../src/analytics/visits.ts';
import type { MotRows } from '../../src/metrics/mot-text.ts';
import type { Detections } from '../../src/track/detections.ts';
import type { TrackerName } from '../../src/track/trackers/create-tracker.ts';
import { secondsForAMillion } from './analysis-speed.ts';
import { sceneOf } from './counting-scene.ts';
import { pathsOf, plainTrajectories, rightPerson, truthPerson } from './counting-truth.ts';
import { writeTables } from './docs-tables.ts';
import { MADE_FRAME, MADE_KINDS, makeScene } from './made-scenes.ts';
import { markdownTable } from './statistics.ts';
import { SCORE_THRESHOLDS } from './tracking-suites.ts';

const { values: options } = parseArgs({
  options: {
    suites: { type: 'string' },
    made: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const folder =
  options.suites ??
  resolve(process.cwd(), process.env.FOOTPATH_SHARED ?? '../shared', 'data/tracking');
const suites = options.made
  ? []
  : Object.keys(SCORE_THRESHOLDS).filter((name) => existsSync(join(folder, name)));
if (suites.length === 0 && !options.made)
  console.error(
    `No suites in ${folder}: only scenes made here. FOOTPATH_SHARED or --suites names it.`,
  );

/** Each kind of made scene is made so often. */
const MADE_SEEDS = [1, 2, 3, 4];

/** What is summed up over lines or zones of a suite. */
interface Sums {
  /** Crossings in the truth, and by how many each direction of each line is off. */
  crossings: number;
  crossingError: number;
  /** Visits in the truth, and by how many each zone is off. */
  visits: number;
  visitError: number;
  /** Seconds of dwell in the truth, and by how many each zone is off. */
  dwell: number;
  dwellError: number;
}

/** A way of counting: crossings of a line, visits to a zone. */
interface Counter {
  crossings(line: SceneLine): readonly Crossing[];
  visits(zone: SceneZone): readonly Visit[];
}

const isSure = ({ uncertain }: Crossing) =>
  uncertain === undefined || uncertain === 'unseen-at-line';

/** Counts paths one by one: no joins, no uncertain crossings. */
function plainCounter(
  trajectories: readonly Trajectory[],
  aspect: number,
  margin?: number,
): Counter {
  return {
    crossings: (line) =>
      trajectories.flatMap((it) => crossingsOf(it, line, aspect, margin)).filter(isSure),
    visits: (zone) => trajectories.flatMap((it) => visitsOf(it, zone, aspect, margin)),
  };
}

/** Counts as the product does. */
function hindsightCounter(trajectories: readonly Trajectory[], aspect: number): Counter {
  const joined = joinBroken(trajectories);
  return {
    crossings: (line) => joined.flatMap((it) => crossingsOf(it, line, aspect)),
    visits: (zone) => joined.flatMap((it) => visitsOf(it, zone, aspect)),
  };
}

const directions = (crossings: readonly Crossing[]) => {
  const inward = crossings.filter(({ direction }) => direction === 'in').length;
  return [inward, crossings.length - inward] as const;
};
const seconds = (visits: readonly Visit[]) =>
  visits.reduce((sum, { dwellMs }) => sum + dwellMs / 1000, 0);

function grade(
  truth: Counter,
  counter: Counter,
  { lines, zones }: { lines: SceneLine[]; zones: SceneZone[] },
): Sums {
  const sums = {
    crossings: 0,
    crossingError: 0,
    visits: 0,
    visitError: 0,
    dwell: 0,
    dwellError: 0,
  };
  for (const line of lines) {
    const right = directions(truth.crossings(line));
    const found = directions(counter.crossings(line));
    sums.crossings += right[0] + right[1];
    sums.crossingError += Math.abs(right[0] - found[0]) + Math.abs(right[1] - found[1]);
  }
  for (const zone of zones) {
    const right = truth.visits(zone);
    const found = counter.visits(zone);
    sums.visits += right.length;
    sums.visitError += Math.abs(right.length - found.length);
    sums.dwell += seconds(right);
    sums.dwellError += Math.abs(seconds(right) - seconds(found));
  }
  return sums;
}

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
  return Object.fromEntries(
    Object.entries(counters).map(([name, counter]) => [name, grade(truthCounter, counter, scene)]),
  );
}

/** Figures of recordings added up, by the way of counting. */
async function gradeAll(recordings: readonly Recorded[], scoreThreshold: number) {
  const total: Record<string, Sums> = {};
  for (const recording of recordings) {
    const rows = await gradeSequence(recording, scoreThreshold);
    for (const [name, sums] of Object.entries(rows)) {
      const own = total[name];
      if (!own) total[name] = { ...sums };
      else for (const key of Object.keys(sums) as (keyof Sums)[]) own[key] += sums[key];
    }
  }
  return total;
}

const graded = new Map<string, Record<string, Sums>>();
for (const suite of suites) {
  const recordings = listSequences(join(folder, suite)).map(recorded);
  graded.set(suite, await gradeAll(recordings, SCORE_THRESHOLDS[suite]!));
}
const gradedMade = new Map<string, Record<string, Sums>>();
for (const kind of MADE_KINDS) {
  const recordings = MADE_SEEDS.map((seed) => made(kind, seed));
  gradedMade.set(kind, await gradeAll(recordings, SCORE_THRESHOLDS['sportsmot-sim']!));
}

/** A table of how far off counts are. @param of figures by suite or kind */
function errorTable(
  of: ReadonlyMap<string, Record<string, Sums>>,
  count: keyof Sums,
  error: keyof Sums,
  unit: string,
): string {
  const names = Object.keys([...of.values()][0]!);
  return markdownTable(
    [
      '',
      ...[...of].map(([name, rows]) => `${name} (${Math.round(rows[names[0]!]![count])} ${unit})`),
    ],
    names.map((name) => [
      name,
      ...[...of.values()].map(
        (rows) => `${((100 * rows[name]![error]) / rows[name]![count]).toFixed(1)} %`,
      ),
    ]),
  );
}

if (options.json)
  console.log(JSON.stringify(Object.fromEntries([...graded, ...gradedMade]), undefined, 2));
else {
  const tables = new Map([
    ['bench:counting made', errorTable(gradedMade, 'crossings', 'crossingError', 'crossings')],
  ]);
  if (graded.size > 0) {
    const crossings = errorTable(graded, 'crossings', 'crossingError', 'crossings');
    tables.set('bench:counting crossings', crossings);
    tables.set('bench:counting visits', errorTable(graded, 'visits', 'visitError', 'visits'));
    tables.set('bench:counting dwell', errorTable(graded, 'dwell', 'dwellError', 's'));
  }
  for (const [name, text] of tables) console.log(`\n## ${name}\n\n${text}`);
  console.log(
    `\nA million elements: ${secondsForAMillion().toFixed(2)} s of this machine’s processor.`,
  );
  if (options.write) writeTables(join(process.cwd(), 'docs/accuracy.md'), tables);
}
