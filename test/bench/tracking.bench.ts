/**
 * Quality and speed of the trackers over suites of detections with ground truth:
 *
 *   npm run bench:tracking -- [--suites DIR] [--write] [--skip-speed] [--skip-ablation]
 *
 * The suites are those of FOOTPATH_SHARED (default ../shared). `--write` puts the tables into docs/tracking.md.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { associateSequence, onlineRows, refinedRows } from '../../cli/associate-sequence.ts';
import type { TrackingFigures } from '../../src/metrics/tracking-score.ts';
import { TRACKER_NAMES, type TrackerName } from '../../src/track/trackers/create-tracker.ts';
import { createFootpath } from '../../src/track/trackers/footpath/footpath.ts';
import { writeTables } from './docs-tables.ts';
import { gaussianSmoothed, gradientBoosted } from './offline-peers.ts';
import { simulateDetections } from './simulate-detections.ts';
import { markdownTable } from './statistics.ts';
import { ONLINE_PARTS, REFINEMENT_PARTS } from './tracking-ablation.ts';
import { measureSpeed, peopleAFrame, type SpeedScene, sideBySide } from './tracking-speed.ts';
import {
  cutSuite,
  gradeSuite,
  loadSuites,
  MAIN_SUITES,
  type Run,
  type Suite,
  thinSuite,
} from './tracking-suites.ts';

const { values: options } = parseArgs({
  options: {
    suites: { type: 'string' },
    write: { type: 'boolean', default: false },
    'skip-speed': { type: 'boolean', default: false },
    'skip-ablation': { type: 'boolean', default: false },
  },
});
const root = process.cwd();
const shared = resolve(root, process.env.FOOTPATH_SHARED ?? '../shared');
const folder = options.suites ?? resolve(shared, 'data/tracking');
const suites = existsSync(folder) ? loadSuites(folder) : [];
if (suites.length === 0) {
  console.error(`No suites in ${folder}; name their folder with FOOTPATH_SHARED or --suites.`);
  process.exit(1);
}

const tables = new Map<string, string>();
function show(name: string, table: string): void {
  tables.set(`bench:tracking ${name}`, table);
  console.log(`\n## ${name}\n\n${table}`);
}

const cell = (figures: TrackingFigures) =>
  `${[figures.HOTA, figures.MOTA, figures.IDF1].map((value) => value.toFixed(1)).join(' / ')}, ${figures.IDSW}`;

function runOf(tracker: TrackerName, refine: boolean): Run {
  return async ({ detections, frameRate }, scoreThreshold) =>
    (await associateSequence(detections, frameRate, { tracker, refine, scoreThreshold })).rows;
}

const RUNS: [string, Run][] = [
  ...TRACKER_NAMES.map((name): [string, Run] => [name, runOf(name, false)]),
  ['footpath, refined', runOf('footpath', true)],
];

/** Published post-processing on the tracks of a published tracker. */
const OFFLINE_PEERS: [string, Run][] = (
  [
    ['bytetrack, Gaussian-smoothed interpolation', 'bytetrack', gaussianSmoothed],
    ['bytetrack, gradient boosting interpolation', 'bytetrack', gradientBoosted],
    ['ocsort, Gaussian-smoothed interpolation', 'ocsort', gaussianSmoothed],
    ['ocsort, gradient boosting interpolation', 'ocsort', gradientBoosted],
  ] as const
).map(([name, tracker, smooth]) => {
  const run = runOf(tracker, false);
  return [name, async (sequence, scoreThreshold) => smooth(await run(sequence, scoreThreshold))];
});

async function gradeAll(rows: readonly [string, Run][], graded: readonly Suite[]): Promise<string> {
  const lines: string[][] = [];
  for (const [name, run] of rows) {
    const line = [name];
    for (const suite of graded) line.push(cell(await gradeSuite(suite, run)));
    lines.push(line);
  }
  return markdownTable(['', ...graded.map(({ name }) => name)], lines);
}

/** One row a part: HOTA / MOTA / IDF1 on the main suites, and how the mean HOTA of all suites changes. */
async function ablate(rows: readonly [string, Run][]): Promise<string> {
  const lines: string[][] = [];
  let whole = Number.NaN;
  for (const [name, run] of rows) {
    const line = [name];
    let sum = 0;
    for (const suite of suites) {
      const figures = await gradeSuite(suite, run);
      sum += figures.HOTA;
      if (MAIN_SUITES.includes(suite.name)) line.push(cell(figures));
    }
    const mean = sum / suites.length;
    if (Number.isNaN(whole)) whole = mean;
    const change = mean - whole;
    lines.push([...line, `${mean.toFixed(1)} (${change > 0 ? '+' : ''}${change.toFixed(1)})`]);
  }
  const main = suites.filter(({ name }) => MAIN_SUITES.includes(name));
  return markdownTable(['', ...main.map(({ name }) => name), 'HOTA, mean of all suites'], lines);
}

