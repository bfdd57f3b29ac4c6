/**
 * How far counts are from the truth, at lines and in zones drawn over every scene with ground truth:
 *
 *   npm run bench:counting -- [--suites DIR] [--write] [--json]
 *
 * Lines: three upright ones at the quarters of the picture and three level ones at the quarters of where feet are (5th
 * to 95th percentile of the truth's). Zones: the four quarters that the two middle lines make. The truth is
 * counted by the same rule as the results, on its own paths. The suites are those of FOOTPATH_SHARED (default
 * ../shared). `--write` puts the tables into docs/accuracy.md; `--json` prints the sums instead.
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
import type { Point } from '../../src/analytics/geometry.ts';
import { joinBroken } from '../../src/analytics/join-broken.ts';
import type { SceneLine, SceneZone } from '../../src/analytics/scene.ts';
import { type Trajectory, trajectoriesOf } from '../../src/analytics/trajectory.ts';
import { type Visit, visitsOf } from '../../src/analytics/visits.ts';
import type { TrackerName } from '../../src/track/trackers/create-tracker.ts';
import { pathsOf, plainTrajectories, rightPerson, truthPerson } from './counting-truth.ts';
import { writeTables } from './docs-tables.ts';
import { markdownTable } from './statistics.ts';
import { SCORE_THRESHOLDS } from './tracking-suites.ts';

const { values: options } = parseArgs({
  options: {
    suites: { type: 'string' },
    write: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const folder =
  options.suites ??
  resolve(process.cwd(), process.env.FOOTPATH_SHARED ?? '../shared', 'data/tracking');
const suites = Object.keys(SCORE_THRESHOLDS).filter((name) => existsSync(join(folder, name)));
if (suites.length === 0) {
  console.error(`No suites in ${folder}; name their folder with FOOTPATH_SHARED or --suites.`);
  process.exit(1);
}

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

/** Lines and zones by the ranges of the truth's feet. */
function sceneOf(truth: readonly Trajectory[]): { lines: SceneLine[]; zones: SceneZone[] } {
  const feet = truth.flatMap(({ y }) => [...y]).sort((a, b) => a - b);
  const edge = Math.floor(feet.length / 20);
  const low = feet[edge]!;
  const high = feet[feet.length - 1 - edge]!;
  const level = (k: number) => low + ((high - low) * k) / 4;
  const line = (id: string, points: Point[]): SceneLine => ({
    id,
    name: id,
    points,
    left: 'left',
    right: 'right',
    inside: 'right',
  });
  const lines = [1, 2, 3].flatMap((k) => [
    line(`upright ${k}`, [
      [k / 4, -2],
      [k / 4, 3],
    ]),
    line(`level ${k}`, [
      [-2, level(k)],
      [3, level(k)],
    ]),
  ]);
  const zones = [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ].map(([right, below]) => {
    const x = right ? [0.5, 3] : [-2, 0.5];
    const y = below ? [level(2), 3] : [-2, level(2)];
    return {
      id: `zone ${right} ${below}`,
      name: '',
      points: [
        [x[0]!, y[0]!],
        [x[1]!, y[0]!],
        [x[1]!, y[1]!],
        [x[0]!, y[1]!],
      ] as Point[],
    };
  });
  return { lines, zones };
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

async function gradeSequence(sequence: MotSequence, scoreThreshold: number) {
  const aspect = sequence.width / sequence.height;
  const truth = readTruth(sequence);
  const trueTrajectories = plainTrajectories(pathsOf(truth, sequence, truthPerson(truth)), aspect);
  const scene = sceneOf(trueTrajectories);
  const detections = detectionsByFrame(
    readDetections(sequence),
    sequence.frameCount,
    sequence.folder,
  );
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

const graded = new Map<string, Record<string, Sums>>();
for (const suite of suites) {
  const total: Record<string, Sums> = {};
  for (const sequence of listSequences(join(folder, suite))) {
    const rows = await gradeSequence(sequence, SCORE_THRESHOLDS[suite]!);
    for (const [name, sums] of Object.entries(rows)) {
      const own = total[name];
      if (!own) total[name] = { ...sums };
      else for (const key of Object.keys(sums) as (keyof Sums)[]) own[key] += sums[key];
    }
  }
  graded.set(suite, total);
}

if (options.json) console.log(JSON.stringify(Object.fromEntries(graded), undefined, 2));
else {
  const table = (count: keyof Sums, error: keyof Sums, unit: string) => {
    const names = Object.keys([...graded.values()][0]!);
    return markdownTable(
      [
        '',
        ...[...graded].map(
          ([suite, rows]) => `${suite} (${Math.round(rows[names[0]!]![count])} ${unit})`,
        ),
      ],
      names.map((name) => [
        name,
        ...[...graded.values()].map(
          (rows) => `${((100 * rows[name]![error]) / rows[name]![count]).toFixed(1)} %`,
        ),
      ]),
    );
  };
  const tables = new Map([
    ['bench:counting crossings', table('crossings', 'crossingError', 'crossings')],
    ['bench:counting visits', table('visits', 'visitError', 'visits')],
    ['bench:counting dwell', table('dwell', 'dwellError', 's')],
  ]);
  for (const [name, text] of tables) console.log(`\n## ${name}\n\n${text}`);
  if (options.write) writeTables(join(process.cwd(), 'docs/accuracy.md'), tables);
}