show('quality', await gradeAll(RUNS, suites));
show('offline peers', await gradeAll(OFFLINE_PEERS, suites));

const filmed = suites.filter(({ name }) => name.startsWith('mot17-yolox'));
const thinned = filmed.flatMap((suite) =>
  [1, 2, 4].map((step) => ({
    ...thinSuite(suite, step),
    name: step === 1 ? suite.name : `${suite.name}, 1/${step} of the frames`,
  })),
);
if (thinned.length > 0) show('sampling', await gradeAll(RUNS, thinned));

const short = filmed.flatMap((suite) =>
  [1, 2, 4].map((seconds) => ({
    ...cutSuite(suite, seconds),
    name: `${suite.name}, ${seconds} s`,
  })),
);
if (short.length > 0) show('short videos', await gradeAll(RUNS, short));

const simulated: Suite[] = (
  [
    ['sportsmot-sim', [1, 2, 3, 4, 5, 6]],
    ['mot17-yolox-val', [1, 2]],
    ['mot15-frcnn', [1, 2]],
  ] as const
).flatMap(([name, seeds]) => {
  const suite = suites.find((found) => found.name === name);
  if (!suite) return [];
  const sequences = seeds.flatMap((seed) =>
    suite.sequences.map((sequence) => simulateDetections(sequence, seed)),
  );
  return [{ name: `${name}, ${seeds.length} times`, scoreThreshold: 0.6, sequences }];
});
if (simulated.length > 0) {
  const unbelieved = { adaptiveThresholdShare: 2 };
  const without: [string, Run][] = [
    [
      'footpath, threshold not adaptive',
      async ({ detections, frameRate }, scoreThreshold) =>
        onlineRows(createFootpath({ scoreThreshold, ...unbelieved }), detections, frameRate),
    ],
    [
      'the same, refined',
      ({ detections, frameRate }, scoreThreshold) =>
        refinedRows(createFootpath({ scoreThreshold }), detections, frameRate, {
          scoreThreshold,
          tracking: unbelieved,
        }),
    ],
  ];
  show('simulated', await gradeAll([...RUNS, ...without], simulated));
}

if (!options['skip-ablation']) {
  const online = ONLINE_PARTS.map(([name, knobs]): [string, Run] => [
    name,
    async ({ detections, frameRate }, scoreThreshold) =>
      onlineRows(createFootpath({ scoreThreshold, ...knobs }), detections, frameRate),
  ]);
  show('online ablation', await ablate(online));
  const refined = REFINEMENT_PARTS.map(([name, knobs]): [string, Run] => [
    name,
    ({ detections, frameRate }, scoreThreshold) =>
      refinedRows(createFootpath({ scoreThreshold }), detections, frameRate, {
        scoreThreshold,
        ...knobs,
      }),
  ]);
  show('refinement ablation', await ablate(refined));
}

if (!options['skip-speed']) {
  const all = suites.flatMap(({ sequences, scoreThreshold }) =>
    sequences.map((sequence) => ({ ...sequence, scoreThreshold })),
  );
  const pets = all.find(({ name }) => name === 'PETS09-S2L1');
  const street = all.find(({ name }) => name === 'MOT17-02-YOLOX-val');
  const scenes: SpeedScene[] = [];
  if (pets) {
    scenes.push(pets);
    scenes.push({ ...pets, name: 'PETS09-S2L1, twice', detections: sideBySide(pets, 2, 768) });
  }
  if (street) {
    const name = 'MOT17-02-YOLOX-val, twice';
    scenes.push({ ...street, name, detections: sideBySide(street, 2, 1920) });
  }
  const columns: Map<string, number>[] = [];
  for (const scene of scenes) columns.push(await measureSpeed(scene));
  const names = [...(columns[0]?.keys() ?? [])];
  show(
    'speed',
    markdownTable(
      ['', ...scenes.map((scene) => `${scene.name} (${peopleAFrame(scene).toFixed(0)} a frame)`)],
      names.map((name) => [
        name,
        ...columns.map((rates) => Math.round(rates.get(name)!).toLocaleString('en')),
      ]),
    ),
  );
}

if (options.write) writeTables(resolve(root, 'docs/tracking.md'), tables);
